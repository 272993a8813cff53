"""What earlier runs learnt, in an SQLite file beside the catalogue: so that only new or changed files are probed.

It is a memory, not a record: whoever deletes the file loses nothing but the time to probe again. A table of another
version of this plugin is thrown away when the next run writes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cineorg.plugin import CatalogueError, FileStat, to_bytes, to_text, transaction

from .model import UNKNOWN, Result

# Also to be raised when a later version judges otherwise what is kept here.
_VERSION = 2
_BUSY_TIMEOUT_SECONDS = 10.0
_TABLE = """
CREATE TABLE results (
    path BLOB PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    device INTEGER,
    inode INTEGER,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    duration_seconds REAL,
    format TEXT NOT NULL,
    streams TEXT NOT NULL,
    probed_at TEXT NOT NULL
) WITHOUT ROWID
"""


class Memory:
    """The results by path. One that was opened for reading may be of a file that does not exist: it is empty."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def results(self) -> Iterator[Result]:
        """Yield every result, sorted by the bytes of its path; reason and streams as they were kept."""
        rows = self._connection.execute(
            "SELECT path, size_bytes, mtime_ns, device, inode, state, reason, duration_seconds, format, streams,"
            " probed_at FROM results ORDER BY path"
        ).fetchall()  # who pages through a report must not keep another run from writing
        for path, size_bytes, mtime_ns, device, inode, *rest in rows:
            yield Result(to_text(path), FileStat(size_bytes, mtime_ns, device, inode), *rest)

    def files(self) -> dict[str, tuple[FileStat, bool]]:
        """Return which file each result is of, by path, and whether it says anything (or is UNKNOWN)."""
        rows = self._connection.execute("SELECT path, size_bytes, mtime_ns, device, inode, state <> ? FROM results",
                                        (UNKNOWN,))  # fmt: skip
        return {to_text(path): (FileStat(*stat), bool(is_known)) for path, *stat, is_known in rows}

    def keep(self, results: Iterable[Result]) -> None:
        """Write results, in place of what was kept under their paths, in one transaction."""
        rows = [
            (to_bytes(item.path), *item.stat, item.state, item.reason, item.duration_seconds, item.format,
             item.streams, item.probed_at)
            for item in results
        ]  # fmt: skip
        with transaction(self._connection):
            self._connection.executemany(f"REPLACE INTO results VALUES ({', '.join('?' * 11)})", rows)

    def move(self, renamed: Iterable[tuple[str, str]]) -> None:
        """Give results to the paths under which their files are now: pairs of old and new."""
        with transaction(self._connection):
            for old, new in renamed:
                self._connection.execute("DELETE FROM results WHERE path = ?", (to_bytes(new),))
                self._connection.execute("UPDATE results SET path = ? WHERE path = ?", (to_bytes(new), to_bytes(old)))

    def forget(self, paths: Iterable[str]) -> None:
        """Delete the results of files that are gone."""
        with transaction(self._connection):
            self._connection.executemany("DELETE FROM results WHERE path = ?", [(to_bytes(path),) for path in paths])


def memory_path(database: str) -> str:
    """Return where the results for the catalogue at `database` are kept: `cineorg.probe.db` beside `cineorg.db`."""
    return f"{os.path.splitext(database)[0]}.probe.db"


@contextmanager
def open_memory(database: str, *, write: bool = False) -> Iterator[Memory]:
    """Yield what is kept beside the catalogue at `database`; for reading, neither file need exist.

    Raises CatalogueError, also for what the block does with it.
    """
    path = memory_path(database)
    try:
        if write:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        connection = _connect(path, write)
    except OSError as error:
        raise CatalogueError(f"cannot write beside the catalogue {database}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise _explained(path, error) from None
    try:
        yield Memory(connection)
    except sqlite3.Error as error:
        raise _explained(path, error) from None
    finally:
        connection.close()


def _connect(path: str, write: bool) -> sqlite3.Connection:
    is_there = os.path.exists(path)
    mode = "rwc" if write else "ro"
    name = f"{Path(path).as_uri()}?mode={mode}" if write or is_there else ":memory:"
    connection = sqlite3.connect(
        name, uri=True, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == _VERSION:
            return connection
        if not write:
            connection.close()
            connection = sqlite3.connect(":memory:", isolation_level=None)
        with transaction(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
                return connection  # another run has just made it
            connection.execute("DROP TABLE IF EXISTS results")
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _explained(path: str, error: sqlite3.Error) -> CatalogueError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
        return CatalogueError(f"{path} is damaged ({error}); delete it: it only remembers what `cineorg probe` found")
    return CatalogueError(f"{path}, where `cineorg probe` keeps what it finds: {error}")
