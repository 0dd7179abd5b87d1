#!/bin/bash
# SPDX-License-Identifier: MIT
# Manual keys, ipsecx in namespace a, the kernel's xfrm in b: every mode,
# family, key length, kind of sequence number and encapsulation. GRID, a
# regular expression like tunnel/4/128/no/udp, picks some; by default those
# with short keys and numbers or long ones. Then the other algorithms, with GRID
# like encr/aes-ccm-8/256, and AH, with GRID like ah/tunnel/4/yes/hmac-sha1-96,
# of which there are a few by default. All of it in check-deep.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
head -c 200000 /dev/urandom >"$dir/file"

random_key() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# What our name of an encryption means: xfrm's, and what RFCs say of its sizes.
encryption() {
	icv=16 iv=8 block=4 salt=4
	case $1 in
	aes-gcm-*) xfrm='rfc4106(gcm(aes))' icv=${1##*-} ;;
	aes-ccm-*) xfrm='rfc4309(ccm(aes))' icv=${1##*-} salt=3 ;;
	aes-gmac) xfrm='rfc4543(gcm(aes))' ;;
	chacha20-poly1305) xfrm='rfc7539esp(chacha20,poly1305)' ;;
	aes-cbc) xfrm='cbc(aes)' salt=0 iv=16 block=16 ;;
	aes-ctr) xfrm='rfc3686(ctr(aes))' ;;
	null) xfrm='ecb(cipher_null)' salt=0 iv=0 ;;
	ah) xfrm='' ;;
	esac
}

# Likewise an integrity, which has the size of its key, too.
integrity() {
	icv=$((${1##*-} / 8))
	case $1 in
	hmac-sha1-96) auth='hmac(sha1)' auth_len=20 ;;
	aes-xcbc-96) auth='xcbc(aes)' auth_len=16 ;;
	aes-cmac-96) auth='cmac(aes)' auth_len=16 ;;
	hmac-sha2-*) auth=${1#hmac-sha2-} auth=${auth%-*}
		auth_len=$((auth / 8)) auth="hmac(sha$auth)" ;;
	esac
}

# One cell's values: mode, outer (4 or 6), bits, esn (yes or no), encap, and
# the algorithms as we call them, joined by + if there are two; ah+ for AH.
cell() {
	local algorithm=${6:-aes-gcm-16}
	mode=$1 outer=$2 bits=$3 esn=$4 encap=$5 proto=esp
	encr=${algorithm%+*} integ=
	[ "$encr" != ah ] || proto=ah
	encryption "$encr"
	if [[ $algorithm = *+* ]]; then
		integ=${algorithm#*+}
		integrity "$integ"
		auth_in=0x$(random_key "$auth_len")
		auth_out=0x$(random_key "$auth_len")
	fi
	here_a=192.0.2.1 here_b=192.0.2.2 any=0.0.0.0
	if [ "$outer" = 6 ]; then
		here_a=2001:db8::1 here_b=2001:db8::2 any=::
	fi
	key_in='' key_out=''
	[ "$bits" = 0 ] || key_in=0x$(random_key $((bits / 8 + salt)))
	[ "$bits" = 0 ] || key_out=0x$(random_key $((bits / 8 + salt)))
}

a() { ip netns exec a "$@"; }
b() { ip netns exec b "$@"; }

# Neighbours are known for good: asking for them must not meet a policy.
lay_cable() {
	local mac_a mac_b
	net_ns a b
	net_veth a wan b wan
	net_addr a wan 192.0.2.1/24 2001:db8::1/64
	net_addr b wan 192.0.2.2/24 2001:db8::2/64
	net_addr b lo 10.2.0.1/32 fd02::1/128
	mac_a=$(ip -n a -j link show wan | jq -r '.[0].address')
	mac_b=$(ip -n b -j link show wan | jq -r '.[0].address')
	ip -n a neigh replace 2001:db8::2 lladdr "$mac_b" dev wan
	ip -n b neigh replace 2001:db8::1 lladdr "$mac_a" dev wan
	ip -n a neigh replace 192.0.2.2 lladdr "$mac_b" dev wan
	ip -n b neigh replace 192.0.2.1 lladdr "$mac_a" dev wan
}

# The sockets first: what is sent to none would count at one end only.
sockets() {
	[ "$encap" = none ] && return
	a ipsecx socket local "$here_a" port 4500 >"$dir/socket" 2>&1 &
	b "$here/../lib/udp-encap" "$here_b" 4500 >"$dir/encap" 2>&1 &
	net_wait 10 grep -q ready "$dir/encap"
	net_wait 10 a sh -c "ss -Huln | grep -q ':4500 '"
}

our_side() {
	local extra=() sa=()
	[ "$encap" = none ] || extra=(encap udp 4500 4500)
	[ "$esn" = no ] || sa=(esn)
	ip -n a link add link wan name ipsec0 type ipsecx
	ip -n a link set ipsec0 up
	if [ "$mode" = tunnel ]; then
		net_addr a ipsec0 10.1.0.1/32 fd01::1/128
		net_route a 10.2.0.1/32 dev ipsec0 src 10.1.0.1
		net_route a fd02::1/128 dev ipsec0 src fd01::1
	else
		net_route a "$here_b" dev ipsec0 src "$here_a"
	fi
	policy=$(a ipsecx policy add dev ipsec0 mode "$mode" local "$here_a" \
		remote "$here_b" "${extra[@]}")
	our_sa in 0x1001 "$key_in" "${auth_in-}" "${sa[@]}"
	our_sa out 0x1002 "$key_out" "${auth_out-}" "${sa[@]}" activate
}

# our_sa DIR SPI KEY INTEG-KEY WORDS...
our_sa() {
	local dir_=$1 spi=$2 key=$3 auth_key=$4
	shift 4
	[ -z "$key" ] || set -- "$@" key "$key"
	[ "$proto" = ah ] || set -- "$@" encr "$encr"
	[ -z "$integ" ] || set -- "$@" integ "$integ" integ-key "$auth_key"
	a ipsecx sa add dev ipsec0 policy "$policy" dir "$dir_" spi "$spi" \
		proto "$proto" "$@"
}

# their_state SRC DST SPI KEY INTEG-KEY
their_state() {
	local extra=(replay-window 64) flags=()
	[ "$esn" = no ] || flags+=(esn)
	# One SA for both families inside.
	[ "$mode" = transport ] || flags+=(af-unspec)
	# What RFC 4302 says is something to ask for.
	[ "$proto/$outer" != ah/4 ] || flags+=(align4)
	[ ${#flags[@]} = 0 ] || extra+=(flag "${flags[@]}")
	[ "$encap" = none ] || extra+=(encap espinudp 4500 4500 "$any")
	local algo=(aead "$xfrm" "$4" $((icv * 8)))
	[ -z "$integ" ] || algo=(auth-trunc "$auth" "$5" $((icv * 8)))
	[ -z "$integ" ] || [ "$proto" = ah ] || algo+=(enc "$xfrm" "$4")
	ip -n b xfrm state add src "$1" dst "$2" proto "$proto" spi "$3" reqid 1 \
		mode "$mode" "${algo[@]}" "${extra[@]}"
}

# their_policy SRC DST: what b sends from SRC to DST, and gets back
their_policy() {
	ip -n b xfrm policy add dir out src "$1" dst "$2" tmpl src "$here_b" \
		dst "$here_a" proto "$proto" reqid 1 mode "$mode"
	ip -n b xfrm policy add dir in src "$2" dst "$1" tmpl src "$here_a" \
		dst "$here_b" proto "$proto" reqid 1 mode "$mode"
}

their_side() {
	their_state "$here_b" "$here_a" 0x1001 "$key_in" "${auth_in-}"
	their_state "$here_a" "$here_b" 0x1002 "$key_out" "${auth_out-}"
	if [ "$mode" = transport ]; then
		their_policy "$here_b" "$here_a"
		return
	fi
	their_policy 10.2.0.1/32 10.1.0.1/32
	their_policy fd02::1/128 fd01::1/128
	ip -n b route replace 10.1.0.1/32 via 192.0.2.1 src 10.2.0.1
	ip -n b -6 route replace fd01::1/128 via 2001:db8::1 src fd02::1
}

clear_cell() {
	ip -n a link del ipsec0
	ip -n b xfrm state flush
	ip -n b xfrm policy flush
	pkill -f 'ipsecx socket' || :
	pkill -f lib/udp-encap || :
	net_wait 10 sh -c "! ip netns exec a ss -Huln | grep -q ':4500 '"
}

# What pings and transfers go to, and its own address as b sees us.
targets() {
	if [ "$mode" = tunnel ]; then
		echo "10.2.0.1 10.1.0.1"
		echo "fd02::1 fd01::1"
	else
		echo "$here_b $here_a"
	fi
}

# The MTU of RFC arithmetic: 1500 less headers, ICV, and padding to a block. AH
# has padding in itself, to words of 4 bytes, over IPv6 of 8.
expected_mtu() {
	local fixed=$((8 + iv + icv)) ip=20 align=4
	[ "$outer" = 4 ] || ip=40 align=8
	if [ "$proto" = ah ]; then
		fixed=$(((12 + icv + align - 1) / align * align))
		[ "$mode" = transport ] || fixed=$((fixed + ip))
		echo $((1500 - fixed))
		return
	fi
	[ "$encap" = none ] || fixed=$((fixed + 8))
	local inner=$(((1500 - ip - fixed) / block * block - 2))
	[ "$mode" = tunnel ] || inner=$((inner + ip))
	echo "$inner"
}

mtu_is_right() {
	local mtu want
	mtu=$(a ipsecx -j policy show dev ipsec0 | jq '.[0].mtu')
	want=$(expected_mtu)
	echo "mtu $mtu, expected $want"
	[ "$mtu" = "$want" ] || return
	ip -n a link set ipsec0 mtu "$mtu"
}

pings() {
	local to size max head
	while read -r to _; do
		head=28
		[[ $to != *:* ]] || head=48
		max=$(($(expected_mtu) - head))
		for size in 1 2 55 1399 $((max - 1)) "$max"; do
			[ "$size" -le "$max" ] || continue
			a ping -q -n -c 1 -W 3 -M 'do' -s "$size" "$to" || return
		done
		# One more does not fit, and must not get through in pieces.
		if a ping -q -n -c 1 -W 1 -M 'do' -s $((max + 1)) "$to"; then
			return 1
		fi
	done < <(targets)
}

# transfer FROM-NS TO-NS ADDRESS: the file arrives as it was
transfer() {
	local proto=TCP4 to=$3
	[[ $3 != *:* ]] || proto=TCP6 to=[$3]
	rm -f "$dir/got"
	ip netns exec "$2" socat -u "$proto-LISTEN:7000,reuseaddr" \
		"OPEN:$dir/got,creat,trunc" &
	local server=$!
	net_wait 10 sh -c "ip netns exec $2 ss -Htln | grep -q ':7000 '"
	ip netns exec "$1" socat -u "OPEN:$dir/file" \
		"$proto:$to:7000,connect-timeout=10"
	wait "$server"
	cmp "$dir/file" "$dir/got"
}

transfers() {
	local there mine
	while read -r there mine <&3; do
		transfer a b "$there"
		transfer b a "$mine"
	done 3< <(targets)
}

# their_packets SPI: how many b's SA has carried
their_packets() {
	ip -n b -s xfrm state | awk -v spi="$1" '
		/spi 0x/ { here = index($0, spi) }
		/lifetime current/ { getline
			if (here) { match($0, /[0-9]+\(packets\)/)
				print substr($0, RSTART, RLENGTH - 9) } }'
}

our_packets() {
	a ipsecx -j sa show dev ipsec0 |
		jq ".[] | select(.direction == \"$1\") | .packets"
}

# Pings are over and TCP has said goodbye: both ends have counted the same.
counters_agree() {
	local sent received
	sent=$(our_packets out)
	received=$(our_packets in)
	echo "we: out $sent, in $received;" \
		"they: in $(their_packets 00001002), out $(their_packets 00001001)"
	[ "$received" = "$(their_packets 00001001)" ] &&
		[ "$sent" = "$(their_packets 00001002)" ] && [ "$sent" -gt 100 ]
}

drops() {
	a ipsecx -j show ipsec0 | jq -c '.[0].drop // []'
}

iperf_both() {
	local there flag
	read -r there _ < <(targets)
	b iperf3 -s -D
	net_wait 10 sh -c "ip netns exec b ss -Htln | grep -q ':5201 '"
	for flag in '' -R -u '-u -R'; do
		# shellcheck disable=SC2086 # words
		a iperf3 -J -t 1 -b 5M -c "$there" $flag >"$dir/iperf"
		jq -e '.end.sum.lost_percent // 0 < 1' "$dir/iperf"
	done
}

try_cell() {
	sockets
	their_side
	our_side
	mtu_is_right
	pings
	transfers
	net_wait 5 counters_agree
	echo "dropped: $(drops)"
	[ "$bits/$encap/$encr" != 128/none/aes-gcm-16 ] || iperf_both
}

[ -n "${GRID:-}" ] || GRID=${IPSECX_DEEP:+.}
some='(tunnel/4|transport/6)/128/no|(tunnel/6|transport/4)/256/yes'
some+='|encr/(aes-gcm-12/192|aes-ccm-8/256|aes-gmac/128|chacha|'
some+='aes-cbc.hmac-sha2-512-256/|aes-cbc.aes-xcbc-96/128|'
some+='aes-ctr.hmac-sha2-256-128/192|null.hmac-sha1)'
some+='|ah/(tunnel/4/yes/hmac-sha2-256|tunnel/6/no/hmac-sha2-384|'
some+='transport/4/no/aes-cmac|transport/6/yes/hmac-sha1)'
GRID=${GRID:-$some}
lay_cable
for m in tunnel transport; do
	for o in 4 6; do
		for k in 128 256; do
			for e in no yes; do
				for u in none udp; do
					[[ $m/$o/$k/$e/$u =~ $GRID ]] || continue
					cell "$m" "$o" "$k" "$e" "$u"
					ktap_run "$m, IPv$o outside, $k bits, esn $e, encap $u" \
						try_cell
					clear_cell >/dev/null 2>&1
				done
			done
		done
	done
done

# Numbers of 64 bits in every other cell.
esn=no
for algorithm in aes-gcm-16/192 aes-gcm-12/128 aes-gcm-12/192 aes-gcm-12/256 \
		 aes-gcm-8/128 aes-gcm-8/192 aes-gcm-8/256 aes-ccm-16/128 \
		 aes-ccm-16/192 aes-ccm-16/256 aes-ccm-12/128 aes-ccm-12/192 \
		 aes-ccm-12/256 aes-ccm-8/128 aes-ccm-8/192 aes-ccm-8/256 \
		 aes-gmac/128 aes-gmac/192 aes-gmac/256 chacha20-poly1305/256 \
		 aes-cbc+hmac-sha2-256-128/{128,192,256} \
		 aes-cbc+hmac-sha2-{384-192,512-256}/{128,256} \
		 aes-cbc+{hmac-sha1,aes-xcbc,aes-cmac}-96/{128,256} \
		 aes-ctr+hmac-sha2-256-128/{128,192,256} \
		 aes-ctr+hmac-sha1-96/{128,256} aes-ctr+aes-xcbc-96/{128,256} \
		 null+hmac-sha2-{256-128,384-192,512-256}/{0,0} \
		 null+{hmac-sha1,aes-xcbc,aes-cmac}-96/{0,0}; do
	[[ encr/$algorithm =~ $GRID ]] || continue
	if [ "$esn" = no ]; then esn=yes; else esn=no; fi
	cell tunnel 4 "${algorithm#*/}" "$esn" none "${algorithm%/*}"
	ktap_run "${algorithm%/*} of ${algorithm#*/} bits, esn $esn" try_cell
	clear_cell >/dev/null 2>&1
done

for m in tunnel transport; do
	for o in 4 6; do
		for e in no yes; do
			for i in hmac-sha1-96 hmac-sha2-256-128 \
				 hmac-sha2-384-192 hmac-sha2-512-256 \
				 aes-cmac-96 aes-xcbc-96; do
				[[ ah/$m/$o/$e/$i =~ $GRID ]] || continue
				cell "$m" "$o" 0 "$e" none "ah+$i"
				ktap_run "AH, $m, IPv$o outside, $i, esn $e" \
					try_cell
				clear_cell >/dev/null 2>&1
			done
		done
	done
done
rm -rf "$dir"
ktap_done
