"""The schema, as numbered steps that are never edited once released.

The application's own tables are made only where they are missing and never altered; everything of ours is named
`cineorg_…` and stands beside them. Paths of ours are BLOBs: sqlite3 refuses a name that is not UTF-8 as TEXT.
"""

from __future__ import annotations

import sqlite3

from ..clock import now_text
from ..errors import CatalogueError

_APPLICATION_TABLES = frozenset({"movies", "series", "episodes"})

_M001_APPLICATION = """
CREATE TABLE IF NOT EXISTS movies (
    id INTEGER PRIMARY KEY, tmdb_id INTEGER, imdb_id TEXT, title TEXT NOT NULL, original_title TEXT, year INTEGER,
    genres_json TEXT, duration_seconds INTEGER, overview TEXT, poster_path TEXT, file_path TEXT, file_hash TEXT,
    codec_video TEXT, codec_audio TEXT, resolution TEXT, languages_json TEXT, file_size_bytes INTEGER,
    vote_average REAL, vote_count INTEGER, imdb_rating REAL, imdb_votes INTEGER, director TEXT, cast_json TEXT,
    created_at TEXT, updated_at TEXT);
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, tvdb_id INTEGER, imdb_id TEXT, title TEXT NOT NULL, original_title TEXT, year INTEGER,
    genres_json TEXT, overview TEXT, poster_path TEXT, vote_average REAL, vote_count INTEGER, imdb_rating REAL,
    imdb_votes INTEGER, director TEXT, cast_json TEXT, created_at TEXT, updated_at TEXT);
CREATE TABLE IF NOT EXISTS episodes (
    id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL REFERENCES series(id), season_number INTEGER NOT NULL,
    episode_number INTEGER NOT NULL, title TEXT NOT NULL, air_date TEXT, duration_seconds INTEGER, overview TEXT,
    file_path TEXT, file_hash TEXT, codec_video TEXT, codec_audio TEXT, resolution TEXT, languages_json TEXT,
    file_size_bytes INTEGER, created_at TEXT, updated_at TEXT);
CREATE TABLE IF NOT EXISTS video_files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, symlink_path TEXT, filename TEXT NOT NULL, file_hash TEXT,
    size_bytes INTEGER NOT NULL, codec_video TEXT, codec_audio TEXT, resolution_width INTEGER,
    resolution_height INTEGER, duration_seconds INTEGER, languages_json TEXT, created_at TEXT, updated_at TEXT)
"""
# Only for a table of our own making: the application's has such an index already, under whatever name.
_EPISODES_INDEX = "CREATE INDEX ix_episodes_series_season_number ON episodes (series_id, season_number, episode_number)"

# last_seen is NULL while the entry was there at the latest complete look: a scan that finds nothing new writes
# nothing. It is filled, with missing_since, when the entry is first found gone.
_M002_INVENTORY = """
CREATE TABLE cineorg_files (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    device INTEGER, inode INTEGER, oshash TEXT, first_seen TEXT NOT NULL, last_seen TEXT, missing_since TEXT);
CREATE INDEX cineorg_files_identity ON cineorg_files (size_bytes, mtime_ns);
CREATE INDEX cineorg_files_oshash ON cineorg_files (oshash) WHERE oshash IS NOT NULL;
CREATE INDEX cineorg_files_missing ON cineorg_files (missing_since) WHERE missing_since IS NOT NULL;
CREATE TABLE cineorg_links (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, target BLOB NOT NULL, first_seen TEXT NOT NULL,
    last_seen TEXT, missing_since TEXT);
CREATE TABLE cineorg_moves (
    id INTEGER PRIMARY KEY, old_path BLOB NOT NULL, new_path BLOB NOT NULL, size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, evidence TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE INDEX cineorg_moves_old_path ON cineorg_moves (old_path);
CREATE TABLE cineorg_places (
    path BLOB PRIMARY KEY, kind TEXT NOT NULL, files INTEGER NOT NULL, mount_point BLOB NOT NULL,
    fstype TEXT NOT NULL, source TEXT NOT NULL, device INTEGER NOT NULL, scanned_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cineorg_scans (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT NOT NULL, complete INTEGER NOT NULL)
"""

# Of the video root the filesystem is noted, too: with another one mounted there, the disk says nothing about a step
# that a crash left pending. found_json holds what undo needs: targets as written, rows that followed the link.
_M003_JOURNAL = """
CREATE TABLE cineorg_batches (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, undoes INTEGER,
    token TEXT NOT NULL, video_root BLOB NOT NULL, fstype TEXT NOT NULL, source TEXT NOT NULL,
    device INTEGER NOT NULL);
CREATE TABLE cineorg_steps (
    batch INTEGER NOT NULL REFERENCES cineorg_batches(id), position INTEGER NOT NULL, change_json TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', found_json TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (batch, position)) WITHOUT ROWID;
CREATE INDEX cineorg_steps_pending ON cineorg_steps (batch) WHERE state = 'pending';
CREATE TABLE cineorg_pins (path BLOB PRIMARY KEY, target BLOB NOT NULL, pinned_at TEXT NOT NULL) WITHOUT ROWID
"""

_M004_NAMES = """
CREATE TABLE cineorg_names (key BLOB PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID
"""

# What a finding said when somebody accepted it: `points_json` has its target, size and reason.
_M005_ACKNOWLEDGED = """
CREATE TABLE cineorg_acknowledged (
    path BLOB NOT NULL, kind TEXT NOT NULL, points_json TEXT NOT NULL, acknowledged_at TEXT NOT NULL,
    PRIMARY KEY (path, kind)) WITHOUT ROWID
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("m001_application_tables", _M001_APPLICATION),
    ("m002_inventory", _M002_INVENTORY),
    ("m003_journal", _M003_JOURNAL),
    ("m004_names", _M004_NAMES),
    ("m005_acknowledged", _M005_ACKNOWLEDGED),
)


def table_names(connection: sqlite3.Connection) -> set[str]:
    """Return the names of all tables of the database."""
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def applied_migrations(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the steps that the file has had; writes nothing."""
    if "cineorg_migrations" not in table_names(connection):
        return set()
    return {name for (name,) in connection.execute("SELECT name FROM cineorg_migrations")}


def is_current(connection: sqlite3.Connection) -> bool:
    """Return whether every step has been applied, so that our own tables can be read."""
    return applied_migrations(connection) >= {name for name, _ in MIGRATIONS}


def is_of_application(connection: sqlite3.Connection) -> bool:
    """Return whether another application made the tables of films and series, and has rows in them."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    declared = {name: sql.partition("(")[2] for name, sql in rows if name in _APPLICATION_TABLES}
    is_ours = all(text and text in _M001_APPLICATION for text in declared.values())
    return not is_ours and any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("movies", "series")
    )


def check_schema(connection: sqlite3.Connection, path: str) -> None:
    """Raise CatalogueError for a schema that is newer than this version, or that of another program."""
    tables = table_names(connection)
    unknown = applied_migrations(connection) - {name for name, _ in MIGRATIONS}
    if unknown:
        raise CatalogueError(f"{path} was written by a newer cineorg ({max(unknown)}); upgrade cineorg to use it")
    if tables and "cineorg_migrations" not in tables and not tables >= _APPLICATION_TABLES:
        raise CatalogueError(f"{path} is the database of another program; name another file with --db")


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the steps that are missing, inside the caller's transaction."""
    done = applied_migrations(connection)
    pending = [(name, script) for name, script in MIGRATIONS if name not in done]
    if not pending:
        return
    connection.execute(
        "CREATE TABLE IF NOT EXISTS cineorg_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
    )
    had_episodes = "episodes" in table_names(connection)
    for name, script in pending:
        for statement in script.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO cineorg_migrations VALUES (?, ?)", (name, now_text()))
    if not had_episodes:
        connection.execute(_EPISODES_INDEX)
