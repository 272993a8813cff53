"""Which files are to be probed, and in which order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cineorg.plugin import FileStat

from .model import is_same_file

Kept = Mapping[str, tuple[FileStat, bool]]  # path → the file that a result is of, and whether the result says anything


@dataclass(slots=True)
class Choice:
    """`todo`: the paths to probe, in order. `known`: how many need not be. `renamed`: (old, new) paths of files whose
    results go with them."""

    todo: list[str] = field(default_factory=list)
    known: int = 0
    renamed: list[tuple[str, str]] = field(default_factory=list)


def choose_files(stored: Mapping[str, FileStat], kept: Kept, wanted: Collection[str], is_again: bool = False) -> Choice:
    """Return what is to be done about the `wanted` of the `stored` files; with `is_again`, all of them are probed.

    The newest come first, for what has just arrived is what most often is broken; what ffprobe was silent about comes
    last, so that it cannot use up the time of the others.
    """
    choice, fresh, silent = Choice(), list[str](), list[str]()
    for path in wanted:
        then = kept.get(path)
        if is_again or then is None or not is_same_file(stored[path], then[0]):
            fresh.append(path)
        elif not then[1]:
            silent.append(path)
        else:
            choice.known += 1
    if not is_again:
        choice.renamed = _find_renamed(stored, kept, fresh)
        arrived = {new for _, new in choice.renamed}
        fresh = [path for path in fresh if path not in arrived]
        choice.known += len(arrived)
    for paths in (fresh, silent):
        choice.todo += sorted(paths, key=lambda path: (-stored[path].mtime_ns, path))
    return choice


def _find_renamed(stored: Mapping[str, FileStat], kept: Kept, fresh: Collection[str]) -> list[tuple[str, str]]:
    """Return (old, new) for files that a result is kept of under a path where they are no more.

    Size and time (in nanoseconds) tell, where no other file, there or gone, has the same. An empty file has nothing
    to be known by.
    """
    if not fresh:
        return []
    gone: dict[tuple[int, int], list[str]] = {}
    for path, (stat, is_known) in kept.items():
        if path not in stored and is_known and stat.size_bytes:
            gone.setdefault(_key(stat), []).append(path)
    rivals = Counter(map(_key, stored.values())) if gone else Counter()
    pairs = []
    for path in fresh:
        old = gone.get(_key(stored[path]), [])
        if len(old) == 1 and rivals[_key(stored[path])] == 1:
            pairs.append((old[0], path))
    return sorted(pairs)


def _key(stat: FileStat) -> tuple[int, int]:
    return stat.size_bytes, stat.mtime_ns
