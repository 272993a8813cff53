"""The places of a library as they are now, for the guards to compare with what the last complete scan left of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..paths import is_inside
from ..settings.configuration import Settings
from .census import Census, Folder, Tree, explain, is_absent
from .mounts import Filesystem, declared_mount_points, find_mount, identify
from .offline import FOLDER, ROOT, VIDEO, VOLUME, Place, customary_volume
from .time_limit import ask, ask_or

_SCOPE_HELP = "set `scope` in the config file to the folders that count"


def observe_places(
    census: Census, settings: Settings, mounts: list[Filesystem], before: Mapping[str, Place], is_local: bool = True
) -> list[Place]:
    """Return the roots, first-level folders and mounts within as they are now, those that have vanished included."""
    places: list[Place] = []
    for tree in census.trees:
        counts = _counts(census, settings, tree)
        identity = identify(tree.root, mounts)
        total = sum(counts.values())
        kind = ROOT if tree.is_storage else VIDEO
        problem = tree.problem
        if tree.is_storage and not problem and not tree.is_empty and not tree.scoped:
            problem = f"has none of the folders {', '.join(settings.scoped_folders())}; {_SCOPE_HELP}"
        places.append(Place(tree.root, kind, total, identity, problem, is_unreadable=tree.is_unreadable))
        gone = {path for path in folders_below(tree.root, before) if _has_gone(path, counts, is_local)}
        for path in sorted((set(counts) | gone) - {tree.root}):
            problem = "no such folder" if path in gone else ""
            places.append(Place(path, FOLDER, counts[path], identify(path, mounts), problem))
        if is_local:
            places += _mounts_within(census, settings, tree, mounts, before)
    return places


def _mounts_within(
    census: Census, settings: Settings, tree: Tree, mounts: list[Filesystem], before: Mapping[str, Place]
) -> list[Place]:
    """Return what is, or was, mounted deeper in a root than its first-level folders, and holds something.

    One disk of a dozen may go away without its folder's losing so much that anybody would notice.
    """
    top, real = tree.root.rstrip("/"), tree.real.rstrip("/")
    now = {top + mount.mount_point[len(real) :] for mount in mounts if is_inside(mount.mount_point, tree.real)}
    known = {path for path, place in before.items() if place.kind == FOLDER}
    places = []
    for path in sorted(now | known):
        if not is_deep(path, tree) or census.tree_of(path) is not tree:
            continue
        if not any(is_inside(path, folder) for folder in tree.scoped) and not is_absent(path):
            continue  # out of scope now
        number = sum(
            _number(folder, settings, tree) for each, folder in census.folders_of(tree) if is_inside(each, path)
        )
        if number or path in known:
            problem = "no such folder" if is_absent(path) or ask_or(os.path.isfile, path, False) else ""
            places.append(Place(path, FOLDER, number, identify(path, mounts), problem))
    return places


def is_deep(path: str, tree: Tree) -> bool:
    """Return whether a path lies deeper in a root than its first-level folders."""
    return "/" in path[len(tree.root.rstrip("/")) + 1 :] and is_inside(path, tree.root)


def folders_below(root: str, before: Mapping[str, Place]) -> list[str]:
    """Return those of the known places that are first-level folders of a root."""
    return [path for path, place in before.items() if place.kind == FOLDER and os.path.dirname(path) == root]


def _has_gone(path: str, counts: Mapping[str, int], is_local: bool) -> bool:
    """Return whether a first-level folder is no more. One that is there but was not walked is out of scope now."""
    if path in counts:
        return False
    return not is_local or is_absent(path) or ask_or(os.path.isfile, path, False)


def without_out_of_scope(census: Census, places: Iterable[Place], before: Mapping[str, Place]) -> dict[str, Place]:
    """Return what is known of the places, each root without the folders that the scope has left out since."""
    known = dict(before)
    now = {place.path for place in places}
    for tree in census.trees:
        if tree.root not in before or not tree.scoped:
            continue
        folders = folders_below(tree.root, before)
        left_out = sum(before[path].files for path in folders if path not in now)
        if tree.root not in tree.scoped:  # then what lies beside the folders does not count either
            left_out += before[tree.root].files - sum(before[path].files for path in folders)
        known[tree.root] = replace(before[tree.root], files=max(0, before[tree.root].files - left_out))
    return known


def _counts(census: Census, settings: Settings, tree: Tree) -> Counter[str]:
    """Return how many videos (links, in the video tree) each first-level folder holds, zero included."""
    top = tree.root.rstrip("/") + "/"
    counts: Counter[str] = Counter()
    for path in tree.scoped:
        counts[top + path[len(top) :].partition("/")[0] if path != tree.root else path] = 0
    for path, folder in census.folders_of(tree):
        first = path[len(top) :].partition("/")[0]
        counts[top + first if first else tree.root] += _number(folder, settings, tree)
    return counts


def _number(folder: Folder, settings: Settings, tree: Tree) -> int:
    return sum(map(settings.is_video, folder.files)) if tree.is_storage else len(folder.links)


def volume_place(path: str, mounts: list[Filesystem], files: int, dangling: int = 0) -> Place:
    """Return an outside volume as it is now, with the reason why it cannot be believed, if there is one."""
    problem = ""
    if path in declared_mount_points() and find_mount(path, mounts).mount_point != path:
        problem = "is in /etc/fstab but not mounted"
    elif path == customary_volume(path + "/x"):
        try:
            problem = ask(_find_emptiness, path)
        except OSError as error:
            problem = explain(error)
    return Place(path, VOLUME, files, identify(path, mounts), problem, dangling)


def _find_emptiness(path: str) -> str:
    with os.scandir(path) as entries:
        return "" if any(entries) else "is empty"
