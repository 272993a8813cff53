"""How much there is in a library, as the last scan left it."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..paths import to_text


class LibraryCounts(NamedTuple):
    """Rows of films, series and episodes; stored files with their size in bytes, and links, that are there.

    `scanned_at`: when the last scan ended (UTC text), None if there was none; `complete`: whether it could read all.
    """

    films: int
    series: int
    episodes: int
    files: int
    size: int
    links: int
    scanned_at: str | None
    complete: bool | None


def count_library(connection: sqlite3.Connection) -> LibraryCounts:
    """Return the counts of the catalogue."""
    films, series, episodes, links = (
        int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        for table in ("movies", "series", "episodes", "cineorg_links WHERE missing_since IS NULL")
    )
    files, size = connection.execute(
        "SELECT count(*), coalesce(sum(size_bytes), 0) FROM cineorg_files WHERE missing_since IS NULL"
    ).fetchone()
    last = connection.execute("SELECT finished_at, complete FROM cineorg_scans ORDER BY id DESC LIMIT 1").fetchone()
    scanned_at, complete = (str(last[0]), bool(last[1])) if last else (None, None)
    return LibraryCounts(films, series, episodes, int(files), int(size), links, scanned_at, complete)


def when_scanned(connection: sqlite3.Connection) -> dict[str, str]:
    """Return when each root, first-level folder and outside volume was last read whole (UTC text), by path."""
    return {
        to_text(path): str(when) for path, when in connection.execute("SELECT path, scanned_at FROM cineorg_places")
    }
