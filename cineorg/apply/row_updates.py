"""The catalogue rows that follow a link: done in the transaction that marks the step as done.

`cineorg_links` (our inventory), `cineorg_places` (see `counts`), `cineorg_pins` and the application's
`video_files.symlink_path` follow what happened on the disk. What a removal takes out of them is kept in the step, so
that undo can put it back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable

from ..catalogue.followed_rows import (
    delete_link_row,
    link_row,
    rename_link_row,
    rename_pin,
    retarget_link_row,
    rows_by_symlink,
    save_link_row,
    set_file_path,
    set_symlink_path,
)
from ..catalogue.journal import DONE, SKIPPED, Step
from ..changes import Change, MakeLink, Move, Relink, RemoveLink, SetFilePath
from .place_counts import Counts


class Effects:
    """Carries out the rows' part of steps, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts = Counts(connection)
        self._video_rows: dict[str, list[int]] | None = None

    def follow(self, step: Step) -> None:
        """Let the rows follow a step that was done on the disk; `step.found` gets what undo will need."""
        change = step.change
        if isinstance(change, Relink):
            known = retarget_link_row(self._connection, change.path, change.old_target, change.new_target)
            self._follow_target(step, change, change.new_target, is_counted=known)
        elif isinstance(change, Move):
            self._follow_move(step, change)
        elif isinstance(change, RemoveLink):
            self._follow_removal(step, change)
        elif isinstance(change, MakeLink):
            self._follow_return(step, change)

    def set_file_path(self, step: Step, change: SetFilePath) -> None:
        """Give the row its new file_path and the step its state: done, or skipped if the row says something else."""
        if set_file_path(self._connection, change.table, change.id, change.old, change.new):
            step.state = DONE
        else:
            step.state, step.reason = SKIPPED, "the row has another file_path now, or is gone"

    def _follow_move(self, step: Step, change: Move) -> None:
        row = link_row(self._connection, change.path)
        if row:
            # Left over from a link that once stood there: the name was free when we took it.
            delete_link_row(self._connection, change.new_path)
            rename_link_row(self._connection, change.path, change.new_path, step.found["new"])
            if row[3] is None:
                self._counts.follow_link(change.path, change.new_path)
        rename_pin(self._connection, change.path, change.new_path)
        self._rename_in_video_files(step, change.path, change.new_path)

    def _follow_removal(self, step: Step, change: RemoveLink) -> None:
        row = link_row(self._connection, change.path)
        if row:
            step.found["link"] = list(row)
            delete_link_row(self._connection, change.path)
        is_counted = row is not None and row[3] is None
        if is_counted:
            self._counts.follow_link(change.path, None)
        self._follow_target(step, change, None, is_counted=is_counted)
        self._rename_in_video_files(step, change.path, None)

    def _follow_return(self, step: Step, change: MakeLink) -> None:
        link = step.found.get("link")
        if link:
            known = link_row(self._connection, change.path)
            if link[3] is None and (known is None or known[3] is not None):
                self._counts.follow_link(None, change.path)
                self._counts.add(step.found.get("volumes", {}))
            save_link_row(self._connection, change.path, link)
        self._rename_in_video_files(step, None, change.path)

    def _follow_target(self, step: Step, change: Relink | RemoveLink, new: str | None, *, is_counted: bool) -> None:
        """Let the volumes outside the roots follow a link that reaches another file now, or none."""
        if not is_counted:
            step.found["volumes"] = {}
        elif "volumes" not in step.found:  # an undo has them from the step that it takes back
            old = None if change.if_broken else change.old_target
            step.found["volumes"] = self._counts.volumes(os.path.dirname(change.path), old, new)
        self._counts.add(step.found["volumes"])

    def _rename_in_video_files(self, step: Step, old: str | None, new: str | None) -> None:
        """Let the rows that named the link name it anew; those of an undone step are taken from that step."""
        if self._video_rows is None:  # the table has no index on the path: one pass instead of one for each step
            self._video_rows = rows_by_symlink(self._connection)
        rows = self._video_rows
        if "rows" not in step.found:
            step.found["rows"] = list(rows.get(old, ())) if old else []
        for row in step.found["rows"]:
            set_symlink_path(self._connection, row, old, new)
            if old and row in rows.get(old, ()):
                rows[old] = [other for other in rows[old] if other != row]
            if new:
                rows.setdefault(new, []).append(row)


def touched_paths(change: Change) -> Iterable[str]:
    """Return the names on the disk that a change alters."""
    if isinstance(change, SetFilePath):
        return ()
    return (change.path, change.new_path) if isinstance(change, Move) else (change.path,)
