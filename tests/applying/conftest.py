"""A small library on a real disk with a real catalogue, a plan that uses every kind of change, and a way to break in.

`Library` knows which states are allowed while the plan is carried out: each link is the old or the new one, exactly
once. `Calls` counts every call that touches disk or catalogue, and does something at the one that a test names.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cineorg.applying import Applied, apply_changes, plan_undo, settle_pending, steps
from cineorg.applying.journal import list_batches
from cineorg.catalogue import open_catalogue
from cineorg.changes import Change, MakeDir, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from cineorg.paths import to_bytes

ODD = "caf\udce9\n\t'\\.mkv"
LONG = "é" * 126 + "abc"  # 255 bytes


def snapshot(root: str) -> dict[str, str]:
    """Return every entry below `root`: a link's text, "dir", or a file's content."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                found[path] = "-> " + os.readlink(path)
            else:
                found[path] = "dir" if stat.S_ISDIR(mode) else Path(path).read_text("utf-8")
    return found


def exact_state(root: str) -> dict[str, tuple[int, ...]]:
    """Return what no write to `root` or anything below it can leave unchanged."""
    found = {}
    for folder, folders, files in os.walk(root):
        for path in [folder, *(os.path.join(folder, name) for name in folders + files)]:
            about = os.lstat(path)
            found[path] = (about.st_ino, about.st_mode, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    return found


class Library:
    """Storage, video tree and catalogue in one folder, filled from a template."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.storage, self.video, self.db = str(base / "storage"), str(base / "video"), str(base / "c.db")
        self.action, self.new, self.leaving = (f"{self.video}/Films/{name}" for name in ("Action", "New", "Leaving"))

    def build(self) -> None:
        self.build_trees()
        self._build_catalogue()

    def build_trees(self) -> None:
        for folder in (self.storage, self.action, self.leaving, f"{self.video}/Films/Empty"):
            os.makedirs(folder)
        for name in ("a", "a2", "b", "c", "d", "e", "odd", "odd2"):
            Path(self.storage, name).write_text(name, "utf-8")
        for path, target in self.links().items():
            os.symlink(target, path)

    def _build_catalogue(self) -> None:
        with self.open() as connection:
            for number, (path, target) in enumerate(self.links().items()):
                stored = to_bytes(path)
                try:
                    text: Any = stored.decode("utf-8")
                except UnicodeDecodeError:
                    text = stored
                connection.execute(
                    "INSERT INTO video_files (path, symlink_path, filename, size_bytes) VALUES ('x', ?, 'x', 1)",
                    (text,),
                )
                connection.execute(
                    "INSERT INTO cineorg_links (path, target, first_seen) VALUES (?, ?, ?)",
                    (stored, to_bytes(target), f"2026-01-0{number + 1}"),
                )
            connection.execute("INSERT INTO movies (title, file_path) VALUES ('A', ?)", (f"{self.storage}/a",))
            connection.execute("INSERT INTO movies (title, file_path) VALUES ('B', NULL)")

    def links(self) -> dict[str, str]:
        """Return the links as they are at first: path → text."""
        return {
            f"{self.action}/a.mkv": f"{self.storage}/a",
            f"{self.action}/b.mkv": "../../../storage/b",
            f"{self.action}/c.mkv": f"{self.storage}/c",
            f"{self.action}/d.mkv": f"{self.storage}/d",
            f"{self.action}/{ODD}": f"{self.storage}/odd",
            f"{self.leaving}/{LONG}": "./../../../storage//e",
        }

    def plan(self) -> list[Change]:
        """Return a plan with every kind of change, some of them upon one another."""
        storage, action, new = self.storage, self.action, self.new
        return [
            Relink(f"{action}/a.mkv", f"{storage}/a", f"{storage}/a2", 100.0, "same inode"),
            SetFilePath("movies", 1, f"{storage}/a", f"{storage}/a2"),
            MakeDir(new),
            MakeDir(f"{new}/A-F"),
            Move(f"{action}/b.mkv", f"{new}/A-F/b.mkv"),
            Move(f"{action}/c.mkv", f"{new}/c.mkv"),
            RemoveLink(f"{action}/d.mkv", f"{storage}/d"),
            Relink(f"{action}/{ODD}", f"{storage}/odd", f"{storage}/odd2"),
            Move(f"{action}/{ODD}", f"{new}/{ODD}"),
            Move(f"{self.leaving}/{LONG}", f"{new}/A-F/{LONG}"),
            RemoveDir(self.leaving),
            RemoveDir(f"{self.video}/Films/Empty"),
            SetFilePath("movies", 2, None, f"{storage}/{ODD}"),
        ]

    def allowed(self) -> list[set[tuple[str, str]]]:
        """Return, for each link, the states in which it may be found while the plan is carried out."""
        storage, action, new = self.storage, self.action, self.new
        return [
            {(f"{action}/a.mkv", f"{storage}/a"), (f"{action}/a.mkv", f"{storage}/a2")},
            {(f"{action}/b.mkv", "../../../storage/b"), (f"{new}/A-F/b.mkv", "../../../../storage/b")},
            {(f"{action}/c.mkv", f"{storage}/c"), (f"{new}/c.mkv", f"{storage}/c")},
            {(f"{action}/d.mkv", f"{storage}/d")},
            {
                (f"{action}/{ODD}", f"{storage}/odd"),
                (f"{action}/{ODD}", f"{storage}/odd2"),
                (f"{new}/{ODD}", f"{storage}/odd2"),
                (f"{new}/{ODD}", f"{storage}/odd"),
            },
            {
                (f"{self.leaving}/{LONG}", "./../../../storage//e"),
                (f"{new}/A-F/{LONG}", "../../../../storage//e"),
            },
        ]

    def check_links(self, *, temporary_allowed: bool = False) -> None:
        """Fail unless each link is there exactly once, old or new (the removed one may be gone), and nothing else."""
        found = {(path, text[3:]) for path, text in snapshot(self.video).items() if text.startswith("-> ")}
        for number, states in enumerate(self.allowed()):
            here = found & states
            removable = number == 3
            if temporary_allowed:
                assert here or removable, (states, found)
            else:
                assert len(here) == 1 or (removable and not here), (here, states, found)
            found -= here
        if temporary_allowed:
            found = {(path, text) for path, text in found if not os.path.basename(path).startswith(".cineorg-")}
        assert not found

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for writing. Its commits reach the kernel, not the platter: kills need no more."""
        with open_catalogue(self.db, write=True) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            yield connection

    def apply(self, connection: Any, changes: Sequence[Change], **more: Any) -> Applied:
        return apply_changes(
            connection, changes, command="test", video_root=self.video, storage_roots=(self.storage,), **more
        )

    def undo(self, connection: Any, batch: int | None = None) -> Applied:
        plan = plan_undo(connection, batch)
        assert not plan.unresolved
        return self.apply(connection, plan.changes, undoes=plan.batch)

    def settle(self, connection: Any) -> int:
        return settle_pending(connection, self.video)

    def rows(self) -> list[Any]:
        """Return every row that applying may alter, without `updated_at`."""
        with self.open() as connection:
            return [
                connection.execute(query).fetchall()
                for query in (
                    "SELECT id, CAST(symlink_path AS BLOB) FROM video_files ORDER BY id",
                    "SELECT path, target, first_seen, last_seen, missing_since FROM cineorg_links ORDER BY path",
                    "SELECT id, CAST(file_path AS BLOB) FROM movies ORDER BY id",
                    "SELECT path, target FROM cineorg_pins ORDER BY path",
                )
            ]

    def check_rows(self) -> None:
        """Fail unless inventory and video_files name just the links that are there."""
        links = {
            (to_bytes(path), to_bytes(text[3:]))
            for path, text in snapshot(self.video).items()
            if text.startswith("-> ")
        }
        video_files, inventory, *_ = self.rows()
        assert {(path, target) for path, target, *_ in inventory} == links
        assert sorted(path for _, path in video_files if path) == sorted(path for path, _ in links)

    def check_settled(self, connection: sqlite3.Connection) -> None:
        assert all("pending" not in batch.states for batch in list_batches(connection))
        assert all(batch.finished_at for batch in list_batches(connection))


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill needs no fsync to be survived; thousands of them on a busy disk take minutes."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path / "library")
    library.build()
    return library


@pytest.fixture
def new_library(tmp_path: Path) -> Iterator[Callable[[], Library]]:
    """Yield a function that makes the library anew, at the same place; in memory: it is called thousands of times."""
    memory = "/dev/shm"
    base = Path(tempfile.mkdtemp(prefix="cineorg-", dir=memory)) if os.access(memory, os.W_OK) else tmp_path
    library, kept = Library(base / "library"), base / "kept.db"

    def make() -> Library:
        if not kept.exists():
            library.build()
            shutil.copy(library.db, kept)
            return library
        shutil.rmtree(library.base)
        library.build_trees()
        shutil.copy(kept, library.db)
        return library

    yield make
    shutil.rmtree(base)


class Calls:
    """Counts the calls that touch disk or catalogue; at number `at` it calls `what(name, call)` instead.

    If `lasting`, it does so at every later call on the disk, too. `what` gets the call as a function without
    arguments, and returns what the call shall return.
    """

    READING = ("open", "fstat", "dup", "readlink", "lstat")
    ALTERING = ("symlink", "rename", "unlink", "mkdir", "rmdir", "fsync")

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


@pytest.fixture
def tools() -> Any:
    """Return this module's helpers, for tests are not imported as a package."""

    class Tools:
        Calls = Calls
        Library = Library
        LONG = LONG
        ODD = ODD
        exact_state = staticmethod(exact_state)
        failing = staticmethod(failing)
        failing_late = staticmethod(failing_late)
        snapshot = staticmethod(snapshot)
        errors = tuple(
            getattr(errno, name)
            for name in "ENOENT EACCES EIO ESTALE ENOTCONN ELOOP ENAMETOOLONG ENOSPC EROFS EXDEV EEXIST EINVAL".split()
        )

    return Tools
