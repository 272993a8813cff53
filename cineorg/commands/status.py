"""`cineorg status`: roots, counts, the last reports and batches at a glance; with --settings how that is set up."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import click

from ..catalogue import journal
from ..catalogue.check_queries import Catalogue
from ..catalogue.kept_reports import kept_reports, kept_rows
from ..catalogue.library_counts import count_library, when_scanned
from ..clock import as_iso
from ..errors import EXIT_INCOMPLETE, EXIT_OK
from ..paths import terminal_text
from ..plugin_host.registry import load_plugins
from ..settings.configuration import SETTINGS, Settings
from ..settings.sources import option_of
from ..trees.glance import ONLINE, glance_at_places
from ..trees.left_out import LeftOut, find_left_out
from .group import COMMANDS
from .shared.help_examples import Command
from .shared.library_access import reading
from .shared.options import Request, request_options

Row = dict[str, Any]
_REPORTS = ("integrity", "cleanup")
_MOST_BATCHES = 5
_SOME = ("places", "counts", "reports", "findings", "batches")
_MORE = ("settings", "left_out", "plugins")
_COLUMNS = (
    "type", "path", "kind", "state", "free", "files", "filesystem", "scanned_at", "reason", "films", "series",
    "episodes", "links", "size", "acknowledged", "complete", "command", "checked_at", "findings", "id", "started_at",
    "finished_at", "undoes", "done", "skipped", "failed", "cancelled", "pending", "name", "value", "origin", "source",
    "version", "details",
)  # fmt: skip
_STATES = (journal.DONE, journal.SKIPPED, journal.FAILED, journal.CANCELLED, journal.PENDING)
_TITLES = {
    "place": "places", "counts": "what the library holds", "report": "last reports", "finding": "kinds of findings",
    "batch": "last batches", "setting": "settings", "left_out": "folders that are passed over", "plugin": "plugins",
    "problem": "problems",
}  # fmt: skip


@click.command(
    "status",
    cls=Command,
    short_help=COMMANDS["status"],
    examples=(
        ("cineorg status", "See how the library is."),
        ("cineorg status --settings", "See every setting too, and where each comes from."),
        (
            "cineorg status --json | jq '.places[] | select(.state != \"online\").path'",
            "Give a script the roots that are away.",
        ),
    ),
)
@click.option("--settings", "with_settings", is_flag=True, help="Also settings, plugins, and what is passed over.")
@request_options()
def command(request: Request, with_settings: bool) -> int:
    """Show roots and volumes, counts, the last reports and batches.

    It reads no tree, and is quick: what it says of a root is what a glance tells, and all else is what the last scan
    and the last reports have found. With --settings every setting is listed with where it comes from, and the folders
    directly below the roots that no command reads.
    """
    lists = (*_SOME, *(_MORE if with_settings else ()))
    database = request.settings.db
    exists = os.path.exists(database)
    if not exists:
        request.warn(
            f"there is no catalogue at {terminal_text(database)} yet; `{request.command_line('scan')}` makes it"
        )
    with reading(request, needs="nothing") as connection:
        found = dict(_overview(request.settings, connection))
    if with_settings:
        found["settings"] = list(_setting_rows(request.settings))
        found["left_out"] = [_left_out_row(each) for each in find_left_out(request.settings)]
        found["plugins"] = list(_plugin_rows(request.settings))
    return _show(request, lists, found)


def _show(request: Request, lists: tuple[str, ...], found: Mapping[str, list[Row]]) -> int:
    """Write the rows and return the exit code: 3 where a place is not online."""
    away = sum(row["state"] != ONLINE for row in found["places"])
    counts = found["counts"][0]
    if counts["scanned_at"] is None or not found["reports"]:
        suggestion = request.command_line("scan" if counts["scanned_at"] is None else "integrity")
    else:
        suggestion = request.command_line(found["reports"][0]["command"])
    report = request.report("status", lists, _COLUMNS, titles=_TITLES, records=("counts",), next_commands=(suggestion,))
    for name in lists:
        for row in found[name]:
            report.row(name, row)
    summary = {"total": report.counts.total(), "places": len(found["places"]), "away": away}
    summary |= {"findings": sum(row["findings"] for row in found["findings"]), "acknowledged": counts["acknowledged"]}
    report.finish(complete=not away, summary=summary, **{name: [] for name in lists})
    return EXIT_INCOMPLETE if away else EXIT_OK


def _overview(settings: Settings, connection: sqlite3.Connection) -> Iterator[tuple[str, list[Row]]]:
    """Yield each list of what a glance, the catalogue and the kept reports tell."""
    catalogue = Catalogue(connection)
    places, scanned = catalogue.places(), when_scanned(connection)
    yield (
        "places",
        [
            {
                "type": "place",
                "path": glance.place.path,
                "kind": {"root": "storage"}.get(glance.place.kind, glance.place.kind),
                "state": glance.state,
                "free": glance.free,
                "files": places[glance.place.path].files if glance.place.path in places else None,
                "filesystem": glance.place.filesystem.describe(),
                "scanned_at": _utc(scanned.get(glance.place.path)),
                "reason": glance.reason,
            }
            for glance in glance_at_places(settings, places)
        ],
    )
    counts = count_library(connection)
    last = {"acknowledged": len(catalogue.acknowledged()), "scanned_at": _utc(counts.scanned_at)}
    numbers = {name: getattr(counts, name) for name in ("films", "series", "episodes", "files", "links", "size")}
    yield "counts", [{"type": "counts", **numbers, **last, "complete": counts.complete}]
    yield "reports", [row for command in _REPORTS for row in _report_rows(settings, command)]
    yield "findings", [row for command in _REPORTS for row in _finding_rows(settings, command)]
    yield "batches", [_batch_row(batch) for batch in journal.list_batches(connection)[-_MOST_BATCHES:]]


def _utc(stored: str | None) -> str | None:
    return stored and as_iso(stored)


def _report_rows(settings: Settings, command: str) -> Iterator[Row]:
    for last in kept_reports(settings, command)[-1:]:
        row = {"type": "report", "command": command, "checked_at": last["checked_at"], "complete": last["complete"]}
        yield row | {"findings": last["summary"]["total"]}


def _finding_rows(settings: Settings, command: str) -> Iterator[Row]:
    """Yield how many findings of each kind the last report had, and how many bytes where it knew any."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in kept_rows(settings, command):
        counts[row["type"]] += 1
        if isinstance(row.get("size"), int):
            sizes[row["type"]] += row["size"]
    for kind, number in counts.items():
        yield {"type": "finding", "command": command, "kind": kind, "findings": number, "size": sizes.get(kind)}


def _batch_row(batch: journal.Batch) -> Row:
    row = {"type": "batch", "id": batch.id, "command": batch.command, "started_at": as_iso(batch.started_at)}
    row |= {"finished_at": _utc(batch.finished_at), "undoes": batch.undoes}
    return row | {state: batch.states.get(state, 0) for state in _STATES}


def _setting_rows(settings: Settings) -> Iterator[Row]:
    """Yield every setting: what it is, and which option, variable or file says so."""
    for name, setting in SETTINGS.items():
        value = getattr(settings, name)
        if isinstance(value, (frozenset, tuple)):
            value = sorted(value) if isinstance(value, frozenset) else list(value)
        origin = settings.origins.get(name, "default")
        sources = {"flag": option_of(name), "environment": setting.environment, "file": settings.config}
        yield {"type": "setting", "name": name, "value": value, "origin": origin, "source": sources.get(origin, "")}


def _left_out_row(left_out: LeftOut) -> Row:
    row = {"type": "left_out", "path": left_out.path, "reason": left_out.why, "files": left_out.files}
    return row | {"details": left_out.problem}


def _plugin_rows(settings: Settings) -> Iterator[Row]:
    """Yield the plugins that brought something, the built-in ones left out, and those that could not be loaded."""
    registry = load_plugins(settings.plugins, tuple(COMMANDS))
    for origin in registry.plugins:
        if origin.origin != "built-in":
            yield {"type": "plugin", **origin._asdict(), "details": ""}
    for problem in registry.problems:
        yield {"type": "problem", **problem.origin._asdict(), "details": problem.error}
