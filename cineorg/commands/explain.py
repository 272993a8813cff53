"""`cineorg explain`: what is known of a link and what `repair-links` would do, or of a stored file. Changes nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import click

from ..catalogue.knowledge import link_seen
from ..changes import Change, change_row
from ..clock import as_iso
from ..errors import EXIT_INCOMPLETE, EXIT_OK
from ..output.headings import counted
from ..paths import is_inside, nfc, terminal_text
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
    short_help="Say what is known of a link or file and what would be done.",
    examples=(
        (
            'cineorg explain "video/Films/SF/A-L/Aelita (1924).mkv"',
            "Say why this link is broken and which file it would get.",
        ),
        (
            'cineorg explain "video/Films/SF/A-L/Aelita (1924).mkv" --min-score 95',
            "The same, asking for more certainty.",
        ),
        ("cineorg explain storage/Films/Les.rapaces.1924.VO.x264-OMBRE.mkv", "Say which links show a file."),
    ),
)
@click.argument("name", metavar="LINK|FILE", shell_complete=complete_files)
@request_options("min_score")
def command(request: Request, name: str) -> int:
    """Say what LINK was, what the catalogue knows of it, which files it may have meant, and what would be done.

    The answer is that of `repair-links --auto`, with the same regard to all other links. Of a stored FILE: which links
    show it, and which rows of the catalogue name it.
    """
    path, is_stored = _chosen(request, name)
    check_apart(request)
    with reading(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        repair = make_repair(request, connection, library)
        if is_stored:
            return _report_file(request, repair, connection, path)
        bad = next((item for item in library.bad_links if item.path == path), None)
        item = _diagnosis(repair, library, bad) if bad else _healthy(library, path)
        return _report(request, repair, item, link_seen(connection, path))


def _chosen(request: Request, name: str) -> tuple[str, bool]:
    """Return the path that is meant, and whether it is a stored file; raises UsageError if it is no link, either."""
    settings = request.settings
    path = chosen_paths([name], settings.roots())[0]
    is_stored = any(is_inside(path, root) for root in settings.storage)
    if os.path.islink(path) != is_stored and (os.path.isfile(path) or not is_stored):
        return path, is_stored
    what = "does not exist"
    if os.path.lexists(path):
        what = "is no stored file" if is_stored else "is no link"
    raise click.UsageError(f"{terminal_text(path)} {what}; name a link of the video tree, or a stored file")


def _report_file(request: Request, repair: Repair, connection: sqlite3.Connection, path: str) -> int:
    """Report on a stored file: the links that show it, the rows that name it, where a scan saw it go."""
    library = repair.library
    file = library.finder.canonical(path)
    shown_by = sorted(_links_to(library, file))
    reason = f"{counted(len(shown_by), 'links')} {'shows' if len(shown_by) == 1 else 'show'} it"
    titles = _TITLES | {"link": "links to it"}
    next_commands = () if shown_by else (request.command_line("link-orphans", path, "--dry-run"),)
    report = request.report(
        COMMAND, _LISTS, tuple(_COLUMNS), limit=0, titles=titles, records=("decision",), next_commands=next_commands
    )
    for link in shown_by:
        report.row("link", _link_row(repair, _healthy(library, link).link, link_seen(connection, link)))
    for name, row in _known_of_file(repair, file):
        report.row(name, row)
    decision = {"rule": "", "would": "nothing", "reason": reason}
    report.row("decision", {"type": "decision", "path": path, **decision})
    complete = not (library.offline or library.census.unreadable)
    state = "shown" if shown_by else "orphan"
    summary = {"candidates": 0, "changes": 0}
    lists: dict[str, Any] = {name: [] for name in _LISTS}
    report.finish(complete=complete, state=state, **decision, guard=None, summary=summary, **lists)
    return EXIT_OK if complete else EXIT_INCOMPLETE


def _links_to(library: Library, file: str) -> Iterator[str]:
    """Yield the healthy links that reach a stored file, or a folder above it."""
    bad = {link.path for link in library.bad_links}
    for folder, name, _ in library.census.links():
        path = f"{folder}/{name}"
        end = library.stored_file_of(path) if path not in bad else None
        if end is not None and is_inside(nfc(file), nfc(end)):
            yield path


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
    yield "link", _link_row(repair, item.link, seen)
    yield from _known_of_file(repair, repair.library.finder.canonical(item.link.end))
    for candidate in (*item.candidates, *item.nearest):
        yield "candidates", {"type": "candidate", **candidate.row()}


def _link_row(repair: Repair, link: BadLink, seen: tuple[str, str]) -> dict[str, Any]:
    pin = repair.planner.knowledge.pins.get(link.path)
    return {
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


def _known_of_file(repair: Repair, end: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows that name a file, and where scans saw it go."""
    for known in repair.planner.rows.naming(end):
        title = f"{known.title} S{known.season:02}E{known.episode:02}" if known.episode is not None else known.title
        yield "rows", {"type": "row", "table": known.table, "id": known.id, "title": title, "path": known.file_path}
    for move in repair.planner.moves_from(end):
        row = {"type": "move", "old_path": move.old_path, "new_path": move.new_path, "seen_at": as_iso(move.seen_at)}
        yield "moves", row | {"evidence": move.evidence}
