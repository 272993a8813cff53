"""Many calls on disks, in threads that are left behind where a disk does not answer within the time limit.

One thread costs next to nothing beside the calls themselves: it goes on by itself, and is only looked after.
"""

from __future__ import annotations

import _thread
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence, Sized
from typing import Any, Generic, TypeVar

from .time_limit import NoAnswer, check_way, find_out_who_is_silent, silent_mount, silent_mounts, time_limit_s

_POLL_S = 0.1

T = TypeVar("T")
R = TypeVar("R")


class Watch:
    """What one worker is at. `counts`: what grows with each call within one item, as a sign of life."""

    def __init__(self) -> None:
        self.item: Any = None
        self.counts: Sequence[Sized] = ()
        self.is_given_up = False
        self.silent_s = 0.0
        self._last: tuple[object, int] = None, 0

    def look(self, seconds: float) -> float:
        """Return for how long no call has returned, so many seconds after the last look."""
        sign = self.item, sum(map(len, self.counts))
        is_waiting = self.item is not None and sign == self._last
        self.silent_s = self.silent_s + seconds if is_waiting else 0.0
        self._last = sign
        return self.silent_s


class Crew(Generic[T, R]):
    """Threads that visit items, which may bring further items.

    `visit(item, watch)` returns a result and the further items. `take(item, result)` is told of it, by one thread at a
    time. What was given up is in `abandoned` instead: of each item the mount that was silent, or "". `place(item)` is
    the item's path without links; what lies in a mount that was silent is given up at once.
    """

    def __init__(
        self,
        visit: Callable[[T, Watch], tuple[R, Iterable[T]]],
        take: Callable[[T, R], None],
        place: Callable[[T], str],
        jobs: int = 1,
    ) -> None:
        self._visit, self._take, self._place, self._jobs = visit, take, place, jobs
        self.abandoned: dict[T, str] = {}
        self._items: list[T] = []
        self._left = 0  # the items that wait or are being visited
        self._error: BaseException | None = None
        self._watches: list[Watch] = []
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._finished = _thread.allocate_lock()

    def work(self, items: Iterable[T], poll: Callable[[], None] = lambda: None) -> None:
        """Visit all items; `poll()` is called now and then, and at the end. Raises what a visit raises."""
        self._items = list(items)[::-1]
        self._left = len(self._items)
        if not self._left:
            return
        self._finished.acquire()
        try:
            for _ in range(self._jobs):
                self._start()
            looked = time.monotonic()
            while not self._finished.acquire(timeout=_POLL_S):
                poll()
                now = time.monotonic()
                # Where this process itself was stopped, or starved, the disk is not to blame.
                passed, looked = min(now - looked, 2 * _POLL_S), now
                for watch in [each for each in self._watches if each.look(passed) > time_limit_s()]:
                    self._give_up(watch)
            poll()
        finally:
            with self._lock:
                self._end()
        if self._error is not None:
            raise self._error

    def _start(self) -> None:
        watch = Watch()
        self._watches.append(watch)
        threading.Thread(target=self._run, args=(watch,), daemon=True).start()

    def _end(self) -> None:
        self._left = 0
        for watch in self._watches:
            watch.is_given_up = True
        if self._finished.locked():
            self._finished.release()
        self._changed.notify_all()

    def _run(self, watch: Watch) -> None:
        more: Iterable[T] = ()
        taken = self._take_next(watch)
        while taken:
            item: T = watch.item
            try:
                result, more = self._visit(item, watch)
            except BaseException as error:
                with self._lock:
                    if not watch.is_given_up:
                        self._error = error
                        self._end()
                return
            with self._lock:
                if watch.is_given_up:
                    return
                watch.item = None
                self._take(item, result)
                self._add(more)
                taken = self._take_next_locked(watch)

    def _add(self, more: Iterable[T]) -> None:
        """Count one item as done, and take in those that it brought."""
        before = len(self._items)
        self._items.extend(more)
        self._left += len(self._items) - before - 1
        if not self._left:
            self._end()
        elif self._jobs > 1:
            self._changed.notify_all()

    def _take_next(self, watch: Watch) -> bool:
        with self._lock:
            return self._take_next_locked(watch)

    def _take_next_locked(self, watch: Watch) -> bool:
        while self._left and not watch.is_given_up:
            if not self._items:
                self._changed.wait()
                continue
            item = self._items.pop()
            point = silent_mount(self._place(item)) if silent_mounts() else ""
            if not point:
                watch.item, watch.counts = item, ()
                return True
            self.abandoned[item] = point
            self._add(())
        return False

    def _give_up(self, watch: Watch) -> None:
        item: T = watch.item
        if item is None:
            return
        path = self._place(item)
        find_out_who_is_silent(path)
        with self._lock:
            if watch.item is item and not watch.is_given_up and self._left:
                watch.is_given_up = True
                self.abandoned[item] = silent_mount(path)
                self._watches.remove(watch)
                self._start()
                self._add(())


def ask_each(call: Callable[[str], R], paths: Iterable[str], jobs: int = 1) -> dict[str, R | OSError]:
    """Return what a call says of each path, or the OSError that it raises; NoAnswer where it does not return."""
    found: dict[str, R | OSError] = {}

    def visit(path: str, _: Watch) -> tuple[R | OSError, Iterable[str]]:
        try:
            check_way(path)
            return call(path), ()
        except OSError as error:
            return error, ()

    paths = list(paths)
    # Which mount a path leads to, is looked at in its own thread: here it has none.
    crew: Crew[str, R | OSError] = Crew(visit, found.__setitem__, os.fspath, min(jobs, max(1, len(paths))))
    crew.work(paths)
    return found | {path: NoAnswer() for path in crew.abandoned}
