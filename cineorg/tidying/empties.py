"""Folders with nothing in them. Pure."""

from __future__ import annotations

from .snapshot import Snapshot


def find_empty(snapshot: Snapshot) -> list[str]:
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
