"""Ghost entries: rows whose file is gone, whatever else the column holds."""

from __future__ import annotations

import os

import pytest
from helpers import Library, kinds


@pytest.fixture
def faulty(library: Library) -> Library:
    """Return a scanned library with one fault of each kind, and each fault's own fields."""
    library.films(30).scan()
    os.unlink(library.stored("Films/Films.3.2001.mkv"))
    return library.add({"Films/orphan.mkv": 77})


def test_a_ghost_is_a_row_whose_file_is_gone(library: Library) -> None:
    library.films(30).add({"Music/a.mp3": 1})
    library.scan()
    rows = {
        library.stored("Music/a.mp3"): False,  # out of scope, and there
        library.stored("Music/b.mp3"): True,
        library.stored("Films/none/b.mkv"): True,
        library.stored("Films/Films.0.2001.mkv/b.mkv"): True,
        library.link("Films/Drame/Films no0 (2001).mkv"): False,
        str(library.base / "elsewhere.mkv"): True,
        "/mnt/cineorg-none/a.mkv": False,  # a volume that is away
    }
    library.rows("DELETE FROM movies")
    for path in rows:
        library.rows("INSERT INTO movies (title, file_path) VALUES ('x', ?)", path)
    report = library.integrity("--only", "ghost_entry", code=3)
    assert kinds(report) == {
        "ghost_entry": sorted(path for path, is_ghost in rows.items() if is_ghost),
        "offline_target": ["/mnt/cineorg-none"],
    }


def test_a_row_that_cannot_be_judged_makes_the_report_incomplete(faulty: Library) -> None:
    path = faulty.stored("Films/" + "x" * 300)
    faulty.rows("INSERT INTO movies (title, file_path) VALUES ('Long', ?)", path)
    report = faulty.integrity("--only", "ghost_entry", code=3)
    assert report["complete"] is False
    (issue,) = [issue for issue in report["issues"] if issue["type"] == "unreadable"]
    assert list(issue) == ["type", "path", "details", "table", "id", "title", "reason"]
    assert report["summary"]["unreadable"] == 1


def test_rows_of_any_kind(faulty: Library) -> None:
    """SQLite holds what it is given: a path may be anything."""
    before = faulty.integrity()["summary"]
    for value in (b"/none/caf\xe9\x00.mkv", "", None, "relative.mkv", 7, "/a\0b"):
        faulty.rows("INSERT INTO movies (title, file_path) VALUES ('Odd', ?)", value)
        faulty.rows("INSERT INTO series (id, title) VALUES (NULL, x'ff')")
    faulty.rows("UPDATE movies SET title = CAST(x'636166e9' AS TEXT), original_title = x'ff'")
    faulty.rows(
        "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path) VALUES (1, '', 'x', 'T', ?)",
        faulty.stored("Films/none.mkv"),
    )
    result = faulty.run("integrity", "--json")
    assert result.code == 3
    assert result.json["summary"]["ghost_entries"] == before["ghost_entries"] + 1


def test_another_unicode_form_is_the_same_name(library: Library) -> None:
    library.add({"Se\u0301ries/e\u0301.mkv": 1, "Films/plain.mkv": 1}).scan("--no-register")
    there = [
        library.stored(f"{top}/{name}.mkv") for top in ("S\u00e9ries", "Se\u0301ries") for name in ("\u00e9", "e\u0301")
    ]
    gone = library.stored("S\u00e9ries/\u00e8.mkv")
    for path in (*there, gone):
        library.rows("INSERT INTO movies (title, file_path) VALUES ('x', ?)", path)
    assert kinds(library.integrity("--only", "ghost_entry", code=1)) == {"ghost_entry": [gone]}
