"""`cineorg acknowledge`: findings that are known, and left out of reports until they change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from ..catalogue import acknowledgements as known
from ..catalogue.acknowledgements import Acknowledgement
from ..errors import EXIT_FINDINGS, EXIT_OK, InputError
from ..findings import COMMON_KINDS, Finding
from ..output.report import Report
from ..paths import decode_b64, is_inside, terminal_text
from ..plugin_host.check_runner import run_check
from ..plugin_host.hookspecs import CLEANUP, INTEGRITY
from ..plugin_host.registry import load_plugins
from .group import COMMANDS
from .shared.completion import complete_files, complete_kinds
from .shared.help_examples import Command
from .shared.library_access import check_storage, look_at_trees, reading, writing
from .shared.options import Request, chosen_paths, request_options

_COLUMNS = ("type", "path", "details", "target", "size", "reason", "acknowledged_at", "status")
_NEW, _KNOWN, _FORGOTTEN = "acknowledged", "known", "forgotten"
_STATES = (_NEW, _KNOWN, _FORGOTTEN)


@click.command(
    "acknowledge",
    cls=Command,
    short_help=COMMANDS["acknowledge"],
    examples=(
        (
            "cineorg integrity --jsonl | jq -c 'select(.type == \"orphan_file\")' | cineorg acknowledge -",
            "Accept what jq lets through.",
        ),
        ("cineorg acknowledge --kind broken_symlink video/Films", "Accept the broken links below a folder."),
        ("cineorg acknowledge --forget video/Films", "Report again what was acknowledged there."),
    ),
)
@click.argument("paths", metavar="[PATH|-]...", nargs=-1, shell_complete=complete_files)
@click.option(
    "--kind", "kinds", metavar="KIND", multiple=True, shell_complete=complete_kinds, help="Only this kind (repeatable)."
)
@click.option("--list", "listing", is_flag=True, help="List what is acknowledged.")
@click.option("--forget", is_flag=True, help="Report it again.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be acknowledged or forgotten, change nothing.")
@request_options()
def command(request: Request, paths: tuple[str, ...], kinds: tuple[str, ...], listing: bool, forget: bool) -> int:
    """Accept findings, so that reports leave them out.

    What is acknowledged is counted in the reports of `integrity` and `cleanup`, listed there with --all only, and has
    no say in their exit code, until its path, target, size or reason changes. - takes findings as JSON lines from
    standard input, as `--jsonl` prints them; with PATH the library is examined, and what is found there is accepted.
    What could not be looked at (`offline_target`, `unreadable`) cannot be. Exit code 1: nothing was found there.
    """
    _check(paths, kinds, listing, forget)
    lines = _read_stdin() if "-" in paths else None
    within = chosen_paths(paths, request.settings.roots()) if lines is None else ()
    opened = reading if request.dry_run or listing else writing
    with opened(request, needs="file") as connection:
        items = known.load_acknowledgements(connection)
        if listing or forget:
            places = [row["path"] for row in lines] if lines is not None else list(within)
            chosen = [item for item in items.items() if _is_chosen(item.kind, item.path, kinds, places)]
            if forget and not request.dry_run:
                known.forget(connection, chosen)
            rows = [_row_of(item, _FORGOTTEN if forget else _KNOWN) for item in chosen]
        else:
            found = lines if lines is not None else [each.row() for each in _find(request, connection, kinds)]
            found = [row for row in found if _is_chosen(row["type"], row["path"], kinds, within)]
            if not request.dry_run:
                known.acknowledge(connection, (row for row in found if not items.holds(row)))
            rows = [_new_row(row, _KNOWN if items.holds(row) else _NEW) for row in found]
    _write(request, rows)
    return EXIT_OK if rows or listing or lines is not None else EXIT_FINDINGS


def _check(paths: Sequence[str], kinds: Sequence[str], listing: bool, forget: bool) -> None:
    if listing and forget:
        raise click.UsageError("--list and --forget exclude each other")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- stands alone: the findings have their paths with them")
    if not listing and not paths and not kinds:
        raise click.UsageError("name what is meant: PATH, - for findings on standard input, or --kind KIND")


def _is_chosen(kind: str, path: str, kinds: Sequence[str], places: Sequence[str]) -> bool:
    is_there = not places or any(is_inside(path, place) for place in places)
    return is_there and (not kinds or kind in kinds)


def _find(request: Request, connection: sqlite3.Connection, kinds: Sequence[str]) -> Iterator[Finding]:
    """Yield what the checks of both reports find now, each kind once."""
    from .cleanup_context import CleanupContext  # not needed for --help

    registry = load_plugins(request.settings.plugins)
    checks = {check.type: check for command in (CLEANUP, INTEGRITY) for check in registry.checks_of(command)}
    unknown = [kind for kind in kinds if kind not in checks]
    if unknown:
        raise click.UsageError(f"there is no check {unknown[0]!r}; known are {', '.join(checks)}")
    chosen = [check for kind, check in checks.items() if not kinds or kind in kinds]
    check_storage(request)
    progress, library = request.progress(), look_at_trees(request, connection, phases=len(chosen))
    context = CleanupContext(request, connection, library)
    for number, check in enumerate(chosen, 1):
        outcome = run_check(check, registry.origin_of(check), context, progress, number, len(chosen))
        for problem in outcome.problems:
            request.warn(str(problem))
        yield from (finding for finding in outcome.findings if finding.type not in COMMON_KINDS)


def _read_stdin() -> list[dict[str, Any]]:
    with click.open_file("-", "rb") as stream:
        return list(_read_rows(stream))


def _read_rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the findings of a stream of JSON lines with their exact paths; other objects are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            # Half a character, or a number without end, is no JSON that a report could print.
            json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise InputError(f"line {number}: not JSON; each line must be one finding; nothing was changed") from None
        if not isinstance(row, dict) or not isinstance(row.get("type"), str) or row["type"] == "summary":
            continue
        if row["type"] in COMMON_KINDS or not isinstance(row.get("path"), str):
            continue
        try:
            exact = {
                name[:-4]: decode_b64(value)
                for name, value in row.items()
                if name.endswith("_b64") and isinstance(value, str) and isinstance(row.get(name[:-4]), str)
            }
        except ValueError as error:
            raise InputError(f"line {number}: {terminal_text(str(error))}; nothing was changed") from None
        yield row | exact


def _new_row(row: Mapping[str, Any], status: str) -> dict[str, Any]:
    points = known.points_of(row)
    return _row(str(row["type"]), str(row["path"]), points, None, status) | {"details": str(row.get("details", ""))}


def _row_of(item: Acknowledgement, status: str) -> dict[str, Any]:
    return _row(item.kind, item.path, item.points, item.when, status)


def _row(kind: str, path: str, points: Mapping[str, Any], when: str | None, status: str) -> dict[str, Any]:
    said = {name: points.get(name) for name in ("target", "size", "reason")}
    return {"type": kind, "path": path, "details": "", **said, "acknowledged_at": when, "status": status}


def _write(request: Request, rows: Sequence[Mapping[str, Any]]) -> None:
    shape = request.shape("acknowledge", ("findings",), _COLUMNS)
    report = Report(request.output, request.out(), shape, request.settings)
    for row in rows:
        report.row("findings", row)
    counts = {state: sum(row["status"] == state for row in rows) for state in _STATES}
    report.finish(complete=True, dry_run=request.dry_run, summary={"total": len(rows)} | counts, findings=[])
