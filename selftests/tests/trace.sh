#!/bin/bash
# SPDX-License-Identifier: MIT
# The tracepoints ipsecx:tx, ipsecx:rx and ipsecx:drop, as many as the counters
# say and with the same names.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
tracing=/sys/kernel/tracing
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

# end NS LOCAL REMOTE SPI-IN SPI-OUT INNER; IPv6 talks without being asked to
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" sel any any proto icmp
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in \
		spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out \
		spi "$5" encr aes-gcm-16 key - activate
	net_addr "$1" ipsec0 "$6"
}

begin() {
	mountpoint -q "$tracing" || mount -t tracefs tracefs "$tracing"
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2 0x3001 0x3002 10.0.0.1/24
	end b 192.0.2.2 192.0.2.1 0x3002 0x3001 10.0.0.2/24
	echo 1 >"$tracing/events/ipsecx/enable"
}

# lines EVENT TEXT: how many there were
lines() { grep -cE "\\<$1: .*$2" "$tracing/trace" || :; }

walk() {
	echo >"$tracing/trace"
	net_exec a ping -q -c 3 -i 0.2 -W 3 -s 72 10.0.0.2
	grep -E '\<(tx|rx|drop): ' "$tracing/trace"
	# out of a and into b, and back
	for spi in 2 1; do
		for seq in 1 2 3; do
			words="dev=ipsec0 spi=0x0000300$spi seq=$seq len=100$"
			[ "$(lines tx "$words")" = 1 ]
			[ "$(lines rx "$words")" = 1 ]
		done
	done
	[ "$(lines drop .)" = 0 ]
}

drops() {
	echo >"$tracing/trace"
	# no policy is for UDP, and its sender is told so
	echo no | net_exec a socat -u - udp:10.0.0.2:9 || :
	# and the far end's for nothing else than TCP
	net_exec b ipsecx policy set dev ipsec0 id 1 sel any any proto tcp
	net_exec a ping -q -c 2 -i 0.2 -W 1 10.0.0.2 && return 1
	grep -E '\<drop: ' "$tracing/trace"
	[ "$(lines drop 'dev=ipsec0 spi=0x00000000 reason=no-policy$')" = 1 ]
	[ "$(lines drop 'dev=ipsec0 spi=0x00003002 reason=selector-mismatch$')" = 2 ]
	net_exec a ethtool -S ipsec0 | grep -E 'drop-no-policy: 1$'
	net_exec b ipsecx -j show | jq -e '.[0].drop |
		any(.reason == "selector-mismatch" and .packets == 2)'
}

ktap_run "tracing" begin
net_namespaces=(a b)
ktap_run "packets out and in" walk
ktap_run "drops" drops
echo 0 >"$tracing/events/ipsecx/enable"
rm -rf "$dir"
ktap_done
