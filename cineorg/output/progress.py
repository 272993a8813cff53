"""How far a command has come, on stderr: a bar for people, JSON events for programs, or nothing.

A phase hands out a function that adds to what is done. It is called from one thread, in chunks of hundreds,
and costs one look at the clock. Errors of the stream pass through.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, Protocol, TextIO

from .. import paths

_INTERVAL_SECONDS = 0.1

Advance = Callable[[int], None]
Phase = AbstractContextManager[Advance]


class Progress(Protocol):
    """Shows the phases of a command, one after the other."""

    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Phase:
        """Return a context that yields the function which adds to what is done of `total` (None: unknown).

        `unit`: what is counted if it is no number of things, e.g. "B"; people are shown it in thousands and millions.
        """


def open_progress(mode: str, stream: TextIO) -> Progress:
    """Return the progress display for `--progress MODE`; ValueError if there is no such mode.

    "auto" shows a bar only if `stream` is a terminal.
    """
    if mode == "json":
        return JsonProgress(stream)
    if mode == "always" or (mode == "auto" and stream.isatty()):
        return BarProgress(stream)
    if mode in ("auto", "never"):
        return SilentProgress()
    raise ValueError(f"unknown progress mode {mode!r}; known are auto, always, never, json")


class SilentProgress:
    """Shows nothing."""

    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Phase:
        del number, phases, label, total, unit
        return nullcontext(_ignore)


def _ignore(count: int) -> None:
    del count


class JsonProgress:
    """One event a line: at a phase's start and end always, between them at most ten a second."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock

    @contextmanager
    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Iterator[Advance]:
        """Yield the function that adds; a phase that raises has no end event, for it did not end."""
        del unit  # programs get plain numbers
        event = {"event": "progress", "phase": number, "phases": phases, "label": paths.readable(label)}
        done = 0
        due = self._clock() + _INTERVAL_SECONDS

        def advance(count: int) -> None:
            nonlocal done, due
            done += count
            now = self._clock()
            if now >= due:
                due = now + _INTERVAL_SECONDS
                self._write({**event, "done": done, "total": total})

        self._write({**event, "done": 0, "total": total})
        yield advance
        self._write({**event, "done": done, "total": total})

    def _write(self, event: dict[str, object]) -> None:
        # ASCII only: stderr replaces what its encoding lacks by a backslash code, and \x is not JSON.
        self._stream.write(json.dumps(event) + "\n")
        self._stream.flush()


class BarProgress:
    """A bar a phase, which is wiped away when the phase ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @contextmanager
    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Iterator[Advance]:
        """Yield the function that adds; the bar goes away however the phase ends."""
        with _bar_class()(
            desc=f"{number}/{phases} {paths.terminal_text(label)}",
            total=total,
            file=self._stream,
            leave=False,
            dynamic_ncols=True,
            mininterval=_INTERVAL_SECONDS,
            # Callers come in chunks: look at the clock each time rather than guess how often to look.
            miniters=1,
            unit=unit or "it",
            unit_scale=bool(unit),
        ) as bar:

            def advance(count: int) -> None:
                bar.update(count)

            yield advance


@cache
def _bar_class() -> Any:
    """Return tqdm, whose import costs 35 ms, without what it starts behind our back."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[type-arg]
        # Bars are few and look at the clock themselves: no thread has to watch them.
        monitor_interval = 0

    # The lock between processes, which is the default, costs 7 ms, and a helper process from Python 3.14 on.
    Bar.set_lock(threading.RLock())
    return Bar
