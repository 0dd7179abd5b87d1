#!/bin/bash
# SPDX-License-Identifier: MIT
# A peer that is somewhere else all of a sudden is reported when its newest
# packet says so, and by no replay; so is ESP for an SPI that nobody has.
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

# end NS LOCAL REMOTE SPI-IN SPI-OUT
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" encap udp 4500 4500
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 \
		dir in spi "$4" encr aes-gcm-16 key -
	echo "$key" | net_exec "$1" ipsecx sa add dev ipsec0 policy 1 \
		dir out spi "$5" encr aes-gcm-16 key - activate
}

begin() {
	local ns
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24 192.0.2.3/24
	end a 192.0.2.1 192.0.2.2 0x1001 0x1002
	end b 192.0.2.2 192.0.2.1 0x1002 0x1001
	net_addr a ipsec0 10.0.0.1/24
	net_addr b ipsec0 10.0.0.2/24
	for ns in a b; do
		ip netns exec "$ns" ipsecx socket port 4500 >"$dir/$ns" &
		net_wait 10 grep -q 4500 "$dir/$ns"
	done
	ip netns exec a ipsecx -j monitor >"$dir/events" &
	net_wait 20 hears
	b ping -q -c 3 -i 0.2 -W 3 10.0.0.1
}

# A policy that comes and goes shows that the monitor listens.
hears() {
	local id
	id=$(a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 priority 9)
	a ipsecx policy del dev ipsec0 id "$id"
	grep -q policy-del "$dir/events"
}

# events NAME JQ-FILTER: how many that the filter is true of
events() {
	jq -s "[.[] | select(.event == \"$1\") | select($2)] | length" \
		"$dir/events"
}

# seen NUMBER NAME JQ-FILTER
seen() {
	local number=$1
	shift
	[ "$(events "$@")" = "$number" ]
}

# From here on from another port, and not twice in a second.
port() {
	seen 0 peer-moved true
	b ipsecx policy set dev ipsec0 id 1 encap udp 4501 4500 \
		local 192.0.2.2 remote 192.0.2.1
	b ping -q -c 5 -i 0.02 -W 1 10.0.0.1 || :
	net_wait 5 seen 1 peer-moved '."remote-port" == 4501 and
		.remote == "192.0.2.2" and .policy == 1 and
		.spi == "0x00001001"'
	seen 1 peer-moved true
}

# The agent follows, and then there is nothing to report.
followed() {
	a ipsecx policy set dev ipsec0 id 1 encap udp 4500 4501 \
		local 192.0.2.1 remote 192.0.2.2
	sleep 1.1
	b ping -q -c 3 -i 0.1 -W 1 10.0.0.1 || :
	seen 1 peer-moved true
}

# A byte of all ones from port to port, when nothing else was sent for so long.
keepalive() {
	local dump
	ip netns exec a tcpdump -i wan -Q in -n -x -l 'udp[4:2] = 9' \
		>"$dir/alive" 2>"$dir/dump" &
	dump=$!
	net_wait 20 grep -q listening "$dir/dump"
	b ping -q -c 1 -W 1 10.0.0.1 || :
	b ipsecx policy set dev ipsec0 id 1 keepalive 1
	net_wait 30 alive 3
	cat "$dir/alive"
	grep -q '192.0.2.2.4501 > 192.0.2.1.4500: .*isakmp-nat-keep-alive' \
		"$dir/alive"
	grep -q 'ff' "$dir/alive"
	b ipsecx -j policy show dev ipsec0 | jq -e '.[0].keepalive == 1'
	echo "not while something is sent"
	b ping -q -c 1 -W 1 10.0.0.1 || :
	b ipsecx policy set dev ipsec0 id 1 keepalive 4
	none_during 20
	echo "nor without UDP, or when it is off"
	b ipsecx policy set dev ipsec0 id 1 keepalive 1 encap none
	sleep 3
	b ipsecx policy set dev ipsec0 id 1 keepalive 0 encap udp 4501 4500
	none_during 5 -i 0.5
	kill "$dump"
}

# alive NUMBER: so many have been seen, at least
alive() { [ "$(grep -c 'keep-alive' "$dir/alive")" -ge "$1" ]; }

# none_during PINGS [WORDS...]: none is seen while they are sent
none_during() {
	local before after
	sleep 1
	before=$(grep -c keep-alive "$dir/alive")
	b ping -q -c "$1" -i 0.3 -W 1 "${@:2}" 10.0.0.1 || :
	after=$(grep -c keep-alive "$dir/alive")
	echo "$before, $after"
	[ "$before" = "$after" ]
}

address() {
	b ipsecx policy set dev ipsec0 id 1 encap udp 4501 4500 \
		local 192.0.2.3 remote 192.0.2.1
	b ping -q -c 1 -W 1 10.0.0.1 || :
	net_wait 5 seen 1 peer-moved '.remote == "192.0.2.3"'
	b ipsecx policy set dev ipsec0 id 1 encap udp 4501 4500 \
		local 192.0.2.2 remote 192.0.2.1
}

# The newest packet, but once more; and with one bit wrong it is nobody's.
replayed() {
	local before
	sleep 1.1
	before=$(events peer-moved true)
	b "$here/../lib/elsewhere.py" wan 192.0.2.1 4777 >"$dir/elsewhere" &
	net_wait 10 grep -q listening "$dir/elsewhere"
	b ping -q -c 1 -W 1 10.0.0.1 || :
	wait
	net_wait 5 replay_counted
	seen "$before" peer-moved true
}

replay_counted() {
	a ipsecx -j sa show | jq -e '[.[] | .drop // [] | .[] |
		select(.reason == "replay") | .packets] | add == 1'
}

five_unknown() {
	a ipsecx -j show ipsec0 | jq -e '.[0]."netns-drop" ==
		[{"reason": "unknown-spi", "packets": 5}]'
}

unknown() {
	sleep 1.1
	b bash -c 'exec 3>/dev/udp/192.0.2.1/4500
		for i in 1 2 3 4 5; do
			printf "\0\0\x20\x01\0\0\0\1 some bytes, encrypted" >&3
		done'
	net_wait 5 seen 1 unknown-spi '.remote == "192.0.2.2" and
		."remote-port" > 0 and .spi == "0x00002001"'
	net_wait 5 five_unknown
	seen 1 unknown-spi true
	pkill -f 'ipsecx -j monitor'
	pkill -f 'ipsecx socket'
}

ktap_run "two ends in UDP" begin
net_namespaces=(a b)
ktap_run "another port is reported, once a second" port
ktap_run "what the policy says is not" followed
ktap_run "NAT keepalives" keepalive
ktap_run "another address" address
ktap_run "no replay from elsewhere" replayed
ktap_run "an unknown SPI" unknown
rm -rf "$dir"
ktap_done
