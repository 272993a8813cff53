"""Explicit season and episode markers: `S04E02`, `4x02`, `S01E01-E03`, `Season 1 Episode 2`.

Numbers are parsed, never searched as text: "S04E02" within "S04E021" once tied links to the wrong file. Ranges are
filled; a range that falls, crosses seasons or covers more than a hundred episodes is refused, and so are digits that
can be read in two ways (`S01E0102`): a refused marker has a conflict and no episodes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cineorg.names.text import year_of

MAX_EPISODES = 100
_MAX_DIGITS = 5
_RESOLUTIONS = frozenset((240, 360, 480, 540, 576, 720, 1080, 1440, 2160, 4320))
_CODECS = frozenset((264, 265, 266))

# Glued to the title ("LOSTs01e02") only in its full form; else nothing but a separator may stand before.
_S_FORM = re.compile(
    r"(?:(?<![^\W_])s([0-9]{1,4})[ ._-]{0,3}(?:x?[ ._-]?(?:episode|ep|e)|x)[ ._]?([0-9]+)"
    r"|(?<=[^\W\d_])s([0-9]{2})e([0-9]{2,}))",
    re.IGNORECASE,
)
_X_FORM = re.compile(r"(?<![^\W_])([0-9]{1,4})[x×]([0-9]+)(?=$|[\W_]|[ex][0-9]|v[0-9]|[a-d](?![^\W_]))", re.IGNORECASE)
_WORDS = re.compile(
    r"(?<![^\W_])(?:season|saison|staffel|temporada|stagione|seizoen|series)[ ._-]{0,3}([0-9]{1,4})[ ._,-]{0,3}"
    r"\(?(?:episode|épisode|ep|folge|episodio|episódio|cap[ií]tulo|aflevering)[ ._]{0,2}([0-9]+)",
    re.IGNORECASE,
)

_JOIN = r"([ ._]{0,3}(?:[-~–&+,]|(?<=[ ._])(?:to|à|bis)(?=[ ._]))?[ ._]{0,3})"
_NEXT_FULL = re.compile(
    _JOIN + r"(?:s([0-9]{1,4})[ ._-]?(?:ep|e)[ ._]?([0-9]+)|(?<=[-~–&+, ._])([0-9]{1,2})x([0-9]+)(?![^\W_]))",
    re.IGNORECASE,
)
_NEXT_PREFIXED = re.compile(_JOIN + r"(?:ep|e|x)[ ._]?([0-9]+)(?![^\W_exv]|[exv][^\W\d_])", re.IGNORECASE)
_NEXT_BARE = re.compile(r"([-~–+&,]| [+&] )([0-9]+)(?=$|[ ._)\]~–+&,-]|v[0-9])", re.IGNORECASE)
_DATE_AHEAD = re.compile(r"[-~–][0-9]{4}[-._ ][0-9]{1,2}[-._ ][0-9]{1,2}(?![0-9])")
_SEASON_BEFORE = re.compile(r"(?<![^\W_])s[0-9]{1,4}[ ._]*[-~–&+][ ._]*$", re.IGNORECASE)
_PART = re.compile(r"([a-d])(?![^\W_])", re.IGNORECASE)
_VERSION = re.compile(r"[ ._-]?v([0-9])(?![^\W_])", re.IGNORECASE)
_HALF = re.compile(r"\.5(?![^\W_]|\.[0-9])")


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of a name and where it stands; `episodes` is empty when `conflict` says why it is refused."""

    start: int
    end: int
    season: int | None
    episodes: tuple[int, ...]
    conflict: str = ""
    part: int | None = None
    version: int | None = None


class _RefusedError(Exception):
    """Numbers that may not be used; the season is kept when it is certain."""

    def __init__(self, reason: str, season: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.season = season


def _number(digits: str, season: int | None) -> int:
    """The episode number that the digits are."""
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError("more than five digits", season)
    if len(digits) == 4 and digits[0] == "0" and digits[1] != "0":
        raise _RefusedError(f"E{digits} may be one episode or two", season)
    return int(digits)


def _is_x_marker(text: str, found: re.Match[str]) -> bool:
    """Whether `NxNN` is an episode: not a resolution (1280x720), not the film "10x10 (2018)"."""
    season, episode = found[1], found[2]
    if len(season) >= 3 and (len(season) == 3 or not year_of(season) or len(episode) > 2):
        return False
    if int(episode[:9]) in _CODECS and len(season) == 1:
        return False
    if found.start() == 0:
        year = re.match(r"[ ._]*[([]?((?:19|20)[0-9]{2})(?![0-9])", text[found.end() :])
        return not (year and year_of(year[1]))
    return True


def _first(text: str) -> tuple[re.Match[str], str, str] | None:
    """The first marker with the digits of its season and of its episode; `SxxExx` goes before `NxNN`."""
    found = _S_FORM.search(text)
    if found:
        return (found, found[1], found[2]) if found[1] else (found, found[3], found[4])
    found = _WORDS.search(text)
    if found:
        return found, found[1], found[2]
    for found in _X_FORM.finditer(text):
        if _is_x_marker(text, found):
            return found, found[1], found[2]
    return None


def _next_bare(text: str, position: int, previous: int) -> re.Match[str] | None:
    """A number without prefix that goes on with the marker: `-03` but no resolution, year or date."""
    found = _NEXT_BARE.match(text, position)
    if found is None or _DATE_AHEAD.match(text, position):
        return None
    if len(found[2]) <= _MAX_DIGITS:
        value = int(found[2])
        near = previous >= 100 and 0 < value - previous < MAX_EPISODES  # "E440-480" is a range, "E09-480" none
        if (value in _RESOLUTIONS and not near) or (len(found[2]) == 4 and previous < 1000 and year_of(found[2])):
            return None
    return found


def _next(text: str, position: int, season: int, previous: int) -> tuple[str, str, int] | None:
    """The next number of the same marker: what joins it, its digits, where it ends."""
    found = _NEXT_FULL.match(text, position)
    if found:
        other = int(found[2] or found[4])
        if other != season:
            raise _RefusedError(f"seasons {season} and {other} in one range", None)
        return found[1], found[3] or found[5], found.end()
    found = _NEXT_PREFIXED.match(text, position)
    if found and not (int(found[2][:9]) in _CODECS and "x" in found[0].casefold()):
        return found[1], found[2], found.end()
    bare = _next_bare(text, position, previous)
    return (bare[1], bare[2], bare.end()) if bare else None


def _collect(text: str, position: int, season: int, first: int) -> tuple[list[int], int]:
    """All episodes of the marker whose first number ends at `position`, and where the marker ends."""
    episodes = [first]
    while (following := _next(text, position, season, episodes[-1])) is not None:
        join, digits, position = following
        value = _number(digits, season)
        ranged = any(sign in join for sign in "-~–") or join.strip(" ._").isalpha()
        if value < episodes[-1]:
            raise _RefusedError(f"E{episodes[-1]:02}-E{value:02} is a falling range", season)
        if value - episodes[0] >= MAX_EPISODES:
            raise _RefusedError(f"E{episodes[0]:02}-E{value:02} is more than {MAX_EPISODES} episodes", season)
        if ranged:
            episodes.extend(range(episodes[-1] + 1, value + 1))
        elif value > episodes[-1]:
            episodes.append(value)
    return episodes, position


def _contradiction(text: str, end: int, season: int, episodes: tuple[int, ...]) -> str:
    """What another marker behind the first one says against it."""
    for pattern in (_S_FORM, _X_FORM):
        for found in pattern.finditer(text, end):
            if pattern is _X_FORM and (len(found[2]) < 2 or not _is_x_marker(text, found)):
                continue
            digits = (found[1], found[2]) if found[1] else (found[3], found[4])
            if len(digits[1]) <= _MAX_DIGITS and (int(digits[0]) != season or int(digits[1]) not in episodes):
                return f"{found[0]} says something else than S{season:02}E{episodes[0]:02}"
    return ""


def find_marker(text: str) -> Marker | None:
    """The explicit marker of a name, None if it has none. Never slow: each pattern is bounded."""
    first = _first(text)
    if first is None:
        return None
    found, season_digits, digits = first
    season = int(season_digits)
    start = found.start()
    try:
        before = _SEASON_BEFORE.search(text[max(0, start - 16) : start])
        if before:
            raise _RefusedError("several seasons in one name", None)
        episodes, end = _collect(text, found.end(), season, _number(digits, season))
        if _HALF.match(text, end):
            raise _RefusedError(f"E{episodes[-1]:02}.5 is no whole episode", season)
        conflict = _contradiction(text, end, season, tuple(episodes))
        if conflict:
            raise _RefusedError(conflict, season)
    except _RefusedError as refused:
        label = " ".join(found[0].split())[:20]
        return Marker(start, found.end(), refused.season, (), f"{label}: {refused.reason}")
    part = _PART.match(text, end)
    end = part.end() if part else end
    version = _VERSION.match(text, end)
    return Marker(
        start,
        version.end() if version else end,
        season,
        tuple(episodes),
        part="abcd".index(part[1].lower()) + 1 if part else None,
        version=int(version[1]) if version else None,
    )


def read_numbers(name: str) -> tuple[int | None, tuple[int, ...], str]:
    """Season, episodes and conflict that the name says by explicit markers; (None, (), "") without one.

    The cheap answer wherever numbers decide. A conflict says why numbers were refused; there are no episodes then.
    """
    marker = find_marker(name)
    return (marker.season, marker.episodes, marker.conflict) if marker else (None, (), "")
