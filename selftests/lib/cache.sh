# SPDX-License-Identifier: MIT
# The cache outside the tree: things that take minutes to make, each in a
# directory named by the hash of its inputs. To be sourced.
# shellcheck shell=bash

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ipsecx

# A short hash of the given strings and of standard input, if it is a file.
cache_key() {
	{ printf '%s\n' "$@"; [ -t 0 ] || cat; } | sha256sum | cut -c1-12
}

# cache_make KIND KEY COMMAND...: print $cache/KIND-KEY, making it first if it
# is not there: COMMAND gets a fresh directory as its last argument, which
# takes its final name only once COMMAND has succeeded, so that whatever cuts
# it short leaves nothing that looks finished. Older keys of KIND are removed,
# unless something holds them (see cache_hold).
cache_make() {
	local kind=$1 dir=$cache/$1-$2 old lock
	shift 2

	# What is there does not wait for another key that is being made.
	if [ -d "$dir" ]; then
		echo "$dir"
		return
	fi
	mkdir -p "$cache"
	exec {lock}>"$cache/$kind.lock"
	flock "$lock"
	if [ ! -d "$dir" ]; then
		# A key has twelve characters: what is longer is another kind's.
		for old in "$cache/$kind"-???????????? "$cache/$kind".tmp.*; do
			cache_remove "$old"
		done
		mkdir "$cache/$kind.tmp.$$"
		echo "# making $kind, see $cache/$kind.log" >&2
		# In the background, where its errors still end it.
		"$@" "$cache/$kind.tmp.$$" >"$cache/$kind.log" 2>&1 \
			</dev/null {lock}>&- &
		wait $! || {
			echo "$kind: failed, see $cache/$kind.log:" >&2
			tail -n 20 "$cache/$kind.log" >&2
			return 1
		}
		mv "$cache/$kind.tmp.$$" "$dir"
	fi
	exec {lock}>&-
	echo "$dir"
}

# Remove a directory of the cache, which nobody uses any more. It is never seen
# with half of what was in it.
cache_remove() {
	[ -d "$1" ] || return 0
	flock -n -x "$1" true || return 0
	mv "$1" "$cache/gone.$$"
	rm -rf --one-file-system "$cache/gone.$$"
}

# Hold a directory of the cache against removal while this shell lives.
cache_hold() {
	local held
	exec {held}<"$1"
	flock -s "$held"
}
