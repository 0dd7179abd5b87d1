# SPDX-License-Identifier: MIT
# The checkout's files as git sees them, without what a build left among them.
# To be sourced; $src is the checkout.
# shellcheck shell=bash disable=SC2154

# The files under the given paths, tracked or new, that are there.
source_files() {
	git -c safe.directory='*' -C "$src" ls-files -co --exclude-standard \
		-- "$@" | LC_ALL=C sort -u | while read -r file; do
		[ ! -f "$src/$file" ] || echo "$file"
	done
}

# What they hold, as one stream to hash.
source_contents() {
	source_files "$@" | (cd "$src" && xargs -d '\n' sha256sum)
}

# source_copy DIR PATH...: copy them into DIR.
source_copy() {
	local dir=$1
	shift
	source_files "$@" | tar -C "$src" -c -T - | tar -C "$dir" -x
}
