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

modprobe ipsecx
ktap_run "AES-GCM by pcrypt" force
ktap_run "against xfrm" env \
	GRID='tunnel/4/128/yes/none|transport/6/256/no/udp' \
	"$here/xfrm_grid.sh"
ktap_run "tampered packets" "$here/hostile.sh"
ktap_run "lies" "$here/lies.sh"
ktap_run "things go while requests are on their way" env \
	CHURN="${CHURN:-3}" "$here/churn.sh"
ktap_run "and back" still_forced
ktap_done
