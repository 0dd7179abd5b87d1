#!/bin/bash
# SPDX-License-Identifier: MIT
# Devices over devices: tunnels in tunnels of this and of other kinds, what
# cannot stand on the device at all, and loops, which are cut and counted.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"
# shellcheck source=../lib/tunnel.sh
. "$here/../lib/tunnel.sh"

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24 2001:db8::1/64
	net_addr b wan 192.0.2.2/24 2001:db8::2/64
}

# pair DEVICE PREFIX4 PREFIX6 SPI LOCAL REMOTE: a tunnel between a's LOCAL and
# b's, with .1 and .2 inside
pair() {
	tunnel_end a "$1" "$5" "$6" "${4}1" "${4}2"
	tunnel_end b "$1" "$6" "$5" "${4}2" "${4}1"
	addresses "$1" "$2" "$3"
}

addresses() {
	net_addr a "$1" "$2.1/24" "$3::1/64"
	net_addr b "$1" "$2.2/24" "$3::2/64"
}

# works DEVICE PREFIX4 PREFIX6: small, fragmented, and by TCP, without a loss
works() {
	tunnel_pings a "$2.2" "$3::2"
	a ping -q -c 2 -i 0.2 -W 5 -s 5000 "$2.2"
	tunnel_file a b "$3::2"
	tunnel_file b a "$2.1"
}

# What is too big is told its sender, once.
clean() {
	local device
	for device; do
		{ a ethtool -S "$device" && b ethtool -S "$device"; } |
			grep 'drop-' | grep -v ': 0$' |
			grep -v drop-too-big && return 1
	done
	return 0
}

# An SA in an SA, twice: the devices' MTUs add up by themselves.
over_ipsecx() {
	pair ipsec0 10.0.0 fd00 0x100 192.0.2.1 192.0.2.2
	pair ipsec1 10.0.1 fd01 0x110 fd00::1 fd00::2
	pair ipsec2 10.0.2 fd02 0x120 10.0.1.1 10.0.1.2
	works ipsec2 10.0.2 fd02
	clean ipsec0 ipsec1 ipsec2
	a ip -s -j link show ipsec0 | jq -e '.[0].stats64.tx.packets > 100'
	a ipsecx -j policy show dev ipsec2 | tee /dev/stderr |
		jq -e '.[0].mtu < 1418'
	ip -n a link del ipsec2
	ip -n b link del ipsec2
	ip -n a link del ipsec1
	ip -n b link del ipsec1
}

# others NS LOCAL REMOTE DEVICE: GRE and VXLAN over it
others() {
	ip -n "$1" link add gre1 type gre local "$2" remote "$3"
	ip -n "$1" link add vx1 type vxlan id 7 dstport 4789 local "$2" \
		remote "$3" dev "$4"
	ip -n "$1" link set gre1 up
	ip -n "$1" link set vx1 up
}

# Other tunnels inside ours.
under_others() {
	local ns
	others a 10.0.0.1 10.0.0.2 ipsec0
	others b 10.0.0.2 10.0.0.1 ipsec0
	addresses gre1 10.0.3 fd03
	addresses vx1 10.0.4 fd04
	works gre1 10.0.3 fd03
	works vx1 10.0.4 fd04
	clean ipsec0
	for ns in a b; do
		ip -n "$ns" link del gre1
		ip -n "$ns" link del vx1
		ip -n "$ns" link del ipsec0
	done
}

# wireguard NS OWN-KEY PEER-KEY PEER-ADDRESS
wireguard() {
	ip -n "$1" link add wg0 type wireguard
	net_exec "$1" wg set wg0 listen-port 51820 private-key "$dir/$2" \
		peer "$(wg pubkey <"$dir/$3")" allowed-ips 0.0.0.0/0,::/0 \
		endpoint "$4:51820"
	ip -n "$1" link set wg0 up
}

# And ours in them.
over_others() {
	local ns device
	wg genkey >"$dir/a"
	wg genkey >"$dir/b"
	wireguard a a b 192.0.2.2
	wireguard b b a 192.0.2.1
	others a 192.0.2.1 192.0.2.2 wan
	others b 192.0.2.2 192.0.2.1 wan
	addresses wg0 10.1.5 fd15
	addresses gre1 10.1.3 fd13
	addresses vx1 10.1.4 fd14
	pair ipsec3 10.0.3 fd03 0x130 10.1.3.1 10.1.3.2
	pair ipsec4 10.0.4 fd04 0x140 fd14::1 fd14::2
	pair ipsec5 10.0.5 fd05 0x150 10.1.5.1 10.1.5.2
	works ipsec3 10.0.3 fd03
	works ipsec4 10.0.4 fd04
	works ipsec5 10.0.5 fd05
	clean ipsec3 ipsec4 ipsec5
	for ns in a b; do
		for device in ipsec3 ipsec4 ipsec5 wg0 gre1 vx1; do
			ip -n "$ns" link del "$device"
		done
	done
}

# There is no Ethernet on it.
refused() {
	a ip link add ipsec0 type ipsecx
	a ip link add br0 type bridge
	not a ip link set ipsec0 master br0
	not a ip link add link ipsec0 name ipsec0.7 type vlan id 7
	a ip link del br0
	a ip link del ipsec0
}

loops() { tunnel_drop a "$1" loop; }

# The peer's route leads into the device, of both families.
direct() {
	pair ipsec0 10.0.0 fd00 0x100 192.0.2.1 192.0.2.2
	pair ipsec1 10.0.1 fd01 0x110 2001:db8::1 2001:db8::2
	tunnel_pings a 10.0.0.2 10.0.1.2
	net_route a 192.0.2.2 dev ipsec0
	net_route a 2001:db8::2 dev ipsec1
	tunnel_mute a 10.0.0.2
	tunnel_mute a 10.0.1.2
	[ "$(loops ipsec0)" -ge 3 ] && [ "$(loops ipsec1)" -ge 3 ]
	ip -n a route del 192.0.2.2 dev ipsec0
	ip -n a -6 route del 2001:db8::2 dev ipsec1
	tunnel_pings a 10.0.0.2 10.0.1.2
}

# Three that send through one another, and a packet that may be fragmented on
# the way: it ends, soon, and nothing of it gets out.
circle() {
	local before
	pair ipsec2 10.0.2 fd02 0x120 192.0.2.1 192.0.2.3
	net_route a 192.0.2.2 dev ipsec1
	net_route a 2001:db8::2 dev ipsec2
	net_route a 192.0.2.3 dev ipsec0
	before=$(a cat /sys/class/net/wan/statistics/tx_packets)
	tunnel_mute a 10.0.0.2
	not a ping -q -c 2 -i 0.2 -W 1 -s 3000 10.0.0.2
	not a ping -q -c 2 -i 0.2 -W 1 -s 1400 10.0.2.2
	[ "$(($(loops ipsec0) + $(loops ipsec1) + $(loops ipsec2)))" -ge 10 ]
	# But for what its neighbours are asked.
	[ $(($(a cat /sys/class/net/wan/statistics/tx_packets) - before)) -lt 9 ]
	unwind
	tunnel_pings a 10.0.0.2 10.0.1.2
}

unwind() {
	ip -n a route del 192.0.2.2
	ip -n a -6 route del 2001:db8::2
	ip -n a route del 192.0.2.3
}

# Round by way of another kind of tunnel.
other_kind() {
	local before
	before=$(loops ipsec0)
	ip -n a link add gre1 type gre local 10.0.0.1 remote 10.0.0.2
	ip -n a link set gre1 up
	net_route a 192.0.2.2 dev gre1
	tunnel_mute a 10.0.0.2
	[ "$(loops ipsec0)" -gt "$before" ]
	ip -n a link del gre1
	tunnel_pings a 10.0.0.2
}

modprobe ipsecx
ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "ipsecx over ipsecx over ipsecx" over_ipsecx
ktap_run "GRE and VXLAN over ipsecx" under_others
ktap_run "ipsecx over GRE, VXLAN and WireGuard" over_others
ktap_run "no bridge and no VLAN" refused
ktap_run "a direct loop" direct
ktap_run "a loop through three" circle
ktap_run "a loop through GRE" other_kind
ktap_done
