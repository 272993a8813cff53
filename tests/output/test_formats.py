"""What every format owes: an empty report, and any name's exact bytes or (for people) a harmless spelling."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cineorg import paths
from cineorg.output import FORMATS, PRINT0, Format, ReportShape

EVERY_FORMAT = (*FORMATS, PRINT0)
SHAPE = ReportShape("integrity", ("issues",), ("type", "path", "details", "target"), ("/video", "/storage"))
FRAME = {
    "command": "integrity",
    "version": "0.1.0",
    "library": {"storage": ["/storage"], "video": "/video"},
    "complete": True,
    "summary": {"total": 0},
    "issues": [],
    "suggestions": [],
}
NAMES = {
    "plain": b"Alien (1979).mkv",
    "newline": b"a\nb.mkv",
    "crlf": b"a\r\nb.mkv",
    "tab": b"a\tb.mkv",
    "double_quote": b'"quoted" "twice".mkv',
    "single_quote": b"l'autre d'apr\xc3\xa8s.mkv",
    "backslash": b"AC\\DC.mkv",
    "last_is_backslash": b"a\\",
    "looks_escaped": b"a\\tb\\nc\\\\d.mkv",
    "leading_dash": b"-rf.mkv",
    "not_utf8": b"caf\xe9.mkv",
    "half_utf8": b"\xc3\xa8 \xc3.mkv",
    "replacement_character": b"\xef\xbf\xbd.mkv",
    "comma": b"a, b;c.mkv",
    "pipe": b"a|b.mkv",
    "backslash_and_pipe": b"a\\|b\\\\|c.mkv",
    "backticks": b"`a` ``b``",
    "markup": b"<b>&amp;[x](y) *a* _b_ #1 @c",
    "only_quotes": b'"',
    "ansi": b"\x1b[31mred\x1b]0;title\x07.mkv",
    "c1_control": b"\xc2\x9b31m.mkv",
    "bidi": b"\xe2\x80\xaevkm.exe",
    "line_separator": b"a\xe2\x80\xa8b.mkv",
    "decomposed": b"e\xcc\x81.mkv",
    "blanks_at_the_ends": b" a ",
    "number": b"1917",
    "exponent": b"1e5",
    "longest": b"x" * 255,
    "longest_not_utf8": b"\xff" * 255,
    "every_byte": bytes(byte for byte in range(1, 256) if byte != ord("/")),
}

any_path = st.binary(min_size=1, max_size=255).filter(lambda raw: b"\0" not in raw)


def written(fmt: Format, rows: list[dict[str, Any]], shape: ReportShape = SHAPE) -> bytes:
    """Return the whole report as `fmt` writes it; the stream is still open then."""
    out = io.BytesIO()
    writer = fmt.open(out, shape)
    for row in rows:
        writer.row(shape.lists[0], row)
    writer.finish(FRAME)
    return out.getvalue()


def issue(raw: bytes) -> dict[str, Any]:
    """Return a row for this path, with the same name in a second field that holds a path."""
    path = os.fsdecode(raw)
    return {"type": "broken_symlink", "path": path, "details": "it is gone", "target": path}


def unescaped(cell: bytes) -> bytes:
    """Return a TSV cell's value, read by the rules of the contract and no code of ours."""
    result = bytearray()
    rest = iter(cell)
    for byte in rest:
        plain = {ord("t"): b"\t", ord("n"): b"\n", ord("r"): b"\r", ord("\\"): b"\\"}
        result += plain[next(rest)] if byte == ord("\\") else bytes([byte])
    return bytes(result)


def exact(row: dict[str, Any], key: str) -> bytes:
    """Return the bytes that a JSON row gives for a path field, `…_b64` first."""
    encoded = row.get(key + "_b64")
    return os.fsencode(paths.decode_b64(encoded)) if encoded is not None else row[key].encode()


def read_tsv(data: bytes) -> list[tuple[bytes, bytes]]:
    lines = [line.split(b"\t") for line in data.removesuffix(b"\n").split(b"\n")]
    assert lines[0] == [b"type", b"path", b"details", b"target"]
    assert all(len(line) == 4 and line[0] == b"broken_symlink" for line in lines[1:])
    return [(unescaped(line[1]), unescaped(line[3])) for line in lines[1:]]


def read_json(data: bytes) -> list[tuple[bytes, bytes]]:
    return [(exact(row, "path"), exact(row, "target")) for row in json.loads(data)["issues"]]


def read_jsonl(data: bytes) -> list[tuple[bytes, bytes]]:
    rows = [json.loads(line) for line in data.removesuffix(b"\n").split(b"\n")]
    assert rows[-1]["type"] == "summary"
    return [(exact(row, "path"), exact(row, "target")) for row in rows[:-1]]


def read_print0(data: bytes) -> list[tuple[bytes, bytes]]:
    *names, after_the_last = data.split(b"\0")
    assert after_the_last == b""
    return [(name, name) for name in names]


def read_csv(data: bytes) -> list[tuple[bytes, bytes]]:
    assert data.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(os.fsdecode(data), newline=""), strict=True))
    assert rows[0] == ["type", "path", "details", "target"]
    assert all(len(row) == 4 and row[0] == "broken_symlink" for row in rows[1:])
    return [(os.fsencode(row[1]), os.fsencode(row[3])) for row in rows[1:]]


# What people read has its own tests below; any other format must have a reader here.
FOR_PEOPLE = ("table", "markdown", "html")
READERS: dict[str, Callable[[bytes], list[tuple[bytes, bytes]]]] = {
    "tsv": read_tsv,
    "csv": read_csv,
    "json": read_json,
    "jsonl": read_jsonl,
    "print0": read_print0,
}
exact_formats = pytest.mark.parametrize(
    "fmt", [fmt for fmt in EVERY_FORMAT if fmt.name not in FOR_PEOPLE], ids=lambda fmt: fmt.name
)
for_people = pytest.mark.parametrize("name", FOR_PEOPLE)
documents = pytest.mark.parametrize("name", FOR_PEOPLE[1:])
every_format = pytest.mark.parametrize("fmt", EVERY_FORMAT, ids=lambda fmt: fmt.name)
every_name = pytest.mark.parametrize("raw", NAMES.values(), ids=NAMES.keys())
NAMED = {fmt.name: fmt for fmt in FORMATS}
TABLE = NAMED["table"]


def test_formats_are_those_of_the_contract() -> None:
    contract = ["table", "tsv", "json", "jsonl", "csv", "markdown", "html"]
    assert [fmt.name for fmt in FORMATS][: len(contract)] == contract
    assert PRINT0.name == "print0"


@every_format
def test_help_is_one_line(fmt: Format) -> None:
    assert fmt.help
    assert fmt.help.isprintable()


@exact_formats
def test_no_rows_is_a_valid_document(fmt: Format) -> None:
    assert READERS[fmt.name](written(fmt, [])) == []


def test_no_rows_is_one_line_in_the_table() -> None:
    assert written(TABLE, []) == b"Nothing found.\n"


@exact_formats
@every_name
def test_one_row_keeps_its_exact_bytes(fmt: Format, raw: bytes) -> None:
    assert READERS[fmt.name](written(fmt, [issue(raw)])) == [(raw, raw)]
    absolute = b"/video/Films/" + raw
    assert READERS[fmt.name](written(fmt, [issue(absolute)])) == [(absolute, absolute)]


@exact_formats
@settings(deadline=None)
@given(raws=st.lists(any_path))
def test_any_rows_keep_their_exact_bytes_and_order(fmt: Format, raws: list[bytes]) -> None:
    assert READERS[fmt.name](written(fmt, [issue(raw) for raw in raws])) == [(raw, raw) for raw in raws]


def is_obeyed_by_a_terminal(char: str) -> bool:
    return char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(raw: bytes) -> str:
    """Return a name as people may see it: what a terminal would obey, and blanks at its ends, spelled out."""
    text = paths.terminal_text(os.fsdecode(raw))
    inner = text.strip(" ")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    return before.replace(" ", "\\x20") + inner + after.replace(" ", "\\x20")


def read_table(data: bytes) -> list[str]:
    return data.decode().split("\n")


def read_markdown(data: bytes) -> list[str]:
    """Return the cells of all tables as GitHub shows them."""
    rows = [line for line in data.decode().split("\n") if line.startswith("|")]
    cells = [cell.strip() for row in rows for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
    return [shown_as_code(cell.replace("\\|", "|")) if "`" in cell else cell for cell in cells]


def shown_as_code(cell: str) -> str:
    """Return the text of a code span, by the rules of CommonMark."""
    fence = re.match("`+", cell)
    assert fence
    assert cell.endswith(fence[0])
    text = cell[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", text)
    return text[1:-1] if text[:1] == text[-1:] == " " and text.strip() else text


class TextOfCells(HTMLParser):
    """Collects the text of a page's table cells, and which elements there are."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.is_in_cell = tag == "td"
        if self.is_in_cell:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.is_in_cell:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = False


def read_html(data: bytes) -> list[str]:
    page = TextOfCells()
    page.feed(data.decode())
    page.close()
    assert page.tags == set("html head meta title style body h1 p h2 table thead tbody tr th td".split())
    return page.cells


PEOPLES_READERS = {"table": read_table, "markdown": read_markdown, "html": read_html}


@for_people
@every_name
def test_a_name_is_shown_without_being_obeyed(name: str, raw: bytes) -> None:
    shown = written(NAMED[name], [issue(raw)])
    assert not any(map(is_obeyed_by_a_terminal, shown.decode()))
    cells = PEOPLES_READERS[name](shown)
    if name == "table":
        assert len(cells) == len(read_table(written(TABLE, [issue(b"name")])))
        assert any(visible(raw) in line for line in cells)
    else:
        assert visible(raw) in cells


@settings(deadline=None)
@given(raws=st.lists(any_path, min_size=1, max_size=5))
def test_table_never_holds_what_a_terminal_obeys(raws: list[bytes]) -> None:
    shown = written(TABLE, [issue(raw) for raw in raws]).decode()
    assert not any(map(is_obeyed_by_a_terminal, shown))
    # heading, columns unless the heading says all, the rows, a blank line, the summary
    assert shown.count("\n") == 2 + len(raws) + 2


@documents
@settings(deadline=None)
@given(raws=st.lists(any_path, min_size=1, max_size=5))
def test_a_document_shows_any_names_in_their_order(name: str, raws: list[bytes]) -> None:
    shown = written(NAMED[name], [issue(raw) for raw in raws])
    assert not any(map(is_obeyed_by_a_terminal, shown.decode()))
    listed = [cell for cell in PEOPLES_READERS[name](shown) if cell in set(map(visible, raws))]
    # Each stands there twice, as path and as target.
    assert listed[::2] == [visible(raw) for raw in raws]


@documents
def test_no_rows_is_a_document_that_says_so(name: str) -> None:
    shown = written(NAMED[name], []).decode()
    assert "Nothing found." in shown
    assert "<table" not in shown
    assert "|" not in shown


@every_format
def test_opening_writes_nothing_and_finishing_leaves_the_stream_open(fmt: Format) -> None:
    out = io.BytesIO()
    writer = fmt.open(out, SHAPE)
    assert out.getvalue() == b""
    writer.row("issues", issue(b"/video/a"))
    writer.finish(FRAME)
    assert not out.closed


class ClosedPipe(io.BytesIO):
    """A stream whose reader has gone."""

    def write(self, data: Any) -> int:
        raise BrokenPipeError(f"{len(data)} bytes")


@every_format
def test_a_closed_pipe_passes_through(fmt: Format) -> None:
    writer = fmt.open(ClosedPipe(), SHAPE)
    with pytest.raises(BrokenPipeError):
        writer.row("issues", issue(b"/video/a"))
        writer.finish(FRAME)


@every_format
def test_rows_are_not_altered(fmt: Format) -> None:
    row, before = issue(b"/video/\xff"), issue(b"/video/\xff")
    written(fmt, [row])
    assert row == before


def test_importing_the_formats_loads_nothing_heavy() -> None:
    heavy = "{'wcwidth', 'tqdm', 'click', 'pluggy', 'sqlite3', 'multiprocessing'}"
    code = f"import sys, cineorg.output, cineorg.output.progress; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
