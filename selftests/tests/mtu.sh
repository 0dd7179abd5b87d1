#!/bin/bash
# SPDX-License-Identifier: MIT
# What fits: the MTU that senders inside are told, and the device's own, is what
# the path outside leaves, and a path that gets narrower is learnt from what its
# routers say, for a while.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
narrow=1400
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

# end NS LOCAL REMOTE SPI-IN SPI-OUT [ENCAP...]
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" "${@:6}"
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$5" encr aes-gcm-16 key - activate
}

# a - router - b, narrow behind the router
begin() {
	local ns
	net_ns a router b
	net_veth a wan router near
	net_veth router far b wan
	ip -n router link set far mtu "$narrow"
	ip -n b link set wan mtu "$narrow"
	net_addr a wan 192.0.2.1/24 2001:db8:1::1/64
	net_addr router near 192.0.2.254/24 2001:db8:1::fe/64
	net_addr router far 198.51.100.254/24 2001:db8:2::fe/64
	net_addr b wan 198.51.100.1/24 2001:db8:2::1/64
	net_route a default via 192.0.2.254
	net_route a default via 2001:db8:1::fe
	net_route b default via 198.51.100.254
	net_route b default via 2001:db8:2::fe
	for ns in a b; do
		ip netns exec "$ns" ipsecx socket port 4500 >"$dir/$ns" &
		net_wait 20 grep -q 4500 "$dir/$ns"
	done
}

# joined FAMILY [ENCAP...]: a tunnel over it
joined() {
	local a=192.0.2.1 b=198.51.100.1
	[ "$1" = 4 ] || { a=2001:db8:1::1; b=2001:db8:2::1; }
	end a "$a" "$b" 0x3001 0x3002 "${@:2}"
	end b "$b" "$a" 0x3002 0x3001 "${@:2}"
	net_addr a ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 fd00::2/64
	a ping -q -c 1 -W 5 10.0.0.2
}

# What the routes have learnt goes, too.
parted() {
	ip -n a link del ipsec0
	ip -n b link del ipsec0
	ip -n a -4 route flush cache
	ip -n a -6 route flush cache
}

# told MTU ADDRESS SIZE: a ping of that size comes to be refused with MTU, which
# not every ping tells of the device's own
told() {
	a ping -M 'do' -c 1 -W 1 -s "$3" "$2" >"$dir/ping" 2>&1 || :
	cat "$dir/ping"
	grep -qE "mtu( ?=|:) ?$1\\>" "$dir/ping" ||
		{ grep -q 'Message too long' "$dir/ping" && device_mtu "$1"; }
}

# exact MTU ADDRESS HEADERS: what the MTU says gets through, a byte more not
exact() {
	a ping -M 'do' -q -c 1 -W 5 -s $(($1 - $3)) "$2"
	! a ping -M 'do' -q -c 1 -W 1 -s $(($1 - $3 + 1)) "$2"
}

device_mtu() {
	local mtu
	mtu=$(a ip -j link show ipsec0 | jq '.[0].mtu')
	echo "the device's MTU is $mtu"
	[ "$mtu" = "$1" ]
}

# policy_mtu MTU: what the policy says, and the device soon
policy_mtu() {
	local mtu
	mtu=$(a ipsecx -j policy show dev ipsec0 | jq '.[0].mtu')
	echo "the policy's MTU is $mtu"
	[ "$mtu" = "$1" ]
	net_wait 20 device_mtu "$1"
}

# Outside: IP, 8 of UDP, 8 of ESP, 8 of IV, 16 of ICV; inside 2 of tail, and
# all of it in fours.
each() {
	local family udp mtu
	for family in 4 6; do
		for udp in 0 8; do
			mtu=$((family == 4 ? 20 : 40))
			mtu=$(((1500 - mtu - udp - 32) / 4 * 4 - 2))
			if [ "$udp" = 0 ]; then
				joined "$family"
			else
				joined "$family" encap udp 4500 4500
			fi
			echo "over IPv$family, $udp of UDP: $mtu"
			policy_mtu "$mtu"
			parted
		done
	done
	[ "$mtu" = 1418 ]
}

# With AES-CBC 16 of IV and 32 of ICV, and all in sixteens.
follows() {
	joined 4
	policy_mtu 1446
	head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$dir/encr"
	head -c 64 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$dir/integ"
	a ipsecx sa add dev ipsec0 policy 1 dir out spi 0x3003 \
		encr aes-cbc key-file "$dir/encr" integ hmac-sha2-512-256 \
		integ-key-file "$dir/integ" activate
	policy_mtu 1422
	a ipsecx policy set dev ipsec0 id 1 encap udp 4500 4500
	policy_mtu 1406
	a ipsecx sa set dev ipsec0 id 2 activate
	policy_mtu 1438
	a ipsecx policy set dev ipsec0 id 1 encap none
	policy_mtu 1446
	# the next packet, or whoever looks, finds what nobody told
	ip -n a link set wan mtu 1450
	a ping -q -c 1 -W 5 10.0.0.2
	net_wait 20 device_mtu 1394
	ip -n a link set wan mtu 9000
	policy_mtu 8946
	ip -n a link set wan mtu 1500
	policy_mtu 1446
	# never less than IPv6 needs
	ip -n a link set wan mtu 1300
	a ping -q -c 1 -W 5 10.0.0.2
	net_wait 20 device_mtu 1280
	told 1246 10.0.0.2 1230
	a ping -q -c 1 -W 5 -s 1200 fd00::2
	ip -n a link set wan mtu 1500
	policy_mtu 1446
	# the least of several, as long as they are there
	a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.9 encap udp 4500 4500 sel 10.9.0.0/16 10.9.0.0/16
	echo "$key" | a ipsecx sa add dev ipsec0 policy 2 dir out \
		spi 0x3009 encr aes-gcm-16 key - activate
	net_wait 20 device_mtu 1438
	a ipsecx policy del dev ipsec0 id 2
	net_wait 20 device_mtu 1446
	parted
}

# By ip link, before or after.
stays() {
	joined 4
	policy_mtu 1446
	a ip link set ipsec0 mtu 1300
	a ipsecx policy set dev ipsec0 id 1 encap udp 4500 4500
	a ipsecx -j policy show dev ipsec0 | jq -e '.[0].mtu == 1438'
	sleep 1
	device_mtu 1300
	a ip link add ipsec1 mtu 1234 type ipsecx
	a ipsecx policy add dev ipsec1 mode tunnel local 192.0.2.1 \
		remote 192.0.2.9
	echo "$key" | a ipsecx sa add dev ipsec1 policy 1 dir out \
		spi 0x3009 encr aes-gcm-16 key - activate
	sleep 1
	a ip -j link show ipsec1 | jq -e '.[0].mtu == 1234'
	a ip link del ipsec1
	parted
}

# learnt FAMILY UDP [ENCAP...]: from the router, by senders and the device
learnt() {
	local ip=$(($1 == 4 ? 20 : 40)) mtu whole
	mtu=$(((narrow - ip - $2 - 32) / 4 * 4 - 2))
	whole=$(((1500 - ip - $2 - 32) / 4 * 4 - 2))
	a sysctl -qw "net.ipv$1.route.mtu_expires=30"
	joined "$1" "${@:3}"
	# over IPv4 a router only tells if it may not fragment
	a ipsecx link set dev ipsec0 df copy
	policy_mtu "$whole"
	net_wait 15 told "$mtu" 10.0.0.2 1390
	net_wait 15 told "$mtu" fd00::2 1390
	net_wait 15 device_mtu "$mtu"
	exact "$mtu" 10.0.0.2 28
	exact "$mtu" fd00::2 48
	if [ $# = 2 ]; then
		echo "it is forgotten"
		net_wait 90 policy_mtu "$whole"
	fi
	a sysctl -qw "net.ipv$1.route.mtu_expires=600"
	parted
}

# A router that may fragment does not say so: all arrives.
fragmented() {
	joined 4
	a ping -M 'do' -q -c 2 -i 0.2 -W 5 -s 1400 10.0.0.2
	a ping -q -c 4 -i 0.2 -W 5 -s 4000 fd00::2
	told 1446 10.0.0.2 1440
	parted
}

# carried: packets on a's outbound SA
carried() {
	a ipsecx -j sa show dev ipsec0 id 2 | jq '.[0].packets'
}

# What may be fragmented inside is, to what the device carries; if the user
# said that it carries more, the outer packets are, and put together again.
inside_or_outside() {
	local family before
	ip -n router link set far mtu 1500
	ip -n b link set wan mtu 1500
	for family in 4 6; do
		joined "$family"
		policy_mtu $((family == 4 ? 1446 : 1426))
		before=$(carried)
		a ping -M dont -q -c 1 -W 5 -s 4000 10.0.0.2
		[ "$(carried)" -ge $((before + 3)) ]
		a ip link set ipsec0 mtu 9000
		b ip link set ipsec0 mtu 9000
		before=$(carried)
		a ping -M dont -q -c 1 -W 5 -s 4000 10.0.0.2
		[ "$(carried)" -lt $((before + 3)) ]
		told $((family == 4 ? 1446 : 1426)) 10.0.0.2 4000
		told $((family == 4 ? 1446 : 1426)) fd00::2 4000
		parted
	done
}

udp() { "$@" encap udp 4500 4500; }

ktap_run "a path that is narrow in the middle" begin
net_namespaces=(a router b)
ktap_run "what each kind of SA carries, the device says" each
ktap_run "it follows what changes" follows
ktap_run "an MTU that was set stays" stays
ktap_run "over IPv6 it is learnt from the router" learnt 6 0
ktap_run "in UDP over IPv6, too" udp learnt 6 8
ktap_run "over IPv4, too, if the router may not fragment" learnt 4 0
ktap_run "in UDP over IPv4, too" udp learnt 4 8
ktap_run "over IPv4 the router fragments otherwise" fragmented
ktap_run "what may be fragmented, inside or outside" inside_or_outside
rm -rf "$dir"
ktap_done
