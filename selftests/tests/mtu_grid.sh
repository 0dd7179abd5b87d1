#!/bin/bash
# SPDX-License-Identifier: MIT
# However the links outside and inside measure, a packet arrives or its sender
# is told what would: 60 cases, with IPSECX_DEEP=1 500. No rule cuts an MSS.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

cases=60
[ -z "${IPSECX_DEEP:-}" ] || cases=500

# secret: a key
secret() { head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# end NS DEVICE SPI-IN SPI-OUT KEY LINK...: with outer addresses to be replaced
end() {
	ip -n "$1" link add "$2" "${@:6}" type ipsecx
	ip -n "$1" link set "$2" up
	net_exec "$1" ipsecx policy add dev "$2" mode tunnel local 192.0.2.1 \
		remote 192.0.2.2
	echo "$5" | net_exec "$1" ipsecx sa add dev "$2" policy 1 dir in \
		spi "$3" encr aes-gcm-16 key -
	echo "$5" | net_exec "$1" ipsecx sa add dev "$2" policy 1 dir out \
		spi "$4" encr aes-gcm-16 key - activate
}

# gwa - router - gwb, twice as far as the router, once in a VRF.
outside() {
	ip -n gwa link add vrf0 type vrf table 10
	ip -n gwa link set vrf0 up
	net_veth gwa wan router near
	net_veth gwa vwan router vnear
	net_veth router far gwb wan
	ip -n gwa link set vwan master vrf0
	net_addr gwa wan 192.0.2.1/24 2001:db8:1::1/64
	net_addr router near 192.0.2.254/24 2001:db8:1::fe/64
	net_addr gwa vwan 203.0.113.1/24 2001:db8:3::1/64
	net_addr router vnear 203.0.113.254/24 2001:db8:3::fe/64
	net_addr router far 198.51.100.254/24 2001:db8:2::fe/64
	net_addr gwb wan 198.51.100.1/24 2001:db8:2::1/64
	net_route gwa default via 192.0.2.254
	net_route gwa default via 2001:db8:1::fe
	net_route gwa default via 203.0.113.254 table 10
	net_route gwa default via 2001:db8:3::fe table 10
	net_route gwb default via 198.51.100.254
	net_route gwb default via 2001:db8:2::fe
}

# bob has all of 10.2.0.0/16 and fd02::/64, each family on a cable of its own:
# one that is too narrow for IPv6 loses its addresses.
inside() {
	net_veth alice lan gwa lan
	ip -n alice link set lan mtu 9000
	ip -n gwa link set lan mtu 9000
	net_veth gwb lan4 bob lan4
	net_veth gwb lan6 bob lan6
	net_addr alice lan 10.1.0.2/24 fd01::2/64
	net_addr gwa lan 10.1.0.1/24 fd01::1/64
	net_addr gwb lan4 10.3.0.1/24
	net_addr gwb lan6 fd03::1/64
	net_addr bob lan4 10.3.0.2/24
	net_addr bob lan6 fd03::2/64
	net_route alice default via 10.1.0.1
	net_route alice default via fd01::1
	net_route bob default via 10.3.0.1
	net_route bob default via fd03::1
	ip -n bob route add local 10.2.0.0/16 dev lo
	ip -n bob -6 route add local fd02::/64 dev lo
	net_route gwb 10.2.0.0/16 via 10.3.0.2
	net_route gwb fd02::/64 via fd03::2
}

begin() {
	local key
	net_ns alice gwa router gwb bob
	outside
	inside
	key=$(secret)
	end gwa ipsec0 0x3001 0x3002 "$key"
	end gwb ipsec0 0x3002 0x3001 "$key"
	key=$(secret)
	end gwa ipsecv 0x3003 0x3004 "$key" link vrf0
	end gwb ipsecv 0x3004 0x3003 "$key"
	net_route gwa 10.2.0.0/16 dev ipsec0
	net_route gwa fd02::/64 dev ipsec0
	net_route gwb 10.1.0.0/24 dev ipsec0
	net_route gwb fd01::/64 dev ipsec0
}

ktap_run "a path of which every link can be narrow" begin
net_namespaces=(alice gwa router gwb bob)
ktap_run "$cases ways to be too big" "$here/../lib/mtu_grid.py" \
	"$here/../../uapi/ipsecx.yaml" "$cases"
ktap_done
