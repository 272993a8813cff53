"""What Radarr and Sonarr list, as plain data; an answer that is not what their API documents is an ArrError. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from .client import ArrError
from .rows import Ids, make_ids

T = TypeVar("T")
_MOST = 2**31 - 1  # of a number in either program
_YEAR_AT_END = re.compile(r"\s*\((?:19|20)\d\d\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A film of Radarr or a series of Sonarr. `titles` holds the alternate ones, too; `file`: the one it has, or ""."""

    id: int
    title: str
    titles: tuple[str, ...]
    year: int | None
    years: frozenset[int]
    ids: Ids
    file: str = ""

    def described(self) -> str:
        """Return it for people."""
        return f"“{_YEAR_AT_END.sub('', self.title)}” ({self.year or 'no year'})"


class Episode(NamedTuple):
    """An episode as Sonarr numbers it; `scene` is its number elsewhere, where that differs."""

    id: int
    season: int
    number: int
    scene: tuple[int, int] | None
    air_date: str
    has_file: bool


def read_films(answer: object) -> list[Entry]:
    """Return the films of `GET /api/v3/movie`."""
    return _read_each(answer, _film)


def _film(row: Mapping[str, Any]) -> Entry:
    others = [item.get("title") for item in _alternates(row)]
    file = row.get("movieFile")
    paths = _texts([file.get("path")]) if isinstance(file, Mapping) else ()
    return Entry(
        id=_number(row, "id"),
        title=_title(row),
        titles=_texts([row.get("title"), row.get("originalTitle"), *others]),
        year=_year(row.get("year")),
        years=frozenset(filter(None, (_year(row.get("year")), _year(row.get("secondaryYear"))))),
        ids=make_ids(tmdb=row.get("tmdbId"), imdb=row.get("imdbId")),
        file=next(iter(paths), "a place it does not name") if row.get("hasFile") is True else "",
    )


def read_series(answer: object) -> list[Entry]:
    """Return the series of `GET /api/v3/series`."""
    return _read_each(answer, _series)


def _series(row: Mapping[str, Any]) -> Entry:
    # A title that is used for one season only may be that of another series.
    general = [item.get("title") for item in _alternates(row) if not _is_of_a_season(item)]
    texts = _texts([row.get("title"), *general])
    year = _year(row.get("year"))
    return Entry(
        id=_number(row, "id"),
        title=_title(row),
        # Of two series of one title Sonarr writes the year behind one.
        titles=tuple(dict.fromkeys([*texts, *(_YEAR_AT_END.sub("", text) for text in texts)])),
        year=year,
        years=frozenset([year] if year else []),
        ids=make_ids(tvdb=row.get("tvdbId"), imdb=row.get("imdbId"), tmdb=row.get("tmdbId")),
    )


def _alternates(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = row.get("alternateTitles")
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


def _is_of_a_season(alternate: Mapping[str, Any]) -> bool:
    return any(alternate.get(name) not in (None, -1) for name in ("seasonNumber", "sceneSeasonNumber"))


def read_episodes(answer: object) -> list[Episode]:
    """Return the episodes of `GET /api/v3/episode?seriesId=`."""
    return _read_each(answer, _episode)


def _episode(row: Mapping[str, Any]) -> Episode:
    return Episode(
        id=_number(row, "id"),
        season=_number(row, "seasonNumber"),
        number=_number(row, "episodeNumber"),
        scene=_scene(row),
        air_date=str(row.get("airDate") or ""),
        has_file=row.get("hasFile") is True,
    )


def _scene(row: Mapping[str, Any]) -> tuple[int, int] | None:
    season, number = row.get("sceneSeasonNumber"), row.get("sceneEpisodeNumber")
    if not isinstance(season, int) or not isinstance(number, int):
        return None
    return (season, number) if (season, number) != (row["seasonNumber"], row["episodeNumber"]) else None


def _read_each(answer: object, read: Callable[[Mapping[str, Any]], T]) -> list[T]:
    """Return what is read of each row; one that cannot be read is left out, if another can."""
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise ArrError("what it answers is no list; does another program run at this address?", is_final=False)
    found, error = [], None
    for row in answer:
        try:
            found.append(read(row))
        except ArrError as odd:
            error = odd
    if error is not None and not found:
        raise error
    return found


def _number(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        message = f"an entry of its list has no {name}; does another program run at this address?"
        raise ArrError(message, is_final=False)
    return value


def _title(row: Mapping[str, Any]) -> str:
    return next(iter(_texts([row.get("title")])), "")


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    # JSON can spell half of a character, which nothing could write or store.
    clean = (value.encode("utf-8", "replace").decode() for value in values if isinstance(value, str) and value)
    return tuple(dict.fromkeys(clean))


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 9999 else None
