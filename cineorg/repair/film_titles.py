"""Which row of the catalogue a film's title and year name: exactly first, then ever more loosely. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..names.titles import fold, fold_without_article
from ..paths import nfc

if TYPE_CHECKING:
    from ..catalogue.film_and_episode_rows import FilmRow

_ROMAN = dict(zip("ii iii iv v vii viii ix x xii xiii".split(), "2 3 4 5 7 8 9 10 12 13".split(), strict=True))
_HEAD = re.compile(r"(?s)(?P<title>.+?)[ ._-]*[(\[](?P<year>[0-9]{4})[)\]]")


class Fit(NamedTuple):
    """Rows of one title and year, and how they were found."""

    ids: tuple[int, ...]
    evidence: str


def _solid(title: str) -> str:
    """What is left of a title without blanks ("Face/Off", "FaceOff") and "and", with its numbers in digits."""
    first, *words = fold_without_article(title).split() or [""]
    return "".join([first, *(_ROMAN.get(word, word) for word in words if word != "and")])


class FilmIndex:
    """Finds rows by title or original title, and year."""

    # What each step compares; the first that finds anything decides.
    _STEPS = (
        ("title and year", nfc),
        ("title and year, accents, punctuation and case aside", fold),
        ("title and year, article aside", fold_without_article),
        ("title and year, blanks, “and” and the spelling of numbers aside", _solid),
    )

    def __init__(self, rows: Iterable[FilmRow]) -> None:
        self._steps: list[dict[object, set[int]]] = [defaultdict(set) for _ in self._STEPS]
        self._years: dict[str, dict[int, int | None]] = defaultdict(dict)
        for row in rows:
            for title in {row.title, row.original_title or row.title}:
                self._years[fold_without_article(title)][row.id] = row.year
                if row.year is not None:
                    for (_, key), known in zip(self._STEPS, self._steps, strict=True):
                        known[key(title), row.year].add(row.id)

    def find(self, title: str, year: int) -> Fit | None:
        """Return the rows of this title and exactly this year, by the strictest step that finds any."""
        for (evidence, key), known in zip(self._STEPS, self._steps, strict=True):
            found = known.get((key(title), year))
            if found:
                return Fit(tuple(sorted(found)), evidence)
        return None

    def find_near(self, title: str, year: int | None) -> list[int]:
        """Return the rows of this title that say no year, or the one before or after: too little to decide.

        Without a year, all of that title.
        """
        known = self._years.get(fold_without_article(title), {})
        return sorted(
            row_id for row_id, other in known.items() if other is None or year is None or abs(other - year) == 1
        )

    def find_verbatim(self, stem: str) -> Fit | None:
        """Return the rows whose title is all that stands before a year in brackets, for names that nothing else reads.

        Here the catalogue is the second witness: "Cam (2018)" and "[REC] (2007)" are titles because it knows them.
        """
        for found in _HEAD.finditer(stem):
            head = stem[: found.end("title")].strip(" ._-")
            fit = self.find(head, int(found["year"])) if head else None
            if fit:
                return fit
        return None
