"""The table for people: rows by kind, paths relative to the roots, then the counts and what to type next.

No cell can steer the terminal: each goes through `paths.terminal_text`; the only codes are our own colours. On a
terminal each line fits its width, and names stay whole; elsewhere nothing is cut and there are no colours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from .cells import TEXTS, cell, count, visible, words
from .change_view import ChangeView, is_plain_status, shows, title_of
from .grid import Grid
from .report_shape import ReportShape, category
from .terminal import Terminal, wrapped

# What the heading says once if it is the same in every row.
_LABELLED = ("score", "version", "origin", "report")
_SHARED = (*TEXTS, *_LABELLED, "kind", "status")


class _Group:
    """The rows of one category: those that will be shown, how many there were, and what is the same in all."""

    def __init__(self, limit: int, newest: bool) -> None:
        self.count = 0
        self.rows: deque[Mapping[str, Any]] = deque(maxlen=limit if limit and newest else None)
        self.common: dict[str, Any] = {}
        self._limit = limit

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a row, and keep it if it will be shown."""
        if not self.count:
            self.common = {key: row[key] for key in _SHARED if key in row}
        else:
            self.common = {key: value for key, value in self.common.items() if row.get(key) == value}
        self.count += 1
        if not self._limit or self.rows.maxlen or len(self.rows) < self._limit:
            self.rows.append(row)


class TableWriter:
    """Keeps no more rows than it will show."""

    def __init__(self, out: BinaryIO, shape: ReportShape, terminal: Terminal) -> None:
        self._out = out
        self._shape = shape
        self._terminal = terminal
        self._groups: dict[str, _Group] = {}

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        kind = category(name, row)
        if kind not in self._groups:
            self._groups[kind] = _Group(self._shape.limit, self._shape.newest)
        self._groups[kind].add(row)

    def finish(self, document: Mapping[str, Any]) -> None:
        for name, group in self._groups.items():
            self._write(self._group_lines(name, group))
        self._write(self._closing_lines(document))

    def _write(self, lines: Iterator[str]) -> None:
        for line in lines:
            self._out.write(line.encode() + b"\n")

    def _group_lines(self, name: str, group: _Group) -> Iterator[str]:
        rows, shape = list(group.rows), self._shape
        if name in shape.records:
            yield self._terminal.paint(self._title(name, group), "title")
            for row in rows:
                yield from Grid(self._terminal, shape.roots).record(row)
            yield ""
            return
        common = group.common if group.count > 1 else {}
        yield from self._heading(name, group, common)
        left_out = group.count - len(rows)
        if left_out and shape.newest:
            yield f"… {count(left_out)} earlier (--limit 0)"
        if shows(name):
            yield from ChangeView(self._terminal, shape.roots, tuple(common)).lines(name, rows)
        else:
            draw = shape.drawings.get(name)
            # A drawing shows what the lists say.
            lists = {key for row in rows for key, value in row.items() if isinstance(value, list)} if draw else set()
            yield from Grid(self._terminal, shape.roots).lines(rows, {*common, *lists}, draw)
        if left_out and not shape.newest:
            yield f"… and {count(left_out)} more (--limit 0)"
        yield ""

    def _title(self, name: str, group: _Group) -> str:
        return words(self._shape.titles.get(name) or title_of(name, group.rows))

    def _heading(self, name: str, group: _Group, common: Mapping[str, Any]) -> Iterator[str]:
        """Yield the kind and how many there are of it, and what is the same in all of them."""
        title, number = self._title(name, group), f"({count(group.count)})"
        said = [
            (f"{key} " if key in _LABELLED else "") + cell(key, value, self._shape.roots)
            for key, value in common.items()
            if value not in (None, "") and not (key == "status" and is_plain_status(value))
        ]
        shared = ", ".join(said)
        line = f"{self._terminal.paint(title, 'title')} {self._terminal.paint(number, 'count')}"
        if shared and self._terminal.fits(f"{title} {number}: {shared}", 0):
            yield f"{line}{self._terminal.paint(f': {shared}', 'faint')}"
            return
        yield line
        if shared:
            yield from (f"  {self._terminal.paint(part, 'faint')}" for part in wrapped(shared, self._terminal.room(2)))

    def _closing_lines(self, document: Mapping[str, Any]) -> Iterator[str]:
        """Yield what stands under the tables: the counts, whether that is all, and what to do next."""
        paint = self._terminal.paint
        counts = document.get("summary") or {}
        if not self._groups:
            yield "Nothing found." if "changes" not in document else "Nothing to change."
        if self._groups or any(counts.values()):
            said = [f"{words(name)} {_number(number)}" for name, number in counts.items() if number]
            yield from self._listed("Summary: ", said or ["total 0"])
        if not document.get("complete", True):
            yield paint("Incomplete: not everything could be looked at or done.", "reason")
        if document.get("dry_run"):
            yield "Dry run: nothing was changed."
        for error in document.get("errors") or ():
            yield paint(f"Plugin {visible(error.get('plugin'))}: {visible(error.get('error'))}", "failure")
        for suggestion in document.get("suggestions") or self._shape.next_commands:
            # Never wrapped: it is there to be copied.
            yield f"Try: {paint(visible(suggestion), 'command')}"

    def _listed(self, lead: str, items: Sequence[str]) -> Iterator[str]:
        """Yield items with commas between them, none of them broken."""
        line = lead + items[0]
        for item in items[1:]:
            if self._terminal.fits(f"{line}, {item},", 0):
                line = f"{line}, {item}"
            else:
                yield line + ","
                line = " " * len(lead) + item
        yield line


def _number(number: Any) -> str:
    return count(number) if isinstance(number, int) and not isinstance(number, bool) else visible(number)
