"""Comma-separated values as RFC 4180 has them: CRLF, quotes where they are needed, the columns of TSV, raw bytes."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any, BinaryIO

from .. import paths
from .report_shape import ReportShape, category


class CsvFormat:
    """A header line and one record a row."""

    name = "csv"
    help = "comma-separated values as RFC 4180 has them, for spreadsheets"

    def open(self, out: BinaryIO, shape: ReportShape) -> CsvWriter:
        return CsvWriter(out, shape)


class CsvWriter:
    """Writes the header with the first row or at the end: a command refused before leaves stdout empty."""

    def __init__(self, out: BinaryIO, shape: ReportShape) -> None:
        from csv import writer

        self._out, self._columns, self._header_is_due = out, shape.columns, shape.headers
        self._record = StringIO()
        self._writer = writer(self._record, lineterminator="\r\n")

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        self._write_header()
        # The first column is the kind of row, under whichever of its names the command uses: "type" or "op".
        self._line([category(name, row), *(row.get(column) for column in self._columns[1:])])

    def finish(self, document: Mapping[str, Any]) -> None:
        del document  # a table has no room for the frame
        self._write_header()

    def _write_header(self) -> None:
        if self._header_is_due:
            self._header_is_due = False
            self._line(list(self._columns))

    def _line(self, cells: list[Any]) -> None:
        self._writer.writerow(map(paths.flat_text, cells))
        self._out.write(paths.to_bytes(self._record.getvalue()))
        self._record.seek(0)
        self._record.truncate()
