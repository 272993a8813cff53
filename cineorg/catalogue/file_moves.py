"""What the catalogue remembers, as plain data, and the way of a file that moved A → B → C. Pure.

A path is not a file: over time several files may have stood at it. So an answer is one only if every file that is
known to have stood there ends at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .registration import TitleRow


class Edge(NamedTuple):
    """One move that a scan recorded: size and mtime are those of the file at its new path."""

    old_path: str
    new_path: str
    size_bytes: int
    mtime_ns: int
    evidence: str
    seen_at: str

    @property
    def is_by_hash(self) -> bool:
        """Whether the content was compared, so that the mtime may differ."""
        return "hash" in self.evidence


class Remembered(NamedTuple):
    """The file that last stood at a path, as scans saw it; `missing_since` is "" while it counts as there."""

    size_bytes: int
    mtime_ns: int
    missing_since: str
    first_seen: str = ""


class End(NamedTuple):
    """Where a file is now, as far as scans know; `way` begins with the old path, `since` is the last move's time."""

    path: str
    size_bytes: int
    evidence: str
    way: tuple[str, ...]


class Pin(NamedTuple):
    """The file that somebody gave a link by hand."""

    target: str
    pinned_at: str


class KnownRow(NamedTuple):
    """A row of `movies` or `episodes` that names a file, with what it says that the file is."""

    table: str
    id: int
    title: str
    original_title: str | None
    year: int | None
    season: int | None
    episode: int | None
    file_path: str


@dataclass(slots=True)
class Knowledge:
    """What the catalogue knows, for planners. `file_rows()`: every row that names a file.

    `files_below(folder)`: the paths that last stood in a folder, or below it. `scans`: when each complete scan began,
    in their order.
    """

    moves: Mapping[str, Sequence[Edge]] = field(default_factory=dict)
    remembered: Callable[[str], Remembered | None] = lambda _: None
    files_below: Callable[[str], Sequence[str]] = lambda _: ()
    pins: Mapping[str, Pin] = field(default_factory=dict)
    films: Sequence[TitleRow] = ()
    series: Sequence[TitleRow] = ()
    file_rows: Callable[[], Sequence[KnownRow]] = tuple
    scans: Sequence[str] = ()


def follow(path: str, moves: Mapping[str, Sequence[Edge]], last: Remembered | None = None) -> tuple[list[End], bool]:
    """Return where the files that stood at `path` have gone, each end once, and whether that is all of them.

    `last`: the file that stood there last. The answer is not all of them when that file is not known to have moved,
    or when files of different ends stood there.
    """
    starts = moves.get(path, ())
    ends: dict[str, End] = {}
    for edge in sorted(starts, key=lambda item: item.seen_at):
        for end in _ends(edge, moves):
            ends[end.path] = end
    is_known = last is None or any(_is_of(edge, last) for edge in starts)
    return sorted(ends.values()), is_known and len(ends) == 1


def _is_of(edge: Edge, last: Remembered) -> bool:
    if edge.size_bytes != last.size_bytes or not (edge.mtime_ns == last.mtime_ns or edge.is_by_hash):
        return False
    return edge.seen_at >= last.missing_since


def _ends(first: Edge, moves: Mapping[str, Sequence[Edge]]) -> list[End]:
    """Return the ends of the ways that begin with a move, each step no earlier than the one before it."""
    ends: list[End] = []
    stack: list[tuple[Edge, tuple[str, ...], frozenset[Edge]]] = [
        (first, (first.old_path, first.new_path), frozenset({first}))
    ]
    while stack:
        edge, way, used = stack.pop()
        onward = [
            item
            for item in moves.get(edge.new_path, ())
            if item.seen_at >= edge.seen_at
            and item not in used
            and item.size_bytes == edge.size_bytes
            and (item.mtime_ns == edge.mtime_ns or item.is_by_hash)
        ]
        if not onward:
            ends.append(End(edge.new_path, edge.size_bytes, edge.evidence, way))
        stack += [(item, (*way, item.new_path), used | {item}) for item in onward]
    return ends
