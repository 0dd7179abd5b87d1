#!/bin/bash
# SPDX-License-Identifier: MIT
# Packets at random, inside and outside, for FUZZ_SECONDS (20). SEED repeats a
# run.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

seconds=${FUZZ_SECONDS:-20}
seed=${SEED:-$((RANDOM << 15 | RANDOM))}
export PYTHONPATH=$here/../lib PYTHONDONTWRITEBYTECODE=1

packets() {
	"$here/packets.py" "$here/../../uapi/ipsecx.yaml" "$seconds" "$seed" \
		>/run/packets 2>&1 || { tail -n 40 /run/packets; return 1; }
}

grep -q '^ipsecx ' /proc/modules ||
	insmod "${module:+$module/kmod/ipsecx.ko}" || modprobe ipsecx
[ -e /sys/class/misc/tun ] || modprobe -q tun
# A kernel of ours has no other modules to look for.
[ -z "${module:-}" ] || echo >/proc/sys/kernel/modprobe
ktap_run "random packets for $seconds s, from seed $seed" packets
[ "$ktap_failed" != 0 ] || sed 's/^/# /' /run/packets
ktap_done
