"""What the folders above a file say: a season, a series or a film. They help, they never decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .markers import first_marker
from .tags import take_edition, take_ids, tokens_of
from .text import written, year_of
from .titles import fold

_SEASON = re.compile(
    r"(?:season|saison|staffel|temporada|stagione|seizoen|sezon|säsong|sæson|sesong|сезон)"
    r"[ ._-]{0,3}([0-9]{1,4})(?![^\W_])",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?:s|series[ ._])([0-9]{1,4})(?![^\W_])", re.IGNORECASE)
_ORDINAL = re.compile(
    r"([0-9]{1,2})[.ªºa°]{0,2}[ ._-](?:staffel|temporada|stagione|saison|season)(?![^\W_])", re.IGNORECASE
)
_RANGE = re.compile(r"[ ._]*(?:-|à|to|&|\+)[ ._]*s?[0-9]", re.IGNORECASE)
_SPECIALS = frozenset(
    (
        "specials",
        "special",
        "speciaux",
        "special episodes",
        "episodes speciaux",
        "hors serie",
        "hors series",
        "extras 00",
    )
)
_PACK = re.compile(
    r"[ ._\-\[(]+(?:s([0-9]{1,2})(?![^\W_])"
    r"|(?:season|saison|staffel|temporada|stagione|seizoen)[ ._]{0,2}([0-9]{1,2})(?![^\W_])"
    r"|(?:complete|integrale|intégrale)(?![^\W_]))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[(\[]([0-9]{4})[)\]]")
_BARE_YEAR = re.compile(r"(?<=[ ._-])([0-9]{4})(?=$|[ ._-])")
_GROUP = re.compile(r"(?:\[[^\[\]]{1,40}\][ ._-]*)+(?=[^\s._-])")
# Folders that hold many titles say nothing about one of them.
_GENERIC = frozenset(
    (
        "films", "film", "movies", "movie", "series", "serie", "tv", "tv shows", "tv series", "series tv", "mangas",
        "manga", "anime", "animes", "animation", "documentaires", "videos", "video", "media", "medias", "mnt", "home",
        "downloads", "download", "telechargements", "new", "misc", "divers", "complete", "incomplete", "storage",
        "kids", "enfants", "a voir", "action aventure", "comedie", "drame", "policier", "thriller", "horreur", "sf",
        "fantastique", "historique", "western", "comedie dramatique", "films pour enfants", "volumes", "volume1",
    )
)  # fmt: skip
_SUBDIVISION = re.compile(r"#|[^\W\d_]{1,3}\s*-\s*[^\W\d_]{1,3}|[^\W\d_]|[0-9]-[0-9]")
FILM_ROOTS = frozenset(("films", "film", "movies"))
SERIES_ROOTS = frozenset(("series", "tv", "tv shows", "series tv", "mangas", "anime", "animes"))


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """What one folder's name says; all empty for a folder of many titles."""

    title: str = ""
    year: int | None = None
    season: int | None = None
    ids: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=4096)
def season_of_folder(name: str) -> int | None:
    """The season that a season folder is for ("Saison 01", "S02", "Specials"), None for any other folder.

    Specials are season 0. A folder that begins with a title ("Show.S01.1080p") or holds several seasons is none.
    """
    text = name.strip(" ._-[]")
    if not text or len(text) > 200:
        return None
    if fold(text) in _SPECIALS:
        return 0
    for pattern in (_SEASON, _SHORT, _ORDINAL):
        found = pattern.match(text)
        if found:
            return None if _RANGE.match(text, found.end()) else int(found[1])
    return None


@lru_cache(maxsize=4096)
def read_folder(name: str) -> FolderInfo:
    """Title, year, season and ids of a folder that is for one film or one series."""
    if len(name) > 255:
        return FolderInfo()
    text, ids = take_ids(name)
    text, _ = take_edition(text)
    if fold(text) in _GENERIC or _SUBDIVISION.fullmatch(text.strip()):
        return FolderInfo(ids=ids)
    season = season_of_folder(text)
    if season is not None:
        return FolderInfo(season=season, ids=ids)
    marker = first_marker(text)
    if marker is not None and marker.start > 0:
        text = text[: marker.start]
    group = _GROUP.match(text)
    begin = group.end() if group else 0
    end = len(text)
    year = None
    found = None
    for found in _YEAR.finditer(text, begin + 1):
        year = year_of(found[1])
        end = min(end, found.start())
    pack = _PACK.search(text, begin + 1)
    if pack:
        season = int(pack[1] or pack[2]) if (pack[1] or pack[2]) and not _RANGE.match(text, pack.end()) else None
        end = min(end, pack.start())
    hard = next(
        (token.start for token in tokens_of(text) if token.word and token.word.hard and token.start > begin), None
    )
    if hard is not None:
        end = min(end, hard)
    if year is None:
        for found in _BARE_YEAR.finditer(text, begin + 1, end):
            behind = next(iter(tokens_of(text[found.end() : end])), None)
            if year_of(found[1]) and (behind is None or behind.loud):
                year, end = year_of(found[1]), found.start()
                break
    return FolderInfo(written(text[begin:end]), year, season, ids)


def owner(folders: Sequence[str]) -> FolderInfo:
    """What the nearest folders say together: the season of the season folder, title and year of the one above it."""
    if not folders:
        return FolderInfo()
    season = None
    for name in reversed(folders[-3:]):
        info = read_folder(name)
        if season is None and info.season is not None:
            season = info.season
        if info.title:
            return FolderInfo(info.title, info.year, season, info.ids)
        if info.season is None and info.ids == ():
            break
    return FolderInfo(season=season)


def root_kind(folders: Sequence[str]) -> str:
    """`film` or `episode` when a folder above is one of the well-known roots, else nothing."""
    for name in reversed(folders):
        key = fold(name)
        if key in FILM_ROOTS:
            return "film"
        if key in SERIES_ROOTS:
            return "episode"
    return ""
