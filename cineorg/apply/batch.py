"""Carrying out a plan: journal first, then step by step on the disk, then, in groups, the rows that follow.

Killed at any instant, each link is the old or the new one; the journal knows which steps may have been under way,
and `recovery` settles them by looking. A step that fails does not stop the others; a catalogue that fails does.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..catalogue import journal, transaction
from ..catalogue.journal import CANCELLED, DONE, FAILED, PENDING, SKIPPED, Batch, Step
from ..changes import Change, MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from ..errors import RefusedError
from . import recovery, steps
from .duplicate_guard import check_kept
from .error_text import explain
from .guards import Guards
from .plan_validation import problem_of
from .preparation import Known, Preparation
from .reconciliation import Sight, mend
from .row_updates import Effects, touched_paths
from .undo import known_of
from .video_tree import Access, Skipped, VideoTree

# One durable write for each group of steps: at most so much is settled by looking at the disk after a crash.
GROUP_STEPS = 500
GROUP_SECONDS = 0.5

PLANNED = "planned"

# What a call says when an entry has just gone, come or changed its kind.
_MOVED_ON = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: `status` is done, skipped, failed or planned; `reason` says why it is not done."""

    change: Change
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan, one outcome a change; `batch` is its number in the journal, None if nothing was due."""

    batch: int | None
    outcomes: tuple[Outcome, ...]


def apply_changes(
    connection: sqlite3.Connection,
    changes: Sequence[Change],
    *,
    command: str,
    video_root: str,
    storage_roots: Sequence[str],
    guards: Guards | None,
    undoes: int | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Applied:
    """Carry out the changes, in order, and return what became of each; `tick(1)` is called after each.

    `guards` are asked of the whole plan and before each step. None is for taking a batch back, which rests on no
    file's absence and is no larger than what was done.

    The connection is open for writing, and `settle_pending` has been called on it. Raises RefusedError, with nothing
    changed, if a change does not belong in the video tree or the tree cannot be opened. If the catalogue fails in
    the middle (sqlite3.Error), or Ctrl-C comes, the batch ends there: what was done is done, and known.
    """
    _check_words(changes, video_root, storage_roots)
    if guards is not None:
        guards.check(changes)
    if not changes:
        return Applied(None, ())
    with _opened_tree(video_root, storage_roots) as tree:
        planned = _prepared(connection, tree, changes, undoes)
        if not any(step.state == PENDING for step in planned):
            for _ in planned:
                tick(1)
            return Applied(None, _outcomes(planned))
        batch = journal.start_batch(connection, command, planned, video_root=video_root, undoes=undoes)
        try:
            _Run(connection, tree, batch, guards).carry_out(planned, tick)
        except BaseException:
            with suppress(Exception):
                recovery.settle_batch(connection, batch)
            raise
    return Applied(batch.id, _outcomes(planned))


def preview_changes(
    connection: sqlite3.Connection,
    changes: Sequence[Change],
    *,
    video_root: str,
    storage_roots: Sequence[str],
    guards: Guards | None,
    undoes: int | None = None,
) -> tuple[Outcome, ...]:
    """Return what `apply_changes` would make of the same changes now, and alter nothing.

    The status is "planned" for a change that would be made, else as it would end. Raises as `apply_changes` does, but
    for what `guards` says of the whole plan: who previews asks that apart, to show both.
    """
    _check_words(changes, video_root, storage_roots)
    if not changes:
        return ()
    with _opened_tree(video_root, storage_roots) as tree:
        steps_ahead = _prepared(connection, tree, changes, undoes)
    for step in steps_ahead:
        if step.state == PENDING and guards is not None and (reason := guards.objection(step.change)):
            step.state, step.reason = SKIPPED, reason
    return tuple(
        Outcome(step.change, PLANNED if step.state == PENDING else step.state, step.reason) for step in steps_ahead
    )


def _check_words(changes: Sequence[Change], video_root: str, storage_roots: Sequence[str]) -> None:
    for change in changes:
        problem = problem_of(change, video_root, storage_roots)
        if problem:
            raise RefusedError(f"{problem}; nothing was changed")


def _opened_tree(video_root: str, storage_roots: Sequence[str]) -> VideoTree:
    try:
        return VideoTree(video_root, storage_roots)
    except OSError as error:
        raise RefusedError(f"the video root {video_root} cannot be opened: {explain(error)}") from None


def _prepared(
    connection: sqlite3.Connection, tree: VideoTree, changes: Sequence[Change], undoes: int | None
) -> list[Step]:
    known: Known = known_of(connection, undoes) if undoes is not None else {}
    return Preparation(connection, tree, known).steps(changes)


def _outcomes(planned: Sequence[Step]) -> tuple[Outcome, ...]:
    # A step that could not be settled stays pending in the journal; to the user it has failed.
    states = {PENDING: FAILED, CANCELLED: FAILED}
    return tuple(Outcome(step.change, states.get(step.state, step.state), step.reason) for step in planned)


class _Run:
    """One batch under way."""

    def __init__(self, connection: sqlite3.Connection, tree: VideoTree, batch: Batch, guards: Guards | None) -> None:
        self._connection = connection
        self._guards = guards
        self._tree = tree
        self._batch = batch
        self._effects = Effects(connection)
        self._sight = Sight(tree)

    def carry_out(self, planned: Sequence[Step], tick: Callable[[int], None]) -> None:
        """Do the steps that are pending, and give every step its state.

        Steps that only alter rows wait for each other: a plan of nothing else is one transaction.
        """
        group: list[Step] = []
        touches_disk = False
        group_end = time.monotonic() + GROUP_SECONDS
        for step in planned:
            if step.state == PENDING:
                if self._guards is not None and (reason := self._guards.objection(step.change)):
                    step.state, step.reason = SKIPPED, reason
                elif not isinstance(step.change, SetFilePath):
                    touches_disk = True
                    self._do(step)
                group.append(step)
            tick(1)
            if touches_disk and (len(group) >= GROUP_STEPS or time.monotonic() > group_end):
                self._record(group)
                group, touches_disk = [], False
                group_end = time.monotonic() + GROUP_SECONDS
        self._record(group, is_last=True)

    def _record(self, group: Sequence[Step], *, is_last: bool = False) -> None:
        self._tree.sync(path for step in group if step.state == DONE for path in touched_paths(step.change))
        with transaction(self._connection):
            for step in group:
                if isinstance(step.change, SetFilePath) and step.state == PENDING:
                    self._effects.set_file_path(step, step.change)
                elif step.state == DONE:
                    self._effects.follow(step)
            journal.record_steps(self._connection, self._batch, group)
            if is_last:
                journal.finish_batch(self._connection, self._batch)

    def _do(self, step: Step) -> None:
        """Do one step on the disk; its state stays pending only if the disk does not let us know how it ended."""
        temp = self._batch.temporary_name(step.position)
        try:
            alter(self._tree, step, temp)
        except Skipped as skipped:
            step.state, step.reason = SKIPPED, skipped.reason
            return
        except steps.Overtaken as overtaken:
            state, step.reason = SKIPPED, overtaken.reason
        except steps.Stuck as stuck:
            state, step.reason = FAILED, stuck.reason
        except OSError as error:
            state, step.reason = SKIPPED if error.errno in _MOVED_ON else FAILED, explain(error)
        else:
            step.state = DONE
            return
        for _ in range(2):
            try:
                if mend(self._sight, step, temp):
                    step.state, step.reason = DONE, ""
                else:
                    step.state = state
                return
            except steps.Stuck as stuck:
                step.state, step.reason = FAILED, stuck.reason
                return
            except (Skipped, steps.Overtaken, OSError):
                continue


def alter(tree: VideoTree, step: Step, temp: str) -> None:
    """Do a step's part on the disk; raises Skipped; or OSError, Overtaken or Stuck, after which `mend` must look."""
    change = step.change
    if isinstance(change, SetFilePath):
        return
    with tree.place(change.path) as place:
        match change:
            case Relink():
                steps.relink(place, change.old_target, change.new_target, temp)
            case Move():
                with tree.place(change.new_path) as destination:
                    steps.move(place, destination, step.found["old"], step.found["new"], temp)
            case RemoveLink():
                check_kept(tree, change)
                steps.remove_link(place, change.old_target, temp)
            case MakeLink():
                steps.make_link(place, change.target)
            case MakeDir():
                access = step.found.get("access")
                step.reason = steps.make_dir(place, Access(*access) if access else None, temp)
            case RemoveDir():
                steps.remove_dir(place)
