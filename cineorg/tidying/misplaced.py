"""Links that lie in the wrong folder. Pure."""

from __future__ import annotations

from .answers import Misplaced
from .snapshot import Snapshot


def find_misplaced(snapshot: Snapshot) -> list[Misplaced]:
    """Return what lies in the wrong folder, sorted by path."""
    return []
