"""A plan's changes made into steps: each looked at once more, with what only the disk can tell written beside it.

What does not hold any longer is skipped here, before the journal is written: so a step that the journal calls pending
was still to be done when its batch began, and finding it done later means that we did it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..catalogue.followed_rows import file_path_of
from ..catalogue.journal import FAILED, SKIPPED, Step
from ..changes import Change, MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from .duplicate_guard import check_is_link, check_ways
from .error_text import explain
from .video_tree import (
    ABSENT,
    FILE,
    FOLDER,
    NOT_EMPTY,
    Skipped,
    VideoTree,
    check_free,
    check_is,
    describe,
    folder_gone,
    not_a_folder,
)

# What an undone step had found, by the change that reverts it; several where a batch did the same thing twice.
Known = Mapping[Change, Sequence[Mapping[str, Any]]]


def bare(change: Change) -> Change:
    """Return the change without what is only told about it, to compare it with another."""
    match replace(change, evidence=""):
        case Relink() as plain:
            return replace(plain, score=None, if_broken=False, size=None, mtime_ns=None)
        case MakeLink() as plain:
            return replace(plain, size=None, mtime_ns=None)
        case RemoveLink() as plain:
            return replace(plain, if_broken=False, keep="")
        case plain:
            return plain


class Preparation:
    """Looks at the tree as it will be when the steps before have been done."""

    def __init__(self, connection: sqlite3.Connection, tree: VideoTree, known: Known) -> None:
        self._connection = connection
        self._tree = tree
        self._known = {change: list(found) for change, found in known.items()}
        self._paths: dict[str, str] = {}
        self._ways: dict[str, str] = {}
        self._below: dict[str, dict[str, str]] = {}
        self._made: set[str] = set()
        self._rows: dict[tuple[str, int], str | None] = {}

    def steps(self, changes: Iterable[Change]) -> list[Step]:
        """Return one step for each change, in order; those that cannot be done are skipped or failed already."""
        steps = []
        for position, change in enumerate(changes):
            step = Step(position, change)
            try:
                self._prepare(step)
            except Skipped as skipped:
                step.state, step.reason = SKIPPED, skipped.reason
            except OSError as error:
                step.state, step.reason = FAILED, explain(error)
            steps.append(step)
        return steps

    def _prepare(self, step: Step) -> None:
        change = step.change
        found = self._known.get(bare(change))
        if found:
            step.found.update(found.pop(0))
        if isinstance(change, Relink):
            if change.old_target == change.new_target:
                raise Skipped("its old and new targets are the same")
            check_is(self._look(change.path), change.old_target)
            self._expect(change.path, change.new_target)
            self._ways[change.path] = _way_of(change.path, change.new_target)
        elif isinstance(change, Move):
            self._prepare_move(step, change)
        elif isinstance(change, RemoveLink):
            check_is(self._look(change.path), change.old_target)
            if change.keep:
                check_is_link(change, self._look(change.keep))
                check_ways(change, self._way(change.path), self._way(change.keep))
            self._expect(change.path, ABSENT)
        elif isinstance(change, MakeLink):
            check_free(self._look(change.path))
            self._expect(change.path, change.target)
            self._ways[change.path] = _way_of(change.path, change.target)
        elif isinstance(change, MakeDir):
            check_free(self._look(change.path))
            self._expect(change.path, FOLDER)
            self._made.add(change.path)
        elif isinstance(change, RemoveDir):
            check_is(self._look(change.path), FOLDER)
            if self._has_entries(change.path):
                raise Skipped(NOT_EMPTY)
            if change.path not in self._made:
                step.found["access"] = self._tree.access(change.path)
            self._expect(change.path, ABSENT)
        else:
            self._prepare_row(change)

    def _prepare_move(self, step: Step, change: Move) -> None:
        text = self._look(change.path)
        if text in (ABSENT, FILE, FOLDER):
            raise Skipped(describe(text))
        check_free(self._look(change.new_path))
        if step.found:
            check_is(self._look(change.path), step.found["old"])
        else:
            step.found["old"] = text
            step.found["new"] = moved_target(text, self._tree.parts(change.path), self._tree.parts(change.new_path))
        self._expect(change.path, ABSENT)
        self._expect(change.new_path, step.found["new"])
        self._ways[change.new_path] = self._ways.pop(change.path, change.path)

    def _prepare_row(self, change: SetFilePath) -> None:
        key = (change.table, change.id)
        if key not in self._rows:
            try:
                self._rows[key] = file_path_of(self._connection, change.table, change.id)
            except LookupError:
                raise Skipped("the row is gone") from None
        if self._rows[key] != change.old:
            raise Skipped("the row has another file_path now")
        if change.old == change.new:
            raise Skipped("its old and new file_path are the same")
        self._rows[key] = change.new

    def _expect(self, path: str, seen: str) -> None:
        folder, _, name = path.rpartition("/")
        self._paths[path] = self._below.setdefault(folder, {})[name] = seen

    def _way(self, path: str) -> str:
        """Return a path of today that ends where the link at `path` will end then."""
        return self._ways.get(path, path)

    def _has_entries(self, folder: str) -> bool:
        expected = self._below.get(folder, {})
        if any(seen != ABSENT for seen in expected.values()):
            return True
        # A folder that the plan itself makes may stand where the disk has something else now.
        return folder not in self._made and any(name not in expected for name in self._tree.names(folder))

    def _look(self, path: str) -> str:
        is_new = self._check_folders(path)
        if path in self._paths:
            return self._paths[path]
        return ABSENT if is_new else self._tree.look(path)

    def _check_folders(self, path: str) -> bool:
        """Return whether the folder of `path` is one that the plan makes; raises Skipped as the disk would."""
        folder, seen = self._tree.root, ""
        for name in self._tree.parts(path)[:-1]:
            folder += "/" + name
            seen = self._paths.get(folder, "")
            if folder in self._paths and seen != FOLDER:
                raise folder_gone(folder) if seen == ABSENT else not_a_folder(folder)
        return seen == FOLDER


def _way_of(path: str, target: str) -> str:
    return os.path.join(os.path.dirname(path), target)


def moved_target(text: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Return what a link that says `text` must say after a move from `old` to `new` (components below one root).

    The folders of both paths are no links, so climbing them may be worked out on paper; what `text` names beyond
    them may be, and is kept as it is. `../../s/f` at (a, b, x), moved to (c, x), says `../s/f`.
    """
    if text.startswith("/") or list(old[:-1]) == list(new[:-1]):
        return text
    base, here = list(old[:-1]), list(new[:-1])
    rest = text.split("/")
    while rest and rest[0] in (".", "", "..") and (rest[0] != ".." or base):
        if rest.pop(0) == "..":
            base.pop()
    shared = 0
    while shared < min(len(base), len(here)) and base[shared] == here[shared]:
        shared += 1
    if shared == len(base):
        # What the link names may lie below its new folder: then it need not climb.
        while shared < len(here) and len(rest) > 1 and rest[0] == here[shared]:
            shared += 1
            rest.pop(0)
    return "/".join([".."] * (len(here) - shared) + base[shared:] + rest) or "."
