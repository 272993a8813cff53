"""What `cleanup --fix` would make of folders that are too large, for a report that must be quick. Pure."""

from __future__ import annotations

from dataclasses import replace

from ..changes import Plan
from .faults import Oversized
from .oversized import Partition, crowded
from .rules import CleanupWishes
from .simulation import Simulation
from .tidiness import Tidiness


def foresee_splits(tidying: Tidiness, repairs: Plan, wishes: CleanupWishes) -> list[Oversized]:
    """Return the folders that are too large, sorted by path, each parted as the plan of these wishes will part it.

    That is when the other changes have been made, so that what leaves the folder and what comes to it counts. They are
    made once and not until none is left to make; what is misplaced is not looked for again after the repairs.
    """
    first = tidying.snapshot
    found = crowded(first)
    if not found:
        return []
    done = Simulation(tidying, repairs, wishes, frozenset())
    if "misplaced_symlink" in wishes.kinds:
        done.bring_home(tidying.misplaced())
    if "duplicate_symlink" in wishes.kinds:
        done.drop_duplicates()
    parts = {part.answer.path: part for part in done.move_lower([container for container, _ in found])[1]}
    limit = first.rules.max_per_dir
    return [
        _foreseen(tidying, done, Oversized(container.path, count, limit), parts.get(container.path))
        for container, count in found
    ]


def _foreseen(tidying: Tidiness, done: Simulation, now: Oversized, part: Partition | None) -> Oversized:
    """Return what becomes of a folder: what the partition says, and what has left or come before that."""
    before, after = tidying.snapshot.model.folders[now.path], done.model.folders[now.path]
    stayed = [name for name in after.links if done.model.origin(f"{now.path}/{name}").rpartition("/")[0] == now.path]
    left = len(before.links) - len(stayed) + len(before.subfolders - after.subfolders)
    came = len(after.links) - len(stayed) + len(after.subfolders - before.subfolders)
    then = part.answer if part else now
    return replace(then, count=now.count, leaving=then.leaving + left, coming=came)
