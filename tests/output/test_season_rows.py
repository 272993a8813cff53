"""Episodes of a season as one row: only what agrees in all it says, and nothing hidden that differs."""

from __future__ import annotations

from typing import Any

import pytest

from cineorg.output.season_rows import FEWEST, by_season

SEASON = "/video/Séries/Le Phare (2011)/Saison 02"


def missing(number: int, **fields: Any) -> dict[str, Any]:
    row = {"type": "broken_symlink", "path": f"{SEASON}/Le Phare - S02E{number:02} - Titre {number}.mkv"}
    return row | {"details": "no such file", "target": f"/storage/Phare/phare.2x{number:02}.avi"} | fields


def paths(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(str(row["path"]).removeprefix(SEASON + "/"), number) for row, number in by_season(rows)]


def test_twenty_missing_episodes_are_one_row() -> None:
    film = {"type": "broken_symlink", "path": "/video/Films/A (1926).mkv", "details": "no such file"}
    rows = by_season([film, *(missing(number) for number in range(1, 21)), film])
    assert [number for _, number in rows] == [1, 20, 1]
    assert rows[1][0] == {
        "type": "broken_symlink",
        "path": f"{SEASON}/S02E01-E20 (20 episodes)",
        "details": "no such file",
        "target": "/storage/Phare/",
    }


NUMBERS = [
    ([1, 2, 3, 4], "S02E01-E04 (4 episodes)"),
    ([4, 2, 1, 3], "S02E01-E04 (4 episodes)"),
    ([1, 2, 4, 5, 9], "S02E01-E02, E04-E05, E09 (5 episodes)"),
    ([1, 3, 5, 7, 9], "S02E01…E09 (5 episodes)"),
    ([101, 102, 103, 104], "S02E101-E104 (4 episodes)"),
]


@pytest.mark.parametrize(("numbers", "shown"), NUMBERS)
def test_which_episodes_they_are_can_be_read(numbers: list[int], shown: str) -> None:
    assert paths([missing(number) for number in numbers]) == [(shown, len(numbers))]


def test_a_few_are_listed_one_by_one() -> None:
    rows = [missing(number) for number in range(1, FEWEST)]
    assert by_season(rows) == [(row, 1) for row in rows]


def test_their_own_numbers_in_a_reason_are_no_difference() -> None:
    rows = [missing(number, details=f"no stored file has its numbers (S02E{number:02})") for number in range(1, 6)]
    ((row, _),) = by_season(rows)
    assert row["details"] == "no stored file has its numbers (S02E01-E05)"


DIFFERENT = [
    {"details": "the link leads round in a loop"},
    {"score": 97.5},
    {"status": "failed"},
    {"path": "/video/Séries/Other/Saison 02/Le Phare - S02E05.mkv"},
    {"path": f"{SEASON}/Le Phare - S03E05.mkv"},
    {"target": "/storage/Elsewhere/phare.2x05.avi"},
    {"candidates": [{"path": "/storage/a", "score": 60, "evidence": "title"}]},
]


@pytest.mark.parametrize("fields", DIFFERENT, ids=repr)
def test_one_that_differs_stands_by_itself(fields: dict[str, Any]) -> None:
    rows = [*(missing(number) for number in range(1, 5)), missing(5, **fields)]
    assert [number for _, number in by_season(rows)] == [4, 1]


def change(number: int, new: str) -> dict[str, Any]:
    fields = {"op": "relink", "old_target": f"/gone/phare.2x{number:02}.avi", "new_target": new, "status": "planned"}
    return {"path": missing(number)["path"], **fields}


def test_changes_are_one_only_where_each_new_file_has_the_episode_s_number_or_its_old_name() -> None:
    for name in ("Phare.S02E{:02}.mkv", "phare.2x{:02}.avi"):
        ((row, number),) = by_season([change(n, "/storage/New/" + name.format(n)) for n in range(1, 6)])
        assert (row["old_target"], row["new_target"], number) == ("/gone/", "/storage/New/", 5)
    hidden = [change(n, f"/storage/New/x{n}.mkv") for n in range(1, 6)]
    assert by_season(hidden) == [(row, 1) for row in hidden]
    crossed = [change(n, f"/storage/New/Phare.S02E{6 - n:02}.mkv") for n in range(1, 6)]
    assert len(by_season(crossed)) == 5


def test_rows_of_the_catalogue_are_counted_and_sizes_added() -> None:
    rows = [missing(n, table="episodes", id=n, title=f"Titre {n}", size=1000 * n) for n in range(1, 5)]
    ((row, _),) = by_season(rows)
    assert row["row"] == "4 episodes"
    assert row["size"] == 10_000
    assert "title" not in row
    assert "id" not in row


def test_a_season_without_sizes_has_none() -> None:
    ((row, _),) = by_season([missing(n, size=None) for n in range(1, 5)])
    assert row["size"] is None
