"""One file under two spellings: a share that folds case, a bind mount, a second mount of one filesystem.

The stat that proves a link healthy says which file it reaches; what the walk saw of that name is asked the same.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..paths import nfc
from .census import Census, file_stat
from .crew import ask_each
from .links import Finder, Reached


def with_walked_spelling(
    census: Census, finder: Finder, reached: Mapping[str, Reached], jobs: int
) -> dict[str, Reached]:
    """Return what links reach, `real` being the path in the census of what is seen there under another spelling."""
    strange = {link: found for link, found in reached.items() if not finder.has(found.real)}
    candidates = _of_name(census, {_folded(found.real) for found in strange.values()})
    if not candidates:
        return dict(reached)
    wanted = {(found.about.device, found.about.inode) for found in strange.values()}
    walked: dict[tuple[int | None, int | None], str] = {}
    for path, answer in ask_each(os.stat, [path for paths in candidates.values() for path in paths], jobs).items():
        if isinstance(answer, os.stat_result):
            about = file_stat(answer)
            if (about.device, about.inode) in wanted:
                walked.setdefault((about.device, about.inode), path)
    again = dict(reached)
    for link, found in strange.items():
        path = walked.get((found.about.device, found.about.inode), "")
        if path in candidates.get(_folded(found.real), ()):
            again[link] = found._replace(real=path)
    return again


def _of_name(census: Census, names: set[str]) -> dict[str, list[str]]:
    """Return the stored files and folders that bear one of these folded names, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    if not names:
        return found
    for tree in census.storage:
        for folder, content in census.folders_of(tree):
            for path in (*_paths(folder, content.files), *_paths(folder, content.subfolders)):
                name = _folded(path)
                if name in names:
                    found[name].append(path)
    return {name: sorted(paths) for name, paths in found.items()}


def _paths(folder: str, names: Iterable[str]) -> Iterable[str]:
    return (f"{folder}/{name}" for name in names)


def _folded(path: str) -> str:
    return nfc(path.rpartition("/")[2]).casefold()
