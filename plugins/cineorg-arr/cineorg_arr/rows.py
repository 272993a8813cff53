"""What the catalogue's rows say of the films and series that broken links meant; reading only."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cineorg.plugin import (
    LOOSE,
    SAME_TITLE,
    Work,
    WorkIndex,
    closest,
    open_catalogue,
    table_names,
    to_text,
)

FILM, EPISODE = "film", "episode"
Ids = frozenset[tuple[str, str]]


class Title(NamedTuple):
    """A row of `movies` or `series`; `ids` are pairs such as ("tmdb", "348")."""

    kind: str
    id: int
    title: str
    original_title: str | None
    year: int | None
    ids: Ids

    def is_called(self, title: str) -> bool:
        """Return whether this is its title or its original title."""
        return closest((title,), self.titles)[0] in (SAME_TITLE, LOOSE)

    @property
    def titles(self) -> tuple[str, ...]:
        """Its title and its original title."""
        return tuple(title for title in (self.title, self.original_title) if title)


@dataclass(frozen=True, slots=True)
class Named:
    """What the rows that name one file say: of which film or series it is, and which episodes (season, number)."""

    title: Title
    episodes: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Rows:
    """Films and series by title, and what the rows say that a file is; a file of several things has several."""

    titles: list[Title] = field(default_factory=list)
    by_file: dict[str, list[Named]] = field(default_factory=dict)
    _index: WorkIndex[Title] = field(default_factory=WorkIndex)

    def __post_init__(self) -> None:
        for row in self.titles:
            self._index.add(row, Work(titles=row.titles))

    def called(self, kind: str, titles: Iterable[str], year: int | None) -> list[Title]:
        """Return the rows of any of these titles: of this year or, without one, of every year."""
        found = {
            row.id: row
            for text in titles
            for row, _ in self._index.named((text,))
            if row.kind == kind and row.is_called(text) and year in (None, row.year)
        }
        return [found[number] for number in sorted(found)]


def load_rows(db: str, files: Collection[str]) -> Rows:
    """Return what the catalogue at `db` knows of titles and of these files (absolute paths); nothing without one."""
    if not os.path.exists(db):
        return Rows()
    with open_catalogue(db) as connection:
        if not {"movies", "series", "episodes"} <= table_names(connection):
            return Rows()
        return _load(connection, frozenset(files))


def _load(connection: sqlite3.Connection, files: frozenset[str]) -> Rows:
    by_file: dict[str, list[Named]] = defaultdict(list)
    titles = []
    for *row, path in connection.execute(
        "SELECT id, title, original_title, year, tmdb_id, NULL, imdb_id, file_path FROM movies ORDER BY id"
    ):
        titles.append(_title(FILM, row))
        if path and (file := _path(path)) in files:
            by_file[file].append(Named(titles[-1]))
    rows = connection.execute("SELECT id, title, original_title, year, NULL, tvdb_id, imdb_id FROM series ORDER BY id")
    series = {row[0]: _title(EPISODE, row) for row in rows}
    held: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for number, season, episode, path in connection.execute(
        "SELECT series_id, season_number, episode_number, file_path FROM episodes WHERE coalesce(file_path, '') <> ''"
        " ORDER BY series_id, season_number, episode_number"
    ):
        if number in series and (file := _path(path)) in files:
            held[file, number].append((season, episode))
    for (file, number), episodes in held.items():
        by_file[file].append(Named(series[number], tuple(dict.fromkeys(episodes))))
    return Rows([*titles, *series.values()], dict(by_file))


def _title(kind: str, row: Sequence[Any]) -> Title:
    number, title, original, year, tmdb, tvdb, imdb = row
    ids = make_ids(tmdb=tmdb, tvdb=tvdb, imdb=imdb)
    return Title(kind, number, _words(title), _words(original) or None, _year(year), ids)


def make_ids(**values: object) -> Ids:
    """Return ids as pairs of kind and value in one spelling; what is empty, zero or no id is left out."""
    found = set()
    for kind, value in values.items():
        text = str(value or "").strip().lower()
        if text.strip("0") and (text.startswith("tt") if kind == "imdb" else text.isascii() and text.isdigit()):
            found.add((kind, text))
    return frozenset(found)


def _path(value: str | bytes) -> str:
    return to_text(value) if isinstance(value, bytes) else value


def _words(value: object) -> str:
    return to_text(value) if isinstance(value, bytes) else str(value or "")


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and value else None
