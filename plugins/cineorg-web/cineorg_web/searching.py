"""Search that forgives case and accents: what is searched and what is typed are folded the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_MARKS = re.compile("[\u0300-\u036f]")
_MOST_WORDS, _LONGEST_TEXT = 12, 300  # what is typed is short; SQLite refuses what is very long
_LIKE_SPECIAL = re.compile(r"[\\%_]")


def fold(text: str) -> str:
    """Return the text without case and accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def searched_text(row: Mapping[str, Any]) -> str:
    """Return what a row can be found by: its texts and numbers, folded, a field a line."""
    values = (value for name, value in row.items() if name != "type" and not name.endswith("_b64"))
    return fold("\n".join(map(_text, values)))


def like_patterns(words: str) -> list[str]:
    r"""Return a LIKE pattern (ESCAPE '\') for each word of what was typed."""
    return [
        f"%{_LIKE_SPECIAL.sub(_escaped, word)}%"
        for word in fold(words[:_LONGEST_TEXT].replace("\0", " ")).split()[:_MOST_WORDS]
    ]


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match.group()


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_text, value))
    return "" if value is None or isinstance(value, (bool, Mapping)) else str(value)
