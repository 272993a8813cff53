#!/usr/bin/env bash
# Runs a command only if the library is sound: before the media centre reads it anew, in front of a backup, in CI.
#
#   gate.sh kodi-send --action='UpdateLibrary(video)'
#   CHECKS='--only broken_symlink' gate.sh rsync -a /srv/video/ backup:video/
#
# Ends with the command's exit code if it ran, else with cineorg's: 1 wants a person; after 3 a scheduler may try again,
# for what could not be looked at may be a mount that comes back.
set -uo pipefail

[ $# -gt 0 ] || { echo "usage: gate.sh COMMAND [ARGUMENT...]" >&2; exit 2; }
read -ra checks <<<"${CHECKS:---skip orphan_file}"
report=$(cineorg integrity "${checks[@]}" --quiet --tsv)
code=$?
case $code in
    0) exec "$@" ;;
    1) echo "gate.sh: not run, the library has faults:" >&2 ;;
    3) echo "gate.sh: not run, not all of the library could be looked at:" >&2 ;;
    *) exit "$code" ;; # cineorg has said why
esac
printf '%s\n' "$report" >&2
exit "$code"
