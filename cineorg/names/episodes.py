"""The numbers of an explicit marker: which episodes a name says for certain, and which it may say.

Numbers are parsed, never searched as text: "S04E02" within "S04E021" once tied links to the wrong file. Ranges are
filled; a range that falls, crosses seasons or covers more than a hundred episodes is refused, and so are digits that
can be read in two ways (`S01E0102`): a refused marker has a conflict and no episodes.

`S05E19E25` says 19 and 25 for certain and perhaps all between; `S03E07-42` says 7, and 42 may be the episode's title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .markers import CODECS, EPISODE_WORDS, RANGE_WORDS, SET_WORDS, first_count, first_marker, later_markers
from .tags import take_ids, tokens_of
from .text import stem_of, year_of

MAX_EPISODES = 100
_MAX_DIGITS = 5
_LITTLE = 12  # a joined bare number that is higher by more begins the title, or counts something else
_LITTLE_BEFORE_TITLE = 2  # "S02E05-12 Angry Men"
_RESOLUTIONS = frozenset((240, 360, 480, 540, 576, 720, 1080, 1440, 2160, 4320))

_WORD = rf"(?:{RANGE_WORDS}|{SET_WORDS})"
_JOIN = rf"([ ._]{{0,3}}(?:[-~–&+,]|(?<=[ ._0-9]){_WORD}(?=[ ._0-9e]))?[ ._]{{0,3}}|[\])][ ._&+-]{{0,3}}[\[(])"
_NEXT_FULL = re.compile(
    _JOIN + r"(?:s([0-9]{1,4})[ ._-]?(?:ep|e)[ ._]?([0-9]+)|(?<=[-~–&+, ._\[(])([0-9]{1,2})x([0-9]+)(?![^\W_]))",
    re.IGNORECASE,
)
_NEXT_PREFIXED = re.compile(
    _JOIN + rf"(?:{EPISODE_WORDS}\.?|e|x)[ ._]?([0-9]+)(?![^\W_exv]|[exv][^\W\d_])", re.IGNORECASE
)
_NEXT_BARE = re.compile(
    rf"([-~–+&,_]|[ ._][+&][ ._]|[ ._]?{_WORD}[ ._]?)([0-9]+)(?=$|[ ._)\]~–+&,-]|v[0-9]|{_WORD}[ ._]?[0-9])",
    re.IGNORECASE,
)
_WORD_JOIN = re.compile(rf"[ ._]*{_WORD}[ ._]*", re.IGNORECASE)
_RANGE_JOIN = re.compile(rf"[ ._]*(?:[-~–]|{RANGE_WORDS})[ ._]*", re.IGNORECASE)
_DATE_AHEAD = re.compile(r"[-~–_][0-9]{4}[-._ ][0-9]{1,2}[-._ ][0-9]{1,2}(?![0-9])")
_SEASON_BEFORE = re.compile(r"(?<![^\W_])s([0-9]{1,4})[ ._]*[-~–&+][ ._]*$", re.IGNORECASE)
_PLURAL = re.compile(
    r"(?:[ée]pisodes|epis[oó]dios|episodi|folgen|cap[ií]tulos|afleveringen)[^\W\d]*[ ._]*[0-9]+$", re.IGNORECASE
)
_PART = re.compile(r"([a-d])(?![^\W_])", re.IGNORECASE)
_VERSION = re.compile(r"[ ._-]?v([0-9])(?![^\W_])", re.IGNORECASE)
_DOTTED = re.compile(r"[. ]([0-9]{2,3})(?=$|[ ._)\]-])")
_HALF = re.compile(r"\.5(?![^\W_]|\.[0-9])")


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of a name and where it stands; `episodes` is empty when `conflict` says why it is refused.

    `episodes` are those that it says for certain. `possible`, when not empty, holds these and those that it may say.
    """

    start: int
    end: int
    season: int | None
    episodes: tuple[int, ...]
    conflict: str = ""
    part: int | None = None
    version: int | None = None
    possible: tuple[int, ...] = ()


class _RefusedError(Exception):
    """Numbers that may not be used; the season is kept when it is certain."""

    def __init__(self, reason: str, season: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.season = season


def _number(digits: str, season: int | None) -> int:
    """Return the episode number that the digits are."""
    if len(digits) > _MAX_DIGITS:
        raise _RefusedError("more than five digits", season)
    if len(digits) == 4 and digits[0] == "0" and digits[1] != "0":
        raise _RefusedError(f"E{digits} may be one episode or two", season)
    return int(digits)


@dataclass(frozen=True, slots=True)
class _Following:
    """The next number of a marker: what joins it, its digits, where it ends.

    `is_prefixed`: a letter or word introduces it. `is_full`: it says its season as well.
    """

    join: str
    digits: str
    end: int
    is_prefixed: bool
    is_full: bool = False

    @property
    def is_range(self) -> bool:
        return _RANGE_JOIN.fullmatch(self.join) is not None


def _next(text: str, position: int, season: int | None, previous: int) -> _Following | None:
    """Return the next number of the same marker, None when the marker ends at `position`."""
    found = _NEXT_FULL.match(text, position)
    if found:
        other = int(found[2] or found[4])
        if other != season:
            raise _RefusedError(f"seasons {season} and {other} in one range", None)
        return _Following(found[1], found[3] or found[5], found.end(), True, True)
    found = _NEXT_PREFIXED.match(text, position)
    if found and not (int(found[2][:9]) in CODECS and "x" in found[0].casefold()):
        return _Following(found[1], found[2], found.end(), True)
    bare = _NEXT_BARE.match(text, position)
    if bare is None or _DATE_AHEAD.match(text, position) or _is_another_number(bare[2], previous):
        return None
    return _Following(bare[1], bare[2], bare.end(), False)


def _is_another_number(digits: str, previous: int) -> bool:
    """Return whether a bare number behind a marker is a resolution or a year."""
    if len(digits) > _MAX_DIGITS:
        return False
    value = int(digits)
    near = previous >= 100 and 0 < value - previous < MAX_EPISODES  # "E440-480" is a range, "E09-480" none
    return (value in _RESOLUTIONS and not near) or (len(digits) == 4 and previous < 1000 and bool(year_of(digits)))


class _Numbers:
    """What has been read of one marker so far."""

    def __init__(self, text: str, end: int, season: int | None, digits: str) -> None:
        self.text, self.end, self.season = text, end, season
        self.certain = [_number(digits, season)]
        self.possible: list[int] = []
        self._width = len(digits)
        self._is_plural = _PLURAL.search(text, max(0, end - len(digits) - 16), end) is not None

    def read(self) -> None:
        """Read on as long as numbers follow that belong to the marker."""
        while (following := _next(self.text, self.end, self.season, self.certain[-1])) is not None:
            if not self._take(following):
                return
        dotted = _DOTTED.match(self.text, self.end)
        is_next = dotted and len(dotted[1]) == self._width and int(dotted[1]) == self.certain[-1] + 1
        if dotted and is_next and self._is_set_off(dotted.end()):
            self.possible = [*self.certain, int(dotted[1])]  # "S01E01.02.720p" may be two

    def fill_to(self, digits: str) -> None:
        """Take the episodes up to this one in: "[Cap.102_104]"."""
        last = _number(digits, self.season)
        if not self.certain[0] <= last < self.certain[0] + MAX_EPISODES:
            raise _RefusedError(f"E{self.certain[0]:02}-E{last:02} is no range", self.season)
        self.certain = list(range(self.certain[0], last + 1))

    def add(self, episodes: list[int]) -> None:
        """Take the episodes of later markers in: those without a gap for certain."""
        for episode in episodes:
            if episode == self.certain[-1] + 1:
                self.certain.append(episode)
            else:
                self.possible.append(episode)

    def _take(self, following: _Following) -> bool:
        """Take in one more number; return whether another one may follow."""
        value, last = _number(following.digits, self.season), self.certain[-1]
        is_set = bool(_WORD_JOIN.fullmatch(following.join)) and not following.is_range
        if not following.is_prefixed and not is_set and not self._is_sure(following, value):
            # It may go on, or be the title ("S03E07-42"): said for certain is only what came before.
            if last < value < last + MAX_EPISODES:
                self.possible = [*self.certain, value]
            return False
        if value < last:
            raise _RefusedError(f"E{last:02}-E{value:02} is a falling range", self.season)
        if " - " in following.join and value - last > _LITTLE and not following.is_full:
            self.possible = [*self.certain, value]  # "S05E53 - Ep.129": another count of the same episode
            return False
        if value - self.certain[0] >= MAX_EPISODES:
            raise _RefusedError(f"E{self.certain[0]:02}-E{value:02} is more than {MAX_EPISODES} episodes", self.season)
        between = range(last + 1, value)
        if following.is_range:
            self.certain += between
        elif between and not is_set:
            self.possible += between  # "S05E19E25": two episodes, or all from the one to the other
        if value > last:
            self.certain.append(value)
        self.end = following.end
        return True

    def _is_sure(self, following: _Following, value: int) -> bool:
        """Return whether a joined bare number is an episode: written alike, higher by little, and not a title."""
        last = self.certain[-1]
        if value == last + 1:
            return True
        if following.join == "_":
            return False  # an underscore is a blank: "S02E04_11_27"
        if (len(following.digits) != self._width and not self._is_plural) or value < last:
            return False
        # No title begins with "08".
        is_apart = following.digits[0] == "0" or self._is_plural or self._is_set_off(following.end)
        little = _LITTLE if is_apart else _LITTLE_BEFORE_TITLE
        return value <= last + max(little, MAX_EPISODES * (self._width >= 3))

    def _is_set_off(self, position: int) -> bool:
        """Return whether after a number comes the end, a dash or a tag, and not at once a word of a title."""
        rest = self.text[position:].lstrip(" ._)]")
        first = next(iter(tokens_of(rest)), None)
        return first is None or rest[0] in "-~–+&,([" or (first.word is not None and (first.word.hard or first.loud))


def _later(text: str, end: int, season: int, episodes: tuple[int, ...]) -> tuple[list[int], str]:
    """Return the episodes of further markers that may belong to the file as well, and what contradicts the first.

    "Show S01E04 Title S01E05 Title" may hold both; "S01E04 (S01E05)" counts in two ways.
    """
    more: list[int] = []
    for words, other_season, episode, start in later_markers(text, end):
        is_next = 0 < episode - max((*episodes, *more)) <= _LITTLE and text[start - 1 : start] not in ("(", "[")
        if other_season == season and is_next:
            more.append(episode)
        elif other_season != season or episode not in episodes:
            return [], f"{words} says something else than S{season:02}E{episodes[0]:02}"
    return more, ""


def find_marker(text: str) -> Marker | None:
    """Return the explicit marker of a name, None if it has none. Never slow: each pattern is bounded."""
    first = first_marker(text)
    if first is None:
        return None
    season, start = int(first.season), first.start
    try:
        before = _SEASON_BEFORE.search(text[max(0, start - 16) : start])
        if before and int(before[1]) != season:
            raise _RefusedError("several seasons in one name", None)
        numbers = _Numbers(text, first.end, season, first.episode)
        if first.last:
            numbers.fill_to(first.last)
        numbers.read()
        if _HALF.match(text, numbers.end):
            raise _RefusedError(f"E{numbers.certain[-1]:02}.5 is no whole episode", season)
        more, conflict = _later(text, numbers.end, season, tuple(numbers.certain))
        numbers.add(more)
        if conflict:
            raise _RefusedError(conflict, season)
    except _RefusedError as refused:
        label = " ".join(text[start : first.end].split())[:20]
        return Marker(start, first.end, refused.season, (), f"{label}: {refused.reason}")
    return _finished(text, start, season, numbers)


def find_count(text: str) -> Marker | None:
    """Return the episodes that a name counts without a season ("EP01", "第2話"), None without clear ones."""
    first = first_count(text)
    if first is None:
        return None
    try:
        numbers = _Numbers(text, first.end, None, first.episode)
        numbers.read()
    except _RefusedError:
        return None
    return None if _HALF.match(text, numbers.end) else _finished(text, first.start, None, numbers)


def _finished(text: str, start: int, season: int | None, numbers: _Numbers) -> Marker:
    part = _PART.match(text, numbers.end)
    end = part.end() if part else numbers.end
    version = _VERSION.match(text, end)
    possible = tuple(sorted({*numbers.certain, *numbers.possible})) if numbers.possible else ()
    return Marker(
        start,
        version.end() if version else end,
        season,
        tuple(numbers.certain),
        part="abcd".index(part[1].lower()) + 1 if part else None,
        version=int(version[1]) if version else None,
        possible=possible,
    )


def read_numbers(name: str) -> tuple[int | None, tuple[int, ...], str]:
    """Return season, episodes and conflict that the name says by explicit markers; (None, (), "") without one.

    The cheap answer wherever episode numbers decide: those that are certain. A conflict says why numbers were
    refused; there are no episodes then.
    """
    marker = find_marker(take_ids(stem_of(name))[0])
    return (marker.season, marker.episodes, marker.conflict) if marker else (None, (), "")
