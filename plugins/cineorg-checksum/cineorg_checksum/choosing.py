"""Which files are to be read, and in which order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from cineorg.plugin import FileStat

from .model import Known, is_other_inode, is_same


@dataclass(slots=True)
class Choice:
    """`todo`: the paths to read, in order. `known`: how many were read lately. `moved`: what goes with renamed files.

    A move is (old path, new path, whether it is the very file); a copy is another file that was made from it.
    """

    todo: list[str] = field(default_factory=list)
    known: int = 0
    moved: list[tuple[str, str, bool]] = field(default_factory=list)


def choose_files(
    stored: Mapping[str, FileStat],
    records: Mapping[str, Known],
    wanted: Collection[str],
    *,
    read_before: str,
    is_gone: Callable[[str], bool],
) -> Choice:
    """Return which of the `wanted` of the `stored` files are to be read.

    First those that were never read as they are now, by path, then those whose last reading is older than
    `read_before` (UTC text), the oldest first. `is_gone(path)` says whether a file that is not stored may be believed
    to be no more.
    """
    choice = Choice()
    fresh = [path for path in wanted if path not in records or not is_same(stored[path], records[path].stat)]
    choice.moved = _find_moved(stored, records, fresh, is_gone)
    arrived = {new: records[old] for old, new, is_same_file in choice.moved if is_same_file}
    due: list[tuple[str, str]] = []
    for path in wanted:
        known = arrived.get(path) or records.get(path)
        read_at = known.read_at if known and _is_as_read(stored[path], known) else ""
        if read_at and read_at >= read_before:
            choice.known += 1
        else:
            due.append((read_at, path))
    choice.todo = [path for _, path in sorted(due)]
    return choice


def _is_as_read(now: FileStat, known: Known) -> bool:
    return is_same(now, known.stat) and not is_other_inode(now, known.stat)


def _find_moved(
    stored: Mapping[str, FileStat],
    records: Mapping[str, Known],
    fresh: Collection[str],
    is_gone: Callable[[str], bool],
) -> list[tuple[str, str, bool]]:
    """Return which records go to which fresh paths, sorted.

    Size and time (in nanoseconds) tell, where no other file, there or gone, has the same; else the inode must. A file
    of another inode is a copy: its bytes were written anew, and nobody has read them. An empty file has nothing to be
    known by.
    """
    gone: dict[tuple[int, int], list[str]] = {}
    for path, known in records.items() if fresh else ():
        is_elsewhere = not is_same(stored[path], known.stat) if path in stored else is_gone(path)
        if is_elsewhere and known.stat.size_bytes:
            gone.setdefault(_key(known.stat), []).append(path)
    rivals = Counter(map(_key, stored.values())) if gone else Counter()
    moved = []
    for path in fresh:
        stat = stored[path]
        olds = gone.get(_key(stat), [])
        same = [old for old in olds if stat.inode is not None and records[old].stat.inode == stat.inode]
        if len(same) == 1:
            moved.append((same[0], path, True))
        elif len(olds) == 1 and rivals[_key(stat)] == 1:
            moved.append((olds[0], path, not is_other_inode(stat, records[olds[0]].stat)))
    takers = Counter(old for old, _, _ in moved)
    return sorted(move for move in moved if takers[move[0]] == 1)  # of two hard links neither has the better claim


def _key(stat: FileStat) -> tuple[int, int]:
    return stat.size_bytes, stat.mtime_ns
