"""Runs one check so that it cannot harm the others: whatever it raises or yields, the report goes on.

What a check yielded before it failed stays: each finding holds by itself.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import redirect_stdout
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ..findings import Finding, Note
from ..output.progress import Progress
from .check_context import CheckContext
from .contract import fault_of_finding
from .hookspecs import Check
from .registry import Origin, PluginProblem, problem_of

T = TypeVar("T")
_TICK = 1000


class Outcome(NamedTuple):
    """What a check found, sorted by path, and what it did wrong; with a problem the findings may not be all.

    `notes`: what else it has to say, a line each.
    """

    findings: list[Finding]
    problems: list[PluginProblem]
    notes: list[str]


def run_check(
    check: Check, origin: Origin, context: CheckContext, progress: Progress, number: int, phases: int
) -> Outcome:
    """Run phase `number` of `phases` and return what came of it; only KeyboardInterrupt is raised."""
    findings: list[Finding] = []
    faults: Counter[str] = Counter()
    problems: list[PluginProblem] = []
    notes: list[str] = []
    track = _Track(check.label, progress, number, phases)
    try:
        # What a plugin prints must not get into the report on stdout.
        with redirect_stdout(sys.stderr):
            for item in check.find(context, track):
                if isinstance(item, Note):
                    notes.append(" ".join(str(item.text).split()))
                    continue
                fault = fault_of_finding(item, check)
                if fault:
                    faults[fault] += 1
                else:
                    findings.append(item)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may raise anything, SystemExit included
        problems.append(problem_of(origin, f"its check {check.type} failed", error))
    finally:
        track.close()
    if faults:
        number_of_faults, example = faults.total(), next(iter(faults))
        more = f" (and {number_of_faults - 1} more like it)" if number_of_faults > 1 else ""
        problems.append(PluginProblem(origin, f"its check {check.type} failed: {example}{more}"))
    findings.sort(key=lambda finding: (finding.path, finding.type, finding.details))
    return Outcome(findings, problems, notes)


class _Track:
    """What a check is given as `track`; a check that does not use it has a phase all the same."""

    def __init__(self, label: str, progress: Progress, number: int, phases: int) -> None:
        self._open = partial(progress.phase, number, phases, label)
        self._started: list[Generator[Any, None, None]] = []

    def __call__(self, items: Iterable[T], total: int | None = None) -> Generator[T, None, None]:
        passed = self._pass_through(items, total)
        self._started.append(passed)
        return passed

    def _pass_through(self, items: Iterable[T], total: int | None) -> Generator[T, None, None]:
        with self._open(total) as tick:
            since = 0
            for item in items:
                yield item
                since += 1
                if since == _TICK:
                    tick(since)
                    since = 0
            tick(since)

    def close(self) -> None:
        """Take the display of a phase away that was left before its end."""
        if not self._started:
            list(self(()))
        for passed in self._started:
            passed.close()
