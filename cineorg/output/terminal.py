"""What the table knows of the terminal: how wide it is, whether it has colours, how wide a text is on it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

# Select Graphic Rendition, ECMA-48 8.3.117: the sixteen colours that a user's own theme decides about.
_STYLES = {
    "title": "1",
    "count": "2",
    "faint": "2",
    "": "",
    "name": "",
    "old": "31",
    "new": "32",
    "place": "1;34",
    "reason": "33",
    "failure": "1;31",
    "command": "36",
}
_FALLBACK_WIDTH = 80
_FIRST_ODD = "\u0300"  # below stand the letters of Latin scripts, each one column wide; no need to ask


@dataclass(frozen=True, slots=True)
class Terminal:
    """`width` in columns, 0 where nothing is to be cut; `colour` says whether styles may be written."""

    width: int = 0
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return text, already safe for a terminal, in one of the styles."""
        code = _STYLES[style]
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    def paint_path(self, text: str, style: str = "name") -> str:
        """Return a path with its folders faint and its last name in a style."""
        folders, separator, name = text.rpartition("/")
        return self.paint(folders + separator, "faint") + self.paint(name, style)

    def room(self, used: int) -> int:
        """Return how many columns are left beside `used` ones; 0 where there is no limit."""
        return max(self.width - used, 1) if self.width else 0

    def fits(self, text: str, used: int) -> bool:
        """Return whether a text fits beside so many columns that are used."""
        return not self.width or used + columns_of(text) <= self.width


def terminal_of(out: BinaryIO, environment: Mapping[str, str]) -> Terminal:
    """Return the terminal behind a stream: that of a terminal, or one without limits and colours.

    NO_COLOR (if not empty) and TERM=dumb take the colours away, COLUMNS is stronger than what the terminal says.
    """
    try:
        if not out.isatty():
            return Terminal()
        width = os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):  # closed, or no file behind it
        return Terminal()
    columns = environment.get("COLUMNS", "")
    width = int(columns) if columns.isdecimal() and int(columns) else width or _FALLBACK_WIDTH
    return Terminal(width, not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb")


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes; it holds nothing that steers one."""
    if text.isascii() or max(text) < _FIRST_ODD:
        return len(text)  # a hundred times as fast, and true of nearly every name
    from wcwidth import wcswidth

    return wcswidth(text)


def padded(text: str, columns: int, shown: str | None = None, *, right: bool = False) -> str:
    """Return a text filled up with blanks; `shown`: what to write in its place, the same with styles."""
    blanks = " " * (columns - columns_of(text))
    shown = text if shown is None else shown
    return blanks + shown if right else shown + blanks


def wrapped(text: str, columns: int) -> list[str]:
    """Return a text in lines of so many columns at most, broken between words; 0: in one line."""
    if not columns or columns_of(text) <= columns:
        return [text]
    from wcwidth import wrap

    return wrap(text, columns)


def shortened_path(path: str, columns: int) -> str:
    """Return a path in so many columns (0: any number), its last name whole.

    What goes are folders in the middle, `…` in their place: first those near the root's, the first one last. Only a
    name that alone is too wide is cut, in its middle: its end tells episodes and extensions apart.
    """
    if not columns or columns_of(path) <= columns:
        return path
    end = len(path.rstrip("/"))
    start = path.rfind("/", 0, end) + 1
    for candidate in _without_folders(path[:start], path[start:]):
        if columns_of(candidate) <= columns:
            return candidate
    return cut_in_the_middle(path[start:], columns)


def least_columns(path: str) -> int:
    """Return how many columns a path needs to keep its last name whole."""
    name = path[path.rfind("/", 0, len(path.rstrip("/"))) + 1 :]
    return min(columns_of(path), columns_of(name) + 2)


def _without_folders(folders: str, name: str) -> Iterator[str]:
    """Yield ever shorter forms of a path: `a/…/c/d/name`, `a/…/d/name`, `a/…/name`, `…/name`, `name`."""
    first, *rest = folders.removesuffix("/").split("/")
    if not first and rest:
        first = "/" + rest.pop(0)
    elif first == "..":  # how far up says nothing
        first = ""
        rest = [part for part in rest if part != ".."]
    for skipped in range(1, len(rest) + 1):
        yield "/".join([*filter(None, [first]), "…", *rest[skipped:], name])
    yield "…/" + name
    yield name


def graphemes(text: str) -> list[str]:
    """Return what a reader takes for the letters of a text: combining marks stay with what they stand on."""
    if text.isascii():
        return list(text)
    from wcwidth import iter_graphemes

    return list(iter_graphemes(text))


def cut_in_the_middle(text: str, columns: int) -> str:
    """Return a text in so many columns at most, `…` in the place of its middle."""
    if columns_of(text) <= columns:
        return text
    marks = graphemes(text)
    front: list[str] = []
    back: list[str] = []
    left = columns - 1
    while marks:
        to_back = len(back) <= len(front)
        mark = marks.pop(-1 if to_back else 0)
        left -= columns_of(mark)
        if left < 0:
            break
        (back if to_back else front).append(mark)
    return "".join(front) + "…" + "".join(reversed(back))
