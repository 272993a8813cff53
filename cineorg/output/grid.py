"""Rows of any kind as a table; where the terminal is too narrow for one, row by row with a field a line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import paths
from .cells import cell, is_path, words
from .report_shape import Drawing
from .terminal import Terminal, columns_of, least_columns, padded, shortened_path, wrapped

Row = Mapping[str, Any]
_KIND_KEYS = ("type", "op")
_FOR_PROGRAMS = ("linked", "version_of")  # people have them in the details
_PROSE = ("details", "reason", "evidence", "error")  # texts that may be wrapped
_LEAST_PROSE = 24  # columns; below that a sentence is no pleasure to read
_INDENT, _GAP = "  ", "  "
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
        if self.key not in _PROSE:
            return self.natural()
        return min(self.natural(), max(_LEAST_PROSE, self.natural() * 3 // 5))  # two lines, as words break


@dataclass(frozen=True, slots=True)
class Grid:
    """Draws rows for a terminal; paths are relative to the roots."""

    terminal: Terminal
    roots: tuple[str, ...] = ()

    def lines(self, rows: Sequence[Row], hidden: Collection[str] = (), draw: Drawing | None = None) -> Iterator[str]:
        """Yield the rows, without the hidden keys, as a table or one below the other; `draw`: lines below each row."""
        columns = self._columns(rows, hidden)
        widths = _fitting(columns, self.terminal.room(len(_INDENT)))
        if widths and [column.key for column in columns] != ["path"]:
            heads = [
                padded(column.head, wide, right=column.is_numeric) for column, wide in zip(columns, widths, strict=True)
            ]
            yield self.terminal.paint((_INDENT + _GAP.join(heads)).rstrip(), "faint")
        for number, row in enumerate(rows):
            if widths:
                yield from self._table_row(columns, widths, number)
            elif columns:
                yield from self._stacked_row(columns, number)
            if draw:
                yield from (f"    {paths.terminal_text(line)}" for line in draw(row))

    def record(self, row: Row) -> Iterator[str]:
        """Yield one row, a field a line, the fields' names in front."""
        columns = self._columns([row], ())
        wide = max(columns_of(column.head) for column in columns) if columns else 0
        for column in columns:
            label = self.terminal.paint(padded(column.head, wide), "faint")
            yield from self._field(_INDENT + label + _GAP, len(_INDENT) + wide + len(_GAP), column, 0)

    def _columns(self, rows: Sequence[Row], hidden: Collection[str]) -> list[Column]:
        rows = [_with_row_named(row) for row in rows]
        keys = dict.fromkeys(key for row in rows for key in row if key not in (*_KIND_KEYS, *_FOR_PROGRAMS, *hidden))
        columns = []
        for key in keys:
            values = [row.get(key) for row in rows]
            if all(_is_empty(value) or (key in _COUNTERS and value == 0) for value in values):
                continue
            parts = [value if isinstance(value, (list, tuple)) else [value] for value in values]
            texts = [[cell(key, part, self.roots) for part in row] for row in parts]
            cells = [", ".join(row) for row in texts]
            is_numeric = all(value is None or isinstance(value, (int, float)) for value in values)
            is_list = any(len(row) > 1 for row in texts)
            has_paths = not is_list and any(is_path(key, text) for text in cells)
            columns.append(Column(key, texts, cells, is_numeric, is_list, has_paths))
        return columns

    def _table_row(self, columns: Sequence[Column], widths: Sequence[int], number: int) -> Iterator[str]:
        blocks = [self._block(column, wide, number) for column, wide in zip(columns, widths, strict=True)]
        for line in range(max(map(len, blocks))):
            parts = []
            for column, wide, block in zip(columns, widths, blocks, strict=True):
                plain, shown = block[line] if line < len(block) else ("", "")
                parts.append(padded(plain, wide, shown, right=column.is_numeric))
            yield (_INDENT + _GAP.join(parts)).rstrip()

    def _block(self, column: Column, wide: int, number: int) -> list[tuple[str, str]]:
        """Return the lines of one cell, plain and painted."""
        text = column.cells[number]
        if column.has_paths:
            text = shortened_path(text, wide)
            return [(text, self.terminal.paint_path(text))]
        if column.key in _PROSE:
            return [(line, self.terminal.paint(line, "faint")) for line in wrapped(text, wide)]
        return [(text, text)]

    def _stacked_row(self, columns: Sequence[Column], number: int) -> Iterator[str]:
        first, *rest = (column for column in columns if column is columns[0] or column.cells[number])
        yield from self._field(_INDENT, len(_INDENT), first, number)
        score = next((column.cells[number] for column in rest if column.key == "score"), "")
        labels = dict.fromkeys(_PROSE, "") | {"target": "→ "}
        if score and any(column.key == "candidate" for column in rest):
            labels["candidate"] = score + _GAP
            rest = [column for column in rest if column.key != "score"]
        short = [column for column in rest if self._is_short(column, number)]
        yield from self._short_fields([(column.head, column.cells[number]) for column in short])
        said: set[str] = set()
        for column in sorted(rest, key=lambda column: column.key in _PROSE):
            if column.key in _PROSE:
                if column.cells[number] in said:
                    continue
                said.add(column.cells[number])
            if column not in short:
                label = labels.get(column.key, column.head + _GAP)
                yield from self._field("    " + self.terminal.paint(label, "faint"), 4 + len(label), column, number)

    def _is_short(self, column: Column, number: int) -> bool:
        """Return whether a cell may share its line with others."""
        return not (column.has_paths or column.is_list or column.key in _PROSE) and self.terminal.fits(
            f"    {column.head} {column.cells[number]}", 1
        )

    def _short_fields(self, pieces: Sequence[tuple[str, str]]) -> Iterator[str]:
        line, used = "", 0
        for head, text in pieces:
            wide = columns_of(head) + 1 + columns_of(text)
            shown = f"{self.terminal.paint(head, 'faint')} {text}"
            if line and self.terminal.width and 4 + used + 2 + wide > self.terminal.width:
                yield "    " + line
                line, used = "", 0
            line = f"{line}, {shown}" if line else shown
            used += wide + 2
        if line:
            yield "    " + line

    def _field(self, lead: str, used: int, column: Column, number: int) -> Iterator[str]:
        """Yield one cell behind its label, which takes so many columns."""
        text, room = column.cells[number], self.terminal.room(used)
        if column.is_list:
            shown = [self.terminal.paint_path(shortened_path(part, room)) for part in column.parts[number]]
        elif is_path(column.key, text):
            shown = [self.terminal.paint_path(shortened_path(text, room))]
        elif column.key in _PROSE:
            shown = [self.terminal.paint(line, "faint") for line in wrapped(text, room)]
        else:
            shown = wrapped(text, room)
        yield lead + shown[0]
        yield from (" " * used + line for line in shown[1:])


def _fitting(columns: Sequence[Column], room: int) -> list[int]:
    """Return each column's width such that all fit into the room (0: any); [] when they cannot."""
    natural = [column.natural() for column in columns]
    room -= len(_GAP) * (len(columns) - 1) if room else 0
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
