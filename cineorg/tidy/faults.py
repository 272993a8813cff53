"""What is untidy in the video tree. Plain data: paths absolute, a `doubt` says why nothing may be done about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A link, or a title's folder with all in it (`is_folder`), that belongs in the folder `expected_dir`."""

    path: str
    expected_dir: str
    doubt: str = ""
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Links of one folder to the same file `target`: `keep` says most, `remove` say nothing more."""

    target: str
    keep: str
    remove: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Oversized:
    """A folder of `count` entries where `max` are allowed, and the new subdivisions that would part it.

    `range_counts`: how many entries each of `ranges` would take. `leaving`: how many of its entries would go
    elsewhere (into subdivisions that exist, in it or beside it, or into `#`), `coming`: how many others would come.
    """

    path: str
    count: int
    max: int
    ranges: tuple[str, ...] = ()
    range_counts: tuple[int, ...] = ()
    leaving: int = 0
    coming: int = 0
    doubt: str = ""
