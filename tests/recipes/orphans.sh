#!/usr/bin/env bash
# Orphans, the stored files that no row of the catalogue names, where a person can look at them: DIR, which must not
# exist, gets a link to each, below the path that the file has. Prints how many bytes they are.
#
#   orphans.sh ~/to-sort                     of the whole library
#   orphans.sh ~/to-sort /mnt/nas/Films      only those there
set -euo pipefail

inbox=${1:?usage: orphans.sh DIR [PATH...]}
shift
list=$(mktemp)
trap 'rm -f -- "$list"' EXIT

# Not in one pipe: it would lose the exit code, and only 0 and 1 say that everything was looked at.
code=0
cineorg integrity -0 --only orphan_file "$@" >"$list" || code=$?
[ "$code" -le 1 ] || exit "$code"

mkdir -- "$inbox"
# NUL is the one byte that no name holds.
xargs -0 -r cp --symbolic-link --parents --no-preserve=mode -t "$inbox" -- <"$list"
xargs -0 -r stat --printf='%s\n' -- <"$list" | awk '{ bytes += $1 } END { printf "%.0f bytes\n", bytes }'
