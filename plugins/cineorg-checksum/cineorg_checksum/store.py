"""The digests, in an SQLite file of its own beside the catalogue: a run of hours must not keep others from theirs.

It is a record, not a cache: what a file was when it was first read is written nowhere else, so nothing in it is ever
thrown away. A file that is gone keeps its row, for it may be on a disk that is away.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

from cineorg.plugin import CatalogueError, FileStat, RefusedError, to_bytes, to_text, transaction

from .model import Known, Reading, Record

_VERSION = 1
_BUSY_TIMEOUT_SECONDS = 10.0
_TABLE = """
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, device INTEGER, inode INTEGER,
    digest BLOB NOT NULL, marks BLOB NOT NULL, recorded_at TEXT NOT NULL,
    read_at TEXT NOT NULL, fault TEXT NOT NULL,
    found_size_bytes INTEGER, found_mtime_ns INTEGER, found_device INTEGER, found_inode INTEGER,
    found_digest BLOB, found_marks BLOB, found_at TEXT
) WITHOUT ROWID
"""
_COLUMNS = (
    "path, size_bytes, mtime_ns, device, inode, digest, marks, recorded_at, read_at, fault,"
    " found_size_bytes, found_mtime_ns, found_device, found_inode, found_digest, found_marks, found_at"
)


class Store:
    """The records by path. One that was opened for reading may be of a file that does not exist: it is empty."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self) -> dict[str, Known]:
        """Return of every record what says whether its file is to be read, by path."""
        rows = self._connection.execute(
            "SELECT path, coalesce(found_size_bytes, size_bytes), coalesce(found_mtime_ns, mtime_ns),"
            " CASE WHEN fault <> '' THEN found_device ELSE device END,"
            " CASE WHEN fault <> '' THEN found_inode ELSE inode END, read_at FROM files"
        )
        return {to_text(path): Known(FileStat(*stat), read_at) for path, *stat, read_at in rows}

    def paths(self) -> set[str]:
        """Return the paths that there are records of."""
        return {to_text(path) for (path,) in self._connection.execute("SELECT path FROM files")}

    def record(self, path: str) -> Record | None:
        """Return the record of one file."""
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM files WHERE path = ?", (to_bytes(path),)).fetchone()
        return _record(row) if row else None

    def damaged(self) -> list[Record]:
        """Return the records of the files that were damaged when they were last read, sorted by the bytes of path."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM files WHERE fault <> '' ORDER BY path")
        return [_record(row) for row in rows]

    def keep(self, records: Iterable[Record]) -> None:
        """Write records, in place of those of their paths, in one transaction."""
        with transaction(self._connection):
            self._connection.executemany(
                f"REPLACE INTO files ({_COLUMNS}) VALUES ({', '.join('?' * 17)})", map(_row, records)
            )

    def move(self, moved: Iterable[tuple[str, str, bool]]) -> None:
        """Give records to the paths under which their files are now; of a copy nothing has been read there."""
        moved = list(moved)
        records = [(self.record(old), new, is_same_file) for old, new, is_same_file in moved]
        arrived = [
            replace(record, path=new, read_at=record.read_at if is_same_file else "")
            for record, new, is_same_file in records
            if record
        ]
        with transaction(self._connection):
            self._connection.executemany("DELETE FROM files WHERE path = ?", [(to_bytes(old),) for old, _, _ in moved])
            self.keep(arrived)


def _row(record: Record) -> tuple[object, ...]:
    first, found = record.first, record.found
    after = (*found.stat, found.digest, found.marks, found.read_at) if found else (None,) * 7
    return (to_bytes(record.path), *first.stat, first.digest, first.marks, first.read_at, record.read_at,
            record.fault, *after)  # fmt: skip


def _record(row: tuple[object, ...]) -> Record:
    path, *columns = row
    first, read_at, fault, found = columns[:7], columns[7], columns[8], columns[9:]
    return Record(to_text(path), _reading(first), str(read_at), str(fault), _reading(found) if fault else None)  # type: ignore[arg-type]


def _reading(columns: list[object]) -> Reading:
    return Reading(FileStat(*columns[:4]), *columns[4:])  # type: ignore[arg-type]


def store_path(database: str) -> str:
    """Return where the digests for the catalogue at `database` are: `cineorg.checksum.db` beside `cineorg.db`."""
    return f"{os.path.splitext(database)[0]}.checksum.db"


@contextmanager
def open_store(database: str, *, write: bool = False) -> Iterator[Store]:
    """Yield the digests beside the catalogue at `database`; for reading, neither file need exist.

    Only one process writes at a time. Raises RefusedError, or CatalogueError, also for what the block does with it.
    """
    path = store_path(database)
    try:
        with _lock(path, write):
            connection = _connect(path, write)
            try:
                yield Store(connection)
            finally:
                connection.close()
    except sqlite3.Error as error:
        raise CatalogueError(f"{path}, where `cineorg checksum` keeps its digests: {error}") from None


@contextmanager
def _lock(path: str, write: bool) -> Iterator[None]:
    if not write:
        yield
        return
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CatalogueError(f"cannot write beside the catalogue, to {path}.lock: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError("another `cineorg checksum` is reading this library; nothing was done") from None
        yield
    finally:
        os.close(descriptor)


def _connect(path: str, write: bool) -> sqlite3.Connection:
    name = f"file:{quote(os.fsencode(path))}?mode={'rwc' if write else 'ro'}"
    if not write and not os.path.exists(path):
        name = ":memory:"
    connection = sqlite3.connect(name, uri=True, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise CatalogueError(f"{path} is of a later version of cineorg-checksum; install that one")
        if version == 0:
            if not write:  # begun, but never written to
                connection.close()
                connection = sqlite3.connect(":memory:", isolation_level=None)
            with transaction(connection):
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection
