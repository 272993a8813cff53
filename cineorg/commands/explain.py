"""`cineorg explain`: all that is known of one link, and what `repair-links` would do with it. Changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from ..catalogue.knowledge import link_seen
from ..changes import Change, change_row
from ..clock import as_iso
from ..errors import EXIT_INCOMPLETE, EXIT_OK
from ..paths import terminal_text
from ..repair.diagnosis import Diagnosis
from ..trees.library import Library
from ..trees.links import BROKEN, OFFLINE, BadLink
from ..trees.time_limit import real_path
from .repair_links import Repair, make_repair
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import check_apart, look_at_trees, reading
from .shared.options import Request, chosen_paths, request_options
from .shared.plan_execution import guards_of
from .shared.remedies import Remedies

COMMAND = "explain"
OK = "ok"
_LISTS = ("link", "rows", "moves", "candidates", "decision", "changes")
_COLUMNS = (
    "type path target leads_to state reason first_seen last_seen pinned table id title old_path new_path seen_at"
    " score evidence rule would guard old_target new_target old new status"
).split()
_TITLES = {
    "link": "The link",
    "row": "rows with its file",
    "move": "moves of its file",
    "candidate": "candidates",
    "decision": "Decision",
    "change": "What would be done",
}


@click.command(
    "explain",
    cls=Command,
    short_help="Say what is known of one link and what would be done.",
    examples=(
        (
            'cineorg explain "video/Films/SF/A-L/Aelita (1924).mkv"',
            "Say why this link is broken and which file it would get.",
        ),
        (
            'cineorg explain "video/Films/SF/A-L/Aelita (1924).mkv" --min-score 95',
            "The same, asking for more certainty.",
        ),
    ),
)
@click.argument("link", metavar="LINK", shell_complete=complete_files)
@request_options("min_score")
def command(request: Request, link: str) -> int:
    """Say what LINK was, what the catalogue knows of it, which files it may have meant, and what would be done.

    The answer is that of `repair-links --auto`, with the same regard to all other links.
    """
    video = (request.settings.video,) if request.settings.video else ()
    path = chosen_paths([link], video)[0]
    if not os.path.islink(path):
        what = "is no link" if os.path.lexists(path) else "does not exist"
        raise click.UsageError(f"{terminal_text(path)} {what}; name a link of the video tree")
    check_apart(request)
    with reading(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        repair = make_repair(request, connection, library)
        bad = next((item for item in library.bad_links if item.path == path), None)
        item = _diagnosis(repair, library, bad) if bad else _healthy(library, path)
        seen = link_seen(connection, path)
        return _report(request, repair, item, seen)


def _healthy(library: Library, path: str) -> Diagnosis:
    target = os.readlink(path)
    end = library.stored_file_of(path) or real_path(path)
    return Diagnosis(BadLink(path, target, end, OK, ""), reason="it reaches its file")


def _diagnosis(repair: Repair, library: Library, link: BadLink) -> Diagnosis:
    if link.state != BROKEN:
        return repair.planner.diagnose(link)
    links = [item for item in library.bad_links if item.state == BROKEN]
    return next(item for item in repair.planner.diagnose_all(links) if item.link.path == link.path)


def _report(request: Request, repair: Repair, item: Diagnosis, seen: tuple[str, str]) -> int:
    library = repair.library
    changes: tuple[Change, ...] = ()
    if item.chosen is not None:
        changes = (repair.planner.relink(item.link, item.chosen), *repair.planner.row_changes(item))
    guards = guards_of(request, library)
    changes = tuple(guards.stamped(changes))
    refusal = guards.refusal(changes) if changes else None
    remedies = Remedies(request, library)
    guard = str(refusal) if refusal else _standing_guard(item, remedies)
    would = "nothing" if not changes or refusal else "relink"
    report = request.report(
        COMMAND,
        _LISTS,
        tuple(_COLUMNS),
        limit=0,
        titles=_TITLES,
        records=("link", "decision"),
        next_commands=remedies.commands() if item.link.state != OK else (),
    )
    for name, row in _facts(repair, item, seen):
        report.row(name, row)
    report.row(
        "decision",
        {"type": "decision", "path": item.link.path, "rule": item.rule, "would": would, "reason": item.reason}
        | ({"guard": guard} if guard else {}),
    )
    for change in changes:
        report.row("changes", change_row(change))
    complete = item.link.state in (OK, BROKEN)
    report.finish(
        complete=complete,
        state=item.link.state,
        rule=item.rule,
        would=would,
        reason=item.reason,
        guard=guard or None,
        summary={"candidates": len(item.candidates) + len(item.nearest), "changes": len(changes)},
        **{name: [] for name in _LISTS},
    )
    return EXIT_OK if complete else EXIT_INCOMPLETE


def _standing_guard(item: Diagnosis, remedies: Remedies) -> str:
    state, reason = item.link.state, item.link.reason
    if state in (OK, BROKEN):
        return ""
    return f"{state}: {reason}" + (f"; {remedies.words_for_reason(reason)}" if state == OFFLINE else "")


def _facts(repair: Repair, item: Diagnosis, seen: tuple[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows about the link itself, what the catalogue knows, and the candidates."""
    link, knowledge = item.link, repair.planner.knowledge
    pin = knowledge.pins.get(link.path)
    row: dict[str, Any] = {
        "type": "link",
        "path": link.path,
        "target": link.target,
        "leads_to": link.end,
        "state": link.state,
        "reason": link.reason,
        "first_seen": as_iso(seen[0]) or None,
        "last_seen": as_iso(seen[1]) or None,
        "pinned": pin.target if pin else None,
    }
    yield "link", row
    end = repair.library.finder.canonical(link.end)
    for known in repair.planner.rows.naming(end):
        title = f"{known.title} S{known.season:02}E{known.episode:02}" if known.episode is not None else known.title
        yield "rows", {"type": "row", "table": known.table, "id": known.id, "title": title, "path": known.file_path}
    for move in repair.planner.moves_from(end):
        yield (
            "moves",
            {
                "type": "move",
                "old_path": move.old_path,
                "new_path": move.new_path,
                "seen_at": as_iso(move.seen_at),
                "evidence": move.evidence,
            },
        )
    for candidate in (*item.candidates, *item.nearest):
        yield "candidates", {"type": "candidate", **candidate.row()}
