#!/bin/bash
# SPDX-License-Identifier: MIT
# Firewall, traffic control and connection tracking around the device: packets
# are clear on it and ESP outside, each in its own hooks; marks stay on their
# side; NAT works on both; what a firewall drops outside is counted as lost.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"
# shellcheck source=../lib/tunnel.sh
. "$here/../lib/tunnel.sh"

gwa() { net_exec gwa "$@"; }
gwb() { net_exec gwb "$@"; }

begin() {
	net_gateways
	tunnel_end gwa ipsec0 192.0.2.1 192.0.2.2 0x1001 0x1002
	tunnel_end gwb ipsec0 192.0.2.2 192.0.2.1 0x1002 0x1001
	net_addr gwa ipsec0 10.9.0.1/24
	net_addr gwb ipsec0 10.9.0.2/24
	net_route gwa 10.2.0.0/24 dev ipsec0
	net_route gwa fd02::/64 dev ipsec0
	net_route gwb 10.1.0.0/24 dev ipsec0
	net_route gwb fd01::/64 dev ipsec0
	tunnel_pings alice 10.2.0.2 fd02::2
	net_wait 30 tunnel_quiet gwa ipsec0
}

# count NS NAME: the packets of a named counter in table inet test
count() {
	net_exec "$1" nft -j list counter "${3:-inet}" test "$2" |
		jq '.nftables[] | .counter // empty | .packets'
}

# counted NS NAME=PACKETS...
counted() {
	local ns=$1 want is=0 got
	shift
	for want; do
		got=$(count "$ns" "${want%=*}")
		echo "${want%=*}: $got"
		[ "$got" = "${want#*=}" ] || is=1
	done
	return "$is"
}

# Three pings of IPv4 and three of IPv6 pass every hook once, clear on ipsec0
# and as ESP on wan; nothing clear is on wan, and no ESP on ipsec0.
hooks() {
	gwa nft -f - <<-'N'
	table inet test {
		counter pre { }
		counter in { }
		counter out { }
		counter post { }
		counter esp_in { }
		counter esp_out { }
		counter esp_post { }
		counter wrong { }
		chain prerouting {
			type filter hook prerouting priority raw
			iifname ipsec0 icmp type echo-reply counter name pre
			iifname ipsec0 icmpv6 type echo-reply counter name pre
			iifname ipsec0 meta l4proto esp counter name wrong
			iifname wan icmp type echo-reply counter name wrong
			iifname wan icmpv6 type echo-reply counter name wrong
		}
		chain input {
			type filter hook input priority filter
			iifname wan meta l4proto esp counter name esp_in
		}
		chain forward {
			type filter hook forward priority filter
			iifname ipsec0 oifname lan counter name in
			iifname lan oifname ipsec0 counter name out
			meta l4proto esp counter name wrong
		}
		chain output {
			type filter hook output priority filter
			oifname wan meta l4proto esp counter name esp_out
			oifname ipsec0 meta l4proto esp counter name wrong
		}
		chain postrouting {
			type filter hook postrouting priority filter
			oifname ipsec0 icmp type echo-request counter name post
			oifname ipsec0 icmpv6 type echo-request counter name post
			oifname wan meta l4proto esp counter name esp_post
			oifname wan icmp type echo-request counter name wrong
			oifname wan icmpv6 type echo-request counter name wrong
		}
	}
	table netdev test {
		counter in { }
		counter out { }
		chain ingress {
			type filter hook ingress device ipsec0 priority 0
			icmp type echo-reply counter name in
		}
		chain egress {
			type filter hook egress device ipsec0 priority 0
			icmp type echo-request counter name out
		}
	}
	N
	tunnel_pings alice 10.2.0.2 fd02::2
	counted gwa pre=6 in=6 out=6 post=6 wrong=0
	[ "$(count gwa in netdev)" = 3 ]
	[ "$(count gwa out netdev)" = 3 ]
	[ "$(count gwa esp_out)" -ge 6 ]
	[ "$(count gwa esp_post)" = "$(count gwa esp_out)" ]
	[ "$(count gwa esp_in)" -ge 6 ]
	gwa nft flush ruleset
}

tx_lost() {
	gwa ip -s -j link show ipsec0 |
		jq '.[0].stats64.tx | .errors + .dropped'
}

# What does not get out is lost, says so, and nothing leaves in its place.
refused() {
	local before
	before=$(tx_lost)
	gwb nft -f - <<-'N'
	table inet test {
		counter clear { }
		chain prerouting {
			type filter hook prerouting priority raw
			iifname wan ip saddr 10.1.0.0/24 counter name clear
			iifname wan ip daddr 10.2.0.0/24 counter name clear
		}
	}
	N
	gwa nft -f - <<-'N'
	table inet test {
		chain output {
			type filter hook output priority filter
			oifname wan meta l4proto esp drop
		}
	}
	N
	tunnel_mute alice 10.2.0.2
	counted gwb clear=0
	gwa ethtool -S ipsec0 | grep -v ': 0$'
	[ "$(tunnel_drop gwa ipsec0 output)" = 3 ]
	[ $(($(tx_lost) - before)) = 3 ]
	gwa ipsecx -j sa show | jq -e '[.[] | .drop // [] | .[] |
		select(.reason == "output") | .packets] | add == 3'
	gwa nft flush ruleset
	gwb nft flush ruleset
	tunnel_pings alice 10.2.0.2
}

# A queue outside that is full is a loss of the same kind.
full() {
	local before
	before=$(tunnel_drop gwa ipsec0 output)
	gwa tc qdisc add dev wan root tbf rate 8kbit burst 2000 limit 2000
	net_exec alice ping -q -i 0.02 -c 30 -s 500 -W 1 10.2.0.2 || :
	gwa tc qdisc del dev wan root
	[ "$(tunnel_drop gwa ipsec0 output)" -gt "$before" ]
}

# Inside, a mark is a matter of the inside.
marks() {
	gwa nft -f - <<-'N'
	table inet test {
		counter none { }
		counter seven { }
		counter other { }
		chain prerouting {
			type filter hook prerouting priority mangle
			iifname lan meta mark set 0x55
		}
		chain output {
			type route hook output priority mangle
			meta l4proto esp meta mark 0 counter name none
			meta l4proto esp meta mark 7 counter name seven
			meta l4proto esp meta mark != { 0, 7 } counter name other
		}
	}
	N
	tunnel_pings alice 10.2.0.2
	counted gwa none=3 seven=0 other=0
	gwa ipsecx link set dev ipsec0 fwmark 7
	tunnel_pings alice 10.2.0.2
	# IPv6 may have had something to say of its groups
	counted gwa none=3 other=0 && [ "$(count gwa seven)" -ge 3 ]
	gwa ipsecx link set dev ipsec0 fwmark 0
	gwa nft flush ruleset
}

# filtered SIDE: packets that its filters matched
filtered() {
	gwa tc -s -j filter show dev ipsec0 "$1" |
		jq '[.. | objects | .stats? // empty | .packets] | add // 0'
}

classes() {
	gwa tc qdisc add dev ipsec0 clsact
	gwa tc filter add dev ipsec0 egress protocol ip flower \
		ip_proto icmp dst_ip 10.2.0.2 action pass
	gwa tc filter add dev ipsec0 ingress protocol ip u32 \
		match ip src 10.2.0.2/32 action pass
	tunnel_pings alice 10.2.0.2
	[ "$(filtered egress)" = 3 ]
	[ "$(filtered ingress)" = 3 ]
	gwa tc filter del dev ipsec0 egress
	gwa tc filter add dev ipsec0 egress matchall action drop
	tunnel_mute alice 10.2.0.2
	gwa tc filter del dev ipsec0 egress
	gwa tc filter del dev ipsec0 ingress
	gwa tc filter add dev ipsec0 ingress matchall action drop
	tunnel_mute alice 10.2.0.2
	gwa tc qdisc del dev ipsec0 clsact
}

# The usual way to shape what comes in.
shaped_in() {
	gwa ip link add ifb0 type ifb
	gwa ip link set ifb0 up
	gwa tc qdisc add dev ifb0 root fq_codel
	gwa tc qdisc add dev ipsec0 clsact
	gwa tc filter add dev ipsec0 ingress matchall \
		action mirred egress redirect dev ifb0
	tunnel_pings alice 10.2.0.2 fd02::2
	tunnel_file bob alice 10.1.0.2
	gwa tc -s -j qdisc show dev ifb0 | jq -e '.[0].packets > 100'
	gwa tc qdisc del dev ipsec0 clsact
	gwa ip link del ifb0
}

# class_sent CLASS: packets; not every tc of these systems has JSON for that
class_sent() {
	gwa tc -s class show dev ipsec0 | awk -v c="$1" '$1 == "class" {
		is = $3 == c } is && $1 == "Sent" { print $4 }'
}

# What is marked inside chooses a class on the device.
shaped_out() {
	gwa tc qdisc add dev ipsec0 root handle 1: htb default 10
	gwa tc class add dev ipsec0 parent 1: classid 1:10 htb rate 200mbit
	gwa tc class add dev ipsec0 parent 1: classid 1:20 htb rate 50mbit
	gwa tc qdisc add dev ipsec0 parent 1:10 fq_codel
	gwa tc qdisc add dev ipsec0 parent 1:20 fq_codel
	gwa tc filter add dev ipsec0 parent 1: protocol ip handle 5 fw \
		classid 1:20
	gwa nft -f - <<-'N'
	table inet test {
		chain prerouting {
			type filter hook prerouting priority mangle
			iifname lan tcp dport 7000 meta mark set 5
		}
	}
	N
	tunnel_pings alice 10.2.0.2
	tunnel_file alice bob 10.2.0.2
	[ "$(class_sent 1:20)" -gt 5 ] && [ "$(class_sent 1:10)" -ge 3 ]
	gwa tc qdisc del dev ipsec0 root
	gwa nft flush ruleset
}

# A connection is tracked clear, and the ESP around it by itself.
masquerade() {
	local seen
	gwa nft -f - <<-'N'
	table inet test {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname ipsec0 masquerade
		}
		chain prerouting {
			type nat hook prerouting priority dstnat
			iifname ipsec0 tcp dport 8080 dnat ip to 10.1.0.2:7000
		}
	}
	N
	gwa conntrack -F
	ip netns exec bob socat TCP-LISTEN:7001,reuseaddr \
		"SYSTEM:echo \$SOCAT_PEERADDR" &
	net_wait 10 tunnel_listens bob 7001
	seen=$(net_exec alice socat -u TCP:10.2.0.2:7001 -)
	[ "$seen" = 10.9.0.1 ]
	tunnel_file alice bob 10.2.0.2
	gwa conntrack -L | tee "$dir/tracked"
	grep -E '^tcp .* src=10\.1\.0\.2 dst=10\.2\.0\.2 .* src=10\.2\.0\.2 dst=10\.9\.0\.1 ' \
		"$dir/tracked"
	grep -E '^unknown +50 .* src=192\.0\.2\.1 dst=192\.0\.2\.2 ' \
		"$dir/tracked"
}

# And from there, to a service inside.
forwarded_port() {
	local server
	ip netns exec alice socat -u TCP-LISTEN:7000,reuseaddr \
		"OPEN:$dir/got,creat,trunc" &
	server=$!
	net_wait 10 tunnel_listens alice 7000
	gwb socat -u "OPEN:$dir/file" TCP:10.9.0.1:8080,connect-timeout=20
	wait "$server"
	cmp "$dir/file" "$dir/got"
}

# rekey N: both ends change to the SAs number N, the old ones go
rekey() {
	local old_a old_b
	old_a=$(gwa ipsecx -j sa show | jq '.[].id')
	old_b=$(gwb ipsecx -j sa show | jq '.[].id')
	tunnel_sa gwa ipsec0 1 "0x2${1}01" dir in
	tunnel_sa gwb ipsec0 1 "0x2${1}02" dir in
	tunnel_sa gwa ipsec0 1 "0x2${1}02" dir out activate
	tunnel_sa gwb ipsec0 1 "0x2${1}01" dir out activate
	# what is on its way still comes in on the old ones
	sleep 0.3
	for id in $old_a; do gwa ipsecx sa del dev ipsec0 id "$id"; done
	for id in $old_b; do gwb ipsecx sa del dev ipsec0 id "$id"; done
}

rekeys() {
	local n
	for n in 1 2 3 4 5; do rekey "$n"; done
	touch "$dir/rekeyed"
}

# The same connection from the first SA to the last, without one packet lost.
rekeyed() {
	local before after writer server
	before=$(($(tunnel_drops gwa ipsec0) + $(tunnel_drops gwb ipsec0)))
	rm -f "$dir/rekeyed"
	ip netns exec bob socat -u TCP-LISTEN:7000,reuseaddr,rcvbuf=30000 - |
		sha256sum >"$dir/there" &
	server=$!
	net_wait 10 tunnel_listens bob 7000
	{
		until [ -e "$dir/rekeyed" ]; do
			cat "$dir/file"
			sleep 0.05
		done
	} | tee >(sha256sum >"$dir/here") |
		ip netns exec alice socat -u - TCP:10.2.0.2:7000 &
	writer=$!
	net_wait 10 sh -c "ip netns exec bob ss -Htn sport = 7000 | grep -q ESTAB"
	rekeys
	wait "$writer"
	wait "$server"
	net_wait 10 test -s "$dir/here"
	diff "$dir/here" "$dir/there"
	after=$(($(tunnel_drops gwa ipsec0) + $(tunnel_drops gwb ipsec0)))
	[ "$after" = "$before" ]
	gwa ipsecx -j sa show | jq -e 'all(.spi | test("0x000025")) and
		all(.packets > 0)'
	gwa nft flush ruleset
}

# a - nat - b, in UDP: the source of a's packets is the router's, another port
# too, and what comes to the router's port is for a.
behind_nat() {
	net_ns a nat b
	net_veth a wan nat in
	net_veth nat out b wan
	net_addr a wan 10.0.0.2/24
	net_addr nat in 10.0.0.1/24
	net_addr nat out 198.51.100.1/24
	net_addr b wan 198.51.100.2/24
	net_route a default via 10.0.0.1
	net_exec nat nft -f - <<-'N'
	table ip test {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname out udp sport 4500 snat to 198.51.100.1:40500
		}
		chain prerouting {
			type nat hook prerouting priority dstnat
			iifname out udp dport 40500 dnat to 10.0.0.2:4500
		}
	}
	N
	net_exec a ipsecx socket port 4500 >"$dir/socket" 2>&1 &
	net_exec b ipsecx socket port 4500 >"$dir/socket" 2>&1 &
	net_wait 10 sh -c "ip netns exec a ss -Huln | grep -q ':4500 '"
	net_wait 10 sh -c "ip netns exec b ss -Huln | grep -q ':4500 '"
	tunnel_end a ipsec0 10.0.0.2 198.51.100.2 0x1001 0x1002 \
		encap udp 4500 4500
	tunnel_end b ipsec0 198.51.100.2 198.51.100.1 0x1002 0x1001 \
		encap udp 4500 40500
	net_addr a ipsec0 10.9.0.1/24
	net_addr b ipsec0 10.9.0.2/24
	tunnel_pings "$1" "$2"
	tunnel_file a b 10.9.0.2
	tunnel_file b a 10.9.0.1
	net_exec nat conntrack -L -p udp | tee "$dir/tracked"
	[ "$(grep -c '^udp ' "$dir/tracked")" = 1 ]
	net_cleanup
}

modprobe ipsecx
ktap_run "two gateways" begin
net_namespaces=(alice gwa gwb bob)
ktap_run "nftables: clear on the device, ESP outside" hooks
ktap_run "what the firewall drops outside is lost, and counted" refused
ktap_run "what a queue drops outside, too" full
ktap_run "a mark inside stays inside" marks
ktap_run "tc filters" classes
ktap_run "tc: shaped on the way in" shaped_in
ktap_run "tc: shaped on the way out" shaped_out
ktap_run "masqueraded into the tunnel" masquerade
ktap_run "a port forwarded out of it" forwarded_port
ktap_run "a connection survives five changes of SA" rekeyed
net_cleanup
ktap_run "NAT outside, the inner end first" behind_nat a 10.9.0.2
net_namespaces=(a nat b)
net_cleanup
ktap_run "NAT outside, the outer end first" behind_nat b 10.9.0.1
net_namespaces=(a nat b)
ktap_done
