"""Which links lie beside subdivision folders, and into which they belong. Pure.

Folders are never moved, only links: a film or series that is a real folder stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..names import NameInfo, season_of_folder
from ..names.subdivision_names import title_key
from ..trees.link_text import is_chosen
from .subdivision_evidence import TITLE_FOLDER
from .subdivisions import Shelves, Stems, below_root, sorting_title

if TYPE_CHECKING:
    from ..trees.census import Folder
    from ..trees.library import Library

ReadName = Callable[[str, Sequence[str]], NameInfo]


def find_places(library: Library, within: Sequence[str], read_name: ReadName) -> dict[str, list[str]]:
    """Return the folder where each link that lies beside subdivisions belongs, if it is another one.

    Several folders: their ranges overlap. None: its title cannot be read. `read_name(name, folders)` reads a name;
    it is asked only about names beside subdivisions.
    """
    video = library.census.video
    shelves_of = Shelves(library.census.folders, (*video.scoped, video.root), library.is_video)
    places: dict[str, list[str]] = {}
    for path, folder in library.census.folders_of(video):
        if not folder.links or not any(is_chosen(f"{path}/{name}", within) for name in folder.links):
            continue
        above = below_root(video.root, path)
        if any(map(_holds_one_title, above)) or not shelves_of(path):
            continue
        found = dict(_titled(library, path, folder, partial(_read, read_name, above), shelves_of))
        places |= {f"{path}/{name}": where for name, where in found.items() if where != [path]}
        stems = Stems(found)
        for name in folder.links.keys() - found.keys():
            companion = stems.video_of(name)
            if companion and found[companion] != [path]:
                places[f"{path}/{name}"] = found[companion]
    return places


def _read(read_name: ReadName, folders: Sequence[str], name: str) -> NameInfo:
    return read_name(name, folders)


def _holds_one_title(name: str) -> bool:
    return season_of_folder(name) is not None or TITLE_FOLDER.search(name) is not None


def _titled(
    library: Library,
    path: str,
    folder: Folder,
    read_name: Callable[[str], NameInfo],
    shelves_of: Shelves,
) -> Iterator[tuple[str, list[str]]]:
    """Yield where each link belongs that is named after a title: those to videos and to folders."""
    for name in folder.links:
        if library.is_video(name) or library.target_of(f"{path}/{name}") in library.census.folders:
            title = sorting_title(name, read_name(name))
            yield name, shelves_of.descend(path, title_key(title)) if title else []
