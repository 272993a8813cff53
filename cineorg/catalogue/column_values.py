"""What a column of the application's tables may be taken for: SQLite holds in it whatever another program put there."""

from __future__ import annotations

from ..paths import to_text


def text_value(value: object) -> str:
    """Return a value as text, "" for none; bytes that are not UTF-8 become the surrogates of a path."""
    if isinstance(value, bytes):
        return to_text(value)
    return "" if value is None else str(value)


def optional_text(value: object) -> str | None:
    """Return a value as text, None for none."""
    return None if value is None else text_value(value)


def number_value(value: object) -> int | None:
    """Return a value as a whole number, None for anything else; "1995" is what some programs write for 1995."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) else None
