#!/bin/bash
# SPDX-License-Identifier: MIT
# An authentic peer that lies: the ICV is right, and padding, next header, the
# inner packet or its addresses are wrong. Nothing of it comes through, each
# dies under its reason, and the right ones next to them pass.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
printf '0x%s\n' "$(head -c 36 /dev/urandom | od -An -tx1 | tr -d ' \n')" \
	>"$dir/key"

a() { net_exec a "$@"; }

# 0x1001 takes 10.0.0.0/24 and fd00::/112, 0x1002 of them only UDP from port 7
# to port 9.
begin() {
	local spi
	modprobe algif_aead
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	a ip link add ipsec0 type ipsecx
	a ip link set ipsec0 up
	net_addr a ipsec0 10.0.0.1/24 fd00::1/112
	a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 sel 10.0.0.0/24 10.0.0.0/24 \
		sel fd00::/112 fd00::/112
	a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 \
		sel 10.0.0.0/24 10.0.0.0/24 proto udp lport 9 rport 7 \
		sel fd00::/112 fd00::/112 proto udp lport 9 rport 7
	for spi in 1 2; do
		a ipsecx sa add dev ipsec0 policy "$spi" dir in spi "0x100$spi" \
			encr aes-gcm-16 key-file "$dir/key" replay-window 64
	done
	net_exec b ping -q -c 1 -W 3 192.0.2.1
	echo 1 >"$dir/seq"
}

# state SPI FILTER: of that SA
state() {
	a ipsecx -j sa show dev ipsec0 |
		jq --arg spi "0x0000$1" "[.[] | select(.spi == \$spi) | $2] |
			add // 0"
}

drops() {
	state "$1" "(.drop // [])[] | select(\"$2\" == \"all\" or
		.reason == \"$2\") | .packets"
}

# forge SPI CASE: how many were sent; numbers go on
forge() {
	local seq sent
	seq=$(cat "$dir/seq")
	sent=$(net_exec b "$here/../lib/forge.py" 192.0.2.2 192.0.2.1 "0x$1" \
		"$dir/key" "$seq" "$2")
	echo $((seq + sent)) >"$dir/seq"
	echo "$sent"
}

settled() { [ "$(($(state "$1" .packets) + $(drops "$1" all)))" = "$2" ]; }

# A subshell's exit status tells ktap_run; what it sent, the counters.
expect() {
	local spi=$1 case=$2 reason=$3 carried all own sent
	carried=$(state "$spi" .packets)
	all=$(drops "$spi" all)
	own=$(drops "$spi" "$reason")
	sent=$(forge "$spi" "$case")
	echo "sent $sent"
	[ "$sent" -gt 0 ]
	net_wait 10 settled "$spi" $((carried + all + sent)) || :
	a ipsecx -s show ipsec0
	if [ "$reason" = none ]; then
		[ "$(state "$spi" .packets)" = $((carried + sent)) ]
	else
		[ "$(drops "$spi" "$reason")" = $((own + sent)) ]
		[ "$(state "$spi" .packets)" = "$carried" ]
	fi
}

# What the SAs and the device say they delivered is what came out of it.
delivered() {
	local seen
	seen=$(a ipsecx -j show ipsec0 | jq '.[0]."rx-packets"')
	[ "$seen" = $(($(state 1001 .packets) + $(state 1002 .packets))) ]
	[ "$seen" = "$(a ip -s -j link show ipsec0 |
		jq '.[0].stats64.rx.packets')" ]
}

# Besides, the device drops link-local multicast of its own on its way out,
# for which there is no policy, and no SA.
device_agrees() {
	local sum
	sum=$(a ethtool -S ipsec0 | awk '
		/drop-/ && !/drop-no-(policy|sa):/ { n += $2 }
		END { print n }')
	echo "ethtool $sum"
	a ipsecx show -s
	[ "$sum" = "$(($(drops 1001 all) + $(drops 1002 all)))" ]
}

ktap_run "an SA, and a peer that has its key" begin
net_namespaces=(a b)
ktap_run "what is right passes" expect 1001 good none
for lie in padding next-header decap-malformed selector-mismatch dummy ecn; do
	ktap_run "lies: $lie" expect 1001 "$lie" "$lie"
done
ktap_run "right ports pass" expect 1002 right-ports none
ktap_run "lies: ports" expect 1002 ports selector-mismatch
ktap_run "what was delivered is what was counted" delivered
ktap_run "the device counts what its SAs count" device_agrees
ktap_run "what is right still passes" expect 1001 good none
rm -rf "$dir"
ktap_done
