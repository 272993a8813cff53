"""Opening the catalogue, and the one way to write to it.

Readers never wait and never create a file. A writer holds a lock file for its whole command, so that two commands
never plan against each other; each write is one transaction. An SQLite error leaves here as one line.
"""

from __future__ import annotations

import fcntl
import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from ..errors import CatalogueError, RefusedError
from ..trees.mounts import NETWORK_TYPES, identify
from .migrations import check_schema, migrate

BUSY_TIMEOUT_S = 5.0
_LEAST_ROOM = 64 * 1024  # bytes: what SQLite's -shm file takes at a time, and some

# Bytes that are not UTF-8 must survive in TEXT columns that another program wrote.
_decode = functools.partial(str, encoding="utf-8", errors="surrogateescape")


@contextmanager
def open_catalogue(path: str, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the catalogue at `path`, with its schema checked.

    For reading, the file must exist. For writing, it and its parent folders are made if need be, missing migrations
    are applied, and the lock file `PATH.lock` is held until the block ends. Raises CatalogueError, or RefusedError
    when another command holds the lock or another program the database.
    """
    with explained(path), _locked(path) if write else _readable(path):
        connection = _connect(path, write)
        try:
            check_schema(connection, path)
            if write:
                _set_journal_mode(connection, path)
                with transaction(connection):
                    migrate(connection)
            yield connection
        finally:
            connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one write transaction; a nested use is a savepoint.

    Any exception, Ctrl-C included, rolls back what the block wrote.
    """
    nested = connection.in_transaction
    begin, end, undo = (
        ("SAVEPOINT nested", "RELEASE nested", "ROLLBACK TO nested; RELEASE nested")
        if nested
        else ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
    )
    connection.execute(begin)
    try:
        yield
        connection.execute(end)
    except BaseException:
        # A full disk rolls back by itself; a second rollback would hide the first error.
        if connection.in_transaction:
            for statement in undo.split("; "):
                connection.execute(statement)
        raise


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turn SQLite's errors inside the block into one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise RefusedError(
                f"{path}: another program is writing to the catalogue; nothing was changed, try again later"
            ) from None
        if code.startswith("SQLITE_NOTADB"):
            raise CatalogueError(f"{path} is not an SQLite database; name another file with --db") from None
        if code.startswith("SQLITE_READONLY"):
            raise CatalogueError(f"{path} is read-only; make it writable or name another with --db") from None
        if code.startswith("SQLITE_FULL") or (code.startswith("SQLITE_IOERR") and _is_full(path)):
            raise CatalogueError(f"{path}: the disk is full; the catalogue is as it was before") from None
        if code.startswith("SQLITE_CANTOPEN"):
            raise CatalogueError(f"{path} cannot be opened as a catalogue: {text}") from None
        if code.startswith("SQLITE_CORRUPT"):
            raise CatalogueError(f"{path} is damaged ({text}); restore it from a backup") from None
        raise CatalogueError(f"{path}: {text}") from None


def _is_full(path: str) -> bool:
    """Return whether no room is left beside the catalogue: its shared memory then fails as if the disk were broken."""
    try:
        about = os.statvfs(os.path.dirname(os.path.abspath(path)))
    except OSError:
        return False
    return about.f_bavail * about.f_frsize < _LEAST_ROOM


def _connect(path: str, write: bool) -> sqlite3.Connection:
    name = quote(os.fsencode(path))
    connection = sqlite3.connect(
        f"file:{name}?mode={'rwc' if write else 'ro'}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = _decode
    connection.execute("PRAGMA foreign_keys = ON")
    if not write and not _is_usable(connection):
        # A database in WAL mode on a read-only or full disk cannot make its -shm file; without a -wal it is complete.
        wal = path + "-wal"
        if not os.path.exists(wal) or os.path.getsize(wal) == 0:
            connection.close()
            connection = sqlite3.connect(f"file:{name}?immutable=1", uri=True, isolation_level=None)
            connection.text_factory = _decode
    return connection


def _is_usable(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")):
            return False
        raise
    return True


def _set_journal_mode(connection: sqlite3.Connection, path: str) -> None:
    # WAL needs shared memory between its users, which a network filesystem cannot give (sqlite.org/wal.html).
    network = is_on_network(path)
    wanted = "DELETE" if network else "WAL"
    current = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if current.upper() != wanted:
        try:
            connection.execute(f"PRAGMA journal_mode = {wanted}")
        except sqlite3.OperationalError as error:
            # Another program has the file open: its journal mode serves as well.
            if not error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
    # FULL: the journal of changes must be on the disk before the first link is touched.
    connection.execute("PRAGMA synchronous = FULL")


def is_on_network(path: str) -> bool:
    """Return whether the catalogue at `path` lies on NFS, SMB or the like."""
    return identify(path).fstype in NETWORK_TYPES


@contextmanager
def _readable(path: str) -> Iterator[None]:
    if os.path.isdir(path):
        raise CatalogueError(f"{path} is a directory, not a catalogue; name a file with --db")
    if not os.path.exists(path):
        raise CatalogueError(f"there is no catalogue at {path}; run `cineorg scan` first, or name one with --db")
    yield


@contextmanager
def _locked(path: str) -> Iterator[None]:
    if os.path.isdir(path):
        raise CatalogueError(f"{path} is a directory, not a catalogue; name a file with --db")
    lock = path + ".lock"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CatalogueError(f"cannot write beside the catalogue {path}: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise RefusedError(
                f"another cineorg (pid {holder}) is changing this library; nothing was changed, try again later"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
