"""`cineorg integrity`: three phases and whatever plugins add; reads everything, changes nothing."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from ..catalogue import open_catalogue
from ..catalogue.reading import Catalogue
from ..census import is_absent
from ..check_runner import run_check
from ..errors import EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_OK, CatalogueError, ConfigError
from ..findings import unreadable_finding
from ..hookspecs import INTEGRITY, Check
from ..library import Library, load_library
from ..output.layout import Layout
from ..output.report import COMMON_KINDS, Report
from ..paths import is_inside
from ..plugins import PluginProblem, Registry, load_plugins
from ..progress import Progress
from .options import Request, chosen_paths, request_options


@click.command("integrity", short_help="Report ghost entries, orphan files and broken links.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--only", metavar="KIND", multiple=True, help="Only this kind of check (repeatable).")
@click.option("--skip", metavar="KIND", multiple=True, help="All but this kind of check (repeatable).")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something was found.")
@request_options()
def command(
    request: Request, paths: tuple[str, ...], only: tuple[str, ...], skip: tuple[str, ...], exit_zero: bool
) -> int:
    """Report ghost entries, orphan files and broken links.

    With PATH, only what lies there is reported. Reads both trees and the catalogue, changes nothing. Exit code 1:
    something was found; 3: something could not be looked at.
    """
    gc.disable()  # the census is one large tree of plain data: collecting it again and again costs a third of the time
    registry = load_plugins(request.settings.plugins)
    for problem in registry.problems:
        request.warn(str(problem))
    checks = select_checks(registry, only, skip)
    roots = request.settings.roots()
    within = chosen_paths(paths, roots)
    with _catalogue_for(request, checks) as catalogue:
        progress = request.progress()
        with progress.phase(0, len(checks), "Reading both trees", None) as tick:
            library = load_library(request.settings, catalogue, tick=tick)
        if any(check.needs_catalogue for check in checks):
            _warn_of_unseen_roots(request, library)
        return _judge(request, library, registry, checks, within, progress, exit_zero)


def select_checks(registry: Registry, only: Sequence[str], skip: Sequence[str]) -> list[Check]:
    """Return the checks that `--only` and `--skip` leave; raises UsageError for a kind that nobody registered."""
    known = {check.type: check for check in registry.checks_of(INTEGRITY)}
    for kind in (*only, *skip):
        if kind not in known:
            raise click.UsageError(f"there is no check {kind!r}; known are {', '.join(known)}")
    return [check for kind, check in known.items() if (not only or kind in only) and kind not in skip]


@contextmanager
def _catalogue_for(request: Request, checks: Sequence[Check]) -> Iterator[Catalogue | None]:
    needed = any(check.needs_catalogue for check in checks)
    if needed and not request.settings.storage:
        raise ConfigError("no storage root: give --storage DIR, CINEORG_STORAGE_DIR, or `storage` in the config file")
    database = request.settings.db
    remedy = f"run `{request.command_line('scan')}` first"
    if not os.path.exists(database):
        if needed:
            raise CatalogueError(f"there is no catalogue at {database}; {remedy}")
        yield None
        return
    with open_catalogue(database) as connection:
        catalogue = Catalogue(connection)
        if needed and catalogue.last_scan() is None:
            raise CatalogueError(f"{database} has never seen this library; {remedy}")
        yield catalogue


def _warn_of_unseen_roots(request: Request, library: Library) -> None:
    """Say why every file of a root is an orphan."""
    known = library.catalogue.places() if library.catalogue else {}
    for root in library.settings.storage:
        if root not in known:
            request.warn(f"the catalogue has never seen all of {root}; run `{request.command_line('scan')}`")


def _judge(
    request: Request,
    library: Library,
    registry: Registry,
    checks: list[Check],
    within: tuple[str, ...],
    progress: Progress,
    exit_zero: bool,
) -> int:
    report = Report(request.output, request.out(), _layout(request, registry, checks), request.settings)
    problems: list[PluginProblem] = []
    silent = sorted(set(within))  # where nothing has been found yet

    def remedy(path: str) -> str:
        return request.command_line("scan", "--accept", path)

    # Places come first: a table that shows fifty rows must show why all the links after them are not judged.
    places = library.place_findings(remedy)
    report.findings(places)
    for number, check in enumerate(checks, 1):
        outcome = run_check(check, registry.origin_of(check), library, progress, number, len(checks))
        for problem in outcome.problems:
            request.warn(str(problem))
        problems += outcome.problems
        shown = [
            finding
            for finding in outcome.findings
            if not within or any(is_inside(finding.path, path) for path in within)
        ]
        report.findings(shown)
        silent = [path for path in silent if not any(is_inside(finding.path, path) for finding in shown)]
    # A PATH that was mistyped must not look like one where all is well.
    report.findings(
        unreadable_finding(path, "nothing is there")
        for path in silent
        if is_absent(path) and not library.offline_reason(path)
    )
    # A check may have learnt that a volume outside the roots is away.
    report.findings(finding for finding in library.place_findings(remedy) if finding not in places)
    complete = not (problems or any(report.counts[kind] for kind in COMMON_KINDS))
    _finish(request, report, checks, complete, [*registry.problems, *problems])
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if sum(report.counts.values()) and not exit_zero else EXIT_OK


def _layout(request: Request, registry: Registry, checks: Sequence[Check]) -> Layout:
    own = [column for check in registry.checks_of(INTEGRITY) for column in check.columns]
    columns = dict.fromkeys(["type", "path", "details", *own, "reason"])
    return Layout(
        command="integrity",
        lists=("issues",),
        columns=tuple(columns),
        roots=request.settings.roots(),
        headers=request.headers,
        limit=request.limit,
        titles={check.type: check.label for check in checks}
        | {"offline_target": "Offline: not judged", "unreadable": "Could not be looked at"},
    )


def _finish(
    request: Request, report: Report, checks: Sequence[Check], complete: bool, problems: Sequence[PluginProblem]
) -> None:
    counts = report.counts
    summary = {"total": sum(counts.values())} | {check.summary_key: counts[check.type] for check in checks}
    summary |= {key: counts[kind] for kind, key in COMMON_KINDS.items() if counts[kind]}
    wanted = [check.suggestion for check in checks if counts[check.type] and check.suggestion]
    suggestions = [request.command_line(*suggestion.split(" ")) for suggestion in dict.fromkeys(wanted)]
    rest = {"errors": [problem.as_row() for problem in problems]} if problems else {}
    report.finish(
        complete=complete,
        has_issues=bool(summary["total"]),
        summary=summary,
        issues=[],
        suggestions=suggestions,
        **rest,
    )
