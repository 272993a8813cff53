"""Several files at a time, until all are done or the time is over; what is learnt is kept as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice

from cineorg.census import FileStat

from .ffprobe import Ffprobe
from .memory import Memory
from .model import Result
from .probing import probe_file

_BATCH = 50  # results that a crash of this very program may cost
_BATCH_SECONDS = 5.0


@dataclass(slots=True)
class Outcome:
    """Which files were probed, which went away before they could be, and how many the time did not suffice for."""

    probed: set[str] = field(default_factory=set)
    vanished: list[str] = field(default_factory=list)
    left: int = 0


def probe_files(
    todo: Mapping[str, FileStat],
    ffprobe: Ffprobe,
    memory: Memory,
    *,
    jobs: int,
    max_seconds: float | None,
    tick: Callable[[int], None],
) -> Outcome:
    """Probe files in the order of `todo`, `jobs` at a time, and keep the results.

    After `max_seconds` none is begun any more; those that were are waited for. Whatever ends this early, Ctrl-C
    included, leaves no process behind and loses no result that was there.
    """
    outcome = Outcome()
    fresh: list[Result] = []
    deadline = None if max_seconds is None else time.monotonic() + max_seconds
    pool = ThreadPoolExecutor(jobs)
    due = time.monotonic() + _BATCH_SECONDS
    try:
        for path, result in _as_done(pool, todo.items(), ffprobe, jobs, deadline):
            tick(1)
            if result is None:
                outcome.vanished.append(path)
            else:
                outcome.probed.add(path)
                fresh.append(result)
            if len(fresh) >= _BATCH or time.monotonic() >= due:
                memory.keep(fresh)
                fresh, due = [], time.monotonic() + _BATCH_SECONDS
    finally:
        ffprobe.stop()
        pool.shutdown(wait=False, cancel_futures=True)
        memory.keep(fresh)
    outcome.left = len(todo) - len(outcome.probed) - len(outcome.vanished)
    return outcome


def _as_done(
    pool: ThreadPoolExecutor,
    files: Iterable[tuple[str, FileStat]],
    ffprobe: Ffprobe,
    jobs: int,
    deadline: float | None,
) -> Iterator[tuple[str, Result | None]]:
    """Yield each file with its result as it comes; no more are under way than can be worked on."""
    rest = iter(files)
    running: dict[Future[Result | None], str] = {}
    while True:
        if deadline is None or time.monotonic() < deadline:
            for path, stat in islice(rest, jobs - len(running)):
                running[pool.submit(probe_file, path, stat, ffprobe)] = path
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()
