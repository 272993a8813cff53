"""After a crash: each step that the journal calls pending is judged by the disk, and the catalogue follows it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable

from ..catalogue import journal, transaction
from ..catalogue.journal import CANCELLED, DONE, FAILED, PENDING, Batch, Step
from ..changes import SetFilePath
from ..errors import CatalogueError
from ..trees.mounts import identify
from ..trees.time_limit import ask
from .reconciliation import Sight, mend
from .row_updates import Effects, touched_paths
from .steps import Overtaken, Stuck
from .video_tree import Skipped, VideoTree

_NOT_REACHED = "interrupted before this step"
_AFTERWARDS = "found done after an interruption"


def settle_pending(
    connection: sqlite3.Connection, video_root: str, tell: Callable[[str], None] = lambda _: None
) -> int:
    """Settle what earlier batches left pending in the tree at `video_root`; return the number of steps settled.

    A step counts as done if the disk is as after it: then the rows that follow it are brought up to date. If not, it
    is cancelled. Temporary links of ours are removed. What cannot be looked at stays pending, and so do batches of
    another tree, or while another filesystem is mounted at the video root. `tell` is told of what makes no sense.
    """
    settled = 0
    for batch in journal.list_batches(connection, pending_only=True):
        if _is_same_folder(batch.video_root, video_root):
            try:
                settled += settle_batch(connection, batch)
            except CatalogueError as error:
                tell(f"{error}; what is pending of that batch stays so")
    return settled


def _is_same_folder(one: str, other: str) -> bool:
    """Return whether two spellings lead to one folder: a root may be named by a link to it."""
    if one == other:
        return True
    try:
        return os.path.samestat(ask(os.stat, one), ask(os.stat, other))
    except OSError:
        return False


def settle_batch(connection: sqlite3.Connection, batch: Batch) -> int:
    """Settle the pending steps of one batch, as `settle_pending` does; return their number."""
    if not batch.filesystem.is_same_as(identify(batch.video_root)):
        return 0
    pending = [step for step in journal.list_steps(connection, batch.id) if step.state == PENDING]
    try:
        tree = VideoTree(batch.video_root)
    except OSError:
        return 0
    with tree:
        _judge(tree, batch, pending)
        _judge_rows(pending)
        settled = [step for step in pending if step.state != PENDING]
        tree.sync(path for step in settled if step.state == DONE for path in touched_paths(step.change))
    effects = Effects(connection)
    with transaction(connection):
        for step in settled:
            if step.state == DONE and isinstance(step.change, SetFilePath):
                effects.set_file_path(step, step.change)
            elif step.state == DONE:
                effects.follow(step)
        journal.record_steps(connection, batch, settled)
        journal.finish_batch(connection, batch)
    return len(settled)


def _judge(tree: VideoTree, batch: Batch, pending: list[Step]) -> None:
    """Give each step on the disk its state, from the last to the first; what cannot be known stays pending."""
    sight = Sight(tree)
    for step in reversed(pending):
        if isinstance(step.change, SetFilePath):
            continue
        try:
            done = mend(sight, step, batch.temporary_name(step.position))
        except Stuck as stuck:
            step.state, step.reason = FAILED, stuck.reason
        except (Skipped, Overtaken, OSError):
            continue
        else:
            step.state, step.reason = (DONE, _AFTERWARDS) if done else (CANCELLED, _NOT_REACHED)
            if done:
                sight.take_back(step)


def _judge_rows(pending: list[Step]) -> None:
    """Call those rows done that the batch had reached.

    Steps are done in order, and rows stand beside the link that they go with. So a row was reached if a later step
    on the disk was done, or if nothing but rows lies between it and a step before it that was done.
    """
    last_done = max((index for index, step in enumerate(pending) if step.state == DONE), default=-1)
    reached = last_done >= 0
    for index, step in enumerate(pending):
        if isinstance(step.change, SetFilePath):
            step.state, step.reason = (DONE, _AFTERWARDS) if reached else (CANCELLED, _NOT_REACHED)
        elif index > last_done:
            reached = False
