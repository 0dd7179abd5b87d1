#!/bin/bash
# SPDX-License-Identifier: MIT
# Packets that wait for an SA: they go when it comes, and what too many
# policies, or too large packets, would take of memory is limited.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
policies=40
each=64
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" sel 10.0.0.0/24 10.0.0.0/24
}

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2
	end b 192.0.2.2 192.0.2.1
	net_addr a ipsec0 10.0.0.1/24
	net_addr b ipsec0 10.0.0.2/24
}

# sa NS POLICY WORDS...
sa() {
	local ns=$1 policy=$2
	shift 2
	echo "$key" | net_exec "$ns" ipsecx sa add dev ipsec0 \
		policy "$policy" encr aes-gcm-16 key - "$@"
}

# device JQ-FILTER: of a's
device() { a ipsecx -j show ipsec0 | jq -r ".[0] | $1"; }

drops() { device "[.drop // [] | .[] | select(.reason == \"$1\") | .packets] | add // 0"; }

released() {
	sa b 1 dir in spi 0x2001
	sa b 1 dir out spi 0x2002 activate
	sa a 1 dir in spi 0x2002
	a ping -q -c 3 -i 0.2 -W 5 10.0.0.2 >"$dir/ping" &
	net_wait 3 held 3
	sa a 1 dir out spi 0x2001 activate
	wait
	cat "$dir/ping"
	grep -q ' 3 received' "$dir/ping"
	held 0
}

held() { [ "$(device .held)" = "$1" ]; }

# More than one policy holds, and then more than the device does: of all that
# was sent, each was held or counted.
limited() {
	local i sent before
	before=$(drops hold-overflow)
	for i in $(seq "$policies"); do
		a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
			remote 192.0.2.2 sel 10.0.0.1 "10.1.$i.0/24"
	done
	net_route a 10.1.0.0/16 dev ipsec0
	a "$here/../lib/flood.py" 10.1 "$policies" $((each + 6)) 1300
	sent=$((policies * (each + 6)))
	device . | tee "$dir/device"
	jq -e --argjson before "$before" --argjson sent "$sent" \
		--argjson room $((policies * each)) '
		(.drop | map({key: .reason, value: .packets}) | from_entries
			| ."hold-overflow" - $before) as $gone |
		.held > $room / 4 and .held < $room and
			.held + $gone == $sent' "$dir/device"
}

# The answer is no: what waits is told so, and the rest may hope on.
refused() {
	local before
	net_wait 20 held 0
	before=$(drops no-sa)
	a "$here/../lib/flood.py" 10.1 2 5 100
	held 10
	a ipsecx policy set dev ipsec0 id 2 drop-held
	held 5
	[ "$(drops no-sa)" = $((before + 5)) ]
}

# What did not get an SA dies, and then there is room again.
expires() {
	net_wait 20 held 0
	a "$here/../lib/flood.py" 10.1 1 5 100
	held 5
	a ipsecx policy show dev ipsec0 >/dev/null
	a ip link del ipsec0
}

ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "what was held goes when the SA comes" released
ktap_run "memory is limited, and every packet accounted for" limited
ktap_run "what waits in vain" refused
ktap_run "what waited too long makes room, what waits goes with the device" \
	expires
rm -rf "$dir"
ktap_done
