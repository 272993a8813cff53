"""The application's rows of the demo library."""

from __future__ import annotations

import json
import os
import sqlite3

from ..catalogue.application_rows import add_rows, sql_path
from .building import Builder, FilmRow
from .titles import SERIES

_ADDED_AT = "2020-01-01 12:00:00.000000"
_OLD_ROWS = 17  # the application fills video_files for a few films only


def insert_rows(connection: sqlite3.Connection, builder: Builder) -> None:
    """Fill the application's tables as the application would have."""
    never_there = os.path.join(builder.storage, "Films", "Le.Bal.des.ombres.1912.DVDRip.avi")
    builder.fault("ghost_entry", never_there, "the row of a film whose file nobody has seen")
    builder.rows.append(FilmRow("Le Bal des ombres", None, 1912, "Drame", never_there))
    stamps = {"created_at": _ADDED_AT, "updated_at": _ADDED_AT}
    films = (
        {
            "title": row.title,
            "original_title": row.original_title,
            "year": row.year,
            "genres_json": json.dumps([row.genre], ensure_ascii=False),
            "file_path": sql_path(row.file_path) if row.file_path else None,
        }
        for row in builder.rows
    )
    add_rows(connection, "movies", (film | stamps for film in films))
    genres = {"Mangas": ["Anime"], "Animation": ["Animation"], "Séries TV": ["Drame"]}
    series = (
        {"title": each.title, "year": each.year, "genres_json": json.dumps(genres[each.folder])} for each in SERIES
    )
    add_rows(connection, "series", (each | stamps for each in series))
    shown = [(builder.links[title], builder.stored[title]) for title in sorted(builder.links)[:_OLD_ROWS]]
    files = (
        {
            "path": sql_path(stored),
            "symlink_path": sql_path(link),
            "filename": sql_path(os.path.basename(stored)),
            "size_bytes": os.path.getsize(stored),
        }
        for link, stored in shown
    )
    add_rows(connection, "video_files", (file | stamps for file in files))
