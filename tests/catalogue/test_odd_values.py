"""Odd values in the application's tables: the row is passed over, and every command does the rest."""

from __future__ import annotations

from typing import Any

import pytest
from helpers import Library

ODD: list[tuple[str, str, Any]] = [
    ("movies", "year", "nineteen"),
    ("movies", "year", "1995"),
    ("movies", "year", 19.5),
    ("movies", "title", b"\xff\xfe"),
    ("movies", "original_title", b"\xff"),
    ("movies", "genres_json", "[" * 100_000),
    ("movies", "genres_json", '{"a": 1}'),
    ("movies", "file_path", "/a\0b"),
    ("movies", "file_path", b"/storage/\xff.mkv"),
    ("movies", "file_path", 7),
    ("movies", "imdb_id", 12),
    ("movies", "duration_seconds", "two hours"),
    ("series", "year", "x"),
    ("series", "title", b"\xff"),
    ("episodes", "season_number", "one"),
    ("episodes", "season_number", -1),
    ("episodes", "episode_number", 1.5),
    ("episodes", "series_id", 99),
    ("episodes", "file_path", "/gone"),
]
COMMANDS = [
    ("scan",), ("integrity",), ("cleanup",), ("cleanup", "--fix", "-n"), ("repair-links", "--auto", "-n"),
    ("fix-bad-links", "-n"), ("link-movies", "-n"), ("fix-symlinks", "-n"), ("history",), ("restore", "-n"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value"), ODD, ids=lambda item: repr(item)[:20])
def test_an_odd_value_ends_no_command(library: Library, table: str, column: str, value: Any) -> None:
    library.films(3).add(
        {"Séries/Dark/S01/Dark.S01E01.mkv": 10},
        {
            "Séries/Séries TV/Dark (2017)/Saison 01/Dark (2017) - S01E01.mkv": "@/Séries/Dark/S01/Dark.S01E01.mkv",
            "Films/Drame/Lost (1999).mkv": "@/Films/Lost.1999.mkv",
        },
    )
    library.scan()
    library.rows("PRAGMA foreign_keys = OFF")
    library.rows(f"UPDATE {table} SET {column} = ? WHERE id = 1", value)
    for command in COMMANDS:
        result = library.run(*command, "--json")
        assert "internal error" not in result.err, (command, result.err)
        assert result.code in (0, 1, 3), (command, result.code, result.err)
        assert "errors" not in result.json, (command, result.json["errors"])
