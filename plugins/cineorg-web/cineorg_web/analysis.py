"""An analysis is a cineorg command in a process of its own; here is what the page knows of it while it runs.

The event loop stays free, the memory returns, a crash is contained, and the result is the command line's. One
analysis of a kind runs at a time: who starts it again joins the one that runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cineorg.plugin
from cineorg.plugin import (
    EXIT_FINDINGS,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_REFUSED,
    now_iso,
    terminal_text,
)

from .result import Result, Run
from .result_folder import ResultFolder

_RESULTS = (EXIT_OK, EXIT_FINDINGS, EXIT_INCOMPLETE)
_LONGEST_LINE_BYTES = 1 << 16
_KEPT_NOTES = 50
_PATIENCE_S = 2  # for a command that has been told to end


@dataclass
class Phase:
    """How far one phase has come; `total` is None where nobody knows it beforehand."""

    number: int
    label: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Failure:
    """Why there is no result: the command's own words, and when; `attempt` tells two of one second apart."""

    message: str
    failed_at: str
    attempt: int

    @property
    def key(self) -> str:
        """What no other failure has, that of another server neither."""
        return f"{self.failed_at} {self.attempt}"


class Bell:
    """Wakes everyone who waits for the next change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake those who wait now."""
        self._next.set()
        self._next = asyncio.Event()

    def next(self) -> asyncio.Event:
        """Return an event that the next change sets."""
        return self._next


@dataclass
class Analysis:
    """One kind of analysis: the one that runs, if any, and the last result."""

    kind: str
    flags: list[str]
    folder: ResultFolder
    bell: Bell
    last: Result | None = None
    failure: Failure | None = None
    started_at: str = ""
    attempts: int = 0
    phases: dict[int, Phase] = field(default_factory=dict)
    number_of_phases: int = 0
    labels: list[str] = field(default_factory=list)
    was_cancelled: bool = False
    _begun: float = 0.0
    _notes: list[str] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    @property
    def result(self) -> Result | None:
        """The last result; None also if somebody has removed its file, as old files in /tmp are."""
        if self.last is not None and not os.path.exists(self.last.path):
            self.last = None
        return self.last

    @property
    def is_running(self) -> bool:
        """Whether the command is at work."""
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start the command unless it runs already."""
        if self.is_running:
            return
        self.failure, self.started_at, self._begun = None, now_iso(), time.monotonic()
        self.was_cancelled = False
        self.attempts += 1
        self.phases, self.number_of_phases, self._notes = {}, 0, []
        self._task = asyncio.create_task(self._run())
        self.bell.ring()

    def take(self, result: Result) -> None:
        """Show a result that somebody else's run has given; a failure before it is of no interest any more."""
        if not self.is_running:
            self.last, self.failure = result, None

    def cancel(self) -> None:
        """End a command that runs, without waiting for that; the last result stays."""
        if self._task is not None and not self._task.done():
            self.was_cancelled = True
            self._task.cancel()

    async def stop(self) -> None:
        """End a command that runs and wait until it has ended."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def snapshot(self) -> dict[str, Any]:
        """Return what the page shows of it, ready for JSON."""
        result = self.result
        state = "running" if self.is_running else "failed" if self.failure else "done" if result else "never"
        return {
            "kind": self.kind,
            "state": state,
            "started_at": self.started_at,
            "seconds": round(time.monotonic() - self._begun, 1) if state == "running" else 0,
            "lasted": result.run.seconds if result else 0,
            "cancelled": self.was_cancelled,
            "phases": max(self.number_of_phases, len(self.labels)),
            "labels": self.labels,
            "steps": [vars(phase) for _, phase in sorted(self.phases.items())],
            "failed": self.failure.key if self.failure else "",
            "result": result.key if result else "",
        }

    async def _run(self) -> None:
        begun = time.monotonic()
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = os.path.join(self.folder.scratch, f"{self.kind}-{stamp}")
        try:
            self.folder.prepare()
            code = await self._run_command(path)
            run = Run(now_iso(), round(time.monotonic() - begun, 1), self._notes)
            if code in _RESULTS:
                self.last = await asyncio.to_thread(self.folder.keep, self.kind, path, stamp, run, self.result)
            else:
                self.failure = Failure(_failure_message(code, self._notes), run.finished_at, self.attempts)
        except Exception as error:  # nobody waits for this task: what is not shown here would be lost
            # The command may end with a result's exit code although its format failed: its words say why.
            words = self._notes or [terminal_text(f"there is no result that could be shown: {error}")]
            self.failure = Failure("\n".join(words), now_iso(), self.attempts)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(path)
            self._task = None
            self.bell.ring()

    async def _run_command(self, path: str) -> int:
        arguments = [*_python(), "-m", "cineorg", self.kind, *self.flags, "--format", "sqlite", "--progress", "json"]
        environment = {**os.environ, "TMPDIR": self.folder.scratch}
        with open(path, "xb") as out:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=asyncio.subprocess.PIPE,
                env=environment,
            )
        learning = asyncio.create_task(self._learn_phases(environment))
        try:
            if process.stderr is not None:
                await self._follow(process.stderr)
            return await process.wait()
        finally:
            learning.cancel()
            await asyncio.gather(learning, return_exceptions=True)
            if process.returncode is None:
                await _end(process)

    async def _learn_phases(self, environment: dict[str, str]) -> None:
        """Ask once what the phases are called, so that they are named before they begin."""
        if self.labels:
            return
        process = await asyncio.create_subprocess_exec(
            *_python(), "-m", "cineorg", "plugins", *self.flags, "--json",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )  # fmt: skip
        try:
            rows = json.loads((await process.communicate())[0])["plugins"]
            self.labels = [
                terminal_text(str(row["details"]))
                for row in rows
                if row["type"] == "check" and row["report"] == self.kind
            ]
            self.bell.ring()
        except (ValueError, KeyError, TypeError):
            return  # they are named when they begin
        finally:
            if process.returncode is None:
                await _end(process)

    async def _follow(self, stream: asyncio.StreamReader) -> None:
        """Read the command's stderr to its end: progress events, and what it says in words."""
        rest = b""
        while piece := await stream.read(_LONGEST_LINE_BYTES):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self._take(line)
            rest = rest[-_LONGEST_LINE_BYTES:]
            self.bell.ring()
        self._take(rest)

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if not text:
            return
        if event := _progress_event(text):
            phase = Phase(event["phase"], terminal_text(str(event["label"])), event["done"], event["total"])
            self.phases[phase.number] = phase
            self.number_of_phases = event["phases"]
        elif len(self._notes) < _KEPT_NOTES:
            self._notes.append(terminal_text(text.removeprefix("cineorg: ")))


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a command that nobody waits for any more; one that hangs on a dead mount must not keep the server."""
    for stop in (process.terminate, process.kill):
        with suppress(ProcessLookupError):
            stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _PATIENCE_S)
            return


def _progress_event(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_progress = (
        event.get("event") == "progress"
        and {"label", "total"} <= event.keys()
        and all(isinstance(event.get(key), int) for key in ("phase", "phases", "done"))
        and isinstance(event["total"], int | None)
    )
    return event if is_progress else None


def _python() -> list[str]:
    """Return how to call Python so that a file named `cineorg` where the server was started is not taken for ours."""
    ours = Path(cineorg.plugin.__file__).resolve().parent.parent
    return [sys.executable] if ours == Path.cwd() else [sys.executable, "-P"]


def _failure_message(code: int, notes: list[str]) -> str:
    if notes:
        return "\n".join(notes)
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        hint = "; perhaps the machine ran out of memory" if code == -signal.SIGKILL else ""
        return f"the analysis was ended from outside ({name}){hint}"
    if code == EXIT_INTERRUPTED:
        return "the analysis was interrupted"
    return "a guard refused the analysis" if code == EXIT_REFUSED else f"the analysis ended with exit code {code}"
