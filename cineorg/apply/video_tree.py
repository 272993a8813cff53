"""Names inside the video tree, reached through directory descriptors; nothing here alters anything.

A folder is opened component by component from the video root, and no component may be a link, `..` or a storage
root. What then happens under the descriptor happens inside the video tree, even if a folder is renamed or replaced
by a link in the same moment.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from ..paths import is_inside
from ..trees.mounts import mounts_showing

# What a look may find instead of a link's text. No text of a link is empty or holds NUL.
ABSENT = ""
FILE = "\0file"
FOLDER = "\0folder"
NOT_EMPTY = "the folder is not empty"
_WORDS = {ABSENT: "nothing is there any more", FILE: "a file is there now", FOLDER: "a folder is there now"}

_FOLDER_FLAGS = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


class Skipped(Exception):
    """The world is not as the plan expects, and the step was not done; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FolderGone(Skipped):
    """The folder that should hold the name does not exist."""


class Place(NamedTuple):
    """A name in an open folder."""

    folder: int
    name: str


class Access(NamedTuple):
    """Who may do what in a folder: the bits of its mode (setgid and sticky, too), the ids of owner and group."""

    mode: int
    owner: int
    group: int


class VideoTree:
    """The video root, held open: what is mounted over it later does not change which tree is meant."""

    def __init__(self, root: str, storage_roots: Sequence[str] = ()) -> None:
        """Open the root (a link to it is followed). Raises OSError."""
        self.root = root.rstrip("/")
        self._storage = {identity for path in storage_roots if (identity := _identity_of(path))}
        self._folder = os.open(root, _FOLDER_FLAGS)
        real = os.path.realpath(root).rstrip("/")
        # Storage that a bind mount shows inside the video tree is storage still.
        self._shown = {self.root + point[len(real) :] for point in mounts_showing(storage_roots, real)}

    def close(self) -> None:
        """Close the root."""
        os.close(self._folder)

    def __enter__(self) -> VideoTree:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def place(self, path: str) -> Iterator[Place]:
        """Yield the absolute `path` as a name in its open parent folder.

        Raises FolderGone if that folder does not exist, Skipped if it is not one of the video tree's own, or
        OSError. `path` itself need not exist and is not looked at.
        """
        *folders, name = self.parts(path)
        folder = self._open(folders)
        try:
            yield Place(folder, name)
        finally:
            os.close(folder)

    def look(self, path: str) -> str:
        """Return what `look` finds at the absolute path; raises as `place` does."""
        with self.place(path) as place:
            return look(place)

    def access(self, path: str) -> Access:
        """Return the access of the folder `path`; raises Skipped if it has just vanished, and as `place` does."""
        with self.place(path) as place:
            try:
                return access_of(os.lstat(place.name, dir_fd=place.folder))
            except FileNotFoundError:
                raise Skipped(describe(ABSENT)) from None

    def names(self, path: str) -> list[str]:
        """Return the names of all entries of the folder `path`, none if it does not exist; raises as `place` does."""
        try:
            folder = self._open(self.parts(path))
        except FolderGone:
            return []
        try:
            descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        try:
            return os.listdir(descriptor)
        finally:
            os.close(descriptor)

    def parts(self, path: str) -> list[str]:
        """Return the components of `path` below the root; raises Skipped if it is not a plain path inside."""
        if path == self.root or not is_inside(path, self.root or "/"):
            raise Skipped(f"it does not lie in the video root {self.root or '/'}")
        parts = path[len(self.root) + 1 :].split("/")
        if any(part in ("", ".", "..") for part in parts):
            raise Skipped("its path is not plain: empty, '.' or '..' components")
        return parts

    def sync(self, paths: Iterable[str]) -> None:
        """Make what was done to these names survive a power cut, where the filesystem knows how."""
        for parent in {os.path.dirname(path) for path in paths}:
            with suppress(OSError, Skipped):
                folders = self.parts(parent) if parent != self.root else []
                folder = self._open(folders)
                try:
                    descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
                    try:
                        os.fsync(descriptor)
                    finally:
                        os.close(descriptor)
                finally:
                    os.close(folder)

    def _open(self, folders: Iterable[str]) -> int:
        path = self.root
        folder = os.dup(self._folder)
        try:
            self._check_storage(folder, path)
            for name in folders:
                path += "/" + name
                below = _enter(folder, name, path)
                os.close(folder)
                folder = below
                self._check_storage(folder, path)
        except BaseException:
            os.close(folder)
            raise
        return folder

    def _check_storage(self, folder: int, path: str) -> None:
        if path in self._shown:
            raise Skipped(f"{path} shows a folder of storage; storage is never changed")
        # The same for a filesystem that shows it by other means, as far as the root itself is concerned.
        found = os.fstat(folder)
        if (found.st_dev, found.st_ino) in self._storage:
            raise Skipped(f"{path} is a storage root; storage is never changed")


def _enter(parent: int, name: str, path: str) -> int:
    try:
        return os.open(name, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        raise folder_gone(path) from None
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.ELOOP):
            raise
        raise not_a_folder(path) from None


def folder_gone(path: str) -> FolderGone:
    """Return the refusal to look for names in a folder that is not there."""
    return FolderGone(f"the folder {path} does not exist")


def not_a_folder(path: str) -> Skipped:
    """Return the refusal to go through a link or a file."""
    return Skipped(f"{path} is no folder of the video tree itself; nothing is changed through it")


def _identity_of(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def look(place: Place) -> str:
    """Return the text of the link, or ABSENT, FILE or FOLDER. Raises OSError when that cannot be known."""
    try:
        try:
            return os.readlink(place.name, dir_fd=place.folder)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            mode = os.lstat(place.name, dir_fd=place.folder).st_mode
            if stat.S_ISLNK(mode):  # it became one between the two calls
                return os.readlink(place.name, dir_fd=place.folder)
            return FOLDER if stat.S_ISDIR(mode) else FILE
    except FileNotFoundError:
        return ABSENT


def access_of(found: os.stat_result) -> Access:
    """Return the part of a folder's status that says who may do what."""
    return Access(stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid)


def describe(seen: str) -> str:
    """Return words for what a look found, to follow a comma or colon."""
    return _WORDS.get(seen) or f"it points at {seen} now"


def check_is(seen: str, wanted: str) -> None:
    """Raise Skipped unless a look found just what is wanted."""
    if seen != wanted:
        raise Skipped(describe(seen))


def check_free(seen: str) -> None:
    """Raise Skipped unless a look found nothing."""
    if seen == FOLDER:
        raise Skipped("a folder of that name is there already")
    if seen != ABSENT:
        raise Skipped(f"its name is taken: {describe(seen)}")
