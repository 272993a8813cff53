"""Paths ended by NUL: nothing else, and nothing for a row without a path."""

from __future__ import annotations

import io
import os
from typing import Any

from cineorg.output import PRINT0, ReportShape


def written(*rows: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    writer = PRINT0.open(out, ReportShape("apply", ("changes", "unresolved"), ("op", "path"), ("/video",)))
    for row in rows:
        writer.row("changes", row)
    writer.finish({"command": "apply", "complete": True, "changes": [], "unresolved": []})
    return out.getvalue()


def test_paths_alone_absolute_and_raw() -> None:
    path = os.fsdecode(b"/video/a\n\xff")
    relink = {"op": "relink", "path": path, "new_target": "b"}
    assert written(relink, {"path": "/video/c", "reason": "d"}) == b"/video/a\n\xff\0/video/c\0"


def test_a_row_without_a_path_gives_no_empty_argument() -> None:
    assert written({"op": "set_file_path", "id": 1, "new": "/a"}) == b""
    assert written({"type": "x", "path": None}, {"type": "x", "path": ""}) == b""


def test_no_rows_is_nothing() -> None:
    assert written() == b""
