"""All that is tidied, done in a model of the tree until nothing is left to do. Pure.

Each rule is asked about the tree as the others have left it, and all of them again, so that a link ends where no rule
would move it from: what is then planned is found right by the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from ..changes import Plan, Relink, SetFilePath
from ..trees.link_text import absolute_text, is_chosen, real_folder
from .duplicates import find_duplicates
from .empty_folders import expected_dirs, find_bare, without_expected
from .faults import Misplaced
from .folder_roles import Container
from .misplaced import find_misplaced
from .movable_items import Item, links_of
from .moves import Mover, Stuck
from .oversized import Partition, partitions
from .tidiness import Tidiness
from .tree_snapshot import Snapshot

if TYPE_CHECKING:
    from .rules import CleanupWishes

MOST_ROUNDS = 12
UNSETTLED = "the rules contradict each other about its place"


class Simulation:
    """One attempt. `frozen`: origins of links that are left where they are. `stuck`: path in the model → why.

    `undeleted`: broken link that may go, but does not → why.
    """

    def __init__(self, tidying: Tidiness, repairs: Plan, wishes: CleanupWishes, frozen: frozenset[str]) -> None:
        first = tidying.snapshot
        self.library, self._wishes, self._frozen = first.library, wishes, frozen
        self.model = first.model.copy()
        relinks = {change.path: change for change in repairs.changes if isinstance(change, Relink)}
        rows = [change for change in repairs.changes if isinstance(change, SetFilePath)]
        self.mover = Mover(self.library, self.model, frozenset(relinks))
        self.owners = first.owners.after(rows)
        self._first = first
        self._initial = frozenset(self.model.folders)
        self.stuck: dict[str, str] = {}
        self.undeleted: dict[str, str] = {}
        self.moved: set[str] = set()
        self._repair(relinks)
        self._delete_broken(relinks)

    def _repair(self, relinks: Mapping[str, Relink]) -> None:
        folders, finder = self.library.census.folders, self.library.finder
        for path, change in relinks.items():
            text = absolute_text(
                real_folder(self.library, path), change.new_target, lambda end: finder.canonical(end) in folders
            )
            self.model.repair(path, finder.canonical(text) if text else None)

    def _delete_broken(self, relinks: Mapping[str, Relink]) -> None:
        for path, evidence in sorted(self._wishes.delete_broken.items()):
            folder, _, name = path.rpartition("/")
            node = self.model.folders.get(folder)
            if path not in relinks and node is not None and name in node.links and self.model.is_broken(path):
                reason = self._first.unread_reason or self.library.offline_reason(path)
                if reason:
                    self.undeleted[path] = reason
                else:
                    self.mover.remove(path, evidence)

    def snapshot(self) -> Snapshot:
        """Return the view of the model as it is now."""
        return self._first.on(self.model, self.owners)

    def run(self) -> bool:
        """Tidy until nothing changes; return whether it came to that."""
        steps: dict[str, Callable[[], bool]] = {
            "misplaced_symlink": self.bring_home,
            "duplicate_symlink": self.drop_duplicates,
            "oversized_dir": self._part,
            "empty_dir": self._remove_empty,
        }
        for _ in range(MOST_ROUNDS):
            self.stuck, self.moved = {}, set()
            if not [kind for kind, step in steps.items() if kind in self._wishes.kinds and step()]:
                return True
        return False

    def bring_home(self, found: Iterable[Misplaced] | None = None) -> bool:
        """Move what is misplaced (`found`, if that is known already); return whether anything was moved."""
        snapshot = self.snapshot()
        changed = False
        for each in find_misplaced(snapshot) if found is None else found:
            item = Item(each.path, each.path.rpartition("/")[0], each.is_folder)
            if not each.doubt:
                changed |= self._move(snapshot, item, each.expected_dir, f"belongs in {self._shown(each.expected_dir)}")
        return changed

    def drop_duplicates(self) -> bool:
        """Remove the links that say nothing that others do not say; return whether there were any."""
        snapshot = self.snapshot()
        changed = False
        for each in find_duplicates(snapshot):
            for path in filter(self.is_chosen_link, each.remove if not each.doubt else ()):
                folder, _, name = path.rpartition("/")
                companions = [f"{folder}/{other}" for other in snapshot.companions(folder).get(name, ())]
                try:
                    self.mover.drop_duplicate(each.keep, path, companions)
                    changed = True
                except Stuck as stuck:
                    self.stuck[path] = stuck.reason
        return changed

    def _part(self) -> bool:
        """Move what belongs in existing subdivisions, then part what is still too large."""
        changed, parts = self.move_lower()
        snapshot = self.snapshot()
        return self._move_all(snapshot, [pair for part in parts for pair in part.parted.items()]) or changed

    def move_lower(self, among: Collection[Container] | None = None) -> tuple[bool, list[Partition]]:
        """Move what belongs in existing subdivisions; return whether anything did, and the parting of what is left.

        `among`: only these folders are looked at.
        """
        snapshot = self.snapshot()
        parts = self._partitions(snapshot, among)
        if not self._move_all(snapshot, [pair for part in parts for pair in part.lower.items()]):
            return False, parts
        return True, self._partitions(self.snapshot(), among)

    def _partitions(self, snapshot: Snapshot, among: Collection[Container] | None) -> list[Partition]:
        return [part for part in partitions(snapshot, among) if self.is_chosen_folder(part.answer.path)]

    def _move_all(self, snapshot: Snapshot, places: Iterable[tuple[Item, str]]) -> bool:
        moved = [self._move(snapshot, item, place, f"sorted into {self._shown(place)}") for item, place in places]
        return any(moved)

    def _remove_empty(self) -> bool:
        snapshot = self.snapshot()
        empty = list(filter(self.is_chosen_folder, find_bare(snapshot)))
        if empty:
            empty = without_expected(empty, expected_dirs(find_misplaced(snapshot), partitions(snapshot)))
        for path in empty:
            if self.model.folders[path].is_bare():
                self.model.remove_folder(path)
        return bool(empty)

    def _move(self, snapshot: Snapshot, item: Item, place: str, evidence: str) -> bool:
        """Move an item if that is asked for and possible; return whether anything has changed."""
        if item.path in self.stuck or not self._is_there(item) or not self._is_chosen(snapshot, item):
            return False
        origins = {self.model.origin(path) for path in links_of(snapshot, item)}
        if origins & self._frozen:
            self.stuck[item.path] = UNSETTLED
            return False
        try:
            self.mover.move(snapshot, item, place, evidence)
        except Stuck as stuck:
            self.stuck[item.path] = stuck.reason
            return False
        self.moved |= origins
        return True

    def _is_there(self, item: Item) -> bool:
        """Return whether an item is still where the rule saw it: another one may have taken it along."""
        if item.is_folder:
            return item.path in self.model.folders
        node = self.model.folders.get(item.folder)
        return node is not None and item.name in node.links

    def _shown(self, path: str) -> str:
        return path[len(self.library.census.video.root.rstrip("/")) + 1 :]

    # What was asked for

    def is_chosen_link(self, path: str) -> bool:
        """Return whether a link lay in one of the chosen places."""
        return is_chosen(self.model.origin(path), self._wishes.within)

    def is_chosen_folder(self, path: str) -> bool:
        """Return whether a folder lies in one of the chosen places."""
        return is_chosen(path, self._wishes.within)

    def _is_chosen(self, snapshot: Snapshot, item: Item) -> bool:
        if not self._wishes.within:
            return True
        if item.is_folder and item.path in self._initial and not self.is_chosen_folder(item.path):
            return False
        return all(map(self.is_chosen_link, links_of(snapshot, item)))
