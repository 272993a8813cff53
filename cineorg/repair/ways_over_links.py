"""Broken links that lead over other links: where one on the way gets its file back, it mends those behind it. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from .diagnosis import Diagnosis

if TYPE_CHECKING:
    from ..trees.library import Library

_MOST_LINKS = 40  # as many as the kernel follows


def refuse_led_over(library: Library, found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Return the diagnoses, those refused whose link leads over another one of them that gets its file.

    When that has been done, the link is whole again, and a change of it would be skipped.
    """
    given = {item.link.path for item in found if item.chosen is not None}
    left = []
    for item in found:
        way = _link_on_way(library, item.link.path, given) if item.chosen is not None else ""
        left.append(item.refused(f"it leads over {way}, which gets its file back") if way else item)
    return left


def _link_on_way(library: Library, path: str, given: Collection[str]) -> str:
    """Return the first of the links `given` over which the link at `path` leads, "" for none."""
    place = library.target_of(path)
    for _ in range(_MOST_LINKS):
        on_way, above = "", place
        while above and above.strip("/"):
            if above in given and above != path:
                on_way = above
            above = posixpath.dirname(above)
        if on_way or not place:
            return on_way
        place = library.target_of(place)
    return ""
