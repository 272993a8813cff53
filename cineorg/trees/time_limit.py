"""Calls on disks, made where they can be given up: one that does not return within the time limit raises NoAnswer.

A call that waits for a disk cannot be broken off. So another thread makes it; the one that asks waits, hears of
Ctrl-C, and leaves that thread behind when the time is over. A filesystem that was silent once is not asked again.
"""

from __future__ import annotations

import _thread
import errno
import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from ..paths import is_inside

DEFAULT_S = 30.0
_LOOK_S = 1.0  # for finding out who is silent, once somebody is
_MOST_LINKS = 40  # the kernel follows no more

R = TypeVar("R")


class NoAnswer(TimeoutError):
    """A disk did not answer within the time limit: what was asked is not known."""

    def __init__(self) -> None:
        super().__init__(errno.ETIMEDOUT, f"does not answer (waited {_limit.seconds:g} s)")


class _Limit:
    """The time limit of this process, and the mount points (real paths) that have been silent for as long."""

    seconds = DEFAULT_S
    silent: tuple[str, ...] = ()


_limit = _Limit()


def time_limit_s() -> float:
    """Return how many seconds a call may take."""
    return _limit.seconds


def set_time_limit(seconds: float) -> None:
    """Let a call take so many seconds, 0: as long as it likes; what was silent before is asked again."""
    _limit.seconds, _limit.silent = seconds or threading.TIMEOUT_MAX, ()


def silent_mounts() -> tuple[str, ...]:
    """Return the mount points that were found silent."""
    return _limit.silent


def silent_mount(real_path: str) -> str:
    """Return the mount point, found silent before, that holds a path without links, or ""."""
    return next((point for point in _limit.silent if is_inside(real_path, point)), "")


# One call


def ask(call: Callable[..., R], path: str, *rest: Any) -> R:
    """Return `call(path, *rest)` and raise what it raises; NoAnswer if it takes too long.

    An abandoned call may still end later; whoever changes something must not ask for it here.
    """

    def job() -> R:
        check_way(path)
        return call(path, *rest)

    try:
        return _make(job, _limit.seconds)
    except _TooLate:
        find_out_who_is_silent(path)
        raise NoAnswer from None


def ask_or(call: Callable[[str], R], path: str, otherwise: R) -> R:
    """Return `call(path)`, or something else where that fails or takes too long."""
    try:
        return ask(call, path)
    except OSError:
        return otherwise


def real_path(path: str) -> str:
    """Return a path without links, or as much as its text says where the disk does not."""
    return ask_or(os.path.realpath, path, os.path.abspath(path))


class _TooLate(Exception):
    """A job has not ended in time."""


class _Helper:
    """A thread that makes one call after another for the thread that owns it."""

    def __init__(self) -> None:
        self._job: Callable[[], Any] = lambda: None
        self._value: Any = None
        self._error: BaseException | None = None
        self._begin, self._end = _thread.allocate_lock(), _thread.allocate_lock()
        self._begin.acquire()
        self._end.acquire()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while self._begin.acquire():
            self._value, self._error = None, None
            try:
                self._value = self._job()
            except BaseException as error:
                self._error = error
            self._end.release()

    def make(self, job: Callable[[], Any], seconds: float) -> tuple[Any, BaseException | None]:
        """Return what came of a job, value and error; raises _TooLate, after which this helper is of no use."""
        self._job = job
        self._begin.release()
        if not self._end.acquire(timeout=seconds):
            raise _TooLate
        return self._value, self._error


_own = threading.local()
os.register_at_fork(after_in_child=lambda: vars(_own).clear())  # no thread but its own lives on in a child


def _make(job: Callable[[], R], seconds: float) -> R:
    helper: _Helper = getattr(_own, "helper", None) or _Helper()
    _own.helper = None  # Ctrl-C, as well, may leave it in the middle of its call
    value, error = helper.make(job, seconds)
    _own.helper = helper
    if error is not None:
        raise error
    found: R = value
    return found


# Who is silent


def check_way(path: str) -> None:
    """Raise NoAnswer if a path leads, over links as well, into a mount that was silent before."""
    if _limit.silent and _leads_into_silence(path, [""]):
        raise NoAnswer


def find_out_who_is_silent(path: str) -> None:
    """Remember the mount that holds the first component of a path that does not answer; links are followed."""
    reached = [""]
    try:
        _make(lambda: _leads_into_silence(path, reached), min(_LOOK_S, _limit.seconds))
    except _TooLate:
        from .mounts import find_mount, mount_table  # which ask for real paths here

        point = find_mount(reached[0], mount_table()).mount_point
        if point and point not in _limit.silent:
            _limit.silent += (point,)


def _leads_into_silence(path: str, reached: list[str]) -> bool:
    """Go the way of a path by hand; return whether it enters a silent mount. `reached[0]` is what is just asked."""
    here, links = "", 0
    todo = deque(path.split("/"))
    while todo:
        name = todo.popleft()
        if name in ("", "."):
            continue
        if name == "..":
            here = here.rpartition("/")[0]
            continue
        reached[0] = f"{here}/{name}"
        if silent_mount(reached[0]):
            return True
        try:
            text = os.readlink(reached[0])
        except OSError as error:
            if error.errno != errno.EINVAL:  # there is no way on
                return False
            here = reached[0]
            continue
        links += 1
        if links > _MOST_LINKS:
            return False
        here = "" if text.startswith("/") else here
        todo.extendleft(reversed(text.split("/")))
    return False
