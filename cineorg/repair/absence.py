"""For how long a link's file is missing, as scans recorded it, and whether that is long enough to delete the link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue.file_moves import Remembered
from ..changes import Unresolved
from ..trees.links import BROKEN

if TYPE_CHECKING:
    from ..trees.library import Library


class Absence(NamedTuple):
    """What scans know of a file that is gone, in words; `age` is None where they do not know since when."""

    words: str
    age: timedelta | None = None


def absence_of(known: Remembered | None, now: str) -> Absence:
    """Return for how long a file is missing that scans remember as `known`; `now` is a UTC text of the catalogue."""
    if known is None:
        return Absence("no scan has ever seen its file, so nobody knows for how long it is missing")
    if not known.missing_since:
        return Absence("the last scan still saw its file: it is missing only since then")
    age = datetime.fromisoformat(now) - datetime.fromisoformat(known.missing_since)
    words = "today" if age.days < 1 else f"{age.days} day{'s' * (age.days > 1)}"
    return Absence(f"its file is missing since the scan of {known.missing_since[:16]} UTC ({words})", age)


def find_deletable(
    library: Library,
    unrepaired: Iterable[Unresolved],
    remembered: Callable[[str], Remembered | None],
    at_least: timedelta,
    now: str,
) -> tuple[dict[str, str], list[Unresolved]]:
    """Return which of these links, all broken, may be deleted (path → evidence), and the others with the reason.

    What no scan has recorded does not age. With `at_least` zero nothing need be recorded, but a file outside the
    library's roots must have been seen by someone: it may lie on a disk that is not plugged in.
    """
    ends = {link.path: library.finder.canonical(link.end) for link in library.bad_links if link.state == BROKEN}
    deletable: dict[str, str] = {}
    staying: list[Unresolved] = []
    for item in unrepaired:
        end = ends.get(item.path)
        if end is None:
            staying.append(item)  # nobody can say that it is broken
            continue
        absence = absence_of(remembered(end), now)
        if at_least:
            is_old = absence.age is not None and absence.age >= at_least
        else:
            is_old = library.finder.is_within_roots(end) or absence.age is not None
        if is_old:
            deletable[item.path] = f"{item.reason}; {absence.words}"
        else:
            staying.append(replace(item, reason=f"{item.reason}; not deleted: {absence.words}"))
    return deletable, staying
