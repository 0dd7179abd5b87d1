#!/bin/bash
# SPDX-License-Identifier: MIT
# What fits: the MTU that senders inside are told is what the path outside
# leaves, and a path that gets narrower is learnt from what its routers say.
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

# end NS LOCAL REMOTE SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link add ipsec0 mtu 1500 type ipsecx
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3"
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$5" encr aes-gcm-16 key - activate
}

# a - router - b, narrow behind the router
begin() {
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
}

# joined OUTER-A OUTER-B: a tunnel between these addresses
joined() {
	end a "$1" "$2" 0x3001 0x3002
	end b "$2" "$1" 0x3002 0x3001
	net_addr a ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 fd00::2/64
	a ping -q -c 1 -W 5 10.0.0.2
}

parted() {
	ip -n a link del ipsec0
	ip -n b link del ipsec0
}

# told MTU ADDRESS SIZE: a ping of that size comes to be refused with MTU
told() {
	a ping -M 'do' -c 1 -W 1 -s "$3" "$2" >"$dir/ping" 2>&1 || :
	cat "$dir/ping"
	grep -qE "mtu ?= ?$1\\>" "$dir/ping"
}

# exact MTU ADDRESS HEADERS: what the MTU says gets through, a byte more not
exact() {
	a ping -M 'do' -q -c 1 -W 5 -s $(($1 - $3)) "$2"
	! a ping -M 'do' -q -c 1 -W 1 -s $(($1 - $3 + 1)) "$2"
}

# 40 of IPv6, 8 of ESP, 8 of IV, 16 of ICV outside, and 2 of tail inside
path6() {
	local mtu=$(((narrow - 72) / 4 * 4 - 2))
	joined 2001:db8:1::1 2001:db8:2::1
	net_wait 10 told "$mtu" 10.0.0.2 1360
	net_wait 10 told "$mtu" fd00::2 1360
	exact "$mtu" 10.0.0.2 28
	exact "$mtu" fd00::2 48
	parted
}

# A router that may fragment does not say so: all arrives, once both ends have
# heard what their own devices take.
path4() {
	joined 192.0.2.1 198.51.100.1
	a ping -M 'do' -q -c 2 -i 0.2 -W 5 -s 1400 10.0.0.2
	a ping -q -c 4 -i 0.2 -W 5 -s 4000 fd00::2
	told 1446 10.0.0.2 1440
	parted
}

ktap_run "a path that is narrow in the middle" begin
net_namespaces=(a router b)
ktap_run "over IPv6 it is learnt from the router" path6
ktap_run "over IPv4 the router fragments" path4
rm -rf "$dir"
ktap_done
