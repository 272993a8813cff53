"""Folders with nothing in them, where nothing is to come either. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .faults import Misplaced
from .oversized import Partition
from .tree_snapshot import Snapshot


def expected_dirs(misplaced: Iterable[Misplaced], parted: Iterable[Partition]) -> set[str]:
    """Return the folders where something belongs that is not there yet."""
    found = {item.expected_dir for item in misplaced}
    for part in parted:
        found.update(part.lower.values())
    return found


def without_expected(empty: Sequence[str], expected: Iterable[str]) -> list[str]:
    """Return those of the empty folders in and below which nothing belongs."""
    kept = set()
    for path in expected:
        while path and path not in kept:
            kept.add(path)
            path = path.rpartition("/")[0]
    return [path for path in empty if path not in kept]


def find_bare(snapshot: Snapshot) -> list[str]:
    """Return the folders that hold nothing but folders of this kind, each before the folder that it lies in.

    One that holds entries that are passed over, or that could not be read, is none; nor are roots, scoped folders,
    mount points, and what a link leads to.
    """
    model, library = snapshot.model, snapshot.library
    found: dict[str, None] = {}
    for path in sorted(model.folders, key=lambda path: (-path.count("/"), path)):
        node = model.folders[path]
        if node.files or node.links or node.has_ignored:
            continue
        if path in snapshot.fixed_folders or path in snapshot.unreadable or model.is_pointed(path):
            continue
        if library.offline_reason(path):
            continue
        if all(f"{path}/{name}" in found for name in node.subfolders):
            found[path] = None
    return list(found)
