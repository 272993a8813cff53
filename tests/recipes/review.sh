#!/usr/bin/env bash
# Changes in two steps, with a person in between. Needs jq.
#
#   review.sh plan plan.jsonl '.score >= 98'     writes what would be repaired, of that what the filter lets through
#   $EDITOR plan.jsonl                           each line is a change; delete the lines that you do not want
#   review.sh apply plan.jsonl                   does what is left, as one batch that `cineorg undo` takes back
#
#   review.sh plan plan.jsonl '.op != "remove_link"' cleanup --fix     the same with another command's changes
#
# A plan may lie for days: `apply` looks again before each step and leaves what has changed meanwhile.
set -euo pipefail

usage="usage: review.sh plan FILE [JQ-FILTER [COMMAND...]] | review.sh apply FILE"
step=${1:?$usage} plan=${2:?$usage} filter=${3:-true}
command=("${@:4}")
[ ${#command[@]} -gt 0 ] || command=(repair-links --auto)
code=0

case $step in
    plan)
        all=$(mktemp)
        trap 'rm -f -- "$all"' EXIT
        cineorg "${command[@]}" --dry-run --jsonl >"$all" || code=$?
        [ "$code" -le 1 ] || exit "$code" # 1: some links stay unresolved
        # Without the rows of the catalogue: `apply` lets them follow their links.
        chosen=$(jq -c "select(.op and .op != \"set_file_path\") | select($filter)" "$all")
        printf '%s\n' "$chosen" >"$plan"
        jq -r '[.op, .score, .path, .new_target // .new_path, .evidence] | @tsv' <"$plan"
        ;;
    apply)
        cineorg apply --yes --tsv -- "$plan" || code=$?
        # 1: a link has changed since and was left; 3: a step failed. The rest is done. Else nothing is.
        case $code in
            0 | 1 | 3) mv -- "$plan" "$plan.applied" ;;
        esac
        exit "$code"
        ;;
    *)
        echo "$usage" >&2
        exit 2
        ;;
esac
