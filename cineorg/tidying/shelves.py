"""The subdivisions of folders, and what there goes with a title. Pure; shared by `cleanup` and `fix-symlinks`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from ..layout import PREFIX, Key, Shelf, fitting
from ..names import NameInfo
from ..titles import fold

TITLE_FOLDER = re.compile(r"[(\[][0-9]{4}[)\]]")
"""What the name of a folder of one title holds: a year."""

_ENDS_OF_STEMS = re.compile(r"[.-]")


class Entries(Protocol):
    """A folder's own entries."""

    @property
    def files(self) -> Collection[str]: ...
    @property
    def links(self) -> Collection[str]: ...
    @property
    def subfolders(self) -> Collection[str]: ...


class Shelves:
    """The subdivisions of each folder of a tree, worked out once.

    No prefix folder stands in one of `first_level`. `is_title(path, shelf)`: whether a folder that looks like a
    subdivision is that of one title all the same.
    """

    def __init__(
        self,
        folders: Mapping[str, Entries],
        first_level: Collection[str],
        is_title: Callable[[str, Shelf], bool] = lambda path, shelf: False,
    ) -> None:
        self._folders, self._is_title = folders, is_title
        self._first_level = frozenset(first_level)
        self._known: dict[str, list[Shelf]] = {}
        self._widths: dict[str, tuple[int, bool]] = {}
        self._fitting: dict[tuple[str, str, str, str, str], list[Shelf]] = {}

    def __call__(self, path: str) -> list[Shelf]:
        """Return the subdivisions of a folder, by name."""
        known = self._known.get(path)
        if known is None:
            folder = self._folders.get(path)
            found = (self._shelf(path, name) for name in sorted(folder.subfolders if folder else ()))
            known = self._known[path] = [shelf for shelf in found if shelf is not None]
        return known

    def _shelf(self, path: str, name: str) -> Shelf | None:
        folder = self._folders.get(f"{path}/{name}")
        entries = (*folder.files, *folder.links, *folder.subfolders) if folder else ()
        shelf = Shelf.of(name, entries, may_be_prefix=path not in self._first_level)
        return None if shelf is None or self._is_title(f"{path}/{name}", shelf) else shelf

    def fitting(self, path: str, key: Key) -> list[Shelf]:
        """Return the subdivision of a folder in which a title belongs; several if that cannot be told."""
        if path not in self._widths:
            self._widths[path] = _width(self(path))
        letters, has_prefix = self._widths[path]
        if not letters and not has_prefix:
            return []
        # Titles that agree in what the subdivisions look at go the same way.
        short = (path, key.letters[:letters], key.initial, key.words if has_prefix else "", key.fallback)
        found = self._fitting.get(short)
        if found is None:
            found = self._fitting[short] = fitting(key, self(path))
        return found

    def descend(self, path: str, key: Key) -> list[str]:
        """Return the folder below (or at) `path` where a title belongs, as `layout.descend` does."""
        while True:
            found = self.fitting(path, key)
            if len(found) != 1:
                return [f"{path}/{shelf.name}" for shelf in found] or [path]
            path = f"{path}/{found[0].name}"


def _width(shelves: Iterable[Shelf]) -> tuple[int, bool]:
    """Return how many letters of a title the bounds of subdivisions have at most, and whether words count, too."""
    shelves = list(shelves)
    letters = [max(len(shelf.first), len(shelf.last)) for shelf in shelves if shelf.kind != PREFIX]
    return max(letters, default=0), len(letters) < len(shelves)


def sorting_title(name: str, info: NameInfo) -> str:
    """Return the title by which a name sorts, "" if it cannot be told.

    That rests on how the name begins; a title that was found further on in it may be anything's.
    """
    return info.title if info.title and fold(name).startswith(fold(info.title)) else ""


class Stems:
    """Finds the video that a subtitle or picture beside it is named after: `Alien.mkv` for `Alien.fr.srt`."""

    def __init__(self, videos: Iterable[str]) -> None:
        self._videos = {stem: name for name in sorted(videos) if (stem := name.rpartition(".")[0])}

    def video_of(self, name: str) -> str | None:
        """Return the video with the longest stem, followed by a dot or a dash, with which the name begins."""
        for found in reversed(list(_ENDS_OF_STEMS.finditer(name))):
            video = self._videos.get(name[: found.start()])
            if video is not None:
                return video
        return None


def below_root(root: str, folder: str) -> Sequence[str]:
    """Return the names of the folders between a root and `folder`, with `folder`'s own."""
    return [part for part in folder[len(root) :].split("/") if part]
