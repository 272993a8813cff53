#!/usr/bin/env bash
# Every night: scan, judge, repair what is certain; one mail, and only if something was repaired or needs a person.
#
#   PATH=/opt/cineorg/.venv/bin:/usr/bin:/bin
#   0 4 * * *  CINEORG_CONFIG=/etc/cineorg.toml MAILTO=you@example.org /usr/local/bin/nightly.sh
#
# The first of these lines says where cineorg is: cron's own PATH is short.
# The mail goes out by `mail -s SUBJECT ADDRESS`, or by the command that MAILER names; without MAILTO it is a notice of
# the plugin cineorg-notify, if that is installed and CINEORG_NOTIFY_URLS says where to, and else printed.
# Nothing is repaired unless all of the roots could be seen; the links to a disk beyond them that is away are left
# alone. Ends with cineorg's last exit code. Needs jq.
set -uo pipefail # and not -e: here an exit code is an answer

work=$(mktemp -d) || exit
notify=
if [ -z "${MAILTO:-}" ] && [ -n "${CINEORG_NOTIFY_URLS:-}" ] && cineorg notify --help >/dev/null 2>&1; then
    notify=yes
fi
trap 'rm -rf -- "$work"' EXIT

# run NAME COMMAND…: its report is in NAME.json then, its words in NAME.err, its exit code in `code`
run() {
    local name=$1
    shift
    cineorg "$@" --json --progress never >"$work/$name.json" 2>"$work/$name.err"
    code=$?
}

counts() {
    jq -r '[.summary | del(.total, .acknowledged) | to_entries[] | select(.value > 0) | "\(.value) \(.key)"]
        | join(", ") | gsub("_"; " ")' "$work/$1.json"
}

# Names may hold line ends and escape sequences: in a mail they are spelled as JSON does.
list() { jq -r "def line: @json[1:-1]; $2" "$work/$1.json"; }

unseen() {
    list "$1" '.issues[]? | select(.reason and (.target | not)) | "\(.path | line)\n  \(.details | line)"'
}

send() {
    local subject
    subject="cineorg on $(uname -n): $1"
    if [ -n "${MAILTO:-}" ]; then
        "${MAILER:-mail}" -s "$subject" "$MAILTO"
    elif [ -n "$notify" ]; then
        cineorg notify --subject "$subject"
    else
        printf 'Subject: %s\n\n' "$subject"
        cat
    fi
}

# sees_roots NAME: whether only what lies beyond the roots, or links to it, could not be looked at
sees_roots() {
    jq -e '(.library.storage + [.library.video]) as $roots
        | [.issues[]? | select(.reason and (.target | not)) | .path] | length > 0
            and all(. as $path | all($roots[]; . as $root
                | $path != $root and ($path | startswith($root + "/") | not)))' "$work/$1.json" >/dev/null
}

# stop NAME SUBJECT: mail why a command did not do all of its work, and end
stop() {
    { unseen "$1"; cat "$work/$1.err"; } | send "$2" || exit
    exit "$code"
}

run scan scan
case $code in
    0) ;;
    3) sees_roots scan || stop scan "not all of the library could be seen; nothing was repaired" ;;
    4) stop scan "another command was at work; nothing was done" ;;
    130) exit 130 ;;
    *) stop scan "the scan failed; nothing was repaired" ;;
esac

run integrity integrity
case $code in
    0) exit 0 ;;
    1) ;;
    3) sees_roots integrity || stop integrity "not all of the library could be judged; nothing was repaired" ;;
    130) exit 130 ;;
    *) stop integrity "the library could not be judged; nothing was repaired" ;;
esac

run repair repair-links --auto
# What is acknowledged needs nobody: integrity has left it out.
jq --slurpfile judged "$work/integrity.json" '[$judged[0].issues[].path] as $told
    | if .unresolved then .unresolved |= map(select(.path | IN($told[]))) else . end' \
    "$work/repair.json" >"$work/told.json" 2>/dev/null && mv -- "$work/told.json" "$work/repair.json"
case $code in
    0 | 3) [ "$(jq '[.changes[], .unresolved[]] | length' "$work/repair.json")" -gt 0 ] || exit "$code" ;;
    1) [ "$(jq '[.changes[], .unresolved[]] | length' "$work/repair.json")" -gt 0 ] || exit 0 ;;
    4) stop repair "a guard refused the repairs; nothing was changed" ;;
    130) exit 130 ;;
    *) stop repair "the repairs failed" ;;
esac
if [ -n "$notify" ]; then
    # What was told before, by these very commands or last night, is not told again.
    cineorg notify "$work/integrity.json" && cineorg notify "$work/repair.json" || exit
    exit "$code"
fi
links=$(list repair '[(.changes[] | select(.op == "relink") | .status), (.unresolved[] | "unresolved")]
    | group_by(.) | map("\(length) \(.[0])") | join(", ")')
{
    printf 'Found:     %s\n' "$(counts integrity)"
    printf 'Repair:    %s\n' "$links"
    list repair 'select(.batch) | "Take back: cineorg undo \(.batch)"'
    list repair '.changes[] | select(.op == "relink")
        | "\n\(.status): \(.path | line)\n  its file: \(.new_target | line)\n  evidence: \(.evidence | line)",
        if .reason then "  \(.reason | line)" else empty end'
    list repair '.unresolved[] | "\nneeds you: \(.path | line)\n  \(.reason | line)"'
    unseen repair
    cat "$work/repair.err"
} | send "links: $links" || exit
exit "$code"
