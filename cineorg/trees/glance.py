"""The places of a library at a glance: what a few calls tell of each, where the guards of a report read all of it.

What is away, empty, unreadable or on another filesystem is seen; that files are missing among others is not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..paths import is_inside
from ..settings.configuration import Settings
from .census import explain, is_absent, says_absent
from .ignored_names import IgnoreRules
from .mounts import Filesystem, identify, mount_table
from .offline import FOLDER, ROOT, VIDEO, VOLUME, Place, find_offline
from .time_limit import ask
from .tree_walk import find_scope

ONLINE, OFFLINE, UNREADABLE = "online", "offline", "unreadable"


class Glance(NamedTuple):
    """A root or outside volume now: its state and why, and how many bytes are free (None: not known)."""

    place: Place
    state: str
    reason: str
    free: int | None


def glance_at_places(settings: Settings, before: Mapping[str, Place]) -> list[Glance]:
    """Return storage roots, the video root, then the volumes outside them that links lead to.

    `before`: the places as the last complete scan left them.
    """
    mounts, rules = mount_table(), IgnoreRules(settings.ignore)
    roots = settings.roots()
    places = [_look_at_root(root, settings, rules, mounts, before) for root in roots]
    outside = [known for path, known in sorted(before.items()) if not any(is_inside(path, root) for root in roots)]
    places += [_look_at(known.path, VOLUME, known.files, mounts) for known in outside if known.kind == VOLUME]
    folders = list(_folders(roots, before, mounts))
    offline = {each.path: each for each in find_offline([*places, *folders], before, settings.max_drop)}
    glances = []
    for place in places:
        found = offline.get(place.path)
        state = ONLINE if found is None else OFFLINE if found.may_be_accepted else UNREADABLE
        reason = "" if found is None else found.reason if found.cause == place.path else f"{found.cause} {found.reason}"
        glances.append(Glance(place, state, reason, _free_bytes(place.path)))
    return glances


def _look_at_root(
    root: str, settings: Settings, rules: IgnoreRules, mounts: list[Filesystem], before: Mapping[str, Place]
) -> Place:
    """Return a root with as many files as are known of it, none where it is empty."""
    kind = VIDEO if root == settings.video else ROOT
    known = before[root].files if root in before else 1
    place = _look_at(root, kind, known, mounts)
    if place.problem:
        return place
    try:
        scope = find_scope(root, settings.scoped_folders(), rules)
    except OSError as error:
        return Place(root, kind, known, place.filesystem, explain(error), is_unreadable=True)
    if scope.is_empty:
        return Place(root, kind, 0, place.filesystem)
    problem = ""
    if kind == ROOT and not scope.folders:
        problem = f"has none of the folders {', '.join(settings.scoped_folders())}"
    return Place(root, kind, known, place.filesystem, problem)


def _look_at(path: str, kind: str, files: int, mounts: list[Filesystem]) -> Place:
    """Return a place with the number of files that is known of it, and what stands in the way of listing it."""
    filesystem = identify(path, mounts)
    try:
        ask(os.listdir, path)
    except OSError as error:
        return Place(path, kind, files, filesystem, explain(error), is_unreadable=not says_absent(error))
    return Place(path, kind, files, filesystem)


def _folders(roots: Sequence[str], before: Mapping[str, Place], mounts: list[Filesystem]) -> Iterator[Place]:
    """Yield the folders in roots that scans have noted: there with all they had, or gone."""
    for path, known in before.items():
        if known.kind == FOLDER and any(is_inside(path, root) for root in roots):
            gone = is_absent(path)
            yield Place(path, FOLDER, 0 if gone else known.files, identify(path, mounts), gone * "no such folder")


def _free_bytes(path: str) -> int | None:
    """Return how many bytes a user may still write there."""
    try:
        found = ask(os.statvfs, path)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize
