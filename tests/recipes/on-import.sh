#!/usr/bin/env bash
# After an import: read its folder, give broken links their files, make a link for a file that nothing shows.
# To be named in Sonarr or Radarr under Settings > Connect > Custom Script, for imports, upgrades and renames.
#
#   CINEORG_CONFIG=/etc/cineorg.toml on-import.sh [FILE]
#
# They say in the environment what they imported; by hand, FILE says it. Ends with cineorg's worst exit code.
set -uo pipefail # and not -e: here an exit code is an answer

event=${sonarr_eventtype:-${radarr_eventtype:-}}
[ "$event" != Test ] || exit 0
file=${1:-${sonarr_episodefile_path:-${radarr_moviefile_path:-}}}
[ -n "$file" ] || { echo "on-import.sh: neither FILE nor Sonarr or Radarr says what was imported" >&2; exit 2; }

worst=0
run() {
    local code=0
    cineorg "$1" --progress never "${@:2}" || code=$?
    [ "$code" -le "$worst" ] || worst=$code
    # 1: something stays unresolved. After anything else the next command would rest on sand.
    [ "$code" -le 1 ] || exit "$code"
}

run scan -- "$file"
run repair-links --auto
run link-orphans --yes -- "$file"
exit "$worst"
