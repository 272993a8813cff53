"""An OS error in words for people; the path stands beside it in the report."""

from __future__ import annotations

import errno
import os

_WORDS = {
    errno.EACCES: "no permission to change this folder",
    errno.EPERM: "not permitted here (another owner, or an immutable folder)",
    errno.EROFS: "the filesystem is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EIO: "the disk or the network failed (input/output error)",
    errno.ESTALE: "the network share has been changed or restarted (stale file handle)",
    errno.ENOTCONN: "the mount is disconnected (transport endpoint is not connected)",
    errno.ELOOP: "too many links on the way",
    errno.ENAMETOOLONG: "the name or the target is too long for this filesystem",
    errno.ENOTDIR: "it, or its folder, has just become something else",
    errno.EISDIR: "a folder has just taken its place",
    errno.ENOENT: "it, or its folder, has just vanished",
    errno.EEXIST: "the name has just been taken",
    errno.EXDEV: "the two folders lie on different filesystems",
    errno.EBUSY: "it is in use, perhaps as a mount point",
}


def explain(error: OSError) -> str:
    """Return words for the error."""
    if error.errno is None:
        return str(error)
    return _WORDS.get(error.errno) or (error.strerror or os.strerror(error.errno)).lower()
