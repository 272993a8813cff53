"""The present, spelled as the catalogue and the reports spell it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta


def now_text() -> str:
    """Return the time in UTC as the application stores it: `YYYY-MM-DD HH:MM:SS.ffffff`."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def now_iso() -> str:
    """Return the time in UTC as reports show it: `2026-01-31T20:15:00+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


_AGE = re.compile(r"([0-9]{1,6})([hdw])|0+")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def read_age(text: str) -> timedelta:
    """Return the time that "12h", "7d", "2w" or "0" says; raises ValueError for anything else."""
    found = _AGE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no age; say e.g. 12h, 7d, 2w, or 0")
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found[1] else timedelta()
