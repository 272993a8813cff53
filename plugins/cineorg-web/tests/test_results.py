"""Results of any size and with any names: pages, search, bytes sent, and the format `sqlite` behind them."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from html import unescape
from urllib.parse import quote

import pytest
from cineorg_web.numbers import count_text, size_text
from cineorg_web.searching import fold, like_patterns
from cineorg_web.sqlite_format import SqliteFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from web_library import WebLibrary

from cineorg.output import FORMATS
from cineorg.output.report_shape import ReportShape

ORPHANS = 25_000
PAGE_BYTES = 64 * 1024


def names_in(html: str) -> list[str]:
    """Return the names of the rows in a part of the page."""
    return [unescape(re.sub(r"<wbr>", "", name)) for name in re.findall(r"</span><b>(.*?)</b>", html)]


def orphans(library: WebLibrary, number: int, name: str = "Orphan film {:05} (1999).mkv") -> None:
    folder = library.storage / "Films" / "new"
    folder.mkdir(parents=True)
    for each in range(number):
        os.close(os.open(folder / name.format(each), os.O_CREAT | os.O_WRONLY))


def test_a_page_with_very_many_orphans_is_small_and_leads_to_all_of_them(library: WebLibrary) -> None:
    orphans(library, ORPHANS)
    library.run("scan", "--no-register", code=0)
    server = library.serve()
    server.analyse("integrity")
    page = server.get("/")
    assert len(page.content) <= PAGE_BYTES
    names = names_in(page.text)
    assert len(names) == 50
    assert f"50 of {count_text(ORPHANS)}" in page.text
    following = re.search(r'data-more="([^"]+)"', page.text)
    while following:
        part = server.get(unescape(following.group(1)))
        assert len(part.content) <= PAGE_BYTES
        names += names_in(part.text)
        following = re.search(r'data-more="([^"]+)"', part.text)
    assert names == [f"Orphan film {number:05} (1999).mkv" for number in range(ORPHANS)]


def test_long_names_in_every_category_do_not_make_the_page_large(library: WebLibrary) -> None:
    deep = "&" * 240
    for number in range(120):
        library.film(f"{deep}/{number:03}{'&' * 230}.mkv")
        library.link(f"{number:03}{'<' * 200}.mkv", f"/nowhere/{'&' * 200}/{'&' * 200}", folder=f"{number % 40}{deep}")
        (library.video / "Films" / (str(number) + '"' * 200)).mkdir()
    library.run("scan", "--no-register")
    server = library.serve()
    for kind in ("integrity", "cleanup"):
        server.analyse(kind)
    page = server.get("/")
    assert len(page.content) <= PAGE_BYTES
    assert page.text.count("data-category=") >= 4
    following = re.findall(r'data-more="([^"]+category=orphan_file[^"]+)"', page.text)
    names = [name for name in names_in(page.text) if set(name[3:].removesuffix(".mkv")) == {"&"}]
    while following:
        part = server.get(unescape(following[0]))
        assert len(part.content) <= PAGE_BYTES
        assert names_in(part.text)
        names += names_in(part.text)
        following = re.findall(r'data-more="([^"]+)"', part.text)
    assert names == sorted(set(names))
    assert len(names) == 120


@pytest.mark.parametrize(
    ("words", "found"),
    [("", 4), ("amelie", 1), ("AMÉLIE", 1), ("poulain amélie", 1), ("amelie zzz", 0), ("100%", 1), ("100_", 0),
     ("le_", 0), ("films", 4), ("\\", 1), ("œuvre", 1), ("'", 0)],
)  # fmt: skip
def test_search_within_a_category(library: WebLibrary, words: str, found: int) -> None:
    names = ("Amélie Poulain.mkv", unicodedata.normalize("NFD", "Été.mkv"), "100% Œuvre.mkv", "back\\slash.mkv")
    for name in names:
        library.film(name)
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    part = server.get(f"/integrity/rows?category=orphan_file&q={quote(words)}").text
    assert f'data-found="{found}"' in part
    assert len(names_in(part)) == found


def test_pages_of_a_search_hold_together(library: WebLibrary) -> None:
    orphans(library, 700)
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    expected = [f"Orphan film {number:05} (1999).mkv" for number in range(700) if "001" in f"{number:05}"]
    address, names = "/integrity/rows?category=orphan_file&q=film+001", []
    while address:
        part = server.get(address).text
        assert f'data-found="{len(expected)}"' in part
        names += names_in(part)
        following = re.search(r'data-more="([^"]+)"', part)
        address = unescape(following.group(1)) if following else ""
    assert names == expected


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_is_found_by_any_of_its_words(before: str, after: str) -> None:
    text = f"{before} {after}"
    with closing(sqlite3.connect(":memory:")) as database:
        for pattern in like_patterns(text.replace("\0", "")):
            values = (fold(text.replace("\0", "")), pattern)
            assert database.execute(r"SELECT ? LIKE ? ESCAPE '\'", values).fetchone() == (1,)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["orphan_file", "broken_symlink", "other"]),
        st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw),
        st.one_of(st.none(), st.booleans(), st.integers(0, 2**60), st.text(max_size=20).filter(str.isprintable)),
    ),
    max_size=30,
)


@settings(deadline=None)  # the first example pays for the imports
@given(ROWS, st.booleans())
def test_the_format_holds_both_documents_and_every_row(rows: list[tuple[str, bytes, object]], headers: bool) -> None:
    shape = ReportShape(
        "integrity", ("issues",), ("type", "path", "details", "value"), ("/r",), headers, titles={"other": "O"}
    )
    outputs = {}
    for each in (*FORMATS, SqliteFormat()):
        out = outputs[each.name] = io.BytesIO()
        writer = each.open(out, shape)
        for kind, name, value in rows:
            writer.row("issues", {"type": kind, "path": os.fsdecode(b"/r/" + name), "details": "d", "value": value})
        writer.finish({"command": "integrity", "complete": True, "issues": [], "suggestions": []})
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(outputs["sqlite"].getvalue())
        documents = dict(database.execute("SELECT name, content FROM documents"))
        assert documents["json"] == outputs["json"].getvalue()
        assert documents["tsv"] == outputs["tsv"].getvalue()
        stored = [json.loads(row) for (row,) in database.execute("SELECT row FROM rows ORDER BY id")]
        paths = [base64.b64decode(row["path_b64"]) if "path_b64" in row else row["path"].encode() for row in stored]
        assert paths == [b"/r/" + name for _, name, _ in rows]
        counts = dict(database.execute("SELECT name, rows FROM categories"))
        assert counts == {"other": 0} | {kind: [row[0] for row in rows].count(kind) for kind, _, _ in rows}
        assert json.loads(database.execute("SELECT frame FROM report").fetchone()[0]) == {
            "command": "integrity", "complete": True, "suggestions": []
        }  # fmt: skip


def test_the_format_is_for_files_and_of_use_by_itself(library: WebLibrary) -> None:
    library.with_faults()
    scratch = library.base / "scratch"
    scratch.mkdir()
    library.environment["TMPDIR"] = str(scratch)
    database = library.base / "report.sqlite"
    database.write_bytes(library.run("integrity", "--format", "sqlite", code=1))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = dict(connection.execute("SELECT category, count(*) FROM rows GROUP BY category"))
    assert found == {"orphan_file": 5, "broken_symlink": 3, "ghost_entry": 3}
    assert list(scratch.iterdir()) == []


def test_the_format_is_nothing_for_a_terminal(library: WebLibrary) -> None:
    import pty

    library.with_faults()
    controller, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "cineorg", "integrity", *library.flags, "--format", "sqlite"],
        env=library.environment, stdout=terminal, stderr=subprocess.PIPE, check=False, text=True,
    )  # fmt: skip
    os.close(terminal)
    os.close(controller)
    assert "nothing for a terminal" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (99_500_000, "100 MB"),
     (999_499_999, "999 MB"), (999_500_000, "1.0 GB"), (5_000_000_000_000, "5.0 TB"), (2 * 10**18, "2000 PB")],
)  # fmt: skip
def test_sizes_in_words(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text.replace(" ", "\u202f")


def test_rows_in_the_order_of_their_sizes_and_with_their_sum(library: WebLibrary) -> None:
    for number in range(60):
        library.film(f"film {number:02}.mkv", size_bytes=1000 * ((number * 7) % 60 + 1))
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    address, names = "/integrity/rows?category=orphan_file&order=size", []
    while address:
        part = server.get(address).text
        names += names_in(part)
        following = re.search(r'data-more="([^"]+)"', part)
        address = unescape(following.group(1)) if following else ""
        assert "1.8\u202fMB" in part
    assert names == [f"film {number:02}.mkv" for number in sorted(range(60), key=lambda each: -((each * 7) % 60))]


def test_only_new_rows_and_only_those_below_a_folder(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    library.film("new/late.mkv")
    library.film("news/late too.mkv")
    server.analyse("integrity")
    rows = "/integrity/rows?category=orphan_file"
    assert names_in(server.get(f"{rows}&new=1").text) == ["late.mkv", "late too.mkv"]
    below = quote(f"{library.storage}/Films/new")
    assert names_in(server.get(f"{rows}&below={below}&new=1").text) == ["late.mkv"]
    assert 'data-found="6"' in server.get(f"{rows}&below={below}").text
