#!/usr/bin/env bash
# Takes back, the last one first, every batch of changes since a time that is still in force. Needs jq.
#
#   undo-night.sh 'yesterday 18:00' --dry-run     what would be taken back
#   undo-night.sh 'yesterday 18:00' --yes
#
# The time is as `date -d` reads it, the other words go to `cineorg undo`. Ends with the worst exit code.
set -uo pipefail

usage="usage: undo-night.sh SINCE --dry-run|--yes"
since=$(date -u -d "${1:?$usage}" '+%F %T') || exit 2
shift
history=$(cineorg history --jsonl) || exit

# From the last batch to the first: one that a later one took back is over, and so is one that took it back and was
# itself taken back. Those that took something back stay: a person wanted it so.
# shellcheck disable=SC2016  # the dollars are jq's
in_force='reduce (map(select(.type == "batch" and .done > 0)) | sort_by(-.id))[] as $batch ({over: [], ids: []};
    if any(.over[]; . == $batch.id) then .
    elif $batch.undoes then .over += [$batch.undoes]
    elif $batch.started_at >= $since then .ids += [$batch.id]
    else . end) | .ids[]'
ids=$(jq -rs --arg since "$since" "$in_force" <<<"$history") || exit
[ -n "$ids" ] || { echo "undo-night.sh: nothing was changed since $since UTC" >&2; exit 0; }

worst=0
for id in $ids; do
    echo "undo-night.sh: batch $id" >&2
    code=0
    cineorg undo "$id" "$@" || code=$?
    [ "$code" -le "$worst" ] || worst=$code
    # 1: some links have changed since then, and are left. After anything else an older batch is not to be touched.
    [ "$code" -le 1 ] || break
done
exit "$worst"
