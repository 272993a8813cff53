"""A glance at the latest batches, for shell completion: at once or not at all, and nothing is written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from urllib.parse import quote

_PATIENCE_S = 0.2  # somebody is waiting with a finger on TAB


def latest_batches(database: str, most: int) -> list[tuple[int, str, str]]:
    """Return id, command and start of so many batches at most, the last one first; raises sqlite3.Error or OSError.

    A database in WAL mode is opened so that SQLite makes none of the files that usually stand beside it: what only
    such a file knows is passed over unless a program has both open.
    """
    wal, shared = database + "-wal", database + "-shm"
    is_in_use = os.path.exists(shared) and os.path.exists(wal) and os.path.getsize(wal) > 0
    name, mode = quote(os.fsencode(os.path.abspath(database))), "mode=ro" if is_in_use else "immutable=1"
    with closing(sqlite3.connect(f"file:{name}?{mode}", uri=True, timeout=_PATIENCE_S)) as connection:
        return connection.execute(
            "SELECT id, command, started_at FROM cineorg_batches ORDER BY id DESC LIMIT ?", (most,)
        ).fetchall()
