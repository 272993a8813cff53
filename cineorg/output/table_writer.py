"""The table for people: rows by kind, paths relative to the roots, then the counts and what to type next.

No cell can steer the terminal: each goes through `paths.terminal_text`; the only codes are our own colours. On a
terminal each line fits its width, and names stay whole; elsewhere nothing is cut and there are no colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from .change_view import MOVED, ChangeView
from .grid import Grid
from .headings import names_op
from .report_shape import ReportShape
from .report_words import Said, closing, heading, left_out
from .row_groups import RowGroup, RowGroups
from .terminal import Terminal, columns_of, wrapped

_STYLES = {"warning": "reason", "failure": "failure"}
_ALL = "all: "


class TableWriter:
    """Keeps no more rows than it will show."""

    def __init__(self, out: BinaryIO, shape: ReportShape, terminal: Terminal) -> None:
        self._out, self._shape, self._terminal = out, shape, terminal
        self._groups = RowGroups(shape)

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        self._groups.add(name, row)

    def finish(self, document: Mapping[str, Any]) -> None:
        self._groups.settle()
        for name, group in self._groups:
            self._write(self._group_lines(name, group))
        for said in closing(self._shape, self._groups, document):
            self._write(self._closing_lines(said))

    def _write(self, lines: Iterator[str]) -> None:
        for line in lines:
            self._out.write(line.encode() + b"\n")

    def _group_lines(self, name: str, group: RowGroup) -> Iterator[str]:
        shape = self._shape
        if name in shape.records:
            yield self._terminal.paint(shape.titles.get(name, name), "title")
            for row in group.rows:
                yield from Grid(self._terminal, shape.roots).record(row)
            yield ""
            return
        rows, missing = group.shown()
        yield from self._heading_lines(*heading(shape, name, group))
        if missing and shape.newest:
            yield left_out(shape, missing)
        yield from self._row_lines(name, rows, tuple(group.common))
        if missing and not shape.newest:
            yield left_out(shape, missing)
        yield ""

    def _row_lines(self, name: str, rows: Sequence[Mapping[str, Any]], common: tuple[str, ...]) -> Iterator[str]:
        """Yield the rows of one kind: changes and what was moved as such, all others as a table."""
        roots = self._shape.roots
        if rows and all("old_path" in row for row in rows):
            moves = [{**row, "path": row["old_path"], "new_path": row.get("new_path") or row["path"]} for row in rows]
            yield from ChangeView(self._terminal, roots, common).lines(MOVED, moves)
        elif rows and names_op(name) and "type" not in rows[0]:
            yield from ChangeView(self._terminal, roots, common).lines(name, rows)
        else:
            draw = self._shape.drawings.get(name)
            # A drawing shows what the lists say.
            lists = {key for row in rows for key, value in row.items() if isinstance(value, list)} if draw else set()
            yield from Grid(self._terminal, roots).lines(rows, {*common, *lists}, draw)

    def _heading_lines(self, title: str, shared: str) -> Iterator[str]:
        """Yield what there is, and what holds for all of it: beside it, or below where no row can stand."""
        line = self._terminal.paint(title, "title")
        if not shared or self._terminal.fits(f"{title}: {shared}", 0):
            yield f"{line}{self._terminal.paint(f': {shared}', 'faint')}" if shared else line
            return
        yield line
        for number, text in enumerate(wrapped(shared, self._terminal.room(len(_ALL)))):
            yield self._terminal.paint((" " * len(_ALL) if number else _ALL) + text, "faint")

    def _closing_lines(self, said: Said) -> Iterator[str]:
        style = _STYLES.get(said.kind, "")
        if said.kind == "command":
            # Never wrapped: it is there to be copied.
            yield f"Try: {self._terminal.paint(said.text, 'command')}"
        elif said.items:
            yield from (self._terminal.paint(line, style) for line in self._listed(f"{said.text}: ", said.items))
        else:
            yield from (self._terminal.paint(line, style) for line in wrapped(said.text, self._terminal.room(0)))

    def _listed(self, lead: str, items: Sequence[str]) -> Iterator[str]:
        """Yield items with commas between them, none of them broken."""
        line = lead + items[0]
        for item in items[1:]:
            if self._terminal.fits(f"{line}, {item},", 0):
                line = f"{line}, {item}"
            else:
                yield line + ","
                line = " " * columns_of(lead) + item
        yield line
