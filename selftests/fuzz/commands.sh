#!/bin/bash
# SPDX-License-Identifier: MIT
# Random commands, for FUZZ_SECONDS (20). SEED repeats a run.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

seconds=${FUZZ_SECONDS:-20}
seed=${SEED:-$((RANDOM << 15 | RANDOM))}
export PYTHONPATH=$here/../lib PYTHONDONTWRITEBYTECODE=1

commands() {
	"$here/commands.py" "$here/../../uapi/ipsecx.yaml" "$seconds" "$seed" \
		>/run/commands 2>&1 || { tail -n 40 /run/commands; return 1; }
}

grep -q '^ipsecx ' /proc/modules ||
	insmod "${module:+$module/kmod/ipsecx.ko}" || modprobe ipsecx
# A kernel of ours has no other modules to look for.
[ -z "${module:-}" ] || echo >/proc/sys/kernel/modprobe
ktap_run "random commands for $seconds s, from seed $seed" commands
[ "$ktap_failed" != 0 ] || sed 's/^/# /' /run/commands
ktap_done
