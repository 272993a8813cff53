"""Episodes of one season that share their fate are one row: `Saison 02/S02E01-E20 (20 episodes)`.

Rows are put together only if all that they say of themselves agrees, but for the number of the episode. What differs
from one to the next, their titles and the names of their files, is left out: of the files the folder stays.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from .cells import count
from .columns import PROSE

Row = Mapping[str, Any]
FEWEST = 4  # rows; fewer are read as fast one by one
_FILES = ("target", "old_target", "new_target", "old_path", "new_path", "candidate", "old", "new")
_DIFFERENT = ("title", "size", "id", *_FILES)
_MOST_RANGES = 4
_TWO_NUMBERS = re.compile(r"[0-9][^0-9]+[0-9]|第")  # of season and episode


class _Episode(NamedTuple):
    """A row that is about one episode; `key` is what it must share with the others of its season."""

    key: tuple[Any, ...]
    number: int
    mark: str
    row: Row


def by_season(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """Return the rows in their order, each with their number: those of a season are one, if `FEWEST` or more."""
    if len(rows) < FEWEST:
        return [(row, 1) for row in rows]
    read = [_read(row) for row in rows]
    seasons: dict[tuple[Any, ...], list[_Episode]] = {}
    for each in filter(None, read):
        seasons.setdefault(each.key, []).append(each)
    large = {key: members for key, members in seasons.items() if len(members) >= FEWEST}
    merged: list[tuple[Row, int]] = []
    for row, episode in zip(rows, read, strict=True):
        if episode is None or episode.key not in large:
            merged.append((row, 1))
        elif episode is large[episode.key][0]:
            merged.append((_season_row(large[episode.key]), len(large[episode.key])))
    return merged


def season_of(row: Row) -> tuple[Any, ...] | None:
    """Return what a row shares with those that it may become one with; None if it is about no episode."""
    episode = _read(row)
    return episode and episode.key


def _read(row: Row) -> _Episode | None:
    path = row.get("path")
    if not isinstance(path, str) or row.get("candidates"):
        return None
    folder, name = os.path.split(path)
    mark = _mark(name)
    if not mark or not _keeps_number(row, mark):
        return None
    said = tuple(
        (key, _without(mark, value) if key in PROSE else repr(value))
        for key, value in row.items()
        if key not in ("path", *_DIFFERENT)
    )
    files = tuple((key, os.path.dirname(str(row[key]))) for key in _FILES if row.get(key))
    season, _, number = mark.partition("E")
    return _Episode((folder, season, said, files), int(number), mark, row)


def _mark(name: str) -> str:
    """Return season and episode as `S02E01`, "" where a name has none."""
    if not _TWO_NUMBERS.search(name):
        return ""
    from ..names.markers import first_marker  # with all that reads names: films, the most of a report, need it not

    found = first_marker(name)
    if found is None or not (found.episode.isdecimal() and found.season.isdecimal()):
        return ""
    return f"S{int(found.season):02}E{int(found.episode):02}"


def _keeps_number(row: Row, mark: str) -> bool:
    """Return whether nothing of a change is hidden when only the numbers are shown: each is that of the new file."""
    after = [row[key] for key in ("new_target", "new_path") if row.get(key)]
    before = [row[key] for key in ("old_target", "path") if row.get(key)]
    return all(_mark(os.path.basename(new)) == mark for new in after) or (
        bool(after) and os.path.basename(before[0]) == os.path.basename(after[0])
    )


def _without(mark: str, sentence: Any) -> str:
    return str(sentence).replace(mark, "\0")


def _season_row(members: Sequence[_Episode]) -> Row:
    """Return the row of several episodes; its path ends in their numbers, those of their files in a slash."""
    first, season = members[0], members[0].mark.partition("E")[0]
    numbers = f"{season}{_ranges(episode.number for episode in members)}"
    row: dict[str, Any] = {}
    for key, value in first.row.items():
        if key == "path":
            row[key] = f"{os.path.dirname(value)}/{numbers} ({count(len(members))} episodes)"
        elif key in PROSE:
            row[key] = str(value).replace(first.mark, numbers)
        elif key in _FILES and value:
            folder = os.path.dirname(value)
            row[key] = f"{folder}/" if folder else ""
        elif key == "size":
            sizes = [episode.row[key] for episode in members if episode.row.get(key) is not None]
            row[key] = sum(sizes) if sizes else None
        elif key == "table" and "id" in first.row:
            row["row"] = f"{count(len(members))} {value}"
        elif key not in _DIFFERENT:
            row[key] = value
    return row


def _ranges(numbers: Iterable[int]) -> str:
    """Return episode numbers with each run of them as one: `E01-E05, E07`; many runs are one with an ellipsis."""
    runs = list(_runs(sorted(set(numbers))))
    if len(runs) > _MOST_RANGES:
        return f"E{runs[0][0]:02}…E{runs[-1][1]:02}"
    return ", ".join(f"E{low:02}" if low == high else f"E{low:02}-E{high:02}" for low, high in runs)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        yield found[0], found[-1]
