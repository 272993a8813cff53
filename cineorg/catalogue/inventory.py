"""What scans saw: stored files, links, and where files went. The only room that writes these tables.

A row is never deleted. One that is not found any more keeps, from then on, when it was last seen and since when it
is missing; a row that is there has NULL in both, so that a scan of an unchanged library writes none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..paths import to_bytes, to_text
from ..trees.census import FileStat
from ..trees.identity import Moved, Stored, match_moved
from ..trees.offline import Place

_FILE_COLUMNS = "path, size_bytes, mtime_ns, device, inode, oshash, first_seen, last_seen"


@dataclass(slots=True)
class Difference:
    """What a scan found different from what the catalogue knew; lists of paths, sorted, and of moves."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    same: int = 0


class Inventory:
    """The tables of one catalogue, within the caller's transaction; `now` is the time of the scan (UTC text)."""

    def __init__(self, connection: sqlite3.Connection, now: str) -> None:
        self._connection, self._now = connection, now
        self._appeared: set[str] = set()  # paths that were known before, but with other content or as missing

    def update_files(
        self, seen: dict[str, FileStat], may_be_gone: Callable[[str], bool], last_seen: Callable[[str], str | None]
    ) -> Difference:
        """Bring the stored files up to date; `seen` is emptied.

        `may_be_gone(path)` says whether a file that was not seen may be taken for gone; `last_seen(path)` when its
        place was last read.
        """
        found = Difference()
        changed: list[tuple[int, int, int | None, int | None, int, bytes]] = []
        gone: list[tuple[str | None, str, bytes]] = []
        rows = self._connection.execute(
            "SELECT path, size_bytes, mtime_ns, device, inode, missing_since FROM cineorg_files"
        )
        for raw, size, mtime, device, inode, missing_since in rows:
            path = to_text(raw)
            stat = seen.pop(path, None)
            if stat is None:
                if missing_since is None and may_be_gone(path):
                    gone.append((last_seen(path), self._now, raw))
                    found.gone.append(path)
                continue
            is_same = (stat.size_bytes, stat.mtime_ns) == (size, mtime)
            if is_same and missing_since is None and (stat.device, stat.inode) == (device, inode):
                found.same += 1
                continue
            changed.append((*stat, is_same, raw))
            if missing_since is not None:
                found.new.append(path)
                self._appeared.add(path)
            elif not is_same:
                found.changed.append(path)
                self._appeared.add(path)
            else:
                found.same += 1
        self._connection.executemany(
            "UPDATE cineorg_files SET size_bytes = ?, mtime_ns = ?, device = ?, inode = ?, last_seen = NULL,"
            " missing_since = NULL, oshash = CASE WHEN ? THEN oshash END WHERE path = ?",
            changed,
        )
        self._mark_gone("cineorg_files", gone)
        self._connection.executemany(
            "INSERT INTO cineorg_files (path, size_bytes, mtime_ns, device, inode, first_seen)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((to_bytes(path), *stat, self._now) for path, stat in sorted(seen.items())),
        )
        found.new += seen
        seen.clear()
        for paths in (found.new, found.changed, found.gone):
            paths.sort()
        return found

    def update_links(
        self, seen: dict[str, str], may_be_gone: Callable[[str], bool], last_seen: str | None
    ) -> Difference:
        """Bring the links up to date: `seen` maps path → raw target and is emptied."""
        found = Difference()
        changed: list[tuple[bytes, bytes]] = []
        gone: list[tuple[str | None, str, bytes]] = []
        rows = self._connection.execute("SELECT path, target, missing_since FROM cineorg_links")
        for raw, raw_target, missing_since in rows:
            path = to_text(raw)
            target = seen.pop(path, None)
            if target is None:
                if missing_since is None and may_be_gone(path):
                    gone.append((last_seen, self._now, raw))
                    found.gone.append(path)
            elif missing_since is None and to_bytes(target) == raw_target:
                found.same += 1
            else:
                changed.append((to_bytes(target), raw))
                (found.changed if missing_since is None else found.new).append(path)
        self._connection.executemany(
            "UPDATE cineorg_links SET target = ?, last_seen = NULL, missing_since = NULL WHERE path = ?", changed
        )
        self._mark_gone("cineorg_links", gone)
        self._connection.executemany(
            "INSERT INTO cineorg_links (path, target, first_seen) VALUES (?, ?, ?)",
            ((to_bytes(path), to_bytes(target), self._now) for path, target in sorted(seen.items())),
        )
        found.new += seen
        seen.clear()
        for paths in (found.new, found.changed, found.gone):
            paths.sort()
        return found

    def _mark_gone(self, table: str, gone: Iterable[tuple[str | None, str, bytes]]) -> None:
        self._connection.executemany(
            f"UPDATE {table} SET last_seen = coalesce(?, first_seen), missing_since = ? WHERE path = ?", gone
        )

    def hashes_of(self, stats: Mapping[str, FileStat]) -> dict[str, str]:
        """Return the OpenSubtitles hashes, by path, that are known of these files at their present size and mtime."""
        rows = self._connection.execute(
            "SELECT path, size_bytes, mtime_ns, oshash FROM cineorg_files WHERE oshash IS NOT NULL"
        )
        known = ((to_text(path), (size, mtime), value) for path, size, mtime, value in rows)
        return {path: value for path, seen, value in known if path in stats and stats[path][:2] == seen}

    def set_hashes(self, hashes: Mapping[str, str]) -> None:
        """Store OpenSubtitles hashes by path."""
        self._connection.executemany(
            "UPDATE cineorg_files SET oshash = ? WHERE path = ?",
            ((value, to_bytes(path)) for path, value in hashes.items()),
        )

    def record_moves(self) -> list[Moved]:
        """Find which missing files are present under another path, and remember it with evidence and date."""
        missing = self._stored(
            "missing_since IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cineorg_moves AS move"
            " WHERE move.old_path = cineorg_files.path AND move.size_bytes = cineorg_files.size_bytes"
            " AND move.seen_at >= cineorg_files.missing_since)"
        )
        present: dict[str, Stored] = {}
        for old in missing:
            # Both keys of identity; the second is answered by the index on (size_bytes, mtime_ns), the first by oshash.
            for item in self._stored(
                "missing_since IS NULL AND size_bytes = ? AND mtime_ns = ?", old.size_bytes, old.mtime_ns
            ):
                present[item.path] = item
            if old.oshash:
                for item in self._stored("missing_since IS NULL AND oshash = ?", old.oshash):
                    present[item.path] = item
        moves = match_moved(missing, [self._as_it_appeared(item) for item in present.values()])
        self._connection.executemany(
            "INSERT INTO cineorg_moves (old_path, new_path, size_bytes, mtime_ns, evidence, seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (to_bytes(old.path), to_bytes(new.path), new.size_bytes, new.mtime_ns, evidence, self._now)
                for old, new, evidence in moves
            ),
        )
        return moves

    def _as_it_appeared(self, item: Stored) -> Stored:
        # A file that is back under an old path, or in another file's place, was not there at the scan before.
        return item._replace(first_seen=self._now) if item.path in self._appeared else item

    def _stored(self, condition: str, *values: object) -> list[Stored]:
        rows = self._connection.execute(f"SELECT {_FILE_COLUMNS} FROM cineorg_files WHERE {condition}", values)
        return [Stored(to_text(row[0]), row[1], row[2], row[3], row[4], row[5], row[6], row[7] or "") for row in rows]

    def save_places(self, places: Iterable[Place], forgotten: Iterable[str]) -> None:
        """Remember what a complete look left of each place, for the guards; `forgotten` places are no more."""
        self._connection.executemany("DELETE FROM cineorg_places WHERE path = ?", ((to_bytes(p),) for p in forgotten))
        self._connection.executemany(
            "INSERT OR REPLACE INTO cineorg_places VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    to_bytes(place.path),
                    place.kind,
                    place.files,
                    to_bytes(place.filesystem.mount_point),
                    place.filesystem.fstype,
                    place.filesystem.source,
                    place.filesystem.device,
                    self._now,
                )
                for place in places
            ),
        )

    def note_partial_look(self, roots: Iterable[str]) -> None:
        """Remember that the roots were read now, though not all of them: what the guards know of them stays."""
        self._connection.executemany(
            "UPDATE cineorg_places SET scanned_at = ? WHERE path = ?", ((self._now, to_bytes(root)) for root in roots)
        )

    def last_read(self) -> dict[str, str]:
        """Return when each root was last read (UTC text), by path; one that was offline was not."""
        rows = self._connection.execute("SELECT path, scanned_at FROM cineorg_places WHERE kind IN ('root', 'video')")
        return {to_text(path): when for path, when in rows}

    def record_scan(self, finished_at: str, complete: bool) -> None:
        """Remember that a scan took place."""
        self._connection.execute(
            "INSERT INTO cineorg_scans (started_at, finished_at, complete) VALUES (?, ?, ?)",
            (self._now, finished_at, complete),
        )
