"""`cineorg link-movies` on a real library: rows get their files, once, and lose them again by undo."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from helpers import Library, mounted, snapshot

GENRE = "Films/Drame"


def add_film(
    library: Library, title: str, year: int | None, file: str | None = None, original: str | None = None
) -> None:
    library.rows(
        "INSERT INTO movies (title, original_title, year, file_path) VALUES (?, ?, ?, ?)", title, original, year, file
    )


def files(library: Library) -> dict[str, Any]:
    return dict(library.rows("SELECT title, file_path FROM movies ORDER BY id"))


def make(library: Library) -> None:
    library.add(
        {f"Films/{number}.mkv": 10 + number for number in range(6)},
        {
            f"{GENRE}/Amélie (2001).mkv": "@/Films/0.mkv",
            f"{GENRE}/Jaws (1975).mkv": "../../../storage/Films/1.mkv",
            "Films/Comédie/Jaws (1975).mkv": "@/Films/1.mkv",
            f"{GENRE}/Twins (1988).mkv": "@/Films/2.mkv",
            f"{GENRE}/Twins (1988) 2160p.mkv": "@/Films/3.mkv",
            f"{GENRE}/Unknown (2011).mkv": "@/Films/4.mkv",
            f"{GENRE}/Broken (2002).mkv": "@/Films/gone.mkv",
            f"{GENRE}/Ghost (1990).mkv": "@/Films/5.mkv",
            f"{GENRE}/Ghost (1990)-trailer.mkv": "@/Films/4.mkv",
            "Séries/Séries TV/X (2001)/Saison 01/X (2001) - S01E01.mkv": "@/Films/4.mkv",
        },
    )
    library.scan("--no-register")
    add_film(library, "Amelie", 2001)
    add_film(library, "Les Dents de la mer", 1975, original="Jaws")
    add_film(library, "Twins", 1988)
    add_film(library, "Broken", 2002)
    add_film(library, "Ghost", 1990, library.stored("Films/vanished.mkv"))


def test_link_apply_again_and_undo(library: Library) -> None:
    make(library)
    before = files(library)
    trees = snapshot(library.video), snapshot(library.storage)
    planned = library.report("link-movies", "-n", code=1)
    assert files(library) == before
    report = library.report("link-movies", "-y", code=1)
    assert list(report["summary"].items()) == [
        ("total", 4), ("done", 2), ("planned", 0), ("skipped", 0), ("failed", 0), ("unresolved", 2),
        ("linked", 3), ("already_linked", 1), ("not_in_catalogue", 1), ("broken", 1),
        ("found_in_storage", 0),
    ]  # fmt: skip
    assert [row | {"status": ""} for row in planned["changes"]] == [row | {"status": ""} for row in report["changes"]]
    assert files(library) == before | {
        "Amelie": library.stored("Films/0.mkv"),
        "Les Dents de la mer": library.stored("Films/1.mkv"),
    }
    again = library.report("link-movies", "-y", code=1)
    assert again["changes"] == []
    assert again["summary"]["already_linked"] == 4
    library.report("undo", "-y", code=0)
    assert files(library) == before
    assert (snapshot(library.video), snapshot(library.storage)) == trees


def test_exit_codes(library: Library) -> None:
    make(library)
    assert library.run("link-movies", "-y", "--exit-zero").code == 0
    assert library.run("link-movies").code == 2  # nobody was asked
    library.rows("UPDATE movies SET file_path = 'x' WHERE title = 'Twins'")
    assert library.run("link-movies", "-y").code == 0  # what the catalogue lacks, and what is broken, is no question


def test_ghosts_are_mentioned_and_stay(library: Library) -> None:
    make(library)
    result = library.run("link-movies", "-n", "-v")
    assert "1 film names a file that is gone" in result.err
    assert "Ghost" in result.err


def test_an_empty_file_path_comes_back(library: Library) -> None:
    make(library)
    library.rows("UPDATE movies SET file_path = '' WHERE title = 'Amelie'")
    library.report("link-movies", "-y", code=1)
    assert files(library)["Amelie"] == library.stored("Films/0.mkv")
    library.report("undo", "-y", code=0)
    assert files(library)["Amelie"] == ""


def test_names_that_are_not_utf8(library: Library) -> None:
    name = "caf\udce9.mkv"
    library.add({f"Films/{name}": 10}, {f"{GENRE}/Amélie (2001).mkv": f"@/Films/{name}"}).scan("--no-register")
    add_film(library, "Amélie", 2001)
    library.report("link-movies", "-y", code=0)
    assert library.rows("SELECT CAST(file_path AS BLOB) FROM movies") == [
        (os.fsencode(library.stored(f"Films/{name}")),)
    ]
    assert library.report("link-movies", "-y", code=0)["summary"]["already_linked"] == 1


def test_many_rows_are_one_transaction(library: Library) -> None:
    library.films(1200).scan("--no-register")
    with closing(sqlite3.connect(library.db)) as connection, connection:
        connection.executemany(
            "INSERT INTO movies (title, year) VALUES (?, 2001)", [(f"Films no{number}",) for number in range(1200)]
        )
        # Whoever writes the last row wrong must take all others back with it.
        connection.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON movies WHEN NEW.id = 1190 BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    result = library.run("link-movies", "-y")
    assert result.code == 2
    assert library.rows("SELECT count(*) FROM movies WHERE file_path IS NOT NULL") == [(0,)]
    library.rows("DROP TRIGGER refuse")
    report = library.report("link-movies", "-y", code=0)
    assert report["summary"]["linked"] == report["summary"]["done"] == 1200
    library.report("undo", "-y", code=0)
    assert library.rows("SELECT count(*) FROM movies WHERE file_path IS NOT NULL") == [(0,)]


def test_links_through_links_and_out_of_storage(library: Library) -> None:
    library.add(
        {"Films/0.mkv": 10, "Films/alias.mkv": "0.mkv"},
        {f"{GENRE}/A film (2001).mkv": "@/Films/alias.mkv", f"{GENRE}/B film (2001).mkv": "A film (2001).mkv"},
    ).scan("--no-register")
    add_film(library, "A film", 2001)
    library.report("link-movies", "-y", code=0)
    assert files(library) == {"A film": library.stored("Films/0.mkv")}


def test_an_offline_root_links_nothing(library: Library) -> None:
    library.films(30).scan("--no-register")
    add_film(library, "Films no1", 2001)
    with mounted(library.storage):
        report = library.report("link-movies", "-y", code=3)
    assert files(library) == {"Films no1": None}
    assert report["summary"]["linked"] == 0
    assert report["summary"]["offline"] == 30
    assert report["complete"] is False


def test_only_film_folders(library: Library) -> None:
    library.write_config('film_folders = ["Cinéma"]\nscope = ["Cinéma", "Films"]\n')
    library.films(1, "Cinéma").films(1, "Films").scan("--no-register")
    add_film(library, "Films no0", 2001)
    add_film(library, "Cinéma no0", 2001)
    library.report("link-movies", "-y", "--exit-zero", code=0)
    assert files(library) == {"Films no0": None, "Cinéma no0": library.stored("Cinéma/Cinéma.0.2001.mkv")}


@pytest.mark.parametrize(
    ("stored", "row", "found"),
    [
        (["Alpha (2001) MULTi 1080p.mkv"], ("Alpha", None, 2001, None), 0),
        (["dump/Alpha.2001.720p-GRP/abc.xyz.ae24.mkv"], ("Alpha", None, 2001, None), 0),
        (["L.Odyssee.De.Pi.2012.mkv"], ("Life of Pi", "L'Odyssée de Pi", 2012, None), 0),
        (["Souvenirs.Perdus.2000.[tmdbid-77].mkv"], ("Memento", None, 2000, 77), 0),
        (["Heat.1995.mkv", "Heat (1995) {tmdb-949}.mkv"], ("Heat", None, 1995, 949), 1),
        (["Heat (1995) {tmdb-1}.mkv"], ("Heat", None, 1995, 949), None),
        (["Alpha (2002).mkv"], ("Alpha", None, 2001, None), "year 2001 / 2002"),
        (["Alpha.mkv"], ("Alpha", None, 2001, None), "year 2001 / not said"),
        (["Alpha (2001).mkv"], ("Alpha", None, None, None), "year not said / 2001"),
        (["Alpha (2001) cd1.mkv", "Alpha (2001) cd2.mkv"], ("Alpha", None, 2001, None), "part not said / 1"),
        (["a/Alpha (2001) 720p.mkv", "b/Alpha (2001) 1080p.mkv"], ("Alpha", None, 2001, None), "2 stored files are"),
        (["Alpha (1990).mkv", "Alpha 2 (2001).mkv"], ("Alpha", None, 2001, None), None),
        (["Alpha (2001)-trailer.mkv", ".Alpha (2001).mkv"], ("Alpha", None, 2001, None), None),
    ],
)
def test_a_row_that_no_link_shows_gets_its_stored_file(
    library: Library, stored: list[str], row: tuple[str, str | None, int | None, int | None], found: int | str | None
) -> None:
    """`found`: the number of the file, a word of why it is open, or None where nothing is it."""
    library.films(1).add({f"Films/{name}": 20 + number for number, name in enumerate(stored)}).scan("--no-register")
    library.rows("INSERT INTO movies (title, original_title, year, tmdb_id) VALUES (?, ?, ?, ?)", *row)
    report = library.report("link-movies", "-y", code=1 if isinstance(found, str) else 0)
    given = library.stored(f"Films/{stored[found]}") if isinstance(found, int) else None
    assert library.rows("SELECT file_path FROM movies") == [(given,)]
    assert report["summary"]["found_in_storage"] == isinstance(found, int)
    reasons = [item["reason"] for item in report["unresolved"]]
    assert [found in reason for reason in reasons if isinstance(found, str)] == [True] * isinstance(found, str)
    assert all(item["candidates"] for item in report["unresolved"])


@pytest.mark.parametrize(
    ("file", "beside"), [("Unnamed.mkv", "Unnamed.nfo"), ("Unnamed.mkv", "movie.nfo"), ("film.mkv", "any.nfo")]
)
def test_an_nfo_says_whose_file_it_is(library: Library, file: str, beside: str) -> None:
    nfo = b"<movie><title>Memento</title><year>2000</year><uniqueid type='imdb'>tt0209144</uniqueid></movie>"
    library.films(1).add({f"Films/x1/{file}": 20, f"Films/x1/{beside}": nfo}).scan("--no-register")
    library.rows("INSERT INTO movies (title, year, imdb_id) VALUES ('Souvenirs perdus', 2000, 'tt0209144')")
    report = library.report("link-movies", "-y", code=0)
    assert library.rows("SELECT file_path FROM movies") == [(library.stored(f"Films/x1/{file}"),)]
    assert "imdb id tt0209144" in report["changes"][0]["evidence"]


def test_two_rows_never_get_one_stored_file(library: Library) -> None:
    library.films(1).add({"Films/Alpha (2001).mkv": 20}).scan("--no-register")
    for _ in range(2):
        add_film(library, "Alpha", 2001)
    report = library.report("link-movies", "-y", code=1)
    assert library.rows("SELECT file_path FROM movies") == [(None,), (None,)]
    assert len(report["unresolved"]) == 2


def test_what_a_link_or_a_row_has_is_not_found_in_storage(library: Library) -> None:
    shown = {"Films/Drame/Alpha, le film (2001).mkv": "@/Films/Alpha (2001).mkv"}
    library.films(1).add({"Films/Alpha (2001).mkv": 20, "Films/Beta (2002).mkv": 21}, shown).scan("--no-register")
    add_film(library, "Alpha, le film", 2001)
    add_film(library, "Alpha", 2001)
    add_film(library, "Other", 1999, library.stored("Films/Beta (2002).mkv"))
    add_film(library, "Beta", 2002)
    library.report("link-movies", "-y")
    assert files(library) == {
        "Alpha, le film": library.stored("Films/Alpha (2001).mkv"),
        "Alpha": None,
        "Other": library.stored("Films/Beta (2002).mkv"),
        "Beta": None,
    }


def test_what_lies_below_a_root_that_lost_its_files_is_no_film(library: Library) -> None:
    library.films(30).scan("--no-register")
    for number in range(30):
        os.remove(library.stored(f"Films/Films.{number}.2001.mkv"))
    library.add({"Films/Alpha (2001).mkv": 20})
    add_film(library, "Alpha", 2001)
    library.report("link-movies", "-y", code=3)
    assert files(library) == {"Alpha": None}
