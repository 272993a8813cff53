"""Rows that follow a link: those of our inventory, the counts of places, and the paths in the application's tables.

Every function runs inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from ..clock import now_text
from ..paths import to_bytes, to_text
from .application_rows import sql_path

# What the inventory knows of a link: its text, when it was first and last seen, since when it is missing.
LinkRow = tuple[str, str | None, str | None, str | None]


def link_row(connection: sqlite3.Connection, path: str) -> LinkRow | None:
    """Return what the inventory knows of a link, None if no scan has seen it."""
    row = connection.execute(
        "SELECT CAST(target AS BLOB), first_seen, last_seen, missing_since FROM cineorg_links WHERE path = ?",
        (to_bytes(path),),
    ).fetchone()
    return (to_text(row[0]), *row[1:]) if row else None


def save_link_row(connection: sqlite3.Connection, path: str, row: Iterable[str | None]) -> None:
    """Let the inventory know this of a link, and nothing else."""
    target, *times = row
    connection.execute(
        "INSERT OR REPLACE INTO cineorg_links (path, target, first_seen, last_seen, missing_since)"
        " VALUES (?, ?, ?, ?, ?)",
        (to_bytes(path), to_bytes(target or ""), *times),
    )


def delete_link_row(connection: sqlite3.Connection, path: str) -> None:
    """Let the inventory know nothing of a link."""
    connection.execute("DELETE FROM cineorg_links WHERE path = ?", (to_bytes(path),))


def rename_link_row(connection: sqlite3.Connection, old: str, new: str, target: str) -> None:
    """Give a link of the inventory its new path and text."""
    connection.execute(
        "UPDATE cineorg_links SET path = ?, target = ? WHERE path = ?",
        (to_bytes(new), to_bytes(target), to_bytes(old)),
    )


def retarget_link_row(connection: sqlite3.Connection, path: str, old: str, new: str) -> bool:
    """Give a link of the inventory its new text; return whether it was there with the old one."""
    return bool(
        connection.execute(
            "UPDATE cineorg_links SET target = ? WHERE path = ? AND target = ?",
            (to_bytes(new), to_bytes(path), to_bytes(old)),
        ).rowcount
    )


def rename_pin(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Let what was given to a link by hand follow the link."""
    connection.execute("UPDATE OR REPLACE cineorg_pins SET path = ? WHERE path = ?", (to_bytes(new), to_bytes(old)))


def place_kinds(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the kind of each place that scans have counted."""
    return {to_text(path): kind for path, kind in connection.execute("SELECT path, kind FROM cineorg_places")}


def add_to_counts(connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
    """Change the counts of places by so much."""
    connection.executemany(
        "UPDATE cineorg_places SET files = files + ? WHERE path = ?",
        [(number, to_bytes(place)) for place, number in numbers.items()],
    )


def file_path_of(connection: sqlite3.Connection, table: str, row_id: int) -> str | None:
    """Return the file_path of a row, None if it has none; raises LookupError if there is no such row."""
    row = connection.execute(f"SELECT CAST(file_path AS BLOB) FROM {table} WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        raise LookupError(f"{table} has no row {row_id}")
    return None if row[0] is None else to_text(row[0])


def set_file_path(connection: sqlite3.Connection, table: str, row_id: int, old: str | None, new: str | None) -> bool:
    """Give a row its new file_path; return whether it was there with the old one."""
    return bool(
        connection.execute(
            f"UPDATE {table} SET file_path = ?, updated_at = ? WHERE id = ? AND CAST(file_path AS BLOB) IS ?",
            (_stored(new), now_text(), row_id, _compared(old)),
        ).rowcount
    )


def rows_by_symlink(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Return the ids of `video_files` by the link that they name."""
    found: dict[str, list[int]] = {}
    for number, path in connection.execute(
        "SELECT id, CAST(symlink_path AS BLOB) FROM video_files WHERE symlink_path IS NOT NULL"
    ):
        found.setdefault(to_text(path), []).append(number)
    return found


def set_symlink_path(connection: sqlite3.Connection, row_id: int, old: str | None, new: str | None) -> None:
    """Let a row of `video_files` that names the old link name the new one; None: no link."""
    connection.execute(
        "UPDATE video_files SET symlink_path = ?, updated_at = ? WHERE id = ? AND CAST(symlink_path AS BLOB) IS ?",
        (_stored(new), now_text(), row_id, _compared(old)),
    )


def _stored(path: str | None) -> str | bytes | None:
    return None if path is None else sql_path(path)


def _compared(path: str | None) -> bytes | None:
    # As `CAST(column AS BLOB) IS ?` compares it, whether the column holds text or bytes.
    return None if path is None else to_bytes(path)
