"""The format for people, by name; what draws it is loaded when a table is drawn."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from .layout import Layout

if TYPE_CHECKING:
    from .table_writer import TableWriter


class TableFormat:
    """Grouped tables, buffered."""

    name = "table"
    help = "tables for reading, grouped by kind"

    def open(self, out: BinaryIO, layout: Layout) -> TableWriter:
        """Return a writer for this stream, in colours and cut to its width if it is a terminal."""
        # A sixth of the time of --help where plugins bring commands.
        from .screen import screen_of
        from .table_writer import TableWriter

        return TableWriter(out, layout, screen_of(out, os.environ))
