"""What is moved as one: a link with what is named after it, or the folder of one title with all below it. Pure.

Never a wrong link, never a torn folder: an item that would leave a file behind, whose links cannot be judged, or
whose name contradicts its row, stays where it is, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..catalogue.owners import Owner
from ..names import NameInfo, read_numbers
from ..names.titles import fold_without_article
from .folder_roles import Container
from .subdivision_evidence import TITLE_FOLDER
from .subdivisions import sorting_title
from .tree_snapshot import Snapshot

_CANONICAL = re.compile(r"([^\W_][^()\[\]]*) \(([0-9]{4})\)(?=[ .])")


class Item(NamedTuple):
    """A link (`path`), or the folder of one title (`is_folder`), in the folder `folder`."""

    path: str
    folder: str
    is_folder: bool

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[len(self.folder) + 1 :]


def links_of(snapshot: Snapshot, item: Item) -> Iterator[str]:
    """Yield the paths of the links that an item consists of."""
    folders = snapshot.model.folders
    if item.is_folder:
        for path in snapshot.model.below(item.path):
            yield from (f"{path}/{name}" for name in folders[path].links)
        return
    yield item.path
    yield from (f"{item.folder}/{name}" for name in snapshot.companions(item.folder).get(item.name, ()))


def hindrance(snapshot: Snapshot, item: Item) -> str:
    """Return why an item cannot be moved as a whole, "" if it can."""
    model, library = snapshot.model, snapshot.library
    folders = list(model.below(item.path)) if item.is_folder else []
    for path in folders:
        node = model.folders[path]
        if node.files:
            return f"a file that is no link is in it: {min(node.files)}"
        if path in snapshot.unreadable or any(f"{path}/{name}" not in model.folders for name in node.subfolders):
            return "not all that is in it could be read"
        if path in snapshot.fixed_folders:
            return "a filesystem is mounted in it"
        if model.is_pointed(path):
            return "another link leads to it or through it"
    if not item.is_folder:
        beside = snapshot.files_beside(item.folder).get(item.name)
        if beside:
            return f"a file that is no link is named after it: {beside[0]}"
    for path in links_of(snapshot, item):
        if model.is_pointed(path):
            return "another link leads through it" if path == item.path else f"another link leads through {path}"
        file = model.file_of(path)
        if file is None and not model.is_broken(path):
            return "the file of one of its links cannot be judged" if item.is_folder else "its file cannot be judged"
        reason = library.offline_reason(file) if file and library.offline else ""
        if reason:
            return f"nothing is changed while {reason}"
    return library.offline_reason(item.path)


def owners_in(snapshot: Snapshot, item: Item) -> list[Owner]:
    """Return the films and series whose files an item holds, each once."""
    model, owner_of = snapshot.model, snapshot.owner_of
    if not item.is_folder:
        owner = owner_of(model.file_of(item.path))
        return [owner] if owner else []
    found = {
        owner: None for path in model.below(item.path) for owner in map(owner_of, model.folders[path].links.values())
    }
    return [owner for owner in found if owner is not None]


def contradiction(snapshot: Snapshot, item: Item, owner: Owner) -> str:
    """Return in what the name of an item strongly contradicts the catalogue's row, "" if in nothing."""
    if item.is_folder:
        return _other_title(_title_of_folder(item.name), _year_in(item.name), owner)
    info = _reading(snapshot, item)
    if info.strong and info.kind and (info.kind == "film") != owner.is_film:
        return f"its name says {info.kind}, the catalogue {'film' if owner.is_film else 'episode'}"
    if info.conflict:
        return info.conflict
    return _other_title(info.title, info.year, owner)


def _other_title(title: str, year: int | None, owner: Owner) -> str:
    if year and owner.year and abs(year - owner.year) > 1:
        return f"its name says {year}, the catalogue {owner.year}"
    key = fold_without_article(title) if title else ""
    if key and not any(_is_part(key, fold_without_article(other)) for other in owner.titles):
        return f"its name says {title}, the catalogue {owner.title}"
    return ""


def _is_part(one: str, other: str) -> bool:
    """Return whether one title is the other, or the other with something added before or behind."""
    short, long = sorted((one, other), key=len)
    return f" {short} " in f" {long} "


def _title_of_folder(name: str) -> str:
    found = TITLE_FOLDER.search(name)
    return (name[: found.start()] if found else name).strip()


def _year_in(name: str) -> int | None:
    found = TITLE_FOLDER.search(name)
    return int(found[0][1:5]) if found else None


def sorting_title_of(snapshot: Snapshot, item: Item) -> str:
    """Return the title by which an item sorts: its row's, else what its name says; "" if that cannot be told."""
    owners = owners_in(snapshot, item)
    if len(owners) == 1:
        return "" if contradiction(snapshot, item, owners[0]) else owners[0].title
    if item.is_folder:
        return _title_of_folder(item.name)
    return sorting_title(item.name, _reading(snapshot, item))


def _reading(snapshot: Snapshot, item: Item) -> NameInfo:
    """Return what the name of a link says; a film's canonical name is read without further ado."""
    found = _CANONICAL.match(item.name)
    if found and not read_numbers(item.name)[1]:
        return NameInfo(kind="film", title=found[1], year=int(found[2]), strong=True)
    return snapshot.read(item.folder, item.name)


def items_in(snapshot: Snapshot, container: Container) -> Iterator[Item]:
    """Yield the items that lie directly in a container, in order."""
    for name in sorted(snapshot.loose(container.path)):
        yield Item(f"{container.path}/{name}", container.path, False)
    for path in snapshot.places.title_folders(container):
        yield Item(path, container.path, True)
