"""`fix-symlinks`: one style, no links to links, and down into the subdivisions. Pure.

Only links that reach their file are touched: what a broken one, or one into a place that is offline, was meant to
say is for `repair-links` to find out, and it would read the old text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..changes import Change, Move, Plan, Relink, Unresolved
from ..paths import nfc
from ..trees.link_text import absolute_text, in_style_of, is_chosen, real_folder, relative_text
from ..trees.links import BROKEN, BadLink
from .loose_links import ReadName, find_places

if TYPE_CHECKING:
    from ..trees.library import Library

ABSOLUTE, RELATIVE = "absolute", "relative"
LinkEnd = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class SymlinkWishes:
    """What is asked besides the moves: a style (ABSOLUTE, RELATIVE or "": each as it is), and no links to links."""

    style: str = ""
    flatten: bool = False


def plan_symlinks(
    library: Library, wishes: SymlinkWishes, within: Sequence[str], read_name: ReadName, link_end: LinkEnd
) -> Plan:
    """Return the plan for the links below the paths `within` (none: all), sorted by path.

    `read_name(name, folders)` reads a name. `link_end(path, target)` asks the disk where the link at `path` ends, if
    the path `target`, to which it leads, is a link that the census could not follow; else it returns None.
    """
    bad = {link.path: link for link in library.bad_links}
    texts = _Texts(library, wishes, link_end)
    moves = _Moves(library)
    places = find_places(library, within, read_name)
    changes: list[Change] = []
    unresolved: list[Unresolved] = []
    for path, target in sorted((f"{folder}/{name}", target) for folder, name, target in library.census.links()):
        if not is_chosen(path, within):
            continue
        try:
            if path in bad:
                if path in places or not texts.is_in_style(target):
                    raise _Left(_why_left(bad[path]))
                continue
            relink = texts.relink(path, target)
            if relink or path in places:
                _check_place(library, path, relink)
            changes += [relink] if relink else []
            changes += [moves.move(path, places[path])] if path in places else []
        except _Left as left:
            unresolved.append(Unresolved(path, target, left.reason))
    return Plan(tuple(changes), tuple(unresolved))


class _Left(Exception):
    """A link that stays as it is; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _why_left(link: BadLink) -> str:
    if link.state == BROKEN:
        return f"broken, left as it is until it is repaired: {link.reason}"
    return f"its target cannot be judged: {link.reason}"


def _check_place(library: Library, path: str, relink: Relink | None) -> None:
    """Raise _Left when the link, or what it leads to, lies in a place that is not believed, though all can be seen."""
    ends = [path, library.target_of(path), library.stored_file_of(path)]
    if relink is not None:
        ends.append(absolute_text(real_folder(library, path), relink.new_target, lambda _: False))
    for each in filter(None, ends):
        reason = library.offline_reason(each)
        if reason:
            raise _Left(f"nothing is changed while {reason}")


class _Texts:
    """What links shall say."""

    def __init__(self, library: Library, wishes: SymlinkWishes, link_end: LinkEnd) -> None:
        self._library, self._wishes, self._link_end = library, wishes, link_end

    def is_in_style(self, target: str) -> bool:
        """Return whether the text has the style that is asked for."""
        return not self._wishes.style or (self._wishes.style == ABSOLUTE) == target.startswith("/")

    def relink(self, path: str, target: str) -> Relink | None:
        """Return the change that a healthy link needs, if any; raises _Left when its text cannot be worked out."""
        folder = real_folder(self._library, path)
        end = self._end_of_chain(path, folder, target) if self._wishes.flatten else None
        if end is not None:
            return Relink(path, target, self._written(target, folder, end), evidence="the file behind the other link")
        if self.is_in_style(target):
            return None
        end = absolute_text(folder, target, self._is_walked)
        if end is None:
            raise _Left("its text climbs out of a folder that may itself be a link; only its owner can rewrite it")
        end = self._library.finder.canonical(end)
        return Relink(path, target, self._written(target, folder, end), evidence=f"the same file, {self._wishes.style}")

    def _written(self, target: str, folder: str, end: str) -> str:
        if not self._wishes.style:
            return in_style_of(target, folder, end)
        return end if self._wishes.style == ABSOLUTE else relative_text(folder, end)

    def _is_walked(self, path: str) -> bool:
        return self._library.finder.canonical(path) in self._library.census.folders

    def _is_file(self, path: str) -> bool:
        folder = self._library.census.folders.get(posixpath.dirname(path))
        return folder is not None and posixpath.basename(path) in folder.files

    def _end_of_chain(self, path: str, folder: str, target: str) -> str | None:
        """Return the file in the known trees behind the link that this link points at; None if it points at none."""
        first = absolute_text(folder, target, self._is_walked)
        if first is None or self._is_file(self._library.finder.canonical(first)):
            return None
        end = self._library.stored_file_of(path)
        if end is None or not self._is_file(end):
            asked = self._link_end(path, first)
            end = self._library.finder.canonical(asked) if asked else None
        return end if end is not None and self._is_file(end) else None


class _Moves:
    """Moves that take no name twice."""

    def __init__(self, library: Library) -> None:
        self._folders = library.census.folders
        self._names: dict[str, set[str]] = {}

    def move(self, path: str, places: Sequence[str]) -> Move:
        """Return the move to the one place; raises _Left when there is not one, or its name is taken."""
        if not places:
            raise _Left("its title cannot be read from its name: the subdivision is not known")
        if len(places) > 1:
            raise _Left(f"it fits {' and '.join(posixpath.basename(place) for place in places)} equally")
        folder, name = places[0], posixpath.basename(path)
        if folder not in self._names:
            there = self._folders[folder]
            self._names[folder] = {nfc(other) for other in (*there.files, *there.links, *there.subfolders)}
        # Two spellings of one Unicode name are one name to whoever reads it.
        if nfc(name) in self._names[folder]:
            raise _Left(f"something of that name is there already: {folder}/{name}")
        self._names[folder].add(nfc(name))
        return Move(path, f"{folder}/{name}", evidence=f"its title belongs in {posixpath.basename(folder)}")
