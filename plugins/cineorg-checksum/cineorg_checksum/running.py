"""Reading files, several at a time, until all are read or the time is over; what is learnt is written as it comes."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice

from cineorg.plugin import FileStat, explain

from .judging import DAMAGED, judge
from .model import Record
from .reading import Busy, Stopped, read_file
from .store import Store

_INTERVAL_SECONDS = 1.0  # between two writings: as much work may be lost when the process is killed
_TICK_SECONDS = 0.2
NO_TWO_ALIKE = "read twice, with two results: look at memory, cables and the disk's controller"


@dataclass(slots=True)
class Outcome:
    """What a run did: `verdicts` counts the words of `judging`; `unreadable`: path → why; `lost`: root → why.

    `left`: how many files were not read although it was their turn.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    bytes_read: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    left: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """What to read: paths in order, and the stats of all. `root_of(path)`: the root that holds it; `why_lost(root)`:
    why what is seen there now is not what the census saw, or ""."""

    paths: Sequence[str]
    stored: Mapping[str, FileStat]
    root_of: Callable[[str], str]
    why_lost: Callable[[str], str]


class Runner:
    """One run over a task; `tick` is told of bytes read, from one thread."""

    def __init__(self, task: Task, store: Store, tick: Callable[[int], None]) -> None:
        self._task, self._store, self._tick = task, store, tick
        self._lock, self._unseen, self._stopped = threading.Lock(), 0, threading.Event()
        self._unsaved: list[Record] = []
        self.outcome = Outcome()

    def run(self, jobs: int, max_seconds: float | None) -> Outcome:
        """Read until all is read or `max_seconds` are over: then no file is begun any more, those under way end.

        Whatever ends this early, Ctrl-C included, loses no result that was there.
        """
        deadline = None if max_seconds is None else time.monotonic() + max_seconds
        due = time.monotonic() + _INTERVAL_SECONDS
        rest = iter(self._task.paths)
        running: dict[Future[tuple[Record, str]], str] = {}
        pool = ThreadPoolExecutor(jobs)
        try:
            while True:
                if deadline is None or time.monotonic() < deadline:
                    for path in islice(filter(self._is_there, rest), jobs - len(running)):
                        running[pool.submit(self._read, path, self._store.record(path))] = path
                if not running:
                    break
                done, _ = wait(running, _TICK_SECONDS, FIRST_COMPLETED)
                self._show()
                for future in done:
                    self._take(running.pop(future), future)
                if time.monotonic() >= due:
                    self._save()
                    due = time.monotonic() + _INTERVAL_SECONDS
        finally:
            self._stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            self._save()
        outcome = self.outcome
        outcome.left = len(self._task.paths) - outcome.verdicts.total() - len(outcome.unreadable)
        return outcome

    def _is_there(self, path: str) -> bool:
        return not self.outcome.lost or self._task.root_of(path) not in self.outcome.lost

    def _read(self, path: str, record: Record | None) -> tuple[Record, str]:
        """Read one file, in a thread of its own; what is new damage is read a second time before it is believed."""
        known = self._task.stored[path]
        judged = judge(path, record, read_file(path, known, self._advance, self._stopped.is_set))
        if judged[1] != DAMAGED or record is None or record.fault:
            return judged
        again = judge(path, record, read_file(path, known, self._advance, self._stopped.is_set))
        if again[1] != DAMAGED:
            raise OSError(None, NO_TWO_ALIKE)
        return again

    def _take(self, path: str, future: Future[tuple[Record, str]]) -> None:
        outcome = self.outcome
        try:
            record, verdict = future.result()
        except (Busy, Stopped):
            return  # it counts as left
        except OSError as error:
            if not self._is_lost(path):
                outcome.unreadable[path] = explain(error)
            return
        # What another filesystem shows under this name says nothing about the file.
        if verdict == DAMAGED and self._is_lost(path):
            return
        outcome.verdicts[verdict] += 1
        self._unsaved.append(record)

    def _is_lost(self, path: str) -> bool:
        """Ask whether the root of a file that is not as it should be has gone away meanwhile, and note it if so."""
        root = self._task.root_of(path)
        reason = self.outcome.lost.get(root) or self._task.why_lost(root)
        if reason:
            self.outcome.lost[root] = reason
        return bool(reason)

    def _advance(self, count: int) -> None:
        with self._lock:
            self._unseen += count

    def _show(self) -> None:
        with self._lock:
            count, self._unseen = self._unseen, 0
        self.outcome.bytes_read += count
        self._tick(count)

    def _save(self) -> None:
        records, self._unsaved = self._unsaved, []
        if records:
            self._store.keep(records)
