"""The application's own rows: films, series, episodes. Reading them, and adding those that a scan registers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from ..clock import now_text
from ..names.work import make_ids
from ..paths import is_valid_text, to_bytes, to_text
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
            _words(title) or "",
            _words(original),
            year if isinstance(year, int) else None,
            make_ids(**{kind: known, "imdb": imdb}),
        )
        for row_id, title, original, year, known, imdb in rows
    ]


def _words(value: object) -> str | None:
    """Return a title as text: a column of SQLite holds whatever another program put into it."""
    if isinstance(value, bytes):
        return to_text(value)
    return None if value is None else str(value)


def load_episodes(connection: sqlite3.Connection) -> dict[tuple[int, int, int], EpisodeRow]:
    """Return every episode by (series id, season, episode); of rows that repeat, the first with a file."""
    rows = connection.execute(
        "SELECT series_id, season_number, episode_number, id, coalesce(file_path, '') <> '' AS has_file"
        " FROM episodes ORDER BY has_file, id DESC"
    )
    return {(series, season, episode): EpisodeRow(row_id, bool(has)) for series, season, episode, row_id, has in rows}


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
