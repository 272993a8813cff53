"""A link that goes because another one stays: only while that other one is there and reaches the very same file.

`way` is a path that reaches today what a link will reach in its turn: its own, or that of the file that an earlier
change of the same batch lets it name.
"""

from __future__ import annotations

import os
import stat

from ..changes import RemoveLink
from ..trees.time_limit import ask
from .video_tree import ABSENT, FILE, FOLDER, Skipped, VideoTree, describe

_MOST_LINKS = 40  # the kernel follows no more


def check_kept(tree: VideoTree, change: RemoveLink) -> None:
    """Raise Skipped unless the link that stays is there now and does for the one that goes."""
    if change.keep:
        check_is_link(change, tree.look(change.keep))
        check_ways(change, change.path, change.keep)


def check_is_link(change: RemoveLink, seen: str) -> None:
    """Raise Skipped unless a look at the link that stays has found a link."""
    if seen in (ABSENT, FILE, FOLDER):
        raise Skipped(f"the link that was to stay is not at {change.keep}: {describe(seen)}")


def check_ways(change: RemoveLink, way: str, kept_way: str) -> None:
    """Raise Skipped unless both ways end at one file, and that of the link that stays not by the one that goes."""
    end, kept_end = _file_at(way, change.path), _file_at(kept_way, change.keep)
    if not os.path.samestat(end, kept_end):
        raise Skipped(f"{change.keep}, which was to stay, reaches another file")
    try:
        leads_through = _is_one_link(way, kept_way) or _place_of(change.path) in _links_on(kept_way)
    except OSError:
        raise Skipped(f"the way of {change.keep} cannot be followed") from None
    if leads_through:
        raise Skipped(f"{change.keep}, which was to stay, reaches its file through this link")


def _file_at(way: str, path: str) -> os.stat_result:
    try:
        end = ask(os.stat, way)
    except OSError:
        raise Skipped(f"{path} reaches no file") from None
    if stat.S_ISDIR(end.st_mode):
        raise Skipped(f"{path} leads to a folder: only of two links to one file can one go")
    return end


def _is_one_link(way: str, kept_way: str) -> bool:
    """Return whether two paths are spellings of one name, on a filesystem that takes them for the same."""
    one, other = os.lstat(way), os.lstat(kept_way)
    return stat.S_ISLNK(one.st_mode) and os.path.samestat(one, other)


def _links_on(way: str) -> list[str]:
    """Return the links by which a way leads to its file, the first one too."""
    found: list[str] = []
    while len(found) < _MOST_LINKS and os.path.islink(way):
        found.append(_place_of(way))
        way = os.path.join(os.path.dirname(found[-1]), os.readlink(way))
    return found


def _place_of(path: str) -> str:
    """Return a path as the kernel gets to it: no links among its folders, the last name as it is."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)
