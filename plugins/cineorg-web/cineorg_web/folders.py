"""The library by folder, as the last scan left it: how much lies where, and how many findings are there."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from cineorg.plugin import Catalogue, Settings, is_inside, readable, terminal_text, to_bytes, to_text

from .result import Result, open_read_only
from .words import UNJUDGED

_ENTRIES = {
    "files": "SELECT path, size_bytes FROM cineorg_files WHERE missing_since IS NULL",
    "links": "SELECT path, 0 FROM cineorg_links WHERE missing_since IS NULL",
}
TREES = tuple(_ENTRIES)
_DEEPEST = 7  # levels below a root; what lies deeper counts there


@dataclass(slots=True)
class Folder:
    """A folder with all that is below it; `faults` are findings, `children` are by name, `parent` of a root is None."""

    name: str
    path: str
    entries: int = 0
    size_bytes: int = 0
    faults: int = 0
    children: dict[str, Folder] = field(default_factory=dict)
    parent: Folder | None = None

    @property
    def key(self) -> str:
        """What it is called in addresses: short however long its path is, and the same after the next scan."""
        return hashlib.blake2b(os.fsencode(self.path), digest_size=9).hexdigest()

    def trail(self) -> list[Folder]:
        """Return the folders from the root down to this one."""
        return [*(self.parent.trail() if self.parent else ()), self]

    def child(self, name: str) -> Folder:
        """Return the folder of that name in this one, made if need be."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = Folder(name, f"{self.path.rstrip('/')}/{name}", parent=self)
        return found


@dataclass(frozen=True)
class Forest:
    """The trees below some roots; `scanned_at` is when (UTC text), `problem` why there is nothing."""

    roots: tuple[Folder, ...] = ()
    scanned_at: str = ""
    problem: str = ""
    by_key: Mapping[str, Folder] = field(default_factory=dict)


class FolderSums:
    """Reads the catalogue when a scan has changed it, counts findings when there is a new result; else remembers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()  # several pages may ask at once, each in a thread of its own
        self._forests: dict[str, tuple[object, Forest]] = {}

    def forest(self, tree: str, shown: list[Result]) -> Forest:
        """Return the tree of stored files or of links with the findings of these results in it."""
        with self._lock:
            try:
                with closing(open_read_only(self._settings.db)) as connection:
                    return self._forest(tree, shown, connection)
            except sqlite3.Error as error:
                exists = os.path.exists(self._settings.db)
                return Forest(problem=f"the catalogue cannot be read: {error}" if exists else "")

    def _forest(self, tree: str, shown: list[Result], connection: sqlite3.Connection) -> Forest:
        scanned_at = Catalogue(connection).last_scan()
        if scanned_at is None:
            return Forest()
        key = (scanned_at, [result.key for result in shown])
        known = self._forests.get(tree)
        if known is not None and known[0] == key:
            return known[1]
        paths = self._settings.storage if tree == "files" else tuple(filter(None, [self._settings.video]))
        roots = [Folder(_name(path), _name(path)) for path in paths]
        for folder, (entries, size_bytes) in _sums(connection.execute(_ENTRIES[tree])).items():
            for each in _branch(roots, folder, make=True):
                each.entries += entries
                each.size_bytes += size_bytes
        for place, faults in Counter(place for _, place in _findings(shown)).items():
            for each in _branch(roots, place, make=False):
                each.faults += faults
        forest = Forest(tuple(roots), scanned_at, by_key={folder.key: folder for folder in _all_below(roots)})
        self._forests[tree] = (key, forest)
        return forest


def _all_below(folders: Iterable[Folder]) -> Iterator[Folder]:
    for folder in folders:
        yield folder
        yield from _all_below(folder.children.values())


def _name(path: str) -> str:
    """Return a path as the page shows it and names it in addresses: what cannot be shown is spelled out."""
    return terminal_text(readable(path))


def _findings(results: Iterable[Result]) -> set[tuple[str, str]]:
    """Return kind and place of every finding, each once: a broken link is one in whichever report it stands."""
    return {(kind, _name(path)) for result in results for kind, path in result.paths() if kind not in UNJUDGED}


def _sums(rows: Iterable[tuple[bytes, int]]) -> dict[str, tuple[int, int]]:
    """Return how many entries, of what size together, lie directly in each folder, by its name on the page."""
    sums: dict[bytes, list[int]] = {}
    for path, size_bytes in rows:
        raw = path if isinstance(path, bytes) else to_bytes(path)
        found = sums.setdefault(raw.rpartition(b"/")[0], [0, 0])
        found[0] += 1
        found[1] += size_bytes
    by_name: dict[str, tuple[int, int]] = {}
    for folder, (entries, size_bytes) in sums.items():
        name = _name(to_text(folder))
        before = by_name.get(name, (0, 0))
        by_name[name] = (before[0] + entries, before[1] + size_bytes)
    return by_name


def _branch(roots: Iterable[Folder], path: str, *, make: bool) -> Iterator[Folder]:
    """Yield the folders from a root down to `path`, as far as they are known or may be made."""
    for root in roots:
        if is_inside(path, root.path):
            yield root
            below = path[len(root.path.rstrip("/")) + 1 :]
            folder = root
            for name in below.split("/")[:_DEEPEST] if below else ():
                if not make and name not in folder.children:
                    return
                folder = folder.child(name)
                yield folder
            return
