#!/bin/bash
# SPDX-License-Identifier: MIT
# The device as a device: it comes by itself, moves, is named, tells its
# driver, and goes with the namespace of its outer packets.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }
not() { ! "$@"; }

unload() {
	modprobe -r ipsecx
	not grep -q '^ipsecx ' /proc/modules
}

# Nobody has to load the module: neither ip nor a netlink client.
by_link() {
	unload
	ip link add type ipsecx
	ip -d link show type ipsecx
	ip link del ipsecx0
}

by_family() {
	unload
	ipsecx caps
	grep '^ipsecx ' /proc/modules
}

with_devices() {
	ip link add ipsec0 type ipsecx
	ip link set ipsec0 up
	ip addr add 10.0.0.1/24 dev ipsec0
	ipsecx policy add dev ipsec0 mode tunnel local 127.0.0.1 \
		remote 127.0.0.2
	unload
	not ip link show ipsec0
}

looks() {
	a ip link add ipsec0 type ipsecx
	not a ip link add ipsec0 type ipsecx
	a ip -d -j link show ipsec0 | tee "$dir/link" |
		jq -e '.[0] | .linkinfo.info_kind == "ipsecx" and
			.link_type == "none" and (.flags | contains(["NOARP",
			"POINTOPOINT"])) and .mtu > 1200'
	a ethtool -i ipsec0 | grep -x 'driver: ipsecx'
	a ethtool -k ipsec0 | grep -x 'tcp-segmentation-offload: on'
	a ethtool -k ipsec0 | grep 'tx-checksum-ip-generic: on'
	a ip link set ipsec0 name tun-paris
	a ipsecx -j show tun-paris | jq -e 'length == 1'
	a ip link set tun-paris name ipsec0
}

# Names in ethtool are those of the spec.
statistics() {
	awk '/^enum ipsecx_drop_reason/ { on = 1 }
		/^}/ { on = 0 }
		on && /IPSECX_DROP_REASON_/ && !/UNSPEC|MAX/ {
			gsub(/.*IPSECX_DROP_REASON_|,.*/, "")
			gsub(/_/, "-"); print "drop-" tolower($0) }' \
		"$here/../../uapi/linux/ipsecx.h" | sort >"$dir/want"
	a ethtool -S ipsec0 | sed -n 's/^ *\(drop-[a-z-]*\): .*/\1/p' |
		sort >"$dir/got"
	[ "$(wc -l <"$dir/want")" -gt 20 ]
	diff "$dir/want" "$dir/got"
}

# end NS LOCAL REMOTE SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link show ipsec0 >/dev/null 2>&1 ||
		net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3"
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$5" encr aes-gcm-16 key - activate
}

# The clear side in another namespace, with a device there of the same name;
# the outer packets stay where the device was made.
moves() {
	end a 192.0.2.1 192.0.2.2 0x1001 0x1002
	end b 192.0.2.2 192.0.2.1 0x1002 0x1001
	a ip link set ipsec0 netns c
	net_exec c ip link set ipsec0 up
	b ip link set ipsec0 up
	net_addr c ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 fd00::2/64
	net_exec c ping -q -c 3 -i 0.2 -W 3 10.0.0.2
	b ping -q -c 3 -i 0.2 -W 3 fd00::1
	a ip link add ipsec0 type ipsecx
	a ip link del ipsec0
	net_exec c ipsecx -j show ipsec0 | jq -e '.[0].sas == 2'
	[ "$(a ipsecx -j show)" = '[]' ]
}

# The SPIs are those of the namespace of the outer packets.
same_spi() {
	a ip link add ipsec1 type ipsecx
	a ipsecx policy add dev ipsec1 mode tunnel local 192.0.2.1 \
		remote 192.0.2.9
	echo "$key" >"$dir/key"
	not a ipsecx sa add dev ipsec1 policy 1 dir in spi 0x1001 \
		encr aes-gcm-16 key-file "$dir/key"
	a ip link del ipsec1
}

# A route to the peer into the tunnel itself.
loop() {
	net_route b 192.0.2.1 dev ipsec0
	b ping -q -c 3 -i 0.2 -W 1 10.0.0.1 && return 1
	b ethtool -S ipsec0 | grep -E 'drop-loop: [1-9]'
	ip -n b route del 192.0.2.1 dev ipsec0
	net_exec c ping -q -c 2 -i 0.2 -W 3 10.0.0.2
}

# Two devices that are each other's way out.
mutual_loop() {
	b ip link add ipsec1 type ipsecx
	b ip link set ipsec1 up
	b ipsecx policy add dev ipsec1 mode tunnel local 192.0.2.2 \
		remote 192.0.2.9
	echo "$key" | b ipsecx sa add dev ipsec1 policy 1 dir out \
		spi 0x1009 encr aes-gcm-16 key - activate
	net_route b 192.0.2.1 dev ipsec1
	net_route b 192.0.2.9 dev ipsec0
	b ping -q -c 3 -i 0.2 -W 1 10.0.0.1 && return 1
	{ b ethtool -S ipsec0; b ethtool -S ipsec1; } |
		awk '/drop-loop/ { n += $2 } END { print n; exit n < 6 }'
	ip -n b route del 192.0.2.1 dev ipsec1
	b ip link del ipsec1
	net_exec c ping -q -c 2 -i 0.2 -W 3 10.0.0.2
}

# The mark decides about the outer route, at once.
mark() {
	ip -n b rule add fwmark 7 lookup 100
	ip -n b route add unreachable default table 100
	b ipsecx link set dev ipsec0 fwmark 7
	b ping -q -c 2 -i 0.2 -W 1 10.0.0.1 && return 1
	b ethtool -S ipsec0 | grep -E 'drop-no-route: [1-9]'
	b ipsecx link set dev ipsec0 fwmark 0
	b ping -q -c 2 -i 0.2 -W 3 10.0.0.1
}

# An owner that takes its socket's encapsulation back before it closes it
# does not keep the namespace for ever: the cable that ends there goes with it.
socket_ends() {
	ip netns add d
	ip link add cable type veth peer name end netns d
	ip netns exec d "$here/../lib/socket_ends.py" \
		"$here/../../uapi/ipsecx.yaml"
	ip netns del d
	net_wait 20 not ip link show cable
}

# With the namespace of its outer packets the device has nowhere to go.
birth_ends() {
	ip netns del a
	net_wait 20 not net_exec c ip link show ipsec0
	[ "$(net_exec c ipsecx -j show)" = '[]' ]
}

ktap_run "ip link add loads the module" by_link
ktap_run "so does the family's name" by_family
ktap_run "it can be removed with devices" with_devices
modprobe ipsecx
net_ns a b c
net_veth a wan b wan
net_addr a wan 192.0.2.1/24
net_addr b wan 192.0.2.2/24
ktap_run "what ip and ethtool say of it" looks
ktap_run "its counters have the spec's names" statistics
ktap_run "it works from another namespace" moves
ktap_run "an SPI is taken once in its outer namespace" same_spi
ktap_run "a loop is cut and counted" loop
ktap_run "so is one through two devices" mutual_loop
ktap_run "the outer packets' mark" mark
ktap_run "a socket that is closed without its hook is let go" socket_ends
ktap_run "it goes with its outer namespace" birth_ends
rm -rf "$dir"
ktap_done
