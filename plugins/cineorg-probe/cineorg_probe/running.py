"""Several files at a time, until all are done or the time is over; what is learnt is kept as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Thread

from cineorg.plugin import FileStat

from .ffprobe import Ffprobe
from .memory import Memory
from .model import UNKNOWN, Result
from .probing import probe_file

_BATCH = 50  # results that a crash of this very program may cost
_BATCH_SECONDS = 5.0
_PATIENCE_SECONDS = 10.0  # for what is read of a file beside ffprobe

Answers = SimpleQueue[tuple[str, Result | BaseException | None]]


@dataclass(slots=True)
class Outcome:
    """Which files were probed, which went away before they could be, and how many were not begun."""

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

    After `max_seconds` none is begun any more; those that were are waited for, but for no longer than one file may
    take: on a disk that does not answer, even to open a file can last for ever. Whatever ends this early, Ctrl-C
    included, leaves no process behind and loses no result that was there.
    """
    outcome = Outcome()
    fresh: list[Result] = []
    deadline = None if max_seconds is None else time.monotonic() + max_seconds
    due = time.monotonic() + _BATCH_SECONDS
    try:
        for path, result in _as_done(todo, ffprobe, jobs, deadline):
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
        memory.keep(fresh)
    outcome.left = len(todo) - len(outcome.probed) - len(outcome.vanished)
    return outcome


def _as_done(
    todo: Mapping[str, FileStat], ffprobe: Ffprobe, jobs: int, deadline: float | None
) -> Iterator[tuple[str, Result | None]]:
    """Yield each file with its result as it comes; no more are under way than can be worked on.

    A file that takes too long is given up, and as its thread cannot be ended, there is one fewer from then on.
    """
    patience = 2 * ffprobe.timeout_seconds + _PATIENCE_SECONDS
    rest, answers = iter(todo), Answers()
    running, stuck = dict[str, float](), set[str]()  # path → when it is given up
    while True:
        if deadline is None or time.monotonic() < deadline:
            for path in islice(rest, jobs - len(running) - len(stuck)):
                running[path] = time.monotonic() + patience
                # No pool: its threads are waited for when the program ends, whatever hangs in them.
                Thread(target=_probe, args=(path, todo[path], ffprobe, answers), daemon=True).start()
        if not running:
            return
        try:
            path, result = answers.get(timeout=max(0.0, min(running.values()) - time.monotonic()))
        except Empty:
            path = min(running, key=running.__getitem__)
            stuck.add(path)
            result = Result(path, todo[path], UNKNOWN, f"the disk gave no answer within {patience:g} s")
        if running.pop(path, None) is None:
            stuck.discard(path)  # it was given up, and has come to its end after all
        elif isinstance(result, BaseException):
            raise result
        else:
            yield path, result


def _probe(path: str, seen: FileStat, ffprobe: Ffprobe, answers: Answers) -> None:
    try:
        answers.put((path, probe_file(path, seen, ffprobe)))
    except BaseException as error:  # it is raised where somebody hears it
        answers.put((path, error))
