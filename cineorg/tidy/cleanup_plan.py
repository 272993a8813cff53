"""`cleanup --fix`: one plan of all that can be tidied, in which each link goes straight to its final place. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import Plan, Unresolved
from .duplicates import find_duplicates
from .misplaced import find_misplaced
from .moves import Stuck
from .oversized import find_oversized
from .rules import CleanupWishes
from .simulation import UNSETTLED, Simulation
from .tidiness import Tidiness
from .tree_changes import list_changes

_MOST_ATTEMPTS = 4


def plan_cleanup(tidying: Tidiness, repairs: Plan, wishes: CleanupWishes) -> Plan:
    """Return the plan that does these repairs and tidies what the wishes name; what stays is in `unresolved`.

    Of links about whose place the rules do not come to an end, those that still move are left where they are.
    """
    frozen: frozenset[str] = frozenset()
    for _ in range(_MOST_ATTEMPTS):
        done = Simulation(tidying, repairs, wishes, frozen)
        if done.run():
            break
        frozen |= done.moved
    else:
        done = Simulation(tidying, repairs, CleanupWishes(frozenset()), frozen)
    try:
        changes = list_changes(tidying.snapshot.model, done, repairs)
    except Stuck:
        changes = list(repairs.changes)
    unresolved = {item.path: item for item in (*_left(done, wishes), *repairs.unresolved)}
    return Plan(tuple(changes), tuple(unresolved[path] for path in sorted(unresolved)))


def _left(done: Simulation, wishes: CleanupWishes) -> Iterator[Unresolved]:
    """Yield what is still untidy when all is done, and why, under the paths of before."""
    snapshot = done.snapshot()
    for path, reason in done.undeleted.items():
        yield _unresolved(done, path, f"nothing is deleted: {reason}")
    if "misplaced_symlink" in wishes.kinds:
        for misplaced in find_misplaced(snapshot):
            if done.is_chosen_link(misplaced.path):
                reason = misplaced.doubt or done.stuck.get(misplaced.path, UNSETTLED)
                where = misplaced.expected_dir
                yield _unresolved(done, misplaced.path, f"belongs in {where}, but {reason}")
    if "duplicate_symlink" in wishes.kinds:
        for duplicate in find_duplicates(snapshot):
            for path in filter(done.is_chosen_link, duplicate.remove):
                keep = duplicate.keep.rpartition("/")[2]
                reason = duplicate.doubt or done.stuck.get(path, UNSETTLED)
                yield _unresolved(done, path, f"the same file as {keep}, but {reason}")
    if "oversized_dir" in wishes.kinds:
        for oversized in find_oversized(snapshot):
            if done.is_chosen_folder(oversized.path) and (oversized.doubt or oversized.ranges or oversized.leaving):
                reason = oversized.doubt or "what should leave it cannot"
                yield Unresolved(oversized.path, "", f"{oversized.count} entries: {reason}")


def _unresolved(done: Simulation, path: str, reason: str) -> Unresolved:
    origin = done.model.origin(path)
    folder, _, name = origin.rpartition("/")
    known = done.library.census.folders.get(folder)
    return Unresolved(origin, known.links.get(name, "") if known else "", reason)
