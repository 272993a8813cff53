"""Which links lie beside subdivision folders, and into which they belong. Pure.

Folders are never moved, only links: a film or series that is a real folder stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..layout import Shelf, descend, title_key
from ..names import NameInfo, season_of_folder
from ..titles import fold
from .targets import is_chosen

if TYPE_CHECKING:
    from ..census import Folder
    from ..library import Library

ReadName = Callable[[str, Sequence[str]], NameInfo]
_TITLE_FOLDER = re.compile(r"[(\[][0-9]{4}[)\]]")


def find_places(library: Library, within: Sequence[str], read_name: ReadName) -> dict[str, list[str]]:
    """Return the folder where each link that lies beside subdivisions belongs, if it is another one.

    Several folders: their ranges overlap. None: its title cannot be read. `read_name(name, folders)` reads a name;
    it is asked only about names beside subdivisions.
    """
    video = library.census.video
    shelves_of = _Shelves(library)
    places: dict[str, list[str]] = {}
    for path, folder in library.census.folders_of(video):
        if not folder.links or not any(is_chosen(f"{path}/{name}", within) for name in folder.links):
            continue
        if _holds_one_title(path.rpartition("/")[2]) or not shelves_of(path):
            continue
        above = [part for part in path[len(video.root) :].split("/") if part]
        found = dict(_titled(library, path, folder, partial(_read, read_name, above), shelves_of))
        places |= {f"{path}/{name}": where for name, where in found.items() if where != [path]}
        for name in folder.links.keys() - found.keys():
            companion = _film_of(name, found)
            if companion and found[companion] != [path]:
                places[f"{path}/{name}"] = found[companion]
    return places


def _read(read_name: ReadName, folders: Sequence[str], name: str) -> NameInfo:
    return read_name(name, folders)


def _holds_one_title(name: str) -> bool:
    return season_of_folder(name) is not None or _TITLE_FOLDER.search(name) is not None


class _Shelves:
    """The subdivisions of each folder, worked out once."""

    def __init__(self, library: Library) -> None:
        self._folders = library.census.folders
        self._first_level = frozenset((*library.census.video.scoped, library.census.video.root))
        self._known: dict[str, list[Shelf]] = {}

    def __call__(self, path: str) -> list[Shelf]:
        if path not in self._known:
            folder = self._folders.get(path)
            found = (self._shelf(path, name) for name in sorted(folder.subfolders if folder else ()))
            self._known[path] = [shelf for shelf in found if shelf is not None]
        return self._known[path]

    def _shelf(self, path: str, name: str) -> Shelf | None:
        folder = self._folders.get(f"{path}/{name}")
        entries = (*folder.files, *folder.links, *folder.subfolders) if folder else ()
        return Shelf.of(name, entries, may_be_prefix=path not in self._first_level)


def _titled(
    library: Library,
    path: str,
    folder: Folder,
    read_name: Callable[[str], NameInfo],
    shelves_of: Callable[[str], Iterable[Shelf]],
) -> Iterator[tuple[str, list[str]]]:
    """Yield where each link belongs that is named after a title: those to videos and to folders."""
    for name in folder.links:
        if library.is_video(name) or library.target_of(f"{path}/{name}") in library.census.folders:
            title = _title(name, read_name(name))
            yield name, descend(path, title_key(title), shelves_of) if title else []


def _title(name: str, info: NameInfo) -> str:
    # Where a title is sorted rests on how it begins; one that was found further on in the name may be anything's.
    return info.title if info.title and fold(name).startswith(fold(info.title)) else ""


def _film_of(name: str, titled: Iterable[str]) -> str | None:
    """Return the video that a subtitle or picture beside it is named after."""
    stems = ((other.rpartition(".")[0], other) for other in titled)
    found = [(len(stem), other) for stem, other in stems if stem and name.startswith((stem + ".", stem + "-"))]
    return max(found)[1] if found else None
