"""JSON lines: each row is written when it comes, and a last line of type "summary" proves that all came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from .. import paths
from .json_document import encode
from .report_shape import ReportShape, is_typed


class JsonlFormat:
    """One JSON object a line."""

    name = "jsonl"
    help = "one JSON object a line, as they are found, and a last one of type summary"

    def open(self, out: BinaryIO, shape: ReportShape) -> JsonlWriter:
        return JsonlWriter(out, shape)


class JsonlWriter:
    """Keeps nothing. A line is one `write`, so that a reader never sees half of one."""

    def __init__(self, out: BinaryIO, shape: ReportShape) -> None:
        self._out = out
        self._lists = shape.lists

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        self._line(row if is_typed(row) else {"type": name, **row})

    def finish(self, document: Mapping[str, Any]) -> None:
        summary: dict[str, Any] = {"type": "summary"}
        if "complete" in document:
            summary["complete"] = document["complete"]
        summary |= {key: value for key, value in document.items() if key not in self._lists}
        self._line(summary)

    def _line(self, fields: Mapping[str, Any]) -> None:
        self._out.write(encode(paths.json_fields(fields)) + b"\n")
