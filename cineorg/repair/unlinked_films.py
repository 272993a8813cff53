"""Rows of films that no link shows: each gets the one stored file that is its film. Pure.

Ids go first: of several files of one title and year, that whose name, folder or `.nfo` says the row's id is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ..changes import Plan, SetFilePath, Unresolved
from ..names.comparison import OPEN, SAME
from .expectation import Expectation, shared_ids
from .name_rules import Found, NameRules

if TYPE_CHECKING:
    from ..catalogue.film_and_episode_rows import FilmRow
    from ..trees.library import Library

_MOST_SHOWN = 5


def plan_unlinked(library: Library, rows: Sequence[FilmRow], names: NameRules, named: Collection[str]) -> Plan:
    """Return which of the rows get which stored file, and those of which it is open.

    `named`: the files that links or other rows have already. What lies in a place that is offline may be a decoy.
    """
    found = {
        row.id: [
            item for item in _search(row, names) if item.path not in named and not library.offline_reason(item.path)
        ]
        for row in rows
    }
    chosen = {row.id: _closest([item for item in found[row.id] if item.answer == SAME], row) for row in rows}
    claims = Counter(item.path for items in chosen.values() for item in items)
    changes, unresolved = [], []
    for row in rows:
        same = chosen[row.id]
        if len(same) == 1 and claims[same[0].path] == 1:
            evidence = f"no link shows it; {same[0].candidate.evidence}"
            changes.append(SetFilePath("movies", row.id, row.file_path, same[0].path, evidence))
        elif maybe := same or [item for item in found[row.id] if item.answer == OPEN][:_MOST_SHOWN]:
            unresolved.append(_left(row, same, maybe))
    return Plan(tuple(changes), tuple(unresolved))


def _search(row: FilmRow, names: NameRules) -> list[Found]:
    work = row.work()
    return names.search(Expectation(work, dict.fromkeys(work.titles, "")), "", "") if work.titles or work.ids else []


def _closest(same: list[Found], row: FilmRow) -> list[Found]:
    """Return those of the files that say the row's id, or all of them if none does."""
    return [item for item in same if shared_ids(row.ids, item.info.ids)] or same


def _left(row: FilmRow, same: Sequence[Found], maybe: Sequence[Found]) -> Unresolved:
    if len(same) > 1:
        reason = f"{len(same)} stored files are {row.words}, which no link shows"
    elif same:
        reason = f"it is {row.words}, which no link shows, and another film of the catalogue as well"
    else:
        reason = f"not certain to be {row.words}, which no link shows: {maybe[0].words}"
    return Unresolved(maybe[0].path, "", reason, tuple(item.candidate for item in maybe))
