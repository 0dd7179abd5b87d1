#!/bin/bash
# SPDX-License-Identifier: MIT
# Reasons to drop that no other script brings about, each under its own name,
# and as many as were sent; tests/drop-reasons says where the others are.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
printf '0x%s\n' "$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')" \
	>"$dir/key"

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }

# end NS LOCAL REMOTE SPI-IN SPI-OUT; the same key both ways is for tests only
end() {
	net_exec "$1" ip link add ipsec0 mtu 1500 type ipsecx
	net_exec "$1" sysctl -qw net.ipv6.conf.ipsec0.disable_ipv6=1
	net_exec "$1" ip link set ipsec0 up
	net_exec "$1" ipsecx policy add dev ipsec0 mode tunnel local "$2" \
		remote "$3" >/dev/null
	net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir in spi "$4" \
		encr aes-gcm-16 key-file "$dir/key" >/dev/null
	net_exec "$1" ipsecx sa add dev ipsec0 policy 1 dir out spi "$5" \
		encr aes-gcm-16 key-file "$dir/key" activate >/dev/null
}

begin() {
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24
	net_addr b wan 192.0.2.2/24
	end a 192.0.2.1 192.0.2.2 0x1001 0x1002
	end b 192.0.2.2 192.0.2.1 0x1002 0x1001
	b ping -q -c 1 -W 5 192.0.2.1
}

# count NS REASON: of the device; all for all of them together
count() {
	net_exec "$1" ipsecx -j show ipsec0 | jq --arg r "$2" '[.[0].drop // [] |
		.[] | select($r == "all" or .reason == $r) | .packets] | add // 0'
}

counted() { [ "$(count "$1" "$2")" = "$3" ]; }

# die NS REASON FROM-NS CASE: what is sent in one of them dies in the other
die() {
	local own all sent
	own=$(count "$1" "$2")
	all=$(count "$1" all)
	sent=$(net_exec "$3" "$here/../lib/inject.py" ipsec0 "$4")
	echo "sent $sent"
	net_wait 10 counted "$1" "$2" $((own + sent)) || :
	net_exec "$1" ipsecx -s show ipsec0
	[ "$sent" -gt 0 ] && counted "$1" "$2" $((own + sent)) &&
		counted "$1" all $((all + sent))
}

arrives() {
	local before sent
	before=$(b ipsecx -j show ipsec0 | jq '.[0]."rx-packets"')
	sent=$(a "$here/../lib/inject.py" ipsec0 good)
	net_wait 10 received $((before + sent))
}

received() { [ "$(b ipsecx -j show ipsec0 | jq '.[0]."rx-packets"')" = "$1" ]; }

# ESP over IP while the policy says UDP, and then not any more.
encap() {
	b ipsecx policy set dev ipsec0 id 1 encap udp 4500 4500
	die b encap-mismatch a good
	b ipsecx policy set dev ipsec0 id 1 encap none
	arrives
}

# What is authentic has nowhere to go.
down() {
	b ip link set ipsec0 down
	die b device-down a good
	b ip link set ipsec0 up
	arrives
}

# In transport mode no other addresses than the policy's get out.
mode() {
	local id
	a ipsecx policy set dev ipsec0 id 1 priority 9
	id=$(a ipsecx policy add dev ipsec0 mode transport local 192.0.2.1 \
		remote 192.0.2.2 priority 1)
	a ipsecx sa add dev ipsec0 policy "$id" dir out spi 0x1009 \
		encr aes-gcm-16 key-file "$dir/key" activate
	die a mode a good
	a ipsecx policy del dev ipsec0 id "$id"
	arrives
}

ktap_run "two ends" begin
net_namespaces=(a b)
ktap_run "what is right arrives" arrives
ktap_run "no sane IP header" die a inner-malformed a inner-malformed
ktap_run "larger than the path" die a too-big a too-big
ktap_run "not in UDP" encap
ktap_run "a device that is down" down
ktap_run "addresses that are not the policy's" mode
rm -rf "$dir"
ktap_done
