#!/bin/bash
# SPDX-License-Identifier: MIT
# The same tests with crypto that always answers later, on whichever CPU: the
# kernel's pcrypt in front of AES-GCM. (cryptd in front of it fails the self-test
# of a stock 6.1.) SAs and devices go while requests are on their way.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

# An instance of pcrypt outranks what it was made of, as long as it is there.
force() {
	modprobe -a pcrypt algif_aead
	# Kernels make it, and then do not find it fit for this socket.
	python3 -c 'import socket
alg = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
try:
    alg.bind(("aead", "pcrypt(rfc4106(gcm(aes)))"))
except OSError:
    pass'
	is_forced
}

is_forced() {
	ipsecx -j caps | tee /dev/stderr |
		jq -e '."encr-cap"[0] | .async and (.driver |
			startswith("pcrypt("))'
}

still_forced() {
	is_forced
	modprobe -r pcrypt
	ipsecx -j caps | jq -e '."encr-cap"[0].driver |
		startswith("pcrypt(") | not'
}

# In some kernels nobody can use pcrypt; then the kernel's own ESP cannot.
xfrm_can() {
	ip netns add probe
	ip -n probe xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp \
		spi 0x1000 reqid 1 mode tunnel aead 'rfc4106(gcm(aes))' \
		"0x$(printf '%040d' 0)" 128
	local status=$?
	ip netns del probe
	return "$status"
}

modprobe ipsecx
ktap_run "AES-GCM by pcrypt" force
if ! xfrm_can; then
	modprobe -r pcrypt
	ktap_skip "packets" "this kernel's pcrypt does not even serve xfrm"
	ktap_done
fi
ktap_run "against xfrm" env \
	GRID='transport/6/256/yes/udp' "$here/xfrm_grid.sh"
ktap_run "lies" "$here/lies.sh"
ktap_run "things go while requests are on their way" env \
	CHURN="${CHURN:-2}" "$here/churn.sh"
ktap_run "and back" still_forced
ktap_done
