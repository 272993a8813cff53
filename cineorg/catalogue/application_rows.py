"""The application's own rows: films, series, episodes. Reading them, and adding those that a scan registers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from ..clock import now_text
from ..names.work import make_ids
from ..paths import is_valid_text, to_bytes
from .column_values import number_value, optional_text, text_value
from .registration import EpisodeRow, Registration, TitleRow


def sql_path(path: str) -> str | bytes:
    """Return a path as the application's TEXT columns hold it: text, or its bytes when they are not UTF-8."""
    return path if is_valid_text(path) else to_bytes(path)


def load_titles(connection: sqlite3.Connection, table: str) -> list[TitleRow]:
    """Return every row of `movies` or `series`, by id."""
    kind = "tmdb" if table == "movies" else "tvdb"
    rows = connection.execute(f"SELECT id, title, original_title, year, {kind}_id, imdb_id FROM {table} ORDER BY id")
    return [
        TitleRow(
            row_id,
            text_value(title),
            optional_text(original),
            number_value(year),
            make_ids(**{kind: known, "imdb": imdb}),
        )
        for row_id, title, original, year, known, imdb in rows
    ]


def load_episodes(connection: sqlite3.Connection) -> dict[tuple[int, int, int], EpisodeRow]:
    """Return every episode by (series id, season, episode); of rows that repeat, the first with a file."""
    rows = connection.execute(
        "SELECT series_id, season_number, episode_number, id, coalesce(file_path, '') <> '' AS has_file"
        " FROM episodes ORDER BY has_file, id DESC"
    )
    found: dict[tuple[int, int, int], EpisodeRow] = {}
    for series, season, episode, row_id, has_file in rows:
        numbers = number_value(season), number_value(episode)
        if numbers[0] is not None and numbers[1] is not None:
            found[series, numbers[0], numbers[1]] = EpisodeRow(row_id, bool(has_file))
    return found


def insert_registration(
    connection: sqlite3.Connection, registration: Registration, size_bytes: Callable[[str], int | None]
) -> None:
    """Add the rows of a registration; nothing that is there is overwritten."""
    now = now_text()
    connection.executemany(
        "INSERT INTO movies (title, year, file_path, file_size_bytes, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (film.title, film.year, sql_path(film.file_path), size_bytes(film.file_path), now, now)
            for film in registration.films
        ),
    )
    new_ids = [
        connection.execute(
            "INSERT INTO series (title, year, created_at, updated_at) VALUES (?, ?, ?, ?)", (title, year, now, now)
        ).lastrowid
        for title, year in registration.series
    ]
    connection.executemany(
        "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path, file_size_bytes,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                new_ids[item.series] if item.is_new else item.series,
                item.season,
                item.episode,
                item.title,
                sql_path(item.file_path),
                size_bytes(item.file_path),
                now,
                now,
            )
            for item in registration.episodes
        ),
    )
    connection.executemany(
        "UPDATE episodes SET file_path = ?, file_size_bytes = coalesce(file_size_bytes, ?), updated_at = ?"
        " WHERE id = ? AND coalesce(file_path, '') = ''",
        ((sql_path(path), size_bytes(path), now, row_id) for row_id, path in registration.filled),
    )
