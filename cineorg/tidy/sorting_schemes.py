"""Whether a root is sorted by the genre or type folders of the configuration, or by others. Pure.

One folder of the right name by chance ("Western", in an English library) must not draw all the others' films into
folders that their owner has never made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..names.titles import fold
from ..paths import nfc
from .folder_roles import Container, Kind, Places, Root
from .subdivision_evidence import TITLE_FOLDER
from .tree_snapshot import Snapshot

_MOST_SHOWN = 4


class Strangers(NamedTuple):
    """The first-level folders of a root that the configuration does not name; `genres`: those named after a genre."""

    names: list[str]
    genres: list[str]


def is_sorted(snapshot: Snapshot, root: Root) -> bool:
    """Return whether the folders that the configuration names are those by which a root is sorted."""
    return bool(root.sections) and not _outnumber(strangers_in(snapshot, root), root)


def _outnumber(strangers: Strangers, root: Root) -> bool:
    # "Comedy", where the configuration says "Comédie", says more than any "À voir".
    return len(strangers.names) + len(strangers.genres) > len(root.sections)


def strangers_in(snapshot: Snapshot, root: Root) -> Strangers:
    """Return the folders that hold something, for which the configuration has no name."""
    places, rules = snapshot.places, snapshot.rules
    here = Container(root.path, Kind.ROOT, root, "")
    names = sorted(snapshot.model.folders[root.path].subfolders)
    others = [name for name in names if places.kind(here, name) is Kind.OTHER and _holds_titles(places, root, name)]
    table = rules.genre_folders if root.is_film else rules.type_folders
    return Strangers(others, [name for name in others if fold(name) in table])


def _holds_titles(places: Places, root: Root, name: str) -> bool:
    """Return whether films lie in or below a folder of a root, or folders of series in it."""
    folders = places.snapshot.model.folders
    path = f"{root.path}/{name}"
    if path not in folders:
        return False
    below = list(places.snapshot.model.below(path))
    if root.is_film:
        return any(folders[each].links for each in below)
    return any(TITLE_FOLDER.search(each) for folder in below for each in folders[folder].subfolders)


def sorted_roots(snapshot: Snapshot) -> list[str]:
    """Return the roots below which links can be called misplaced."""
    roots = snapshot.places.roots if snapshot.rules.judges_places else ()
    return [root.path for root in roots if is_sorted(snapshot, root)]


def notes_on_schemes(snapshot: Snapshot) -> Iterator[str]:
    """Yield why nothing is called misplaced below a root whose folders are others, and what its owner can write."""
    for root in snapshot.places.roots if snapshot.rules.judges_places else ():
        if not root.sections:
            continue
        strangers = strangers_in(snapshot, root)
        if _outnumber(strangers, root):
            key = "genre_folders" if root.is_film else "type_folders"
            folders = ", ".join(map(nfc, strangers.names[:_MOST_SHOWN]))
            more = ", …" if len(strangers.names) > _MOST_SHOWN else ""
            lines = ", ".join(f'"{nfc(name)}" = "{nfc(name)}"' for name in strangers.genres)
            example = f", such as {key} = {{ {lines} }}" if lines else ""
            yield (
                f"{root.path} is sorted into folders of other names ({folders}{more}), so nothing there is called"
                f' misplaced; name them in the config file{example}, or say layout = "none"'
            )
