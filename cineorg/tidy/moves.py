"""Carrying out what is to be tidied in a model of the tree: names that are taken, names that are given. Pure.

A link goes to a free name, or to none because a link to the same file has that name already, or gets a number. What
is no link is never in anybody's way: whoever wants its name stays where he is. A name to which a broken link leads is
not free: what took it would give that link a file that nobody meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..trees.ignored_names import IgnoreRules
from .movable_items import Item, links_of
from .series_folders import ShowFolders
from .tree_model import Model
from .tree_snapshot import Snapshot

if TYPE_CHECKING:
    from ..trees.library import Library

_MOST_NAMESAKES = 99
_LONGEST_BYTES = 255


class Stuck(Exception):
    """An item that cannot get where it belongs; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Removal(NamedTuple):
    """Why a link goes; `keep` is the origin of the link to the same file that stays for it, "" if none does."""

    evidence: str
    keep: str = ""


class Mover:
    """Moves and removes links in a model. `removed` is by origin; `evidence`: origin → why it was moved."""

    def __init__(self, library: Library, model: Model, repaired: frozenset[str]) -> None:
        self._model = model
        self._first = model.copy()
        self._ignored = IgnoreRules(library.settings.ignore)
        self._root = library.census.video.root
        self.repaired = repaired
        self.removed: dict[str, Removal] = {}
        self.evidence: dict[str, str] = {}

    def remove(self, path: str, evidence: str, keep: str = "") -> None:
        """Take a link away, because of the one at `keep` if that is given."""
        self.removed[self._model.origin(path)] = Removal(evidence, self._model.origin(keep) if keep else "")
        self._model.remove_link(path)

    def drop_duplicate(self, keep: str, path: str, companions: Iterable[str] = ()) -> None:
        """Let of two links to one file only the name `keep` stay; what was named after the other is named after it.

        The link that stays is one that was healthy before: whether a repair succeeds is not known yet. Raises Stuck,
        with nothing changed.
        """
        folder, _, name = keep.rpartition("/")
        old_stem, new_stem = (each.rpartition(".")[0] for each in (path, name))
        renamed = {companion: new_stem + companion[len(old_stem) :] for companion in companions}
        for companion, new_name in renamed.items():
            if not self._is_open(companion, folder, new_name):
                next(self._free_names(folder, new_name))
        evidence = "the same file as {}"
        if self._model.origin(keep) in self.repaired and self._model.origin(path) not in self.repaired:
            self.remove(keep, evidence.format(path.rpartition("/")[2]), path)
            self.evidence[self._model.origin(path)] = "the longest name of this file"
            self._model.move_link(path, keep)
        else:
            self.remove(path, evidence.format(name), keep)
        for companion, new_name in renamed.items():
            self._move_link(companion, folder, new_name, f"named after {name}")

    def rename(self, path: str) -> str:
        """Give a link a number, and return its path then; raises Stuck if no number is free."""
        folder, _, name = path.rpartition("/")
        new_path = f"{folder}/{next(self._free_names(folder, name))}"
        self._model.move_link(path, new_path)
        return new_path

    def move(self, snapshot: Snapshot, item: Item, place: str, evidence: str) -> None:
        """Move an item with all its links into the folder `place`; raises Stuck, with nothing changed."""
        find = self._folder_moves if item.is_folder else self._loose_moves
        moves = list(find(snapshot, item, place))
        for path, folder, name in moves:
            self._move_link(path, folder, name, evidence)
        if item.is_folder:
            self._remove_bare(item.path)

    def _move_link(self, path: str, folder: str, name: str, evidence: str) -> None:
        file = self._model.file_of(path)
        taken = self._model.taken(folder, name)
        if taken is not None and file and self._model.folders[folder].links.get(taken) == file:
            self.drop_duplicate(f"{folder}/{taken}", path)
            return
        if taken is not None or self._model.is_awaited(f"{folder}/{name}"):
            name = next(self._free_names(folder, name))
        self.evidence[self._model.origin(path)] = evidence
        self._model.move_link(path, f"{folder}/{name}")

    def _loose_moves(self, snapshot: Snapshot, item: Item, place: str) -> Iterator[tuple[str, str, str]]:
        """Yield (link, folder, name) for a link and what is named after it; one number for all if one is needed."""
        folder = self._existing(place)
        main, *others = links_of(snapshot, item)
        stem, dot, extension = item.name.rpartition(".")
        for number in range(1, _MOST_NAMESAKES):
            new_stem = (f"{stem} ({number})" if stem else f"{extension} ({number})") if number > 1 else stem
            new_name = f"{new_stem}{dot}{extension}" if stem or number == 1 else new_stem
            renamed = {main: new_name}
            renamed |= {path: new_stem + path[len(item.folder) + 1 + len(stem) :] for path in others}
            if all(self._is_open(path, folder, name) for path, name in renamed.items()):
                yield from ((path, folder, name) for path, name in renamed.items())
                return
        raise Stuck(f"its name is taken in {folder}")

    def _is_open(self, path: str, folder: str, name: str) -> bool:
        """Return whether a link may get a name: it is free, or that of a link to the same file."""
        if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_BYTES:
            raise Stuck(f"its name is taken in {folder}, and a number would make it too long")
        taken = self._taken(folder, name)
        if taken is None:
            return not self._model.is_awaited(f"{folder}/{name}")
        file = self._model.file_of(path)
        return bool(file) and self._model.folders[folder].links.get(taken) == file

    def _taken(self, folder: str, name: str) -> str | None:
        """Return what has a name; raises Stuck if that is no link."""
        taken = self._model.taken(folder, name)
        if f"{folder}/{name}" in self._first.folders or (taken and taken not in self._model.folders[folder].links):
            raise Stuck(f"something else is called {name} in {folder}")
        return taken

    def _folder_moves(self, snapshot: Snapshot, item: Item, place: str) -> Iterator[tuple[str, str, str]]:
        """Yield (link, folder, name) for all links below the folder of one title; seasons that exist are joined."""
        target, seasons, problem = ShowFolders(snapshot).joined(item, place)
        if problem:
            raise Stuck(problem)
        target = self._existing(target)
        found = []
        for path in self._model.below(item.path):
            links = self._model.folders[path].links
            season, slash, rest = path[len(item.path) + 1 :].partition("/")
            below = f"/{seasons.get(season, season)}{slash}{rest}" if season else ""
            folder = self._existing(target + below) if links else target
            for name in sorted(links):
                if not self._is_open(f"{path}/{name}", folder, name):
                    next(self._free_names(folder, name))
                found.append((f"{path}/{name}", folder, name))
        yield from found

    def _free_names(self, folder: str, name: str) -> Iterator[str]:
        """Yield the names with a number that are free in a folder; raises Stuck if there is none."""
        stem, dot, extension = name.rpartition(".")
        for number in range(2, _MOST_NAMESAKES):
            numbered = f"{stem} ({number}){dot}{extension}" if stem else f"{name} ({number})"
            is_free = not (self._taken(folder, numbered) or self._model.is_awaited(f"{folder}/{numbered}"))
            if is_free and len(numbered.encode("utf-8", "surrogateescape")) <= _LONGEST_BYTES:
                yield numbered
        raise Stuck(f"its name is taken in {folder}")

    def _existing(self, path: str) -> str:
        """Return a folder's path as the disk spells what of it exists; raises Stuck if it cannot be made."""
        if path in self._model.folders:
            return path
        if path == self._root or "/" not in path.strip("/"):
            raise Stuck(f"{path} is not there")
        parent, _, name = path.rpartition("/")
        parent = self._existing(parent)
        taken = self._model.taken(parent, name)
        if taken is not None and f"{parent}/{taken}" in self._model.folders:
            return f"{parent}/{taken}"
        before = self._first.taken(parent, name)
        if taken is not None or (before is not None and f"{parent}/{before}" not in self._first.folders):
            raise Stuck(f"something else is called {name} in {parent}")
        if self._ignored.skips_folder(name):
            raise Stuck(f"folders called {name} are passed over")
        if self._model.is_awaited(f"{parent}/{name}"):
            raise Stuck(f"a broken link leads to {parent}/{name}, which is not there yet")
        return f"{parent}/{name}"

    def _remove_bare(self, path: str) -> None:
        """Take away a folder and those below it, as far as nothing is left in them."""
        for folder in reversed(list(self._model.below(path))):
            if self._model.folders[folder].is_bare():
                self._model.remove_folder(folder)
