"""TSV: the same columns whatever was found, raw bytes, and numbers as they are."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cineorg.output import ReportShape
from cineorg.output.tsv import TsvFormat

Row = tuple[str, dict[str, Any]]
COLUMNS = ("op", "path", "old_target", "new_target", "score", "status", "reason")


def written(*rows: Row, columns: tuple[str, ...] = COLUMNS, headers: bool = True) -> bytes:
    out = io.BytesIO()
    shape = ReportShape("repair-links", ("changes", "unresolved"), columns, ("/video",), headers=headers)
    writer = TsvFormat().open(out, shape)
    for name, row in rows:
        writer.row(name, row)
    writer.finish({"changes": [], "unresolved": []})
    return out.getvalue()


def test_header_is_there_once_with_and_without_rows() -> None:
    header = b"op\tpath\told_target\tnew_target\tscore\tstatus\treason\n"
    assert written() == header
    assert written(("changes", {"op": "make_dir"}), ("changes", {"op": "make_dir"})).count(header) == 1


def test_no_headers_leaves_only_rows() -> None:
    assert written(headers=False) == b""
    assert written(("changes", {"op": "make_dir", "path": "/video/a"}), headers=False) == (
        b"make_dir\t/video/a\t\t\t\t\t\n"
    )


def test_missing_and_unknown_fields_change_no_column() -> None:
    row = {"op": "move", "path": "/video/a", "new_path": "/video/b", "score": None}
    assert written(("changes", row), headers=False) == b"move\t/video/a\t\t\t\t\t\n"


def test_an_unresolved_row_says_so_in_the_first_column() -> None:
    row = {"path": "/video/a", "target": "/gone", "reason": "two files fit", "candidates": []}
    assert written(("unresolved", row), headers=False) == b"unresolved\t/video/a\t\t\t\t\ttwo files fit\n"


def test_a_type_stands_in_the_first_column_even_where_changes_do() -> None:
    row = {"type": "unreadable", "path": "/x"}
    assert written(("issues", row), headers=False).startswith(b"unreadable\t/x\t")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (0, b"0"),
        (100, b"100"),
        (71.5, b"71.5"),
        (10**15, b"1000000000000000"),
        ("1917", b"1917"),
        ("1e5", b"1e5"),
        ("007", b"007"),
        (True, b"true"),
        (False, b"false"),
        (None, b""),
        ("", b""),
    ],
)
def test_values_are_never_reformatted(value: object, cell: bytes) -> None:
    data = written(("issues", {"type": "x", "value": value}), columns=("type", "value"), headers=False)
    assert data == b"x\t" + cell + b"\n"


def test_lines_end_with_a_line_feed_alone() -> None:
    data = written(("changes", {"op": "remove_link", "path": "/video/a\r\n"}))
    assert data.endswith(b"\n")
    assert b"\r" not in data
    assert data.count(b"\n") == 2
