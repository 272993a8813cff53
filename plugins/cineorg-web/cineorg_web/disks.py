"""How much room a place has left, asked so that a disk that does not answer keeps no page waiting."""

from __future__ import annotations

import os
import threading
import time
from typing import NamedTuple

_PATIENCE_S, _FRESH_S = 0.3, 10.0


class Disk(NamedTuple):
    """What a place says: free bytes, or why there is nothing."""

    free_bytes: int
    problem: str = ""


class Disks:
    """Remembers for ten seconds what places said; one thread at a time waits for each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Disk]] = {}
        self._waiting: dict[str, threading.Thread] = {}

    def ask(self, path: str) -> Disk | None:
        """Return what a place says, None where it has not answered as yet."""
        with self._lock:
            known = self._known.get(path)
            if known is not None and time.monotonic() - known[0] < _FRESH_S:
                return known[1]
            waiting = self._waiting.get(path)
            if waiting is None:
                waiting = self._waiting[path] = threading.Thread(target=self._look, args=[path], daemon=True)
                waiting.start()
        waiting.join(_PATIENCE_S)
        with self._lock:
            fresh = self._known.get(path)
        return fresh[1] if fresh is not None and path not in self._waiting else None

    def _look(self, path: str) -> None:
        try:
            room = os.statvfs(path)
            disk = Disk(room.f_bavail * room.f_frsize)
        except OSError as error:
            disk = Disk(0, (error.strerror or str(error)).lower())
        with self._lock:
            self._known[path] = time.monotonic(), disk
            self._waiting.pop(path, None)
