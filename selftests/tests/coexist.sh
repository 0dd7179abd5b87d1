#!/bin/bash
# SPDX-License-Identifier: MIT
# In one kernel and one namespace: a tunnel of strongSwan's over esp4 and one of
# ours, to the same peer. Neither sees the other's packets, and the kernel's
# SAs are as they were when the module has come, worked and gone.
# shellcheck disable=SC2317,SC2016 # ktap_run calls the functions; awk has its $1
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

umask 077
dir=$(mktemp -d)
psk=$(head -c 24 /dev/urandom | base64)
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

gwa() { net_exec gwa "$@"; }
gwb() { net_exec gwb "$@"; }
not() { ! "$@"; }

theirs() {
	net_exec alice ping -q -c 3 -i 0.2 -W 3 10.2.0.2 &&
		net_exec bob ping -q -c 3 -i 0.2 -W 3 10.1.0.2
}

ours() {
	gwa ping -q -c 3 -i 0.2 -W 3 10.9.0.2 &&
		gwb ping -q -c 3 -i 0.2 -W 3 10.9.0.1
}

# What of the kernel's SAs does not change with traffic.
kernel_sas() {
	gwa ip xfrm state | grep -vE 'anti-replay|oseq|lastused'
	gwa ip xfrm policy
}

# strongSwan in gwa calls our agent in gwb, which has nothing of xfrm.
swan_up() {
	install -d /etc/swanctl/conf.d
	cat >/etc/swanctl/conf.d/test.conf <<-C
	connections {
		test {
			local_addrs = 192.0.2.1
			remote_addrs = 192.0.2.2
			local {
				auth = psk
				id = a.example
			}
			remote {
				auth = psk
				id = b.example
			}
			children {
				lan {
					local_ts = 10.1.0.0/16
					remote_ts = 10.2.0.0/16
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
	cat >"$dir/gwb.conf" <<-C
	connection office {
		local_id = "b.example"
		remote_id = "a.example"
		psk = '$psk'
		remote = 192.0.2.1
		child lan {
			device = ipsec0
			local_ts = {"10.2.0.0/16"}
			remote_ts = {"10.1.0.0/16"}
		}
	}
	C
	ip netns exec gwb ipsecxd -c "$dir/gwb.conf" -s "$dir/gwb.sock" \
		>"$dir/gwb.log" 2>&1 &
	ip netns exec gwa charon-systemd >"$dir/charon.log" 2>&1 &
	net_wait 60 gwa swanctl --stats
	net_wait 20 test -S "$dir/gwb.sock"
	gwa swanctl --load-all
	gwa swanctl --initiate --child lan --timeout 30
	theirs
	gwa ip xfrm state | grep 'proto esp'
}

# end NS LOCAL REMOTE INNER SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link add ipsec9 type ipsecx
	net_exec "$1" ip link set ipsec9 up
	net_addr "$1" ipsec9 "$4/24"
	net_exec "$1" ipsecx policy add dev ipsec9 mode tunnel local "$2" \
		remote "$3"
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec9 policy 1 dir in \
		spi "$5" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec9 policy 1 dir out \
		spi "$6" encr aes-gcm-16 key - activate
}

ours_up() {
	kernel_sas >"$dir/before"
	end gwa 192.0.2.1 192.0.2.2 10.9.0.1 0x1001 0x1002
	end gwb 192.0.2.2 192.0.2.1 10.9.0.2 0x1002 0x1001
	ours
	theirs
	kernel_sas | diff "$dir/before" -
}

# A second time, with both directions of both under way at once.
together() {
	local pid
	ours &
	pid=$!
	theirs
	wait "$pid"
	[ "$(gwa awk '$1 ~ /XfrmIn(Error|NoStates|StateProtoError)/ { n += $2 }
		END { print n + 0 }' /proc/net/xfrm_stat)" = 0 ]
	gwa ethtool -S ipsec9 | awk '/drop-(integrity|replay|esp)/ { n += $2 }
		END { exit n != 0 }'
}

# Both daemons have sockets of their own: ours to ours, theirs to theirs.
rekeyed() {
	gwa swanctl --rekey --child lan
	sleep 2
	theirs
	ours
}

# strongSwan keeps a replaced inbound SA for some seconds.
two_sas() { [ "$(gwa ip xfrm state | grep -c '^src')" = 2 ]; }

gone() {
	net_wait 20 two_sas
	gwa ip link del ipsec9
	kernel_sas >"$dir/before"
	theirs
	kernel_sas | diff "$dir/before" -
	gwa swanctl --terminate --ike test
	pkill ipsecxd
	net_wait 10 not pgrep ipsecxd
	gwb ip link del ipsec9
	rmmod ipsecx
	lsmod | grep '^esp4 '
	modprobe ipsecx
}

modprobe -a esp4 esp6 ipsecx
net_gateways
net_route gwa 10.2.0.0/16 via 192.0.2.2
ktap_run "strongSwan's tunnel, over the kernel's xfrm" swan_up
ktap_run "a tunnel of ours beside it" ours_up
ktap_run "both at once, without one error" together
ktap_run "strongSwan rekeys" rekeyed
ktap_run "ours goes, theirs stays as it was" gone
pkill charon-systemd
[ "$ktap_failed" = 0 ] || tail -n 20 "$dir"/*.log | sed 's/^/# /'
rm -rf "$dir"
ktap_done
