"""Text as roff reads it: escaped, folded, in paragraphs."""

from __future__ import annotations

import re
import textwrap

WIDTH = 78  # of a line of roff; from 80 on mandoc asks for shorter ones


def tagged(tag: str, text: str) -> str:
    """Return a tagged paragraph."""
    return f".TP\n{tag}\n{prose(text)}"


def prose(text: str) -> str:
    """Return text as lines of roff, a sentence a line."""
    sentences = re.sub(r"\s+", " ", text.strip()).replace(". ", ".\n").split("\n")
    return "".join(wrapped(escaped(sentence)) for sentence in sentences)


def wrapped(line: str) -> str:
    """Return a line of roff as lines that are not too long; none begins as a request would."""
    lines = textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"\\&{each}\n" if each[0] in ".'" else f"{each}\n" for each in lines)


def unspaced(text: str) -> str:
    """Return escaped text whose words stay on one line: `ascii_only` makes roff's own blank of these."""
    return escaped(text).replace(" ", "\u00a0")


def escaped(text: str) -> str:
    """Return text that roff prints as it stands, `code` in bold."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fP", text)


def in_example(line: str) -> str:
    """Return a line between `.EX` and `.EE` that can be copied as it stands."""
    for char, escape in (("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")):
        line = line.replace(char, escape)
    return ascii_only("\\&" + line if line.startswith(".") else line)


def ascii_only(text: str) -> str:
    """Return the text with an escape for each letter beyond ASCII."""
    return "".join(char if char.isascii() else "\\ " if char == "\u00a0" else f"\\[u{ord(char):04X}]" for char in text)
