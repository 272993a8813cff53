#!/usr/bin/env bash
# The disks are on another machine, the catalogue is here. Walking the trees over the network is slow: let that machine
# do it, and take its inventory through a pipe.
#
#   from-nas.sh nas /volume1/media /volume1/video /volume1=/mnt/nas
#
# That machine must have cineorg. After its name come its storage root, its video root, and what lies where here.
set -euo pipefail

usage="usage: from-nas.sh HOST STORAGE VIDEO THERE=HERE..."
host=${1:?$usage} storage=${2:?$usage} video=${3:?$usage}
shift 3
maps=()
for map in "${@:?$usage}"; do maps+=(--map "$map"); done

# ssh gives its words to a shell there, which takes them apart once more.
quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; }
scan="cineorg scan --quiet --jsonl --storage $(quoted "$storage") --video $(quoted "$video")"

# The stream has an end mark: one that was cut off, by the network or over there, is refused as a whole.
codes=(0 0)
# shellcheck disable=SC2029  # it is put together here
ssh "$host" "$scan" | cineorg scan --from - "${maps[@]}" || codes=("${PIPESTATUS[@]}")
case ${codes[*]} in
    "0 0") ;;
    *" 0" | *" 3") # all is taken over, but for what that machine could not see
        [ "${codes[0]}" -eq 0 ] || echo "from-nas.sh: $host ended with ${codes[0]}" >&2
        exit 3
        ;;
    *) exit "${codes[1]}" ;;
esac
