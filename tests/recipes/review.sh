#!/usr/bin/env bash
# Repairs in two steps, with a person in between. Needs jq.
#
#   review.sh plan plan.jsonl '.score >= 98'     writes what would be done, of that what the filter lets through
#   $EDITOR plan.jsonl                           each line is a change; delete the lines that you do not want
#   review.sh apply plan.jsonl                   does what is left, as one batch that `cineorg undo` takes back
#
# A plan may lie for days: `apply` looks again before each step and leaves what has changed meanwhile.
set -euo pipefail

usage="usage: review.sh plan FILE [JQ-FILTER] | review.sh apply FILE"
step=${1:?$usage} plan=${2:?$usage} filter=${3:-true}
code=0

case $step in
    plan)
        all=$(mktemp)
        trap 'rm -f -- "$all"' EXIT
        cineorg repair-links --auto --dry-run --jsonl >"$all" || code=$?
        [ "$code" -le 1 ] || exit "$code" # 1: some links stay unresolved
        # Only the links: `apply` lets the rows of the catalogue follow them.
        chosen=$(jq -c "select(.op == \"relink\") | select($filter)" "$all")
        printf '%s\n' "$chosen" >"$plan"
        jq -r '[.score, .path, .new_target, .evidence] | @tsv' <"$plan"
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
