"""Second witnesses for a series: which others bear its title, and in which stored folders its own files lie. Pure."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ..names import NameInfo, read_numbers, season_of_folder
from ..names.comparison import Witness
from ..names.countries import country_at_end, without_country
from ..names.folders import read_folder
from ..names.title import LOOSE, SAME_TITLE, closest, title_of
from ..names.titles import fold_without_article
from ..names.work import EPISODE, Work
from ..paths import nfc
from .expectation import Expectation, KnownWorks
from .stored_files import StoredFiles, title_folder

if TYPE_CHECKING:
    from ..trees.library import Library

_GROUP = re.compile(r"^(?:\[[^\[\]]*\][ ._-]*)+")
_REST = re.compile(r"$|[0-9]|s[0-9]|[a-z]{2,3}(?:$|[0-9])|saison|season|complete|integrale|tmdb|tvdb|imdb")
ReadPath = Callable[[str], NameInfo | None]
_FEWEST_WITNESSES = 2
_Folders = dict[tuple[int | None, str], set[str]]


class KnownSeries:
    """Which series the folders of links and files, and the catalogue, know."""

    def __init__(self, library: Library, catalogue: KnownWorks, files: StoredFiles) -> None:
        self._library, self._catalogue, self._files = library, catalogue, files
        self._healthy: dict[str, frozenset[str]] = {}
        self._numbered: dict[tuple[str, str], bool] = {}
        self._known: dict[tuple[str, ...], tuple[_Folders, _Folders]] = {}

    def witness(self, wanted: Expectation, file: Work, path: str, old_path: str, link: str) -> Witness:
        """Return what is known around a stored file that may be the one of the link at `link`."""
        if EPISODE not in (wanted.kind, file.kind):
            return Witness(wanted.years)
        shown, stored = self._folders_of((*wanted.work.titles, *file.titles))
        own = title_folder(link)
        others = {place for place, folders in shown.items() if folders - {own}}
        if read_folder(posixpath.basename(own)).year is None:
            others.discard((None, ""))  # shown without a year as well: it may be this very series
        known = frozenset(stored) | self._catalogue.places_of(wanted.work.titles)
        is_home = self._is_home(wanted.work, path, link, old_path if not others else "")
        return Witness(wanted.years, known, frozenset(others), is_home)

    def _folders_of(self, titles: tuple[str, ...]) -> tuple[_Folders, _Folders]:
        """Return year and country of the series of these titles that folders of links, then of files, say, and which.

        In storage any folder may bear a title; only with a year it is for certain that of a series. So do the names of
        episodes that lie in no folder of their own.
        """
        if titles in self._known:
            return self._known[titles]
        found: tuple[_Folders, _Folders] = defaultdict(set), defaultdict(set)
        self._known[titles] = found
        for path, year, country in self._files.dated_episodes(titles):
            found[1][year, country].add(path)
        forms = {form for title in titles for form in title_of(title).loose_forms}
        for path, is_storage in {place for form in forms for place in self._beginning_with(form)}:
            info = read_folder(posixpath.basename(path))
            if info.title and (info.year or not is_storage):
                names = {info.title, without_country(info.title)}
                if any(forms & title_of(name).loose_forms for name in names):
                    found[is_storage][info.year, country_at_end(info.title)].add(path)
        return found

    def _beginning_with(self, form: str) -> Iterator[tuple[str, bool]]:
        """Yield the folders, and whether they are storage's, whose name is a title and what may follow one."""
        keys = self._keys
        for place in range(bisect_left(keys, (form,)), len(keys)):
            key, path, is_storage = keys[place]
            if not key.startswith(form):
                return
            if _REST.match(key, len(form)):
                yield path, is_storage

    @cached_property
    def _keys(self) -> list[tuple[str, str, bool]]:
        """The folders that may be those of series, by their names in letters without blanks, sorted."""
        found = []
        census = self._library.census
        films = {nfc(name).casefold() for name in self._library.settings.film_folders}
        for tree in census.trees:
            top = len(tree.root.rstrip("/")) + 1
            for path, _ in census.folders_of(tree):
                name = posixpath.basename(path)
                is_film = nfc(path[top:].partition("/")[0]).casefold() in films
                if not is_film and season_of_folder(name) is None:
                    key = fold_without_article(_GROUP.sub("", name)).replace(" ", "")
                    found.append((key, path, tree.is_storage))
        return sorted(found)

    def _is_home(self, work: Work, path: str, link: str, old_path: str) -> bool:
        """Return whether a file lies in the series' own folder: where its old file or its healthy links' files lie."""
        folder = title_folder(path)
        titles = [read_folder(posixpath.basename(folder)).title]
        if closest(work.titles, titles)[0] not in (SAME_TITLE, LOOSE):
            return False
        return folder == title_folder(old_path) or folder in self.healthy_places(title_folder(link))

    def is_numbered_alike(self, link: str, path: str, read: ReadPath) -> bool:
        """Return whether a stored folder numbers its files as the healthy links beside a link say.

        At least two links must lead into it, and each to the file of its own season and episode.
        """
        key = posixpath.dirname(link), posixpath.dirname(path)
        if key not in self._numbered:
            self._numbered[key] = self._agree(*key, read)
        return self._numbered[key]

    def _agree(self, shelf: str, folder: str, read: ReadPath) -> bool:
        census = self._library.census
        agreeing = 0
        for name in census.folders[shelf].links if shelf in census.folders else ():
            end = self._library.target_of(f"{shelf}/{name}")
            if end is None or posixpath.dirname(end) != folder or not self._library.finder.has(end):
                continue
            season, episodes, conflict = read_numbers(name)
            info = read(end)
            if info is None or conflict or (info.season, info.episodes) != (season, episodes):
                return False
            agreeing += 1
        return agreeing >= _FEWEST_WITNESSES

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
