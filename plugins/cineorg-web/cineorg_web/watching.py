"""What other programs have done to the library: scans, batches and reports, noticed by looking at a few files."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from typing import Any, NamedTuple

from cineorg.plugin import Catalogue, CineorgError, Settings, list_batches, open_catalogue, reports_path

MOST_BATCHES = 20


class Done(NamedTuple):
    """A batch of changes: `counts` by state of its steps, `undone_by` the batch that took it back, times UTC text."""

    id: int
    command: str
    at: str
    counts: dict[str, int]
    undoes: int | None
    undone_by: int | None


class Seen(NamedTuple):
    """The library as it is known now: `token` is another one after every change; batches, the last one first."""

    token: str = ""
    scanned_at: str = ""
    batches: tuple[Done, ...] = ()

    def changes_since(self, checked_at: str) -> list[str]:
        """Return in words what has happened to the library since a time (ISO 8601, UTC)."""
        moment = checked_at[:19].replace("T", " ")
        words = ["the library was scanned"] if self.scanned_at > moment else []
        later = [batch for batch in self.batches if batch.at > moment]
        return [*words, *([f"{later[0].command} changed it (batch {later[0].id})"] if later else [])]


class Watch:
    """Reads the catalogue again when its file, or that of the last reports, is another one than before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = (settings.db, f"{settings.db}-wal", reports_path(settings))
        self._lock = threading.Lock()  # pages and streams ask from threads
        self._stamp: object = None
        self._seen = Seen()

    def look(self) -> Seen:
        """Return what is known now; where the catalogue cannot be read, nothing."""
        with self._lock:
            stamp = [_stamp(path) for path in self._files]
            if stamp != self._stamp:
                self._stamp, self._seen = stamp, self._read(repr(stamp))
            return self._seen

    def _read(self, stamp: str) -> Seen:
        token = hashlib.blake2b(stamp.encode(), digest_size=8).hexdigest()
        try:
            with open_catalogue(self._settings.db) as connection:
                scanned_at = Catalogue(connection).last_scan()
                return Seen(token, scanned_at or "", tuple(_batches(connection)) if scanned_at else ())
        except (CineorgError, sqlite3.Error, OSError):
            return Seen(token)


def _batches(connection: sqlite3.Connection) -> list[Done]:
    batches = list_batches(connection)
    undone = {batch.undoes: batch.id for batch in batches if batch.undoes is not None}
    return [
        Done(
            batch.id,
            batch.command,
            batch.finished_at or batch.started_at,
            {state: count for state, count in batch.states.items() if count},
            batch.undoes,
            undone.get(batch.id),
        )
        for batch in reversed(batches[-MOST_BATCHES:])
    ]


def _stamp(path: str) -> Any:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
