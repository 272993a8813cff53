"""Which findings a report shows: those that nobody has acknowledged, and with `--new` those that are new.

Places that could not be looked at are always shown: no report is complete without them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from ...catalogue.acknowledgements import Acknowledgements, is_same, points_of
from ...catalogue.kept_reports import kept_rows
from ...findings import COMMON_KINDS, Finding
from ...settings.configuration import Settings

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: `--new` and `--all`."""

    only_new: bool = False
    with_acknowledged: bool = False


def selection_options(function: Function) -> Function:
    """Add `--new` and `--all`, as `only_new` and `with_acknowledged`."""
    options = [
        click.option("--new", "only_new", is_flag=True, help="Only what the last report of this command did not have."),
        click.option("--all", "with_acknowledged", is_flag=True, help="Also what is acknowledged."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


class Sieve:
    """Sorts the findings of one report; `counts` has those that are shown and not known, by kind.

    `kept` has all that are not known, new or not: the report that is kept. `acknowledged` counts the known ones.
    """

    def __init__(self, settings: Settings, command: str, known: Acknowledgements, selection: Selection) -> None:
        self._known, self._selection = known, selection
        self._before: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in kept_rows(settings, command) if selection.only_new else ():
            self._before[row["type"], row["path"]].append(points_of(row))
        self.counts: Counter[str] = Counter()
        self.kept: list[Finding] = []
        self.acknowledged = 0

    def pass_through(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings to show, in their order; an acknowledged one says so."""
        shown = []
        for finding in findings:
            if finding.type not in COMMON_KINDS and self._known.holds(finding.row()):
                self.acknowledged += 1
                if self._selection.with_acknowledged:
                    fields = {"acknowledged": True, **finding.fields}
                    shown.append(Finding(finding.type, finding.path, finding.details, fields))
                continue
            self.kept.append(finding)
            if finding.type in COMMON_KINDS or not self._is_old(finding):
                self.counts[finding.type] += 1
                shown.append(finding)
        return shown

    def _is_old(self, finding: Finding) -> bool:
        points = points_of(finding.row())
        return any(is_same(points, before) for before in self._before.get((finding.type, finding.path), ()))

    def all_counts(self) -> Counter[str]:
        """Return how many of each kind there are that nobody has acknowledged, new or not."""
        return Counter(finding.type for finding in self.kept)
