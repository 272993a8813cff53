"""The format for people, by name; what draws it is loaded when a table is drawn."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from .report_shape import ReportShape

if TYPE_CHECKING:
    from .table_writer import TableWriter


class TableFormat:
    """Grouped tables, buffered."""

    name = "table"
    help = "tables for reading, grouped by kind"

    def open(self, out: BinaryIO, shape: ReportShape) -> TableWriter:
        """Return a writer for this stream, in colours and cut to its width if it is a terminal."""
        # A sixth of the time of --help where plugins bring commands.
        from .table_writer import TableWriter
        from .terminal import terminal_of

        return TableWriter(out, shape, terminal_of(out, os.environ))
