"""A report as a document of headings, tables and paragraphs, for formats that people read outside a terminal.

What the document says, and in which order, is decided here; how a heading or a table is spelled, by a `Markup`.
Every text that is handed to one is safe for a terminal: control and bidi codes in it are shown, never obeyed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Protocol

from ..clock import as_local
from .columns import Column, columns_of_rows
from .headings import names_op
from .report_shape import ReportShape
from .report_words import closing, heading, left_out
from .row_groups import RowGroup, RowGroups

_NOT_FOR_PEOPLE = ("if_broken", "mtime_ns")


class Markup(Protocol):
    """How the parts of a document are spelled; each method returns whole lines, without the last line's end."""

    def begin(self, title: str) -> str:
        """Return what stands before all else."""

    def end(self) -> str:
        """Return what stands after all else, "" for nothing."""

    def heading(self, text: str) -> str:
        """Return the heading of a section."""

    def paragraph(self, text: str, *, is_warning: bool = False) -> str:
        """Return a sentence of its own."""

    def table(self, columns: Sequence[Column]) -> str:
        """Return rows under the names of their columns."""

    def commands(self, commands: Sequence[str]) -> str:
        """Return commands to be copied."""


class DocumentWriter:
    """Keeps the rows until the end: a table's widths, and what its heading says, are known only then."""

    def __init__(self, out: BinaryIO, shape: ReportShape, markup: Markup) -> None:
        self._out, self._shape, self._markup = out, shape, markup
        self._groups = RowGroups(shape)

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        self._groups.add(name, row)

    def finish(self, document: Mapping[str, Any]) -> None:
        self._groups.settle()
        for block in self._blocks(document):
            if block:
                self._out.write(block.encode() + b"\n")

    def _blocks(self, document: Mapping[str, Any]) -> Iterator[str]:
        markup = self._markup
        yield markup.begin(f"cineorg {self._shape.command}")
        if document.get("checked_at"):
            yield markup.paragraph(as_local(str(document["checked_at"])))
        for name, group in self._groups:
            yield from self._section(name, group)
        commands = []
        for said in closing(self._shape, self._groups, document):
            if said.kind == "command":
                commands.append(said.text)
            else:
                text = f"{said.text}: {', '.join(said.items)}" if said.items else said.text
                yield markup.paragraph(text, is_warning=said.kind in ("warning", "failure"))
        if commands:
            yield markup.commands(commands)
        yield markup.end()

    def _section(self, name: str, group: RowGroup) -> Iterator[str]:
        shape, markup = self._shape, self._markup
        if name in shape.records:
            yield markup.heading(shape.titles.get(name, name))
            for row in group.rows:
                yield markup.table(_as_fields(columns_of_rows([row], (), shape.roots)))
            return
        rows, missing = group.shown()
        title, shared = heading(shape, name, group)
        yield markup.heading(title)
        if shared:
            yield markup.paragraph(shared)
        hidden = {*group.common, *(_NOT_FOR_PEOPLE if names_op(name) else ())}
        columns = columns_of_rows(rows, hidden, shape.roots)
        if columns:
            yield markup.table(columns)
        if missing:
            yield markup.paragraph(left_out(shape, missing))


def _as_fields(columns: Sequence[Column]) -> list[Column]:
    """Return one row's columns as two: the names of its fields, and what they hold."""
    names = [column.head for column in columns]
    cells = [column.cells[0] for column in columns]
    parts = [[cell] for cell in cells]
    return [
        Column("field", [[name] for name in names], names, is_numeric=False, is_list=False, has_paths=False),
        Column("value", parts, cells, is_numeric=False, is_list=False, has_paths=any("/" in cell for cell in cells)),
    ]
