"""The works of the catalogue by what a name says: which row is this film, or this episode?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..names import NameInfo
from ..names.work import EPISODE, FILM, work_of
from ..names.work_index import WorkIndex
from .column_values import number_value, text_value
from .owner_rows import load_titled_owners
from .owners import Owner


class EpisodeRecord(NamedTuple):
    """A row of `episodes`; `file_path` is "" where none is named."""

    id: int
    title: str
    file_path: str


class FilmRecord(NamedTuple):
    """A row of `movies`: who it is, and the file that it names, "" for none."""

    owner: Owner
    file_path: str


class Match(NamedTuple):
    """The row that a name means: `owner` is the film, or the series of the episodes, whose rows are `episodes`."""

    owner: Owner
    file_path: str = ""
    episodes: tuple[EpisodeRecord, ...] = ()

    def row(self) -> tuple[str, int] | None:
        """Return table and id of the film or the first episode; None for an episode that has no row."""
        if self.owner.is_film:
            return "movies", self.owner.id
        return ("episodes", self.episodes[0].id) if self.episodes else None


class KnownWorks:
    """All films and series, found by names through `names.work_index`: only the one row that is *same* counts."""

    def __init__(
        self,
        films: Iterable[FilmRecord],
        series: Iterable[Owner],
        episodes: Mapping[tuple[int, int, int], EpisodeRecord],
        ids: Mapping[tuple[bool, int], Sequence[tuple[str, str]]],
    ) -> None:
        self._films = {film.owner.id: film for film in films}
        self._series = {owner.id: owner for owner in series}
        self._episodes = episodes
        works = ((owner, ids.get((owner.is_film, owner.id), ())) for owner in self._owners())
        self._film_index: WorkIndex[int] = WorkIndex()
        self._series_index: WorkIndex[int] = WorkIndex()
        for owner, own_ids in works:
            kind, index = (FILM, self._film_index) if owner.is_film else (EPISODE, self._series_index)
            info = NameInfo(kind=kind, title=owner.title, year=owner.year, strong=True)
            index.add(owner.id, work_of(info, owner.titles, own_ids))

    def _owners(self) -> list[Owner]:
        return [*(film.owner for film in self._films.values()), *self._series.values()]

    def find(self, info: NameInfo) -> Match | None:
        """Return the row of what a strong reading says, None where no row, or more than one, is it."""
        if not info.strong:
            return None
        if info.kind == FILM:
            same = self._film_index.find(work_of(info)).same
            film = self._films[same[0]] if len(same) == 1 else None
            return Match(film.owner, film.file_path) if film else None
        same = self._series_index.find(work_of(info)).same if info.kind == EPISODE else []
        if len(same) != 1 or info.season is None:
            return None
        rows = [self._episodes.get((same[0], info.season, number)) for number in info.episodes]
        found = tuple(row for row in rows if row is not None)
        path = next((row.file_path for row in found if row.file_path), "")
        return Match(self._series[same[0]], path, found)


def load_known_works(connection: sqlite3.Connection) -> KnownWorks:
    """Return the works of a catalogue; odd rows are passed over."""
    owners, ids = load_titled_owners(connection)
    paths = {row_id: text_value(path) for row_id, path in connection.execute("SELECT id, file_path FROM movies")}
    films = [FilmRecord(owner, paths.get(owner.id, "")) for owner in owners if owner.is_film]
    episodes: dict[tuple[int, int, int], EpisodeRecord] = {}
    for row_id, series, season, episode, title, path in connection.execute(
        "SELECT id, series_id, season_number, episode_number, title, file_path FROM episodes ORDER BY id DESC"
    ):
        numbers = number_value(season), number_value(episode)
        if numbers[0] is not None and numbers[1] is not None:
            episodes[series, numbers[0], numbers[1]] = EpisodeRecord(row_id, text_value(title), text_value(path))
    return KnownWorks(films, [owner for owner in owners if not owner.is_film], episodes, ids)
