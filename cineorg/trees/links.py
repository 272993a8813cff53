"""Where the links of the video tree lead: ok, broken, or unknown, with the reason.

A healthy link costs nothing here: its target is looked up in the census. Only what the census cannot answer is asked
of the disk, once, and never inside a place that is offline.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..paths import is_inside
from .census import Census, FileStat, Folder, explain, file_stat, says_absent
from .crew import ask_each
from .real_paths import links_on_way, real_paths
from .time_limit import ask_or

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
    """What the disk said of the links that the census does not show to be healthy.

    `bad`: those that are not. `reached`: link → where the others lead, over all links, and what that is. `outside`:
    the real paths among those that no walk covers, with how many links lead there.
    """

    bad: list[BadLink] = field(default_factory=list)
    reached: dict[str, Reached] = field(default_factory=dict)
    outside: Counter[str] = field(default_factory=Counter)


class Reached(NamedTuple):
    """The file (or folder) at the end of a link: what the link's text names, its real path, and what it is."""

    said: str
    real: str
    about: FileStat


class Finder:
    """Answers from the census what lies at an absolute path, whichever spelling of a root the path uses."""

    def __init__(self, census: Census) -> None:
        self.folders = census.folders
        self.aliases = [(tree.real, tree.root) for tree in census.trees if tree.real != tree.root]
        self.roots = [spelling for tree in census.trees for spelling in (tree.root, tree.real)]
        self.scoped = [folder for tree in census.trees for folder in tree.scoped]

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

    def is_walked(self, path: str) -> bool:
        """Return whether the path lies in a folder that was walked: what the census does not show there is not there.

        What is mounted, or stored, in a root but out of scope is as far away as what lies outside.
        """
        path = self.canonical(path)
        return any(is_inside(path, folder) for folder in self.scoped)


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


def judge_links(census: Census, is_offline: Callable[[str], str], jobs: int = 1) -> Judgement:
    """Judge every link of the video tree; `is_offline(path)` gives the reason when a path must not be asked about."""
    finder, found = Finder(census), Judgement()
    video = census.video
    said: dict[str, tuple[str, str]] = {}  # of the links to be asked about: text and what it names
    for directory, folder in census.folders_of(video):
        if not folder.links:
            continue
        real = video.real + directory[len(video.root) :] if video.real != video.root else directory
        for name, target in _not_plainly_healthy(folder, real, census.folders):
            path = f"{directory}/{name}"
            end = absolute_target(real, target)
            if end is not None and finder.has(end):
                continue
            reason = is_offline(end) if end is not None else ""
            if reason:
                found.bad.append(BadLink(path, target, end or "", OFFLINE, reason))
            else:
                said[path] = target, end or path
    _ask_about(said, finder, is_offline, found, jobs)
    found.bad.sort()
    return found


def _ask_about(
    said: dict[str, tuple[str, str]],
    finder: Finder,
    is_offline: Callable[[str], str],
    found: Judgement,
    jobs: int,
) -> None:
    ends = real_paths({end for _, end in said.values()}, jobs)
    for path, answer in ask_each(os.stat, said, jobs).items():
        target, end = said[path]
        real = ends[end]
        if isinstance(answer, OSError):
            worded = end if end != path else os.path.normpath(os.path.join(os.path.dirname(path), target))
            last = real if isinstance(real, str) else worded
            is_elsewhere = finder.canonical(last) != finder.canonical(worded)
            nothing: list[str] = []
            over = ask_or(links_on_way, end, nothing)[-1:] if is_elsewhere and says_absent(answer) else nothing
            found.bad.append(_explain_bad(BadLink(path, target, last, "", ""), worded, over, answer, is_offline))
        elif isinstance(real, str):
            real = finder.canonical(real)
            found.reached[path] = Reached(end, real, file_stat(answer))
            if not finder.is_walked(real):
                found.outside[real] += 1


def _not_plainly_healthy(folder: Folder, real: str, folders: dict[str, Folder]) -> Iterable[tuple[str, str]]:
    """Yield the links whose target the census does not list as a file under exactly that path."""
    for name, target in folder.links.items():
        path = target if target.startswith("/") else absolute_target(real, target) or ""
        parent, _, base = path.rpartition("/")
        there = folders.get(parent)
        if there is None or base not in there.files:
            yield name, target


def _explain_bad(
    link: BadLink, said: str, over: Sequence[str], error: OSError, is_offline: Callable[[str], str]
) -> BadLink:
    """Return the link with its state and the reason; `over`: the last link on its way that says where its end is."""
    # The links on the way may lead into another place than the text of this one says.
    reason = is_offline(link.end) or is_offline(said)
    if reason:
        return link._replace(state=OFFLINE, reason=reason)
    if error.errno == errno.ELOOP:
        return link._replace(end=said, state=BROKEN, reason=LOOP)
    gone = _GONE.get(error.errno or 0)
    if not gone:
        return link._replace(state=UNKNOWN, reason=explain(error))
    return link._replace(state=BROKEN, reason=f"{gone}: {over[0]}, over which it leads, is broken" if over else gone)
