"""What `integrity` and `cleanup` share: which checks run, the catalogue they need, and the report they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click

from ...catalogue.acknowledgements import Acknowledgements
from ...catalogue.kept_reports import keep_report
from ...errors import EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_OK
from ...findings import Coverage, unreadable_finding
from ...output.progress import Progress
from ...output.report import COMMON_KINDS, FLAT, Report
from ...output.report_shape import ReportShape
from ...paths import is_inside
from ...plugin_host.check_context import CheckContext
from ...plugin_host.check_runner import run_check
from ...plugin_host.hookspecs import Check
from ...plugin_host.origins import PluginProblem
from ...plugin_host.registry import Registry, load_plugins
from ...trees.census import is_absent
from ...trees.library import Library
from ..misspelling import did_you_mean
from .announcement import announce_report
from .known_findings import Selection, Sieve
from .options import Request
from .remedies import Remedies


def no_counts() -> Mapping[str, int]:
    """Return that a report counts nothing but its findings."""
    return {}


@dataclass(frozen=True, slots=True)
class Examination:
    """One look at a library: the report's command, its checks, and the places that it is about (none: everywhere).

    `is_narrow`: only some kinds were asked for, and formats without a frame have nothing else.
    `own_counts()`, asked at the end, gives counts of the command's own, in place of a check's or after all others.
    `suggest(checks)`, asked at the end for those that found something, gives the commands to type next; without it
    each check's own suggestion is made.
    """

    request: Request
    command: str
    registry: Registry
    checks: Sequence[Check]
    within: Sequence[str] = ()
    is_narrow: bool = False
    own_counts: Callable[[], Mapping[str, int]] = no_counts
    suggest: Callable[[Sequence[Check]], Sequence[str]] | None = None
    selection: Selection = field(default_factory=Selection)

    def is_whole(self) -> bool:
        """Return whether it is about all places and all kinds, so that two of them can be compared."""
        return not self.within and len(self.checks) == len(self.registry.checks_of(self.command))

    def is_about(self, path: str) -> bool:
        """Return whether a finding at `path` is to be shown."""
        return not self.within or any(is_inside(path, place) for place in self.within)


def load_checks(
    request: Request, command: str, only: Sequence[str], skip: Sequence[str]
) -> tuple[Registry, list[Check]]:
    """Return what is registered, and the checks of a report that `--only` and `--skip` leave.

    A kind may be given as the summary counts it, in the plural. What plugins did wrong is told. Raises UsageError for
    a kind that nobody registered for this report.
    """
    registry = load_plugins(request.settings.plugins)
    for problem in registry.problems:
        request.warn(str(problem))
    known = {check.type: check for check in registry.checks_of(command)}
    spelled = {check.summary_key: check.type for check in known.values()} | {kind: kind for kind in known}
    for kind in (*only, *skip):
        if kind not in spelled:
            named = f"known are {', '.join(known)}{did_you_mean(kind, known)}"
            raise click.UsageError(f"there is no check {kind!r}; {named}")
    wanted, unwanted = ({spelled[kind] for kind in kinds} for kinds in (only, skip))
    return registry, [check for kind, check in known.items() if (not wanted or kind in wanted) and kind not in unwanted]


def warn_of_unseen_roots(request: Request, library: Library) -> None:
    """Say why every file of a root is an orphan."""
    for root in library.settings.storage:
        if root not in library.before:
            request.warn(f"the catalogue has never seen all of {root}; run `{request.command_line('scan')}`")


def examine(examination: Examination, context: CheckContext, shape: ReportShape, progress: Progress) -> int:
    """Run the checks, write the report and return its exit code: 0, 1 (something was found) or 3 (incomplete)."""
    request, checks, library = examination.request, examination.checks, context.library
    is_flat = examination.is_narrow and request.output.name in FLAT
    report = Report(request.output, request.out(), shape, request.settings, only_what_was_checked=is_flat)
    known = context.catalogue.acknowledged() if context.catalogue else Acknowledgements()
    sieve = Sieve(request.settings, examination.command, known, examination.selection)
    problems: list[PluginProblem] = []
    coverage: dict[str, Coverage] = {}
    silent = sorted(set(examination.within))  # where nothing has been found yet
    # Places come first: a table that shows fifty rows must show why all the links after them are not judged.
    remedies = Remedies(request, library)
    places = library.place_findings(remedies.words)
    report.findings(sieve.pass_through(places))
    for number, check in enumerate(checks, 1):
        origin = examination.registry.origin_of(check)
        outcome = run_check(check, origin, context, progress, number, len(checks))
        for problem in outcome.problems:
            request.warn(str(problem))
        problems += outcome.problems
        for note in (*outcome.notes, *_rest_note(request, outcome.coverage)):
            request.warn(note)
        coverage[check.type] = outcome.coverage
        shown = [finding for finding in outcome.findings if examination.is_about(finding.path)]
        report.findings(sieve.pass_through(shown))
        silent = [path for path in silent if not any(is_inside(finding.path, path) for finding in shown)]
    # A PATH that was mistyped must not look like one where all is well.
    mistyped = [
        unreadable_finding(path, "nothing is there")
        for path in silent
        if is_absent(path) and not library.offline_reason(path)
    ]
    # A check may have learnt that a volume outside the roots is away.
    late = [finding for finding in library.place_findings(remedies.words) if finding not in places]
    report.findings(sieve.pass_through([*mistyped, *late]))
    if report.left_out:
        request.warn(f"{report.left_out} paths that could not be checked are left out; --json has them")
    complete = not (problems or any(sieve.counts[kind] for kind in COMMON_KINDS))
    errors = [problem.as_row() for problem in (*examination.registry.problems, *problems)]
    document = _finish(examination, report, sieve, remedies, complete, errors, coverage)
    if examination.is_whole():
        layout = {"columns": list(shape.columns), "titles": dict(shape.titles)}
        whole = document | {"summary": _summary(examination, sieve.all_counts(), sieve.acknowledged)}
        keep_report(request.settings, whole, (finding.row() for finding in sieve.kept), layout)
        if examination.registry.hears("report_made"):
            issues = [finding.row() for finding in sieve.kept]
            announce_report(request, examination.registry, whole | {"issues": issues})
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if sieve.counts else EXIT_OK


def report_shape(examination: Examination) -> ReportShape:
    """Return the shape of the report: TSV has the columns of all checks of this report, whichever of them run."""
    request, registry = examination.request, examination.registry
    own = [column for check in registry.checks_of(examination.command) for column in check.columns]
    last = ["reason", *(["acknowledged"] if examination.selection.with_acknowledged else [])]
    columns = dict.fromkeys(["type", "path", "details", *own, *last])
    return request.shape(
        examination.command,
        ("issues",),
        tuple(columns),
        titles={check.type: check.label for check in examination.checks}
        | {"offline_target": "offline entries", "unreadable": "unreadable entries"},
    )


def _rest_note(request: Request, coverage: Coverage) -> list[str]:
    """Return what is to be said of the things that a check could not look at, with the command that changes it."""
    unchecked = coverage.of - coverage.checked
    if not (unchecked and coverage.rest):
        return []
    remedy = f"; run `{request.command_line(*coverage.command)}`" if coverage.command else ""
    return [f"{unchecked} of {coverage.of} {coverage.rest}{remedy}"]


def _coverage_rows(request: Request, coverage: Mapping[str, Coverage]) -> dict[str, dict[str, Any]]:
    """Return the document's `coverage`: per kind how much was checked, and the command that covers the rest."""
    rows: dict[str, dict[str, Any]] = {}
    for kind, item in coverage.items():
        rows[kind] = {"checked": item.checked, "of": item.of}
        if item.checked < item.of and item.command:
            rows[kind]["command"] = request.command_line(*item.command)
    return rows


def _summary(examination: Examination, counts: Counter[str], acknowledged: int) -> dict[str, int]:
    """Return how many of each kind there are; `acknowledged` only where there are some."""
    summary = {"total": counts.total()} | {check.summary_key: counts[check.type] for check in examination.checks}
    summary |= examination.own_counts()
    summary |= {key: counts[kind] for kind, key in COMMON_KINDS.items() if counts[kind]}
    return summary | ({"acknowledged": acknowledged} if acknowledged else {})


def _finish(
    examination: Examination,
    report: Report,
    sieve: Sieve,
    remedies: Remedies,
    complete: bool,
    errors: Sequence[Mapping[str, str]],
    coverage: Mapping[str, Coverage],
) -> dict[str, Any]:
    summary = _summary(examination, sieve.counts, sieve.acknowledged)
    rest = {"errors": list(errors)} if errors else {}
    with_findings = [check for check in examination.checks if sieve.counts[check.type]]
    # Where all of storage is away, nothing else is to be done first.
    suggest = examination.suggest or partial(suggestions_of, examination.request)
    return report.finish(
        complete=complete,
        has_issues=bool(summary["total"]),
        summary=summary,
        coverage=_coverage_rows(examination.request, coverage),
        issues=[],
        suggestions=[*remedies.commands(), *(suggest(with_findings) if remedies.may_repair() else ())],
        **rest,
    )


def suggestions_of(request: Request, checks: Sequence[Check]) -> list[str]:
    """Return what these checks suggest, as commands to type, each once."""
    wanted = dict.fromkeys(check.suggestion for check in checks if check.suggestion)
    return [request.command_line(*suggestion.split(" ")) for suggestion in wanted]
