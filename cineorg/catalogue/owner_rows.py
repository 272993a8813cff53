"""The owners of stored files: films and series with titles, years and genres."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator

from ..names.titles import fold
from ..names.work import make_ids
from .column_values import number_value, text_value
from .owners import OwnedFile, Owner, Owners

_FILMS = (
    "SELECT file_path, id, title, original_title, year, genres_json FROM movies"
    " WHERE coalesce(file_path, '') <> '' ORDER BY id"
)
_SERIES = "SELECT id, title, original_title, year, genres_json FROM series ORDER BY id"
_EPISODES = (
    "SELECT file_path, id, series_id, season_number FROM episodes WHERE coalesce(file_path, '') <> '' ORDER BY id"
)


def load_owners(connection: sqlite3.Connection, canonical: Callable[[str], str] = lambda path: path) -> Owners:
    """Return the owner of each file that a row of `movies` or `episodes` names.

    `canonical(path)` spells a path as the roots were given.
    """
    linked = connection.execute("SELECT symlink_path FROM video_files WHERE coalesce(symlink_path, '') <> ''")
    return Owners(_files(connection, canonical), (canonical(text_value(path)) for (path,) in linked))


def load_titled_owners(
    connection: sqlite3.Connection,
) -> tuple[list[Owner], dict[tuple[bool, int], tuple[tuple[str, str], ...]]]:
    """Return every film and series, and by (is a film, id) the ids that other catalogues know them by."""
    genres, owners = _Genres(), []
    ids: dict[tuple[bool, int], tuple[tuple[str, str], ...]] = {}
    for table, kind in (("movies", "tmdb"), ("series", "tvdb")):
        is_film = table == "movies"
        for row_id, title, original, year, words, number, imdb in connection.execute(
            f"SELECT id, title, original_title, year, genres_json, {kind}_id, imdb_id FROM {table} ORDER BY id"
        ):
            owner = Owner(
                is_film, row_id, text_value(title), text_value(original), number_value(year), genres.read(words)
            )
            if owner.title:
                owners.append(owner)
                ids[is_film, row_id] = make_ids(**{kind: number, "imdb": imdb})
    return owners, ids


def _files(connection: sqlite3.Connection, canonical: Callable[[str], str]) -> Iterator[OwnedFile]:
    genres = _Genres()
    for path, row_id, title, original, year, words in connection.execute(_FILMS):
        owner = Owner(True, row_id, text_value(title), text_value(original), number_value(year), genres.read(words))
        yield OwnedFile("movies", row_id, canonical(text_value(path)), owner)
    series = {
        row_id: Owner(False, row_id, text_value(title), text_value(original), number_value(year), genres.read(words))
        for row_id, title, original, year, words in connection.execute(_SERIES)
    }
    for path, row_id, series_id, season in connection.execute(_EPISODES):
        if series_id in series:
            yield OwnedFile("episodes", row_id, canonical(text_value(path)), series[series_id], season)


class _Genres:
    """Reads lists of genres; a library has few different ones."""

    def __init__(self) -> None:
        self._known: dict[object, tuple[str, ...] | None] = {}

    def read(self, words: object) -> tuple[str, ...] | None:
        """Return the folded genres of a JSON list; None for what is none."""
        if words not in self._known:
            self._known[words] = _read_genres(words)
        return self._known[words]


def _read_genres(words: object) -> tuple[str, ...] | None:
    try:
        genres = json.loads(text_value(words))
    except (ValueError, RecursionError):
        return None
    if not isinstance(genres, list) or not all(isinstance(genre, str) for genre in genres):
        return None
    return tuple(dict.fromkeys(fold(genre) for genre in genres if genre.strip()))
