#!/bin/bash
# SPDX-License-Identifier: MIT
# The module is removed under tunnels that carry all that iperf3 can send in
# both directions, and comes again. ROUNDS is how often; 3 by default, 30 in
# check-deep. The kernel's log is looked at by whoever runs this.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"
# shellcheck source=../lib/tunnel.sh
. "$here/../lib/tunnel.sh"

rounds=${ROUNDS:-${IPSECX_DEEP:+30}}
rounds=${rounds:-3}

begin() {
	local port
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	for port in 5201 5202 5203; do
		net_exec b iperf3 -s -D -p "$port"
		net_wait 10 tunnel_listens b "$port"
	done
}

listens() { net_exec "$1" ss -Huln | grep -q ':4500 '; }

# The second tunnel is in UDP.
up() {
	modprobe ipsecx
	ip netns exec a ipsecx socket port 4500 &
	ip netns exec b ipsecx socket port 4500 &
	net_wait 10 listens a
	net_wait 10 listens b
	tunnel_end a ipsec0 192.0.2.1 192.0.2.2 0x1001 0x1002
	tunnel_end b ipsec0 192.0.2.2 192.0.2.1 0x1002 0x1001
	tunnel_end a ipsec1 192.0.2.1 192.0.2.2 0x1003 0x1004 encap udp 4500 4500
	tunnel_end b ipsec1 192.0.2.2 192.0.2.1 0x1004 0x1003 encap udp 4500 4500
	net_addr a ipsec0 10.0.0.1/24 fd00::1/64
	net_addr b ipsec0 10.0.0.2/24 fd00::2/64
	net_addr a ipsec1 10.0.1.1/24
	net_addr b ipsec1 10.0.1.2/24
	tunnel_pings a 10.0.0.2 fd00::2 10.0.1.2
}

has_carried() {
	net_exec a ip -s -j link show ipsec0 | jq -e '.[0].stats64 |
		.rx.packets > 300 and .tx.packets > 300'
}

# The sender of each direction sits in a call of the stack as the device goes.
removed() {
	local pids=() start
	up
	ip netns exec a iperf3 -t 60 -c 10.0.0.2 -p 5201 &
	pids+=($!)
	ip netns exec a iperf3 -t 60 -c fd00::2 -p 5202 -R &
	pids+=($!)
	ip netns exec a iperf3 -t 60 -u -b 20M -c 10.0.1.2 -p 5203 &
	pids+=($!)
	ip netns exec b ping -q -f -w 60 10.0.0.1 &
	pids+=($!)
	net_wait 30 has_carried
	sleep 1
	start=$SECONDS
	rmmod ipsecx
	echo "took $((SECONDS - start)) s"
	not grep '^ipsecx ' /proc/modules
	not ip -n a link show ipsec0
	pkill -9 -f 'ipsecx socket port 4500'
	kill -9 "${pids[@]}" || :
	wait "${pids[@]}" || :
}

modprobe ipsecx
ktap_run "two ends" begin
net_namespaces=(a b)
for ((round = 1; round <= rounds; round++)); do
	ktap_run "removed under traffic, number $round" removed
done
ktap_run "and it works again" up
ktap_done
