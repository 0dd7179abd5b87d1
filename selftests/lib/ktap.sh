# SPDX-License-Identifier: MIT
# The little of TAP that the test scripts need. To be sourced.
# shellcheck shell=bash

ktap_count=0
ktap_failed=0
ktap_log=$(mktemp -p /run)

# ktap_run NAME COMMAND...: one test. COMMAND, usually a function, runs in a
# subshell under errexit; what it wrote is shown when it failed. Status 77
# means skipped, and its last line why; 4, which kselftest has for that, is what
# jq ends with when there was nothing to look at.
ktap_run() {
	local name=$1 status
	shift
	ktap_count=$((ktap_count + 1))
	(set -euo pipefail; "$@") >"$ktap_log" 2>&1 </dev/null
	status=$?
	case $status in
	0) echo "ok $ktap_count - $name" ;;
	77) echo "ok $ktap_count - $name # SKIP $(tail -n 1 "$ktap_log")" ;;
	*)
		ktap_failed=$((ktap_failed + 1))
		tail -n 50 "$ktap_log" | sed 's/^/# /'
		echo "# status $status"
		echo "not ok $ktap_count - $name"
		;;
	esac
}

# ktap_skip NAME REASON: a test that cannot run here.
ktap_skip() {
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count - $1 # SKIP $2"
}

# ktap_done: the plan and the script's exit.
ktap_done() {
	echo "1..$ktap_count"
	rm -f "$ktap_log"
	[ "$ktap_failed" = 0 ]
	exit
}
