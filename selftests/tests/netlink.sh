#!/bin/bash
# SPDX-License-Identifier: MIT
# The netlink contract: the kernel tree's own client drives every command of
# the spec, unmodified; whatever is wrong with a message, it is refused with a
# text and changes nothing; and it is for nobody but the administrator.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"
# shellcheck source=../lib/net.sh
. "$here/../lib/net.sh"

dir=$(mktemp -d)
spec=$here/../../uapi/ipsecx.yaml

a() { net_exec a "$@"; }

# ynl OPERATION JSON: one command; its answer as JSON
ynl() { a ynl-cli --output-json --do "$1" --json "$2"; }

begin() {
	net_ns a b
	a ip link add ipsec0 type ipsecx
	a ip link set ipsec0 up
	a cat /sys/class/net/ipsec0/ifindex >"$dir/ifindex"
}

# Every command, in the order of an SA's life.
ynl_all() {
	local dev spi
	dev="\"ifindex\": $(cat "$dir/ifindex")"
	ynl cap-get '{}' | jq -e '."encr-cap"[0].encr == "aes-gcm-16"'
	ynl policy-new "{$dev, \"mode\": \"tunnel\", \"local\": \"192.0.2.1\",
		\"remote\": \"192.0.2.2\", \"selector\": [{
			\"local-start\": \"10.1.0.0\",
			\"local-end\": \"10.1.255.255\",
			\"protocol\": 17, \"remote-port-start\": 53,
			\"remote-port-end\": 53}]}" | jq -e '.id == 1'
	# newer clients print what the spec says is hex as such
	spi=$(ynl spi-alloc "{$dev, \"lowest\": 4096, \"highest\": 4096}" |
		jq -r .spi)
	[ "$((spi))" = 4096 ]
	ynl sa-new "{$dev, \"policy\": 1, \"direction\": \"in\", \"spi\": 4096,
		\"encr\": 20, \"encr-key\":
		\"$(head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n')\"}" |
		jq -e '.id == 1'
	ynl sa-new "{$dev, \"policy\": 1, \"direction\": \"out\",
		\"spi\": 8192, \"encr\": 20, \"encr-key\":
		\"$(head -c 36 /dev/urandom | od -An -tx1 | tr -d ' \n')\"}" |
		jq -e '.id == 2'
	ynl sa-set "{$dev, \"id\": 2, \"activate\": true}"
	ynl policy-set "{$dev, \"id\": 1, \"priority\": 5}"
	ynl policy-get "{$dev, \"id\": 1}" | tee "$dir/policy" | jq -e '
		.mode == "tunnel" and .priority == 5 and .sa == 2 and
		.selector[0].protocol == 17 and .local == "192.0.2.1"'
	ynl sa-get "{$dev, \"id\": 2}" | jq -e '.direction == "out" and
		.current and (has("encr-key") | not)'
	ynl device-get "{$dev}" | jq -e '.ifname == "ipsec0" and .sas == 2'
	a ynl-cli --output-json --dump sa-get | jq -e 'length == 2'
	a ynl-cli --output-json --dump policy-get | jq -e 'length == 1'
	a ynl-cli --output-json --dump device-get | jq -e 'length == 1'
	ynl sa-del "{$dev, \"id\": 1}"
	ynl policy-del "{$dev, \"id\": 1}"
	a ynl-cli --output-json --dump sa-get | jq -e 'length == 0'
}

# Devices whose indexes follow each other, with objects of the same ids.
neighbours() {
	local i
	for i in 1 2 3; do
		a ip link add "near$i" type ipsecx
		a ipsecx policy add dev "near$i" mode tunnel local 192.0.2.1 \
			remote "192.0.2.$((i + 1))"
	done
	a ipsecx -j policy show | jq -e 'length == 3'
	a ipsecx -j show | jq -e 'map(select(.dev | startswith("near"))) |
		length == 3' || a ipsecx -j show
	for i in 1 2 3; do
		a ip link del "near$i"
	done
}

# A policy comes and goes until the client, which takes a while to start, has
# heard of it.
ynl_events() {
	local client status=0
	PYTHONUNBUFFERED=1 ip netns exec a ynl-cli --output-json \
		--subscribe events --duration 300 >"$dir/events" 2>&1 &
	client=$!
	net_wait 240 heard || status=1
	kill "$client"
	wait "$client" || :
	cat "$dir/events"
	return "$status"
}

heard() {
	local id
	id=$(ynl policy-new "{\"ifindex\": $(cat "$dir/ifindex"),
		\"mode\": \"tunnel\", \"local\": \"192.0.2.1\",
		\"remote\": \"192.0.2.2\", \"selector\": [{}]}" | jq .id)
	a ipsecx policy del dev ipsec0 id "$id"
	grep -q policy-del-ntf "$dir/events"
}

matrix() {
	a ip link add ipsec1 type ipsecx
	a "$here/../lib/netlink_matrix.py" "$spec" ipsec1
	a ip link del ipsec1
}

# The family's own check comes before everything else.
unprivileged() {
	a setpriv --reuid 65534 --regid 65534 --clear-groups \
		ynl-cli --dump sa-get 2>&1 | tee "$dir/err" || :
	grep -qi 'not permitted' "$dir/err"
	a setpriv --reuid 65534 --regid 65534 --clear-groups timeout 10 \
		ynl-cli --subscribe events --duration 1 2>&1 |
		tee "$dir/err" || :
	grep -qi 'not permitted' "$dir/err"
}

# root in a user namespace of its own may make namespaces, but no devices.
user_namespace() {
	not unshare -Urn ip link add ipsec9 type ipsecx 2>"$dir/err"
	cat "$dir/err"
	grep -q 'allow_userns' "$dir/err"
	unshare -Urn ynl-cli --dump sa-get 2>&1 | tee "$dir/err" || :
	grep -qi 'not permitted' "$dir/err"
	echo Y >/sys/module/ipsecx/parameters/allow_userns
	unshare -Urn sh -ec 'ip link add ipsec9 type ipsecx
		ipsecx policy add dev ipsec9 mode tunnel local 192.0.2.1 \
			remote 192.0.2.2
		ipsecx show'
	echo N >/sys/module/ipsecx/parameters/allow_userns
}

not() { ! "$@"; }

ktap_run "a device" begin
net_namespaces=(a b)
ktap_run "the kernel tree's client drives every command" ynl_all
ktap_run "a dump of neighbours is whole" neighbours
ktap_run "the kernel tree's client hears events" ynl_events
ktap_run "what is wrong is refused with a text and changes nothing" matrix
ktap_run "not for an ordinary user" unprivileged
ktap_run "not in a user namespace, unless allowed" user_namespace
rm -rf "$dir"
ktap_done
