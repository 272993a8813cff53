"""Numbers and sizes for people. Pure."""

from __future__ import annotations

_SPACE = "\u202f"


def count_text(number: int) -> str:
    """Return a number with thin spaces between thousands."""
    return f"{number:,}".replace(",", _SPACE)


def size_text(size_bytes: int) -> str:
    """Return a size as people say it: 1 234 567 is 1.2 MB."""
    if size_bytes == 1:
        return f"1{_SPACE}byte"
    units = ("bytes", "kB", "MB", "GB", "TB", "PB")
    size, power = float(size_bytes), 0
    while size >= 999.5 and power < len(units) - 1:
        size, power = size / 1000, power + 1
    return f"{size:.{0 if not power or size >= 99.5 else 1}f}{_SPACE}{units[power]}"
