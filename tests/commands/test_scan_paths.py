"""`scan PATH`: only these folders are read, and nothing is said of all others."""

from __future__ import annotations

import os

import pytest
from helpers import Library


@pytest.fixture
def scanned(library: Library) -> Library:
    """Return a library with films in two folders, scanned once."""
    library.add(
        {"Films/a/Heat.1995.mkv": 11, "Films/b/Dune.2021.mkv": 12, "Films/b/Ran.1985.mkv": 13,
         "Films/c/Alien.1979.mkv": 14},
        {f"Films/Drame/{name}.mkv": f"@/Films/{stored}.mkv" for name, stored in (
            ("Heat (1995)", "a/Heat.1995"), ("Dune (2021)", "b/Dune.2021"), ("Ran (1985)", "b/Ran.1985"),
        )},
    )  # fmt: skip
    library.scan()
    return library


def changes(library: Library, *arguments: str, code: int = 0) -> list[tuple[str, str]]:
    report = library.scan(*arguments, code=code)
    base = str(library.base)
    return [(row["type"], row["path"][len(base) + 1 :]) for row in report["entries"]]


def test_only_these_folders_are_read(scanned: Library) -> None:
    scanned.add({"Films/a/New.2001.mkv": 21, "Films/b/Other.2002.mkv": 22})
    os.unlink(scanned.stored("Films/b/Ran.1985.mkv"))
    assert changes(scanned, scanned.stored("Films/a")) == [("new", "storage/Films/a/New.2001.mkv")]
    assert changes(scanned) == [
        ("new", "storage/Films/b/Other.2002.mkv"),
        ("gone", "storage/Films/b/Ran.1985.mkv"),
    ]


def test_a_file_stands_for_its_folder(scanned: Library) -> None:
    scanned.add({"Films/a/New.2001.mkv": 21, "Films/b/Other.2002.mkv": 22})
    assert changes(scanned, scanned.stored("Films/a/New.2001.mkv")) == [("new", "storage/Films/a/New.2001.mkv")]


def test_what_is_gone_there_is_told(scanned: Library) -> None:
    os.unlink(scanned.stored("Films/c/Alien.1979.mkv"))
    os.rmdir(scanned.stored("Films/c"))
    assert changes(scanned, scanned.stored("Films/c")) == [("gone", "storage/Films/c/Alien.1979.mkv")]


def test_a_link_registers_what_it_shows_there(scanned: Library) -> None:
    scanned.add({"Films/a/New.2001.mkv": 21}, {"Films/Drame/New (2001).mkv": "@/Films/a/New.2001.mkv"})
    scanned.add({"Films/b/Other.2002.mkv": 22}, {"Films/Crime/Other (2002).mkv": "@/Films/b/Other.2002.mkv"})
    report = scanned.scan(scanned.link("Films/Drame"))
    assert report["summary"]["films_added"] == 0, "the stored file was not read"
    report = scanned.scan(scanned.link("Films/Drame"), scanned.stored("Films/a"))
    assert report["summary"]["films_added"] == 1
    assert scanned.scan()["summary"]["films_added"] == 1


def test_a_mount_that_is_away_is_no_loss(scanned: Library) -> None:
    os.rename(scanned.storage, scanned.storage + ".away")
    assert changes(scanned, scanned.stored("Films/a"), code=3) == []
    os.mkdir(scanned.storage)
    assert changes(scanned, scanned.stored("Films/a"), code=3) == []
    os.rmdir(scanned.storage)
    os.rename(scanned.storage + ".away", scanned.storage)
    assert changes(scanned) == []


def test_what_the_guards_know_stays(scanned: Library) -> None:
    for name in ("Dune.2021", "Ran.1985"):
        os.unlink(scanned.stored(f"Films/b/{name}.mkv"))
    scanned.scan(scanned.stored("Films/a"))
    assert changes(scanned, code=3) == [], "half of all is gone: that looks offline still"


def test_a_part_is_no_inventory(scanned: Library) -> None:
    done = scanned.run("scan", scanned.stored("Films/a"), "--jsonl")
    assert [row["type"] for row in done.lines] == ["summary"]


@pytest.mark.parametrize(
    "arguments", [["/elsewhere"], ["STORAGE/Downloads"], ["STORAGE/Films", "--from", "-"], ["STORAGE", "--accept", "."]]
)
def test_wrong_usage(scanned: Library, arguments: list[str]) -> None:
    os.mkdir(scanned.stored("Downloads"))
    assert scanned.run("scan", *[word.replace("STORAGE", scanned.storage) for word in arguments]).code == 2


def test_hashes_are_read_there_only(scanned: Library) -> None:
    big = {"Films/a/Big.2001.mkv": 200_000, "Films/b/Large.2002.mkv": 300_000}
    scanned.add(dict(big))
    scanned.scan("--fingerprint", scanned.stored("Films/a"))
    rows = scanned.rows("SELECT count(*) FROM cineorg_files WHERE oshash IS NOT NULL")
    assert [tuple(row) for row in rows] == [(1,)]
