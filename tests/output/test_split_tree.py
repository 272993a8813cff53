"""The split of a folder as a small tree."""

from __future__ import annotations

from typing import Any

import pytest

from cineorg.output.split_tree import draw_split

ROW = {"type": "oversized_dir", "path": "/video/Films/Drame/S-Z", "count": 63, "max": 50}


def test_before_and_after() -> None:
    assert draw_split(ROW | {"ranges": ["Sa-Te", "Ti-Zz"], "range_counts": [31, 32]}) == [
        "before  S-Z/       63",
        "after   S-Z/",
        "        ├─ Sa-Te/  31",
        "        └─ Ti-Zz/  32",
    ]


def test_counts_stand_below_one_another() -> None:
    row = {"path": "/video/Films/Western", "count": 104, "ranges": ["A-F", "G-L", "M-Z"], "range_counts": [9, 50, 45]}
    assert draw_split(row) == [
        "before  Western/  104",
        "after   Western/",
        "        ├─ A-F/     9",
        "        ├─ G-L/    50",
        "        └─ M-Z/    45",
    ]


@pytest.mark.parametrize("row", [{}, {"ranges": []}, {"ranges": None}])
def test_a_folder_that_is_not_split_has_no_drawing(row: dict[str, Any]) -> None:
    assert draw_split(ROW | row) == []


def test_without_counts_the_folders_alone_are_drawn() -> None:
    assert draw_split(ROW | {"ranges": ["Sa-Te", "Ti-Zz"]})[1:] == [
        "after   S-Z/",
        "        ├─ Sa-Te/",
        "        └─ Ti-Zz/",
    ]
