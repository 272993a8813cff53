"""JSON: one document, a key a line and a row a line, so that both `jq` and `diff` get on with it.

The rows belong in the middle of the document but the counts before them are known only at the end. So rows
wait, already encoded: that takes a fraction of what the mappings would. Nothing is written before `finish`;
a command that fails leaves no half document.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONEncoder
from typing import Any, BinaryIO

from .. import paths
from .report_shape import ReportShape

# NaN and Infinity are not JSON: a number that became one is a defect and must not look like a report.
_ENCODER = JSONEncoder(ensure_ascii=False, allow_nan=False)


def encode(value: Any) -> bytes:
    """Return the value, which `paths.json_fields` has made ready, as JSON in UTF-8 without a line break."""
    return _ENCODER.encode(value).encode()


class JsonFormat:
    """The contract's document."""

    name = "json"
    help = "one JSON document"

    def open(self, out: BinaryIO, shape: ReportShape) -> JsonWriter:
        return JsonWriter(out, shape)


class JsonWriter:
    """Holds the encoded rows of each list until the document around them is known."""

    def __init__(self, out: BinaryIO, shape: ReportShape) -> None:
        self._out = out
        self._rows = {name: bytearray() for name in shape.lists}

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        rows = self._rows[name]
        rows += b",\n    " if rows else b"\n    "
        rows += encode(paths.json_fields(row))

    def finish(self, document: Mapping[str, Any]) -> None:
        missing = [name for name in self._rows if name not in document]
        if missing:
            raise ValueError(f"the document has no place for the rows of {', '.join(missing)}")
        separator = b"{\n  "
        for key, value in paths.json_fields(document).items():
            self._out.write(separator + encode(key) + b": ")
            self._write_value(key, value)
            separator = b",\n  "
        self._out.write(b"\n}\n")

    def _write_value(self, key: str, value: Any) -> None:
        rows = self._rows.get(key)
        if rows is None:
            self._out.write(encode(value))
        elif rows:
            self._out.write(b"[")
            self._out.write(rows)
            self._out.write(b"\n  ]")
        else:
            self._out.write(b"[]")
