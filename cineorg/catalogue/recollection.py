"""The places that a partial scan does not read, as the catalogue remembers them."""

from __future__ import annotations

import posixpath
import sqlite3
from collections.abc import Sequence

from ..paths import is_inside, to_text
from ..trees.census import Census, FileStat, Folder

_FILES = "SELECT path, size_bytes, mtime_ns, device, inode FROM cineorg_files WHERE missing_since IS NULL"
_LINKS = "SELECT path, target FROM cineorg_links WHERE missing_since IS NULL"


def recall(connection: sqlite3.Connection, census: Census, within: Sequence[str]) -> None:
    """Add to a census of the places `within` what was seen of all others, so that nothing there seems to be gone."""
    scoped = [folder for tree in census.trees for folder in tree.scoped]

    def folder_of(path: str) -> Folder | None:
        """Return the remembered folder of a path; None for one that was read, or is out of scope."""
        above = posixpath.dirname(path)
        if any(is_inside(path, place) for place in within) or not any(is_inside(above, each) for each in scoped):
            return None
        if above not in census.folders:
            census.folders[above] = Folder({}, {}, [])
        return census.folders[above]

    for raw, *stat in connection.execute(_FILES):
        path = to_text(raw)
        folder = folder_of(path)
        if folder is not None and isinstance(folder.files, dict):
            folder.files[posixpath.basename(path)] = FileStat(*stat)
    for raw, target in connection.execute(_LINKS):
        path = to_text(raw)
        folder = folder_of(path)
        if folder is not None:
            folder.links[posixpath.basename(path)] = to_text(target)
    _connect(census, scoped)


def _connect(census: Census, scoped: Sequence[str]) -> None:
    """Let every folder be named by the one above it, up to the folders in scope."""
    for path in list(census.folders):
        while path not in scoped and any(is_inside(path, each) for each in scoped):
            above, _, name = path.rpartition("/")
            folder = census.folders.setdefault(above, Folder({}, {}, []))
            if name in folder.subfolders:
                break
            folder.subfolders = [*folder.subfolders, name]
            path = above
