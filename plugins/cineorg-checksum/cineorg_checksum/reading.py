"""Reading a file from its first byte to its last: the only place that opens what is stored, and only to read.

The digest is BLAKE3 of the whole content, as `b3sum` prints it. On the way the digests of the first 4 KiB, 8 KiB,
16 KiB … are taken from the same pass: a shorter file with the same beginnings is this one, cut off.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress

from blake3 import blake3

from cineorg.plugin import FileStat, now_text, signed_64

from .model import FIRST_MARK, MARK_BYTES, Reading

_CHUNK = 1 << 20  # larger gains nothing (measured), smaller costs calls
_BEHIND = 64 * _CHUNK  # what of the memory that others' files are kept in one reading may take


class Stopped(Exception):
    """The reading was given up because the command ends."""


class Busy(Exception):
    """The file was written to while it was read: there is nothing to be said of it yet."""


def read_file(path: str, known: FileStat, advance: Callable[[int], None], is_stopped: Callable[[], bool]) -> Reading:
    """Return the digests of a file; `advance` is told of bytes read. Raises OSError, Busy, Stopped.

    `known` is its stat from the census: it says whether the filesystem's inodes mean anything.
    """
    descriptor = _open(path)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "is no regular file")
        _drop_cache(descriptor, 0, 0)
        digest, marks = _digest(descriptor, before.st_size, advance, is_stopped)
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise Busy
    finally:
        os.close(descriptor)
    seen = FileStat(after.st_size, after.st_mtime_ns, known.device, _inode(after, known))
    return Reading(seen, digest, marks, now_text())


def _open(path: str) -> int:
    # NONBLOCK: a FIFO that is called .mkv must not make us wait for somebody to write to it.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        return os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # NOATIME is for the owner alone
        return os.open(path, flags)


def _drop_cache(descriptor: int, start: int, length: int) -> None:
    """Have the bytes come from the disk, whose state is the question, and leave the memory to what others read."""
    with suppress(OSError):  # a filesystem that cannot: then it is as it is
        os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


def _digest(
    descriptor: int, size: int, advance: Callable[[int], None], is_stopped: Callable[[], bool]
) -> tuple[bytes, bytes]:
    hasher, marks, done, mark = blake3(), bytearray(), 0, FIRST_MARK
    buffer = memoryview(bytearray(_CHUNK))
    while count := os.readv(descriptor, [buffer]):
        rest = buffer[:count]
        while done + len(rest) >= mark:
            hasher.update(rest[: mark - done])
            rest, done = rest[mark - done :], mark
            marks += hasher.digest(MARK_BYTES)
            mark *= 2
        hasher.update(rest)
        done += len(rest)
        advance(count)
        if done % _BEHIND < count:
            _drop_cache(descriptor, max(0, done - _BEHIND - _CHUNK), _BEHIND + _CHUNK)
        if is_stopped():
            raise Stopped
        if done > size:  # what somebody is recording has no end
            raise Busy
    return hasher.digest(), bytes(marks)


def _inode(found: os.stat_result, known: FileStat) -> int | None:
    return None if known.inode is None else signed_64(found.st_ino)
