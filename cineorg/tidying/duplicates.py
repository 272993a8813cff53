"""Two links in one folder to the same file, with names that say the same. Pure.

A file of two episodes has a link for each, and that is right; a link to the wrong film beside the right one is no
duplicate either. So only names that contradict each other in nothing make one of two links superfluous.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..names import NameInfo
from ..paths import nfc
from ..titles import fold, fold_without_article, numerals
from .answers import Duplicate
from .model import Node
from .owners import Owner
from .snapshot import Snapshot

_NORMAL = "different episodes"


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
    left = sorted(names, key=lambda name: (-len(nfc(name)), f"{folder}/{name}" not in linked, name))
    infos = {name: snapshot.read(folder, name) for name in left}
    owner = snapshot.owner_of(file)
    while left:
        keep, *others = left
        objections = {name: _objection(infos[keep], infos[name], owner) for name in others}
        by_doubt: dict[str, list[str]] = defaultdict(list)
        for name in others:
            path = f"{folder}/{name}"
            pointed = "another link points at it" if snapshot.model.is_pointed(path) else ""
            by_doubt[objections[name] or pointed].append(path)
        for doubt, paths in by_doubt.items():
            if doubt != _NORMAL:
                yield Duplicate(file, f"{folder}/{keep}", tuple(sorted(paths)), doubt)
        left = [name for name in others if objections[name]]


def _objection(one: NameInfo, other: NameInfo, owner: Owner | None) -> str:
    """Return what keeps two names from being names of the same, "" if nothing does."""
    numbers = [(info.season, info.episodes, info.date) for info in (one, other)]
    if numbers[0] != numbers[1] and (one.episodes or other.episodes or one.date or other.date):
        return _NORMAL
    if one.part != other.part:
        return "their names say different parts"
    if one.year != other.year and one.year and other.year:
        return f"their names say {one.year} and {other.year}"
    if numerals(one.title) != numerals(other.title) and not _both_known(one, other, owner):
        return "their titles have different numbers"
    if one.extra != other.extra:
        return "only one of their names says that it is an extra"
    if not (one.title and other.title):
        return "not all of their names can be read"
    if not _both_known(one, other, owner) and not _is_alike(one.title, other.title):
        return f"their names say {one.title} and {other.title}"
    return ""


def _both_known(one: NameInfo, other: NameInfo, owner: Owner | None) -> bool:
    return owner is not None and {fold(one.title), fold(other.title)} <= owner.folded_titles


def _is_alike(one: str, other: str) -> bool:
    """Return whether two titles are the same, or one is the other with something added."""
    short, long = sorted((fold_without_article(one), fold_without_article(other)), key=len)
    return long == short or long.startswith(short + " ")
