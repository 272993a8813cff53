"""`explain` tells of one link what `repair-links --auto` would do, and why; in every format, changing nothing."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from helpers import Library, snapshot

LINK, OLD, NEW = "Films/Drame/Heat (1995).mkv", "Films/Heat.1995.mkv", "Films/x7.mkv"
TWIN = "Films/Drame/Dune (2021).mkv"


@pytest.fixture
def damaged(library: Library) -> Library:
    """Return a scanned library with a film that moved, and one that two files could be."""
    library.films(30).add({OLD: 5000}, {LINK: f"@/{OLD}", TWIN: "@/Films/dune.mkv"})
    library.scan()
    library.move(OLD, NEW)
    library.scan()
    return library.add({"Films/Dune.2021.1080p.mkv": 61, "Films/Dune.2021.2160p.mkv": 62})


def test_a_link_that_would_be_repaired(damaged: Library) -> None:
    before = [snapshot(damaged.video), snapshot(damaged.storage)]
    report = damaged.report("explain", damaged.link(LINK), code=0)
    assert (report["state"], report["rule"], report["would"], report["guard"]) == ("broken", "identity", "relink", None)
    (link,) = report["link"]
    assert (link["path"], link["target"]) == (damaged.link(LINK), damaged.stored(OLD))
    assert link["first_seen"]
    assert [row["title"] for row in report["rows"]] == ["Heat"]
    assert [(row["old_path"], row["new_path"]) for row in report["moves"]] == [
        (damaged.stored(OLD), damaged.stored(NEW))
    ]
    assert [row["path"] for row in report["candidates"]] == [damaged.stored(NEW)]
    assert [row["op"] for row in report["changes"]] == ["relink", "set_file_path"]
    planned = damaged.report("repair-links", "-n")["changes"]
    assert [row for row in planned if row["op"] == "relink"] == report["changes"][:1]
    assert [snapshot(damaged.video), snapshot(damaged.storage)] == before


def test_a_link_in_doubt(damaged: Library) -> None:
    report = damaged.report("explain", damaged.link(TWIN), code=0)
    assert (report["would"], report["reason"], report["changes"]) == ("nothing", "2 files fit equally", [])
    assert [row["score"] >= 90 for row in report["candidates"]] == [True, True]


def test_a_healthy_link(damaged: Library) -> None:
    report = damaged.report("explain", damaged.link("Films/Drame/Films no1 (2001).mkv"), code=0)
    assert (report["state"], report["would"]) == ("ok", "nothing")
    assert report["link"][0]["leads_to"] == damaged.stored("Films/Films.1.2001.mkv")


def test_a_pinned_link(damaged: Library) -> None:
    damaged.report("repair-links", "-y", damaged.link(TWIN), "--to", damaged.stored("Films/Dune.2021.2160p.mkv"))
    report = damaged.report("explain", damaged.link(TWIN), code=0)
    assert report["link"][0]["pinned"] == damaged.stored("Films/Dune.2021.2160p.mkv")


def test_the_guard_that_stands_in_the_way(damaged: Library) -> None:
    shutil.rmtree(damaged.stored("Films"))
    report = damaged.report("explain", damaged.link(LINK), code=3)
    assert (report["state"], report["would"]) == ("offline", "nothing")
    assert report["guard"].startswith("offline: ")


def test_a_stored_file_that_links_show(damaged: Library) -> None:
    file, first = "Films/Films.1.2001.mkv", "Films/Drame/Films no1 (2001).mkv"
    damaged.add(None, {"Films/Drame/Again (2001).mkv": f"@/{file}", "Films/Drame/Over (2001).mkv": "Again (2001).mkv"})
    report = damaged.report("explain", damaged.stored(file), code=0)
    paths = [damaged.link(name) for name in ("Films/Drame/Again (2001).mkv", first, "Films/Drame/Over (2001).mkv")]
    assert [row["path"] for row in report["link"]] == paths
    assert {(row["state"], row["leads_to"]) for row in report["link"]} == {("ok", damaged.stored(file))}
    assert [row["path"] for row in report["rows"]] == [damaged.stored(file)]
    assert (report["state"], report["would"], report["reason"]) == ("shown", "nothing", "3 links show it")
    assert b"3 links to it" in damaged.run("explain", damaged.stored(file), "--format", "table").out


def test_a_stored_file_that_no_link_shows(damaged: Library) -> None:
    file = damaged.stored("Films/Dune.2021.1080p.mkv")
    report = damaged.report("explain", file, code=0)
    assert (report["state"], report["reason"], report["link"]) == ("orphan", "0 links show it", [])
    assert b"link-orphans" in damaged.run("explain", file, "--format", "table").out


def test_a_stored_file_whose_links_cannot_be_known(damaged: Library) -> None:
    os.rename(damaged.link("Films"), damaged.link("Films.away"))
    assert not damaged.report("explain", damaged.stored("Films/Films.1.2001.mkv"), code=3)["complete"]


def test_a_stored_folder_is_no_stored_file(damaged: Library) -> None:
    result = damaged.run("explain", damaged.stored("Films"))
    assert (result.code, result.out) == (2, b"")
    assert "is no stored file" in result.err


@pytest.mark.parametrize("name", ["table", "tsv", "jsonl", "csv", "markdown", "html"])
def test_every_format_tells_the_same(name: str, damaged: Library) -> None:
    result = damaged.run("explain", damaged.link(LINK), "--format", name)
    assert result.code == 0
    for word in ("Heat (1995).mkv", "x7.mkv", "identity", "same size and mtime", "relink"):
        assert word.encode() in result.out
    if name == "jsonl":
        assert [json.loads(line)["type"] for line in result.out.splitlines() if b'"op"' not in line] == [
            "link", "row", "move", "candidate", "decision", "summary",
        ]  # fmt: skip


@pytest.mark.parametrize(("path", "words"), [("Films", "is no link"), ("Films/nothing.mkv", "does not exist")])
def test_what_is_no_link(path: str, words: str, damaged: Library) -> None:
    result = damaged.run("explain", damaged.link(path))
    assert (result.code, result.out) == (2, b"")
    assert words in result.err


def test_a_library_that_was_never_scanned(library: Library) -> None:
    library.add({"Films/a/Heat.1995.mkv": 5}, {LINK: f"@/{OLD}"})
    assert library.report("explain", library.link(LINK), code=0)["rule"] == "same name"
    assert not os.path.exists(library.db)
