"""The only calls that alter a disk, and the steps made of them.

Invariant: at no instant is a link gone that the plan does not remove, and nothing is ever replaced that the plan did
not expect. A step raises Skipped when the world has moved on and nothing was done. After Overtaken or OSError, as after
a crash, the step may be half done and a temporary link or folder left: `mending.mend` looks, and clears it away. A
step that returns is done and has left nothing behind.
"""

from __future__ import annotations

import ctypes
import errno
import os
from functools import partial

from .video_tree import (
    ABSENT,
    FOLDER,
    NOT_EMPTY,
    Access,
    Place,
    Skipped,
    access_of,
    check_free,
    check_is,
    describe,
    look,
)

_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_REFUSED = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}  # what filesystems and kernels say that lack renameat2
_NOT_OURS = _REFUSED | {errno.EPERM, errno.EACCES}  # what they say to a mode or an owner that we may not give
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

_renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
if _renameat2 is not None:
    _renameat2.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)


class Overtaken(Exception):
    """Somebody replaced the link between our look and our call; `reason` says with what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stuck(Exception):
    """Others came in between twice, and their entry now bears a name of ours; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# The calls, one function each. Every one is atomic; all but `rename_over` fail rather than replace.


def symlink(target: str, place: Place) -> None:
    """Make a link; raises FileExistsError if anything has the name."""
    os.symlink(target, place.name, dir_fd=place.folder)


def unlink(place: Place) -> None:
    """Remove a link or file; never a folder."""
    os.unlink(place.name, dir_fd=place.folder)


def mkdir(place: Place) -> None:
    """Make a folder; raises FileExistsError if anything has the name."""
    os.mkdir(place.name, dir_fd=place.folder)


def rmdir(place: Place) -> None:
    """Remove a folder; fails if it holds anything."""
    os.rmdir(place.name, dir_fd=place.folder)


def rename_over(source: Place, destination: Place) -> None:
    """Give `source` the name `destination`, replacing a link or file that has it."""
    os.rename(source.name, destination.name, src_dir_fd=source.folder, dst_dir_fd=destination.folder)


def rename_flagged(source: Place, destination: Place, flags: int) -> None:
    """Call renameat2(2); OSError is ENOSYS where the C library lacks it."""
    number = errno.ENOSYS
    if _renameat2 is not None:
        names = os.fsencode(source.name), os.fsencode(destination.name)
        if _renameat2(source.folder, names[0], destination.folder, names[1], flags) == 0:
            return
        number = ctypes.get_errno()
    raise OSError(number, os.strerror(number))


def exchange(one: Place, other: Place) -> None:
    """Swap two existing entries of any kind."""
    rename_flagged(one, other, _RENAME_EXCHANGE)


def rename_free(source: Place, destination: Place) -> None:
    """Rename to a free name; raises FileExistsError if it is not.

    Where the filesystem cannot promise that in one call, we look and rename: whoever takes the name between the two
    calls loses. It is used there only for names of ours, and to put back what should not have been touched.
    """
    try:
        rename_flagged(source, destination, _RENAME_NOREPLACE)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        if look(destination) != ABSENT:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        rename_over(source, destination)


# The steps. `temp` is a name of ours in the folder of the link, or of the folder that is made.


def relink(link: Place, old: str, new: str, temp: str) -> None:
    """Let the link that says `old` say `new`."""
    check_is(look(link), old)
    spare = Place(link.folder, temp)
    symlink(new, spare)
    try:
        exchange(spare, link)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        _check_unchanged(link, old)
        rename_over(spare, link)
        return
    _check_unchanged(spare, old)
    unlink(spare)


def move(link: Place, destination: Place, old: str, new: str, temp: str) -> None:
    """Let the link that says `old` stand at the free name `destination`, saying `new` there."""
    check_is(look(link), old)
    check_free(look(destination))
    if old == new and _renamed(link, destination, old):
        return
    marker = Place(link.folder, temp)
    symlink(old, marker)
    try:
        symlink(new, destination)
    except FileExistsError:
        raise Overtaken("its new name has just been taken") from None
    retire(link, marker, old)


def _renamed(link: Place, destination: Place, old: str) -> bool:
    """Return whether one rename did it; False, with nothing done, where the filesystem cannot.

    If then something else bears the new name, we take it for what replaced the link just before, and put it back.
    (It may have replaced the link just after, in the few microseconds until our look; it loses its name then, no more.)
    """
    try:
        rename_flagged(link, destination, _RENAME_NOREPLACE)
    except FileExistsError:
        raise Overtaken("its new name has just been taken") from None
    except OSError as error:
        if error.errno in _REFUSED or error.errno == errno.EXDEV:
            return False
        raise
    arrived = look(destination)
    if arrived == old:
        return True
    if arrived == ABSENT:
        raise Overtaken("it has just been removed under its new name")
    try:
        rename_free(destination, link)
    except OSError:
        raise Stuck(f"what had just replaced it now bears its new name: {describe(arrived)}") from None
    raise Overtaken(f"replaced in the very moment: {describe(arrived)}")


def retire(link: Place, marker: Place, old: str) -> None:
    """Take a link away whose successor stands; `marker`, a link of ours, is replaced by it first."""
    rename_over(link, marker)
    _check_unchanged(marker, old)
    unlink(marker)


def remove_link(link: Place, old: str, temp: str) -> None:
    """Remove the link that says `old`: renamed first, so that what goes has been looked at under our name."""
    check_is(look(link), old)
    spare = Place(link.folder, temp)
    rename_free(link, spare)
    _check_unchanged(spare, old)
    unlink(spare)


def make_link(link: Place, target: str) -> None:
    """Make a link where nothing is."""
    check_free(look(link))
    try:
        symlink(target, link)
    except FileExistsError:
        raise Skipped("the name has just been taken") from None


def make_dir(folder: Place, access: Access | None, temp: str) -> str:
    """Make a folder where nothing is; one that had an access before gets its name only when it has that again.

    Returns what of the access could not be given back, in words, or "".
    """
    check_free(look(folder))
    if access is None:
        try:
            mkdir(folder)
        except FileExistsError:
            raise Skipped("the name has just been taken") from None
        return ""
    spare = Place(folder.folder, temp)
    mkdir(spare)
    has = _give_access(spare, access)
    try:
        rename_free(spare, folder)
    except FileExistsError:
        raise Overtaken("the name has just been taken") from None
    return "" if has == access else f"it had {_in_words(access)}; it could only be given {_in_words(has)}"


def _give_access(folder: Place, access: Access) -> Access:
    """Give a folder of ours this access as far as we may, and return what it has then: some is refused silently."""
    descriptor = os.open(folder.name, _FOLDER_FLAGS, dir_fd=folder.folder)
    try:
        for give in (
            partial(os.fchown, descriptor, -1, access.group),
            partial(os.fchmod, descriptor, access.mode),
            partial(os.fchown, descriptor, access.owner, -1),
        ):
            try:
                give()
            except OSError as error:
                if error.errno not in _NOT_OURS:
                    raise
        return access_of(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _in_words(access: Access) -> str:
    return f"mode {access.mode:o}, owner {access.owner}, group {access.group}"


def remove_dir(folder: Place) -> None:
    """Remove an empty folder."""
    check_is(look(folder), FOLDER)
    try:
        rmdir(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        raise Skipped(NOT_EMPTY) from None


def _check_unchanged(place: Place, wanted: str) -> None:
    seen = look(place)
    if seen != wanted:
        raise Overtaken(f"replaced in the very moment: {describe(seen)}")
