"""Tab-separated values for `cut`, `awk` and spreadsheets: raw bytes, four escapes, numbers as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from .. import paths
from .report_shape import ReportShape, category


class TsvFormat:
    """A header line and one line a row."""

    name = "tsv"
    help = "tab-separated values, one row a line; tab, newline, CR and backslash escaped"

    def open(self, out: BinaryIO, shape: ReportShape) -> TsvWriter:
        return TsvWriter(out, shape)


class TsvWriter:
    """Writes the header with the first row or at the end: a command refused before leaves stdout empty."""

    def __init__(self, out: BinaryIO, shape: ReportShape) -> None:
        self._out = out
        self._columns = shape.columns
        self._header_is_due = shape.headers

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        self._write_header()
        # The first column is the kind of row, under whichever of its names the command uses: "type" or "op".
        self._line([category(name, row), *(row.get(column) for column in self._columns[1:])])

    def finish(self, document: Mapping[str, Any]) -> None:
        del document  # TSV has no room for the frame
        self._write_header()

    def _write_header(self) -> None:
        if self._header_is_due:
            self._header_is_due = False
            self._line(list(self._columns))

    def _line(self, cells: list[Any]) -> None:
        self._out.write(b"\t".join(map(paths.tsv_value, cells)) + b"\n")
