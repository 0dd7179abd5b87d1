# SPDX-License-Identifier: MIT
# Network namespaces to test in. To be sourced; what is made here goes when the
# script ends.
# shellcheck shell=bash

net_namespaces=()

# net_ns NAME...: namespaces that forward, with loopback up.
net_ns() {
	local ns
	for ns; do
		ip netns add "$ns"
		net_namespaces+=("$ns")
		ip -n "$ns" link set lo up
		ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.default.rp_filter=0 \
			net.ipv6.conf.default.accept_dad=0
	done
}

# net_veth NS1 DEVICE1 NS2 DEVICE2: a cable.
net_veth() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# net_addr NS DEVICE ADDRESS...: addresses that are usable at once.
net_addr() {
	local ns=$1 device=$2 address
	shift 2
	for address; do
		case $address in
		*:*) ip -n "$ns" addr add "$address" dev "$device" nodad ;;
		*) ip -n "$ns" addr add "$address" dev "$device" ;;
		esac
	done
}

# net_route NS ROUTE...: a route in the words of ip route.
net_route() {
	local ns=$1 family=-4
	shift
	[[ $* != *:* ]] || family=-6
	ip -n "$ns" "$family" route replace "$@"
}

# net_exec NS COMMAND...
net_exec() {
	ip netns exec "$@"
}

# net_gateways: alice - gwa - gwb - bob. alice is 10.1.0.2 and fd01::2 behind
# gwa, bob 10.2.0.2 and fd02::2 behind gwb; between the gateways, on device
# wan, are 192.0.2.1 and 2001:db8::1 at gwa, .2 and ::2 at gwb.
net_gateways() {
	net_ns alice gwa gwb bob
	net_veth alice lan gwa lan
	net_veth gwa wan gwb wan
	net_veth gwb lan bob lan
	net_addr alice lan 10.1.0.2/24 fd01::2/64
	net_addr gwa lan 10.1.0.1/24 fd01::1/64
	net_addr gwa wan 192.0.2.1/24 2001:db8::1/64
	net_addr gwb wan 192.0.2.2/24 2001:db8::2/64
	net_addr gwb lan 10.2.0.1/24 fd02::1/64
	net_addr bob lan 10.2.0.2/24 fd02::2/64
	net_route alice default via 10.1.0.1
	net_route alice default via fd01::1
	net_route bob default via 10.2.0.1
	net_route bob default via fd02::1
}

# net_wait SECONDS COMMAND...: until it succeeds.
net_wait() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# net_cleanup: stop what runs in the namespaces, then remove them.
net_cleanup() {
	local ns pids
	for ns in "${net_namespaces[@]}"; do
		pids=$(ip netns pids "$ns" 2>/dev/null)
		# shellcheck disable=SC2086 # one word each
		[ -z "$pids" ] || kill $pids 2>/dev/null
		ip netns del "$ns" 2>/dev/null
	done
	net_namespaces=()
}

trap net_cleanup EXIT
