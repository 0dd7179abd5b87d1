#!/bin/bash
# SPDX-License-Identifier: MIT
# What a policy covers and what not, on the way out and on the way in: ICMP
# types and codes, address ranges, several selectors, and fragments.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

# end NS LOCAL REMOTE SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3"
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$5" encr aes-gcm-16 key - activate
}

# a's policy is what changes, b's covers everything.
begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2 0x3001 0x3002
	end b 192.0.2.2 192.0.2.1 0x3002 0x3001
	net_addr a ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 10.0.0.3/24 fd00::2/64
	a ping -q -c 1 -W 5 10.0.0.2
	a ping -q -c 1 -W 5 fd00::2
}

covers() { a ipsecx policy set dev ipsec0 id 1 "$@"; }

# drops NAME: of a's device
drops() {
	a ethtool -S ipsec0 | awk -v name="drop-$1:" '$1 == name { print $2 }'
}

# passes NS WORDS...: a ping
passes() { net_exec "$1" ping -q -c 1 -W 5 "${@:2}"; }

# dropped REASON NS WORDS...: a ping that a drops
dropped() {
	local before
	before=$(drops "$1")
	! net_exec "$2" ping -q -c 1 -W 1 "${@:3}" || return 1
	echo "$1: $before, $(drops "$1")"
	[ "$(drops "$1")" -gt "$before" ]
}

# A type is what the packet has, whichever way it goes.
types() {
	covers sel any any proto icmp type 0-8
	passes a 10.0.0.2
	passes b 10.0.0.1
	dropped no-policy a fd00::2
	dropped selector-mismatch b fd00::1
	echo "requests alone: the answers do not come in, or go out"
	covers sel any any proto icmp type 8
	dropped selector-mismatch a 10.0.0.2
	dropped no-policy b 10.0.0.1
	echo "answers alone"
	covers sel any any proto icmp type 0
	dropped no-policy a 10.0.0.2
	dropped selector-mismatch b 10.0.0.1
	covers sel any any proto icmpv6 type 128-129
	passes a fd00::2
	passes b fd00::1
	covers sel any any proto icmpv6 type 129
	dropped no-policy a fd00::2
	dropped no-policy a 10.0.0.2
}

# RFC 4301 section 4.4.1.1 has one number of both; echos have code 0.
codes() {
	covers sel any any proto icmp type 8 code 0 \
		sel any any proto icmp type 0 code 0-3
	passes a 10.0.0.2
	a ipsecx -j policy show dev ipsec0 | jq -e '.[0].selector |
		.[0]."local-port-start" == 2048 and
		.[0]."remote-port-end" == 2048 and
		.[1]."local-port-end" == 3'
	covers sel any any proto icmp type 8 code 1-255 \
		sel any any proto icmp type 0
	dropped no-policy a 10.0.0.2
	passes b 10.0.0.1 && return 1
	covers sel any any proto icmp type 8 sel any any proto icmp type 0
	passes a 10.0.0.2
	passes b 10.0.0.1
	a ipsecx policy show dev ipsec0 | grep 'proto icmp type 8$'
}

# Only the first fragment has a type: the others are covered by selectors
# without.
fragments() {
	local ns to
	for ns in a b; do
		to=10.0.0.$([ "$ns" = a ] && echo 2 || echo 1)
		covers sel any any proto icmp type 0-255
		passes "$ns" -s 3000 "$to"
		covers sel any any proto icmp type 0-254
		if [ "$ns" = a ]; then
			dropped no-policy a -s 3000 "$to"
		else
			dropped selector-mismatch b -s 3000 "$to"
		fi
		passes "$ns" "$to"
	done
}

ranges() {
	covers sel any 10.0.0.3-10.0.0.9
	passes a 10.0.0.3
	dropped no-policy a 10.0.0.2
	covers sel 10.0.0.0-10.0.0.1 10.0.0.2 sel fd00::-fd00::1 fd00::2
	passes a 10.0.0.2
	passes a fd00::2
	dropped no-policy a 10.0.0.3
	dropped selector-mismatch b -I 10.0.0.3 10.0.0.1
}

ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "ICMP types" types
ktap_run "ICMP codes" codes
ktap_run "fragments" fragments
ktap_run "ranges, and several selectors" ranges
ktap_done
