#!/bin/bash
# SPDX-License-Identifier: MIT
# SAs, policies, devices and namespaces come and go in any order under traffic,
# and the module is removed with what is left of them, and loaded again. A
# module that something still holds cannot be removed; log and memory are looked
# at by whoever runs this. CHURN is how often: 5 times by default, 1000 in
# check-deep. SEED repeats a run.
# shellcheck disable=SC2317 # ktap_run calls the functions
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=../lib/ktap.sh
. "$here/../lib/ktap.sh"

rounds=${CHURN:-${IPSECX_DEEP:+1000}}
rounds=${rounds:-5}
seed=${SEED:-$RANDOM}
file=${module:+$module/kmod/ipsecx.ko}
file=${file:-$(modinfo -n ipsecx)}
export PYTHONDONTWRITEBYTECODE=1

churn() {
	echo "seed $seed"
	"$here/../lib/churn.py" "$here/../../uapi/ipsecx.yaml" "$file" \
		"$rounds" "$seed"
	awk '$1 == "ipsecx" { exit $3 != 0 }' /proc/modules
}

grep -q '^ipsecx ' /proc/modules || insmod "$file" || modprobe ipsecx
ktap_run "$rounds times, from seed $seed" churn
ktap_done
