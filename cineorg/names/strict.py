"""The strict reader: canonical names and clean releases, by patterns of our own.

It answers quickly and declines in time. Measured on other people's names, patterns without the refusals of
`title_text` err in one name of twelve, with them in one of three hundred; whatever is declined is left to the slow
reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .countries import country_at_end, country_behind
from .dates import find_dates
from .episodes import Marker, find_marker
from .extras import is_extra
from .films import read_film
from .folders import owner, season_of_folder
from .heads import read_head
from .model import NameInfo
from .prefixes import take_prefixes
from .tags import edition_name, gather, take_edition, take_ids, take_part, title_ends, tokens_of
from .text import stem_of, written, year_of
from .title_text import is_doubtful, split_title
from .titles import fold
from .weak import read_weak

MAX_LENGTH = 255
_ROUND = str.maketrans("【】（）［］", "[]()[]")

# "S01E02.Part.2" is called so; a piece of a file stands at the very end, glued on with a dash or as a disc.
_PIECE = re.compile(r"(?:(?<![\s._-])[-_]part|[ ._-]+(?:pt|cd|disc|disk))[ ._-]?([0-9]{1,2})$", re.IGNORECASE)
_BRACKETS_LAST = re.compile(r"(?:[ ._-]*\[[^\[\]]*\])+$")
_DASH = re.compile(r"[ ._]+[-–][ ._]+")
_LATE_YEAR = re.compile(r"[\])]?([ ._-]*)(?:[(\[]((?:19|20)[0-9]{2})[)\]]|((?:19|20)[0-9]{2})(?=[ ._-]|$))")
# Before a date: "Duckman - 101 (01)", "Scrubs - Episode 2 [S 1 - Ep 002]".
_COUNTS = re.compile(r"[\[(]|[0-9]$|-[ ][0-9]|(?<![^\W_])[1-9][0-9]{2}(?![^\W_])")
_DATE_WORD = re.compile(r"[ ._]+(?:du|le|vom|del)$", re.IGNORECASE)
_LAST_YEAR = re.compile(r"[ ._]([0-9]{4})[ ._]*$")


def read_strict(name: str, folders: Sequence[str] = ()) -> NameInfo | None:
    """Return what the name says by strict patterns, None when they decline.

    `name` is a file name with or without extension; `folders` are the names of the folders above it, the nearest
    last. A bare number in a season folder and `Title - 09` are read as well, but weak.
    """
    stem = stem_of(name)
    if len(stem) > MAX_LENGTH or not stem.strip():
        return None
    if not stem.isascii():
        stem = stem.translate(_ROUND)
    stem, ids = take_ids(stem)
    stem, edition = take_edition(stem)
    bare = take_prefixes(stem)
    marker = find_marker(bare)
    info: NameInfo | None
    if marker:
        info = _read_episode(bare, marker, folders)
    else:
        bare, part = take_part(bare)
        info = _read_undated(bare, take_part(stem)[0], folders)
        if info and part is not None:
            info = replace(info, part=part)
    if info is None:
        return None
    extra = is_extra(name, folders)
    if ids or edition or extra:
        info = replace(info, ids=ids, extra=extra, edition=edition_name(edition) if edition else info.edition)
    return info


def _read_undated(bare: str, stem: str, folders: Sequence[str]) -> NameInfo | None:
    """Return the reading of a name without a marker; `stem` still has what stands before the title."""
    return _read_dated(bare) or read_film(bare) or read_weak(stem, folders)


def _read_episode(stem: str, marker: Marker, folders: Sequence[str]) -> NameInfo | None:
    """Return the reading of a name with an explicit marker; None when its title is doubtful."""
    head, year, is_bracketed = read_head(stem[: marker.start], marker.season, marker.episodes)
    split = split_title(head.strip(" ._-"), is_canonical=True)
    title, above = split.title, owner(folders)
    if not title and above.title:
        title, year = above.title, above.year
    elif is_doubtful(split.head, is_canonical=is_bracketed, is_lower=stem.islower()):
        return None
    tail = stem[marker.end :]
    part = marker.part
    piece = _PIECE.search(tail)
    if piece and part is None:
        part, tail = int(piece[1]), tail[: piece.start()]
    conflict = marker.conflict or _season_conflict(marker, folders)
    country, tail = country_behind(tail)
    if year is None:
        year, tail = _late_year(tail, title)
    episode_title, tags, edition = _after_marker(tail, title)
    if (conflict and not marker.episodes) or any(
        date.end - date.start >= len(tail.strip(" ._-")) for date in find_dates(tail)
    ):
        episode_title = ""
    return NameInfo(
        kind="episode",
        title=title,
        alt_titles=split.aliases,
        year=year,
        country=country or country_at_end(title),
        season=marker.season,
        episodes=marker.episodes,
        possible=marker.possible,
        episode_title=episode_title,
        edition=edition,
        part=part,
        version=marker.version,
        tags=tags,
        strong=bool(marker.episodes) and not _may_begin_with_episode(stem, marker, title, is_bracketed),
        conflict=conflict,
        source="strict",
    )


def _may_begin_with_episode(stem: str, marker: Marker, title: str, is_bracketed: bool) -> bool:
    """Return whether the episode's title may stand in front of the numbers: "The Trial - Show S02E09".

    In a canonical name a dash stands between title and numbers as well.
    """
    return " - " in title and not is_bracketed and stem[: marker.start].rstrip()[-1:].isalnum()


def _is_date(text: str) -> bool:
    return any(date.end - date.start == len(text) for date in find_dates(text))


def _season_conflict(marker: Marker, folders: Sequence[str]) -> str:
    season = next((found for found in map(season_of_folder, reversed(folders[-2:])) if found is not None), None)
    if season is None or marker.season == season:
        return ""
    return f"the file says season {marker.season}, its folder season {season}"


def _late_year(tail: str, title: str) -> tuple[int | None, str]:
    """Return the year behind a marker, and the text without it.

    It stands directly behind the numbers, or is the last word before the tags: "Show.S01E04.2011.720p". A series
    that is called by that number, a date, and "Show - S01E04 - 1984", whose title that is, say no year.
    """
    found = _LATE_YEAR.match(tail)
    digits, is_bracketed = "", False
    if found:
        digits, is_bracketed = found[2] or found[3], bool(found[2])
        if found[1].strip("_.") != found[1].strip(" _.") and "-" in found[1] and not is_bracketed:
            return None, tail
    elif " - " not in tail:
        end = title_ends(tail)
        found = _LAST_YEAR.search(tail[:end]) if end < len(tail) else None
        digits = found[1] if found else ""
    if found is None or fold(title) == digits or year_of(digits) is None:
        return None, tail
    if any(date.start < found.end() and found.start() < date.end for date in find_dates(tail)):
        return None, tail
    first = next(iter(tokens_of(tail[found.end() :])), None)
    if first is not None and not is_bracketed and (first.word is None or not first.loud):
        return None, tail  # "S01E04.2011.A.Space.Oddity" is the episode's title
    return int(digits), tail[: found.start()] + " " + tail[found.end() :]


def _after_marker(tail: str, title: str) -> tuple[str, frozenset[str], str]:
    """Return episode title, tags and edition of what stands behind a marker or a date."""
    end = title_ends(tail)
    tags, edition = gather(tokens_of(tail[end:]), tail)
    text = _BRACKETS_LAST.sub("", tail[:end])
    if " - " in text or ".-." in text or "_-_" in text:
        pieces = [piece for piece in _DASH.split(text) if piece.strip(" ._-[]()")]
        # "2x05 - Pure Laine - Je Me Souviens": the series may follow its numbers.
        if len(pieces) > 1 and title and fold(written(pieces[0])) == fold(title):
            pieces = pieces[1:]
        text = " - ".join(pieces)
    return written(text).strip("- ").removesuffix("(").removesuffix("[").removeprefix(")"), tags, edition


def _read_dated(stem: str) -> NameInfo | None:
    """Return the reading of a name such as "The Colbert Report - 2011-11-15 - Guest"."""
    dates = find_dates(stem)
    if len(dates) != 1:
        return None
    date = dates[0]
    if not date.is_plain and read_film(stem):
        return None
    head, year, _ = read_head(_DATE_WORD.sub("", stem[: date.start].rstrip(" ._-")))
    title = written(head)
    if not title or is_doubtful(head.strip(" ._-"), is_canonical=False):
        return None
    episode_title, tags, edition = _after_marker(stem[date.end :], title)
    return NameInfo(
        kind="episode",
        title=title,
        year=year,
        country=country_at_end(title),
        episode_title=episode_title,
        edition=edition,
        tags=tags,
        date=date.iso,
        strong=date.is_certain and not _COUNTS.search(title),
        source="strict",
    )
