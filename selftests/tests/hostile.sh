#!/bin/bash
# SPDX-License-Identifier: MIT
# ESP that somebody tampered with on its way from b to a: each packet dies,
# under the reason that is true, and the reasons add up to what was sent.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

mangle() { net_exec b "$here/../lib/mangle.py" "$@"; }

# end NS LOCAL REMOTE INNER SPI-IN SPI-OUT; the same key both ways is for
# tests only
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" ip link set ipsec0 up
	net_addr "$1" ipsec0 "$4/24"
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" sel 10.0.0.0/24 10.0.0.0/24 >/dev/null
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$5" encr aes-gcm-16 key - replay-window 64 >/dev/null
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$6" encr aes-gcm-16 key - activate >/dev/null
}

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2 10.0.0.1 0x1001 0x1002
	end b 192.0.2.2 192.0.2.1 10.0.0.2 0x1002 0x1001
	net_exec b ping -q -c 1 -W 3 10.0.0.1
	mangle catch wan "$dir/esp" &
	local catch=$!
	net_wait 20 caught
	wait "$catch"
}

caught() {
	net_exec b ping -q -c 1 -W 1 10.0.0.1
	[ -s "$dir/esp" ]
}

# drops REASON: of a's inbound SA; drops all: of any reason
drops() {
	net_exec a ipsecx -j sa show dev ipsec0 |
		jq --arg r "$1" '[.[] | select(.direction == "in") |
			.drop // [] | .[] |
			select($r == "all" or .reason == $r) | .packets] |
			add // 0'
}

received() {
	net_exec a ipsecx -j sa show dev ipsec0 |
		jq '.[] | select(.direction == "in") | .packets'
}

# die HOW REASON: every packet of that kind, and nothing else happens
die() {
	local before all carried sent
	before=$(drops "$2")
	all=$(drops all)
	carried=$(received)
	sent=$(mangle send wan "$dir/esp" "$1")
	echo "sent $sent"
	net_wait 10 counted "$2" $((before + sent))
	net_exec a ipsecx show ipsec0
	[ "$sent" -gt 0 ] && [ "$(drops all)" = $((all + sent)) ] &&
		[ "$(received)" = "$carried" ]
}

counted() { [ "$(drops "$1")" = "$2" ]; }

# The device's counters, by name in ethtool, are its SAs' together.
device_agrees() {
	local sum
	sum=$(net_exec a ethtool -S ipsec0 |
		awk '/drop-(replay|integrity|esp)/ { n += $2 } END { print n }')
	echo "ethtool $sum, SA $(drops all)"
	[ "$sum" = "$(drops all)" ]
}

still_works() { net_exec b ping -q -c 3 -i 0.2 -W 3 10.0.0.1; }

ktap_run "the tunnel works, and a packet is caught" begin
# ktap_run has a subshell of its own: what it made is to be removed here
net_namespaces=(a b)
ktap_run "the same packet again" die replay replay
ktap_run "a number left of the window" die old replay-old
ktap_run "each bit flipped" die flips integrity
ktap_run "too short, or not whole blocks" die short esp-malformed
ktap_run "cut at a block" die cut integrity
ktap_run "the device counts what its SAs count" device_agrees
ktap_run "the tunnel still works" still_works
rm -rf "$dir"
ktap_done
