#!/bin/bash
# SPDX-License-Identifier: MIT
# ipsecxd and strongSwan, each once as caller and as called: with a NAT before
# the caller, over IPv6, and with a key, an identity or proposals that do not
# meet: then there is one message that names the cause, and nothing is left.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

umask 077
dir=$(mktemp -d)
psk=$(head -c 24 /dev/urandom | base64)

not() { ! "$@"; }
ask() { ip netns exec "$1" ipsecx -S "$dir/sock" "${@:2}"; }

# alice - gwa - nat - gwb - bob: gwa is 198.51.100.2 and 2001:db8:1::2 there,
# gwb 192.0.2.2 and 2001:db8::2; the NAT has 192.0.2.1, and knows both.
wire() {
	net_ns alice gwa nat gwb bob
	net_veth alice lan gwa lan
	net_veth gwa wan nat in
	net_veth nat out gwb wan
	net_veth gwb lan bob lan
	net_addr alice lan 10.1.0.2/24 fd01::2/64
	net_addr gwa lan 10.1.0.1/24 fd01::1/64
	net_addr gwa wan 198.51.100.2/24 2001:db8:1::2/64
	net_addr nat in 198.51.100.1/24 2001:db8:1::1/64
	net_addr nat out 192.0.2.1/24 2001:db8::1/64
	net_addr gwb wan 192.0.2.2/24 2001:db8::2/64
	net_addr gwb lan 10.2.0.1/24 fd02::1/64
	net_addr bob lan 10.2.0.2/24 fd02::2/64
	net_route alice default via 10.1.0.1
	net_route alice default via fd01::1
	net_route bob default via 10.2.0.1
	net_route bob default via fd02::1
	net_route gwa default via 198.51.100.1
	net_route gwa 2001:db8::/64 via 2001:db8:1::1
	net_route gwb 2001:db8:1::/64 via 2001:db8::1
	net_exec nat nft -f - <<-N
	table ip nat {
		chain post {
			type nat hook postrouting priority srcnat
			oifname out masquerade random
		}
	}
	N
}

# ours NS REMOTE [OURS [THEIRS [MORE]]]: our agent, with these identities
ours() {
	local l=1 r=2
	[ "$1" = gwa ] || { l=2 r=1; }
	cat >"$dir/conf" <<-C
	connection office {
		local_id = "${3:-ours.example}"
		remote_id = "${4:-theirs.example}"
		psk = '$psk'
		remote = $2
		${5:-}
		child lan {
			device = ipsec0
			local_ts = {"10.$l.0.0/16", "fd0$l::/64"}
			remote_ts = {"10.$r.0.0/16", "fd0$r::/64"}
		}
	}
	C
	# no function: the process has to be ipsecxd itself
	ip netns exec "$1" ipsecxd -d 7 -c "$dir/conf" -s "$dir/sock" \
		>"$dir/ours.log" 2>&1 &
	net_wait 20 test -S "$dir/sock"
}

# theirs NS REMOTE [SECRET [PROPOSALS]]: strongSwan; $their_esp for ESP
theirs() {
	local l=1 r=2
	[ "$1" = gwa ] || { l=2 r=1; }
	install -d /etc/swanctl/conf.d
	cat >/etc/swanctl/conf.d/test.conf <<-C
	connections {
		test {
			remote_addrs = $2
			proposals = ${4:-default}
			local {
				auth = psk
				id = theirs.example
			}
			remote {
				auth = psk
				id = ours.example
			}
			children {
				lan {
					esp_proposals = ${their_esp:-default}
					local_ts = 10.$l.0.0/16,fd0$l::/64
					remote_ts = 10.$r.0.0/16,fd0$r::/64
				}
			}
		}
	}
	secrets {
		ike-test {
			secret = "${3:-$psk}"
		}
	}
	C
	ip netns exec "$1" charon-systemd >"$dir/theirs.log" 2>&1 &
	net_wait 60 net_exec "$1" swanctl --stats
	net_exec "$1" swanctl --load-all
}

# For the next pair.
over() {
	pkill ipsecxd || :
	pkill charon-systemd || :
	net_wait 20 not pgrep ipsecxd
	net_wait 20 not pgrep charon-systemd
	rm -f "$dir/sock"
}

passes() {
	net_exec alice ping -q -c 2 -i 0.3 -W 3 10.2.0.2 &&
		net_exec alice ping -q -c 2 -i 0.3 -W 3 fd02::2 &&
		net_exec bob ping -q -c 2 -i 0.3 -W 3 10.1.0.2 &&
		net_exec bob ping -q -c 2 -i 0.3 -W 3 fd01::2
}

their_call() {
	net_exec "$1" swanctl --initiate --child lan --timeout 30
}

nat_we_call() {
	ours gwa 192.0.2.2
	theirs gwb %any
	ask gwa up office
	passes
	net_exec gwa ipsecx show | tee /dev/stderr | grep 'udp 4500 ->'
	over
}

nat_they_call() {
	ours gwb any
	theirs gwa 192.0.2.2
	their_call gwa
	passes
	net_exec gwb ipsecx show | tee /dev/stderr | grep 'udp 4500 ->'
	over
}

# They rekey both SAs behind the NAT, and we go on answering.
nat_they_rekey() {
	ours gwb any
	theirs gwa 192.0.2.2
	their_call gwa
	net_exec gwa swanctl --rekey --child lan
	sleep 2
	passes
	net_exec gwa swanctl --rekey --ike test
	sleep 2
	passes
	over
}

v6_we_call() {
	local their_esp=aes256-sha512
	ours gwa 2001:db8::2
	theirs gwb 2001:db8:1::2
	ask gwa up office
	passes
	net_exec gwa ipsecx show | tee "$dir/show"
	not grep udp "$dir/show"
	grep 'aes-cbc hmac-sha2-512-256' "$dir/show"
	over
}

v6_they_call() {
	local their_esp=aes128-sha256
	ours gwb 2001:db8:1::2
	theirs gwa 2001:db8::2
	their_call gwa
	passes
	net_exec gwb ipsecx show | grep 'aes-cbc hmac-sha2-256-128'
	over
}

no_state() {
	[ "$(net_exec "$1" ipsecx -j sa show)" = '[]' ] &&
		[ "$(ask "$1" -j status | jq '[.[].children[]? |
			select(.state == "installed")] | length')" = 0 ]
}

# we_fail TEXT: up ends at once, with one line that has it
we_fail() {
	not ask gwa up office 2>"$dir/err"
	cat "$dir/err"
	[ "$(wc -l <"$dir/err")" = 1 ] && grep -qi -- "$1" "$dir/err"
	no_state gwa
	over
}

# they_fail TEXT: their call fails, and our log says why in one line
they_fail() {
	not their_call gwa
	cat "$dir/ours.log"
	[ "$(grep -v 'debug:' "$dir/ours.log" | grep -ci -- "$1")" = 1 ]
	no_state gwb
	over
}

wrong_key() {
	ours gwa 192.0.2.2
	theirs gwb %any 'something else'
	we_fail 'AUTHENTICATION_FAILED'
}

wrong_key_called() {
	ours gwb any
	theirs gwa 192.0.2.2 'something else'
	they_fail 'psk'
}

wrong_id() {
	ours gwa 192.0.2.2 ours.example other.example
	theirs gwb %any
	we_fail 'theirs.example'
}

wrong_id_called() {
	ours gwb any ours.example other.example
	theirs gwa 192.0.2.2
	they_fail 'theirs.example'
}

no_proposal() {
	ours gwa 192.0.2.2
	theirs gwb %any '' aes192-sha384-modp3072
	we_fail 'NO_PROPOSAL_CHOSEN'
}

no_proposal_called() {
	ours gwb any
	theirs gwa 192.0.2.2 '' aes192-sha384-modp3072
	they_fail 'proposal'
}

modprobe ipsecx
wire
ktap_run "behind a NAT we call" nat_we_call
over
ktap_run "behind a NAT they call" nat_they_call
over
ktap_run "behind a NAT they rekey" nat_they_rekey
over
ktap_run "IPv6, we call" v6_we_call
over
ktap_run "IPv6, they call" v6_they_call
over
for cause in wrong_key wrong_id no_proposal; do
	ktap_run "${cause/_/ }, we call" "$cause"
	over
	ktap_run "${cause/_/ }, they call" "${cause}_called"
	over
done
[ "$ktap_failed" = 0 ] || tail -n 40 "$dir"/*.log | sed 's/^/# /'
rm -rf "$dir"
ktap_done
