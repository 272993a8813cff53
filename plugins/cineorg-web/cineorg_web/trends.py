"""How many findings of each kind the last reports had, and the small line that shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_REPORTS, _LEAST_REPORTS = 30, 3
WIDTH, HEIGHT = 60, 16


def trends(documents: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Return the counts of each kind in the last reports, the latest one last.

    The kinds in `coverage` and their counts in `summary` are in one order, after the total.
    """
    found: dict[str, list[int]] = {}
    for document in documents[-MOST_REPORTS:]:
        counts = [count for key, count in document["summary"].items() if key != "total"]
        for kind, count in zip(document.get("coverage", {}), counts, strict=False):
            found.setdefault(kind, []).append(int(count))
    return found


def line_points(counts: Sequence[int]) -> str:
    """Return the corners of the line as SVG has them, "" where there is too little to show."""
    if len(counts) < _LEAST_REPORTS or not any(counts):
        return ""
    step, scale = WIDTH / (len(counts) - 1), (HEIGHT - 2) / max(counts)
    return " ".join(f"{number * step:.1f},{HEIGHT - 1 - count * scale:.1f}" for number, count in enumerate(counts))
