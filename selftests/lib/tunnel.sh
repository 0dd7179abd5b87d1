# SPDX-License-Identifier: MIT
# Tunnels with a key made up here, and what is sent through them. To be sourced
# after ktap.sh and net.sh; what is written goes to $dir.
# shellcheck shell=bash

dir=$(mktemp -d)
trap 'net_cleanup; rm -rf "$dir"' EXIT
tunnel_key=0x$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')

not() { ! "$@"; }

# tunnel_sa NS DEVICE POLICY SPI WORDS...: an SA with the key; prints its id
tunnel_sa() {
	local ns=$1 device=$2 policy=$3 spi=$4
	shift 4
	echo "$tunnel_key" | net_exec "$ns" ipsecx sa add dev "$device" \
		policy "$policy" spi "$spi" encr aes-gcm-16 key - "$@"
}

# tunnel_policy NS DEVICE LOCAL REMOTE SPI-IN SPI-OUT [WORDS...]: a policy and
# its SAs; WORDS go to the policy
tunnel_policy() {
	local ns=$1 device=$2 local=$3 remote=$4 in=$5 out=$6 policy
	shift 6
	policy=$(net_exec "$ns" ipsecx policy add dev "$device" mode tunnel \
		local "$local" remote "$remote" "$@")
	tunnel_sa "$ns" "$device" "$policy" "$in" dir in
	tunnel_sa "$ns" "$device" "$policy" "$out" dir out activate
}

# tunnel_end NS DEVICE LOCAL REMOTE SPI-IN SPI-OUT [WORDS...]: with the device,
# unless that is there already
tunnel_end() {
	net_exec "$1" ip link show "$2" >/dev/null 2>&1 ||
		net_exec "$1" ip link add "$2" type ipsecx
	net_exec "$1" ip link set "$2" up
	tunnel_policy "$@"
}

# tunnel_pings NS ADDRESS...: each answers
tunnel_pings() {
	local ns=$1 to
	shift
	for to; do
		net_exec "$ns" ping -q -n -c 3 -i 0.2 -W 5 "$to" || return
	done
}

# tunnel_mute NS ADDRESS: it does not
tunnel_mute() { not net_exec "$1" ping -q -n -c 3 -i 0.2 -W 1 "$2"; }

tunnel_listens() { net_exec "$1" ss -Htln | grep -q ":$2 "; }

# tunnel_file FROM-NS TO-NS ADDRESS [WRAPPER-WORDS...]: $dir/file, made if it is
# not there, gets there by TCP as it was. The words run the receiver.
tunnel_file() {
	local from=$1 to=$2 proto=TCP4 address=$3 server
	shift 3
	[ -e "$dir/file" ] || head -c 500000 /dev/urandom >"$dir/file"
	[[ $address != *:* ]] || proto=TCP6 address=[$address]
	rm -f "$dir/got"
	ip netns exec "$to" "$@" socat -u "$proto-LISTEN:7000,reuseaddr" \
		"OPEN:$dir/got,creat,trunc" &
	server=$!
	net_wait 10 tunnel_listens "$to" 7000
	ip netns exec "$from" socat -u "OPEN:$dir/file" \
		"$proto:$address:7000,connect-timeout=20"
	wait "$server"
	cmp "$dir/file" "$dir/got"
}

# tunnel_quiet NS DEVICE: nothing goes out for a while; what IPv6 says of its
# groups when a device comes up is over
tunnel_quiet() {
	local file=/sys/class/net/$2/statistics/tx_packets before
	before=$(net_exec "$1" cat "$file")
	sleep 2.5
	[ "$(net_exec "$1" cat "$file")" = "$before" ]
}

# tunnel_drops NS DEVICE: packets that died there, all reasons together
tunnel_drops() {
	net_exec "$1" ipsecx -j show "$2" |
		jq '[.[0].drop // [] | .[].packets] | add // 0'
}

# tunnel_drop NS DEVICE REASON: packets that died of it
tunnel_drop() {
	net_exec "$1" ethtool -S "$2" |
		awk -v r="drop-$3:" '$1 == r { print $2 }'
}
