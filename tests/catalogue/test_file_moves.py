"""Where a file went, by the moves that scans recorded: forward in time, the same file, one end or none."""

from __future__ import annotations

import pytest

from cineorg.catalogue.file_moves import Edge, Remembered, follow

BY_TIME, BY_HASH = "same size and mtime as at the scan", "same OpenSubtitles hash and size as at the scan"


def edge(old: str, new: str, day: int, size: int = 5, mtime: int = 7, evidence: str = BY_TIME) -> Edge:
    return Edge(f"/{old}", f"/{new}", size, mtime, evidence, f"2026-01-{day:02}")


@pytest.mark.parametrize(
    ("moves", "ends", "is_sure"),
    [
        ([], [], False),
        ([edge("a", "b", 1)], ["/b"], True),
        ([edge("a", "b", 1), edge("b", "c", 2)], ["/c"], True),
        ([edge("a", "b", 2), edge("b", "c", 1)], ["/b"], True),  # what left b earlier was another file
        ([edge("a", "b", 1), edge("b", "c", 2, size=6)], ["/b"], True),
        ([edge("a", "b", 1), edge("b", "c", 2, mtime=8)], ["/b"], True),
        ([edge("a", "b", 1), edge("b", "c", 2, mtime=8, evidence=BY_HASH)], ["/c"], True),
        ([edge("a", "b", 1), edge("b", "a", 2), edge("a", "c", 3)], ["/c"], True),
        ([edge("a", "b", 1), edge("b", "a", 2)], ["/a"], True),
        ([edge("a", "b", 1), edge("a", "c", 2, size=6)], ["/b", "/c"], False),
        ([edge("a", "b", 1), edge("b", "c", 2), edge("b", "d", 2)], ["/c", "/d"], False),
        ([edge("a", "a", 1)], ["/a"], True),
    ],
)
def test_follow(moves: list[Edge], ends: list[str], is_sure: bool) -> None:
    by_path: dict[str, list[Edge]] = {}
    for item in moves:
        by_path.setdefault(item.old_path, []).append(item)
    found, sure = follow("/a", by_path)
    assert ([end.path for end in found], sure) == (ends, is_sure)


@pytest.mark.parametrize(
    ("last", "is_sure"),
    [
        (Remembered(5, 7, "2026-01-01"), True),
        (Remembered(5, 7, ""), True),
        (Remembered(6, 7, "2026-01-01"), False),
        (Remembered(5, 8, "2026-01-01"), False),
        (Remembered(5, 7, "2026-01-02"), False),  # it came back, and went again after that move
    ],
)
def test_the_file_that_stood_there_last_must_be_the_one_that_moved(last: Remembered, is_sure: bool) -> None:
    assert follow("/a", {"/a": [edge("a", "b", 1)]}, last)[1] == is_sure


def test_the_way_is_told() -> None:
    ends, _ = follow("/a", {"/a": [edge("a", "b", 1)], "/b": [edge("b", "c", 2)]})
    assert ends[0].way == ("/a", "/b", "/c")
