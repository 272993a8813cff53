"""The application's films and episodes with their files, as planners see them."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from ..names.work import FILM, Ids, Work, make_ids
from .column_values import number_value, optional_text, text_value
from .file_moves import KnownRow

_KNOWN_ROWS = (
    "SELECT 'movies', id, title, original_title, year, NULL, NULL, file_path FROM movies"
    " WHERE coalesce(file_path, '') <> '' UNION ALL"
    " SELECT 'episodes', episodes.id, series.title, series.original_title, series.year, season_number, episode_number,"
    " file_path FROM episodes JOIN series ON series.id = series_id WHERE coalesce(file_path, '') <> ''"
)


class FilmRow(NamedTuple):
    """A row of `movies`; `file_path` as it stands there: None, or perhaps empty, when no file is known."""

    id: int
    title: str
    original_title: str | None
    year: int | None
    file_path: str | None
    ids: Ids = ()

    @property
    def words(self) -> str:
        """The row for people: its id, title and year."""
        return f"{self.id} “{self.title}” ({self.year or 'no year'})"

    def work(self) -> Work:
        """Return the film that the row is."""
        titles = dict.fromkeys(title for title in (self.title, self.original_title) if title)
        return Work(FILM, tuple(titles), self.year, ids=self.ids)


class EpisodeFile(NamedTuple):
    """A row of `episodes` that names a file."""

    id: int
    series_id: int
    season: int
    episode: int
    file_path: str


def load_films(connection: sqlite3.Connection) -> list[FilmRow]:
    """Return every row of `movies`, by id."""
    rows = connection.execute(
        "SELECT id, title, original_title, year, file_path, tmdb_id, imdb_id FROM movies ORDER BY id"
    )
    return [
        FilmRow(
            row_id,
            text_value(title),
            optional_text(original),
            number_value(year),
            optional_text(path),
            make_ids(tmdb=tmdb, imdb=imdb),
        )
        for row_id, title, original, year, path, tmdb, imdb in rows
    ]


def load_episode_files(connection: sqlite3.Connection) -> list[EpisodeFile]:
    """Return the rows of `episodes` that have numbers and name a file, by id."""
    rows = connection.execute(
        "SELECT id, series_id, season_number, episode_number, file_path FROM episodes"
        " WHERE coalesce(file_path, '') <> '' ORDER BY id"
    )
    files = []
    for number, series, season, episode, path in rows:
        numbers = number_value(season), number_value(episode)
        if numbers[0] is not None and numbers[1] is not None:
            files.append(EpisodeFile(number, series, numbers[0], numbers[1], text_value(path)))
    return files


def load_known_rows(connection: sqlite3.Connection) -> list[KnownRow]:
    """Return every row that names a file with what it says that the file is."""
    return [_known_row(row) for row in connection.execute(_KNOWN_ROWS)]


def _known_row(row: tuple[Any, ...]) -> KnownRow:
    table, row_id, title, original, year, season, episode, path = row
    return KnownRow(
        table,
        row_id,
        text_value(title),
        optional_text(original),
        number_value(year),
        number_value(season),
        number_value(episode),
        text_value(path),
    )
