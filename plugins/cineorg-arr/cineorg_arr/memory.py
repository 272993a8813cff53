"""What was asked for and when, in a small SQLite file beside the catalogue, so that a nightly run does not repeat it.

What is remembered is the film or episode (its id at TMDB or TVDB), not the number that one installation gives it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from cineorg.plugin import CatalogueError, RefusedError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY, service TEXT NOT NULL, thing TEXT NOT NULL, title TEXT NOT NULL, asked_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS asked_thing ON asked (service, thing);
PRAGMA user_version = 1
"""
_FORMAT = "%Y-%m-%d %H:%M:%S"
_BUSY_S = 5.0
Key = tuple[str, str]


def memory_path(db: str) -> str:
    """Return the file that belongs to a catalogue: `cineorg.arr.db` beside `cineorg.db`."""
    return f"{os.path.splitext(db)[0]}.arr.db"


def remembered(path: str) -> dict[Key, datetime]:
    """Return when each (service, thing) was last asked for; nothing, and no file is made, where there is none."""
    if not os.path.exists(path):
        return {}
    with _explained(path), closing(_connect(path, "ro")) as connection:
        is_begun = connection.execute("PRAGMA user_version").fetchone()[0]
        return _last(connection) if is_begun else {}


@contextmanager
def writing(path: str) -> Iterator[Memory]:
    """Yield the memory, held against other runs until the block ends; what the block raises is not remembered."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise CatalogueError(f"{path}: {(error.strerror or str(error)).lower()}; nothing was asked") from None
    with _explained(path), closing(_connect(path, "rwc")) as connection:
        # Once locked it stays so between two services: what was asked of one must not be hidden by another run.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute("BEGIN IMMEDIATE")
        # Asked now whether anything can be written: what was asked and not remembered would be asked every night.
        connection.execute("PRAGMA user_version = 1")
        yield Memory(connection)
        if connection.in_transaction:
            connection.execute("COMMIT")


class Memory:
    """The memory of one run that asks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self) -> dict[Key, datetime]:
        """Return when each (service, thing) was last asked for."""
        return _last(self._connection)

    def add(self, service: str, things: Iterable[tuple[str, str]], when: datetime) -> None:
        """Remember durably that these (thing, title) were asked for."""
        self._connection.executemany(
            "INSERT INTO asked (service, thing, title, asked_at) VALUES (?, ?, ?, ?)",
            [(service, thing, title, when.strftime(_FORMAT)) for thing, title in things],
        )
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")


def _last(connection: sqlite3.Connection) -> dict[Key, datetime]:
    # The latest by number: a clock that once was ahead must not hide what came after.
    rows = connection.execute("SELECT service, thing, asked_at FROM asked ORDER BY id")
    return {(service, thing): datetime.strptime(when, _FORMAT).replace(tzinfo=UTC) for service, thing, when in rows}


def is_recent(when: datetime | None, now: datetime, again: timedelta) -> bool:
    """Return whether something was asked for less than `again` ago; a time to come (the clock was wrong) is none."""
    return when is not None and now - again < when <= now


def _connect(path: str, mode: str) -> sqlite3.Connection:
    from urllib.parse import quote

    return sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode={mode}", uri=True, timeout=_BUSY_S, isolation_level=None
    )


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn SQLite's errors into one line."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise RefusedError("another request-missing is at work; try again when it has ended") from None
        raise CatalogueError(f"{path}, where it is remembered what was asked: {error}") from None
