"""The census: one walk over the scoped folders of both trees, and the only reader of them.

Every folder is listed once with `os.scandir`, every link of the video tree is read once with `readlink`. Nothing is
followed: a link to a folder is a link. What could not be read is part of the answer, never silently absent.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import BinaryIO, NamedTuple

from ..paths import describe_kind, is_inside, nfc
from ..settings.configuration import Settings
from .ignored_names import IgnoreRules
from .mounts import identify, mount_table

LOCAL_JOBS = 1  # on a local disk the walk is bound by the interpreter: threads only add locking (measured)
SLOW_JOBS = 16  # on a network or FUSE mount each call is a round trip
_SMALL = 8  # below this many names a list is searched as fast as a set, in a quarter of the memory


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

    `files`: names of everything that is neither folder nor link; a dict name → FileStat where stats were asked for.
    `links`: name → raw target; the target is "" in storage, where nobody asks for it. `subfolders`: names.
    `has_ignored`: something is in it that is passed over.
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


@dataclass(slots=True)
class Census:
    """What both trees hold: `folders` maps each walked folder's path, as its root was given, to its entries."""

    trees: list[Tree] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)

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


def take_census(
    settings: Settings,
    *,
    with_stats: bool = False,
    with_storage: bool = True,
    tick: Callable[[int], None] = lambda _: None,
) -> Census:
    """Walk the scoped folders of all roots and return what is there.

    A root that is missing, empty or no folder is a fact of the answer (`Tree.problem`), not an error.
    """
    census = Census()
    rules = IgnoreRules(settings.ignore)
    mounts = mount_table()
    roots = [(root, True) for root in settings.storage] if with_storage else []
    for root, is_storage in [*roots, (settings.video, False)]:
        tree = Tree(root, os.path.realpath(root), is_storage)
        census.trees.append(tree)
        _find_scope(census, tree, settings.scoped_folders(), rules)
        slow = identify(root, mounts).is_slow
        stat = (_stat_without_inode if slow else _stat) if with_stats and is_storage else None
        reader = _Reader(census, rules, with_links=not is_storage, stat=stat)
        _walk(tree.scoped, reader, settings.jobs or (SLOW_JOBS if slow else LOCAL_JOBS), tick)
    return census


def _find_scope(census: Census, tree: Tree, wanted: Collection[str], rules: IgnoreRules) -> None:
    try:
        with os.scandir(tree.root) as entries:
            found = {entry.name: entry for entry in entries if not rules.skips_folder(entry.name)}
    except OSError as error:
        tree.problem, tree.is_unreadable = explain(error), not says_absent(error)
        return
    tree.is_empty = not found
    if "." in wanted:
        tree.scoped = [tree.root]
        return
    for parts in sorted({tuple(nfc(name).casefold().split("/")) for name in wanted}):
        tree.scoped += _find_folders(census, found.values(), parts)


def _find_folders(census: Census, entries: Iterable[os.DirEntry[str]], parts: Sequence[str]) -> Iterator[str]:
    """Yield the folders that `parts` leads to, whichever way the disk spells them; a disk may have two spellings."""
    for entry in sorted(entries, key=lambda entry: entry.name):
        if nfc(entry.name).casefold() != parts[0]:
            continue
        try:
            if entry.is_symlink():
                reason = "is a link to a folder, which is not followed; name as a root what the real folder lies in"
                census.unreadable.append(Unreadable(entry.path, reason))
            elif entry.is_dir(follow_symlinks=False) and len(parts) == 1:
                yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                with os.scandir(entry.path) as below:
                    yield from _find_folders(census, list(below), parts[1:])
        except OSError as error:
            census.unreadable.append(Unreadable(entry.path, explain(error)))


def _walk(starts: Iterable[str], reader: _Reader, jobs: int, tick: Callable[[int], None]) -> None:
    if jobs <= 1:
        stack = list(starts)
        while stack:
            path = stack.pop()
            folder = reader.read(path)
            tick(len(folder.files) + len(folder.links))
            stack.extend(f"{path}/{name}" for name in folder.subfolders)
        return
    answers: SimpleQueue[Future[Folder]] = SimpleQueue()
    paths: dict[Future[Folder], str] = {}
    pool = ThreadPoolExecutor(jobs)

    def start(path: str) -> None:
        future = pool.submit(reader.read, path)
        paths[future] = path
        future.add_done_callback(answers.put)

    try:
        for path in starts:
            start(path)
        while paths:
            future = answers.get()
            path, folder = paths.pop(future), future.result()
            tick(len(folder.files) + len(folder.links))
            for name in folder.subfolders:
                start(f"{path}/{name}")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Reader:
    """Reads single folders into the census; may be called from several threads at once."""

    def __init__(
        self,
        census: Census,
        rules: IgnoreRules,
        *,
        with_links: bool,
        stat: Callable[[os.DirEntry[str]], FileStat] | None,
    ) -> None:
        self.census, self.rules, self.with_links, self.stat = census, rules, with_links, stat
        self.suspects = rules.suspects

    def read(self, path: str) -> Folder:
        """List one folder, record it and return it; one that has vanished is empty and not recorded."""
        files: list[str] = []
        stats: dict[str, FileStat] = {}
        links: dict[str, str] = {}
        subfolders: list[str] = []
        has_ignored = False
        skips, skips_folder, suspects = self.rules.skips, self.rules.skips_folder, self.suspects
        readlink, stat_entry = os.readlink if self.with_links else None, self.stat
        entry: os.DirEntry[str] | None = None
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    name = entry.name
                    try:
                        if entry.is_symlink():
                            if name[0] in suspects and skips(name):
                                has_ignored = True
                            else:
                                links[name] = readlink(entry.path) if readlink else ""
                        elif entry.is_dir(follow_symlinks=False):
                            if skips_folder(name):
                                has_ignored = True
                            else:
                                subfolders.append(name)
                        elif name[0] in suspects and skips(name):
                            has_ignored = True
                        elif entry.is_file(follow_symlinks=False):
                            if stat_entry:
                                stats[name] = stat_entry(entry)
                            files.append(name)
                    except FileNotFoundError:
                        continue  # it vanished between being listed and being looked at: it is not there
                    except OSError as error:
                        self.census.unreadable.append(Unreadable(entry.path, explain(error)))
        except OSError as error:
            # "No such file" is an answer only if the folder is really gone: a mount may say so of one that it lists.
            if isinstance(error, FileNotFoundError) and is_absent(path):
                return Folder()
            self.census.unreadable.append(Unreadable(path, explain(error)))
        known: Collection[str] = stats if stat_entry else files if len(files) <= _SMALL else set(files)
        folder = Folder(known, links, subfolders, has_ignored)
        self.census.folders[path] = folder
        return folder


def open_regular(path: str) -> BinaryIO:
    """Open a stored file for reading; raises OSError for a pipe or a device, on which reading would wait for ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"is {describe_kind(mode)}")
    return open(descriptor, "rb", buffering=0)


def _stat(entry: os.DirEntry[str]) -> FileStat:
    found = entry.stat(follow_symlinks=False)
    return FileStat(found.st_size, found.st_mtime_ns, signed_64(found.st_dev), signed_64(found.st_ino))


def _stat_without_inode(entry: os.DirEntry[str]) -> FileStat:
    # rclone and mergerfs hand inodes out anew at every mount: they identify nothing and would change every row
    return _stat(entry)._replace(device=None, inode=None)


def signed_64(number: int) -> int:
    """Return an unsigned 64-bit number as SQLite can hold it."""
    return number - (1 << 64) if number >= 1 << 63 else number


def is_absent(path: str) -> bool:
    """Return whether there is nothing at `path`. Any other answer than "no such file" is no proof of that."""
    try:
        os.lstat(path)
    except OSError as error:
        return says_absent(error)
    return False


def says_absent(error: OSError) -> bool:
    """Return whether an error says that nothing is there; no other answer is a proof of that."""
    return isinstance(error, (FileNotFoundError, NotADirectoryError))


def explain(error: OSError) -> str:
    """Return the system's words for an error, in lower case, without the path."""
    return (error.strerror or str(error)).lower()
