"""Dates of broadcasts in names: `2011-11-15`, `2011.11.15`, `15.11.2011`, `20111115`, `4th May 2020`. One answer."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier januar enero gennaio", "feb february février fevrier februar febrero febbraio",
            "mar march mars märz marzo",
            "apr april avril abril aprile", "may mai mayo maggio", "jun june juin juni junio giugno",
            "jul july juillet juli julio luglio", "aug august août aout agosto",
            "sep sept september septembre septiembre settembre", "oct october octobre oktober octubre ottobre",
            "nov november novembre noviembre", "dec december décembre decembre dezember diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
# Digits before or behind a year: without them there is no date, and most names end here.
_HINT = re.compile(r"(?:19|20)[0-9]{2}[-._ ]?[0-9]|[0-9a-zé.,][-._ ]+(?:19|20)[0-9]{2}", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([-._ ])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})([-._ ])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![0-9])")
_NUMBER_BEFORE = re.compile(r"(?<![^\W_])[0-9]{1,2}[-._ ]$")
_COMPACT = re.compile(r"(?<![^\W_])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![^\W_])")
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WORDED = re.compile(
    rf"(?<![^\W_])([0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?[ ._-]+(?:de[ ._])?{_MONTH}[ ._-]+(?:de[ ._])?"
    r"((?:19|20)[0-9]{2})(?![^\W_])",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W_]){_MONTH}[ ._-]+([0-9]{{1,2}})(?:st|nd|rd|th)?,?[ ._-]+((?:19|20)[0-9]{{2}})(?![^\W_])", re.IGNORECASE
)


class DateFound(NamedTuple):
    """A date and its place in a text; `is_certain` is false where day and month may be the other way round.

    `is_plain`: nobody would write a title so; "9.11.2004" may be the film "9/11" of a year.
    """

    start: int
    end: int
    iso: str
    is_certain: bool
    is_plain: bool = True


def find_dates(text: str) -> list[DateFound]:
    """Return the dates of a text in order, those that no calendar has left out."""
    found: list[DateFound] = []
    if not _HINT.search(text):
        return found
    for match in _YEAR_FIRST.finditer(text):
        _add(found, match, int(match[1]), int(match[3]), int(match[4]))
    for match in _COMPACT.finditer(text):
        _add(found, match, int(match[1]), int(match[2]), int(match[3]))
    for match in _WORDED.finditer(text):
        _add(found, match, int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    for match in _MONTH_FIRST.finditer(text):
        _add(found, match, int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    for match in _DAY_FIRST.finditer(text):
        if _NUMBER_BEFORE.search(text, 0, match.start()):
            continue  # "4.3.2.1.2010", "11.11.11.2011"
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        is_plain = len(match[1]) == len(match[3]) == 2
        if one <= 12 < other:
            _add(found, match, year, one, other, is_plain=is_plain)  # the American order
        else:
            is_certain = one > 12 or one == other
            _add(found, match, year, other, one, is_certain=is_certain, is_plain=is_plain)
    return sorted(found)


def _add(
    found: list[DateFound],
    match: re.Match[str],
    year: int,
    month: int,
    day: int,
    *,
    is_certain: bool = True,
    is_plain: bool = True,
) -> None:
    if any(match.start() < other.end and other.start < match.end() for other in found):
        return
    try:
        iso = datetime.date(year, month, day).isoformat()
    except ValueError:
        return
    found.append(DateFound(match.start(), match.end(), iso, is_certain, is_plain))
