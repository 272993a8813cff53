"""How the values of settings are read: each function returns one, or raises TypeError with what was expected. Pure."""

from __future__ import annotations

import os
import re
from typing import Any

MAX_JOBS = 256  # more threads than any server answers at once, and fewer than a machine refuses


def read_text(value: Any) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise TypeError("a text")
    return value


def read_texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts; a single one may stand for itself."""
    if isinstance(value, str):
        value = [value]
    try:
        if not isinstance(value, list) or not value:
            raise TypeError
        return tuple(map(read_text, value))
    except TypeError:
        raise TypeError('a list of texts, e.g. ["Films", "Séries"]') from None


def read_folders(value: Any) -> tuple[str, ...]:
    """Read folders below a root, e.g. `Films` or `Kids/Films`; one that leads out of the root is none."""
    folders = tuple(map(os.path.normpath, read_texts(value)))
    if any(os.path.isabs(folder) or folder.split("/")[0] == ".." for folder in folders):
        raise TypeError('a list of folders below the roots, e.g. ["Films", "Séries"], or ["."]')
    return folders


def read_patterns(value: Any) -> tuple[str, ...]:
    """Return shell patterns; there may be none."""
    return () if value == [] else read_texts(value)


def read_extensions(value: Any) -> frozenset[str]:
    """Return the endings of files in small letters, without their dots."""
    return frozenset(item.lower().lstrip(".") for item in read_texts(value))


def read_layout(value: Any) -> str:
    """Return the name of a layout."""
    if value not in ("genres", "none"):
        raise TypeError('"genres" or "none"')
    return str(value)


def read_name(value: Any) -> str:
    """Return a folder's name."""
    if read_text(value) in (".", "..") or "/" in value:
        raise TypeError("the name of a folder")
    return str(value)


def read_names(value: Any) -> dict[str, str]:
    """Return a table from words to folders' names."""
    try:
        if not isinstance(value, dict) or not value:
            raise TypeError
        return {read_text(word): read_name(folder) for word, folder in value.items()}
    except TypeError:
        raise TypeError('a table of folder names, e.g. {"Comedy" = "Comedies"}') from None


def read_size(value: Any) -> int:
    """Return how much a folder may hold."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError("a whole number, 0 for no limit")
    return value


def read_count(value: Any) -> int:
    """Return a number of threads."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_JOBS:
        raise TypeError(f"a whole number from 0 to {MAX_JOBS}")
    return value


def read_seconds(value: Any) -> float:
    """Return a number of seconds, 0 for as long as it takes."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise TypeError("a number of seconds, 0 for no limit")
    return float(value)


def read_fraction(value: Any) -> float:
    """Return a share, written as a number or in percent, as a fraction of one."""
    if isinstance(value, str) and value.endswith("%"):
        try:
            value = float(value[:-1]) / 100
        except ValueError:
            value = None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise TypeError('a share such as 0.25 or "25%"')
    return float(value)


def read_percent(value: Any) -> float:
    """Return a number from 0 to 100."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise TypeError("a number from 0 to 100")
    return float(value)


def read_limit(value: Any) -> str:
    """Return a number or a share as it was written."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d+|\d+(\.\d+)?%", text):
        raise TypeError('a number such as 500, or a share such as "20%"')
    return text


def read_tables(value: Any) -> dict[str, dict[str, Any]]:
    """Read `[plugin.NAME]` tables; what is in one is for that plugin to check."""
    if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
        raise TypeError("made of tables, one a plugin, e.g. [plugin.web]")
    return value
