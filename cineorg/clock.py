"""The present, spelled as the catalogue and the reports spell it."""

from __future__ import annotations

from datetime import UTC, datetime


def now_text() -> str:
    """Return the time in UTC as the application stores it: `YYYY-MM-DD HH:MM:SS.ffffff`."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def now_iso() -> str:
    """Return the time in UTC as reports show it: `2026-01-31T20:15:00+00:00`."""
    return datetime.now(UTC).isoformat(timespec="seconds")
