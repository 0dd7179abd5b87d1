#!/bin/bash
# SPDX-License-Identifier: MIT
# An SA's limits: each is told once, what comes behind a hard one dies and is
# counted, and no packet more than it allows is carried.
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

# end NS LOCAL REMOTE
end() {
	net_exec "$1" ip link add ipsec0 type ipsecx
	net_exec "$1" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3"
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
}

# sa NS WORDS...: its id
sa() {
	local ns=$1
	shift
	echo "$key" | net_exec "$ns" ipsecx sa add dev ipsec0 policy 1 \
		encr aes-gcm-16 key - "$@"
}

# fresh A-OUT-LIMITS -- B-IN-LIMITS: new SAs both ways, and a new monitor
fresh() {
	local out=() id ns
	while [ "$1" != -- ]; do
		out+=("$1")
		shift
	done
	shift
	for ns in a b; do
		for id in $(net_exec "$ns" ipsecx -j sa show | jq '.[].id'); do
			net_exec "$ns" ipsecx sa del dev ipsec0 id "$id"
		done
	done
	sa b dir in spi 0x1001 "$@" >"$dir/in"
	sa b dir out spi 0x1002 activate >/dev/null
	sa a dir in spi 0x1002 >/dev/null
	listen a
	listen b
	sa a dir out spi 0x1001 activate "${out[@]}" >"$dir/out"
}

# No function: what is stopped has to be the monitor itself.
listen() {
	local file=$dir/events-$1
	[ ! -e "$file.pid" ] || kill "$(cat "$file.pid")" || :
	ip netns exec "$1" ipsecx -j monitor >"$file" 2>&1 &
	echo $! >"$file.pid"
	net_wait 20 hears "$1"
}

# A policy that comes and goes shows that the monitor listens.
hears() {
	local id
	id=$(net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel \
		local 192.0.2.1 remote 192.0.2.2 priority 9 \
		sel 10.9.0.1 10.9.0.2)
	net_exec "$1" ipsecx policy del dev ipsec0 id "$id"
	grep -q policy-del "$dir/events-$1"
}

# events NS KIND CAUSE: how many there were
events() {
	jq -s "[.[] | select(.event == \"sa-expire\" and .kind == \"$2\" and
		.cause == \"$3\")] | length" "$dir/events-$1"
}

expired() {
	local status=0
	[ "$(events "$@")" = 1 ] || status=1
	[ "$status" = 0 ] || cat "$dir/events-$1"
	return "$status"
}

pings() { a ping -q -c "$1" -i 0.01 -W 1 10.0.0.2 || :; }

# state NS ID JQ-FILTER
state() {
	net_exec "$1" ipsecx -j sa show dev ipsec0 |
		jq ".[] | select(.id == $2) | $3"
}

drops() { state "$1" "$2" '[.drop // [] | .[] |
	select(.reason == "sa-expired") | .packets] | add // 0'; }

packets() {
	local out
	fresh packet-soft 10 packet-hard 20 --
	out=$(cat "$dir/out")
	pings 5
	[ "$(events a soft packets)" = 0 ]
	pings 10
	net_wait 5 expired a soft packets
	[ "$(events a hard packets)" = 0 ]
	pings 20
	net_wait 5 expired a hard packets
	expired a soft packets
	[ "$(state a "$out" .packets)" = 20 ]
	[ "$(drops a "$out")" = 15 ]
}

# 84 bytes each
bytes() {
	local out
	fresh byte-soft 500 byte-hard 1000 --
	out=$(cat "$dir/out")
	pings 20
	net_wait 5 expired a soft bytes
	net_wait 5 expired a hard bytes
	state a "$out" .
	[ "$(state a "$out" .bytes)" = 1008 ]
	[ "$(drops a "$out")" = 8 ]
}

inbound() {
	local in
	fresh -- packet-hard 7
	in=$(cat "$dir/in")
	pings 20
	net_wait 5 expired b hard packets
	[ "$(state b "$in" .packets)" = 7 ]
	[ "$(drops b "$in")" = 13 ]
}

seconds() {
	local out
	fresh time-soft 2 time-hard 4 --
	out=$(cat "$dir/out")
	pings 3
	[ "$(state a "$out" .packets)" = 3 ]
	net_wait 10 expired a soft time
	net_wait 10 expired a hard time
	pings 3
	[ "$(state a "$out" .packets)" = 3 ]
	[ "$(drops a "$out")" = 3 ]
}

# Told once, and once more after it has worked again.
idle() {
	fresh idle 2 --
	net_wait 10 expired a idle idle
	sleep 3
	expired a idle idle
	pings 2
	net_wait 10 twice
	pings 2
	state a "$(cat "$dir/out")" .packets
	[ "$(state a "$(cat "$dir/out")" .packets)" = 4 ]
}

twice() { [ "$(events a idle idle)" = 2 ]; }

shown() {
	fresh byte-soft 5000000000 byte-hard 6000000000 time-hard 900 --
	a ipsecx -s show | tee "$dir/show"
	grep 'bytes soft 5000000000, bytes hard 6000000000, seconds hard 900' \
		"$dir/show"
	state a "$(cat "$dir/out")" '."byte-hard" == 6000000000' | grep true
	kill "$(cat "$dir/events-a.pid")" "$(cat "$dir/events-b.pid")"
}

ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "packets" packets
ktap_run "bytes" bytes
ktap_run "packets that are received" inbound
ktap_run "seconds" seconds
ktap_run "idle" idle
ktap_run "limits of more than 32 bits are shown" shown
rm -rf "$dir"
ktap_done
