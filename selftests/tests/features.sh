#!/bin/bash
# SPDX-License-Identifier: MIT
# What ip and ethtool show of a device, and what they may switch off and on
# again while files go through it in both directions.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"
# shellcheck source=../lib/tunnel.sh
. "$here/../lib/tunnel.sh"

a() { net_exec a "$@"; }

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	tunnel_end a ipsec0 192.0.2.1 192.0.2.2 0x1001 0x1002
	tunnel_end b ipsec0 192.0.2.2 192.0.2.1 0x1002 0x1001
	net_addr a ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 fd00::2/64
	tunnel_pings a 10.0.0.2 fd00::2
}

# All that ip knows of any device, and says of this one.
looks() {
	a ip -d -j link show ipsec0 | tee /dev/stderr | jq -e '.[0] |
		.linkinfo.info_kind == "ipsecx" and .link_type == "none" and
		.mtu == 1446 and .min_mtu == 68 and .max_mtu > 65000 and
		.max_mtu < 65536 and .qdisc == "noqueue" and
		.operstate == "UP" and .promiscuity == 0 and
		(.flags | sort) == ["LOWER_UP", "MULTICAST", "NOARP",
			"POINTOPOINT", "UP"] and
		.gso_max_size == 65536 and .tso_max_size == 65536 and
		(has("link") | not) and (has("address") | not)'
}

stats() { a ip -s -j link show ipsec0 | jq "$1"; }

# Clear packets and their bytes, each once; what is lost is dropped.
counts() {
	net_wait 30 tunnel_quiet a ipsec0
	net_wait 30 tunnel_quiet b ipsec0
	stats '.[0].stats64' >"$dir/before"
	a ping -q -n -c 5 -i 0.2 -W 5 -s 972 10.0.0.2
	net_route a 10.9.9.0/24 dev ipsec0
	a ipsecx policy set dev ipsec0 id 1 sel any 10.0.0.0/24 sel any fd00::/64
	a ping -q -n -c 4 -i 0.2 -W 1 10.9.9.9 || :
	stats '.[0].stats64' | tee /dev/stderr |
		jq -e --slurpfile was "$dir/before" '$was[0] as $was |
		[.rx.packets - $was.rx.packets, .rx.bytes - $was.rx.bytes,
		.tx.packets - $was.tx.packets, .tx.bytes - $was.tx.bytes,
		.tx.dropped - $was.tx.dropped, .rx.errors, .tx.errors,
		.rx.dropped] == [5, 5000, 5, 5000, 4, 0, 0, 0]'
	[ "$(tunnel_drop a ipsec0 no-policy)" = 4 ]
	[ "$(tunnel_drops a ipsec0)" = "$(stats '.[0].stats64 |
		.rx.dropped + .tx.dropped + .tx.errors')" ]
	a ipsecx policy set dev ipsec0 id 1 sel any any
}

# feature NAME: on or off, and "fixed" if it is that
feature() { a ethtool -k ipsec0 | sed -n "s/^\t*$1: //p"; }

known() {
	local name
	for name in tcp-segmentation-offload generic-segmentation-offload \
		    generic-receive-offload scatter-gather tx-checksumming \
		    tx-checksum-ip-generic rx-checksumming \
		    tx-scatter-gather-fraglist; do
		echo "$name: $(feature "$name")"
		[ "$(feature "$name")" = on ]
	done
	# Nothing of a device with Ethernet's headers or hardware.
	for name in rx-vlan-offload tx-vlan-offload ntuple-filters \
		    esp-hw-offload; do
		[[ $(feature "$name") = off* ]]
	done
}

# Both families, both directions.
files() {
	tunnel_file a b 10.0.0.2
	tunnel_file b a fd00::1
}

# switched NAME IN-ETHTOOL: off and on again while files are on their way
switched() {
	local files
	files &
	files=$!
	sleep 0.2
	a ethtool -K ipsec0 "$1" off
	[ "$(feature "$2")" = off ]
	wait "$files"
	files &
	files=$!
	sleep 0.2
	a ethtool -K ipsec0 "$1" on
	wait "$files"
	[ "$(feature "$2")" = on ]
}

all_off() {
	a ethtool -K ipsec0 tso off gso off gro off sg off tx off rx off
	files
	a ping -q -n -c 2 -i 0.2 -W 5 -s 9000 10.0.0.2
	a ethtool -K ipsec0 tx on rx on sg on gso on tso on gro on
	known
	files
}

without_loss() {
	[ "$(tunnel_drops b ipsec0)" = 0 ]
	[ "$(tunnel_drops a ipsec0)" = 4 ]
}

modprobe ipsecx
ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "ip -d link" looks
ktap_run "ip -s link and ethtool -S" counts
ktap_run "ethtool -k" known
ktap_run "tso" switched tso tcp-segmentation-offload
ktap_run "gso" switched gso generic-segmentation-offload
ktap_run "gro" switched gro generic-receive-offload
ktap_run "sg" switched sg scatter-gather
ktap_run "tx-checksum" switched tx tx-checksum-ip-generic
ktap_run "rx-checksum" switched rx rx-checksumming
ktap_run "all of them" all_off
ktap_run "nothing was lost meanwhile" without_loss
ktap_done
