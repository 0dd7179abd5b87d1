#!/bin/bash
# SPDX-License-Identifier: MIT
# ipsecxd against itself and against strongSwan.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

umask 077
dir=$(mktemp -d)
psk=$(head -c 24 /dev/urandom | base64)

# write_conf NS "CONNECTION LINES" "CHILD LINES": a tunnel between both LANs.
write_conf() {
	local l=1 r=2 me=a.example you=b.example
	[ "$1" = gwa ] || { l=2 r=1 me=b.example you=a.example; }
	cat >"$dir/$1.conf" <<-C
	connection office {
		local_id = "$me"
		remote_id = "$you"
		psk = '$psk'
		$(grep -q 'remote =' <<<"$2" || echo "remote = 192.0.2.$r")
		$2
		child lan {
			device = ipsec0
			local_ts = {"10.$l.0.0/16", "fd0$l::/64"}
			remote_ts = {"10.$r.0.0/16", "fd0$r::/64"}
			$3
		}
	}
	C
}

# agent NS: start it; agent_stop NS [SIGNAL]: and wait for its end.
agent() {
	# one that a failed test left
	[ ! -e "$dir/$1.pid" ] || agent_stop "$1" KILL
	rm -f "$dir/$1.sock"
	# no function: the process has to be ipsecxd itself
	ip netns exec "$1" ipsecxd -d 7 -c "$dir/$1.conf" -s "$dir/$1.sock" \
		>>"$dir/$1.log" 2>&1 &
	echo $! >"$dir/$1.pid"
	net_wait 20 test -S "$dir/$1.sock"
}

agent_stop() {
	local pid status=0
	pid=$(cat "$dir/$1.pid")
	rm "$dir/$1.pid"
	kill "-${2:-TERM}" "$pid"
	net_wait 10 gone "$pid" || status=$?
	return "$status"
}

# ! alone would not end a test
not() { ! "$@"; }

gone() { ! kill -0 "$1" 2>/dev/null; }

ask() {
	local ns=$1
	shift
	ip netns exec "$ns" ipsecx -S "$dir/$ns.sock" "$@"
}

is_up() {
	ask "$1" -j status | tee "$dir/status" |
		jq -e '.[0].children | map(select(.state == "installed")) |
			length > 0' >/dev/null
}

passes() {
	net_exec alice ping -q -c 2 -i 0.3 -W 2 10.2.0.2 &&
		net_exec alice ping -q -c 2 -i 0.3 -W 2 fd02::2 &&
		net_exec bob ping -q -c 2 -i 0.3 -W 2 10.1.0.2
}

spis() { net_exec gwa ipsecx -j sa show | jq -c 'map(.spi) | sort'; }

comes_up() {
	write_conf gwa "" "start = yes"
	write_conf gwb "" ""
	agent gwb
	agent gwa
	net_wait 20 is_up gwa
	cat "$dir/status"
	passes
}

caged() {
	local status
	status=/proc/$(cat "$dir/gwa.pid")/status
	grep -E '^(Cap|NoNew|Seccomp)' "$status"
	grep -q $'^CapEff:\t0000000000001000$' "$status"
	grep -q $'^CapPrm:\t0000000000001000$' "$status"
	grep -q $'^NoNewPrivs:\t1$' "$status"
	grep -q $'^Seccomp:\t2$' "$status"
}

reload_same() {
	local before
	before=$(spis)
	ask gwa reload
	sleep 1
	[ "$(spis)" = "$before" ]
	passes
}

reload_wrong() {
	local before
	before=$(spis)
	cp "$dir/gwa.conf" "$dir/good.conf"
	echo 'prot = 500' >>"$dir/gwa.conf"
	not ask gwa reload 2>"$dir/err"
	cat "$dir/err"
	grep -q 'gwa.conf:[0-9]*: unknown key "prot", did you mean "port"' \
		"$dir/err"
	cp "$dir/good.conf" "$dir/gwa.conf"
	[ "$(spis)" = "$before" ]
}

reload_changed() {
	local before
	before=$(spis)
	write_conf gwa "" "start = yes replay_window = 128 mtu = 1300"
	ask gwa reload
	net_wait 20 is_up gwa
	[ "$(spis)" != "$before" ]
	[ "$(net_exec gwa ipsecx -j policy show | jq length)" = 1 ]
	net_exec gwa ip link show ipsec0 | grep 'mtu 1300'
	passes
}

# While it is down packets die in the device; on the wire there is nothing.
down_up() {
	local before after
	ask gwa down office
	not is_up gwa
	before=$(net_exec gwb cat /sys/class/net/wan/statistics/rx_packets)
	not net_exec alice ping -q -c 5 -i 0.2 -W 1 10.2.0.2
	after=$(net_exec gwb cat /sys/class/net/wan/statistics/rx_packets)
	[ $((after - before)) -lt 5 ]
	ask gwa up office
	passes
}

replaced() {
	net_exec gwa ipsecx policy del dev ipsec0 id \
		"$(net_exec gwa ipsecx -j policy show | jq '.[0].id')"
	sleep 1
	net_wait 20 is_up gwa
	passes
	net_exec gwa ipsecx sa del dev ipsec0 id \
		"$(net_exec gwa ipsecx -j sa show | jq '.[0].id')"
	sleep 1
	net_wait 20 is_up gwa
	passes
}

crash() {
	agent_stop gwa KILL
	agent gwa
	net_wait 20 is_up gwa
	passes
	[ "$(net_exec gwa ipsecx -j policy show | jq length)" = 1 ]
	[ "$(net_exec gwb ipsecx -j policy show | jq length)" = 1 ]
	grep 'removed 1 policies that were on ipsec0' "$dir/gwa.log"
}

# A device that was there before it stays, what it made goes.
stops() {
	agent_stop gwa
	net_exec gwa ip link show ipsec0
	[ "$(net_exec gwa ipsecx -j policy show)" = '[]' ]
	[ "$(net_exec gwa ip route show proto 73)" = '' ]
	[ ! -e "$dir/gwa.sock" ]
	net_wait 5 no_sa gwb
	agent_stop gwb
	not net_exec gwb ip link show ipsec0
	net_exec gwa ip link del ipsec0
}

no_sa() { [ "$(net_exec "$1" ipsecx -j sa show)" = '[]' ]; }

wrong_key() {
	write_conf gwa "" ""
	write_conf gwb "" ""
	sed -i "s|psk = .*|psk = \"not the same\"|" "$dir/gwb.conf"
	agent gwa
	agent gwb
	not ask gwa up office 2>"$dir/err"
	cat "$dir/err"
	grep -qi 'auth' "$dir/err"
	no_sa gwa
	no_sa gwb
	agent_stop gwa
	agent_stop gwb
}

# The network comes after the agent.
late() {
	write_conf gwa "" "start = yes"
	write_conf gwb "" ""
	net_exec gwa ip addr del 192.0.2.1/24 dev wan
	agent gwb
	agent gwa
	sleep 2
	not is_up gwa
	net_exec gwa ip addr add 192.0.2.1/24 dev wan
	net_wait 60 is_up gwa
	passes
	net_exec gwa ipsecx show | not grep udp
	agent_stop gwa
	agent_stop gwb
}

# variant CONNECTION-A CHILD-A CONNECTION-B CHILD-B: up from gwa, and passes.
variant() {
	write_conf gwa "$1" "$2"
	write_conf gwb "$3" "$4"
	agent gwa
	agent gwb
	ask gwa up office
	passes
	net_exec gwa ipsecx show
	agent_stop gwa
	agent_stop gwb
}

in_udp() {
	variant "encap = yes" "" "" "" | tee "$dir/out"
	grep 'udp 4500 -> 4500' "$dir/out"
}

everything() {
	variant "" 'link = wan local_ts = {"0.0.0.0/0", "::/0"} remote_ts = {"0.0.0.0/0", "::/0"}' \
		"remote = any" ""
}

# Only what is marked finds the peer: IKE and ESP are.
marked() {
	write_conf gwa "" ""
	sed -i '1i fwmark = 5' "$dir/gwa.conf"
	write_conf gwb "" ""
	ip -n gwa rule add fwmark 5 lookup 100
	ip -n gwa route add 192.0.2.0/24 dev wan table 100
	ip -n gwa route add unreachable 192.0.2.2
	agent gwb
	agent gwa
	ask gwa up office
	passes
	agent_stop gwa
	agent_stop gwb
	ip -n gwa route del unreachable 192.0.2.2
	ip -n gwa rule del fwmark 5 lookup 100
}

transport() {
	local ns
	for ns in gwa gwb; do
		write_conf "$ns" "" ""
		sed -i -e '/_ts =/d' -e 's/device =/mode = transport link = wan &/' \
			"$dir/$ns.conf"
		agent "$ns"
	done
	ask gwa up office
	net_exec gwa ping -q -c 2 -W 2 192.0.2.2
	net_exec gwa ipsecx -j sa show | jq -e 'map(.packets) | min >= 2'
	agent_stop gwa
	agent_stop gwb
}

swan_start() {
	install -d /etc/swanctl/conf.d
	cat >/etc/swanctl/conf.d/test.conf <<-C
	connections {
		test {
			local_addrs = 192.0.2.2
			remote_addrs = 192.0.2.1
			local {
				auth = psk
				id = b.example
			}
			remote {
				auth = psk
				id = a.example
			}
			children {
				lan {
					local_ts = 10.2.0.0/16,fd02::/64
					remote_ts = 10.1.0.0/16,fd01::/64
				}
			}
		}
	}
	secrets {
		ike-test {
			secret = "$psk"
		}
	}
	C
	ip netns exec gwb charon-systemd >"$dir/charon.log" 2>&1 &
	echo $! >"$dir/charon.pid"
	net_wait 60 net_exec gwb swanctl --stats
	net_exec gwb swanctl --load-all
}

swan_called() {
	write_conf gwa "" ""
	[ ! -e "$dir/gwb.pid" ] || agent_stop gwb KILL
	swan_start
	agent gwa
	ask gwa up office
	net_exec gwb swanctl --list-sas
	passes
	ask gwa down office
	net_wait 5 swan_idle
}

swan_idle() { [ "$(net_exec gwb swanctl --list-sas)" = '' ]; }

swan_calls() {
	net_exec gwb swanctl --initiate --child lan --timeout 20
	passes
}

swan_rekeys() {
	local before
	before=$(spis)
	net_exec gwb swanctl --rekey --child lan
	sleep 2
	[ "$(spis)" != "$before" ]
	passes
	net_exec gwb swanctl --rekey --ike test
	sleep 2
	passes
	net_exec gwb swanctl --rekey --child lan
	sleep 8
	passes
	net_exec gwa ipsecx -j sa show | jq -e 'length == 2'
}

swan_leaves() {
	net_exec gwb swanctl --terminate --ike test
	net_wait 5 no_sa gwa
	agent_stop gwa
	kill "$(cat "$dir/charon.pid")"
}

modprobe ipsecx
net_gateways
ktap_run "two agents bring a tunnel up" comes_up
ktap_run "with one capability and few system calls" caged
ktap_run "reload without a change touches nothing" reload_same
ktap_run "reload of a wrong file changes nothing, and says where" reload_wrong
ktap_run "reload with a change makes it anew" reload_changed
ktap_run "down lets nothing out, up works again" down_up
ktap_run "what somebody deleted in the kernel comes back" replaced
ktap_run "killed and started again" crash
ktap_run "stopped, it leaves what was not its own" stops
ktap_run "a wrong key is explained" wrong_key
ktap_run "the network comes later" late
ktap_run "in UDP" in_udp
ktap_run "everything through the tunnel, narrowed by the peer" everything
ktap_run "marked for policy routing" marked
ktap_run "transport mode" transport
ktap_run "strongSwan is called" swan_called
ktap_run "strongSwan calls" swan_calls
ktap_run "strongSwan rekeys" swan_rekeys
ktap_run "strongSwan leaves" swan_leaves
[ "$ktap_failed" = 0 ] || tail -n 40 "$dir"/*.log | sed 's/^/# /'
net_cleanup
rm -r "$dir"
ktap_done
