"""The stored files as repairs look for them: by words, by base name, and read only when it is worth it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..names import NameInfo, NameReader, is_extra, season_of_folder
from ..names.codes import is_meaningless
from ..names.episodes import find_marker
from ..names.nfo import Nfo
from ..names.release import Release, release_of
from ..names.text import stem_of
from ..names.title import title_of
from ..names.work import EPISODE, FILM, Work
from ..paths import is_inside, nfc
from .word_index import FileIndex

if TYPE_CHECKING:
    from ..trees.library import Library

_YEAR = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}$")
# One marker and then a word, or the end: nothing goes on with its numbers. A tenth of the whole reading's time.
_PLAIN_MARKER = re.compile(
    r"(?<![^\W_])s([0-9]{1,2})e([0-9]{1,3})(?:[ ._]+(?:- )?(?!(?:e[0-9]|ep|et|and|und|to|bis|part|à|a|y)(?![^\W\d_]))"
    r"[^\W\d_]{2}|\.[a-z0-9]{2,4}$)",
    re.IGNORECASE,
)
Numbers = tuple[int | None, tuple[int, ...], str]


class _Titled:
    """The files that may bear one title: by season and episode as their names say, and those that say none."""

    def __init__(self, files: Iterable[int], numbers: Callable[[int], Numbers]) -> None:
        self.files = list(files)
        self.silent: list[int] = []
        self.by_number: dict[tuple[int | None, int], list[int]] = defaultdict(list)
        for file in self.files:
            season, episodes, _ = numbers(file)
            for episode in episodes:
                self.by_number[season, episode].append(file)
            if not episodes:
                self.silent.append(file)

    def of(self, work: Work) -> list[int]:
        """Return the files that hold one of a work's numbers at least, and the silent ones."""
        if work.kind != EPISODE or work.season is None or not work.may_hold():
            return self.files
        places = [(season, number) for season in (work.season, None) for number in sorted(work.may_hold())]
        return [file for place in places for file in self.by_number.get(place, ())] + self.silent


class StoredFiles:
    """Answers about the census' stored files; the index is built with the first search."""

    def __init__(self, library: Library, reader: NameReader, may_guess: Callable[[], bool]) -> None:
        self._library, self._reader, self._may_guess = library, reader, may_guess
        self.nfos: Mapping[str, Nfo] = {}
        """What the `.nfo` files beside videos say, by the video's path; for those who ask for them."""
        self._index: FileIndex | None = None
        self._infos: dict[tuple[str, tuple[str, ...]], NameInfo | None] = {}
        self._numbers: dict[int, Numbers] = {}
        self._titled: dict[str, _Titled] = {}
        self._by_name: dict[str, list[str]] = {}

    @property
    def index(self) -> FileIndex:
        """The index of all stored videos."""
        if self._index is None:
            self._index = FileIndex(self._video_folders())
        return self._index

    def _video_folders(self) -> Iterator[tuple[str, Sequence[str], Iterable[str]]]:
        census, is_video = self._library.census, self._library.is_video
        for tree in census.storage:
            for path, folder in sorted(census.folders_of(tree), key=lambda item: item[0]):
                above = self.folders_above(f"{path}/x")
                if not _is_hidden(above):
                    yield path, above, [name for name in folder.files if is_video(name) and name[0] != "."]

    def folders_above(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders between a stored file and its root; of an outside file, the last three."""
        for root in self._library.finder.roots:
            if is_inside(path, root):
                return tuple(part for part in posixpath.dirname(path)[len(root) :].split("/") if part)
        return tuple(posixpath.dirname(path).strip("/").split("/"))[-3:]

    def read(self, name: str, folders: tuple[str, ...], beside: Iterable[str] = (), *, guess: bool) -> NameInfo | None:
        """Return what a name says; None when the strict patterns decline and guessit may not be asked.

        `beside`: the names of all files in its folder. A name that says nothing is that of its folder if it is alone.
        """
        name = as_video_name(name)
        key = (name, folders)
        if self._infos.get(key) is None and (key not in self._infos or guess):
            is_alone = is_meaningless(stem_of(name)) and self._is_alone(name, beside)
            may_guess = guess and self._may_guess()
            read = self._reader.read if may_guess else self._reader.read_strictly
            self._infos[key] = read(name, folders, is_alone=is_alone)
        return self._infos[key]

    def _is_alone(self, name: str, beside: Iterable[str]) -> bool:
        is_video = self._library.is_video
        return not any(other != name and is_video(other) and not is_extra(other) for other in beside)

    def read_path(self, path: str, *, guess: bool = True) -> NameInfo | None:
        """Return what the name of the file at `path` says, with the help of its folders."""
        folder, name = posixpath.split(path)
        entries = self._library.census.folders.get(folder)
        info = self.read(name, self.folders_above(path), entries.files if entries else (), guess=guess)
        return self._with_nfo(info, path)

    def read_file(self, file: int, *, guess: bool) -> NameInfo | None:
        """Return what the name of a file of the index says."""
        index = self.index
        info = self.read(index.name(file), index.folders(file), index.beside(file), guess=guess)
        return self._with_nfo(info, index.path(file)) if self.nfos else info

    def _with_nfo(self, info: NameInfo | None, path: str) -> NameInfo | None:
        """Return a reading with the ids and titles of the `.nfo` beside its file: an id names a film for certain."""
        nfo = self.nfos.get(path)
        if nfo is None:
            return info
        info = info or NameInfo()
        ids = tuple(sorted({*info.ids, *nfo.ids}))
        titles = tuple(dict.fromkeys((*info.alt_titles, *nfo.titles)))
        if nfo.ids and info.kind != EPISODE:
            info = replace(info, kind=FILM, strong=True)
        return replace(info, ids=ids, alt_titles=titles)

    @cached_property
    def _nfo_files(self) -> dict[tuple[str, str], list[int]]:
        """The files of the index by the ids of the `.nfo` beside them."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for file in range(len(self.index) if self.nfos else 0):
            nfo = self.nfos.get(self.index.path(file))
            for pair in nfo.ids if nfo else ():
                found[pair].append(file)
        return found

    def numbers(self, file: int) -> Numbers:
        """Return the explicit numbers of a file of the index, those included that it only may hold.

        Of one whose own name says none they are those of its folder, if that is the folder of one release.
        """
        if file not in self._numbers:
            name, folders = self.index.name(file), self.index.folders(file)
            plain = _PLAIN_MARKER.search(name)
            if plain:
                self._numbers[file] = int(plain[1]), (int(plain[2]),), ""
                return self._numbers[file]
            marker = find_marker(name)
            if marker is None and folders and season_of_folder(folders[-1]) is None:
                marker = find_marker(folders[-1])
            season, episodes = (marker.season, marker.possible or marker.episodes) if marker else (None, ())
            self._numbers[file] = season, episodes, marker.conflict if marker else ""
        return self._numbers[file]

    def _of_title(self, title: str) -> _Titled:
        if title not in self._titled:
            self._titled[title] = _Titled(self.index.titled(title), self.numbers)
        return self._titled[title]

    def titled(self, title: str, work: Work) -> list[int]:
        """Return the files that may bear a title and hold a work's numbers."""
        return self._of_title(title).of(work) if work.kind == EPISODE else self.index.titled(title)

    def other_numbers(self, work: Work) -> bool:
        """Return whether files of the work's title are stored that say numbers."""
        return any(self._of_title(title).by_number for title in work.titles)

    def dated_episodes(self, titles: Iterable[str]) -> Iterator[tuple[str, int, str]]:
        """Yield the episodes of a title whose own name says the series' year before its numbers: path, year, country.

        A year behind the numbers may be that in which the episode was shown.
        """
        keys = {form for title in titles for form in title_of(title).loose_forms}
        for file in {file for title in titles for file in self.index.titled(title)}:
            name = self.index.name(file)
            year = _YEAR.search(name)
            marker = find_marker(name) if year else None
            if year is None or marker is None or marker.start < year.start() or not marker.episodes:
                continue
            info = self.read_file(file, guess=False)
            if info is not None and info.strong and info.year and keys & title_of(info.title).loose_forms:
                yield self.index.path(file), info.year, info.country

    def with_id(self, kind: str, value: str) -> list[int]:
        """Return the files whose name, folders or `.nfo` may hold an id: `{tmdb-77}`, `[imdbid-tt0209144]`."""
        beside = self._nfo_files.get((kind, value), [])
        if kind == "imdb":
            return [*beside, *self.index.find([value])]
        return [*beside, *self.index.find([value, kind]), *self.index.find([value, f"{kind}id"])]

    def agrees(self, file: int, work: Work, years: Collection[int] = ()) -> bool | None:
        """Return whether a file's explicit numbers, date or year are those of a work; None when it says none."""
        if work.kind != EPISODE:
            return self._agrees_in_year(file, work, years)
        season, episodes, _ = self.numbers(file)
        if episodes:
            is_season = season == work.season or None in (season, work.season)
            return is_season and not work.may_hold().isdisjoint(episodes)
        if not work.date:
            return None
        info = self.read_file(file, guess=False)
        return info.date == work.date if info is not None and info.date else None

    def _agrees_in_year(self, file: int, work: Work, years: Collection[int]) -> bool | None:
        if any(file in self._nfo_files.get(pair, ()) for pair in work.ids):
            return True
        where = " ".join((self.index.name(file), *self.index.folders(file)[-2:]))
        near = {year + step for year in (work.year, *years) if year for step in (-1, 0, 1)}
        if near.isdisjoint(map(int, _YEAR.findall(where))) and not any(value in where for _, value in work.ids):
            return None
        return not (work.kind == FILM and self.numbers(file)[1])

    def release(self, path: str, info: NameInfo) -> Release:
        """Return the release that the name of a file says."""
        return release_of(info, posixpath.basename(path))

    def prepare_names(self, names: Iterable[str]) -> None:
        """Look for all these base names in one pass: videos and other files, no extras."""
        # Not `set - keys`: that goes through all the keys, however few names are asked for.
        wanted = {name for name in map(nfc, names) if name not in self._by_name}
        if not wanted:
            return
        found: dict[str, list[str]] = defaultdict(list)
        for tree in self._library.census.storage:
            for path, folder in self._library.census.folders_of(tree):
                for name in folder.files:
                    if (name if name.isascii() else nfc(name)) in wanted:
                        found[nfc(name)].append(f"{path}/{name}")
        for name in wanted:
            self._by_name[name] = sorted(path for path in found[name] if self._may_be_meant(path))

    def named(self, name: str) -> list[str]:
        """Return the stored files with this base name, sorted."""
        self.prepare_names([name])
        return self._by_name[nfc(name)]

    def _may_be_meant(self, path: str) -> bool:
        """Return whether a file is no sample, trailer or the like, and not hidden."""
        name, folders = posixpath.basename(path), self.folders_above(path)
        return not is_extra(name, folders) and not _is_hidden((*folders, name))


def _is_hidden(names: Iterable[str]) -> bool:
    """Return whether a file or a folder above it is hidden: a download on its way, an old version."""
    return any(name.startswith(".") for name in names)


def as_video_name(name: str) -> str:
    """Return the name that a video beside a subtitle or the like would have: so do the patterns read it."""
    return name if stem_of(name) != name else _ENDING.sub(".mkv", name)


def title_folder(path: str) -> str:
    """Return the folder of a file's film or series: its own, or the one above a season's."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if season_of_folder(posixpath.basename(folder)) is not None else folder
