"""Which row of the catalogue a film's name means, and which may be it: ids first, then titles, closest first. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..names.comparison import Witness
from ..names.title import LOOSE, SAME_TITLE, closest, title_of
from ..names.work import FILM, Work
from ..names.work_index import WorkIndex
from ..paths import nfc

if TYPE_CHECKING:
    from ..catalogue.film_and_episode_rows import FilmRow

_HEAD = re.compile(r"(?s)(?P<title>.+?)[ ._-]*[(\[](?P<year>[0-9]{4})[)\]]")


class Fit(NamedTuple):
    """Rows of one film, and how they were found."""

    ids: tuple[int, ...]
    evidence: str


class FilmIndex:
    """Finds rows by ids, and by title or original title, and year."""

    def __init__(self, rows: Iterable[FilmRow]) -> None:
        self._works = {row.id: row.work() for row in rows}
        self._index = WorkIndex(self._works.items())

    def find(self, work: Work, years: frozenset[int] = frozenset()) -> Fit | None:
        """Return the rows that are this film for certain, by the closest spelling that finds any.

        `years`: what another witness says, such as the name of the file that a link reaches.
        """
        found = self._index.find(_plain(work), Witness(years))
        ranked = [(*self._closeness(work, self._works[row_id]), row_id) for row_id in found.same]
        if not ranked:
            return None
        rank, evidence, _ = min(ranked)
        return Fit(tuple(row_id for other, _, row_id in ranked if other == rank), evidence)

    def find_near(self, work: Work) -> list[int]:
        """Return the rows that may be this film: of the year before or after, of no year, or of a close title."""
        return self._index.find(_plain(work)).open

    def find_verbatim(self, stem: str) -> Fit | None:
        """Return the rows whose title is all that stands before a year in brackets, for names that nothing else reads.

        Here the catalogue is the second witness: "Cam (2018)" and "[REC] (2007)" are titles because it knows them.
        """
        for found in _HEAD.finditer(stem):
            head = stem[: found.end("title")].strip(" ._-")
            fit = self.find(Work(FILM, (head,), int(found["year"]))) if head else None
            if fit:
                return fit
        return None

    def _closeness(self, work: Work, row: Work) -> tuple[int, str]:
        """Return how closely a row's titles are those of a work, the lower the closer, and in words."""
        shared = sorted(set(work.ids) & set(row.ids))
        if shared:
            return 0, f"same {shared[0][0]} id {shared[0][1]}"
        if set(map(nfc, work.titles)) & set(map(nfc, row.titles)):
            return 1, "title and year"
        relation, ours, theirs = closest(work.titles, row.titles)
        if relation == SAME_TITLE:
            is_plain = title_of(ours).key == title_of(theirs).key
            return (2, "title and year, accents, punctuation and case aside") if is_plain else (3, _SPELLED)
        return (4, "title and year, article aside") if relation == LOOSE else (5, "title and year")


_SPELLED = "title and year, blanks, “and” and the spelling of numbers aside"


def _plain(work: Work) -> Work:
    """Return the film itself: whether a name is a piece of it, or contradicts its folder, is asked elsewhere."""
    return replace(work, kind=FILM, part=None, is_strong=True, conflict="")
