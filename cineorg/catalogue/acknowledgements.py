"""Findings that somebody knows and accepts: remembered with what they said, so that a change of it ends that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..clock import now_text
from ..paths import to_bytes, to_text
from . import transaction

_TABLE = "cineorg_acknowledged"
_POINTS = ("target", "size", "reason")


class Acknowledgement(NamedTuple):
    """A finding of `kind` at `path` that is known; `points` has what it said, `when` is a UTC text."""

    kind: str
    path: str
    points: Mapping[str, Any]
    when: str


def points_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a finding says that, once it changes, makes it another one: target, size, reason.

    Its details are its reason, but for a broken link with its candidate: there they are about the candidate.
    """
    points = {name: row[name] for name in _POINTS if name in row}
    if "reason" not in points and "candidate" not in row:
        points["reason"] = row.get("details", "")
    return points


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two findings of one kind and place agree in all points that both have."""
    return all(one[name] == other[name] for name in one.keys() & other.keys())


class Acknowledgements:
    """All that is known of a library."""

    def __init__(self, items: Iterable[Acknowledgement] = ()) -> None:
        self._items = {(item.kind, item.path): item for item in items}

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> list[Acknowledgement]:
        """Return them by path and kind."""
        return sorted(self._items.values(), key=lambda item: (item.path, item.kind))

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Return whether a finding, as a row, is known just as it is."""
        item = self._items.get((str(row["type"]), str(row["path"])))
        return item is not None and is_same(item.points, points_of(row))


def load_acknowledgements(connection: sqlite3.Connection) -> Acknowledgements:
    """Return what is known."""
    rows = connection.execute(f"SELECT kind, path, points_json, acknowledged_at FROM {_TABLE}")
    return Acknowledgements(
        Acknowledgement(kind, to_text(path), json.loads(points), when) for kind, path, points, when in rows
    )


def acknowledge(connection: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Remember findings, as rows of a report; what was known of such a place before is replaced."""
    now = now_text()
    with transaction(connection):
        connection.executemany(
            f"INSERT OR REPLACE INTO {_TABLE} VALUES (?, ?, ?, ?)",
            ((to_bytes(row["path"]), row["type"], json.dumps(points_of(row)), now) for row in rows),
        )


def forget(connection: sqlite3.Connection, items: Iterable[Acknowledgement]) -> None:
    """Report these findings again."""
    with transaction(connection):
        connection.executemany(
            f"DELETE FROM {_TABLE} WHERE path = ? AND kind = ?", ((to_bytes(item.path), item.kind) for item in items)
        )
