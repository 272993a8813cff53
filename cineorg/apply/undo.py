"""Taking a batch back: the inverse of each of its steps, from the last to the first, as a plan like any other.

Nothing is marked as undone: which steps still hold follows from the batches that undid them, and which of those were
undone in their turn. So a second undo finds nothing to do, and undoing an undo does the batch again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..catalogue import journal
from ..catalogue.journal import DONE, PENDING, Batch, Step
from ..changes import Change, MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath, Unresolved
from ..errors import InputError
from .preparation import bare


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take `batch` back (None: there is nothing to undo), what cannot be, and how much has been already."""

    batch: int | None
    changes: tuple[Change, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    undone_before: int = 0


def plan_undo(connection: sqlite3.Connection, batch: int | None = None) -> Undo:
    """Return the plan that undoes a batch; None means the last one that is neither undone nor an undo itself.

    Its changes go to `apply_changes` with `undoes`, which does each only where the disk and the rows are as the batch
    left them. Raises InputError if there is no such batch.
    """
    batches = {found.id: found for found in journal.list_batches(connection)}
    if batch is None:
        batch = next(
            (
                found.id
                for found in reversed(batches.values())
                if found.undoes is None and found.states.get(DONE) and _holding_steps(connection, found.id, batches)
            ),
            None,
        )
        if batch is None:
            return Undo(None)
    if batch not in batches:
        raise InputError(f"there is no batch {batch}")
    steps = journal.list_steps(connection, batch)
    holding = _holding_steps(connection, batch, batches)
    unresolved = tuple(
        Unresolved(_name_of(step.change), "", "it is not known yet whether this was done")
        for step in steps
        if step.state == PENDING
    )
    changes = tuple(inverse(step.change, f"undo of batch {batch}") for step in reversed(holding))
    return Undo(batch, changes, unresolved, sum(step.state == DONE for step in steps) - len(holding))


def known_of(connection: sqlite3.Connection, batch: int) -> dict[Change, list[Mapping[str, Any]]]:
    """Return what the steps of a batch had found, turned round for the steps that revert them."""
    known: dict[Change, list[Mapping[str, Any]]] = {}
    batches = {found.id: found for found in journal.list_batches(connection)}
    if batch in batches:
        for step in reversed(_holding_steps(connection, batch, batches)):
            found = dict(step.found)
            if isinstance(step.change, Move):
                found["old"], found["new"] = found["new"], found["old"]
            if "volumes" in found:
                found["volumes"] = {volume: -number for volume, number in found["volumes"].items()}
            known.setdefault(bare(inverse(step.change)), []).append(found)
    return known


def inverse(change: Change, evidence: str = "") -> Change:
    """Return the change that takes this one back."""
    match change:
        case Relink():
            return Relink(change.path, change.new_target, change.old_target, evidence=evidence)
        case Move():
            return Move(change.new_path, change.path, evidence)
        case RemoveLink():
            return MakeLink(change.path, change.old_target, evidence)
        case MakeLink():
            return RemoveLink(change.path, change.target, evidence)
        case MakeDir():
            return RemoveDir(change.path, evidence)
        case RemoveDir():
            return MakeDir(change.path, evidence)
        case SetFilePath():
            return SetFilePath(change.table, change.id, change.new, change.old, evidence)


def _holding_steps(connection: sqlite3.Connection, batch: int, batches: Mapping[int, Batch]) -> list[Step]:
    """Return the steps of a batch that were done and are not undone, in order."""
    undone: dict[int, Counter[Change]] = defaultdict(Counter)
    holding: list[Step] = []
    # The latest first: what an undo took back, and was not undone itself, no longer holds.
    for number in [*sorted(_undoing(batch, batches), reverse=True), batch]:
        holding = _left_of(journal.list_steps(connection, number), undone[number])
        undone[batches[number].undoes or 0].update(bare(step.change) for step in holding)
    return holding


def _undoing(batch: int, batches: Mapping[int, Batch]) -> set[int]:
    """Return the batches that undo a batch, or undo one of those, and so on."""
    undoers: dict[int, list[int]] = defaultdict(list)
    for other in batches.values():
        if other.undoes is not None and other.undoes < other.id:
            undoers[other.undoes].append(other.id)
    found: set[int] = set()
    todo = [batch]
    while todo:
        todo += undoers[todo.pop()]
        found.update(todo)
    return found


def _left_of(steps: Sequence[Step], undone: Counter[Change]) -> list[Step]:
    """Return the done steps, in order, but for as many of each change, from the last on, as were undone."""
    left = []
    for step in reversed([step for step in steps if step.state == DONE]):
        reverted = bare(inverse(step.change))
        if undone[reverted]:
            undone[reverted] -= 1
        else:
            left.append(step)
    return left[::-1]


def _name_of(change: Change) -> str:
    return f"{change.table} {change.id}" if isinstance(change, SetFilePath) else change.path
