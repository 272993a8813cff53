"""Opening the catalogue, and the one way to write to it.

Readers never wait and leave no trace: not even the files that SQLite puts beside a database in WAL mode. A writer
holds a lock file for its whole command, so that two commands never plan against each other; each write is one
transaction. Whoever has a connection finds all tables of this version in it. An SQLite error leaves here as one line.
"""

from __future__ import annotations

import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from ..errors import CatalogueError, RefusedError
from ..trees.time_limit import NoAnswer, ask
from .journal_mode import can_share_memory, set_journal_mode
from .lock import locked, readable
from .migrations import check_schema, is_current, migrate

BUSY_TIMEOUT_S = 5.0
_LEAST_ROOM = 64 * 1024  # bytes: what SQLite's -shm file takes at a time, and some

# Bytes that are not UTF-8 must survive in TEXT columns that another program wrote.
_decode = functools.partial(str, encoding="utf-8", errors="surrogateescape")


@contextmanager
def open_catalogue(path: str, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the catalogue at `path`, with its schema checked.

    For reading, the file must exist. For writing, it is made if need be (its folder only in the default place),
    missing migrations are applied, and the lock file `PATH.lock` is held until the block ends. Raises CatalogueError,
    or RefusedError when another command holds the lock or another program the database.
    """
    check_answers(path)
    with explained(path), locked(path) if write else readable(path):
        connection = _connect_to_write(path) if write else _connect_to_read(path)
        try:
            check_schema(connection, path)
            if write:
                set_journal_mode(connection, path)
                with transaction(connection):
                    migrate(connection)
            elif not is_current(connection):
                connection = _current_copy(connection)
            yield connection
        finally:
            connection.close()


def check_answers(path: str) -> None:
    """Raise CatalogueError if the disk of the catalogue does not answer: SQLite would wait for it for ever."""
    try:
        ask(os.stat, path)
    except NoAnswer as error:
        raise CatalogueError(f"the disk of the catalogue {path} {error.strerror}") from None
    except OSError:
        pass  # what is wrong is said where it is opened


@contextmanager
def empty_catalogue() -> Iterator[sqlite3.Connection]:
    """Yield an empty catalogue in memory, to be read where there is none on the disk."""
    with closing(_current_copy(_connect(":memory:"))) as connection:
        yield connection


def _current_copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return what an older version has written as this one reads it; the file stays as it is until somebody writes."""
    copy = _connect(":memory:")
    with closing(connection):
        connection.backup(copy)
    with transaction(copy):
        migrate(copy)
    copy.execute("PRAGMA query_only = ON")
    return copy


def is_writable(connection: sqlite3.Connection) -> bool:
    """Return whether the connection was opened for writing."""
    return not connection.execute("PRAGMA query_only").fetchone()[0]


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
        if code in ("SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY", "SQLITE_READONLY_CANTINIT"):
            raise CatalogueError(f"{path} was left in the middle of a write; `cineorg scan` puts it right") from None
        if code.startswith("SQLITE_READONLY"):
            raise CatalogueError(f"{path} is read-only; make it writable or name another with --db") from None
        if code.startswith("SQLITE_FULL") or (code.startswith("SQLITE_IOERR") and _is_full(path)):
            raise CatalogueError(f"{path}: the disk is full; the catalogue is as it was before") from None
        if code.startswith("SQLITE_IOERR_SHM"):
            raise CatalogueError(
                f"{path}: its filesystem does not let programs share memory; run `cineorg scan`, or"
                " keep it on another disk"
            ) from None
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


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.text_factory = _decode
    return connection


def _connect_to_write(path: str) -> sqlite3.Connection:
    connection = _connect(f"file:{quote(os.fsencode(path))}?mode=rwc")
    connection.execute("PRAGMA foreign_keys = ON")
    if not can_share_memory(path):
        # A database in WAL mode can be read there only by one that has it all to itself.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def _connect_to_read(path: str) -> sqlite3.Connection:
    path = os.path.realpath(path)  # beside which SQLite puts its other files
    name = f"file:{quote(os.fsencode(path))}"
    connection = _connect(f"{name}?{_way_without_trace(path)}")
    # A database in WAL mode on a read-only or full disk cannot make its -shm file; without a -wal it is complete.
    if not _is_usable(connection) and not _has_wal(path):
        connection.close()
        connection = _connect(f"{name}?immutable=1")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _way_without_trace(path: str) -> str:
    """Return how SQLite must open the catalogue so that it makes no file that stays.

    Of a database in WAL mode that nobody uses, a connection for reading makes the -wal and -shm files and leaves them:
    only one that could write takes them away again when it ends. Where something is to be settled, it must not.
    """
    with open(path, "rb") as file:
        is_wal = file.read(20)[18:] == b"\2\2"  # the file format versions, sqlite.org/fileformat.html
    if not is_wal or _has_wal(path) or os.path.exists(path + "-shm"):
        return "mode=ro"
    return "mode=rw" if os.access(path, os.W_OK) else "immutable=1"


def _has_wal(path: str) -> bool:
    """Return whether something is written beside the database that is not in it yet."""
    return os.path.exists(path + "-wal") and os.path.getsize(path + "-wal") > 0


def _is_usable(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")):
            return False
        raise
    return True
