"""The links that scans have seen, each with its text, so that one which vanished can be made again."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..paths import to_text


class KnownLink(NamedTuple):
    """A link as a scan saw it; `missing_since` (UTC text) is None while the last scan still found it."""

    path: str
    target: str
    first_seen: str
    missing_since: str | None


def load_known_links(connection: sqlite3.Connection, as_of: str = "") -> list[KnownLink]:
    """Return the links that were there at `as_of` (UTC text), sorted by path; "" means the last two scans.

    Those that the last scan found missing for the first time count too: whoever notices a loss has often scanned
    since. A link that one of our own batches removed is forgotten with its row, so it never comes back from here.
    """
    values: tuple[str, ...]
    if not as_of:
        # The scan before the last one: a link that was missing by then is older news than this question asks for.
        row = connection.execute("SELECT started_at FROM cineorg_scans ORDER BY id DESC LIMIT 1").fetchone()
        where, values = "missing_since IS NULL OR missing_since >= ?", (row[0] if row else "",)
    else:
        where, values = "first_seen <= ? AND (missing_since IS NULL OR missing_since > ?)", (as_of, as_of)
    rows = connection.execute(
        f"SELECT path, target, first_seen, missing_since FROM cineorg_links WHERE {where} ORDER BY path", values
    )
    return [KnownLink(to_text(path), to_text(target), first, missing) for path, target, first, missing in rows]
