"""The record of every batch: written whole before its first step, read by `history`, `undo` and after a crash.

Invariant: what stands on the disk is either as before the step or as after it, and a step that is not `pending` is
known to be one of the two. A step's state changes in the same transaction as the catalogue rows that follow it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import paths
from ..changes import Change, ChangeError, change_from_json, change_row
from ..clock import now_text
from ..errors import CatalogueError
from ..trees.mounts import Filesystem, identify
from . import transaction

PENDING, DONE, SKIPPED, FAILED, CANCELLED = "pending", "done", "skipped", "failed", "cancelled"


@dataclass(slots=True)
class Step:
    """One change of a batch, how far it has come, and what was found when it was looked at.

    `found` may have: `old` and `new` (of a move: the link's text before and after), `rows` (ids in video_files that
    named the link), `link` (of a removed link: its row in the inventory, by column), `volumes` (by how much the link
    changed the counts of volumes outside the roots), `access` (of a removed folder: mode, owner, group).
    """

    position: int
    change: Change
    state: str = PENDING
    reason: str = ""
    found: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """One command's changes: times in UTC as text, the batch it undoes, how many steps are in which state."""

    id: int
    command: str
    started_at: str
    finished_at: str | None
    undoes: int | None
    token: str
    video_root: str
    filesystem: Filesystem
    states: dict[str, int] = field(default_factory=dict)

    def temporary_name(self, position: int) -> str:
        """Return the name that a step's temporary link bears; no other step of any catalogue shares it."""
        return f".cineorg-{self.token}-{position}~"


def start_batch(
    connection: sqlite3.Connection,
    command: str,
    steps: Sequence[Step],
    *,
    video_root: str,
    undoes: int | None = None,
) -> Batch:
    """Write a batch with all its steps, durably, and return it. Nothing is written if this raises."""
    filesystem = identify(video_root)
    token, started = os.urandom(6).hex(), now_text()
    with transaction(connection):
        cursor = connection.execute(
            "INSERT INTO cineorg_batches (command, started_at, undoes, token, video_root, fstype, source, device)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                paths.readable(command),
                started,
                undoes,
                token,
                paths.to_bytes(video_root),
                filesystem.fstype,
                paths.readable(filesystem.source),
                filesystem.device,
            ),
        )
        number = int(cursor.lastrowid or 0)
        connection.executemany(
            "INSERT INTO cineorg_steps (batch, position, change_json, state, reason, found_json)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((number, step.position, _change_json(step.change), *_progress(step)) for step in steps),
        )
    return Batch(number, command, started, None, undoes, token, video_root, filesystem)


def record_steps(connection: sqlite3.Connection, batch: Batch, steps: Iterable[Step]) -> None:
    """Write the steps' states, reasons and what was found, inside the caller's transaction."""
    connection.executemany(
        "UPDATE cineorg_steps SET state = ?, reason = ?, found_json = ? WHERE batch = ? AND position = ?",
        [(*_progress(step), batch.id, step.position) for step in steps],
    )


def finish_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    """Note the end of a batch, unless some of its steps are still pending."""
    connection.execute(
        "UPDATE cineorg_batches SET finished_at = ? WHERE id = ? AND finished_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM cineorg_steps WHERE batch = cineorg_batches.id AND state = 'pending')",
        (now_text(), batch.id),
    )


def list_batches(connection: sqlite3.Connection, *, pending_only: bool = False) -> list[Batch]:
    """Return the batches, oldest first, with the number of their steps by state."""
    where = "WHERE state = 'pending'" if pending_only else ""
    states: dict[int, dict[str, int]] = {}
    for number, state, count in connection.execute(
        f"SELECT batch, state, count(*) FROM cineorg_steps {where} GROUP BY batch, state ORDER BY batch, state"
    ):
        states.setdefault(number, {})[state] = count
    rows = connection.execute(
        "SELECT id, command, started_at, finished_at, undoes, token, video_root, fstype, source, device"
        " FROM cineorg_batches ORDER BY id"
    ).fetchall()
    return [_batch(row, states.get(row[0], {})) for row in rows if row[0] in states or not pending_only]


def _batch(row: Sequence[Any], states: dict[str, int]) -> Batch:
    number, command, started_at, finished_at, undoes, token, root, fstype, source, device = row
    filesystem = Filesystem("", fstype, source, device)
    return Batch(number, command, started_at, finished_at, undoes, token, paths.to_text(root), filesystem, states)


def list_steps(connection: sqlite3.Connection, batch: int) -> list[Step]:
    """Return the steps of a batch in the order in which they were done; raises CatalogueError for one without sense."""
    rows = connection.execute(
        "SELECT position, change_json, state, reason, found_json FROM cineorg_steps WHERE batch = ? ORDER BY position",
        (batch,),
    )
    return [_step(batch, *row) for row in rows]


def _step(batch: int, position: int, change: str, state: str, reason: str, found: str) -> Step:
    try:
        return Step(position, read_change(change), state, reason, _read_object(found))
    except ChangeError as error:
        raise CatalogueError(f"step {position} of batch {batch} in cineorg_steps cannot be read: {error}") from None


def read_change(text: Any) -> Change:
    """Return the change that a step's text says; raises ChangeError."""
    return change_from_json(_read_object(text))


def _read_object(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise ChangeError(str(error)) from None
    if not isinstance(found, dict):
        raise ChangeError("no JSON object")
    return found


def _change_json(change: Change) -> str:
    row = change_row(change)
    del row["status"]
    return json.dumps(paths.json_fields(row))


def _progress(step: Step) -> tuple[str, str, str]:
    # In found_json nobody else reads, bytes that are not UTF-8 stay the lone surrogates that they are in memory.
    return step.state, paths.readable(step.reason), json.dumps(step.found)
