#!/bin/bash
# SPDX-License-Identifier: MIT
# A capture of 200 ESP packets is sent again by tcpreplay: whole, in another
# order within the window, and beyond it; and to an SPI that nobody has.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
number=200
window=64

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

# end NS LOCAL REMOTE
end() {
	local ns=$1 local=$2 remote=$3
	net_exec "$ns" ip link add ipsec0 type ipsecx
	# Its router solicitations would be drops that nobody sent.
	net_exec "$ns" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$ns" ip link set ipsec0 up
	net_exec "$ns" ipsecx policy add dev ipsec0 mode tunnel local "$local" \
		remote "$remote" sel 10.0.0.0/24 10.0.0.0/24
}

# sa NS DIR SPI WORDS...: with the key of that SPI
sa() {
	local ns=$1 dir_=$2 spi=$3
	shift 3
	[ -e "$dir/$spi" ] || printf '0x%s\n' \
		"$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')" \
		>"$dir/$spi"
	net_exec "$ns" ipsecx sa add dev ipsec0 policy 1 dir "$dir_" spi "$spi" \
		encr aes-gcm-16 key-file "$dir/$spi" "$@"
}

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2
	end b 192.0.2.2 192.0.2.1
	net_addr a ipsec0 10.0.0.1/24
	net_addr b ipsec0 10.0.0.2/24
	b ping -q -c 1 -W 3 192.0.2.1
	a nft -f - <<-'N'
	table ip arrivals {
		counter seen { }
		chain in {
			type filter hook prerouting priority raw;
			ip protocol esp counter name seen
		}
	}
	N
}

# capture SPI [esn]: b sends to an SPI that a does not have yet
capture() {
	local dump
	sa b out "$@" activate
	ip netns exec b tcpdump -i wan -U -w "$dir/$1.pcap" \
		'src 192.0.2.2 and proto 50' 2>"$dir/tcpdump" &
	dump=$!
	net_wait 20 grep -q listening "$dir/tcpdump"
	b ping -q -c "$number" -i 0.01 -W 1 10.0.0.1 || :
	kill "$dump"
	wait "$dump" || :
}

# Packets that came to a since the last look, whatever became of them.
arrived() {
	a nft -j reset counters table ip arrivals |
		jq '[.nftables[].counter.packets // empty] | add'
}

# On a busy machine one of tcpreplay's packets may be lost before it gets to a,
# which says nothing about what a does: status 75, and persist tries once more.
replay() {
	local n
	arrived
	b tcpreplay -q -i wan -p 400 "$1" >"$dir/tcpreplay" 2>&1
	sleep 0.5
	n=$(arrived)
	[ "$n" = "$number" ] && return
	cat "$dir/tcpreplay"
	echo "of $number packets $n arrived"
	ip -n b -s link show wan
	exit 75
}

# persist FUNCTION: again, if the network was at fault; with other SPIs
persist() {
	local status
	for try in 1 2 3; do
		set +e
		(set -euo pipefail; "$@")
		status=$?
		set -e
		[ "$status" = 75 ] || break
	done
	return "$status"
}

state() {
	a ipsecx -j sa show dev ipsec0 |
		jq --arg spi "0x0000${1#0x}" "[.[] | select(.spi == \$spi) |
			$2] | add // 0"
}

drops() {
	state "$1" "(.drop // [])[] | select(.reason == \"$2\") | .packets"
}

# counted SPI RECEIVED REPLAY REPLAY-OLD
counted() {
	echo "$1: $(state "$1" .packets) received," \
		"$(drops "$1" replay) seen, $(drops "$1" replay-old) old"
	[ "$(state "$1" .packets)" = "$2" ] &&
		[ "$(drops "$1" replay)" = "$3" ] &&
		[ "$(drops "$1" replay-old)" = "$4" ]
}

within() {
	local spi=0x1${try}01
	capture "$spi"
	"$here/../lib/reorder.py" "$dir/$spi.pcap" "$dir/near" near
	not cmp "$dir/$spi.pcap" "$dir/near"
	sa a in "$spi" replay-window "$window"
	replay "$dir/near"
	net_wait 10 counted "$spi" "$number" 0 0
	# what lies in the window was seen, and the rest is left of it
	replay "$dir/$spi.pcap"
	net_wait 10 counted "$spi" "$number" "$window" $((number - window))
}

not() { ! "$@"; }

beyond() {
	local spi=0x1${try}02
	capture "$spi"
	"$here/../lib/reorder.py" "$dir/$spi.pcap" "$dir/turned" turned
	sa a in "$spi" replay-window "$window"
	replay "$dir/turned"
	net_wait 10 counted "$spi" "$window" 0 $((number - window))
}

large() {
	local spi=0x1${try}03
	capture "$spi"
	"$here/../lib/reorder.py" "$dir/$spi.pcap" "$dir/turned" turned
	sa a in "$spi" replay-window 256
	replay "$dir/turned"
	net_wait 10 counted "$spi" "$number" 0 0
	replay "$dir/$spi.pcap"
	net_wait 10 counted "$spi" "$number" "$number" 0
}

# A number left of the window can only be one of the next 2^32 (RFC 4303
# appendix A2.2), and then the ICV, which covers the high half, is wrong.
esn() {
	local spi=0x1${try}04
	capture "$spi" esn
	"$here/../lib/reorder.py" "$dir/$spi.pcap" "$dir/near" near
	sa a in "$spi" esn replay-window "$window"
	replay "$dir/near"
	net_wait 10 counted "$spi" "$number" 0 0
	replay "$dir/$spi.pcap"
	net_wait 10 counted "$spi" "$number" "$window" 0
	[ "$(drops "$spi" integrity)" = $((number - window)) ]
}

all_counted() {
	a ipsecx -j show ipsec0 | jq -c '.[0] | {drop, "rx-packets"}'
}

# a's answers wait for an SA that does not come, and are drops in the end.
none_held() {
	a ipsecx -j show ipsec0 | jq -e '.[0].held == 0'
}

# Others may own it: it is theirs, and nothing here counts it.
foreign_spi() {
	local before spi=0x1${try}05
	net_wait 20 none_held
	before=$(all_counted)
	capture "$spi"
	replay "$dir/$spi.pcap"
	echo "before: $before"
	echo "after: $(all_counted)"
	[ "$(all_counted)" = "$before" ]
	a ipsecx -j sa show |
		jq -e --arg spi "0x0000${spi#0x}" 'map(.spi) | index($spi) == null'
}

# In UDP it came to our own socket, so nobody else can want it. What has the
# non-ESP marker, and a keepalive, belong to the socket's owner.
foreign_spi_udp() {
	local i
	ip netns exec a ipsecx socket port 4500 >"$dir/socket" &
	net_wait 10 grep -q 4500 "$dir/socket"
	for i in 1 2 3 4 5; do
		printf '\0\0\x20\x0%d\0\0\0\1 some bytes, encrypted' "$i" |
			b socat - UDP4-SENDTO:192.0.2.1:4500
		printf '\0\0\0\0 a message of IKE' |
			b socat - UDP4-SENDTO:192.0.2.1:4500
		printf '\xff' | b socat - UDP4-SENDTO:192.0.2.1:4500
	done
	net_wait 10 five_unknown
}

five_unknown() {
	a ipsecx -j show ipsec0 | tee "$dir/show" |
		jq -e '.[0]."netns-drop" ==
			[{"reason": "unknown-spi", "packets": 5}]'
}

ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "moved within the window all pass; again, none" persist within
ktap_run "moved beyond the window: left of it" persist beyond
ktap_run "a window that takes all, and again" persist large
ktap_run "64 bit numbers: within the window, and again" persist esn
ktap_run "an SPI that nobody has" persist foreign_spi
ktap_run "an SPI that nobody has, in UDP" foreign_spi_udp
net_cleanup
rm -rf "$dir"
ktap_done
