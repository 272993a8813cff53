"""Output formats: the one place that turns rows and a report's frame into bytes, one file per format.

A format is handed rows as they are found and the document's frame at the end. Whatever a name holds, it
must come out again: exactly in the formats for programs, harmlessly in the one for people. Zero rows is a
valid document. Formats of plugins come in beside these through the hook `register_formats`.
"""

from __future__ import annotations

from .csv_lines import CsvFormat
from .document_formats import HtmlFormat, MarkdownFormat
from .json_document import JsonFormat
from .jsonl import JsonlFormat
from .print0 import Print0Format
from .report_shape import Format, ReportShape, Writer, category
from .table import TableFormat
from .tsv import TsvFormat

__all__ = ["FORMATS", "PRINT0", "TABLE", "Format", "ReportShape", "Writer", "category"]

FORMATS: tuple[Format, ...] = (
    TableFormat(),
    TsvFormat(),
    JsonFormat(),
    JsonlFormat(),
    CsvFormat(),
    MarkdownFormat(),
    HtmlFormat(),
)
TABLE: Format = FORMATS[0]
PRINT0: Format = Print0Format()
