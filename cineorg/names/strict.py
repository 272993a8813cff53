"""The strict reader: canonical names and clean releases, by patterns of our own.

It answers quickly and declines in time. Measured on other people's names, patterns without the refusals below err
in one name of twelve, with them in one of three hundred; whatever is declined is left to the slow reader.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from cineorg.names.episodes import Marker, find_marker
from cineorg.names.extras import is_extra
from cineorg.names.folders import owner, season_of_folder
from cineorg.names.model import NameInfo
from cineorg.names.tags import edition_name, gather, read_tail, take_edition, take_ids, take_part, title_ends, tokens_of
from cineorg.names.text import stem_of, written, year_of
from cineorg.names.titles import ARTICLES, fold
from cineorg.names.vocabulary import EDITION_WORDS
from cineorg.names.weak import read_weak

MAX_LENGTH = 255

_PAREN_YEAR = re.compile(r"[ ._-]*[(\[]([0-9]{4})[)\]]")
_LAST_YEAR = re.compile(r"(?<=[ ._-])([0-9]{4})$")
_ANY_YEAR = re.compile(r"(?<![^\W_])([0-9]{4})(?![^\W_])")
_DATE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})([-._ ])(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])",
)
_BAD_START = re.compile(r"[\[{(\]})]|www\.|[A-Za-z]:|[a-z0-9]{2,6}-[a-z]", re.IGNORECASE)
_SITE = re.compile(r"\.(?:com|org|net|info|me|ru|cc|tv|to)(?![^\W_])|@", re.IGNORECASE)
_BAD_END = re.compile(
    r"(?:[0-9]-[0-9]+|[0-9]{4}[-. ][0-9]{2}[-. ][0-9]{2}|[ ._]-[ ._]*[0-9]+|(?<![^\W_])(?:e|ep|x)[ ._]?[0-9]{1,4})$",
    re.IGNORECASE,
)
_DIGITS_ONLY = re.compile(r"[0-9]{1,3}(?:-[0-9]{1,3})+")  # "9-1-1"
_DATE_FIRST = re.compile(
    r"(?:[0-9]{2}[-. ][0-9]{2}[-. ](?:[0-9]{4}|[0-9]{2})|[0-9]{6}|[0-9]{8})(?![0-9])",
)
_EPISODE_WORD = re.compile(r"[ ._-]+(?:ep|episode|épisode)$", re.IGNORECASE)
# Written at the end of a title, before the year: "Suicide Squad EXTENDED (2016)", "Brazil_Criterion_Edition_(1985)".
_EDITION_LAST = re.compile(
    r"(?<=[^\W_])[ ._-]+(EXTENDED|UNCUT|UNRATED|REMASTERED|THEATRICAL|(?:THE )?FINAL CUT"
    r"|[^\W\d_'’]+(?:['’]s)?[ ._](?:EDITION|Edition))$",
)
_SEASON_IN_TAIL = re.compile(
    r"(?<![^\W_])(?:s[0-9]|e[0-9]{2}|ep[ ._]?[0-9]|(?:season|saison)[ ._][0-9])", re.IGNORECASE
)
_EPISODE_PART = re.compile(r"[ ._]*-?[ ._]*(?:part|pt|cd|disc|disk)[ ._-]?([0-9]{1,2})(?![^\W_])", re.IGNORECASE)
_LATE_PART = re.compile(r"[ ._]*-[ ._]*(?:pt|cd|disc|disk)[ ._-]?([0-9]{1,2})(?![^\W_])", re.IGNORECASE)
_BRACKETS_LAST = re.compile(r"(?:[ ._-]*\[[^\[\]]*\])+$")
_DASH = re.compile(r"[ ._]+[-–][ ._]+")


def _doubtful(title: str, *, canonical: bool) -> bool:
    """Whether what would be the title holds what no title holds: the strict reader declines then."""
    if not title:
        return False
    if not canonical:
        # "x-men" and "wall-e" are declined as well; the slow reader knows them.
        if _BAD_START.match(title) and not (title[0] == "(" and ")" in title):
            return not title[:1].isupper() or title[0] in "[{"
    elif title[0] in "[{":
        return True
    if (
        _SITE.search(title)
        or _DATE_FIRST.match(title)
        or (_BAD_END.search(title) and not _DIGITS_ONLY.fullmatch(title))
    ):
        return True
    if title.count("(") != title.count(")") or title.count("[") != title.count("]"):
        return True
    if not canonical and "(" in title[1:]:
        return True  # an alias, a director, a country: the slow reader tells
    for token in tokens_of(title):
        if token.word is None:
            continue
        if token.word.hard:
            return True
        key = " ".join(token.text.lower().replace("'", "").replace(".", " ").split())
        if not canonical and key in EDITION_WORDS:
            return True
        if not canonical and token.loud and token.text != title and not title.isupper() and token.end == len(title):
            return True
    return False


def _head(text: str) -> tuple[str, int | None, bool]:
    """Title, year and whether the year is in brackets, of what stands before a marker or a date."""
    text = _EPISODE_WORD.sub("", text.rstrip(" ._-–[("))
    # Closed brackets were cut with the separators only when they were opened there.
    years = list(_PAREN_YEAR.finditer(text))
    if years and years[-1].end() == len(text) and years[-1].start() > 0:
        year = year_of(years[-1][1])
        if year:
            return text[: years[-1].start()], year, True
    bare = _LAST_YEAR.search(text)
    if bare:
        year = year_of(bare[1])
        before = text[: bare.start()].strip(" ._-")
        # "1923" and "The 1900" keep their number: a title must remain.
        if year and before and fold(before) not in ARTICLES:
            return before, year, False
    return text, None, False


def _after_marker(tail: str, title: str) -> tuple[str, frozenset[str], str]:
    """Episode title, tags and edition of what stands behind a marker or a date."""
    end = title_ends(tail)
    tags, edition = gather(tokens_of(tail[end:]), tail)
    text = _BRACKETS_LAST.sub("", tail[:end])
    if " - " in text or ".-." in text or "_-_" in text:
        pieces = [piece for piece in _DASH.split(text) if piece.strip(" ._-[]()")]
        # "2x05 - Pure Laine - Je Me Souviens": the series may follow its numbers.
        if len(pieces) > 1 and title and fold(written(pieces[0])) == fold(title):
            pieces = pieces[1:]
        text = " - ".join(pieces)
    return written(text).strip("-[( "), tags, edition


def _read_episode(stem: str, marker: Marker, folders: Sequence[str]) -> NameInfo | None:
    """The reading of a name with an explicit marker; None when its title is doubtful."""
    head, year, bracketed = _head(stem[: marker.start])
    title = written(head)
    above = owner(folders)
    if not title and above.title:
        title, year = above.title, above.year
    elif _doubtful(title if bracketed else head.strip(" ._-"), canonical=bracketed):
        return None
    tail = stem[marker.end :]
    part = marker.part
    found = _EPISODE_PART.match(tail) or _LATE_PART.search(tail)
    if found and part is None:
        part = int(found[1])
        tail = tail[: found.start()] + " " + tail[found.end() :]
    conflict = marker.conflict
    folder_season = next((s for s in map(season_of_folder, reversed(folders[-2:])) if s is not None), None)
    if not conflict and folder_season is not None and marker.season != folder_season:
        conflict = f"the file says season {marker.season}, its folder season {folder_season}"
    episode_title, tags, edition = _after_marker(tail, title)
    if (conflict and not marker.episodes) or _DATE.fullmatch(tail.strip(" ._-")):
        episode_title = ""
    return NameInfo(
        kind="episode",
        title=title,
        year=year,
        season=marker.season,
        episodes=marker.episodes,
        episode_title=episode_title,
        edition=edition,
        part=part,
        version=marker.version,
        tags=tags,
        strong=bool(marker.episodes),
        conflict=conflict,
        source="strict",
    )


def _read_dated(stem: str) -> NameInfo | None:
    """The reading of a name such as "The Colbert Report - 2011-11-15 - Guest"."""
    found = _DATE.search(stem)
    if found is None or _DATE.search(stem, found.end()):
        return None
    try:
        date = datetime.date(int(found[1]), int(found[3]), int(found[4])).isoformat()
    except ValueError:
        return None
    head, year, _ = _head(stem[: found.start()])
    title = written(head)
    if not title or re.search(r"[0-9]$", title) or _doubtful(head, canonical=False):
        return None
    episode_title, tags, edition = _after_marker(stem[found.end() :], title)
    return NameInfo(
        kind="episode",
        title=title,
        year=year,
        episode_title=episode_title,
        edition=edition,
        tags=tags,
        date=date,
        strong=True,
        source="strict",
    )


def _film(title: str, year: int, rest: str) -> NameInfo | None:
    """A film with this title and year; None when what follows the year speaks of an episode or of another number."""
    if _SEASON_IN_TAIL.search(rest):
        return None
    tail = read_tail(rest)
    for token in tail.tokens:
        if token.word is None and token.text.isdigit():
            return None
    return NameInfo(
        kind="film",
        title=title,
        year=year,
        edition=tail.edition,
        part=tail.part,
        tags=tail.tags,
        strong=True,
        source="strict",
    )


def _read_canonical(stem: str) -> NameInfo | None:
    """The reading of `Title (Year) <tags>`."""
    years = [found for found in _PAREN_YEAR.finditer(stem) if found.start() > 0 and year_of(found[1])]
    if not years or len({found[1] for found in years}) > 1:
        return None
    found = years[0]
    head = stem[: found.start()].strip(" ._-")
    title = written(head)
    if head.startswith("[") and head.endswith(("]", "]²", "]³")) and head.count("[") == 1:
        pass  # "[REC] (2007)" is a title; "[Group] Title (2007)" is not
    elif not title or _doubtful(head, canonical=True):
        return None
    info = _film(title, int(found[1]), stem[found.end() :])
    last = _EDITION_LAST.search(title)
    if info and last and not title.isupper():
        info = replace(info, title=title[: last.start()], edition=info.edition or edition_name(last[1]))
    return info


def _read_release(stem: str) -> NameInfo | None:
    """The reading of `Title.Words.Year.tags-GROUP`: the last plausible year, when tags or nothing follow it."""
    found = None
    for candidate in _ANY_YEAR.finditer(stem):
        if candidate.start() > 0 and year_of(candidate[1]):
            found = candidate
    if found is None:
        return None
    head, rest = stem[: found.start()].strip(" ._-"), stem[found.end() :]
    title = written(head)
    if not title or fold(title) in ARTICLES or head[-1] in "([" or _doubtful(head, canonical=False):
        return None
    first = next(iter(tokens_of(rest)), None)
    if first and (first.word is None or not (first.word.hard or first.loud or first.word.edition)):
        return None
    return _film(title, int(found[1]), rest)


def read_strict(name: str, folders: Sequence[str] = ()) -> NameInfo | None:
    """What the name says by strict patterns, None when they decline.

    `name` is a file name with or without extension; `folders` are the names of the folders above it, the nearest
    last. A bare number in a season folder and `Title - 09` are read as well, but weak.
    """
    stem = stem_of(name)
    if len(stem) > MAX_LENGTH or not stem.strip():
        return None
    stem, ids = take_ids(stem)
    stem, edition = take_edition(stem)
    marker = find_marker(stem)
    info: NameInfo | None
    if marker:
        info = _read_episode(stem, marker, folders)
    else:
        stem, part = take_part(stem)
        info = _read_dated(stem) or _read_canonical(stem) or read_weak(stem, folders) or _read_release(stem)
        if info and part is not None:
            info = replace(info, part=part)
    if info is None:
        return None
    extra = is_extra(name, folders)
    if ids or edition or extra:
        info = replace(info, ids=ids, extra=extra, edition=edition_name(edition) if edition else info.edition)
    return info
