"""The lock of the catalogue, and its own files: none is followed over a link, or written where it is not ours."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import CatalogueError, RefusedError
from ..paths import describe_kind
from ..settings.sources import default_database_path
from .journal_mode import is_on_network

_COMPANIONS = ("-wal", "-shm", "-journal")
_LOCK_CONTENT = re.compile(rb"[0-9]{0,10}\n?")  # the pid of the command that holds it


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Let the block read the catalogue at `path`; raises CatalogueError if it is not there, or not a file of ours."""
    if os.path.isdir(path):
        raise CatalogueError(f"{path} is a directory, not a catalogue; name a file with --db")
    if not os.path.exists(path):
        raise CatalogueError(f"there is no catalogue at {path}; run `cineorg scan` first, or name one with --db")
    _check_own_files(path)
    yield


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the lock of the catalogue until the block ends; raises RefusedError when another command holds it."""
    if os.path.isdir(path):
        raise CatalogueError(f"{path} is a directory, not a catalogue; name a file with --db")
    _make_default_folder(path)
    _check_own_files(path)
    # The lock is the catalogue's, by whichever link to it the catalogue was named.
    with _opened_lock(os.path.realpath(path) + ".lock", path) as lock, _opened_database(path) as database:
        for descriptor in (lock, database):
            if descriptor is not None:
                _take_lock(descriptor, lock)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield


def _take_lock(descriptor: int, lock: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            return  # a filesystem that knows no such locks has the other one
        holder = os.pread(lock, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise RefusedError(
            f"another cineorg (pid {holder}) is changing this library; nothing was changed, try again later"
        ) from None


def _make_default_folder(path: str) -> None:
    """Make the folder of the default catalogue; any other must exist, for a slip of the finger makes no folders."""
    folder = os.path.dirname(path)
    if os.path.isdir(folder):
        return
    if path != os.path.abspath(default_database_path()):
        raise CatalogueError(f"cannot make the catalogue {path}: there is no folder {folder}; make it, or use another")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise CatalogueError(f"cannot make the folder {folder} of the catalogue: {error.strerror}") from None


def _check_own_files(path: str) -> None:
    """Raise CatalogueError if one of the files that SQLite writes beside the catalogue is not a regular file."""
    for name in (path, *(os.path.realpath(path) + ending for ending in _COMPANIONS)):
        try:
            mode = os.stat(name).st_mode if name == path else os.lstat(name).st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CatalogueError(f"cannot look at {name}: {error.strerror}") from None
        if not stat.S_ISREG(mode):
            raise CatalogueError(
                f"{name} is {describe_kind(mode)}, not a file of ours; remove it, or name another --db"
            )


@contextmanager
def _opened_lock(lock: str, path: str) -> Iterator[int]:
    """Yield the open lock file; a link, or a file that is not ours, is neither followed nor written."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(lock, flags, 0o644)
    except OSError as error:
        what = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise CatalogueError(f"cannot open the lock {lock} of the catalogue {path}: {what}; remove it") from None
    try:
        found = os.fstat(descriptor)
        content = os.pread(descriptor, 32, 0) if stat.S_ISREG(found.st_mode) else b""
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or not _LOCK_CONTENT.fullmatch(content):
            raise CatalogueError(f"{lock} is not a lock file of ours; remove it, or name another catalogue with --db")
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _opened_database(path: str) -> Iterator[int | None]:
    """Yield the catalogue itself, open to be locked, whatever name leads to it; None while there is none.

    It is opened before SQLite does and closed after: closing it earlier would let SQLite's own locks go.
    """
    if is_on_network(path) or not os.path.exists(path):
        yield None
        return
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        yield None  # SQLite will say what is wrong with it
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)
