"""The application's rows: what a registration may write, and what is read of rows that hold anything."""

from __future__ import annotations

from helpers import Library

from cineorg.catalogue import open_catalogue
from cineorg.catalogue.application_rows import insert_registration, load_episodes, load_titles
from cineorg.catalogue.registration import EpisodeRow, NewEpisode, NewFilm, Registration, TitleRow


def test_a_path_that_came_in_between_is_not_overwritten(library: Library) -> None:
    with open_catalogue(library.db, write=True) as db:
        db.execute("INSERT INTO series (id, title) VALUES (7, 'Show')")
        for row_id, path in ((1, "/kept"), (2, None), (3, "")):
            db.execute(
                "INSERT INTO episodes VALUES (?, 7, 1, ?, 'T'" + ", NULL" * 3 + ", ?" + ", NULL" * 8 + ")",
                (row_id, row_id, path),
            )
        found = Registration(filled=[(row_id, "/new") for row_id in (1, 2, 3)])
        insert_registration(db, found, lambda _: 5)
        assert db.execute("SELECT file_path, file_size_bytes FROM episodes ORDER BY id").fetchall() == [
            ("/kept", None), ("/new", 5), ("/new", 5)
        ]  # fmt: skip


def test_new_rows(library: Library) -> None:
    found = Registration(
        films=[NewFilm("Alien", 1979, "/s/caf\udce9.mkv")],
        series=[("A", 1), ("B", None)],
        episodes=[NewEpisode(1, True, 2, 3, "T", "/s/b"), NewEpisode(0, True, 1, 1, "U", "/s/a")],
    )
    with open_catalogue(library.db, write=True) as db:
        insert_registration(db, found, {"/s/b": 9}.get)
        assert db.execute("SELECT title, year, file_path, file_size_bytes FROM movies").fetchall() == [
            ("Alien", 1979, b"/s/caf\xe9.mkv", None)
        ]
        assert db.execute(
            "SELECT series.title, season_number, episode_number, episodes.title, file_path, file_size_bytes"
            " FROM episodes JOIN series ON series.id = series_id ORDER BY episodes.id"
        ).fetchall() == [("B", 2, 3, "T", "/s/b", 9), ("A", 1, 1, "U", "/s/a", None)]
        stamps = {stamp for row in db.execute("SELECT created_at, updated_at FROM movies") for stamp in row}
        assert len(stamps) == 1
        assert len(stamps.pop()) == len("2026-01-31 20:15:00.000000")


def test_of_rows_that_repeat_the_first_with_a_file_counts(library: Library) -> None:
    with open_catalogue(library.db, write=True) as db:
        db.execute("INSERT INTO series (id, title) VALUES (7, 'Show')")
        for row_id, path in ((1, None), (2, "/a"), (3, "/b"), (4, "")):
            db.execute(
                "INSERT INTO episodes (id, series_id, season_number, episode_number, title, file_path)"
                " VALUES (?, 7, 1, 1, 'T', ?)",
                (row_id, path),
            )
        assert load_episodes(db) == {(7, 1, 1): EpisodeRow(2, True)}


def test_titles_that_are_no_text(library: Library) -> None:
    with open_catalogue(library.db, write=True) as db:
        db.execute("INSERT INTO movies (id, title, original_title, year) VALUES (1, 1917, x'636166e9', '')")
        assert load_titles(db, "movies") == [TitleRow(1, "1917", "caf\udce9", None)]


def test_required_columns_that_nobody_fills_get_the_empty_value_of_their_type(library: Library) -> None:
    library.films(2).scan("--no-register")
    columns = ["watched BOOLEAN NOT NULL", "note TEXT NOT NULL", "blob BLOB NOT NULL", "kept TEXT NOT NULL DEFAULT 'x'"]
    library.rows("DROP TABLE movies")
    library.rows(
        "CREATE TABLE movies (id INTEGER PRIMARY KEY, tmdb_id, imdb_id, title TEXT NOT NULL, original_title, year,"
        f" genres_json, duration_seconds, file_path, file_size_bytes, created_at, updated_at, {', '.join(columns)})"
    )
    library.scan(code=0)
    assert library.rows("SELECT watched, note, blob, kept FROM movies") == [(0, "", b"", "x")] * 2


def test_a_table_that_takes_no_row_is_one_line(library: Library) -> None:
    library.films(2).scan("--no-register")
    library.rows("CREATE TRIGGER no BEFORE INSERT ON movies BEGIN SELECT RAISE(ABORT, 'not today'); END")
    result = library.run("scan")
    assert (result.code, result.err.count("\n"), "not today" in result.err) == (2, 1, True)
    assert library.run("scan", "--no-register").code == 0
