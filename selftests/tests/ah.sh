#!/bin/bash
# SPDX-License-Identifier: MIT
# AH between ipsecx in namespace a and the kernel's xfrm in b: IPv4 options and
# IPv6 extension headers outside, and packets of b's that somebody changed on
# their way. What routers may change does no harm; anything else dies, under
# the reason that is true.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
key=0x$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')

a() { net_exec a "$@"; }
b() { net_exec b "$@"; }
mangle() {
	local ns=$1
	shift
	net_exec "$ns" "$here/../lib/mangle_ah.py" "$@"
}

# Neighbours are known for good: asking for them must not meet a policy.
cable() {
	local mac_a mac_b
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24 2001:db8::1/64
	net_addr b wan 192.0.2.2/24 2001:db8::2/64
	net_addr b lo 10.2.0.1/32
	mac_a=$(ip -n a -j link show wan | jq -r '.[0].address')
	mac_b=$(ip -n b -j link show wan | jq -r '.[0].address')
	ip -n a neigh replace 2001:db8::2 lladdr "$mac_b" dev wan
	ip -n b neigh replace 2001:db8::1 lladdr "$mac_a" dev wan
	a ping -q -c 1 -W 5 192.0.2.2
	a ping -q -c 1 -W 5 2001:db8::2
}

# begin MODE OUTER-A OUTER-B: the same key both ways is for tests only. The
# inbound SA has no window: the same packet may come as often as it likes.
begin() {
	local inner_a=$2 inner_b=$3 flags=()
	mode=$1
	[[ $2 = *:* ]] || flags=(flag align4)
	ip -n a link add link wan name ipsec0 type ipsecx
	ip -n a link set ipsec0 up
	if [ "$mode" = tunnel ]; then
		inner_a=10.1.0.1 inner_b=10.2.0.1
		net_addr a ipsec0 10.1.0.1/32
		[ ${#flags[@]} != 0 ] || flags=(flag)
		flags+=(af-unspec)
		net_route b 10.1.0.1/32 via 192.0.2.1 src 10.2.0.1
	fi
	net_route a "$inner_b" dev ipsec0 src "$inner_a"
	a ipsecx policy add dev ipsec0 mode "$mode" local "$2" remote "$3"
	echo "$key" | a ipsecx sa add dev ipsec0 policy 1 dir in spi 0x1001 \
		proto ah integ hmac-sha2-256-128 integ-key - replay-window 0
	echo "$key" | a ipsecx sa add dev ipsec0 policy 1 dir out spi 0x1002 \
		proto ah integ hmac-sha2-256-128 integ-key - activate
	state "$3" "$2" 0x1001
	state "$2" "$3" 0x1002
	ip -n b xfrm policy add dir out src "$inner_b" dst "$inner_a" \
		tmpl src "$3" dst "$2" proto ah reqid 1 mode "$mode"
	ip -n b xfrm policy add dir in src "$inner_a" dst "$inner_b" \
		tmpl src "$2" dst "$3" proto ah reqid 1 mode "$mode"
	near=$inner_a far=$inner_b
}

state() {
	ip -n b xfrm state add src "$1" dst "$2" proto ah spi "$3" reqid 1 \
		mode "$mode" auth-trunc 'hmac(sha256)' "$key" 128 \
		replay-window 64 "${flags[@]}"
}

end() {
	ip -n a link del ipsec0
	ip -n b xfrm state flush
	ip -n b xfrm policy flush
}

# passes FROM TO HOW: three datagrams, and the other end has them
passes() {
	local from=$1 to=$2 source=$near dest=$far hearer
	[ "$from" = a ] || source=$far dest=$near
	mangle "$to" hear "$dest" 3 >"$dir/heard" &
	hearer=$!
	net_wait 10 grep -q ready "$dir/heard"
	mangle "$from" clear "$source" "$dest" "$3" 3
	wait "$hearer"
}

# caught HOW: a packet of b's, in $dir/ah
caught() {
	local catcher
	rm -f "$dir/ah"
	mangle b catch wan "$dir/ah" >"$dir/catch" &
	catcher=$!
	net_wait 10 grep -q ready "$dir/catch"
	mangle b clear "$far" "$near" "$1" 1
	wait "$catcher"
	[ -s "$dir/ah" ]
	net_wait 10 quiet
}

# counts [REASON]: what a's inbound SA has received, dropped for that, dropped
counts() {
	a ipsecx -j sa show dev ipsec0 |
		jq -r --arg r "${1-}" '.[] | select(.direction == "in") |
			[.drop // [] | .[] | select(.reason == $r) | .packets] as $d |
			[.drop // [] | .[] | .packets] as $all |
			"\(.packets) \($d | add // 0) \($all | add // 0)"'
}

# came HOW [REASON]: all of that kind die of it, or live if there is none
came() {
	local before sent received dropped all
	before=$(counts "${2-}")
	read -r received dropped all <<<"$before"
	sent=$(mangle b send wan "$dir/ah" "$1")
	if [ -n "${2-}" ]; then
		dropped=$((dropped + sent)) all=$((all + sent))
	else
		received=$((received + sent))
	fi
	net_wait 10 is "$received $dropped $all" counts "${2-}" || :
	echo "$1: sent $sent; ${2-}: $before, then $(counts "${2-}")"
	[ "$sent" -gt 0 ] && is "$received $dropped $all" counts "${2-}"
}

is() { [ "$("${@:2}")" = "$1" ]; }

# What was under way has arrived.
quiet() {
	local before
	before=$(counts)
	sleep 1
	is "$before" counts
}

# try MODE OUTER-A OUTER-B HOW
try() {
	begin "$1" "$2" "$3"
	passes a b "$4"
	passes b a "$4"
	caught "$4"
	came same
	came mutable
	came fixed integrity
	if [ "$1" = tunnel ]; then
		came source integrity
	else
		came source selector-mismatch
	fi
	came length esp-malformed
	came short esp-malformed
	came cut integrity
	passes b a "$4"
	a ipsecx -s show ipsec0
	[[ $(a ipsecx show ipsec0) = *'out spi 0x00001002 ah hmac-sha2-256-128'* ]]
}

# With a window the same packet comes through once.
replay() {
	begin transport 192.0.2.1 192.0.2.2
	a ipsecx sa del dev ipsec0 id 1
	echo "$key" | a ipsecx sa add dev ipsec0 policy 1 dir in spi 0x1001 \
		proto ah integ hmac-sha2-256-128 integ-key -
	caught plain
	came same replay
}

# A loose route that is not at its end, and who is not the last stop: it got to
# the SA, and no further. What IPv6 says of itself dies likewise, before that.
route() {
	begin transport 192.0.2.1 192.0.2.2
	mangle a clear 192.0.2.1 192.0.2.2 route 1
	net_wait 5 stopped_at_sa
	[ "$(a ipsecx -j show ipsec0 | jq '.[0]."tx-packets"')" = 0 ]
}

stopped_at_sa() {
	a ipsecx -j sa show dev ipsec0 id 2 | jq -e '.[0] | .sequence == 1 and
		([.drop[] | select(.reason == "mode") | .packets] | add >= 1)'
}

# ESP and AH with an SPI of the other kind are somebody else's.
others() {
	local before esp
	esp=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')
	begin transport 192.0.2.1 192.0.2.2
	echo "$esp" | a ipsecx sa add dev ipsec0 policy 1 dir in spi 0x1003 \
		encr aes-gcm-16 key -
	caught plain
	python3 - "$dir/ah" <<-'end'
		import sys
		frame = bytearray(open(sys.argv[1], "rb").read())
		ah = frame[34:]
		esp = frame[:34] + ah[4:12] + bytes(len(ah) - 8)
		esp[23] = 50
		frame[38:42] = bytes.fromhex("00001003")
		open(sys.argv[1] + ".esp", "wb").write(esp)
		open(sys.argv[1] + ".ah", "wb").write(frame)
	end
	before=$(a ipsecx -j show ipsec0 | jq -c '.[0].drop // []')
	mangle b send wan "$dir/ah.esp" same
	mangle b send wan "$dir/ah.ah" same
	sleep 1
	a ipsecx -j show ipsec0 | jq -c '.[0].drop // []'
	[ "$(a ipsecx -j show ipsec0 | jq -c '.[0].drop // []')" = "$before" ]
	a ping -q -c 1 -W 5 192.0.2.2
}

# refused TEXT COMMAND...
refused() {
	local text=$1
	shift
	a "$@" 2>"$dir/err" && return 1
	cat "$dir/err"
	grep -qF -- "$text" "$dir/err"
}

udp() {
	begin transport 192.0.2.1 192.0.2.2
	refused 'does not go in UDP' ipsecx policy set dev ipsec0 id 1 \
		encap udp 4500 4500
	a ipsecx policy add dev ipsec0 mode tunnel local 192.0.2.1 \
		remote 192.0.2.2 encap udp 4500 4500 sel any 10.9.0.0/16
	refused 'does not go in UDP' ipsecx sa add dev ipsec0 policy 2 \
		dir out spi 0x1004 proto ah integ hmac-sha2-256-128 \
		integ-key "$key"
	a ipsecx sa del dev ipsec0 id 1
	a ipsecx sa del dev ipsec0 id 2
	a ipsecx policy set dev ipsec0 id 1 encap udp 4500 4500
}

# run NAME COMMAND...: and nothing is left of it, should it have failed
run() {
	ktap_run "$@"
	end >/dev/null 2>&1
}

ktap_run "a cable" cable
# ktap_run has a subshell of its own: what it made is to be removed here
net_namespaces=(a b)
run "tunnel over IPv4" try tunnel 192.0.2.1 192.0.2.2 plain
run "tunnel over IPv6" try tunnel 2001:db8::1 2001:db8::2 plain
run "transport, IPv4 with options" try transport 192.0.2.1 192.0.2.2 options
run "transport, IPv6 with extension headers" \
	try transport 2001:db8::1 2001:db8::2 extensions
run "the same packet again" replay
run "a source route still to go" route
run "an SPI of the other protocol" others
run "never in UDP" udp
rm -rf "$dir"
ktap_done
