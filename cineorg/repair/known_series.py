"""Second witnesses for a series: which others bear its title, and in which stored folders its own files lie. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from ..names import season_of_folder
from ..names.comparison import Witness
from ..names.countries import country_at_end, without_country
from ..names.folders import read_folder
from ..names.title import LOOSE, SAME_TITLE, closest, title_of
from ..names.work import EPISODE, Work
from ..paths import nfc
from .expectation import Expectation, KnownWorks
from .stored_files import title_folder

if TYPE_CHECKING:
    from ..trees.library import Library

_Folders = dict[str, dict[tuple[int | None, str], set[str]]]


class KnownSeries:
    """Which series the folders of links and files, and the catalogue, know."""

    def __init__(self, library: Library, catalogue: KnownWorks) -> None:
        self._library, self._catalogue = library, catalogue
        self._healthy: dict[str, frozenset[str]] = {}

    def witness(self, wanted: Expectation, file: Work, path: str, old_path: str, link: str) -> Witness:
        """Return what is known around a stored file that may be the one of the link at `link`."""
        if EPISODE not in (wanted.kind, file.kind):
            return Witness(wanted.years)
        titles = (*wanted.work.titles, *file.titles)
        forms = {form for title in map(title_of, titles) for form in title.loose_forms}
        shown, stored = self._places
        own = title_folder(link)
        others = {place for form in forms for place, folders in shown.get(form, {}).items() if folders - {own}}
        known = {place for form in forms for place in stored.get(form, ())} | self._catalogue.places_of(
            wanted.work.titles
        )
        if read_folder(posixpath.basename(own)).year is None:
            others.discard((None, ""))  # shown without a year as well: it may be this very series
        is_home = self._is_home(wanted.work, path, link, old_path if not others else "")
        return Witness(wanted.years, frozenset(known), frozenset(others), is_home)

    @cached_property
    def _places(self) -> tuple[_Folders, _Folders]:
        """Year and country of the series that the folders of links, then of files, say, and which folders say so.

        By the forms of their titles; folders of films say none.
        """
        shown: _Folders = defaultdict(lambda: defaultdict(set))
        stored: _Folders = defaultdict(lambda: defaultdict(set))
        census = self._library.census
        films = {nfc(name).casefold() for name in self._library.settings.film_folders}
        for tree in census.trees:
            top = len(tree.root.rstrip("/")) + 1
            for path, _ in census.folders_of(tree):
                if nfc(path[top:].partition("/")[0]).casefold() in films:
                    continue
                info = read_folder(posixpath.basename(path))
                # In storage any folder may bear a title; only with a year it is for certain that of a series.
                if info.title and (info.year or not tree.is_storage):
                    country = country_at_end(info.title)
                    for title in {info.title, without_country(info.title)}:
                        for form in title_of(title).loose_forms:
                            (stored if tree.is_storage else shown)[form][info.year, country].add(path)
        return shown, stored

    def _is_home(self, work: Work, path: str, link: str, old_path: str) -> bool:
        """Return whether a file lies in the series' own folder: where its old file or its healthy links' files lie."""
        folder = title_folder(path)
        titles = [read_folder(posixpath.basename(folder)).title]
        if closest(work.titles, titles)[0] not in (SAME_TITLE, LOOSE):
            return False
        return folder == title_folder(old_path) or folder in self.healthy_places(title_folder(link))

    def healthy_places(self, series: str) -> frozenset[str]:
        """Return the stored folders to which the healthy links of a series' folder lead."""
        if series not in self._healthy:
            self._healthy[series] = frozenset(self._find_places(series))
        return self._healthy[series]

    def _find_places(self, series: str) -> set[str]:
        places = set()
        folders = self._library.census.folders
        below = folders[series].subfolders if series in folders else ()
        seasons = [f"{series}/{name}" for name in below if season_of_folder(name) is not None]
        for path in [series, *seasons]:
            for name in folders[path].links if path in folders else ():
                end = self._library.target_of(f"{path}/{name}")
                if end is not None and self._library.finder.has(end):
                    places.add(title_folder(end))
        return places
