"""The application's rows of the demo library."""

from __future__ import annotations

import json
import os
import sqlite3

from ..catalogue.application_rows import sql_path
from .building import Builder, FilmRow
from .titles import SERIES

_ADDED_AT = "2020-01-01 12:00:00.000000"
_OLD_ROWS = 17  # the application fills video_files for a few films only


def insert_rows(connection: sqlite3.Connection, builder: Builder) -> None:
    """Fill the application's tables as the application would have."""
    never_there = os.path.join(builder.storage, "Films", "Le.Bal.des.ombres.1912.DVDRip.avi")
    builder.fault("ghost_entry", never_there, "the row of a film whose file nobody has seen")
    builder.rows.append(FilmRow("Le Bal des ombres", None, 1912, "Drame", never_there))
    connection.executemany(
        "INSERT INTO movies (title, original_title, year, genres_json, file_path, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row.title,
                row.original_title,
                row.year,
                json.dumps([row.genre], ensure_ascii=False),
                sql_path(row.file_path) if row.file_path else None,
                _ADDED_AT,
                _ADDED_AT,
            )
            for row in builder.rows
        ),
    )
    genres = {"Mangas": ["Anime"], "Animation": ["Animation"], "Séries TV": ["Drame"]}
    connection.executemany(
        "INSERT INTO series (title, year, genres_json, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        ((series.title, series.year, json.dumps(genres[series.folder]), _ADDED_AT, _ADDED_AT) for series in SERIES),
    )
    shown = [(builder.links[title], builder.stored[title]) for title in sorted(builder.links)[:_OLD_ROWS]]
    connection.executemany(
        "INSERT INTO video_files (path, symlink_path, filename, size_bytes, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (*map(sql_path, (stored, link, os.path.basename(stored))), os.path.getsize(stored), _ADDED_AT, _ADDED_AT)
            for link, stored in shown
        ),
    )
