"""What earlier scans left for finding a link's file again: moves, what stood where, pins, titles, rows.

A file that moved since the last scan is known by the same rules as one that moved before it: what the catalogue
remembers of the missing file is compared with what is there now and was not then.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable

from ..clock import now_text
from ..paths import to_bytes, to_text
from ..trees.census import FileStat, signed_64
from ..trees.identity import Stored, match_moved
from ..trees.library import Library
from ..trees.links import BROKEN
from ..trees.mounts import identify
from ..trees.time_limit import ask
from .application_rows import load_titles
from .check_queries import Catalogue
from .file_moves import Edge, Knowledge, KnownRow, Remembered
from .film_and_episode_rows import load_known_rows
from .pins import load_pins


def load_knowledge(connection: sqlite3.Connection, library: Library) -> Knowledge:
    """Return what the catalogue knows; stored files are asked for their size only if one has moved since the scan."""
    rows: list[KnownRow] = []

    def file_rows() -> list[KnownRow]:
        if not rows:
            rows.extend(load_known_rows(connection))
        return rows

    knowledge = Knowledge(
        films=load_titles(connection, "movies"),
        series=load_titles(connection, "series"),
        file_rows=file_rows,
        pins=load_pins(connection),
        remembered=lambda path: _remembered(connection, path),
        files_below=lambda folder: _files_below(connection, folder),
    )
    knowledge.scans = [
        str(when) for (when,) in connection.execute("SELECT started_at FROM cineorg_scans WHERE complete ORDER BY id")
    ]
    moves: dict[str, list[Edge]] = defaultdict(list)
    for old, new, *rest in connection.execute(
        "SELECT old_path, new_path, size_bytes, mtime_ns, evidence, seen_at FROM cineorg_moves ORDER BY seen_at, id"
    ):
        moves[to_text(old)].append(Edge(to_text(old), to_text(new), *rest))
    for edge in _moved_since(connection, library, moves):
        moves[edge.old_path].append(edge)
    knowledge.moves = dict(moves)
    return knowledge


def stat_file(path: str) -> FileStat | None:
    """Return what identifies a stored file now, None if it cannot be asked."""
    try:
        found = ask(os.lstat, path)
    except OSError:
        return None
    return FileStat(found.st_size, found.st_mtime_ns, signed_64(found.st_dev), signed_64(found.st_ino))


def _remembered(connection: sqlite3.Connection, path: str) -> Remembered | None:
    row = connection.execute(
        "SELECT size_bytes, mtime_ns, coalesce(missing_since, ''), first_seen FROM cineorg_files WHERE path = ?",
        (to_bytes(path),),
    ).fetchone()
    return None if row is None else Remembered(*row)


def _files_below(connection: sqlite3.Connection, folder: str) -> list[str]:
    """Return the files that last stood below a folder: those that still count as there, or else the last to go."""
    rows = connection.execute(
        "SELECT path, coalesce(missing_since, '~') FROM cineorg_files WHERE path > ? AND path < ? ORDER BY path",
        (to_bytes(f"{folder}/"), to_bytes(f"{folder}0")),  # "0" comes right behind "/"
    ).fetchall()
    last = max((since for _, since in rows), default="")
    return [to_text(path) for path, since in rows if since == last]


def link_seen(connection: sqlite3.Connection, path: str) -> tuple[str, str]:
    """Return when scans first saw the link at `path` and since when they miss it (UTC texts, "" where never)."""
    row = connection.execute(
        "SELECT first_seen, coalesce(last_seen, '') FROM cineorg_links WHERE path = ?", (to_bytes(path),)
    ).fetchone()
    return ("", "") if row is None else (row[0], row[1])


def _moved_since(connection: sqlite3.Connection, library: Library, moves: dict[str, list[Edge]]) -> Iterable[Edge]:
    """Return the moves that no scan has recorded yet, if a broken link asks for one."""
    has = library.finder.has
    ends = {library.finder.canonical(link.end) for link in library.bad_links if link.state == BROKEN}
    last_scan = Catalogue(connection).last_scan()
    asked = (end for end in ends if not _is_explained(end, moves, has))
    if not last_scan or not any(_remembered(connection, end) or _files_below(connection, end) for end in asked):
        return []
    missing: list[Stored] = []
    there: dict[str, Stored] = {}
    for raw, size, mtime, device, inode, oshash, first_seen, last_seen in connection.execute(
        "SELECT path, size_bytes, mtime_ns, device, inode, oshash, first_seen, last_seen FROM cineorg_files"
    ):
        path = to_text(raw)
        stored = Stored(path, size, mtime, device, inode, oshash, first_seen, last_seen or last_scan)
        if has(path):
            there[path] = stored
        elif not library.offline_reason(path) and not (last_seen and path in moves):
            # What is known to have moved on lives under its new path: it would only be a rival of itself.
            missing.append(stored)
    return _compare(missing, there, library)


def _is_explained(path: str, moves: dict[str, list[Edge]], has: Callable[[str], bool]) -> bool:
    return any(has(edge.new_path) for edge in moves.get(path, ()))


def _compare(missing: list[Stored], there: dict[str, Stored], library: Library) -> list[Edge]:
    """Return which missing files are among those that the catalogue has not seen yet; the others are rivals."""
    keys = {(item.size_bytes, item.mtime_ns) for item in missing}
    present = [item for item in there.values() if (item.size_bytes, item.mtime_ns) in keys]
    now = now_text()
    for tree in library.census.storage:
        with_inode = not identify(tree.root, library.mounts).is_slow
        for folder, entries in library.census.folders_of(tree):
            for name in entries.files:
                path = f"{folder}/{name}"
                stat = stat_file(path) if path not in there else None
                if stat is not None and (stat.size_bytes, stat.mtime_ns) in keys:
                    device, inode = (stat.device, stat.inode) if with_inode else (None, None)
                    present.append(Stored(path, stat.size_bytes, stat.mtime_ns, device, inode, None, now))
    return [
        Edge(old.path, new.path, new.size_bytes, new.mtime_ns, evidence, now)
        for old, new, evidence in match_moved(missing, present)
    ]
