"""Which series, episodes and films the video tree shows and the catalogue lacks. Pure.

A row that is there is never altered, except that an episode whose `file_path` is empty gets one; filling that of a
film is `link-movies`' work. Names are read by the strict patterns only: what they decline is counted, not guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..names import NameInfo, is_extra, read_strict
from ..names.titles import fold_without_article
from ..names.work import Ids, Work
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


class TitleIndex:
    """Finds rows by folded title or original title, leading article aside, and year."""

    def __init__(self, rows: Iterable[TitleRow]) -> None:
        self._years: dict[str, dict[int, int | None]] = defaultdict(dict)
        for row in rows:
            for title in {row.title, row.original_title or row.title}:
                self._years[fold_without_article(title)][row.id] = row.year

    def find(self, title: str, year: int | None) -> list[int]:
        """Return the ids of the rows that may be this title: of the same year, else those that say none.

        Without a year, every row of that title.
        """
        known = self._years.get(fold_without_article(title), {})
        if year is None:
            return sorted(known)
        same = sorted(row_id for row_id, row_year in known.items() if row_year == year)
        return same or sorted(row_id for row_id, row_year in known.items() if row_year is None)

    def add(self, row_id: int, title: str, year: int | None) -> None:
        """Take in a row that is about to be made."""
        self._years[fold_without_article(title)][row_id] = year


class Registrar:
    """Collects what the links show; feed it in the order of their paths, so that the same tree gives the same rows."""

    def __init__(
        self,
        movies: Sequence[TitleRow],
        series: Sequence[TitleRow],
        episodes: Mapping[tuple[int, int, int], EpisodeRow],
    ) -> None:
        self.result = Registration()
        self._movies, self._series = TitleIndex(movies), TitleIndex(series)
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
        if info.kind == "film":
            return info.year is not None and self._add_film(info.title, info.year, link.file_path)
        if info.kind == "episode" and info.strong and info.season is not None and info.episodes:
            return self._add_episodes(info, info.season, link.file_path)
        return False

    def _add_film(self, title: str, year: int, file_path: str) -> bool:
        if not self._movies.find(title, year):
            self._movies.add(-1 - len(self.result.films), title, year)
            self.result.films.append(NewFilm(title, year, file_path))
        return True

    def _add_episodes(self, info: NameInfo, season: int, file_path: str) -> bool:
        found = self._series.find(info.title, info.year)
        if len(found) > 1:
            return False
        if found:
            series = found[0]
        else:
            # A series that is to be made has a negative number until it has an id.
            series = -1 - len(self.result.series)
            self._series.add(series, info.title, info.year)
            self.result.series.append((info.title, info.year))
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
