"""The last reports of a library: a hundred summaries of each command, and the rows of its latest report.

They stand in a file of their own: a report changes nothing, the catalogue neither. Nobody waits for it, and where it
cannot be written or read there simply are no earlier reports. Bytes that are not UTF-8 stay the lone surrogates that
they are in memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

from ..settings.configuration import Settings
from ..settings.state_files import state_path

MOST_KEPT, MOST_ROWS = 100, 200_000
_PATIENCE_S = 0.2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS reports (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, checked_at TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    command TEXT NOT NULL, position INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY (command, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shapes (command TEXT PRIMARY KEY, shape TEXT NOT NULL);
"""


def reports_path(settings: Settings) -> str:
    """Return the file that holds the reports of a library."""
    return state_path(settings, "reports") + ".sqlite"


def keep_report(
    settings: Settings, document: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], shape: Mapping[str, Any]
) -> None:
    """Keep a whole report: `document` without its lists of rows, its rows in memory form, and how it is laid out.

    `shape`: `{"columns": ["type", "path", …], "titles": {"broken_symlink": "Broken links", …}}`.
    """
    try:
        with closing(_open(reports_path(settings), write=True)) as connection:
            connection.executescript(_SCHEMA)
            with _transaction(connection):
                _write(connection, document, rows, shape)
    except (OSError, sqlite3.Error):
        return  # what cannot be kept is not known the next time


def _write(
    connection: sqlite3.Connection,
    document: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    shape: Mapping[str, Any],
) -> None:
    command = document["command"]
    connection.execute(
        "INSERT INTO reports (command, checked_at, document) VALUES (?, ?, ?)",
        (command, document["checked_at"], json.dumps(document)),
    )
    connection.execute(
        "DELETE FROM reports WHERE command = ? AND id NOT IN"
        " (SELECT id FROM reports WHERE command = ? ORDER BY id DESC LIMIT ?)",
        (command, command, MOST_KEPT),
    )
    connection.execute("INSERT OR REPLACE INTO shapes VALUES (?, ?)", (command, json.dumps(shape)))
    connection.execute("DELETE FROM rows WHERE command = ?", (command,))
    connection.executemany(
        "INSERT INTO rows VALUES (?, ?, ?)",
        ((command, number, json.dumps(row)) for number, row in zip(range(MOST_ROWS), rows, strict=False)),
    )


def kept_reports(settings: Settings, command: str) -> list[dict[str, Any]]:
    """Return the documents of the last reports of a command, without their rows, the latest one last."""
    try:
        with closing(_open(reports_path(settings))) as connection:
            found = connection.execute("SELECT document FROM reports WHERE command = ? ORDER BY id", (command,))
            return [json.loads(document) for (document,) in found]
    except (OSError, sqlite3.Error, ValueError):
        return []


def kept_rows(settings: Settings, command: str) -> list[dict[str, Any]]:
    """Return the rows of the latest report of a command, in memory form."""
    try:
        with closing(_open(reports_path(settings))) as connection:
            found = connection.execute("SELECT row FROM rows WHERE command = ? ORDER BY position", (command,))
            return [json.loads(row) for (row,) in found]
    except (OSError, sqlite3.Error, ValueError):
        return []


def kept_shape(settings: Settings, command: str) -> dict[str, Any]:
    """Return how the latest report of a command is laid out, see `keep_report`; empty if there is none."""
    try:
        with closing(_open(reports_path(settings))) as connection:
            found = connection.execute("SELECT shape FROM shapes WHERE command = ?", (command,)).fetchone()
            shape: dict[str, Any] = json.loads(found[0]) if found else {}
            return shape
    except (OSError, sqlite3.Error, ValueError):
        return {}


def _open(path: str, *, write: bool = False) -> sqlite3.Connection:
    """Return a connection to a regular file of ours; raises OSError where something else is there."""
    if write:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT if write else os.O_RDONLY
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
    finally:
        os.close(descriptor)
    name = f"file:{quote(os.fsencode(path))}?mode={'rw' if write else 'ro'}"
    connection = sqlite3.connect(name, uri=True, timeout=_PATIENCE_S, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")  # the last report is not worth a wait for the disk
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
