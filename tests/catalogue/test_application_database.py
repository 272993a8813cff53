"""A database of the CineOrg application is opened as it is: nothing of its own is altered, ours is added beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from helpers import Library, kinds

SEASON = "Séries/Séries TV/Kaamelott (2005)/Saison 01"
NOW = "2020-01-02 03:04:05.000006"
# As its ORM declares them: other types than ours, defaults, and tables that are none of our business.
SCHEMA = """
CREATE TABLE movies (
    id INTEGER NOT NULL, tmdb_id INTEGER, imdb_id VARCHAR, title VARCHAR NOT NULL, original_title VARCHAR, year INTEGER,
    genres_json VARCHAR, duration_seconds INTEGER, overview VARCHAR, poster_path VARCHAR, file_path VARCHAR,
    file_hash VARCHAR, codec_video VARCHAR, codec_audio VARCHAR, resolution VARCHAR, languages_json VARCHAR,
    file_size_bytes INTEGER, vote_average FLOAT, vote_count INTEGER, imdb_rating FLOAT, imdb_votes INTEGER,
    director VARCHAR, cast_json VARCHAR, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE series (
    id INTEGER NOT NULL, tvdb_id INTEGER, imdb_id VARCHAR, title VARCHAR NOT NULL, original_title VARCHAR, year INTEGER,
    genres_json VARCHAR, overview VARCHAR, poster_path VARCHAR, vote_average FLOAT, vote_count INTEGER,
    imdb_rating FLOAT, imdb_votes INTEGER, director VARCHAR, cast_json VARCHAR, created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE episodes (
    id INTEGER NOT NULL, series_id INTEGER NOT NULL, season_number INTEGER NOT NULL, episode_number INTEGER NOT NULL,
    title VARCHAR NOT NULL, air_date DATE, duration_seconds INTEGER, overview VARCHAR, file_path VARCHAR,
    file_hash VARCHAR, codec_video VARCHAR, codec_audio VARCHAR, resolution VARCHAR, languages_json VARCHAR,
    file_size_bytes INTEGER, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(series_id) REFERENCES series (id));
CREATE INDEX ix_of_its_own ON episodes (series_id, season_number, episode_number);
CREATE TABLE video_files (
    id INTEGER NOT NULL, path VARCHAR NOT NULL, symlink_path VARCHAR, filename VARCHAR NOT NULL, file_hash VARCHAR,
    size_bytes INTEGER NOT NULL, codec_video VARCHAR, codec_audio VARCHAR, resolution_width INTEGER,
    resolution_height INTEGER, duration_seconds INTEGER, languages_json VARCHAR, created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE pending_validations (id INTEGER NOT NULL PRIMARY KEY, what VARCHAR);
CREATE TABLE imdb_ratings (tconst VARCHAR NOT NULL PRIMARY KEY, rating FLOAT);
CREATE TABLE trash (id INTEGER NOT NULL PRIMARY KEY, entity_json VARCHAR);
"""
TABLES = ("movies", "series", "episodes", "video_files", "pending_validations", "imdb_ratings", "trash")


def fill(library: Library) -> Library:
    """Make the application's database, and trees that show more than it knows."""
    stored = library.stored
    with closing(sqlite3.connect(library.db)) as db, db:
        db.executescript(SCHEMA)
        films = [
            ("Alien, le huitième passager", "Alien", 1979, stored("Films/alien.mkv")),
            ("Le Fabuleux Destin d'Amélie Poulain", None, 2001, None),
            ("Solaris", "Солярис", 1972, stored("Films/other place.mkv")),
            ("Zulu", None, None, ""),
        ]
        for film in films:
            values = (*film, NOW, NOW)
            db.execute(
                "INSERT INTO movies (title, original_title, year, file_path, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        db.execute(
            "INSERT INTO series VALUES (7,1,'tt','Kaamelott',NULL,2005,'[]','','',1,1,1,1,'','[]',?,?)", (NOW, NOW)
        )
        for number, path in ((1, stored("Séries/k101.mkv")), (2, None), (3, "")):
            db.execute(
                "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path, created_at,"
                " updated_at) VALUES (7, 1, ?, ?, ?, ?, ?)",
                (number, f"Title {number}", path, NOW, NOW),
            )
        db.execute(
            "INSERT INTO video_files (path, filename, size_bytes, created_at, updated_at) VALUES ('/x', 'x', 1, ?, ?)",
            (NOW, NOW),
        )
        db.execute("INSERT INTO trash (entity_json) VALUES ('{}')")
    library.add(
        {
            "Films/alien.mkv": 1,
            "Films/amelie.mkv": 2,
            "Films/solaris.1972.mkv": 3,
            "Films/zulu.mkv": 4,
            "Films/new.film.mkv": 5,
            **{f"Séries/k10{n}.mkv": n for n in (1, 2, 3, 4, 5, 6)},
            "Séries/new.show.mkv": 9,
        },
        {
            "Films/SF/ALIEN (1979).mkv": "@/Films/alien.mkv",
            "Films/SF/Alien, le huitieme passager (1979) 1080p.mkv": "@/Films/alien.mkv",
            "Films/Drame/Le fabuleux destin d’Amelie Poulain (2001).mkv": "@/Films/amelie.mkv",
            "Films/SF/Solaris (1972).mkv": "@/Films/solaris.1972.mkv",
            "Films/SF/Solaris (2002).mkv": "@/Films/new.film.mkv",
            "Films/SF/Zulu (1964).mkv": "@/Films/zulu.mkv",
            **{f"{SEASON}/Kaamelott (2005) - S01E0{n} - T.mkv": f"@/Séries/k10{n}.mkv" for n in (1, 2, 3, 4)},
            f"{SEASON}/Kaamelott (2005) - S01E05-E06.mkv": "@/Séries/k105.mkv",
            "Séries/Mangas/New Show (2010)/Saison 02/New Show (2010) - S02E11 - The End.mkv": "@/Séries/new.show.mkv",
        },
    )
    return library


def columns(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    return {table: library.rows(f"PRAGMA table_info({table})") for table in TABLES}


def test_opened_as_it_is(library: Library) -> None:
    fill(library)
    before = columns(library)
    declared = library.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    rows = {table: library.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}
    library.scan("--no-register", code=0)
    assert columns(library) == before
    assert {table: library.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES} == rows
    after = library.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    assert set(declared) <= set(after)
    added = {name for name, _ in set(after) - set(declared)}
    assert all("cineorg" in name or name == "ix_episodes_series_season_number" for name in added)


def test_no_second_index_on_its_episodes(library: Library) -> None:
    fill(library)
    library.scan()
    named = library.rows("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'episodes'")
    assert named == [("ix_of_its_own",)]


def test_never_scanned_is_told(library: Library) -> None:
    result = fill(library).run("integrity", "--json")
    assert (result.code, result.out) == (2, b"")
    assert "has never seen this library; run `cineorg scan --storage" in result.err
    assert library.run("integrity", "--only", "broken_symlink").code == 0
    assert library.rows("SELECT count(*) FROM sqlite_master WHERE name LIKE 'cineorg%'") == [(0,)]


def test_registration_adds_and_never_overwrites(library: Library) -> None:
    fill(library)
    kept = library.rows("SELECT * FROM movies ORDER BY id"), library.rows("SELECT * FROM series ORDER BY id")
    episodes = library.rows("SELECT id, title, created_at FROM episodes ORDER BY id")
    report = library.scan("--register", code=0)
    summary = {key: report["summary"][key] for key in list(report["summary"])[7:]}
    assert summary == {
        "films_added": 1,
        "series_added": 1,
        "episodes_added": 4,
        "episodes_filled": 2,
        "not_understood": 0,
    }
    assert library.rows("SELECT * FROM movies ORDER BY id")[:4] == kept[0]
    assert library.rows("SELECT * FROM series ORDER BY id")[:1] == kept[1]
    assert library.rows("SELECT id, title, created_at FROM episodes ORDER BY id")[:3] == episodes
    assert library.rows("SELECT title, year, file_path, file_size_bytes FROM movies WHERE id > 4") == [
        ("Solaris", 2002, library.stored("Films/new.film.mkv"), 5)
    ]
    assert library.rows("SELECT title, year FROM series WHERE id > 7") == [("New Show", 2010)]
    paths = library.rows(
        "SELECT season_number, episode_number, title, file_path FROM episodes WHERE series_id = 7 ORDER BY 2"
    )
    assert [(row[1], row[3]) for row in paths] == [
        (number, library.stored(f"Séries/k10{min(number, 5)}.mkv")) for number in range(1, 7)
    ]
    assert [row[2] for row in paths[:4]] == ["Title 1", "Title 2", "Title 3", "T"]
    assert library.scan("--register", code=0)["summary"]["films_added"] == 0


def test_nothing_is_added_unasked(library: Library) -> None:
    fill(library)
    rows = {table: library.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}
    result = library.run("scan", "--json")
    summary = result.json["summary"]
    assert {table: library.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES} == rows
    assert [summary[f"{kind}_added"] for kind in ("films", "series", "episodes")] == [0, 0, 0]
    assert [summary[f"{kind}_unregistered"] for kind in ("films", "series", "episodes")] == [1, 1, 4]
    assert "1 film, 1 series, 4 episodes; `cineorg scan --storage" in result.err


def test_empty_tables_of_another_application_are_filled_unasked(library: Library) -> None:
    with closing(sqlite3.connect(library.db)) as db, db:
        db.executescript(SCHEMA)
    assert library.films(3).scan()["summary"]["films_added"] == 3


def test_own_tables_are_filled_unasked(library: Library) -> None:
    summary = library.films(3).scan()["summary"]
    assert summary["films_added"] == 3
    assert "films_unregistered" not in summary


def test_integrity_on_it(library: Library) -> None:
    fill(library).scan("--register", code=0)
    found = kinds(library.integrity(code=1))
    assert found == {
        "ghost_entry": [library.stored("Films/other place.mkv")],
        # The film rows without a file_path are left to link-movies; the sixth file is the fifth's double episode.
        "orphan_file": sorted(
            library.stored(name)
            for name in ("Films/amelie.mkv", "Films/solaris.1972.mkv", "Films/zulu.mkv", "Séries/k106.mkv")
        ),
    }


@pytest.mark.parametrize("year", ["'1979'", "1979.0", "NULL", "''"])
def test_years_of_any_kind(year: str, library: Library) -> None:
    """SQLite keeps what it is given: a year may be a text, and a title a number."""
    fill(library)
    library.rows(f"UPDATE movies SET year = {year} WHERE id = 1")
    library.rows("UPDATE movies SET title = 1917, original_title = x'ff' WHERE id = 2")
    library.scan("--register", code=0)
    assert library.rows("SELECT count(*) FROM movies WHERE title LIKE 'alien%'") == [(1,)]
