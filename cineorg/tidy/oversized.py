"""Folders with too many entries, and how they would be parted into subdivisions. Pure.

What belongs in a subdivision that exists goes there first, in the folder or beside it; the rest is cut into new
ranges that touch no existing subdivision. A folder of episodes may hold any number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ..names import read_numbers
from ..names.subdivision_names import LETTER, PREFIX, RANGE, SYMBOLS, Key, Shelf
from ..paths import is_inside
from .faults import Oversized
from .folder_roles import Container, Kind
from .letter_ranges import LAST, Range, free_gaps, key_number, size_within, split
from .movable_items import Item, hindrance, items_in, sorting_title_of
from .tree_snapshot import Snapshot

ONE_KEY = "all titles begin with the same two letters"


@dataclass(slots=True)
class Partition:
    """What becomes of the entries of one oversized folder: item → folder, first those for existing ones."""

    answer: Oversized
    lower: dict[Item, str] = field(default_factory=dict)
    parted: dict[Item, str] = field(default_factory=dict)


def find_oversized(snapshot: Snapshot) -> list[Oversized]:
    """Return the folders with too many entries, sorted by path."""
    return [part.answer for part in partitions(snapshot)]


def crowded(snapshot: Snapshot, among: Iterable[Container] | None = None) -> list[tuple[Container, int]]:
    """Return the folders with too many entries, sorted by path, each with how many it has; `among`: no others."""
    limit = snapshot.rules.max_per_dir
    found = []
    containers = snapshot.places.containers() if among is None else among
    for container in containers if limit else ():
        node = snapshot.model.folders[container.path]
        count = len(node.links) + len(node.subfolders)
        if count > limit and _may_be_parted(snapshot, container):
            found.append((container, count))
    return sorted(found, key=lambda each: each[0].path)


def partitions(snapshot: Snapshot, among: Iterable[Container] | None = None) -> list[Partition]:
    """Return what would become of each folder with too many entries, sorted by path; `among`: of no others."""
    limit = snapshot.rules.max_per_dir
    return [_Parting(snapshot, container, count, limit).run() for container, count in crowded(snapshot, among)]


def _may_be_parted(snapshot: Snapshot, container: Container) -> bool:
    if container.kind is Kind.ROOT and _is_sorted(snapshot, container.path):
        return False
    if container.path in snapshot.unreadable or snapshot.library.offline_reason(container.path):
        return False
    return not _holds_mostly_episodes(snapshot, container.path)


def _is_sorted(snapshot: Snapshot, scoped: str) -> bool:
    """Return whether folders of genres or types, or other roots, lie in a scoped folder: they are what parts it."""
    if not snapshot.rules.judges_places:
        return False
    return any(root.sections or root.path != scoped for root in snapshot.places.roots if is_inside(root.path, scoped))


def _holds_mostly_episodes(snapshot: Snapshot, path: str) -> bool:
    node = snapshot.model.folders[path]
    videos = [(name, file) for name, file in node.links.items() if snapshot.is_video(name)]
    episodes = 0
    for name, file in videos:
        owner = snapshot.owner_of(file)
        episodes += not owner.is_film if owner is not None else bool(read_numbers(name)[1])
    return episodes * 2 > len(videos)


class _Parting:
    def __init__(self, snapshot: Snapshot, container: Container, count: int, limit: int) -> None:
        self._snapshot, self._container = snapshot, container
        self._path = container.path
        self._count, self._limit = count, limit
        self._shelves = snapshot.places.shelves
        self._part = Partition(Oversized(self._path, count, limit))
        self._stays: Counter[str] = Counter()

    def run(self) -> Partition:
        own = self._own_shelf()
        rest: dict[Item, Key] = {}
        for item in items_in(self._snapshot, self._container):
            title = sorting_title_of(self._snapshot, item)
            reason = hindrance(self._snapshot, item) if title else "the title of some cannot be told"
            broken = not item.is_folder and self._snapshot.model.file_of(item.path) is None
            if reason or broken:
                self._stay(reason or "broken links stay until they are repaired", item)
                continue
            key = self._snapshot.key_of(title)
            where = self._existing(key, own)
            if where is None:
                rest[item] = key
            elif where != self._path:
                self._part.lower[item] = where
            else:
                self._stay("no subdivision is the one for its titles", item)
        self._part_rest(rest, own)
        return self._part

    def _stay(self, reason: str, *items: Item) -> None:
        """Remember why these items stay in the folder."""
        if items:
            self._stays[reason] += self._entries(items)

    def _own_shelf(self) -> Shelf | None:
        parent, _, name = self._path.rpartition("/")
        if self._container.kind is not Kind.SHELF:
            return None
        return next((shelf for shelf in self._shelves(parent) if shelf.name == name), None)

    def _existing(self, key: Key, own: Shelf | None) -> str | None:
        """Return the existing subdivision where a title belongs, the folder itself if it must stay; None: a new one."""
        found = self._shelves.fitting(self._path, key)
        if found:
            return self._only(self._path, key)
        if own is None or own.holds(key):
            return None
        parent = self._path.rpartition("/")[0]
        beside = self._shelves.fitting(parent, key)
        if any(shelf.name == own.name for shelf in beside):
            return None  # it is here by the gap between this range and the next
        return self._only(parent, key) if beside else self._path

    def _only(self, folder: str, key: Key) -> str:
        places = self._shelves.descend(folder, key)
        return places[0] if len(places) == 1 else self._path

    def _part_rest(self, rest: Mapping[Item, Key], own: Shelf | None) -> None:
        """Part what belongs in no subdivision yet, if more than may be would stay."""
        left = self._count - self._entries(self._part.lower)
        ranges: list[Range] = []
        symbols: list[Item] = []
        if left > self._limit:
            by_key, symbols = self._sorted_by_key(rest, own)
            lettered = list(chain.from_iterable(by_key.values()))
            others = left - self._entries(symbols) - self._entries(lettered)
            ranges = self._ranges(by_key, own, others + bool(symbols))
            for each in ranges:
                for number in range(each.first, each.last + 1):
                    self._part.parted |= dict.fromkeys(by_key.get(number, ()), f"{self._path}/{each.name}")
            if not ranges:
                self._stay(ONE_KEY if len(by_key) == 1 else "it would have as many subdivisions as titles", *lettered)
            self._part.parted |= dict.fromkeys(symbols, f"{self._path}/{SYMBOLS}")
        self._answer(ranges, left, len(symbols))

    def _sorted_by_key(self, rest: Mapping[Item, Key], own: Shelf | None) -> tuple[dict[int, list[Item]], list[Item]]:
        """Return the items that letters can part, by the number of their key, and those for a new `#`."""
        by_key: dict[int, list[Item]] = {}
        symbols: list[Item] = []
        # Signs before letters ("[REC]") are no reason to make a `#`, digits are.
        makes_symbols = own is None and any(key.initial == SYMBOLS and not key.letters for key in rest.values())
        for item, key in rest.items():
            number = key_number(key.letters)
            if own is not None and own.kind == PREFIX:
                self._stay("all titles begin with the same word", item)
            elif key.initial == SYMBOLS and (makes_symbols or not key.letters):
                if own is None:
                    symbols.append(item)
                else:
                    self._stay("titles that begin with a digit or a sign are not split further", item)
            elif number is None:
                self._stay("titles in another script are not split by letters", item)
            else:
                by_key.setdefault(number, []).append(item)
        return by_key, symbols

    def _entries(self, items: Collection[Item]) -> int:
        """Return how many entries of the folder go when these items do."""
        companions = self._snapshot.companions(self._path)
        return sum(1 if item.is_folder else 1 + len(companions.get(item.name, ())) for item in items)

    def _ranges(self, by_key: Mapping[int, Sequence[Item]], own: Shelf | None, others: int) -> list[Range]:
        """Return the new ranges; none if they would not make the folder smaller. `others`: what else will be in it."""
        first, last = _bounds(own)
        taken = [_taken(shelf) for shelf in self._shelves(self._path) if shelf.first != SYMBOLS]
        gaps = free_gaps(first, last, taken)
        counts = [{key: len(by_key[key]) for key in by_key if low <= key <= high} for low, high in gaps]
        size = size_within(counts, self._limit, self._limit - others)
        least = 2 if len(gaps) == 1 else 1
        found = [each for gap, inside in zip(gaps, counts, strict=True) for each in split(inside, gap, size, least)]
        moved = sum(each.titles for each in found)
        return found if len(found) + len(taken) > 1 and len(found) < moved else []

    def _answer(self, ranges: Sequence[Range], left: int, symbols: int) -> None:
        doubt = ""
        if left > self._limit and not ranges and not symbols:
            self._stays["its other entries are no titles"] += left - sum(self._stays.values())
            doubt = f"it cannot be split: {self._stays.most_common(1)[0][0]}"
        self._part.answer = Oversized(
            self._path,
            self._count,
            self._limit,
            tuple(each.name for each in ranges),
            tuple(each.titles for each in ranges),
            len(self._part.lower) + symbols,
            doubt=doubt,
        )


def _bounds(own: Shelf | None) -> tuple[int, int]:
    """Return the first and the last two-letter key of a subdivision; all of them for a folder that is none."""
    if own is None:
        return 0, LAST
    last = own.last if own.kind == RANGE else own.first
    first_number, last_number = key_number(own.first, "a"), key_number(last, "z")
    return (0, -1) if first_number is None or last_number is None else (first_number, last_number)


def _taken(shelf: Shelf) -> tuple[int, int]:
    """Return the two-letter keys that a subdivision touches."""
    if shelf.kind == PREFIX:
        number = key_number("".join(char for char in shelf.first if char.isalpha()))
        return (LAST + 1, LAST + 1) if number is None else (number, number)
    first, last = _bounds(shelf)
    return (first, last) if shelf.kind in (RANGE, LETTER) and first <= last else (LAST + 1, LAST + 1)
