"""What the checks and guards ask of the catalogue: every reading statement that they need, by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from ..paths import to_bytes, to_text
from ..trees.mounts import Filesystem
from ..trees.offline import Place
from .acknowledgements import Acknowledgements, load_acknowledgements
from .application_rows import load_titles
from .column_values import number_value, text_value
from .file_moves import KnownRow
from .film_and_episode_rows import load_known_rows
from .known_works import KnownWorks, load_known_works
from .pins import load_pins
from .registration import TitleRow

# A title is a film, or an episode by its numbers; it is sure if all its rows have one and the same duration.
_IS_SURE = """
    min(typeof(duration_seconds) IN ('integer', 'real') AND duration_seconds > 0)
    AND min(duration_seconds) = max(duration_seconds) AS is_sure
"""
_DURATIONS = f"""
    SELECT file_path, sum(seconds), json_group_array(DISTINCT seconds) FROM (
        SELECT 'film' AS kind, file_path, max(duration_seconds) AS seconds, {_IS_SURE} FROM movies
        WHERE coalesce(file_path, '') <> '' GROUP BY file_path
        UNION ALL
        SELECT 'episode', file_path, max(duration_seconds), {_IS_SURE} FROM episodes
        WHERE coalesce(file_path, '') <> '' GROUP BY file_path, series_id, season_number, episode_number
    ) GROUP BY file_path HAVING min(is_sure) AND count(DISTINCT kind) = 1
"""


class FileRow(NamedTuple):
    """A row of `movies` or `episodes` that names a file."""

    table: str
    id: int
    title: str
    file_path: str


class Catalogue:
    """The catalogue as checks see it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._named: set[str] | None = None
        self._works: KnownWorks | None = None

    def last_scan(self) -> str | None:
        """Return when the last scan ended (UTC text), None when there never was one."""
        row = self._connection.execute("SELECT max(finished_at) FROM cineorg_scans").fetchone()
        return str(row[0]) if row[0] is not None else None

    def places(self) -> dict[str, Place]:
        """Return what should be in each root, first-level folder and outside volume, by path.

        That is what the last complete scan left there; links that were removed or moved by us since do not count.
        """
        rows = self._connection.execute(
            "SELECT path, kind, files, mount_point, fstype, source, device FROM cineorg_places"
        )
        return {
            # Below zero: we took away links that only a scan that could not read all has seen since.
            to_text(path): Place(
                to_text(path), kind, max(0, files), Filesystem(to_text(mount_point), fstype, source, device)
            )
            for path, kind, files, mount_point, fstype, source, device in rows
        }

    def file_rows(self) -> Iterator[FileRow]:
        """Yield every row of `movies`, then of `episodes`, that names a file, by id.

        An episode's title is that of its series with its numbers, e.g. `Kaamelott S04E021`.
        """
        movies = "SELECT id, title, file_path FROM movies WHERE file_path IS NOT NULL AND file_path <> '' ORDER BY id"
        for row_id, title, path in self._connection.execute(movies):
            yield FileRow("movies", row_id, text_value(title), text_value(path))
        series = dict(self._connection.execute("SELECT id, title FROM series"))
        episodes = (
            "SELECT id, series_id, season_number, episode_number, file_path FROM episodes"
            " WHERE file_path IS NOT NULL AND file_path <> '' ORDER BY id"
        )
        for row_id, series_id, season, episode, path in self._connection.execute(episodes):
            title = f"{text_value(series.get(series_id)) or '?'} S{_two(season)}E{_two(episode)}"
            yield FileRow("episodes", row_id, title, text_value(path))

    def named_files(self) -> set[str]:
        """Return every path that a row of `movies` or `episodes` names; read once, shared by the checks."""
        if self._named is None:
            self._named = self._read_named()
        return self._named

    def _read_named(self) -> set[str]:
        rows = self._connection.execute(
            "SELECT file_path FROM movies WHERE file_path IS NOT NULL"
            " UNION ALL SELECT file_path FROM episodes WHERE file_path IS NOT NULL"
        )
        named = {text_value(path) for (path,) in rows}
        named.discard("")
        return named

    def works(self) -> KnownWorks:
        """Return the films and series, to be found by what names say; read once."""
        if self._works is None:
            self._works = load_known_works(self._connection)
        return self._works

    def described_rows(self) -> list[KnownRow]:
        """Return every row that names a file with what it says that the file is."""
        return load_known_rows(self._connection)

    def titles(self, table: str) -> list[TitleRow]:
        """Return every row of `movies` or `series`, by id."""
        return load_titles(self._connection, table)

    def pinned_links(self) -> set[str]:
        """Return the links that somebody gave their file by hand."""
        return set(load_pins(self._connection))

    def acknowledged(self) -> Acknowledgements:
        """Return the findings that somebody knows and accepts."""
        return load_acknowledgements(self._connection)

    def durations(self) -> dict[str, tuple[float, ...]]:
        """Return how many seconds each file may last, by its path as rows spell it; the likeliest goes first.

        A file of several episodes lasts as long as all of them, or as any one row says: who reads durations from files
        gives the whole file's to each of its episodes. A file of which a row does not know the duration, or that rows
        contradict each other about, is left out.
        """
        rows = self._connection.execute(_DURATIONS)
        return {text_value(path): tuple(dict.fromkeys((total, *json.loads(single)))) for path, total, single in rows}

    def measured_durations(self) -> dict[str, float]:
        """Return how many seconds files last as somebody measured them (`video_files`), by path."""
        rows = self._connection.execute(
            "SELECT path, duration_seconds FROM video_files"
            " WHERE typeof(duration_seconds) IN ('integer', 'real') AND duration_seconds > 0 ORDER BY id"
        )
        return {text_value(path): float(seconds) for path, seconds in rows}

    def size_bytes(self, path: str) -> int | None:
        """Return the size of a stored file as the last scan saw it, None if it did not."""
        row = self._connection.execute(
            "SELECT size_bytes FROM cineorg_files WHERE path = ? AND missing_since IS NULL", (to_bytes(path),)
        ).fetchone()
        return None if row is None else int(row[0])


def _two(value: object) -> str:
    number = number_value(value)
    return "?" if number is None else f"{number:02}"
