"""What is untidy in a video tree: misplaced, duplicate, too many in one folder, empty. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from ..catalogue.owners import Owners
from ..findings import Coverage
from ..paths import is_inside
from .duplicates import find_duplicates
from .empty_folders import expected_dirs, find_bare, without_expected
from .faults import Duplicate, Misplaced, Oversized
from .misplaced import find_misplaced
from .oversized import Partition, partitions
from .rules import TidyRules, rules_of
from .sorting_schemes import notes_on_schemes, sorted_roots
from .tree_model import Model
from .tree_snapshot import ReadName, Snapshot

if TYPE_CHECKING:
    from ..trees.library import Library

__all__ = ["Duplicate", "Misplaced", "Oversized", "Owners", "Tidiness", "TidyRules", "rules_of"]


class Tidiness:
    """What is untidy in one library; each answer is worked out once, when it is first asked for.

    `read_name(name, folders)` reads the names that are about to be reported, no others.
    """

    def __init__(self, library: Library, rules: TidyRules, owners: Owners, read_name: ReadName) -> None:
        self.library, self._rules, self._owners, self._read_name = library, rules, owners, read_name
        self._snapshot: Snapshot | None = None
        self.link_count = 0
        self.unjudged = self._placed = 0

    def index(self, track: Callable[[Collection[str], int], Iterable[str]] | None = None) -> None:
        """Find the file of every link of the video tree; `track` shows how far that has come.

        After it `link_count` says how many links there are, and `unjudged` how many lead to a video that the
        catalogue does not know: where those belong, nobody can say.
        """
        if self._snapshot is not None:
            return
        model = Model.of(self.library, track or _untracked)
        self._snapshot = Snapshot(self.library, model, self._rules, self._owners, self._read_name)
        is_video, owner_of = self.library.is_video, self._snapshot.owner_of
        roots = sorted_roots(self._snapshot)
        for path, node in self._snapshot.model.folders.items():
            self.link_count += len(node.links)
            reached = [name for name, file in node.links.items() if file is not None]
            unknown = [name for name in reached if owner_of(node.links[name]) is None]
            self.unjudged += sum(map(is_video, unknown))
            if any(is_inside(path, root) for root in roots):
                self._placed += len(reached) - len(unknown)

    @property
    def snapshot(self) -> Snapshot:
        """The video tree as the census saw it."""
        self.index()
        assert self._snapshot is not None
        return self._snapshot

    def misplaced(self) -> list[Misplaced]:
        """Return the links, and the folders of one title, that lie in the wrong folder; sorted by path."""
        return self._misplaced

    def misplaced_notes(self) -> list[str]:
        """Return why nothing is called misplaced below some of the roots, in words for their owner."""
        return list(notes_on_schemes(self.snapshot))

    def duplicates(self) -> list[Duplicate]:
        """Return the links that say nothing that another one beside them does not say; sorted by the one to keep."""
        return self._duplicates

    def oversized(self) -> list[Oversized]:
        """Return the folders with too many entries, sorted by path."""
        return self._oversized

    def empty_dirs(self) -> list[str]:
        """Return the folders in which nothing is and nothing belongs, each before the folder that it lies in."""
        return self._empty_dirs

    def coverage_of_places(self) -> Coverage:
        """Return of how many links it is known where they belong: in a sorted root, to a title of the catalogue."""
        self.index()
        return Coverage(self._placed, self.link_count)

    def coverage_of_folders(self) -> Coverage:
        """Return how many folders of the video tree were looked at."""
        census = self.library.census
        unread = sum(census.tree_of(item.path) is census.video for item in census.unreadable)
        seen = len(self.snapshot.model.folders)
        return Coverage(seen, seen + unread)

    @cached_property
    def _misplaced(self) -> list[Misplaced]:
        return find_misplaced(self.snapshot)

    @cached_property
    def _duplicates(self) -> list[Duplicate]:
        return find_duplicates(self.snapshot)

    @cached_property
    def _oversized(self) -> list[Oversized]:
        return [part.answer for part in self._partitions]

    @cached_property
    def _partitions(self) -> list[Partition]:
        return partitions(self.snapshot)

    @cached_property
    def _empty_dirs(self) -> list[str]:
        bare = find_bare(self.snapshot)
        return without_expected(bare, expected_dirs(self._misplaced, self._partitions)) if bare else []


def _untracked(items: Iterable[str], total: int | None = None) -> Iterable[str]:
    return items
