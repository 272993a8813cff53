"""Bare numbers: `02 - Title` in a season folder, `Title - 09`. They describe a file; they never decide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .dates import find_dates
from .episodes import find_count
from .folders import owner, read_folder, season_of_folder
from .heads import read_head, split_season
from .model import NameInfo
from .prefixes import take_prefixes
from .tags import gather, title_ends, tokens_of
from .text import written, year_of
from .title_text import is_doubtful, split_title
from .titles import fold

_LEADING = re.compile(
    r"(?:episode|épisode|ep|e)?[ ._-]*([0-9]{1,3})((?:-[0-9]{1,3})*)(?:v([0-9]))?(?=$|[ ._\-\])])", re.IGNORECASE
)
# One group in front, a dash between blanks, a number, and then brackets, a further dash or nothing.
_DASHED = re.compile(
    r"(?:\[[^\[\]]{1,40}\][ _]*)?(?P<title>[^\[\]]+?)[ _]+-[ _]+"
    r"(?:ep(?:isode)?[ ._]?|e)?(?P<number>[0-9]{1,4})(?:[ _]?v(?P<version>[0-9]))?"
    r"(?:[ _]*(?P<tail>[\[(].*)|[ _]+-[ _]+(?P<name>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_TITLE = re.compile(r"([0-9]{1,4})(?=$|[ ._-])")


def _numbers(first: str, more: str, season: int | None) -> tuple[int, ...]:
    """The episodes of a bare number or range; empty when it falls or is too wide."""
    values = [int(first), *(int(digits) for digits in more.split("-") if digits)]
    if len(first) == 3 and season and first[0] == str(season) and not more:
        return (int(first[1:]),)
    if values != sorted(values) or values[-1] - values[0] >= 100:
        return ()
    return tuple(range(values[0], values[-1] + 1))


def _in_season(stem: str, season: int, folders: Sequence[str]) -> NameInfo | None:
    """A number at the beginning of a name in a season folder: "01 Pilot", "02-03 - blah", "E05"."""
    found = _LEADING.match(stem)
    if not found:
        return None
    above = owner(folders)
    # "12 Monkeys - 05" in "12 Monkeys/Season 1" begins with its title.
    if above.title and fold(stem).startswith(fold(above.title)) and fold(stem) != fold(above.title):
        return None
    episodes = _numbers(found[1], found[2], season)
    if not episodes:
        return None
    tail = stem[found.end() :]
    cut = title_ends(tail)
    tags, _ = gather(tokens_of(tail[cut:]), tail)
    return NameInfo(
        kind="episode",
        title=above.title,
        year=above.year,
        season=season,
        episodes=episodes,
        episode_title=written(tail[:cut]).strip("-[( "),
        version=int(found[3]) if found[3] else None,
        tags=tags,
        source="strict",
    )


def _dashed(stem: str, season: int | None) -> NameInfo | None:
    """`[Group] Title - 09 (tags)`: an absolute number, or an episode of the season that the folder says."""
    found = _DASHED.match(stem)
    if not found:
        return None
    number = found["number"]
    if len(number) == 4 and year_of(number):
        return None
    head, name = found["title"].replace("_", " "), found["name"] or ""
    if " - " in head or any(token.word and token.word.hard for token in tokens_of(head)):
        return None
    head, said = split_season(head)
    if not head.strip():
        return None
    season = season if said is None else said
    year = re.search(r"[ ._]*\(([0-9]{4})\)$", head)
    cut = title_ends(name)
    tags, _ = gather(tokens_of((found["tail"] or "") + " " + name[cut:]), stem)
    return NameInfo(
        kind="episode",
        title=written(head[: year.start()] if year else head),
        year=year_of(year[1]) if year else None,
        season=season,
        episodes=_numbers(number, "", season),
        episode_title=written(name[:cut]).strip("-[( "),
        version=int(found["version"]) if found["version"] else None,
        tags=tags,
        absolute=season is None,
        source="strict",
    )


def _counted(stem: str, season: int | None) -> NameInfo | None:
    """`Title EP05`, `Title Folge 5 - Name`, `Title 第5話`: counted through, unless the folder says a season."""
    bare = take_prefixes(stem)
    marker = find_count(bare)
    if marker is None or find_dates(bare):
        return None
    head, year, _ = read_head(bare[: marker.start])
    head, said = split_season(head)
    split = split_title(head.strip(" ._-"), is_canonical=True)
    if is_doubtful(split.head, is_canonical=False) or (not split.title and season is None):
        return None
    season = season if said is None else said
    tail = bare[marker.end :]
    cut = title_ends(tail)
    tags, edition = gather(tokens_of(tail[cut:]), tail)
    return NameInfo(
        kind="episode",
        title=split.title,
        alt_titles=split.aliases,
        year=year,
        season=season,
        episodes=marker.episodes,
        possible=marker.possible,
        episode_title=written(tail[:cut]).strip("-[( "),
        edition=edition,
        part=marker.part,
        version=marker.version,
        tags=tags,
        absolute=season is None,
        source="strict",
    )


def _number_title(stem: str, folders: Sequence[str]) -> NameInfo | None:
    """A name that is a number and tags: the title is the number ("1917.1080p", "300"), the kind is not said."""
    found = _NUMBER_TITLE.match(stem)
    if not found:
        return None
    rest = tokens_of(stem[found.end() :])
    if any(token.word is None for token in rest[:1]) or (rest and not (rest[0].word and rest[0].loud)):
        return None
    tags, edition = gather(rest, stem)
    near = read_folder(folders[-1]) if folders else None
    if near and near.year and fold(near.title) == found[1]:
        return NameInfo(
            kind="film", title=found[1], year=near.year, tags=tags, edition=edition, strong=True, source="strict"
        )
    return NameInfo(title=found[1], tags=tags, edition=edition, source="strict")


def read_weak(stem: str, folders: Sequence[str]) -> NameInfo | None:
    """The reading of a name by bare numbers, None when there is none. Never strong for an episode."""
    season = next((s for s in map(season_of_folder, reversed(folders[-2:])) if s is not None), None)
    if season is not None:
        info = _in_season(stem, season, folders)
        if info:
            return info
    return _dashed(stem, season) or _counted(stem, season) or _number_title(stem, folders)
