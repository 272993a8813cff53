"""The films or series of a catalogue, found by whatever names them: ids, titles in any spelling, close titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from .comparison import NO_WITNESS, OPEN, SAME, Witness, compare, verdict
from .title import UNLIKE, Title, closest, title_of
from .work import EPISODE, Work

__all__ = ["Found", "WorkIndex"]

Key = TypeVar("Key")
_ENDS = 3  # one slip of the pen leaves at least the first or the last three letters of a title as they are


class Found(NamedTuple, Generic[Key]):
    """The rows that are the work for certain, and those that may be; both in the order in which they came in."""

    same: list[Key]
    open: list[Key]


class WorkIndex(Generic[Key]):
    """Rows by key, such as their ids; works of one kind only, series without numbers."""

    def __init__(self, rows: Iterable[tuple[Key, Work]] = ()) -> None:
        self._rows: list[tuple[Key, Work]] = []
        self._by_form: dict[str, list[int]] = defaultdict(list)
        self._by_end: dict[str, list[int]] = defaultdict(list)
        self._by_id: dict[tuple[str, str], list[int]] = defaultdict(list)
        for key, work in rows:
            self.add(key, work)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[Key, Work]]:
        return iter(self._rows)

    def add(self, key: Key, work: Work) -> None:
        """Take in one row."""
        number = len(self._rows)
        self._rows.append((key, work))
        for pair in work.ids:
            self._by_id[pair].append(number)
        titles = [title_of(text) for text in work.titles]
        for form in {form for title in titles for form in title.forms | title.loose_forms}:
            self._by_form[form].append(number)
        for end in {end for title in titles for end in _ends(title)}:
            self._by_end[end].append(number)

    def find(self, work: Work, witness: Witness = NO_WITNESS) -> Found[Key]:
        """Return the rows that are the film, or the series of the episodes, that a name says.

        `witness` holds what is known besides; which other series share the title is known here.
        """
        wanted = work.series if work.kind == EPISODE else work
        numbers = self._candidates(wanted)
        if work.kind == EPISODE:
            witness = witness._replace(series=witness.series | self.places_of(wanted.titles))
        found: Found[Key] = Found([], [])
        for number in numbers:
            key, row = self._rows[number]
            answer = verdict(compare(wanted, row, witness))
            if answer == SAME:
                found.same.append(key)
            elif answer == OPEN:
                found.open.append(key)
        return found

    def named(self, titles: Iterable[str]) -> list[tuple[Key, Work]]:
        """Return the rows of any of these titles, whatever their years, an article more or less."""
        forms = {form for text in titles for form in title_of(text).forms | title_of(text).loose_forms}
        numbers = {number for form in forms for number in self._by_form.get(form, ())}
        return [self._rows[number] for number in sorted(numbers)]

    def places_of(self, titles: Iterable[str]) -> frozenset[tuple[int | None, str]]:
        """Return year and country of every row of these titles."""
        return frozenset((row.year, row.country) for _, row in self.named(titles))

    def _candidates(self, work: Work) -> list[int]:
        numbers = {number for pair in work.ids for number in self._by_id.get(pair, ())}
        for title in map(title_of, work.titles):
            for form in title.forms | title.loose_forms:
                numbers.update(self._by_form.get(form, ()))
            for end in _ends(title):
                numbers.update(number for number in self._by_end.get(end, ()) if self._is_near(work, number))
        return sorted(numbers)

    def _is_near(self, work: Work, number: int) -> bool:
        """Return whether a row that shares an end of a title is worth comparing: a slip, no film of another year."""
        row = self._rows[number][1]
        if work.kind != EPISODE and work.year and row.year and abs(work.year - row.year) > 1:
            return False
        return closest(work.titles, row.titles)[0] != UNLIKE


def _ends(title: Title) -> set[str]:
    """Return the first and the last letters of a title, each with which end it is."""
    return {end for form in title.loose_forms for end in (form[:_ENDS], f"…{form[-_ENDS:]}")}
