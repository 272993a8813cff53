"""The one walk over the scoped folders of both trees, and the only reader of them.

Every folder is listed once with `os.scandir`, every link is read once with `readlink`. Nothing is followed while
walking: a link to a folder is a link. Only then storage is asked where its own links lead, if it has any.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ..paths import is_inside, nfc
from ..settings.configuration import Settings
from .census import (
    Census,
    FileStat,
    Folder,
    StoredLink,
    Tree,
    Unreadable,
    explain,
    file_stat,
    is_absent,
    says_absent,
)
from .crew import Crew, Watch, ask_each
from .ignored_names import IgnoreRules
from .mounts import Filesystem, find_mount, identify, mount_table
from .time_limit import NoAnswer, ask

LOCAL_JOBS = 1  # on a local disk the walk is bound by the interpreter: threads only add locking (measured)
SLOW_JOBS = 16  # on a network or FUSE mount each call is a round trip
_SMALL = 8  # below this many names a list is searched as fast as a set, in a quarter of the memory


def take_census(
    settings: Settings,
    *,
    with_stats: bool = False,
    with_storage: bool = True,
    within: Sequence[str] = (),
    tick: Callable[[int], None] = lambda _: None,
) -> Census:
    """Walk the scoped folders of all roots, of these only those `within` (none: all), and return what is there.

    A root that is missing, empty, silent or no folder is a fact of the answer (`Tree.problem`), not an error.
    """
    census = Census()
    rules = IgnoreRules(settings.ignore)
    mounts = mount_table()
    roots = [(root, True) for root in settings.storage] if with_storage else []
    for root, is_storage in [*roots, (settings.video, False)]:
        tree = _open_tree(census, root, is_storage, settings.scoped_folders(), rules)
        census.trees.append(tree)
        is_slow = identify(root, mounts).is_slow
        reader = _Reader(rules, with_stats=with_stats and is_storage, with_inodes=not is_slow)
        _walk(census, tree, _starts(tree, within), reader, jobs_for(settings, is_slow), tick)
    _follow_stored_links(census, settings, mounts, with_stats=with_stats)
    return census


def jobs_for(settings: Settings, is_slow: bool) -> int:
    """Return in how many threads a disk is to be asked."""
    return settings.jobs or (SLOW_JOBS if is_slow else LOCAL_JOBS)


# The roots


class Scope(NamedTuple):
    """A root as listed: whether nothing is in it, the folders that count, and those of them that cannot be read."""

    is_empty: bool
    folders: list[str]
    unreadable: list[Unreadable]


def _open_tree(census: Census, root: str, is_storage: bool, wanted: Collection[str], rules: IgnoreRules) -> Tree:
    tree = Tree(root, root, is_storage)
    try:
        tree.real = ask(os.path.realpath, root)
        scope = find_scope(root, wanted, rules)
    except OSError as error:
        tree.problem, tree.is_unreadable = explain(error), not says_absent(error)
        return tree
    tree.is_empty, tree.scoped = scope.is_empty, scope.folders
    census.unreadable += scope.unreadable
    return tree


def find_scope(root: str, wanted: Collection[str], rules: IgnoreRules) -> Scope:
    """Return the folders below a root that count, of those with the names `wanted`; raises what the disk says."""
    return ask(_read_scope, root, wanted, rules)


def _read_scope(root: str, wanted: Collection[str], rules: IgnoreRules) -> Scope:
    with os.scandir(root) as entries:
        found = {entry.name: entry for entry in entries if not rules.skips_folder(entry.name)}
    if "." in wanted:
        return Scope(not found, [root], [])
    unreadable: list[Unreadable] = []
    folders: list[str] = []
    for parts in sorted({tuple(nfc(name).casefold().split("/")) for name in wanted}):
        folders += _find_folders(found.values(), parts, unreadable)
    return Scope(not found, folders, unreadable)


def _find_folders(
    entries: Iterable[os.DirEntry[str]], parts: Sequence[str], unreadable: list[Unreadable]
) -> Iterator[str]:
    """Yield the folders that `parts` leads to, whichever way the disk spells them; a disk may have two spellings."""
    for entry in sorted(entries, key=lambda entry: entry.name):
        if nfc(entry.name).casefold() != parts[0]:
            continue
        try:
            if entry.is_symlink():
                reason = "is a link to a folder, which is not followed; name as a root what the real folder lies in"
                unreadable.append(Unreadable(entry.path, reason))
            elif entry.is_dir(follow_symlinks=False) and len(parts) == 1:
                yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                with os.scandir(entry.path) as below:
                    yield from _find_folders(list(below), parts[1:], unreadable)
        except OSError as error:
            unreadable.append(Unreadable(entry.path, explain(error)))


# The walk


def _starts(tree: Tree, within: Sequence[str]) -> list[str]:
    """Return the folders where the walk of a tree begins: no folder lies in another one of them."""
    if not within:
        return tree.scoped
    inner = [path for path in within if any(is_inside(path, folder) for folder in tree.scoped)]
    outer = [folder for folder in tree.scoped if any(is_inside(folder, path) for path in within)]
    starts = {*inner, *outer}
    return sorted(path for path in starts if not any(path != other and is_inside(path, other) for other in starts))


def _walk(
    census: Census, tree: Tree, starts: Sequence[str], reader: _Reader, jobs: int, tick: Callable[[int], None]
) -> None:
    seen = told = 0

    def take(path: str, found: _Listed) -> None:
        nonlocal seen
        if found.folder is not None:
            census.folders[path] = found.folder
            seen += len(found.folder.files) + len(found.folder.links)
        census.unreadable += found.unreadable

    def poll() -> None:
        nonlocal told
        tick(seen - told)
        told = seen

    def place(path: str) -> str:
        return tree.real + path[len(tree.root) :]

    crew: Crew[str, _Listed] = Crew(reader.read, take, place, jobs)
    crew.work(starts, poll)
    for path, mount in crew.abandoned.items():
        _note_silence(census, tree, path, mount)


def _note_silence(census: Census, tree: Tree, path: str, mount: str) -> None:
    """Let a folder that did not answer be unreadable, or the whole mount that did not: its other folders, too."""
    reason = explain(NoAnswer())
    if mount and is_inside(tree.real, mount):
        tree.problem, tree.is_unreadable = reason, True
    else:
        census.unreadable.append(Unreadable(tree.root + mount[len(tree.real) :] if mount else path, reason))
        census.unreadable[:] = dict.fromkeys(census.unreadable)


class _Listed(NamedTuple):
    """One folder as read, None if it has vanished, and what of it could not be looked at."""

    folder: Folder | None
    unreadable: Sequence[Unreadable] = ()


class _Reader:
    """Reads single folders; may be called from several threads at once."""

    def __init__(self, rules: IgnoreRules, *, with_stats: bool, with_inodes: bool) -> None:
        self.rules, self.suspects = rules, rules.suspects
        self.stat = partial(_stat, with_inode=with_inodes) if with_stats else None

    def read(self, path: str, watch: Watch) -> tuple[_Listed, Iterable[str]]:
        """List one folder; return it and the folders in it. One that has vanished is none."""
        files: list[str] = []
        stats: dict[str, FileStat] = {}
        links: dict[str, str] = {}
        subfolders: list[str] = []
        unreadable: list[Unreadable] = []
        watch.counts = files, links, subfolders
        has_ignored = False
        skips, skips_folder, suspects = self.rules.skips, self.rules.skips_folder, self.suspects
        readlink, stat_entry = os.readlink, self.stat
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    name = entry.name
                    try:
                        if entry.is_symlink():
                            if name[0] in suspects and skips(name):
                                has_ignored = True
                            else:
                                links[name] = readlink(entry.path)
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
                        unreadable.append(Unreadable(entry.path, explain(error)))
        except OSError as error:
            # "No such file" is an answer only if the folder is really gone: a mount may say so of one that it lists.
            if isinstance(error, FileNotFoundError) and is_absent(path):
                return _Listed(None), ()
            unreadable.append(Unreadable(path, explain(error)))
        known = stats if stat_entry else _as_names(files)
        below = [f"{path}/{name}" for name in subfolders]
        return _Listed(Folder(known, links, subfolders, has_ignored), unreadable), below


def _as_names(files: list[str]) -> Collection[str]:
    return files if len(files) <= _SMALL else set(files)


def _stat(entry: os.DirEntry[str], *, with_inode: bool) -> FileStat:
    found = file_stat(entry.stat(follow_symlinks=False))
    # rclone and mergerfs hand inodes out anew at every mount: they identify nothing and would change every row
    return found if with_inode else found._replace(device=None, inode=None)


# The links of storage


def _follow_stored_links(census: Census, settings: Settings, mounts: list[Filesystem], *, with_stats: bool) -> None:
    """Let links of storage that reach a file beyond what is walked count as files, and note where they lead."""
    links = [
        f"{path}/{name}" for tree in census.storage for path, folder in census.folders_of(tree) for name in folder.links
    ]
    if not links:
        return
    jobs = jobs_for(settings, any(identify(tree.root, mounts).is_slow for tree in census.storage))
    ends = ask_each(os.path.realpath, links, jobs)
    for path, found in ask_each(os.stat, links, jobs).items():
        end = ends[path]
        if isinstance(found, OSError) and found.errno == errno.ELOOP:
            continue  # a link that leads round in a loop reaches nothing, whatever is away
        if isinstance(found, OSError) and not says_absent(found):
            census.unreadable.append(Unreadable(path, f"its target could not be looked at: {explain(found)}"))
        elif isinstance(end, str) and not _is_seen(census, end):
            is_gone = isinstance(found, OSError)
            census.stored_links[path] = StoredLink(end, is_gone)
            if isinstance(found, os.stat_result) and stat.S_ISREG(found.st_mode):
                about = file_stat(found)
                if find_mount(end, mounts).is_slow:
                    about = about._replace(device=None, inode=None)
                _add_file(census, path, about if with_stats else None)


def _is_seen(census: Census, real_path: str) -> bool:
    """Return whether the walk saw a file, or a folder, at a real path."""
    for tree in census.trees:
        if is_inside(real_path, tree.real):
            folder, _, name = (tree.root + real_path[len(tree.real) :]).rpartition("/")
            there = census.folders.get(folder)
            if f"{folder}/{name}" in census.folders or (there is not None and name in there.files):
                return True
    return False


def _add_file(census: Census, path: str, about: FileStat | None) -> None:
    where, _, name = path.rpartition("/")
    folder = census.folders[where]
    if about is not None and isinstance(folder.files, dict):
        folder.files[name] = about
    else:
        folder.files = _as_names([*folder.files, name])
