"""The folders directly below the roots that no command reads, and how many videos lie in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from ..paths import is_inside
from ..settings.configuration import Settings
from .census import explain
from .ignored_names import IgnoreRules
from .time_limit import ask
from .tree_walk import find_scope

IGNORED, OUT_OF_SCOPE = "ignored", "out of scope"


class LeftOut(NamedTuple):
    """A folder that is passed over: why, how many videos (links too) are in it, and what could not be read of it."""

    path: str
    why: str
    files: int
    problem: str


def find_left_out(settings: Settings) -> Iterator[LeftOut]:
    """Yield the folders directly below each root that are passed over, by path; a root that is away has none."""
    rules = IgnoreRules(settings.ignore)
    for root in settings.roots():
        try:
            names = sorted(ask(_subfolders, root))
            scoped = find_scope(root, settings.scoped_folders(), rules).folders
        except OSError:
            continue
        for name in names:
            path = os.path.join(root, name)
            if rules.skips_folder(name):
                yield LeftOut(path, IGNORED, *_count(path, settings))
            elif not any(is_inside(path, folder) or is_inside(folder, path) for folder in scoped):
                yield LeftOut(path, OUT_OF_SCOPE, *_count(path, settings))


def _subfolders(path: str) -> list[str]:
    with os.scandir(path) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]


def _count(top: str, settings: Settings) -> tuple[int, str]:
    """Return how many videos there are below a folder, and why not all of it could be read, or ""."""
    number, problem = 0, ""
    todo = [top]
    while todo:
        folder = todo.pop()
        try:
            inner = ask(_subfolders, folder)
            number += sum(settings.is_video(name) for name in set(ask(os.listdir, folder)).difference(inner))
            todo += [os.path.join(folder, name) for name in inner]
        except OSError as error:
            problem = explain(error)
    return number, problem
