# SPDX-License-Identifier: MIT
# What every cell of the grids in lib/cells.py needs. To be sourced after
# net.sh.
# shellcheck shell=bash

# grid_neighbours NS MAC ADDRESS...: known for good, since asking for them must
# not meet a policy.
grid_neighbours() {
	local ns=$1 mac=$2 address
	shift 2
	for address; do
		ip -n "$ns" neigh replace "$address" lladdr "$mac" dev wan
	done
}

# grid_ends: a with a device and a socket for ESP in UDP, and a wire to b, which
# has no addresses yet. Packets of tunnels go from .1 to .2, those of transport
# mode from .11 to .12; within tunnels from 10.1.0.1 to 10.2.0.1. A policy that
# covers nothing keeps the device's carrier between cells.
grid_ends() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24 192.0.2.11/24 2001:db8::1/64 \
		2001:db8::11/64
	grid_neighbours a "$(ip -n b -j link show wan | jq -r '.[0].address')" \
		192.0.2.2 192.0.2.12 2001:db8::2 2001:db8::12
	ip -n a link add link wan name ipsec0 type ipsecx
	net_exec a sysctl -qw net.ipv6.conf.ipsec0.router_solicitations=0
	ip -n a link set ipsec0 up
	net_addr a ipsec0 10.1.0.1/32 fd01::1/128
	net_exec a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 priority 1000 sel 10.9.0.1 10.9.0.1 >/dev/null
	net_route a 10.2.0.1/32 dev ipsec0 src 10.1.0.1
	net_route a fd02::1/128 dev ipsec0 src fd01::1
	net_route a 192.0.2.12/32 dev ipsec0 src 192.0.2.11
	net_route a 2001:db8::12/128 dev ipsec0 src 2001:db8::11
	ip netns exec a ipsecx socket port 4500 >/dev/null &
	net_wait 10 grid_listens
}

grid_listens() { net_exec a ss -Huln | grep -q ':4500 '; }
