"""How far a command has come, on stderr: a bar for people, JSON events for programs, or nothing.

A phase hands out a function that adds to what is done. It is called from one thread, in chunks of hundreds,
and costs one look at the clock. Errors of the stream pass through.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from typing import Any, Protocol, TextIO

from .. import paths

_INTERVAL_SECONDS = 0.1
_PULSE_SECONDS = 0.4  # who waits is told at least twice a second that it goes on

Advance = Callable[[int], None]
Phase = AbstractContextManager[Advance]


class Progress(Protocol):
    """Shows the phases of a command, one after the other."""

    def stage(self, number: int, phases: int, label: str) -> AbstractContextManager[None]:
        """Return a context around all that a phase does, what comes before it can count anything included."""

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

    def stage(self, number: int, phases: int, label: str) -> AbstractContextManager[None]:
        """Return a context that does nothing."""
        del number, phases, label
        return nullcontext()

    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Phase:
        del number, phases, label, total, unit
        return nullcontext(_ignore)


def _ignore(count: int) -> None:
    del count


class JsonProgress:
    """One event a line: at a phase's start and end always, between them at most ten a second and at least two."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._lock = threading.RLock()  # the pulse writes, too
        self._event: dict[str, object] = {}
        self._written_at = clock()
        self._pulse: threading.Event | None = None

    @contextmanager
    def stage(self, number: int, phases: int, label: str) -> Iterator[None]:
        """Tell that a phase has begun, unless it counts something at once, and that it goes on while the block does."""
        with self._lock:
            self._event = {**_event(number, phases, label), "done": 0, "total": None}
            self._written_at = self._clock() - _PULSE_SECONDS + _INTERVAL_SECONDS
        with self._beating():
            yield

    @contextmanager
    def phase(self, number: int, phases: int, label: str, total: int | None, unit: str = "") -> Iterator[Advance]:
        """Yield the function that adds; a phase that raises has no end event, for it did not end."""
        del unit  # programs get plain numbers
        event = _event(number, phases, label)
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
        with self._beating():
            yield advance
        self._write({**event, "done": done, "total": total})

    @contextmanager
    def _beating(self) -> Iterator[None]:
        """Repeat the last event while the block says nothing for long: one thing may take a minute."""
        if self._pulse is not None:  # of the stage around it
            yield
            return
        self._pulse = end = threading.Event()
        threading.Thread(target=self._beat, args=[end], daemon=True).start()
        try:
            yield
        finally:
            end.set()
            self._pulse = None

    def _beat(self, end: threading.Event) -> None:
        with suppress(OSError, ValueError):  # who reads has gone: the command learns that when it writes itself
            while not end.wait(_PULSE_SECONDS / 4):
                with self._lock:
                    if not end.is_set() and self._clock() - self._written_at >= _PULSE_SECONDS:
                        self._write(self._event)

    def _write(self, event: dict[str, object]) -> None:
        with self._lock:
            self._event, self._written_at = event, self._clock()
            # ASCII only: stderr replaces what its encoding lacks by a backslash code, and \x is not JSON.
            self._stream.write(json.dumps(event) + "\n")
            self._stream.flush()


def _event(number: int, phases: int, label: str) -> dict[str, object]:
    return {"event": "progress", "phase": number, "phases": phases, "label": paths.readable(label)}


class BarProgress:
    """A bar a phase, which is wiped away when the phase ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def stage(self, number: int, phases: int, label: str) -> AbstractContextManager[None]:
        """Return a context that does nothing: a bar begins where something is counted."""
        del number, phases, label
        return nullcontext()

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
