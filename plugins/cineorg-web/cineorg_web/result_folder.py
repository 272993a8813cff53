"""Where results live between two starts of the server: one file each, the newest of a kind counts.

The folder belongs to one library and, while it runs, to one server; a second server on the same library, or one that
cannot write there, works in a temporary folder and forgets its results when it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence

from .result import Result, Run, complete_result, load_result


class ResultFolder:
    """A folder that is ours; `is_kept` says whether it outlives the server, `why_not` why it does not."""

    def __init__(self, path: str) -> None:
        self._lock, self.why_not = _lock(path)
        self.is_kept = self._lock is not None
        self.path = path if self.is_kept else tempfile.mkdtemp(prefix="cineorg-web-")
        self.scratch = os.path.join(self.path, "scratch")
        shutil.rmtree(self.scratch, ignore_errors=True)  # of a server that was killed
        self.prepare()

    def prepare(self) -> None:
        """Make the folders that are not there, at first or because somebody has removed them."""
        for path in (self.path, self.scratch):
            os.makedirs(path, 0o700, exist_ok=True)

    def place(self, kind: str, stamp: str) -> str:
        """Return the path of a result; `stamp` sorts by time."""
        return os.path.join(self.path, f"{kind}-{stamp}.sqlite")

    def load(self, kind: str) -> Result | None:
        """Return the newest result of a kind that can be read."""
        for path in reversed(self._results(kind)):
            try:
                return load_result(path)
            except (sqlite3.Error, ValueError, TypeError):
                continue  # of another version, or damaged: as if it were not there
        return None

    def keep(self, kind: str, path: str, stamp: str, run: Run, previous: Result | None) -> Result:
        """Return the result in the file `path`, which takes the place of all others of its kind.

        `previous` is the one before, to say what is new. Who is reading another one reads on.
        """
        complete_result(path, run, previous)
        kept = self.place(kind, stamp)
        os.replace(path, kept)
        result = load_result(kept)
        for other in self._results(kind):
            if other != kept:
                os.unlink(other)
        return result

    def _results(self, kind: str) -> Sequence[str]:
        names = sorted(name for name in os.listdir(self.path) if name.startswith(f"{kind}-"))
        return [os.path.join(self.path, name) for name in names if name.endswith(".sqlite")]

    def close(self) -> None:
        """Give the folder back, or remove it where it was a temporary one."""
        shutil.rmtree(self.scratch if self.is_kept else self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock(path: str) -> tuple[int | None, str]:
    """Return the lock on a folder, or why there is none."""
    try:
        os.makedirs(path, 0o700, exist_ok=True)
        descriptor = os.open(os.path.join(path, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        return None, f"{error.filename}: {(error.strerror or str(error)).lower()}"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None, "another server shows this library"
    return descriptor, ""
