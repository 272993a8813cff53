"""The present, spelled as the catalogue and the reports spell it."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta


def now_text() -> str:
    """Return the time in UTC as the application stores it: `YYYY-MM-DD HH:MM:SS.ffffff`."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def now_iso() -> str:
    """Return the time in UTC as reports show it: `2026-01-31T20:15:00+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_iso(stored: str) -> str:
    """Return a time in UTC, as the catalogue stores it, as reports show it; what is no time stays as it is."""
    try:
        return _read(stored).isoformat(timespec="seconds")
    except ValueError:
        return stored


def as_local(stored: str) -> str:
    """Return a time in UTC, in either spelling, as people read it here: `2026-01-31 21:15:00`; other text stays."""
    try:
        return _read(stored).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):  # no time, or one that this machine cannot place
        return stored


def with_age(stored: str) -> str:
    """Return a time in UTC as people read it here, with how long ago that is: `2026-01-31 21:15:00 (3 h ago)`."""
    try:
        seconds = (datetime.now(UTC) - _read(stored)).total_seconds()
    except ValueError:
        return stored
    if seconds < 0:
        return f"{as_local(stored)} (in the future)"
    unit, name = next((each for each in _AGES if seconds >= each[0]), (1, ""))
    return f"{as_local(stored)} ({f'{seconds // unit:.0f} {name} ago' if name else 'just now'})"


def with_local_times(text: str) -> str:
    """Return a sentence in which each time that carries its offset is as people read it here, to the minute."""
    return _IN_TEXT.sub(lambda found: as_local(found[0])[:16], text)


def local_zone() -> str:
    """Return the name of this machine's time zone, both names where there is summer time: `CET/CEST`."""
    return "/".join(dict.fromkeys(time.tzname))


def _read(stored: str) -> datetime:
    found = datetime.fromisoformat(stored)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


# A time with its offset, or (evidence in catalogues of version 0.1.0) one of a scan without it.
_IN_TEXT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00|(?<=scan of )\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_AGE = re.compile(r"([0-9]{1,6})([hdw])|0+")
_AGES = ((86_400, "d"), (3600, "h"), (60, "min"))
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def read_age(text: str) -> timedelta:
    """Return the time that "12h", "7d", "2w" or "0" says; raises ValueError for anything else."""
    found = _AGE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no age; say e.g. 12h, 7d, 2w, or 0")
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found[1] else timedelta()
