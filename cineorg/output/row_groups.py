"""The rows of a report by kind, as people read them: how many of each, those that are shown, what all of them say."""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from ..findings import COMMON_KINDS
from .cells import TEXTS, count, has_time
from .report_shape import ReportShape, category
from .season_rows import by_season, season_of

Row = Mapping[str, Any]
# What is said once if it is the same in every row.
LABELLED = ("score", "version", "origin", "report")
_SHARED = (*TEXTS, *LABELLED, "kind", "status")
_NOT_DONE = ("skipped", "failed", "cancelled")


class RowGroup:
    """The rows of one kind: the first (or last) of them, how many there were, and what is the same in all."""

    def __init__(self, limit: int, *, newest: bool, whole_seasons: bool) -> None:
        self.count = 0
        self.minor = 0
        self.rows: deque[Row] = deque(maxlen=limit if limit and newest else None)
        self._common: dict[str, Any] = {}
        self._causes: dict[str, tuple[Row, int]] = {}
        self._limit, self._whole_seasons = limit, whole_seasons

    def add(self, row: Row) -> None:
        """Count a row, and keep it if it will be shown."""
        if self.count == self.minor:
            self._common = {key: row[key] for key in _SHARED if key in row}
        else:
            self._common = {key: value for key, value in self._common.items() if row.get(key) == value}
        self.count += 1
        if not self._limit or self.rows.maxlen or len(self.rows) < self._limit or self._goes_on(row):
            self.rows.append(row)

    def add_minor(self) -> None:
        """Count a row of which no more is said."""
        self.count += 1
        self.minor += 1

    def add_cause(self, row: Row) -> None:
        """Count a link that could not be looked at for the reason that others could not be, either."""
        first, number = self._causes.get(row["reason"], (row, 0))
        self._causes[row["reason"]] = (first, number + 1)
        self.count += 1

    @property
    def common(self) -> dict[str, Any]:
        """What all rows say, but for those that are only counted; nothing where there is one."""
        return self._common if self.count - self.minor > 1 and not self._causes else {}

    @property
    def has_times(self) -> bool:
        """Whether a row that is kept shows a time."""
        return any(map(has_time, self.rows))

    def shown(self) -> tuple[list[Row], int]:
        """Return the rows to show, episodes of a season as one, and how many are left out."""
        if not self._whole_seasons:
            return list(self.rows), self.count - self.minor - len(self.rows)
        merged = by_season(list(self.rows))
        for row, number in self._causes.values():
            merged.append(({**row, "path": f"{count(number)} links", "target": ""} if number > 1 else row, number))
        chosen = merged[: self._limit or None]
        return [row for row, _ in chosen], self.count - self.minor - sum(number for _, number in chosen)

    def _goes_on(self, row: Row) -> bool:
        """Return whether a row beyond the limit is of the season that the last kept one is of."""
        season = season_of(row) if self._whole_seasons else None
        return season is not None and season == season_of(self.rows[-1])


class RowGroups:
    """All rows of a report by kind, in the order in which the kinds first came."""

    def __init__(self, shape: ReportShape) -> None:
        self._shape = shape
        self._groups: dict[str, RowGroup] = {}
        self._followed: set[int] = set()
        self._named = array("q")  # of a million rows, only this is kept of each

    def add(self, name: str, row: Row) -> None:
        """Take a row of the list `name`."""
        kind = category(name, row)
        if "kind" in row and f"{kind} {row['kind']}" in self._shape.titles:
            kind = f"{kind} {row['kind']}"
        shape = self._shape
        if kind not in self._groups:
            merge = not shape.verbose and not shape.newest and kind not in shape.drawings
            self._groups[kind] = RowGroup(shape.limit, newest=shape.newest, whole_seasons=merge)
        if not shape.verbose and shape.is_minor is not None and shape.is_minor(row):
            self._groups[kind].add_minor()
            return
        if kind in COMMON_KINDS and row.get("target") and not shape.verbose:
            self._groups[kind].add_cause(row)
            return
        self._groups[kind].add(row)
        self._note_file(row)

    def __iter__(self) -> Iterator[tuple[str, RowGroup]]:
        yield from self._groups.items()

    def __bool__(self) -> bool:
        return bool(self._groups)

    def settle(self) -> None:
        """Let the rows of the catalogue that follow links of this report be no more than counted from now on."""
        group = self._groups.get("set_file_path")
        if group is None or self._shape.verbose:
            return
        own = [row for row in group.rows if not self._follows(row)]
        group.rows.clear()
        group.rows.extend(own)
        group.minor += sum(file in self._followed for file in self._named)

    def _note_file(self, row: Row) -> None:
        """Remember which file a link of this report leads to, or which one a row of the catalogue shall name."""
        op = row.get("op")
        target = row.get("new_target") if op == "relink" else row.get("target") if op == "make_link" else None
        if target:
            self._followed.add(hash(os.path.normpath(os.path.join(os.path.dirname(str(row.get("path"))), target))))
        elif op == "set_file_path" and row.get("status") not in _NOT_DONE:
            self._named.append(hash(row.get("new")))

    def _follows(self, row: Row) -> bool:
        return row.get("status") not in _NOT_DONE and hash(row.get("new")) in self._followed
