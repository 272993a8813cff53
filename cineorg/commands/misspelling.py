"""What somebody may have meant who mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 3


def did_you_mean(typed: str, names: Iterable[str]) -> str:
    """Return "; did you mean integrity?" with the names like what was typed, "" if there is none."""
    known = list(names)
    longer = [name for name in known if typed and name.startswith(typed)]
    found = longer or get_close_matches(typed.lower().replace("_", "-"), known, _MOST)
    found = found or get_close_matches(typed.lower().replace("-", "_"), known, _MOST)
    return f"; did you mean {' or '.join(found[:_MOST])}?" if found else ""
