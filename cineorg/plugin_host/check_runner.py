"""Runs one check so that it cannot harm the others: whatever it raises or yields, the report goes on.

What a check yielded before it failed stays: each finding holds by itself.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import redirect_stdout
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ..findings import Coverage, Finding, Note
from ..output.progress import Progress
from .check_context import CheckContext
from .contract import fault_of_coverage, fault_of_finding
from .hookspecs import Check
from .origins import Origin, PluginProblem, problem_of

T = TypeVar("T")
_TICK_SECONDS, _MOST_BETWEEN = 0.05, 1000  # how long, and how many items, may go by before the next look at the clock


class Outcome(NamedTuple):
    """What a check found, sorted by path, and what it did wrong; with a problem the findings may not be all.

    `notes`: what else it has to say, a line each. `coverage`: how much of what it is about it has looked at.
    """

    findings: list[Finding]
    problems: list[PluginProblem]
    notes: list[str]
    coverage: Coverage


def run_check(
    check: Check, origin: Origin, context: CheckContext, progress: Progress, number: int, phases: int
) -> Outcome:
    """Run phase `number` of `phases` and return what came of it; only KeyboardInterrupt is raised."""
    findings: list[Finding] = []
    faults: Counter[str] = Counter()
    problems: list[PluginProblem] = []
    notes: list[str] = []
    coverage: Coverage | None = None
    track = _Track(check.label, progress, number, phases)
    try:
        # What a plugin prints must not get into the report on stdout.
        with redirect_stdout(sys.stderr), progress.stage(number, phases, check.label):
            for item in check.find(context, track):
                if isinstance(item, Note):
                    notes.append(" ".join(str(item.text).split()))
                    continue
                fault = fault_of_coverage(item) if isinstance(item, Coverage) else fault_of_finding(item, check)
                if fault:
                    faults[fault] += 1
                elif isinstance(item, Coverage):
                    coverage = item
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
    if coverage is None:
        coverage = track.coverage(0 if problems else _all_given(context))
    return Outcome(findings, problems, notes, coverage)


def _all_given(context: CheckContext) -> int:
    """Return how many links and stored videos a check is handed."""
    return context.library.link_count() + context.library.stored_video_count()


class _Track:
    """What a check is given as `track`; a check that does not use it has a phase all the same."""

    def __init__(self, label: str, progress: Progress, number: int, phases: int) -> None:
        self._open = partial(progress.phase, number, phases, label)
        self._started: list[Generator[Any, None, None]] = []
        self._passed = self._promised = 0

    def coverage(self, untracked: int) -> Coverage:
        """Return what passed through, of what was to; `untracked` of as many for a check that let nothing through."""
        if self._passed or self._promised:
            return Coverage(self._passed, max(self._passed, self._promised))
        return Coverage(untracked, untracked)

    def __call__(self, items: Iterable[T], total: int | None = None) -> Generator[T, None, None]:
        passed = self._pass_through(items, total)
        self._started.append(passed)
        return passed

    def _pass_through(self, items: Iterable[T], total: int | None) -> Generator[T, None, None]:
        self._promised += total if isinstance(total, int) else 0
        with self._open(total) as tick:
            since, stride, told_at = 0, 1, time.monotonic()
            for item in items:
                yield item
                since += 1
                if since >= stride:
                    # Some items cost a microsecond, some a second: the stride follows the time that they take.
                    now = time.monotonic()
                    stride = min(_MOST_BETWEEN, stride * 2) if now - told_at < _TICK_SECONDS else max(1, stride // 4)
                    tick(since)
                    self._passed += since
                    since, told_at = 0, now
            tick(since)
            self._passed += since

    def close(self) -> None:
        """Take the display of a phase away that was left before its end."""
        if not self._started:
            list(self(()))
        for passed in self._started:
            passed.close()
