"""Under which titles a series is known: its own, the catalogue's, and that under which most of its files are stored.

Pure. A title that another series bears is evidence against a link; one that may be a translation is none.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..names import season_of_folder
from ..names.title import loose_key
from .episode_numbers import Episode

if TYPE_CHECKING:
    from ..catalogue.registration import TitleRow


class SeriesKey(NamedTuple):
    """A series as links name it: folded title, and year where they say one."""

    title: str
    year: int | None


def series_of(says: Episode) -> SeriesKey:
    """Return the series that a name is of."""
    return SeriesKey(says.key, says.work.year)


def series_folder(path: str) -> str:
    """Return the folder of a stored episode's series: the one it lies in, or above its season folder."""
    folder = posixpath.dirname(path)
    while season_of_folder(posixpath.basename(folder)) is not None:
        folder = posixpath.dirname(folder)
    return folder


@dataclass(slots=True)
class _Known:
    titles: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)


class SeriesBook:
    """What the links that lead to a file of their own numbers teach about each series."""

    def __init__(self, rows: Iterable[TitleRow]) -> None:
        self._rows: dict[str, list[TitleRow]] = defaultdict(list)
        for row in rows:
            for key in {loose_key(title) for title in (row.title, row.original_title or "") if title}:
                self._rows[key].append(row)
        self._known: dict[SeriesKey, _Known] = defaultdict(_Known)
        self._years: dict[str, set[int | None]] = defaultdict(set)

    def learn(self, link: Episode, file: Episode | None, path: str) -> None:
        """Take in a link; `file` and `path` are what it reaches, None unless they hold an episode of its own."""
        key = series_of(link)
        self._years[key.title].add(key.year)
        if file is not None:
            self._known[key].titles[file.key] += 1
            self._known[key].folders[series_folder(path)] += 1

    def rows_of(self, key: SeriesKey) -> list[TitleRow]:
        """Return the catalogue's rows of a series: of its title or original title, and no other year."""
        rows = self._rows.get(key.title, [])
        exact = [row for row in rows if row.year == key.year]
        return exact or [row for row in rows if row.year is None or key.year is None]

    def titles_of(self, key: SeriesKey) -> set[str]:
        """Return the folded titles of a series: its own, the catalogue's, that of most of its files."""
        titles = {key.title}
        for row in self.rows_of(key):
            titles |= {loose_key(title) for title in (row.title, row.original_title or "") if title}
        counted = self._known[key].titles
        for title, number in counted.most_common(1):
            if title and number >= 2 and 2 * number > counted.total():
                titles.add(title)
        return titles

    def folders_of(self, key: SeriesKey) -> set[str]:
        """Return the storage folders in which the files of a series' right links lie."""
        titles = self.titles_of(key)
        return set(self._known[key].folders) if titles & set(self._known[key].titles) else set()

    def has_files(self, key: SeriesKey) -> bool:
        """Return whether a link of this series leads to a file that bears one of the series' titles."""
        return not self.titles_of(key).isdisjoint(self._known[key].titles)

    def is_shared(self, key: SeriesKey) -> bool:
        """Return whether a series of another year bears one of the titles too: then a title alone says little."""
        years: set[int | None] = {key.year}
        for title in self.titles_of(key):
            years |= {row.year for row in self._rows.get(title, ())} | self._years.get(title, set())
        return len(years - {None}) > 1

    def is_of_another(self, file: Episode, key: SeriesKey) -> bool:
        """Return whether a file's title (or its year) is for certain that of another series than `key`."""
        own = self.titles_of(key)
        if file.key in own:
            if (
                file.work.year in (None, key.year)
                or key.year is None
                or file.work.year in {r.year for r in self.rows_of(key)}
            ):
                return False
            others = {row.year for row in self._rows.get(file.key, ())} | self._years.get(file.key, set())
            return file.work.year in others
        mine = {row.id for row in self.rows_of(key)}
        if any(row.id not in mine for row in self._rows.get(file.key, ())):
            return True
        return any(self.has_files(SeriesKey(file.key, year)) for year in self._years.get(file.key, ()))
