"""The application's own rows: films, series, episodes. Reading them, and adding those that a scan registers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..clock import now_text
from ..errors import CatalogueError
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
    stamps = {"created_at": now, "updated_at": now}
    films, series, episodes = (_Inserter(connection, table) for table in ("movies", "series", "episodes"))
    for film in registration.films:
        path = film.file_path
        size = size_bytes(path)
        films.add(
            {"title": film.title, "year": film.year, "file_path": sql_path(path), "file_size_bytes": size} | stamps
        )
    new_ids = [series.add({"title": title, "year": year} | stamps) for title, year in registration.series]
    for item in registration.episodes:
        episodes.add(
            {
                "series_id": new_ids[item.series] if item.is_new else item.series,
                "season_number": item.season,
                "episode_number": item.episode,
                "title": item.title,
                "file_path": sql_path(item.file_path),
                "file_size_bytes": size_bytes(item.file_path),
            }
            | stamps
        )
    connection.executemany(
        "UPDATE episodes SET file_path = ?, file_size_bytes = coalesce(file_size_bytes, ?), updated_at = ?"
        " WHERE id = ? AND coalesce(file_path, '') = ''",
        ((sql_path(path), size_bytes(path), now, row_id) for row_id, path in registration.filled),
    )


def add_rows(connection: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows to a table of the application."""
    inserter = _Inserter(connection, table)
    for row in rows:
        inserter.add(row)


class _Inserter:
    """Adds rows to a table of the application, whose newest columns may be required without having a default."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection, self._table = connection, table
        self._known, self._required = _columns(connection, table)

    def add(self, values: Mapping[str, Any]) -> int:
        """Add a row and return its id; a required column that nobody fills gets the empty value of its type."""
        row = {name: value for name, value in values.items() if name in self._known}
        row = {name: empty for name, empty in self._required.items() if row.get(name) is None} | row
        names, marks = ", ".join(map(_quoted, row)), ", ".join("?" * len(row))
        statement = f"INSERT INTO {self._table} ({names}) VALUES ({marks})"
        try:
            return int(self._connection.execute(statement, tuple(row.values())).lastrowid or 0)
        except sqlite3.IntegrityError as error:
            raise CatalogueError(
                f"the table {self._table} takes no new rows ({error}); nothing was changed;"
                " leave registering out with --no-register"
            ) from None


def _columns(connection: sqlite3.Connection, table: str) -> tuple[set[str], dict[str, str | int | float | bytes]]:
    """Return the columns of a table, and those that must have a value and have no default, each with an empty value.

    The empty value follows the type's affinity (sqlite.org/datatype3.html).
    """
    known: set[str] = set()
    required: dict[str, str | int | float | bytes] = {}
    for _, name, kind, is_required, default, is_key in connection.execute(f"PRAGMA table_info({table})"):
        known.add(name)
        if is_required and default is None and not is_key:
            kind = kind.upper()
            is_text = any(word in kind for word in ("CHAR", "CLOB", "TEXT", "DATE", "TIME", "JSON"))
            required[name] = "" if is_text else b"" if "BLOB" in kind or not kind else 0
    return known, required


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
