"""Pins: the files that somebody gave to links by hand."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable

from ..changes import ChangeError, Relink
from ..clock import now_text
from ..paths import to_bytes, to_text
from ..trees.links import absolute_target
from ..trees.time_limit import real_path
from . import transaction
from .file_moves import Pin
from .journal import read_change


def save_pin(connection: sqlite3.Connection, path: str, target: str) -> None:
    """Remember that somebody gave the link at `path` the file `target` by hand."""
    with transaction(connection):
        connection.execute(
            "INSERT OR REPLACE INTO cineorg_pins VALUES (?, ?, ?)", (to_bytes(path), to_bytes(target), now_text())
        )


def forget_pins(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Forget the files that were given to these links by hand, where a link does not lead to that file any more."""
    for path in paths:
        row = connection.execute("SELECT target FROM cineorg_pins WHERE path = ?", (to_bytes(path),)).fetchone()
        if row is None:
            continue
        try:
            end = absolute_target(real_path(os.path.dirname(path)), os.readlink(path))
        except OSError:
            continue
        if end != to_text(row[0]):
            with transaction(connection):
                connection.execute("DELETE FROM cineorg_pins WHERE path = ?", (to_bytes(path),))


def load_pins(connection: sqlite3.Connection) -> dict[str, Pin]:
    """Return the pins by link; one whose relink has been undone since holds no more."""
    pins = {
        to_text(path): Pin(to_text(target), when)
        for path, target, when in connection.execute("SELECT path, target, pinned_at FROM cineorg_pins")
    }
    if not pins:
        return pins
    for text, when in connection.execute(
        "SELECT change_json, started_at FROM cineorg_steps JOIN cineorg_batches AS batch ON batch.id = batch"
        " WHERE undoes IS NOT NULL AND state = 'done'"
    ):
        try:
            change = read_change(text)
        except ChangeError:
            continue
        pin = pins.get(getattr(change, "path", ""))
        if isinstance(change, Relink) and pin is not None and when >= pin.pinned_at:
            del pins[change.path]
    return pins
