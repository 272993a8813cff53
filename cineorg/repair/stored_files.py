"""The stored files as repairs look for them: by words, by base name, and read only when it is worth it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..names import NameInfo, NameReader, is_extra, read_numbers, read_strict, season_of_folder
from ..names.text import stem_of
from ..paths import is_inside, nfc
from .word_index import FileIndex

if TYPE_CHECKING:
    from ..trees.library import Library

_ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}$")
Numbers = tuple[int | None, tuple[int, ...], str]


class StoredFiles:
    """Answers about the census' stored files; the index is built with the first search."""

    def __init__(self, library: Library, reader: NameReader, may_guess: Callable[[], bool]) -> None:
        self._library, self._reader, self._may_guess = library, reader, may_guess
        self._index: FileIndex | None = None
        self._infos: dict[tuple[str, tuple[str, ...]], NameInfo | None] = {}
        self._numbers: dict[int, Numbers] = {}
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
                yield path, self.folders_above(f"{path}/x"), [name for name in folder.files if is_video(name)]

    def folders_above(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders between a stored file and its root; of an outside file, the last three."""
        for root in self._library.finder.roots:
            if is_inside(path, root):
                return tuple(part for part in posixpath.dirname(path)[len(root) :].split("/") if part)
        return tuple(posixpath.dirname(path).strip("/").split("/"))[-3:]

    def read(self, name: str, folders: tuple[str, ...], *, guess: bool) -> NameInfo | None:
        """Return what a name says; None when the strict patterns decline and guessit may not be asked."""
        name = as_video_name(name)
        key = (name, folders)
        if self._infos.get(key) is None and (key not in self._infos or guess):
            strict = read_strict(name, folders)
            is_worth = strict is not None or (guess and self._may_guess())
            self._infos[key] = self._reader.read(name, folders) if is_worth else None
        return self._infos[key]

    def read_path(self, path: str, *, guess: bool = True) -> NameInfo | None:
        """Return what the name of the file at `path` says, with the help of its folders."""
        return self.read(posixpath.basename(path), self.folders_above(path), guess=guess)

    def read_file(self, file: int, *, guess: bool) -> NameInfo | None:
        """Return what the name of a file of the index says."""
        return self.read(self.index.name(file), self.index.folders(file), guess=guess)

    def numbers(self, file: int) -> Numbers:
        """Return the explicit numbers of a file of the index."""
        if file not in self._numbers:
            self._numbers[file] = read_numbers(self.index.name(file))
        return self._numbers[file]

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
            self._by_name[name] = sorted(path for path in found[name] if not self.is_extra(path))

    def named(self, name: str) -> list[str]:
        """Return the stored files with this base name, sorted."""
        self.prepare_names([name])
        return self._by_name[nfc(name)]

    def is_extra(self, path: str) -> bool:
        """Return whether a file is a sample, a trailer or the like."""
        return is_extra(posixpath.basename(path), self.folders_above(path))


def as_video_name(name: str) -> str:
    """Return the name that a video beside a subtitle or the like would have: so do the patterns read it."""
    return name if stem_of(name) != name else _ENDING.sub(".mkv", name)


def title_folder(path: str) -> str:
    """Return the folder of a file's film or series: its own, or the one above a season's."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if season_of_folder(posixpath.basename(folder)) is not None else folder
