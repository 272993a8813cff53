"""`cineorg repair-links` in a terminal of its own, typed at as a person would, and libraries to repair there."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pexpect
from helpers import REPOSITORY, Library

S = "Séries/Séries TV/Kaamelott (2005)/Saison 01"
EPISODE = S + "/Kaamelott (2005) - S01E{:02}.mkv"
ROCKY, SURE, TWINS = (f"Films/Drame/{name}.mkv" for name in ("Rocky III (1982)", "Sure (2001)", "Twins (1988)"))
PROMPT = r"\? help(?: \[1\])? > "
BULK = r"\[Y/n/look\] "


class Terminal:
    """The command in a terminal of its own. `screen`: all that was shown so far."""

    def __init__(self, library: Library, *arguments: str, columns: int = 80, after: str = "") -> None:
        command = [sys.executable, "-m", "cineorg", "repair-links", *library.flags(), "--progress", "never", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "NO_COLOR": "1"}
        self._log: list[str] = []
        self._child = pexpect.spawn(
            "/bin/sh", ["-c", f"exec {shlex.join(command)} {after}"], env=environment, dimensions=(50, columns),
            encoding="utf-8", codec_errors="backslashreplace", timeout=30,
        )  # fmt: skip

    def sees(self, pattern: str) -> str:
        """Wait for what matches and return all that was shown since the last wait, blanks for line ends."""
        self._child.expect(pattern)
        text = self._child.before + self._child.after
        self._log.append(text)
        return " ".join(text.split())

    def answers(self, *lines: str) -> str:
        """Wait for the question about a link before each answer; return what was shown before the last one."""
        seen = ""
        for line in lines:
            seen = self.sees(PROMPT)
            self.types(line)
        return seen

    def types(self, line: str) -> None:
        self._child.sendline(line)

    def presses(self, letter: str) -> None:
        """Press Ctrl with a letter."""
        self._child.sendcontrol(letter)

    def ends(self) -> int:
        """Wait for the end of the command and return its exit code."""
        self._child.expect(pexpect.EOF)
        self._log.append(self._child.before)
        self._child.close()
        assert self._child.signalstatus is None
        assert "Traceback" not in self.screen
        assert "internal error" not in self.screen
        code: int = self._child.exitstatus
        return code

    @property
    def screen(self) -> str:
        return "".join(self._log)

    def close(self) -> None:
        self._child.close(force=True)


@contextmanager
def terminal(library: Library, *arguments: str, **options: Any) -> Iterator[Terminal]:
    opened = Terminal(library, *arguments, **options)
    try:
        yield opened
    finally:
        opened.close()


def target(library: Library, name: str) -> str | None:
    """Return the stored file, below its root, that a link says; None if there is no link."""
    try:
        return os.readlink(library.link(name)).removeprefix(library.storage + "/")
    except FileNotFoundError:
        return None


def links(library: Library) -> dict[str, str]:
    found = {}
    for folder, _, names in os.walk(library.video):
        found.update({f"{folder}/{name}": os.readlink(f"{folder}/{name}") for name in names})
    return found


def batches(library: Library) -> list[tuple[Any, ...]]:
    if not os.path.exists(library.db):
        return []
    return library.rows("SELECT id FROM cineorg_batches ORDER BY id")


def pins(library: Library) -> dict[str, str]:
    rows = library.rows("SELECT path, target FROM cineorg_pins")
    return {
        path.decode().removeprefix(library.video + "/"): file.decode().removeprefix(library.storage + "/")
        for path, file in rows
    }


def make_films(library: Library) -> Library:
    """Make a film that is certain, one that has two files, and one that is gone but for its sequels."""
    gone = ["Rocky.1976", "Rocky.II.1979", "Rocky.IV.1985", "Rocky.V.1990", "Rocky.VI.2006", "Rocky.VII.2010"]
    library.add(
        {
            "Films/new/Sure.2001.1080p.mkv": 10,
            "Films/new/Twins.1988.1080p.mkv": 11,
            "Films/new/Twins.1988.2160p.mkv": 12,
            **{f"Films/new/{name}.mkv": 20 + number for number, name in enumerate(gone)},
            "Films/new/Other.1990.mkv": 40,
        },
        {
            "Films/Drame/Rocky III (1982).mkv": "@/Films/old/Rocky.III.1982.mkv",
            "Films/Drame/Sure (2001).mkv": "@/Films/old/Sure.2001.1080p.mkv",
            "Films/Drame/Twins (1988).mkv": "@/Films/old/Twins.1988.mkv",
        },
    )
    return library


def make_series(library: Library) -> Library:
    """Make two copies of a series, neither of which holds all: E03 is in the first one, E07 in the second only.

    So these two are certain. The second one has E05 twice.
    """
    first = {f"Séries/Kaamelott A/Kaamelott.S01E{n:02}.720p.mkv": 100 + n for n in range(1, 7)}
    second = {f"Séries/Kaamelott B/Kaamelott.S01E{n:02}.1080p.mkv": 200 + n for n in (1, 2, 4, 5, 6, 7)}
    second["Séries/Kaamelott B/Kaamelott.S01E05.PROPER.1080p.mkv"] = 300
    library.add(
        {**first, **second}, {EPISODE.format(n): f"@/Séries/gone/Kaamelott.S01E{n:02}.mkv" for n in range(1, 8)}
    )
    return library
