"""For how long a link's file is missing, as scans recorded it, and whether that is long enough to delete the link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue.file_moves import Remembered
from ..changes import Unresolved
from ..clock import as_iso
from ..trees.links import BROKEN

if TYPE_CHECKING:
    from ..trees.library import Library


LONGEST_GAP = timedelta(days=4)  # of a week that is asked for, at least three scans must have been made


class Absence(NamedTuple):
    """What scans know of a file that is gone, in words; `age` is None where they do not know since when.

    `misses`: how many complete scans have missed it.
    """

    words: str
    age: timedelta | None = None
    misses: int = 0


def absence_of(known: Remembered | None, scans: Sequence[str]) -> Absence:
    """Return for how long a file is missing that scans remember as `known`.

    `scans`: when each complete scan began (UTC texts of the catalogue), in their order. The age is what lies between
    the scans that missed the file, not the clock of now: one that was wrong once makes no file old. Between two
    scans at most LONGEST_GAP counts, and nothing where the later one has the earlier time.
    """
    if known is None:
        return Absence("no scan has ever seen its file, so nobody knows for how long it is missing")
    if not known.missing_since:
        return Absence("the last scan still saw its file: it is missing only since then")
    missed = _scans_since(known.missing_since, scans)
    if known.first_seen and known.missing_since < known.first_seen:
        return Absence("the clock was wrong when a scan first missed its file, so nobody knows for how long")
    gaps = [max(timedelta(), min(later - one, LONGEST_GAP)) for one, later in pairwise(missed)]
    age = sum(gaps, timedelta())
    words = "1 scan has missed it" if len(missed) == 1 else f"{len(missed)} scans have missed it"
    since = "less than a day" if age.days < 1 else f"{age.days} day{'s' * (age.days > 1)}"
    said = f"its file is missing since the scan of {as_iso(known.missing_since)} ({words}, {since})"
    return Absence(said, age, len(missed))


def _scans_since(since: str, scans: Sequence[str]) -> list[datetime]:
    """Return the times of the scan that first missed a file and of those after it."""
    first = max((index for index, scan in enumerate(scans) if scan == since), default=len(scans))
    return [datetime.fromisoformat(since), *map(datetime.fromisoformat, scans[first + 1 :])]


def find_deletable(
    library: Library,
    unrepaired: Iterable[Unresolved],
    remembered: Callable[[str], Remembered | None],
    at_least: timedelta,
    scans: Sequence[str],
    *,
    is_asked: bool = False,
) -> tuple[dict[str, str], list[Unresolved]]:
    """Return which of these links, all broken, may be deleted (path → evidence), and the others with the reason.

    What no scan has recorded does not age. With `at_least` zero two scans must have missed the file, unless a person
    is asked (`is_asked`) who sees the plan; a file outside the library's roots must have been seen by someone even
    then: it may lie on a disk that is not plugged in.
    """
    ends = {link.path: library.finder.canonical(link.end) for link in library.bad_links if link.state == BROKEN}
    deletable: dict[str, str] = {}
    staying: list[Unresolved] = []
    for item in unrepaired:
        end = ends.get(item.path)
        if end is None:
            staying.append(item)  # nobody can say that it is broken
            continue
        absence = absence_of(remembered(end), scans)
        if at_least:
            is_old = absence.age is not None and absence.age >= at_least
        else:
            is_known = library.finder.is_walked(end) or absence.age is not None
            is_old = is_known and (is_asked or absence.misses >= 2)
        if is_old:
            deletable[item.path] = f"{item.reason}; {absence.words}"
        else:
            staying.append(replace(item, reason=f"{item.reason}; not deleted: {absence.words}"))
    return deletable, staying
