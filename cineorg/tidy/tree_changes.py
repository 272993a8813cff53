"""The changes that lead from the tree as it is to the tree as it shall be: each link moves once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..changes import Change, MakeDir, Move, Plan, Relink, RemoveDir, RemoveLink, SetFilePath
from .simulation import Simulation
from .tree_model import Model


def list_changes(first: Model, done: Simulation, repairs: Plan) -> list[Change]:
    """Return the changes in an order in which no name is taken before it is free.

    First the repairs and their rows, then new folders from above, links that go, moves, and folders from below.
    """
    model = done.model
    relinks = {change.path: change for change in repairs.changes if isinstance(change, Relink)}
    changes: list[Change] = [
        *relinks.values(),
        *(change for change in repairs.changes if isinstance(change, SetFilePath)),
    ]
    changes += [MakeDir(path) for path in sorted(model.folders.keys() - first.folders.keys())]
    changes += [_removal(first, done, origin, relinks.get(origin)) for origin in sorted(done.mover.removed)]
    changes += _moves(done)
    gone = sorted(first.folders.keys() - model.folders.keys(), key=lambda path: (-path.count("/"), path))
    changes += [RemoveDir(path, "nothing is in it") for path in gone]
    return changes


def _removal(first: Model, done: Simulation, origin: str, relink: Relink | None) -> RemoveLink:
    """Return the removal of a link; one that is to be repaired is looked at whole, beside the link that stays."""
    removed = done.mover.removed
    evidence, keep = removed[origin]
    while keep in removed:  # which has gone for another one in its turn
        keep = removed[keep].keep
    if relink is not None:
        return RemoveLink(origin, relink.new_target, evidence, keep=keep)
    folder, _, name = origin.rpartition("/")
    target = done.library.census.folders[folder].links[name]
    return RemoveLink(origin, target, evidence, if_broken=first.is_broken(origin), keep=keep)


def _moves(done: Simulation) -> Iterator[Move]:
    """Yield the moves, each after the one that frees its new name."""
    goals = {origin: path for path, origin in done.model.origins.items()}
    _break_circles(done, goals)
    for origin in _ordered(goals):
        yield Move(origin, goals[origin], done.mover.evidence.get(origin, ""))


def _ordered(goals: dict[str, str]) -> Iterable[str]:
    ordered: dict[str, None] = {}
    for origin in sorted(goals):
        way = []
        here: str | None = origin
        while here is not None and here in goals and here not in ordered:
            way.append(here)
            here = goals[here]
        ordered |= dict.fromkeys(reversed(way))
    return ordered


def _break_circles(done: Simulation, goals: dict[str, str]) -> None:
    """Give one of the links that would swap their names another name: a swap would need a step between."""
    settled: set[str] = set()
    for origin in sorted(goals):
        way: list[str] = []
        here = origin
        while here in goals and here not in settled and here not in way:
            way.append(here)
            here = goals[here]
        settled.update(way)
        if here in way:
            goals[here] = done.mover.rename(goals[here])
