"""GitHub's Markdown: a table a kind of rows, and paths as code, so that nothing in them is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .columns import PROSE, Column

# What Markdown, or HTML in it, would take for its own; `@` and `#` would name people and issues.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&@!]")
_LIST, _BEFORE = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))"), r"\1\\"  # what would begin a list or a rule
_BACKTICKS = re.compile("`+")


class Markdown:
    """Spells a document as GitHub reads it."""

    def begin(self, title: str) -> str:
        return f"# {_escaped(title)}\n"

    def end(self) -> str:
        return ""

    def heading(self, text: str) -> str:
        return f"## {_escaped(text)}\n"

    def paragraph(self, text: str, *, is_warning: bool = False) -> str:
        return f"**{_escaped(text)}**\n" if is_warning else f"{_LIST.sub(_BEFORE, _escaped(text))}\n"

    def table(self, columns: Sequence[Column]) -> str:
        from tabulate import tabulate  # 20 ms; nobody who asks for JSON pays them

        cells = [[_escaped(column.head) for column in columns]]
        cells += ([_cell(column, number) for column in columns] for number in range(len(columns[0].cells)))
        drawn = tabulate(
            cells[1:],
            headers=cells[0],
            tablefmt="pipe",
            colalign=["right" if column.is_numeric else "left" for column in columns],
            disable_numparse=True,
            preserve_whitespace=True,
        )
        return drawn + "\n"

    def commands(self, commands: Sequence[str]) -> str:
        text = "\n".join(commands)
        fence = _fence(text, 3)
        return f"{fence}sh\n{text}\n{fence}"


def _cell(column: Column, number: int) -> str:
    if column.is_numeric or column.key in PROSE:
        return _escaped(column.cells[number])
    return ", ".join(_code(part) for part in column.parts[number] if part)


def _code(text: str) -> str:
    """Return a text as code that may stand in a table: only the pipe has a meaning there, even in code."""
    fence = _fence(text, 1)
    blank = " " if "`" in (text[0], text[-1]) else ""
    return f"{fence}{blank}{text}{blank}{fence}".replace("|", r"\|")


def _fence(text: str, least: int) -> str:
    """Return more backticks than stand together anywhere in a text."""
    return "`" * max([least, *(len(run) + 1 for run in _BACKTICKS.findall(text))])


def _escaped(text: str) -> str:
    """Return a text of which no character is taken for markup."""
    return _MARKS.sub(lambda found: f"\\{found[0]}", text)
