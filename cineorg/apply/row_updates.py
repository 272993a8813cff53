"""The catalogue rows that follow a link: done in the transaction that marks the step as done.

`cineorg_links` (our inventory), `cineorg_places` (see `counts`), `cineorg_pins` and the application's
`video_files.symlink_path` follow what happened on the disk. What a removal takes out of them is kept in the step, so
that undo can put it back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable

from ..catalogue.journal import DONE, SKIPPED, Step
from ..changes import Change, MakeLink, Move, Relink, RemoveLink, SetFilePath
from ..clock import now_text
from ..paths import is_valid_text, to_bytes
from .place_counts import Counts

_LINK_COLUMNS = ("target", "first_seen", "last_seen", "missing_since")


def stored(path: str | None) -> str | bytes | None:
    """Return the path as the application's TEXT columns hold it: a BLOB if its bytes are not UTF-8."""
    return path if path is None or is_valid_text(path) else to_bytes(path)


def compared(path: str | None) -> bytes | None:
    """Return the path as `CAST(column AS BLOB) IS ?` compares it, whichever of the two the column holds."""
    return None if path is None else to_bytes(path)


class Effects:
    """Carries out the rows' part of steps, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts = Counts(connection)
        self._video_rows: dict[bytes, list[int]] | None = None

    def follow(self, step: Step) -> None:
        """Let the rows follow a step that was done on the disk; `step.found` gets what undo will need."""
        change = step.change
        if isinstance(change, Relink):
            known = self._connection.execute(
                "UPDATE cineorg_links SET target = ? WHERE path = ? AND target = ?",
                (to_bytes(change.new_target), to_bytes(change.path), to_bytes(change.old_target)),
            ).rowcount
            self._follow_target(step, change, change.new_target, is_counted=known > 0)
        elif isinstance(change, Move):
            self._follow_move(step, change)
        elif isinstance(change, RemoveLink):
            self._follow_removal(step, change)
        elif isinstance(change, MakeLink):
            self._follow_return(step, change)

    def set_file_path(self, step: Step, change: SetFilePath) -> None:
        """Give the row its new file_path and the step its state: done, or skipped if the row says something else."""
        cursor = self._connection.execute(
            f"UPDATE {change.table} SET file_path = ?, updated_at = ? WHERE id = ? AND CAST(file_path AS BLOB) IS ?",
            (stored(change.new), now_text(), change.id, compared(change.old)),
        )
        if cursor.rowcount:
            step.state = DONE
        else:
            step.state, step.reason = SKIPPED, "the row has another file_path now, or is gone"

    def _follow_move(self, step: Step, change: Move) -> None:
        old, new = to_bytes(change.path), to_bytes(change.new_path)
        row = self._connection.execute("SELECT missing_since FROM cineorg_links WHERE path = ?", (old,)).fetchone()
        if row:
            # Left over from a link that once stood there: the name was free when we took it.
            self._connection.execute("DELETE FROM cineorg_links WHERE path = ?", (new,))
            self._connection.execute(
                "UPDATE cineorg_links SET path = ?, target = ? WHERE path = ?",
                (new, to_bytes(step.found["new"]), old),
            )
            if row[0] is None:
                self._counts.follow_link(change.path, change.new_path)
        self._connection.execute("UPDATE OR REPLACE cineorg_pins SET path = ? WHERE path = ?", (new, old))
        self._rename_in_video_files(step, change.path, change.new_path)

    def _follow_removal(self, step: Step, change: RemoveLink) -> None:
        path = to_bytes(change.path)
        row = self._connection.execute(
            f"SELECT CAST(target AS BLOB), {', '.join(_LINK_COLUMNS[1:])} FROM cineorg_links WHERE path = ?", (path,)
        ).fetchone()
        if row:
            step.found["link"] = [row[0].decode("utf-8", "surrogateescape"), *row[1:]]
            self._connection.execute("DELETE FROM cineorg_links WHERE path = ?", (path,))
        is_counted = row is not None and row[3] is None
        if is_counted:
            self._counts.follow_link(change.path, None)
        self._follow_target(step, change, None, is_counted=is_counted)
        self._rename_in_video_files(step, change.path, None)

    def _follow_return(self, step: Step, change: MakeLink) -> None:
        link = step.found.get("link")
        if link:
            if link[3] is None and not self._is_counted(change.path):
                self._counts.follow_link(None, change.path)
                self._counts.add(step.found.get("volumes", {}))
            self._connection.execute(
                f"INSERT OR REPLACE INTO cineorg_links (path, {', '.join(_LINK_COLUMNS)}) VALUES (?, ?, ?, ?, ?)",
                (to_bytes(change.path), to_bytes(link[0]), *link[1:]),
            )
        self._rename_in_video_files(step, None, change.path)

    def _follow_target(self, step: Step, change: Relink | RemoveLink, new: str | None, *, is_counted: bool) -> None:
        """Let the volumes outside the roots follow a link that reaches another file now, or none."""
        if not is_counted:
            step.found["volumes"] = {}
        elif "volumes" not in step.found:  # an undo has them from the step that it takes back
            old = None if change.if_broken else change.old_target
            step.found["volumes"] = self._counts.volumes(os.path.dirname(change.path), old, new)
        self._counts.add(step.found["volumes"])

    def _is_counted(self, path: str) -> bool:
        return bool(
            self._connection.execute(
                "SELECT 1 FROM cineorg_links WHERE path = ? AND missing_since IS NULL", (to_bytes(path),)
            ).fetchone()
        )

    def _rename_in_video_files(self, step: Step, old: str | None, new: str | None) -> None:
        """Let the rows that named the link name it anew; those of an undone step are taken from that step."""
        rows = self._rows_by_path()
        if "rows" not in step.found:
            step.found["rows"] = list(rows.get(to_bytes(old), ())) if old else []
        for row in step.found["rows"]:
            self._connection.execute(
                "UPDATE video_files SET symlink_path = ?, updated_at = ?"
                " WHERE id = ? AND CAST(symlink_path AS BLOB) IS ?",
                (stored(new), now_text(), row, compared(old)),
            )
            if old and row in rows.get(to_bytes(old), ()):
                rows[to_bytes(old)] = [other for other in rows[to_bytes(old)] if other != row]
            if new:
                rows.setdefault(to_bytes(new), []).append(row)

    def _rows_by_path(self) -> dict[bytes, list[int]]:
        # The application's table has no index on symlink_path: one pass instead of one for each step.
        if self._video_rows is None:
            self._video_rows = {}
            for number, path in self._connection.execute(
                "SELECT id, CAST(symlink_path AS BLOB) FROM video_files WHERE symlink_path IS NOT NULL"
            ):
                self._video_rows.setdefault(path, []).append(number)
        return self._video_rows


def touched_paths(change: Change) -> Iterable[str]:
    """Return the names on the disk that a change alters."""
    if isinstance(change, SetFilePath):
        return ()
    return (change.path, change.new_path) if isinstance(change, Move) else (change.path,)
