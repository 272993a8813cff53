"""`repair-links` as scripts use it: consent, exit codes, pins, rewrites, guards, and a plan that `apply` takes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from helpers import Library, make_file, snapshot

LINK, OLD, NEW = "Films/Drame/Heat (1995).mkv", "Films/Heat.1995.mkv", "Films/moved/Heat.1995.mkv"
LOST = "Films/Drame/Lost Film (1950).mkv"


@pytest.fixture
def damaged(library: Library) -> Library:
    """Return a scanned library in which one film has moved and another is gone."""
    library.films(30).add(
        {OLD: 5000, "Films/Lost.Film.1950.mkv": 6000}, {LINK: f"@/{OLD}", LOST: "@/Films/Lost.Film.1950.mkv"}
    )
    library.scan()
    library.move(OLD, NEW)
    os.unlink(library.stored("Films/Lost.Film.1950.mkv"))
    return library


def test_repairs_what_is_certain_and_says_what_is_not(damaged: Library) -> None:
    storage = snapshot(damaged.storage)
    report = damaged.report("repair-links", "--auto", code=1)
    assert os.readlink(damaged.link(LINK)) == damaged.stored(NEW)
    assert report["summary"] == {
        "total": 3, "done": 2, "planned": 0, "skipped": 0, "failed": 0, "unresolved": 1
    }  # fmt: skip
    assert [(row["path"], row["reason"]) for row in report["unresolved"]] == [
        (damaged.link(LOST), "its file is gone and nothing fits")
    ]
    again = damaged.report("repair-links", "--auto", code=1)
    assert (again["changes"], again["batch"]) == ([], None)
    assert snapshot(damaged.storage) == storage
    damaged.run("undo", "--yes")
    assert os.readlink(damaged.link(LINK)) == damaged.stored(OLD)


def series_link(title: str, season: str = "Saison 01") -> str:
    return f"Séries/Séries TV/{title}/{season}/{title} - S01E01.mkv"


def test_a_year_that_only_the_file_says_may_be_another_series(library: Library) -> None:
    link = series_link("Doctor Who")
    library.films(30).add(
        {"Séries/Doctor Who (2005)/Doctor Who (2005) - S01E01.mkv": 7}, {link: "@/Séries/dw/dw.s01e01.mkv"}
    )
    library.scan("--no-register")
    with closing(sqlite3.connect(library.db)) as db, db:
        db.execute("INSERT INTO series (title, year) VALUES ('Doctor Who', 1963)")
    (unresolved,) = library.report("repair-links", "--auto", code=1)["unresolved"]
    assert "several series of this title: 1963, 2005" in unresolved["reason"]
    with closing(sqlite3.connect(library.db)) as db, db:
        db.execute("UPDATE series SET year = 2005")
    library.report("repair-links", "--auto", code=0)
    assert os.readlink(library.link(link)) == library.stored("Séries/Doctor Who (2005)/Doctor Who (2005) - S01E01.mkv")


def test_a_file_without_a_year_may_be_of_either_series_of_its_title(library: Library) -> None:
    old, new = series_link("Shameless (2004)"), series_link("Shameless (2011)")
    library.films(30).add(
        {"Séries/Shameless/Season 1/Shameless - S01E01.mkv": 7},
        {
            old: "@/Séries/Shameless/Season 1/Shameless.S01E01.x264.mkv",
            new: "@/Séries/Other place/Shameless.S01E01.mkv",
        },
    )
    report = library.report("repair-links", "--auto", code=1)
    assert report["changes"] == []
    assert [row["path"] for row in report["unresolved"]] == [library.link(old), library.link(new)]


def test_a_loop_is_called_one(library: Library) -> None:
    library.films(30).add({}, {"Films/Drame/Ouroboros (1999).mkv": "Ouroboros (1999).mkv"})
    library.scan()
    (unresolved,) = library.report("repair-links", "--auto", code=1)["unresolved"]
    assert unresolved["reason"] == "the link leads round in a loop and nothing fits"


def test_exit_zero(damaged: Library) -> None:
    damaged.report("repair-links", "--auto", "--exit-zero", code=0)


def test_without_consent_nothing_is_done(damaged: Library) -> None:
    before = snapshot(damaged.base)
    result = damaged.run("repair-links")
    assert (result.code, result.out) == (2, b"")
    assert "--dry-run" in result.err
    assert snapshot(damaged.base) == before


def test_a_dry_run_says_what_the_run_does_and_changes_nothing(damaged: Library) -> None:
    trees, catalogue = [snapshot(damaged.video), snapshot(damaged.storage)], Path(damaged.db).read_bytes()
    planned = damaged.report("repair-links", "-n", code=1)
    assert [snapshot(damaged.video), snapshot(damaged.storage)] == trees
    assert Path(damaged.db).read_bytes() == catalogue
    done = damaged.report("repair-links", "--auto", code=1)
    strip = [{key: row[key] for key in row if key != "status"} for row in planned["changes"]]
    assert strip == [{key: row[key] for key in row if key != "status"} for row in done["changes"]]


def test_its_plan_can_be_filtered_and_given_to_apply(damaged: Library) -> None:
    lines = damaged.run("repair-links", "-n", "--jsonl").out.splitlines(keepends=True)
    chosen = [line for line in lines if json.loads(line).get("score", 0) >= 95]
    assert len(chosen) == 1
    damaged.run("apply", "-y", "-", stdin=b"".join(chosen))
    assert os.readlink(damaged.link(LINK)) == damaged.stored(NEW)


def test_only_the_links_of_a_path(damaged: Library) -> None:
    report = damaged.report("repair-links", "--auto", damaged.link(LOST), code=1)
    assert report["changes"] == []
    assert [row["path"] for row in report["unresolved"]] == [damaged.link(LOST)]


def test_links_that_are_not_asked_for_are_heard(library: Library) -> None:
    old = "@/Films/a/Some.Release.2001.1080p.x264-GRP.mkv"
    library.add(
        {"Films/b/Some.Release.2001.1080p.x264-GRP.mkv": 5},
        {"Films/Drame/Alpha Centauri (2001).mkv": old, "Films/Drame/Beta Pictoris (2001).mkv": old},
    )
    report = library.report("repair-links", "-n", library.link("Films/Drame/Alpha Centauri (2001).mkv"), code=1)
    assert report["changes"] == []
    assert len(report["unresolved"]) == 1


def test_a_library_that_was_never_scanned(library: Library) -> None:
    library.add({NEW: 5000}, {LINK: f"@/{OLD}"})
    assert [row["op"] for row in library.report("repair-links", "-n", code=0)["changes"]] == ["relink"]
    assert not os.path.exists(library.db)
    library.report("repair-links", "--auto", code=0)
    assert os.readlink(library.link(LINK)) == library.stored(NEW)


@pytest.mark.parametrize(("score", "number"), [("100", 0), ("97", 1), ("93", 2), ("85", 2), ("0", 2)])
def test_min_score(score: str, number: int, library: Library) -> None:
    library.add(
        {"Films/x/Heat (1995).avi": 5, "Films/x/The.Dune.2021.2160p.mkv": 6, "Films/x/Alien.1980.mkv": 7},
        {
            LINK: f"@/{OLD}",
            "Films/SF/Dune (2021) 1080p.mkv": "@/Films/y.mkv",
            "Films/SF/Alien (1979).mkv": "@/Films/z.mkv",
        },
    )
    changes = library.report("repair-links", "-n", "--min-score", score, code=1)["changes"]
    assert len(changes) == number
    assert not any("Alien" in row["path"] for row in changes)


def test_an_offline_root_is_left_alone(damaged: Library) -> None:
    shutil.rmtree(damaged.stored("Films"))
    before = snapshot(damaged.video)
    report = damaged.report("repair-links", "--auto", code=3)
    assert (report["changes"], report["unresolved"], report["complete"]) == ([], [], False)
    asked = damaged.report("repair-links", "--auto", damaged.link(LINK), code=3)
    assert asked["unresolved"][0]["reason"].startswith("offline: ")
    assert snapshot(damaged.video) == before


# By hand


def test_a_file_given_by_hand_is_remembered(damaged: Library) -> None:
    make_file(damaged.stored("Films/x1.mkv"), 6666)
    damaged.report("repair-links", "--yes", damaged.link(LOST), "--to", damaged.stored("Films/x1.mkv"), code=0)
    assert os.readlink(damaged.link(LOST)) == damaged.stored("Films/x1.mkv")
    # It wins over everything later: over its own file that comes back, and it is followed.
    damaged.scan()
    damaged.move("Films/x1.mkv", "Films/x2.mkv")
    make_file(damaged.stored("Films/Lost.Film.1950.mkv"), 6000)
    report = damaged.report("repair-links", "--auto", code=0)
    assert os.readlink(damaged.link(LOST)) == damaged.stored("Films/x2.mkv")
    assert (
        "pinned by hand" in next(row for row in report["changes"] if row.get("path") == damaged.link(LOST))["evidence"]
    )


def test_a_pin_that_was_undone_holds_no_more(damaged: Library) -> None:
    make_file(damaged.stored("Films/x1.mkv"), 6666)
    damaged.report("repair-links", "--yes", damaged.link(LOST), "--to", damaged.stored("Films/x1.mkv"), code=0)
    damaged.run("undo", "--yes")
    damaged.report("repair-links", "--auto", code=1)
    assert os.readlink(damaged.link(LOST)) == damaged.stored("Films/Lost.Film.1950.mkv")


def test_a_healthy_link_can_be_given_another_file(damaged: Library) -> None:
    link = damaged.link("Films/Drame/Films no1 (2001).mkv")
    file = damaged.stored("Films/Films.2.2001.mkv")
    damaged.report("repair-links", "-y", link, "--to", file, code=0)
    assert os.readlink(link) == file
    damaged.report("repair-links", "-n", link, "--to", damaged.stored(NEW), code=0)
    assert damaged.rows("SELECT CAST(path AS TEXT), CAST(target AS TEXT) FROM cineorg_pins") == [(link, file)]


@pytest.mark.parametrize(
    ("link", "file", "words"),
    [
        (LINK, "storage/Films/nowhere.mkv", "no such file"),
        (LINK, "storage/Films", "not a file"),
        (LINK, "outside.mkv", "storage roots"),
        (LINK, "video/Films/Drame/Films no1 (2001).mkv", "not a file"),
        ("Films/Drame", "storage/Films/Films.1.2001.mkv", "is no link"),
        ("Films/Drame/nothing.mkv", "storage/Films/Films.1.2001.mkv", "does not exist"),
    ],
)
def test_what_cannot_be_given(link: str, file: str, words: str, damaged: Library) -> None:
    make_file(damaged.base / "outside.mkv", 5)
    before = snapshot(damaged.base)
    result = damaged.run("repair-links", "-y", damaged.link(link), "--to", str(damaged.base / file))
    assert result.code == 2
    assert words in result.err
    assert snapshot(damaged.base) == before


# A mount that moved


@pytest.fixture
def moved_mount(library: Library) -> Library:
    """Return a scanned library whose storage stands under another path now."""
    library.films(30).scan()
    old = library.storage
    library.storage = str(library.base / "elsewhere")
    os.rename(old, library.storage)
    return library


def test_a_mount_that_moved_is_noticed_and_rewritten(moved_mount: Library) -> None:
    old, new = str(moved_mount.base / "storage"), moved_mount.storage
    result = moved_mount.run("repair-links", "-n", "--json")
    assert f"30 of 30 targets under {old} are under {new} now" in result.err
    assert f"--rewrite {old}={new}" in result.err
    report = moved_mount.report("repair-links", "-y", "--rewrite", f"{old}={new}", "--max-changes", "100%")
    assert sum(row["op"] == "relink" for row in report["changes"]) == 30
    for folder, _, names in os.walk(moved_mount.video):
        assert all(os.path.exists(os.path.join(folder, name)) for name in names)
    assert moved_mount.rows("SELECT count(*) FROM movies WHERE file_path LIKE ?", f"{new}/%") == [(30,)]


def test_a_rewrite_checks_each_target(moved_mount: Library) -> None:
    old, new = str(moved_mount.base / "storage"), moved_mount.storage
    os.unlink(moved_mount.stored("Films/Films.3.2001.mkv"))
    report = moved_mount.report("repair-links", "-n", "--rewrite", f"{old}={new}", "--max-changes", "100%")
    assert sum(row["op"] == "relink" for row in report["changes"]) == 29
    assert [row["path"] for row in report["unresolved"]] == [moved_mount.link("Films/Drame/Films no3 (2001).mkv")]


@pytest.mark.parametrize("text", ["", "/a", "a=b", "/a=/a", "/a=/nowhere", "=/"])
def test_a_rewrite_that_makes_no_sense(text: str, damaged: Library) -> None:
    assert damaged.run("repair-links", "-y", "--rewrite", text or "=").code == 2


def test_contradicting_options(damaged: Library) -> None:
    assert damaged.run("repair-links", "--auto", "--rewrite", "/a=/b").code == 2
    assert damaged.run("repair-links", "-y", "--to", damaged.stored(NEW)).code == 2
