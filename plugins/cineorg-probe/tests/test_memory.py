"""What is kept between runs: exact, harmless to lose, and never in the way."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from cineorg_probe.choosing import choose_files
from cineorg_probe.memory import memory_path, open_memory
from cineorg_probe.model import NOT_A_VIDEO, UNKNOWN, Result
from hypothesis import given
from hypothesis import strategies as st
from probe_helpers import Library

from cineorg.errors import CatalogueError
from cineorg.trees.census import FileStat

BIG = (1 << 63) - 1
RESULTS = [
    Result("/a\udce9\n.mkv", FileStat(5, 7, 1, 2), NOT_A_VIDEO, "why", 1.5, "f", "s", "2026-01-01 00:00:00.000000"),
    Result("/b.mkv", FileStat(BIG, -5, None, None)),
    Result("/c.mkv", FileStat(0, 0, -1, -BIG), UNKNOWN, "it hangs"),
]  # fmt: skip
A, B = FileStat(10, 1, 1, 1), FileStat(20, 2, 1, 2)
A_WITHOUT_INODE = A._replace(device=None, inode=None)
KNOWN_A, SILENT_A = (A, True), (A, False)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "sub" / "c.db")


def test_what_is_kept_comes_back(database: str) -> None:
    with open_memory(database, write=True) as memory:
        memory.keep(RESULTS)
        memory.keep(RESULTS[:1])
    with open_memory(database) as memory:
        assert sorted(memory.results(), key=lambda item: os.fsencode(item.path)) == list(memory.results())
        assert {item.path: item for item in memory.results()} == {item.path: item for item in RESULTS}
        assert memory.files() == {item.path: (item.stat, item.state != UNKNOWN) for item in RESULTS}
    with open_memory(database, write=True) as memory:
        memory.move([("/b.mkv", "/c.mkv"), ("/nowhere", "/d.mkv")])
        memory.forget([RESULTS[0].path, "/nowhere"])
        assert [(item.path, item.stat) for item in memory.results()] == [("/c.mkv", RESULTS[1].stat)]


def test_who_reads_slowly_keeps_nobody_from_writing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cineorg_probe.memory._BUSY_TIMEOUT_SECONDS", 0.0)
    with open_memory(database, write=True) as memory:
        memory.keep(RESULTS)
        with open_memory(database) as reader:
            results = reader.results()
            next(results)
            memory.keep(RESULTS[:1])
            assert len(list(results)) == len(RESULTS) - 1


def test_reading_makes_no_file(database: str) -> None:
    with open_memory(database) as memory:
        assert list(memory.results()) == []
        assert memory.files() == {}
    assert not os.path.exists(os.path.dirname(database))


@pytest.mark.parametrize(
    ("database", "path"),
    [("/srv/cineorg.db", "/srv/cineorg.probe.db"), ("/srv/c", "/srv/c.probe.db"), ("/a.b/c", "/a.b/c.probe.db")],
)
def test_it_lies_beside_the_catalogue(database: str, path: str) -> None:
    assert memory_path(database) == path


def test_a_table_of_another_version_counts_as_none(database: str) -> None:
    with open_memory(database, write=True) as memory:
        memory.keep(RESULTS)
    with closing(sqlite3.connect(memory_path(database))) as connection:
        connection.execute("PRAGMA user_version = 99")
    with open_memory(database) as memory:
        assert memory.files() == {}
    with open_memory(database, write=True) as memory:
        memory.keep(RESULTS[:1])
        assert list(memory.files()) == [RESULTS[0].path]


def test_a_damaged_file_is_told_in_one_line(library: Library) -> None:
    library.add("a.mkv", b"noise")
    Path(memory_path(str(library.db))).write_bytes(b"no database at all" * 100)
    result = library.run("probe")
    assert result.code == 2
    assert "c.probe.db is damaged (file is not a database); delete it: it only remembers" in result.err
    assert result.err.count("\n") == 1
    checked = library.check()
    assert (checked.code, len(checked.json["errors"])) == (3, 1)
    assert "delete it" in checked.json["errors"][0]["error"]


def test_a_folder_that_is_not_there_to_write_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(CatalogueError, match="cannot write beside the catalogue"),
        open_memory(f"{tmp_path}/file/c.db", write=True),
    ):
        pass


@pytest.mark.parametrize(
    ("stored", "kept", "todo", "known", "renamed"),
    [
        ({"a": A}, {}, ["a"], 0, []),
        ({"a": A}, {"a": KNOWN_A}, [], 1, []),
        ({"a": A}, {"a": SILENT_A}, ["a"], 0, []),
        ({"a": A._replace(mtime_ns=9)}, {"a": KNOWN_A}, ["a"], 0, []),
        ({"a": A._replace(size_bytes=9)}, {"a": KNOWN_A}, ["a"], 0, []),
        ({"a": A._replace(inode=9)}, {"a": KNOWN_A}, ["a"], 0, []),
        ({"a": A._replace(device=9)}, {"a": KNOWN_A}, [], 1, []),  # numbers of devices change at every boot
        ({"a": A_WITHOUT_INODE}, {"a": KNOWN_A}, [], 1, []),
        ({"a": A}, {"a": (A_WITHOUT_INODE, True)}, [], 1, []),
        ({"a": A, "b": B, "c": A._replace(mtime_ns=2)}, {}, ["b", "c", "a"], 0, []),
        ({"new": A}, {"old": KNOWN_A}, [], 1, [("old", "new")]),
        ({"new": A}, {"old": SILENT_A}, ["new"], 0, []),
        ({"new": A}, {"old": KNOWN_A, "older": KNOWN_A}, ["new"], 0, []),
        ({"new": A, "newer": A}, {"old": KNOWN_A}, ["new", "newer"], 0, []),
        ({"new": A, "old": A}, {"old": KNOWN_A}, ["new"], 1, []),
        ({"new": FileStat(0, 1, 1, 1)}, {"old": (FileStat(0, 1, 1, 1), True)}, ["new"], 0, []),
        ({"a": A, "b": B}, {"a": (B, True), "b": KNOWN_A}, ["b", "a"], 0, []),  # two files that changed places
    ],
)
def test_which_files_are_probed(
    stored: Mapping[str, FileStat],
    kept: Mapping[str, tuple[FileStat, bool]],
    todo: list[str],
    known: int,
    renamed: list[tuple[str, str]],
) -> None:
    choice = choose_files(stored, kept, stored.keys())
    assert (choice.todo, choice.known, choice.renamed) == (todo, known, renamed)
    everything = choose_files(stored, kept, stored.keys(), is_again=True)
    assert (sorted(everything.todo), everything.known, everything.renamed) == (sorted(stored), 0, [])


STATS = st.builds(FileStat, st.integers(0, 2), st.integers(0, 2), st.just(1), st.integers(0, 1) | st.none())
NAMES = st.sampled_from("abcdef")


@given(
    st.dictionaries(NAMES, STATS),
    st.dictionaries(NAMES, st.tuples(STATS, st.booleans())),
    st.sets(NAMES),
    st.booleans(),
)
def test_every_wanted_file_is_probed_or_known(
    stored: dict[str, FileStat], kept: dict[str, tuple[FileStat, bool]], wanted: set[str], again: bool
) -> None:
    chosen = sorted(wanted & stored.keys())
    choice = choose_files(stored, kept, chosen, again)
    assert len(choice.todo) + choice.known == len(chosen)
    assert set(choice.todo) <= set(chosen)
    assert len({old for old, _ in choice.renamed}) == len(choice.renamed)
    for old, new in choice.renamed:
        assert old not in stored
        assert new in chosen
        assert new not in choice.todo
