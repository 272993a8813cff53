"""Two links in one folder to the same file, of which one says nothing that the other does not. Pure.

A file of two episodes has a link for each, and that is right; a link to the wrong film beside the right one is no
duplicate either. And a link that cannot be taken away whole, with what is named after it, stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..names import read_strict
from ..names.titles import fold
from ..paths import nfc
from .faults import Duplicate
from .movable_items import Item, contradiction, hindrance
from .redundant_names import NORMAL, Reading, addition
from .tree_model import Node
from .tree_snapshot import Snapshot

_MANY = 10  # links of one folder to one file; more are no versions of it


def find_duplicates(snapshot: Snapshot) -> list[Duplicate]:
    """Return the duplicates of all folders, sorted by the link that is kept, certain ones before those in doubt."""
    found: list[Duplicate] = []
    for folder, node in snapshot.model.folders.items():
        if len(node.links) < 2 or len(set(node.links.values())) == len(node.links):
            continue
        for file, names in _groups(snapshot, node):
            found += _parted(snapshot, folder, file, names)
    return sorted(found, key=lambda item: (item.keep, bool(item.doubt), item.remove))


def _groups(snapshot: Snapshot, node: Node) -> Iterator[tuple[str, list[str]]]:
    """Yield each file that several links of one kind of video name, with those links."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, file in node.links.items():
        if file and snapshot.is_video(name) and file not in snapshot.library.census.folders:
            groups[file, name.rpartition(".")[2].lower()].append(name)
    for (file, _), names in groups.items():
        if len(names) > 1:
            yield file, names


def _parted(snapshot: Snapshot, folder: str, file: str, names: list[str]) -> Iterator[Duplicate]:
    """Yield the duplicates among links to one file: the names that agree with the longest, then with the next."""
    linked = snapshot.owners.linked
    said = _titles_said(names) if len(names) > _MANY else 0
    if said > _MANY // 2:
        # A placeholder: to compare each of a thousand names with each would find half a million pairs.
        keep, *others = sorted(names, key=lambda name: (-len(nfc(name)), name))
        doubt = f"{len(names)} links reach this one file, and their names say {said} titles"
        yield Duplicate(file, f"{folder}/{keep}", tuple(sorted(f"{folder}/{name}" for name in others)), doubt)
        return
    left = sorted(names, key=lambda name: (-len(nfc(name)), f"{folder}/{name}" not in linked, name))
    readings = {name: Reading(name, snapshot.read(folder, name)) for name in left}
    owner = snapshot.owner_of(file)
    while left:
        keep, *others = left
        added = {name: addition(readings[keep], readings[name], owner) for name in others}
        by_doubt: dict[str, list[str]] = defaultdict(list)
        for name in others:
            doubt = added[name] or _doubtful(snapshot, f"{folder}/{keep}") or removal_hindrance(snapshot, folder, name)
            by_doubt[doubt].append(f"{folder}/{name}")
        for doubt, paths in by_doubt.items():
            if doubt != NORMAL:
                yield Duplicate(file, f"{folder}/{keep}", tuple(sorted(paths)), doubt)
        left = [name for name in others if added[name]]


def _titles_said(names: Iterable[str]) -> int:
    """Return how many titles the names say; one that cannot be read says itself."""
    titles = set()
    for name in names:
        info = read_strict(name)
        if info is None or not info.episodes:  # a file of many episodes has many links
            titles.add((fold(info.title), info.year) if info else (name, None))
    return len(titles)


def _doubtful(snapshot: Snapshot, keep: str) -> str:
    """Return in what the link that would stay contradicts the row of its file, "" if in nothing."""
    owner = snapshot.owner_of(snapshot.model.file_of(keep))
    wrong = contradiction(snapshot, Item(keep, keep.rpartition("/")[0], False), owner) if owner else ""
    return f"the longest name is in doubt: {wrong}" if wrong else ""


def removal_hindrance(snapshot: Snapshot, folder: str, name: str) -> str:
    """Return why a link cannot be taken away, "" if it can: not all is known, or others would lose by it."""
    return snapshot.unread_reason or hindrance(snapshot, Item(f"{folder}/{name}", folder, False))
