"""The census: what a walk over the scoped folders of both trees saw, as plain data; `tree_walk` makes it.

What could not be read is part of the answer, never silently absent.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from ..paths import describe_kind, is_inside
from .time_limit import ask


class FileStat(NamedTuple):
    """What identifies a stored file: `mtime_ns` in nanoseconds; device and inode None where they mean nothing."""

    size_bytes: int
    mtime_ns: int
    device: int | None
    inode: int | None


class Unreadable(NamedTuple):
    """An entry that exists but could not be looked at, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Folder:
    """One folder's own entries.

    `files`: names of the files; a dict name → FileStat where stats were asked for. In storage a link that reaches a
    file beyond what is walked counts as one, too, with what that file is: many a storage is made of links. `links`:
    name → raw target. `subfolders`: names. `has_ignored`: something is in it that is passed over.
    """

    files: Collection[str] = ()
    links: dict[str, str] = field(default_factory=dict)
    subfolders: Collection[str] = ()
    has_ignored: bool = False


@dataclass(slots=True)
class Tree:
    """One root: as given, its real path, and how the look at the root itself went.

    `is_unreadable`: the `problem` is another than that nothing is there.
    """

    root: str
    real: str
    is_storage: bool
    scoped: list[str] = field(default_factory=list)
    problem: str = ""
    is_unreadable: bool = False
    is_empty: bool = False


class StoredLink(NamedTuple):
    """Where a link of storage leads, over all the links on its way; `is_gone`: nothing is there."""

    end: str
    is_gone: bool


@dataclass(slots=True)
class Census:
    """What both trees hold: `folders` maps each walked folder's path, as its root was given, to its entries.

    `stored_links`: the links of storage that lead beyond what is walked, by path.
    """

    trees: list[Tree] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    stored_links: dict[str, StoredLink] = field(default_factory=dict)

    @property
    def video(self) -> Tree:
        """The tree of links."""
        return next(tree for tree in self.trees if not tree.is_storage)

    @property
    def storage(self) -> list[Tree]:
        """The trees of stored files."""
        return [tree for tree in self.trees if tree.is_storage]

    def tree_of(self, path: str) -> Tree | None:
        """Return the tree that holds a path: of two roots in one another, the inner one."""
        holding = [tree for tree in self.trees if is_inside(path, tree.root)]
        return max(holding, key=lambda tree: len(tree.root), default=None)

    def folders_of(self, tree: Tree) -> Iterator[tuple[str, Folder]]:
        """Yield the walked folders of one tree with their paths, in no order."""
        prefixes = tuple(path.rstrip("/") + "/" for path in tree.scoped)
        exact = set(tree.scoped)
        for path, folder in self.folders.items():
            if path.startswith(prefixes) or path in exact:
                yield path, folder

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Yield (folder, name, raw target) of every link of the video tree, in no order."""
        for path, folder in self.folders_of(self.video):
            for name, target in folder.links.items():
                yield path, name, target


def open_regular(path: str) -> BinaryIO:
    """Open a stored file for reading; raises OSError for a pipe or a device, on which reading would wait for ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"is {describe_kind(mode)}")
    return open(descriptor, "rb", buffering=0)


def file_stat(found: os.stat_result) -> FileStat:
    """Return what identifies a file, of all that the disk says."""
    return FileStat(found.st_size, found.st_mtime_ns, signed_64(found.st_dev), signed_64(found.st_ino))


def signed_64(number: int) -> int:
    """Return an unsigned 64-bit number as SQLite can hold it."""
    return number - (1 << 64) if number >= 1 << 63 else number


def is_absent(path: str) -> bool:
    """Return whether there is nothing at `path`. Any other answer than "no such file" is no proof of that."""
    try:
        ask(os.lstat, path)
    except OSError as error:
        return says_absent(error)
    return False


def says_absent(error: OSError) -> bool:
    """Return whether an error says that nothing is there; no other answer is a proof of that."""
    return isinstance(error, (FileNotFoundError, NotADirectoryError))


def explain(error: OSError) -> str:
    """Return the system's words for an error, in lower case, without the path."""
    return (error.strerror or str(error)).lower()
