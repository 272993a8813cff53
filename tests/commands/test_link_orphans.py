"""`cineorg link-orphans` on real trees: what gets a link, where, and what stays with which reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, snapshot


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library with a series and a film that are shown, and a row for a western without a file."""
    library = Library(tmp_path)
    library.add(
        {"Films/Alien.1979.mkv": 11, "Séries/Dark/Dark.S01E01.mkv": 21, "Séries/Dark/Dark.S01E02.mkv": 22},
        {
            "Films/SF/Alien (1979).mkv": "@/Films/Alien.1979.mkv",
            "Films/Western": None,
            "Séries/Séries TV/Dark (2017)/Saison 01/Dark (2017) - S01E01.mkv": "@/Séries/Dark/Dark.S01E01.mkv",
            "Séries/Séries TV/Dark (2017)/Saison 01/Dark (2017) - S01E02.mkv": "@/Séries/Dark/Dark.S01E02.mkv",
        },
    )
    library.scan()
    library.rows(
        "UPDATE movies SET genres_json = '[\"Science-Fiction\"]', file_path = ?", library.stored("Films/Alien.1979.mkv")
    )
    library.rows("INSERT INTO movies (title, year, genres_json) VALUES ('Rio Bravo', 1959, '[\"Western\"]')")
    return library


def made(report: dict[str, Any], library: Library) -> dict[str, str]:
    """Return the links of a report, path below the video root → target below storage."""
    return {
        change["path"].removeprefix(library.video + "/"): change["target"].removeprefix(library.storage + "/")
        for change in report["changes"]
        if change["op"] == "make_link"
    }


def test_a_film_goes_to_its_genre_and_its_row_learns_of_it(library: Library) -> None:
    library.add({"Films/dl/Rio.Bravo.1959.MULTi.1080p.x264-GRP.mkv": 31})
    before = snapshot(library.storage)
    report = library.report("link-orphans", "--yes", code=0)
    file = "Films/dl/Rio.Bravo.1959.MULTi.1080p.x264-GRP.mkv"
    assert made(report, library) == {"Films/Western/Rio Bravo (1959) MULTI 1080p x264.mkv": file}
    assert library.rows("SELECT file_path FROM movies WHERE title = 'Rio Bravo'") == [(library.stored(file),)]
    assert snapshot(library.storage) == before
    assert library.integrity("--only", "orphan_file", code=0)["summary"]["orphan_files"] == 0
    assert library.report("link-orphans", "--yes", code=0)["changes"] == []
    library.report("undo", "--yes", code=0)
    assert library.rows("SELECT file_path FROM movies WHERE title = 'Rio Bravo'") == [(None,)]
    assert os.listdir(library.link("Films/Western")) == []


def test_a_season_makes_one_folder_below_the_series_that_is_there(library: Library) -> None:
    library.add({f"Séries/new/Dark.S02E{number:02}.FRENCH.720p.mkv": 40 + number for number in range(1, 9)})
    report = library.report("link-orphans", "--yes", code=0)
    folder = "Séries/Séries TV/Dark (2017)/Saison 02"
    assert [change["path"] for change in report["changes"] if change["op"] == "make_dir"] == [library.link(folder)]
    assert sorted(made(report, library)) == [
        f"{folder}/Dark (2017) - S02E{number:02} - FRENCH 720p.mkv" for number in range(1, 9)
    ]


def test_a_new_series_gets_its_own_folder(library: Library) -> None:
    library.add({"Séries/dl/Show.of.Theirs.S01E01.mkv": 41, "Séries/dl/Show.of.Theirs.S01E02E03.mkv": 42})
    assert set(made(library.report("link-orphans", "--yes", code=0), library)) == {
        "Séries/Séries TV/Show of Theirs/Saison 01/Show of Theirs - S01E01.mkv",
        "Séries/Séries TV/Show of Theirs/Saison 01/Show of Theirs - S01E02-E03.mkv",
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Films/Unknown.Film.2003.1080p.mkv", "nobody knows its genre"),
        ("Films/Alien.1979.2160p.x265.mkv", "another version of Alien is known already"),
        ("Films/qx7.mkv", "its name says too little"),
        ("Films/Rio.Bravo.1959.sample.mkv", "it is a sample or an extra"),
        ("Séries/x/Dark.S03E07-42.mkv", "which episodes it holds is not certain"),
        ("Séries/x/Late.Night.2011.11.15.mkv", "no season and episode"),
    ],
)
def test_what_is_not_certain_stays_with_the_reason(library: Library, name: str, reason: str) -> None:
    library.add({name: 50})
    report = library.report("link-orphans", "--yes", code=1)
    assert report["changes"] == []
    assert [item["path"] for item in report["unresolved"]] == [library.stored(name)]
    assert reason in report["unresolved"][0]["reason"]


@pytest.mark.parametrize(("size", "age_seconds", "reason"), [(0, 9999, "it is empty"), (9, 0, "may still be copied")])
def test_a_file_that_is_no_whole_one_yet_waits(library: Library, size: int, age_seconds: int, reason: str) -> None:
    library.add({"Films/Rio.Bravo.1959.mkv": size})
    if not age_seconds:
        os.utime(library.stored("Films/Rio.Bravo.1959.mkv"))
    report = library.report("link-orphans", "--yes", code=1)
    assert reason in report["unresolved"][0]["reason"]


def test_versions_and_a_folder_for_unknown_genres_are_asked_for(library: Library) -> None:
    library.add({"Films/Alien.1979.2160p.BluRay.x265.mkv": 60, "Films/Unknown.Film.2003.mkv": 61})
    report = library.report("link-orphans", "--yes", "--versions", "--into", library.link("Films/Western"), code=0)
    assert set(made(report, library)) == {
        "Films/SF/Alien (1979) 2160p x265 bluray.mkv",
        "Films/Western/Unknown Film (2003).mkv",
    }


def test_links_are_relative_where_most_are(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add({"Films/a.mkv": 1}, {"Films/Drame/A (2001).mkv": "../../../storage/Films/a.mkv"})
    library.scan()
    library.add({"Films/Unknown.Film.2003.mkv": 61})
    library.report("link-orphans", "--yes", "--into", library.link("Films/Drame"), code=0)
    path = library.link("Films/Drame/Unknown Film (2003).mkv")
    assert os.readlink(path) == "../../../storage/Films/Unknown.Film.2003.mkv"
    assert os.path.exists(path)


def test_an_orphan_says_whether_a_link_shows_it_and_whose_it_is(library: Library) -> None:
    library.add(
        {"Films/Alien.1979.2160p.mkv": 70, "Séries/pack/Other.S01E01.mkv": 71, "Films/Lost.1999.mkv": 72},
        {"Séries/Séries TV/Other/Saison 01": "@/Séries/pack"},
    )
    issues = {
        os.path.basename(issue["path"]): (issue["linked"], issue["version_of"])
        for issue in library.integrity("--only", "orphan_file", code=1)["issues"]
    }
    assert issues == {
        "Alien.1979.2160p.mkv": (False, {"table": "movies", "id": 1}),
        "Other.S01E01.mkv": (True, None),
        "Lost.1999.mkv": (False, None),
    }
