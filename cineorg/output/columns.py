"""Rows of any kind as columns: which there are, what each cell says, and how wide a column would like to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cells import cell, is_path, words
from .terminal import columns_of, least_columns

Row = Mapping[str, Any]
PROSE = ("details", "reason", "evidence", "error", "value")  # texts that may be wrapped
_KIND_KEYS = ("type", "op")
_FOR_PROGRAMS = ("linked", "version_of")  # people have them in the details
_IN_ONE_LINE = ("value",)  # of a setting: a list of twenty patterns is one thing to read
_LEAST_PROSE = 24  # columns; below that a sentence is no pleasure to read
_COUNTERS = ("planned", "skipped", "failed", "cancelled", "pending")  # which say nothing where all are 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what is its key, what it holds in each row, and how it may be made to fit.

    `has_paths`: its cells may be shortened. `is_list`: a cell has several parts, which stand below one another where
    there is no table.
    """

    key: str
    parts: Sequence[Sequence[str]]
    cells: Sequence[str]
    is_numeric: bool
    is_list: bool
    has_paths: bool

    @property
    def head(self) -> str:
        """What stands above it."""
        return words(self.key)

    def natural(self) -> int:
        """Return how many columns of the terminal it would like."""
        return max(map(columns_of, [self.head, *self.cells]))

    def least(self) -> int:
        """Return how many columns of the terminal it needs."""
        if self.has_paths:
            return max(columns_of(self.head), *map(least_columns, self.cells))
        if self.key not in PROSE:
            return self.natural()
        return min(self.natural(), max(_LEAST_PROSE, self.natural() * 3 // 5))  # two lines, as words break


def columns_of_rows(rows: Sequence[Row], hidden: Collection[str], roots: tuple[str, ...]) -> list[Column]:
    """Return the rows' own columns, in the order of their keys, without those that are hidden or empty everywhere."""
    rows = [_with_row_named(row) for row in rows]
    keys = dict.fromkeys(key for row in rows for key in row if key not in (*_KIND_KEYS, *_FOR_PROGRAMS, *hidden))
    columns = []
    for key in keys:
        values = [row.get(key) for row in rows]
        if all(_is_empty(value) or (key in _COUNTERS and value == 0) for value in values):
            continue
        is_split = key not in _IN_ONE_LINE
        parts = [value if isinstance(value, (list, tuple)) and is_split else [value] for value in values]
        texts = [[cell(key, part, roots) for part in row] for row in parts]
        cells = [", ".join(row) for row in texts]
        is_numeric = all(value is None or isinstance(value, (int, float)) for value in values)
        is_list = any(len(row) > 1 for row in texts)
        has_paths = not is_list and any(is_path(key, text) for text in cells)
        columns.append(Column(key, texts, cells, is_numeric, is_list, has_paths))
    return columns


def fitting_widths(columns: Sequence[Column], room: int, gap: int) -> list[int]:
    """Return each column's width such that all, and the gaps, fit into the room (0: any); [] if they cannot."""
    natural = [column.natural() for column in columns]
    room -= gap * (len(columns) - 1) if room else 0
    if not room or sum(natural) <= room:
        return natural
    least = [column.least() for column in columns]
    spare, wanted = room - sum(least), sum(natural) - sum(least)
    if spare < 0:
        return []
    return [low + (high - low) * spare // wanted for low, high in zip(least, natural, strict=True)]


def _with_row_named(row: Row) -> Row:
    """Return the row with `table` and `id`, which are the name of a row in the catalogue, as one field."""
    if "table" not in row or "id" not in row:
        return row
    return {"row" if key == "table" else key: f"{value} {row['id']}" if key == "table" else value
            for key, value in row.items() if key != "id"}  # fmt: skip


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, Mapping)) and not value)
