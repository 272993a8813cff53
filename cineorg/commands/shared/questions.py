"""Questions and answers on a terminal, line by line."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

import click

from ...paths import to_text


class Dialogue:
    """Questions and answers, on stderr as all that is no result; on stdout's terminal where stderr is none."""

    def __init__(self) -> None:
        self._out: TextIO = sys.stderr if sys.stderr.isatty() else sys.stdout

    @property
    def width(self) -> int:
        """The terminal's width in columns, now."""
        return shutil.get_terminal_size((80, 24)).columns

    def say(self, *lines: str) -> None:
        """Show lines that are safe for a terminal."""
        for line in lines:
            click.echo(line, file=self._out)

    def ask(self, prompt: str) -> str | None:
        """Return the answer without the blanks around it, None at the end of the input."""
        click.echo(prompt, file=self._out, nl=False)
        # Not input(): it would prompt on stdout, and not read what is not UTF-8.
        raw = sys.stdin.buffer.readline()
        if not raw:
            self.say("")
            return None
        return to_text(raw).strip()

    def agrees(self, question: str, *, default: bool) -> bool:
        """Ask until the answer is yes or no; the end of the input is no."""
        while True:
            answer = self.ask(f"{question} [{'Y/n' if default else 'y/N'}] ")
            if answer == "":
                return default
            if answer is None or answer.lower() in ("n", "no"):
                return False
            if answer.lower() in ("y", "yes"):
                return True
