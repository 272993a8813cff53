"""What the guards compare with follows our own changes: what we take out of a place ourselves is no loss there.

`cineorg_places` keeps what the last complete scan counted: links in the video root, in its folders and the mounts
within; for a volume outside the roots, the links that reach a file there. What others take away stays counted.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping

from ..catalogue.followed_rows import add_to_counts, place_kinds
from ..catalogue.inventory import Inventory
from ..clock import now_text
from ..trees.links import absolute_target
from ..trees.mounts import identify
from ..trees.offline import FOLDER, ROOT, VIDEO, VOLUME, Place
from ..trees.time_limit import real_path


class Counts:
    """Adjusts the counts of places, inside the caller's transaction, for links that the last scan has counted."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: tuple[set[str], dict[str, str]] | None = None

    def follow_link(self, old: str | None, new: str | None) -> None:
        """Count a link no more where it was, and where it is now; None: nowhere."""
        holding, outer = self._places()
        if new:
            self._add_first_folder(new, holding, outer)
        left, entered = (holding.intersection(_folders_above(path or "")) for path in (old, new))
        self.add(dict.fromkeys(left - entered, -1) | dict.fromkeys(entered - left, 1))

    def _add_first_folder(self, path: str, holding: set[str], outer: Mapping[str, str]) -> None:
        """Let the first-level folder that a link enters be known: whether it is in scope, the guards will see."""
        root = next((place for place in _folders_above(path) if outer.get(place) == VIDEO), "")
        first, below, _ = path[len(root) + 1 :].partition("/")
        folder = f"{root}/{first}"
        if root and below and folder not in holding:
            Inventory(self._connection, now_text()).save_places([Place(folder, FOLDER, 0, identify(folder))], ())
            holding.add(folder)

    def volumes(self, folder: str, old: str | None, new: str | None) -> dict[str, int]:
        """Return by how much the counts of outside volumes change, by path.

        A link of `folder` reached a file as `old`, and reaches one as `new`; None: it did not, or does not.
        """
        changed: Counter[str] = Counter()
        for text, number in ((old, -1), (new, 1)):
            volume = self._volume_of(folder, text) if text else ""
            if volume:
                changed[volume] += number
        return {volume: number for volume, number in changed.items() if number}

    def add(self, numbers: Mapping[str, int]) -> None:
        """Change the counts of places by so much."""
        if numbers:
            add_to_counts(self._connection, numbers)

    def _volume_of(self, folder: str, text: str) -> str:
        _, outer = self._places()
        if VOLUME not in outer.values():
            return ""
        end = absolute_target(real_path(folder), text) or ""
        place = next((path for path in (end, *_folders_above(end)) if path in outer), "")
        return place if outer.get(place) == VOLUME else ""

    def _places(self) -> tuple[set[str], dict[str, str]]:
        """Return the places that hold links, and the kind of each root and volume, whichever way a root is spelled."""
        if self._known is None:
            kinds = place_kinds(self._connection)
            outer = {path: kind for path, kind in kinds.items() if kind != FOLDER}
            outer |= {real_path(path): kind for path, kind in outer.items() if kind in (ROOT, VIDEO)}
            self._known = {path for path, kind in kinds.items() if kind in (VIDEO, FOLDER)}, outer
        return self._known


def _folders_above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
