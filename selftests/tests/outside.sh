#!/bin/bash
# SPDX-License-Identifier: MIT
# The outer header in tunnel mode: TTL, DSCP and DF as they are set, ECN as RFC
# 6040 says whatever is set.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }

# end NS DEVICE LOCAL REMOTE SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link add "$2" type ipsecx
	net_exec "$1" ip link set "$2" up
	net_exec "$1" ipsecx policy add dev "$2" mode tunnel local "$3" \
		remote "$4"
	echo "$key" | net_exec "$1" ipsecx sa add dev "$2" policy 1 dir in \
		spi "$5" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev "$2" policy 1 dir out \
		spi "$6" encr aes-gcm-16 key - activate
}

# ipsec4 goes over IPv4 and ipsec6 over IPv6, both with both inside.
begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24 2001:db8::1/64
	net_addr b wan 192.0.2.2/24 2001:db8::2/64
	end a ipsec4 192.0.2.1 192.0.2.2 0x3001 0x3002
	end b ipsec4 192.0.2.2 192.0.2.1 0x3002 0x3001
	end a ipsec6 2001:db8::1 2001:db8::2 0x3003 0x3004
	end b ipsec6 2001:db8::2 2001:db8::1 0x3004 0x3003
	net_addr a ipsec4 10.0.4.1/24 fd00:4::1/64
	net_addr b ipsec4 10.0.4.2/24 fd00:4::2/64
	net_addr a ipsec6 10.0.6.1/24 fd00:6::1/64
	net_addr b ipsec6 10.0.6.2/24 fd00:6::2/64
	a ping -q -c 1 -W 5 10.0.4.2
	a ping -q -c 1 -W 5 10.0.6.2
}

# outside TOS PING-WORDS...: the outer headers of what a then pings with, which
# is larger than what its kernel has to say
outside() {
	local dump tos=$1
	shift
	net_exec b tcpdump -i wan -Q in -c 2 -v -n -l \
		'(proto 50 or (ip6 and ip6[6] = 50)) and greater 250' \
		>"$dir/out" 2>"$dir/dump" &
	dump=$!
	net_wait 20 grep -q listening "$dir/dump"
	a ping -q -c 2 -i 0.2 -W 5 -s 200 -Q "$tos" "$@"
	net_wait 20 gone "$dump"
	cat "$dir/out"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# saw TEXT: twice in the last headers
saw() { [ "$(grep -cF -- "$1" "$dir/out")" = 2 ]; }

by_default() {
	outside 0xb9 -M 'do' 10.0.4.2
	saw 'tos 0xb9,ECT(1), ttl 64,'
	saw 'flags [none]'
	outside 0xb9 10.0.6.2
	saw 'class 0xb9'
	saw 'hlim 64'
	outside 0x2a fd00:6::2
	saw 'class 0x2a'
	a ipsecx -j show ipsec4 |
		jq -e '.[0] | .ttl == 0 and .dscp == 255 and .df == "clear"'
}

ttl() {
	a ipsecx link set dev ipsec4 ttl 77
	a ipsecx link set dev ipsec6 ttl 78
	outside 0 10.0.4.2
	saw 'ttl 77'
	outside 0 fd00:6::2
	saw 'hlim 78'
	a ipsecx link set dev ipsec4 ttl default
	outside 0 10.0.4.2
	saw 'ttl 64'
}

# 46 is 0xb8 in the octet; the two bits of ECN below it stay the packet's own
dscp() {
	a ipsecx link set dev ipsec4 dscp 46
	a ipsecx link set dev ipsec6 dscp 0
	outside 0x2a 10.0.4.2
	saw 'tos 0xba,ECT(0)'
	outside 0x29 fd00:6::2
	saw 'class 0x01'
	a ipsecx link set dev ipsec4 dscp copy
	outside 0x2a 10.0.4.2
	saw 'tos 0x2a,ECT(0)'
}

df() {
	a ipsecx link set dev ipsec4 df copy
	outside 0 -M 'do' 10.0.4.2
	saw 'flags [DF]'
	outside 0 -M dont 10.0.4.2
	saw 'flags [none]'
	# IPv6 inside is never fragmented by a router
	outside 0 fd00:4::2
	saw 'flags [DF]'
	a ipsecx link set dev ipsec4 df set
	outside 0 -M dont 10.0.4.2
	saw 'flags [DF]'
	a ipsecx link set dev ipsec4 df clear
	outside 0 -M 'do' 10.0.4.2
	saw 'flags [none]'
}

# Every pair of marks, both ways. The marked and forged ones come by SAs of
# their own.
ecn() {
	a ipsecx link set dev ipsec6 dscp copy
	modprobe algif_aead || [ -d /sys/module/algif_aead ]
	echo "$key" >"$dir/key"
	a ipsecx sa add dev ipsec4 policy 1 dir in spi 0x3011 \
		encr aes-gcm-16 key-file "$dir/key"
	a ipsecx sa add dev ipsec6 policy 1 dir in spi 0x3013 \
		encr aes-gcm-16 key-file "$dir/key"
	"$here/../lib/ecn.py" "$dir/key"
}

# What a routing protocol sends is covered by any to any, like all the rest.
multicast() {
	"$here/../lib/multicast.py" ipsec4 ipsec6
}

# gone_on LENGTH COMMAND...: the ESP that leaves meanwhile is of that length
gone_on() {
	local dump length=$1
	shift
	net_exec b tcpdump -i wan -Q in -c 4 -n -l 'proto 50' >"$dir/out" \
		2>"$dir/dump" &
	dump=$!
	net_wait 20 grep -q listening "$dir/dump"
	"$@"
	net_wait 20 gone "$dump"
	cat "$dir/out"
	[ "$(grep -c "length $length\$" "$dir/out")" = 4 ]
}

various() {
	local size
	for size in 10 300 700 900; do
		a ping -q -c 1 -W 5 -s "$size" 10.0.4.2
	done
}

# To a length or to all that fits; what is longer is as long as it is. ESP has
# 8 of header, 8 of IV, 2 of tail and 16 of ICV.
tfc() {
	a ipsecx policy set dev ipsec4 id 1 tfc-pad 1022
	gone_on 1056 various
	a ipsecx policy set dev ipsec4 id 1 tfc-pad mtu
	gone_on 1480 various
	a ipsecx policy show dev ipsec4 | grep 'tfc-pad mtu'
	a ping -q -c 2 -i 0.2 -W 5 -s 3000 10.0.4.2
	a ping -M 'do' -q -c 2 -i 0.2 -W 5 -s 1418 10.0.4.2
	a ipsecx policy set dev ipsec4 id 1 tfc-pad 0
	gone_on 120 a ping -q -c 4 -i 0.2 -W 5 -s 58 10.0.4.2
}

# Carrier is there as long as a policy is.
carrier() {
	local state
	a ip link add ipsec1 type ipsecx
	a ip link set ipsec1 up
	for state in 0 1 0; do
		[ "$(a cat /sys/class/net/ipsec1/carrier)" = "$state" ]
		if [ "$state" = 1 ]; then
			a ipsecx policy del dev ipsec1 id 1
		else
			a ipsecx policy add dev ipsec1 mode tunnel \
				local 192.0.2.1 remote 192.0.2.9
		fi
	done
	a ip link del ipsec1
}

# refused TEXT WORDS...
refused() {
	local text=$1
	shift
	a ipsecx link set "$@" 2>"$dir/err" && return 1
	cat "$dir/err"
	grep -qF -- "$text" "$dir/err"
}

# What is refused changes nothing, and what is not shows.
wrong() {
	a ipsecx link set dev ipsec4 ttl 7 dscp 8 df copy fwmark 9
	refused "'dscp' needs a number from 0 to 63" dev ipsec4 dscp 64
	refused 'expected clear, copy or set' dev ipsec4 df both
	refused "'ttl' needs a number from 1 to 255" dev ipsec4 ttl 0
	refused 'there is no device' dev nosuch ttl 1
	a "$here/../lib/outside.py" ipsec4
	a ipsecx show ipsec4 >"$dir/out"
	grep -qF '  outside: fwmark 0x9 ttl 7 dscp 8 df copy' "$dir/out"
}

ktap_run "two tunnels" begin
net_namespaces=(a b)
ktap_run "TOS copied, TTL of the system, no DF" by_default
ktap_run "TTL" ttl
ktap_run "DSCP set, ECN copied" dscp
ktap_run "DF" df
ktap_run "ECN, all of RFC 6040" ecn
ktap_run "multicast" multicast
ktap_run "padding that hides the length" tfc
ktap_run "carrier" carrier
ktap_run "wrong values" wrong
rm -rf "$dir"
ktap_done
