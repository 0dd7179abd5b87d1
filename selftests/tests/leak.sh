#!/bin/bash
# SPDX-License-Identifier: MIT
# Nothing leaves in clear: without a policy, without an SA, after the SA is
# deleted in mid-flow, after the policy is, and with the device down.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

alice() { net_exec alice "$@"; }
gwa() { net_exec gwa "$@"; }

# gwb answers what it gets in clear, so that a leak would even be useful.
begin() {
	net_gateways
	net_route gwb 10.1.0.0/24 via 192.0.2.1
	net_route gwb fd01::/64 via 2001:db8::1
	gwa ip link add ipsec0 type ipsecx
	gwa ip link set ipsec0 up
	net_route gwa 10.2.0.0/24 dev ipsec0
	net_route gwa fd02::/64 dev ipsec0
}

# What of the inner networks is seen on gwa's wan while a command runs.
watched() {
	local dump seen
	# no function: the process to stop has to be tcpdump itself
	ip netns exec gwa tcpdump -n -l -U -i wan \
		'net 10.0.0.0/8 or net fd00::/8 or (icmp and dst 192.0.2.2)' \
		>"$dir/clear" 2>"$dir/tcpdump" &
	dump=$!
	net_wait 20 grep -q listening "$dir/tcpdump"
	"$@"
	# A packet that may be seen, and then everything before it has been.
	gwa ping -q -c 1 -W 1 192.0.2.2 || :
	net_wait 10 grep -q '> 192.0.2.2: ICMP' "$dir/clear"
	kill "$dump"
	wait "$dump" || :
	# tcpdump ends with an empty line
	seen=$(grep . "$dir/clear" | grep -cv '> 192.0.2.2: ICMP' || :)
	cat "$dir/clear"
	[ "$seen" = 0 ]
}

# Pings and TCP of both families, which must not get an answer.
in_vain() {
	local to
	for to in 10.2.0.2 fd02::2; do
		! alice ping -q -c 2 -i 0.2 -W 1 "$to" || return
	done
	! alice timeout 2 bash -c 'exec 3<>/dev/tcp/10.2.0.2/7' || return
}

dropped() {
	gwa ethtool -S ipsec0 | awk -v r="drop-$1:" '$1 == r { print $2 }'
}

# add_policy [WORDS...]
add_policy() {
	gwa ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 "$@"
}

# Without any policy the device has no carrier, so that packets do not even
# get into it.
no_policy() {
	watched in_vain
}

other_policy() {
	local id
	id=$(add_policy sel 10.9.0.0/16 10.9.0.0/16)
	watched in_vain
	gwa ethtool -S ipsec0
	[ "$(dropped no-policy)" -ge 4 ]
	# The sender is told, and not by silence.
	{ alice ping -c 1 -W 3 10.2.0.2 || :; } | grep 'Packet filtered'
	{ alice ping -c 1 -W 3 fd02::2 || :; } | grep -i 'prohibited'
	gwa ipsecx policy del dev ipsec0 id "$id"
}

no_sa() {
	add_policy >/dev/null
	watched in_vain
	# What was held for an SA that did not come dies, too.
	net_wait 15 sh -c "ip netns exec gwa ipsecx -j show ipsec0 |
		jq -e '.[0].held == 0'"
	[ "$(dropped no-sa)" -ge 4 ]
}

add_sa() {
	local policy
	policy=$(gwa ipsecx -j policy show dev ipsec0 | jq '.[0].id')
	echo "$key" | gwa ipsecx sa add dev ipsec0 policy "$policy" dir out \
		spi 0x1002 encr aes-gcm-16 key - activate
}

flow() { alice ping -q -i 0.02 -c 150 -W 1 10.2.0.2; }

delete_in_flow() {
	local id pings
	id=$(add_sa)
	flow &
	pings=$!
	sleep 0.2
	gwa ipsecx sa del dev ipsec0 id "$id"
	sleep 0.2
	add_sa
	gwa ipsecx policy del dev ipsec0 id \
		"$(gwa ipsecx -j policy show dev ipsec0 | jq '.[0].id')"
	wait "$pings" || :
}

in_flow() {
	watched delete_in_flow
	gwa ipsecx show ipsec0
	gwa ipsecx -j show ipsec0 | jq -e '.[0]."tx-packets" > 0'
}

# With the device down its routes go: that is the router's own default route
# then, and the operator's; here there is none, so nothing leaves.
device_down() {
	gwa ip link set ipsec0 down
	watched in_vain
}

ktap_run "gateways, and a device with routes into it" begin
net_namespaces=(alice gwa gwb bob)
ktap_run "without a policy" no_policy
ktap_run "with a policy for other packets" other_policy
ktap_run "without an SA" no_sa
ktap_run "while SA and policy are deleted under a flow" in_flow
ktap_run "with the device down" device_down
rm -rf "$dir"
ktap_done
