"""The application's films and episodes with their files, as planners see them."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from .column_values import number_value, optional_text, text_value


class FilmRow(NamedTuple):
    """A row of `movies`; `file_path` as it stands there: None, or perhaps empty, when no file is known."""

    id: int
    title: str
    original_title: str | None
    year: int | None
    file_path: str | None


class EpisodeFile(NamedTuple):
    """A row of `episodes` that names a file."""

    id: int
    series_id: int
    season: int
    episode: int
    file_path: str


def load_films(connection: sqlite3.Connection) -> list[FilmRow]:
    """Return every row of `movies`, by id."""
    rows = connection.execute("SELECT id, title, original_title, year, file_path FROM movies ORDER BY id")
    return [
        FilmRow(number, text_value(title), optional_text(original), number_value(year), optional_text(path))
        for number, title, original, year, path in rows
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
