"""Which series, episodes and films the video tree shows and the catalogue lacks. Pure.

A row that is there is never altered, except that an episode whose `file_path` is empty gets one; filling that of a
film is `link-movies`' work. Names are read by the strict patterns only: what they decline is counted, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..names import NameInfo, is_extra, read_strict
from ..names.work import EPISODE, FILM, Ids, Work, work_of
from ..names.work_index import WorkIndex
from ..paths import is_valid_text


class TitleRow(NamedTuple):
    """A row of `movies` or `series`; `ids` are pairs such as ("tmdb", "348")."""

    id: int
    title: str
    original_title: str | None
    year: int | None
    ids: Ids = ()

    def work(self, kind: str) -> Work:
        """Return the film, or the series, that the row is."""
        titles = dict.fromkeys(title for title in (self.title, self.original_title) if title)
        return Work(kind, tuple(titles), self.year, ids=self.ids)


class EpisodeRow(NamedTuple):
    """A row of `episodes`."""

    id: int
    has_file: bool


class ShownLink(NamedTuple):
    """A healthy link: its path, the folders above it from the video root on, its name, the stored file it reaches."""

    path: str
    folders: tuple[str, ...]
    name: str
    file_path: str


class NewFilm(NamedTuple):
    """A film to register."""

    title: str
    year: int
    file_path: str


class NewEpisode(NamedTuple):
    """An episode to register: `series` is the id of a row, or an index into `Registration.series` (see `is_new`)."""

    series: int
    is_new: bool
    season: int
    episode: int
    title: str
    file_path: str


@dataclass(slots=True)
class Registration:
    """Rows to add, episodes (by id) to give their file, and the links that were not understood."""

    films: list[NewFilm] = field(default_factory=list)
    series: list[tuple[str, int | None]] = field(default_factory=list)
    episodes: list[NewEpisode] = field(default_factory=list)
    filled: list[tuple[int, str]] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)


class Registrar:
    """Collects what the links show; feed it in the order of their paths, so that the same tree gives the same rows."""

    def __init__(
        self,
        movies: Sequence[TitleRow],
        series: Sequence[TitleRow],
        episodes: Mapping[tuple[int, int, int], EpisodeRow],
    ) -> None:
        self.result = Registration()
        self._movies = WorkIndex((row.id, row.work(FILM)) for row in movies)
        self._series = WorkIndex((row.id, row.work(EPISODE)) for row in series)
        self._found: dict[Work, int | None] = {}
        self._episodes = dict(episodes)
        self._planned: set[tuple[int, int, int]] = set()

    def add(self, link: ShownLink, kind: str) -> None:
        """Take in one link; `kind` is "film", "episode" or "" as its first folder says."""
        info = read_strict(link.name, link.folders)
        if info.extra if info else is_extra(link.name, link.folders):
            return
        if info is None or not self._add(info, link, kind):
            self.result.not_understood.append(link.path)

    def _add(self, info: NameInfo, link: ShownLink, kind: str) -> bool:
        if not info.title or info.conflict or (kind and info.kind != kind):
            return False
        if not is_valid_text(info.title):
            return False  # a title is for people, and the application's columns are text
        if info.kind == FILM:
            return info.year is not None and self._add_film(info, info.year, link.file_path)
        if info.kind == EPISODE and info.strong and info.season is not None and info.episodes:
            return self._add_episodes(info, info.season, link.file_path)
        return False

    def _add_film(self, info: NameInfo, year: int, file_path: str) -> bool:
        work = replace(work_of(info), part=None, is_strong=True)  # each piece of a film is that film
        found = self._movies.find(work)
        if not found.same and not found.open:
            self._movies.add(-1 - len(self.result.films), work)
            self.result.films.append(NewFilm(info.title, year, file_path))
        return True

    def _series_of(self, info: NameInfo) -> int | None:
        """Return the one row that is a series, made if none is it or may be; None where several are, or may be.

        A series that is to be made has a negative number until it has an id.
        """
        work = work_of(info).series
        if work not in self._found:
            found = self._series.find(work)
            if not found.same and not found.open:
                number = -1 - len(self.result.series)
                self._series.add(number, work)
                self.result.series.append((info.title, info.year))
                self._found[work] = number
            else:
                self._found[work] = found.same[0] if len(found.same) == 1 else None
        return self._found[work]

    def _add_episodes(self, info: NameInfo, season: int, file_path: str) -> bool:
        series = self._series_of(info)
        if series is None:
            return False
        for episode in info.episodes:
            key = (series, season, episode)
            row = self._episodes.get(key)
            if key in self._planned or (row is not None and row.has_file):
                continue
            self._planned.add(key)
            if row is not None:
                self.result.filled.append((row.id, file_path))
            else:
                named = info.episode_title and is_valid_text(info.episode_title)
                title = info.episode_title if named else f"Episode {episode}"
                number = series if series > 0 else -1 - series
                self.result.episodes.append(NewEpisode(number, series < 0, season, episode, title, file_path))
        return True
