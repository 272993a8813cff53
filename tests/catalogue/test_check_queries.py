"""What checks ask of the catalogue, on the application's own tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cineorg.catalogue import open_catalogue
from cineorg.catalogue.check_queries import Catalogue

# Rows: a film is (path, seconds), an episode (path, seconds, series, season, number).
CASES: dict[str, tuple[list[tuple[Any, ...]], dict[str, tuple[float, ...]]]] = {
    "a film": ([("/a", 7200)], {"/a": (7200,)}),
    "a film twice": ([("/a", 7200), ("/a", 7200)], {"/a": (7200,)}),
    "two films that differ": ([("/a", 7200), ("/a", 5400)], {}),
    "unknown": ([("/a", None), ("/b", 0), ("/c", -5), ("/d", "long"), ("", 60), (None, 60)], {}),
    "one known, one not": ([("/a", 7200), ("/a", None)], {}),
    "an episode": ([("/a", 1500.5, 1, 1, 1)], {"/a": (1500.5,)}),
    "a double episode": ([("/a", 1500, 1, 1, 1), ("/a", 1600, 1, 1, 2)], {"/a": (3100, 1500, 1600)}),
    "a double episode, one unknown": ([("/a", 1500, 1, 1, 1), ("/a", None, 1, 1, 2)], {}),
    "one episode twice": ([("/a", 1500, 1, 1, 1), ("/a", 1500, 1, 1, 1)], {"/a": (1500,)}),
    "one number of two series": ([("/a", 1500, 1, 1, 1), ("/a", 1500, 2, 1, 1)], {"/a": (3000, 1500)}),
    "a film and an episode": ([("/a", 1500), ("/a", 1500, 1, 1, 1)], {}),
    "not UTF-8": ([(b"/caf\xe9", 60)], {"/caf\udce9": (60,)}),
}


@pytest.mark.parametrize("case", CASES)
def test_durations(case: str, tmp_path: Path) -> None:
    rows, expected = CASES[case]
    path = str(tmp_path / "c.db")
    with open_catalogue(path, write=True):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO series (id, title) VALUES (?, 'S')", [(1,), (2,)])
        for file_path, seconds, *numbers in rows:
            if numbers:
                connection.execute(
                    "INSERT INTO episodes (title, file_path, duration_seconds, series_id, season_number,"
                    " episode_number) VALUES ('E', ?, ?, ?, ?, ?)",
                    (file_path, seconds, *numbers),
                )
            else:
                connection.execute(
                    "INSERT INTO movies (title, file_path, duration_seconds) VALUES ('F', ?, ?)", (file_path, seconds)
                )
    with open_catalogue(path) as reader:
        assert Catalogue(reader).durations() == expected
