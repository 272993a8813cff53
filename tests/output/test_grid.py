"""Rows as a table, and below one another where the terminal is too narrow for one."""

from __future__ import annotations

from typing import Any

import pytest

from cineorg.output.cells import size
from cineorg.output.grid import Grid
from cineorg.output.terminal import Terminal

ROOTS = ("/storage", "/video")
BROKEN = {
    "type": "broken_symlink",
    "path": "/video/Films/Comédie/Le Kid (1921).mkv",
    "details": "no such file",
    "target": "/storage/Films/Le.Kid.1921.1080p.mkv",
    "table": "movies",
    "id": 17,
    "size": 1068756,
}


def lines(width: int, *rows: dict[str, Any]) -> list[str]:
    return list(Grid(Terminal(width), ROOTS).lines(rows))


def test_a_table_where_there_is_room() -> None:
    header, row = lines(0, BROKEN)
    assert header.split() == ["path", "details", "target", "row", "size"]
    assert row == "  Films/Comédie/Le Kid (1921).mkv  no such file  Films/Le.Kid.1921.1080p.mkv  movies 17  1.07 MB"
    assert lines(200, BROKEN) == [header, row]


def test_folders_give_way_first() -> None:
    header, row = lines(90, BROKEN)
    assert row.split("  ")[1] == "Films/…/Le Kid (1921).mkv"
    assert len(header) <= len(row) <= 90


def test_below_one_another_where_names_would_have_to_be_cut() -> None:
    assert lines(60, BROKEN) == [
        "  Films/Comédie/Le Kid (1921).mkv",
        "    row movies 17, size 1.07 MB",
        "    → Films/Le.Kid.1921.1080p.mkv",
        "    no such file",
    ]


def test_a_candidate_stands_behind_its_score_and_lists_a_part_a_line() -> None:
    row = {
        "path": "/video/" + "a" * 30,
        "score": 97.5,
        "candidate": "/storage/B/" + "b" * 38,
        "remove": ["/video/c, d", "e"],
    }
    assert lines(50, row) == ["  " + "a" * 30, "    97.5  B/" + "b" * 38, "    remove  c, d", "            e"]
    del row["score"]
    assert lines(60, row)[1] == "    candidate  B/" + "b" * 38


def test_a_sentence_of_two_fields_is_said_once() -> None:
    why = "same title, other year: 1915 / 1920"
    row = {"path": "/video/" + "a" * 30, "details": why, "score": 60.0, "candidate": "/storage/B/b", "evidence": why}
    assert lines(50, row) == ["  " + "a" * 30, "    60  B/b", f"    {why}"]
    assert lines(50, row | {"evidence": "same title"})[2:] == [f"    {why}", "    same title"]


def test_sentences_are_wrapped_beside_their_row() -> None:
    rows = [{"name": "a", "details": "one two three four five six seven"}, {"name": "b", "details": "eight"}]
    assert lines(32, *rows) == [
        "  name  details",
        "  a     one two three four five",
        "        six seven",
        "  b     eight",
    ]


def test_wide_letters_align() -> None:
    rows = [{"name": name, "note": "x"} for name in ("日本", "e\u0301", "abcdef")]
    assert lines(0, *rows) == ["  name    note", "  日本    x", "  e\u0301       x", "  abcdef  x"]


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (1068756, "1.07 MB"),
        (12_345_678, "12.3 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.00 GB"),
        (4_200_000_000_000_000, "4200 TB"),
    ],
)
def test_sizes_have_three_digits(size_bytes: int, shown: str) -> None:
    assert size(size_bytes) == shown
