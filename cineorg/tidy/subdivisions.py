"""The subdivisions of folders, and what there goes with a title. Pure; shared by `cleanup` and `fix-symlinks`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from ..catalogue.owners import Owner
from ..names import NameInfo, season_of_folder
from ..names.subdivision_names import PREFIX, Key, Shelf, fitting, title_key
from ..names.titles import fold
from .subdivision_evidence import Entries, Verdict, judge, titles_in

_ENDS_OF_STEMS = re.compile(r"[.-]")


class Shelves:
    """The subdivisions of each folder of a tree, worked out once.

    No prefix folder stands in one of `first_level`. `owner_of(folder, name)` knows the row of a link's file.
    """

    def __init__(
        self,
        folders: Mapping[str, Entries],
        first_level: Collection[str],
        is_video: Callable[[str], bool],
        owner_of: Callable[[str, str], Owner | None] = lambda folder, name: None,
        key_of: Callable[[str], Key] = title_key,
    ) -> None:
        self._folders, self._is_video, self._owner_of, self._key_of = folders, is_video, owner_of, key_of
        self._first_level = frozenset(first_level)
        self._known: dict[str, list[Shelf]] = {}
        self._widths: dict[str, tuple[int, bool]] = {}
        self._fitting: dict[tuple[str, str, str, str, str], list[Shelf]] = {}

    def __call__(self, path: str) -> list[Shelf]:
        """Return the subdivisions of a folder, by name."""
        known = self._known.get(path)
        if known is None:
            folder = self._folders.get(path)
            judged = [self._judged(path, name) for name in sorted(folder.subfolders if folder else ())]
            proven = {shelf.kind for shelf, verdict in judged if verdict is Verdict.PROVEN and shelf}
            known = self._known[path] = [
                shelf for shelf, verdict in judged if shelf and (verdict is not Verdict.DOUBT or shelf.kind in proven)
            ]
        return known

    def _judged(self, path: str, name: str) -> tuple[Shelf | None, Verdict]:
        """Return what subdivision a folder is, and how surely that can be told."""
        below = f"{path}/{name}"
        folder = self._folders.get(below)
        shelves = Shelf.named(name)
        if folder is None or not shelves or any(season_of_folder(each) is not None for each in folder.subfolders):
            return None, Verdict.NO
        for shelf in shelves:
            if shelf.kind == PREFIX and path in self._first_level:
                continue
            said = titles_in(folder, self._is_video, partial(self._owner_of, below), self._key_of)
            verdict = judge(shelf, said)
            if verdict is not Verdict.NO:
                return shelf, verdict
        return None, Verdict.NO

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
