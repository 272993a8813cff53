"""Rows of any kind as a table; where the terminal is too narrow for one, row by row with a field a line.

What stands in which column, and how wide, is decided here; tabulate draws it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .. import paths
from .cells import is_path
from .columns import PROSE, Column, columns_of_rows, fitting_widths
from .report_shape import Drawing
from .terminal import Terminal, columns_of, padded, shortened_path, wrapped

Row = Mapping[str, Any]
_INDENT, _GAP = "  ", "  "  # the gap is that of tabulate's plain tables


@dataclass(frozen=True, slots=True)
class Grid:
    """Draws rows for a terminal; paths are relative to the roots."""

    terminal: Terminal
    roots: tuple[str, ...] = ()

    def lines(self, rows: Sequence[Row], hidden: Collection[str] = (), draw: Drawing | None = None) -> Iterator[str]:
        """Yield the rows, without the hidden keys, as a table or one below the other; `draw`: lines below each row."""
        columns = columns_of_rows(rows, hidden, self.roots)
        widths = fitting_widths(columns, self.terminal.room(len(_INDENT)), len(_GAP))
        blocks = iter(self._table(columns, widths, len(rows)) if widths else ())
        if widths and [column.key for column in columns] != ["path"]:
            yield self.terminal.paint(next(blocks)[0], "faint")
        elif widths:
            next(blocks)
        for number, row in enumerate(rows):
            if widths:
                yield from next(blocks)
            elif columns:
                yield from self._stacked_row(columns, number)
            if draw:
                yield from (f"    {paths.terminal_text(line)}" for line in draw(row))

    def record(self, row: Row) -> Iterator[str]:
        """Yield one row, a field a line, the fields' names in front."""
        columns = columns_of_rows([row], (), self.roots)
        wide = max(columns_of(column.head) for column in columns) if columns else 0
        for column in columns:
            label = self.terminal.paint(padded(column.head, wide), "faint")
            yield from self._field(_INDENT + label + _GAP, len(_INDENT) + wide + len(_GAP), column, 0)

    def _table(self, columns: Sequence[Column], widths: Sequence[int], count: int) -> Iterator[list[str]]:
        """Yield the lines of the heads (one), then those of each row."""
        from tabulate import tabulate  # 20 ms; nobody who asks for JSON pays them

        cells = [
            [self._block(column, wide, number) for column, wide in zip(columns, widths, strict=True)]
            for number in range(count)
        ]
        drawn = tabulate(
            # A row like the others: heads of its own would be given two columns more than they need.
            [[column.head for column in columns], *(["\n".join(block) for block in row] for row in cells)],
            tablefmt="plain",
            colalign=["right" if column.is_numeric else "left" for column in columns],
            # Else it makes 7 of "007" and "lead" of " lead".
            disable_numparse=True,
            preserve_whitespace=True,
        )
        lines = (f"{_INDENT}{line}".rstrip() for line in drawn.split("\n"))
        yield [next(lines)]
        for row in cells:
            yield list(islice(lines, max(map(len, row))))

    def _block(self, column: Column, wide: int, number: int) -> list[str]:
        """Return the lines of one cell, painted."""
        text = column.cells[number]
        if column.has_paths:
            return [self.terminal.paint_path(shortened_path(text, wide))]
        if column.key in PROSE:
            return [self.terminal.paint(line, "faint") for line in wrapped(text, wide)]
        return [text]

    def _stacked_row(self, columns: Sequence[Column], number: int) -> Iterator[str]:
        first, *rest = (column for column in columns if column is columns[0] or column.cells[number])
        yield from self._field(_INDENT, len(_INDENT), first, number)
        score = next((column.cells[number] for column in rest if column.key == "score"), "")
        labels = dict.fromkeys(PROSE, "") | {"target": "→ "}
        if score and any(column.key == "candidate" for column in rest):
            labels["candidate"] = score + _GAP
            rest = [column for column in rest if column.key != "score"]
        short = [column for column in rest if self._is_short(column, number)]
        yield from self._short_fields([(column.head, column.cells[number]) for column in short])
        said: set[str] = set()
        for column in sorted(rest, key=lambda column: column.key in PROSE):
            if column.key in PROSE:
                if column.cells[number] in said:
                    continue
                said.add(column.cells[number])
            if column not in short:
                label = labels.get(column.key, column.head + _GAP)
                yield from self._field("    " + self.terminal.paint(label, "faint"), 4 + len(label), column, number)

    def _is_short(self, column: Column, number: int) -> bool:
        """Return whether a cell may share its line with others."""
        return not (column.has_paths or column.is_list or column.key in PROSE) and self.terminal.fits(
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
        elif column.key in PROSE:
            shown = [self.terminal.paint(line, "faint") for line in wrapped(text, room)]
        else:
            shown = wrapped(text, room)
        yield lead + shown[0]
        yield from (" " * used + line for line in shown[1:])
