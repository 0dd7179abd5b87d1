#!/bin/bash
# SPDX-License-Identifier: MIT
# The command ipsecx against a real kernel: what it sets, shows and refuses.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
# Keys are random, so that a search for them finds nothing else.
key_a=$(od -An -tx1 -N20 /dev/urandom | tr -d ' \n')
key_b=$(od -An -tx1 -N20 /dev/urandom | tr -d ' \n')

left() { net_exec left ipsecx "$@"; }
right() { net_exec right ipsecx "$@"; }

# refused STATUS TEXT WORDS...: ipsecx in left ends so and says so, in a line.
refused() {
	local want=$1 text=$2 status=0
	shift 2
	net_exec left ipsecx "$@" >"$dir/out" 2>"$dir/err" || status=$?
	cat "$dir/err"
	[ "$status" = "$want" ] && [ "$(wc -l <"$dir/err")" = 1 ] &&
		[ ! -s "$dir/out" ] && grep -qF -- "$text" "$dir/err"
}

# json FILTER WORDS...: what jq makes of the command's JSON, in left.
json() {
	local filter=$1
	shift
	left -j "$@" | jq -er "$filter"
}

begin() {
	local ns
	net_ns left right
	net_veth left wan right wan
	net_addr left wan 192.0.2.1/24 2001:db8::1/64
	net_addr right wan 192.0.2.2/24 2001:db8::2/64
	for ns in left right; do
		net_exec "$ns" ip link add ipsec0 type ipsecx
		net_exec "$ns" ip link set ipsec0 up
	done
	net_addr left ipsec0 10.0.0.1/24
	net_addr right ipsec0 10.0.0.2/24
}

# sas NS POLICY IN OUT IN-KEY OUT-KEY
sas() {
	echo "$5" >"$dir/key"
	net_exec "$1" ipsecx sa add dev ipsec0 policy "$2" dir in spi "$3" \
		encr aes-gcm-16 key-file "$dir/key"
	echo "0x$6" | net_exec "$1" ipsecx sa add dev ipsec0 policy "$2" \
		dir out spi "$4" encr aes-gcm-16 key - activate
}

# tunnel ENCAP...: policies and SAs by hand, on both sides
tunnel() {
	local l r
	l=$(left policy add dev ipsec0 mode tunnel \
		local 192.0.2.1 remote 192.0.2.2 encap "$@" \
		sel 10.0.0.1 10.0.0.0/24)
	r=$(right policy add dev ipsec0 mode tunnel \
		local 192.0.2.2 remote 192.0.2.1 encap "$@")
	sas left "$l" 0x1001 0x2001 "$key_a" "$key_b"
	sas right "$r" 0x2001 0x1001 "$key_b" "$key_a"
}

# Both ends agree on what has gone through.
counters_agree() {
	local sent received
	sent=$(json '.[] | select(.direction == "out") | .packets' sa show)
	received=$(right -j sa show |
		jq '.[] | select(.direction == "in") | .packets')
	echo "sent $sent, received $received"
	[ "$sent" = "$received" ] && [ "$sent" -ge 3 ]
}

native() {
	tunnel none
	net_exec left ping -c 3 -i 0.2 -W 2 10.0.0.2
	counters_agree
}

shown() {
	left show -s | tee "$dir/show"
	grep -q '^ipsec0: 1 policy, 2 SAs$' "$dir/show"
	grep -q 'policy 1: tunnel 192.0.2.1 -> 192.0.2.2' "$dir/show"
	grep -q 'selector 10.0.0.1 10.0.0.0/24$' "$dir/show"
	grep -q 'out spi 0x00002001 aes-gcm-16, current' "$dir/show"
	[ "$(json '.[0].sa | length' show ipsec0)" = 2 ]
	[ "$(json '.[0].encap' policy show)" = none ]
	[ "$(json '.["encr-cap"][0].encr' caps)" = aes-gcm-16 ]
}

# Neither as digits nor as bytes, wherever the kernel tells something.
no_keys() {
	local key raw
	{
		left show -s
		left -j show
		net_exec left ynl-cli --dump sa-get
		net_exec left ynl-cli --dump policy-get
		net_exec left find /proc/net/ /proc/crypto /proc/modules \
			/proc/slabinfo /sys/module/ipsecx /sys/class/net/ipsec0/ \
			-type f -exec cat {} + 2>/dev/null || :
		dmesg
		cat "$dir/monitor"
	} >"$dir/all"
	for key in "$key_a" "$key_b"; do
		raw=$(printf '%s' "$key" | sed 's/../\\x&/g')
		if grep -qi "$key" "$dir/all" ||
		   LC_ALL=C grep -qaP "$raw" "$dir/all"; then
			return 1
		fi
	done
}

moved() {
	left policy set dev ipsec0 id 1 remote 192.0.2.9
	[ "$(json '.[0].remote' policy show id 1)" = 192.0.2.9 ]
	[ "$(json '.[0].selector | length' policy show id 1)" = 1 ]
	left policy set dev ipsec0 id 1 remote 192.0.2.2 priority 7
	[ "$(json '.[0].priority' policy show id 1)" = 7 ]
}

in_udp() {
	local ns
	left policy del dev ipsec0 id 1
	right policy del dev ipsec0 id 1
	for ns in left right; do
		net_exec "$ns" ipsecx socket port 4500 >"$dir/$ns" &
		net_wait 5 grep -q 4500 "$dir/$ns"
	done
	tunnel udp 4500 4500
	net_exec left ping -c 3 -i 0.2 -W 2 10.0.0.2
	counters_agree
}

most_selectors() {
	local words=() i id
	for i in $(seq 64); do
		words+=(sel "2001:db8:$i::1-2001:db8:$i::9" "2001:db8:a$i::/48"
			proto udp lport 1-2 rport 3-4)
	done
	id=$(left policy add dev ipsec0 mode tunnel local 2001:db8::1 \
		remote 2001:db8::2 "${words[@]}")
	[ "$(json '.[0].selector | length' policy show id "$id")" = 64 ]
	refused 2 'more than 64 selectors' policy add dev ipsec0 mode tunnel \
		local 2001:db8::1 remote 2001:db8::2 "${words[@]}" sel any any
	left policy set dev ipsec0 id "$id" remote 2001:db8::3
	left policy del dev ipsec0 id "$id"
}

spis() {
	local spi
	spi=$(json .spi spi alloc dev ipsec0 lowest 5000 highest 5000)
	[ "$spi" = 0x00001388 ]
	refused 1 ipsecx: spi alloc dev ipsec0 lowest 5000 highest 5000
	left spi free dev ipsec0 spi 5000
	refused 1 'no such reservation' spi free dev ipsec0 spi 5000
	json .spi spi alloc dev ipsec0 lowest 5000 highest 5000
}

events() {
	net_wait 5 grep -q '^policy-del ipsec0 policy 1 by user$' "$dir/monitor"
	grep -q '^sa-del ipsec0 sa . policy 1 in spi 0x00001001 by policy$' \
		"$dir/monitor"
}

words_refused() {
	refused 2 "'s' could be" s
	refused 2 "'dev' is missing" policy add
	refused 2 'expected dev, mode' policy add colour red
	refused 2 'from 256' sa add dev ipsec0 spi 255
	refused 2 'unknown option' show -z
	refused 1 'ip link add' policy show dev nosuch
	refused 1 'does not run' -S "$dir/nobody" status
	refused 2 'more than one key' sa add dev ipsec0 key "$key_a" \
		key-file /dev/null
}

kernel_refused() {
	local sa=(sa add dev ipsec0 encr aes-gcm-16)
	refused 1 'no policy with this id' policy del dev ipsec0 id 99
	refused 1 'no SA with this id' sa del dev ipsec0 id 99
	refused 1 'no policy' "${sa[@]}" policy 99 dir in spi 0x3001 key "$key_a"
	refused 1 ipsecx: "${sa[@]}" policy 2 dir in spi 0x1001 key "$key_a"
	refused 1 'key length' "${sa[@]}" policy 2 dir in spi 0x3001 key 0x00
	refused 1 'outbound' "${sa[@]}" policy 2 dir in spi 0x3001 \
		key "$key_a" activate
	refused 1 'no ipsecx device' policy add dev wan mode tunnel \
		local 192.0.2.1 remote 192.0.2.2
}

not_root() {
	local status=0
	net_exec left setpriv --reuid 65534 --regid 65534 --clear-groups \
		ipsecx show 2>"$dir/err" || status=$?
	[ "$status" = 1 ] && grep -q CAP_NET_ADMIN "$dir/err"
}

clean_up() {
	local id
	for id in $(json '.[].id' policy show); do
		left policy del dev ipsec0 id "$id"
	done
	[ "$(left -j policy show) $(left -j sa show)" = '[] []' ]
	net_exec left ip link del ipsec0
	[ "$(left show)" = '' ]
	[ "$(left -j show)" = '[]' ]
}

modprobe ipsecx
begin
net_exec left ipsecx monitor >"$dir/monitor" &
sleep 1
ktap_run "a tunnel keyed by hand" native
ktap_run "show says it, in words and in JSON" shown
ktap_run "a policy moves and keeps the rest" moved
ktap_run "a tunnel in UDP" in_udp
ktap_run "events of what was deleted" events
ktap_run "64 selectors and no more" most_selectors
ktap_run "SPIs are reserved" spis
ktap_run "words that make no sense" words_refused
ktap_run "what the kernel refuses, in its words" kernel_refused
ktap_run "not for everybody" not_root
ktap_run "no key in any output" no_keys
ktap_run "nothing is left" clean_up
net_cleanup
rm -r "$dir"
ktap_done
