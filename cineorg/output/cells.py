"""How one value reads in the table: safe for a terminal, short, and never to be taken for another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import paths
from ..clock import as_local, with_age, with_local_times
from .json_document import encode

# Words, though there may be a "/" in them.
TEXTS = ("details", "reason", "evidence", "title", "error", "label", "value")
_TIMES = ("_at", "_seen")
_SIZES = ("size", "free")
_AGED = "scanned_at"  # whose age is what one wants to know
_UNITS = ("B", "kB", "MB", "GB", "TB")


def cell(key: str, value: Any, roots: tuple[str, ...]) -> str:
    """Return the value of a row's key as text; paths are relative to the roots, times are local."""
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(key, item, roots) for item in value)
    if isinstance(value, str):
        if key == _AGED:
            value = with_age(value)
        elif key.endswith(_TIMES):
            value = as_local(value)
        elif key in TEXTS:
            value = with_local_times(value)
        return visible(paths.relative_to(value, roots))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return visible(value)
    if key in _SIZES:
        return size(value)
    if key == "score":
        return f"{value:g}"
    return visible(value)


def has_time(row: Mapping[str, Any]) -> bool:
    """Return whether a cell of the row shows a time."""
    texts = ((key, value) for key, value in row.items() if isinstance(value, str) and value)
    return any(key.endswith(_TIMES) or (key in TEXTS and with_local_times(value) != value) for key, value in texts)


def is_path(key: str, text: str) -> bool:
    """Return whether the text of a key is a path, which may be shortened."""
    return key not in TEXTS and "/" in text


def visible(value: Any) -> str:
    """Return any value as text that a terminal may see, the blanks at its ends made visible."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return paths.terminal_text(encode(paths.json_fields(value)).decode())
    text = paths.terminal_text(str(value))
    inner = text.strip(" ")
    if inner == text:
        return text
    # A name that ends in a blank is a classic reason why a file is not found.
    before = len(text) - len(text.lstrip(" "))
    after = len(text) - before - len(inner)
    return "\\x20" * before + inner + "\\x20" * after


def count(number: int) -> str:
    """Return a number with a blank before each three digits."""
    return f"{number:,}".replace(",", " ")


def size(size_bytes: float) -> str:
    """Return a size in bytes with three digits at least and a unit of the SI: 1 068 756 is "1.07 MB"."""
    amount, unit = float(size_bytes), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    digits = 0 if not unit or amount >= 99.95 else 1 if amount >= 9.995 else 2
    return f"{amount:.{digits}f} {_UNITS[unit]}"


def words(name: str) -> str:
    """Return a name of the program's own, such as a column's, in words."""
    return paths.terminal_text(name.replace("_", " "))
