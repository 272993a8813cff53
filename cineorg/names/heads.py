"""What stands before a marker or a date: the series, its year and country; without counts, seasons and tags."""

from __future__ import annotations

import re
from typing import NamedTuple

from .markers import EPISODE_WORDS, NTH, SEASON_WORDS
from .text import written, year_of
from .title_text import without_tags
from .titles import ARTICLES, fold

_LAST = " ._-–—[(,:"
_PAREN_YEAR = re.compile(r"[ ._-]*[(\[]([0-9]{4})[)\]]$")
_BARE_YEAR = re.compile(r"(?<=[ ._-])([0-9]{4})$")
_COUNTRY = re.compile(r"[ ._-]*[(\[]([A-Z]{2,3})[)\]]$")
_EPISODE_WORD = re.compile(rf"[ ._-]+{EPISODE_WORDS}$", re.IGNORECASE)
# "Show Saison 1 - 1x02", "Show S01 - 1x02".
_SEASON = re.compile(
    rf"(?:^|[ ._,-]+)[(\[]?(?:{SEASON_WORDS}[ ._-]{{0,3}}([0-9]{{1,4}})|{NTH}{SEASON_WORDS}|s([0-9]{{1,2}}))[)\]]?$",
    re.IGNORECASE,
)
# A second count of the same episodes: "Bleach - 012 - s02e03", "Show.313-315.s16e03-05".
_COUNTS = re.compile(r"[ ._]+(?P<dash>-[ ._]+)?#?(?P<first>[0-9]{2,4})(?:-(?P<last>[0-9]{2,4}))?$")
_MOST = 5


class Head(NamedTuple):
    """The text of the title, the year behind it, and whether that is in brackets."""

    text: str
    year: int | None = None
    is_bracketed: bool = False


def read_head(text: str, season: int | None = None, episodes: tuple[int, ...] = ()) -> Head:
    """Return the title's text and the year, of what stands before a marker of these numbers, or before a date."""
    text = _EPISODE_WORD.sub("", text.rstrip(_LAST))
    year, is_bracketed, country = None, False, ""
    for _ in range(_MOST):
        before = text
        text = _without_counts(_without_season(text.rstrip(_LAST), season), episodes).rstrip(_LAST)
        if year is None:
            text, year, is_bracketed = written_year(text)
        found = _COUNTRY.search(text)
        if found and found.start() > 0 and _PAREN_YEAR.search(text[: found.start()]):
            text, country = text[: found.start()], found[0]
        text = without_tags(text)
        if text == before:
            break
    return Head(text + country, year, is_bracketed)


def split_season(text: str) -> tuple[str, int | None]:
    """Return a text without the season at its end ("Show 2nd Season", "Show (Season 2)", "Show S2"), and that."""
    found = _SEASON.search(text)
    return (text[: found.start()], int(found[1] or found[2] or found[3])) if found else (text, None)


def _without_season(text: str, season: int | None) -> str:
    shorter, said = split_season(text)
    return shorter if said == season else text


def _without_counts(text: str, episodes: tuple[int, ...]) -> str:
    """Return the text without another count at its end: as many as the episodes, the same, or one filled with zeros."""
    found = _COUNTS.search(text) if text[-1:].isdigit() and episodes else None
    if found is None or found.start() == 0:
        return text
    first = int(found["first"])
    if found["last"]:
        is_count = 1 < len(episodes) == int(found["last"]) - first + 1
    else:
        is_count = found["dash"] is not None and (first in episodes or (found["first"][0] == "0" and first > 9))
    return text[: found.start()] if is_count else text


def written_year(head: str) -> tuple[str, int | None, bool]:
    """Return text, year and whether the year is in brackets, of what ends in a title and its year."""
    found = _PAREN_YEAR.search(head) if head[-1:] in ")]" else None
    if found and found.start() > 0:
        year = year_of(found[1])
        if year:
            return head[: found.start()], year, True
    bare = _BARE_YEAR.search(head) if head[-1:].isdigit() else None
    if bare:
        year = year_of(bare[1])
        before = head[: bare.start()].strip(" ._-")
        # "1923" and "The 1900" keep their number: a title must remain.
        if year and before and fold(written(before)) not in ARTICLES:
            return before, year, False
    return head, None, False
