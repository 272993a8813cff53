"""A way to break in at any call that touches disk or catalogue: to count, to fail, to kill, to be quicker."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from cineorg.apply import steps


class Calls:
    """Counts the calls that touch disk or catalogue; at number `at` it calls `what(name, call)` instead.

    If `lasting`, it does so at every later call on the disk, too. `what` gets the call as a function without
    arguments, and returns what the call shall return.
    """

    READING = ("open", "fstat", "dup", "readlink", "lstat")
    ALTERING = ("symlink", "rename", "unlink", "mkdir", "rmdir", "fchmod", "fchown", "fsync")

    def __init__(
        self,
        at: int = -1,
        what: Callable[[str, Callable[[], Any]], Any] | None = None,
        names: Sequence[str] = READING + ALTERING,
        *,
        lasting: bool = False,
    ) -> None:
        self.at, self.what, self.watched, self.lasting = at, what, names, lasting
        self.names: list[str] = []
        self.active = False

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if not self.active:
                return call(*args, **kwargs)
            self.names.append(name)
            number = len(self.names) - 1
            if self.what and (number == self.at or (self.lasting and number > self.at and name[:7] != "execute")):
                self.active = False
                try:
                    return self.what(name, lambda: call(*args, **kwargs))
                finally:
                    self.active = True
            return call(*args, **kwargs)

        return wrapped

    @contextmanager
    def watching(self, connection: sqlite3.Connection, *, exchange: bool = True) -> Iterator[Any]:
        """Yield a connection to be used instead; without `exchange` the kernel knows no renameat2."""
        with pytest.MonkeyPatch.context() as patch:
            for name in self.watched:
                patch.setattr(os, name, self.wrap(name, getattr(os, name)))
            renameat2 = self.wrap("renameat2", steps._renameat2) if exchange else None
            patch.setattr(steps, "_renameat2", renameat2)
            self.active = True
            try:
                yield Watched(connection, self)
            finally:
                self.active = False


class Watched:
    """A connection whose statements are counted."""

    def __init__(self, connection: sqlite3.Connection, calls: Calls) -> None:
        self._connection = connection
        self.execute = calls.wrap("execute", connection.execute)
        self.executemany = calls.wrap("executemany", connection.executemany)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def failing(number: int) -> Callable[[str, Callable[[], Any]], Any]:
    """Return what makes a call fail with the error `number`, without effect."""

    def fail(name: str, _: Callable[[], Any]) -> Any:
        if name == "renameat2":
            ctypes.set_errno(number)
            return -1
        if name.startswith("execute"):
            raise sqlite3.OperationalError(os.strerror(number))
        raise OSError(number, os.strerror(number))

    return fail


def failing_late(number: int) -> Callable[[str, Callable[[], Any]], Any]:
    """Return what lets a call take effect and then fail: a server whose answer was lost."""

    def fail(name: str, call: Callable[[], Any]) -> Any:
        result = call()
        if name in ("open", "dup"):
            os.close(result)
        return failing(number)(name, call)

    return fail
