"""Where the links of the video tree lead: ok, broken, or unknown, with the reason.

A healthy link costs nothing here: its target is looked up in the census. Only what the census cannot answer is asked
of the disk, once, and never inside a place that is offline.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..paths import is_inside
from .census import Census, Folder, explain

BROKEN, OFFLINE, UNKNOWN = "broken", "offline", "unknown"
LOOP = "the link leads round in a loop"
_GONE = {errno.ENOENT: "no such file", errno.ENOTDIR: "no such file (a folder of its path is a file)"}


class BadLink(NamedTuple):
    """A link that does not reach a file: raw `target`, where that leads (`end`, absolute), and why it fails."""

    path: str
    target: str
    end: str
    state: str
    reason: str


@dataclass(slots=True)
class Judgement:
    """Every link that is not healthy, and the outside targets: path → how many links reach it, or do not."""

    bad: list[BadLink] = field(default_factory=list)
    outside_healthy: Counter[str] = field(default_factory=Counter)


class Finder:
    """Answers from the census what lies at an absolute path, whichever spelling of a root the path uses."""

    def __init__(self, census: Census) -> None:
        self.folders = census.folders
        self.aliases = [(tree.real, tree.root) for tree in census.trees if tree.real != tree.root]
        self.roots = [spelling for tree in census.trees for spelling in (tree.root, tree.real)]

    def canonical(self, path: str) -> str:
        """Return `path` with the root spelled as it was given, if it lies in one."""
        for real, root in self.aliases:
            if is_inside(path, real) and not is_inside(path, root):
                return root + path[len(real) :]
        return path

    def has(self, path: str) -> bool:
        """Return whether the census saw a file or a walked folder (no link) at `path`."""
        if self.aliases:
            path = self.canonical(path)
        directory, _, name = path.rpartition("/")
        folder = self.folders.get(directory)
        return (folder is not None and name in folder.files) or path in self.folders

    def absent(self, paths: Iterable[str]) -> set[str]:
        """Return those of `paths` that the census did not see."""
        folders = self.folders
        absent = set()
        for path in paths:
            directory, _, name = path.rpartition("/")
            folder = folders.get(directory)
            if (folder is None or name not in folder.files) and not self.has(path):
                absent.add(path)
        return absent

    def is_within_roots(self, path: str) -> bool:
        """Return whether the path lies in one of the library's roots."""
        return any(is_inside(path, root) for root in self.roots)


def absolute_target(directory: str, target: str) -> str | None:
    """Return the absolute path that `target` names in a link of the real folder `directory`.

    Only leading `../` are resolved, for those climb folders that are known to be no links; None means that the
    kernel must be asked (`..` further on, or other oddities).
    """
    rest = target
    if rest.startswith("/"):
        base = ""
        rest = rest[1:]
    else:
        base = directory.rstrip("/")
        while rest.startswith("../"):
            rest = rest[3:]
            base = base.rpartition("/")[0]
    if "//" in rest or "/." in rest or rest.startswith(".") or rest.endswith("/") or not rest:
        return None
    return f"{base}/{rest}"


def judge_links(
    census: Census, is_offline: Callable[[str], str], tick: Callable[[int], None] = lambda _: None
) -> Judgement:
    """Judge every link of the video tree; `is_offline(path)` gives the reason when a path must not be asked about."""
    finder, found = Finder(census), Judgement()
    video = census.video
    folders = census.folders
    for directory, folder in census.folders_of(video):
        if not folder.links:
            continue
        real = video.real + directory[len(video.root) :] if video.real != video.root else directory
        for name, target in _not_plainly_healthy(folder, real, folders):
            _judge(f"{directory}/{name}", real, target, finder, is_offline, found)
        tick(len(folder.links))
    found.bad.sort()
    return found


def _not_plainly_healthy(folder: Folder, real: str, folders: dict[str, Folder]) -> Iterable[tuple[str, str]]:
    """Yield the links whose target the census does not list as a file under exactly that path."""
    for name, target in folder.links.items():
        path = target if target.startswith("/") else absolute_target(real, target) or ""
        parent, _, base = path.rpartition("/")
        there = folders.get(parent)
        if there is None or base not in there.files:
            yield name, target


def _judge(
    path: str, directory: str, target: str, finder: Finder, is_offline: Callable[[str], str], found: Judgement
) -> None:
    end = absolute_target(directory, target)
    if end is not None:
        if finder.has(end):
            return
        reason = is_offline(end)
        if reason:
            found.bad.append(BadLink(path, target, end, OFFLINE, reason))
            return
    try:
        os.stat(path)
    except OSError as error:
        found.bad.append(_explain_bad(path, target, end, error, is_offline))
        return
    if end is None or not finder.is_within_roots(end):
        found.outside_healthy[end or os.path.realpath(path)] += 1


def _explain_bad(path: str, target: str, end: str | None, error: OSError, is_offline: Callable[[str], str]) -> BadLink:
    # The links on the way may lead into another place than the text of this one says.
    last = os.path.realpath(path)
    said = end or os.path.normpath(os.path.join(os.path.dirname(path), target))
    reason = is_offline(last) or is_offline(said)
    if reason:
        return BadLink(path, target, last, OFFLINE, reason)
    if error.errno == errno.ELOOP:
        return BadLink(path, target, said, BROKEN, LOOP)
    gone = _GONE.get(error.errno or 0)
    if gone:
        return BadLink(path, target, last, BROKEN, gone)
    return BadLink(path, target, last, UNKNOWN, explain(error))
