"""The output format `sqlite`: a report as one database file, rows to page and search, and both documents in it.

The writer is handed what every format is handed and passes it on to the JSON and the TSV writer of cineorg itself:
the two documents in the file are what `--json` and `--tsv` would have written of the same run, byte for byte. Like
JSON it writes nothing before the end, so that a command that fails leaves no half file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import sqlite3

    from cineorg.plugin import ReportShape, Writer

SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE rows (
    id INTEGER PRIMARY KEY, category TEXT NOT NULL, path TEXT NOT NULL, row TEXT NOT NULL, searched TEXT NOT NULL,
    size_bytes INTEGER);
CREATE TABLE categories (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, rows INTEGER, size_bytes INTEGER);
CREATE TABLE report (frame TEXT NOT NULL);
CREATE TABLE documents (name TEXT PRIMARY KEY, content BLOB NOT NULL);
"""
_BATCH = 5000
_CHUNK_BYTES = 1 << 20


class SqliteFormat:
    """One SQLite database."""

    name = "sqlite"
    help = "a SQLite database of the report, to be written to a file"

    def open(self, out: BinaryIO, shape: ReportShape) -> Writer:
        if out.isatty():
            raise ValueError("a database is nothing for a terminal; write it to a file with > FILE")
        return SqliteWriter(out, shape)


class SqliteWriter:
    """Fills a database in a temporary folder, and copies it out when it is whole."""

    def __init__(self, out: BinaryIO, shape: ReportShape) -> None:
        # Only who asks for this format pays for these imports; the plugin itself is loaded by every `--help`.
        import sqlite3
        from collections import Counter
        from tempfile import TemporaryDirectory

        from cineorg.plugin import JsonFormat, TsvFormat

        self._out, self._shape = out, shape
        self._folder = TemporaryDirectory(prefix="cineorg-")
        self._database = sqlite3.connect(self._place("report.sqlite"), isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")  # of a file that nobody has seen there is nothing to save
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.executescript(f"{_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; BEGIN;")
        self._files = {name: open(self._place(name), "w+b") for name in ("json", "tsv")}  # noqa: SIM115
        self._writers: list[Writer] = [
            JsonFormat().open(self._files["json"], shape),
            TsvFormat().open(self._files["tsv"], shape),
        ]
        self._counts: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()
        self._waiting: list[tuple[str, str, str, str, int | None]] = []

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        from cineorg.plugin import category, encode, json_fields

        from .searching import searched_text

        for writer in self._writers:
            writer.row(name, row)
        kind, fields = category(name, row), json_fields(row)
        self._counts[kind] += 1
        size = fields.get("size")
        size = size if isinstance(size, int) and not isinstance(size, bool) else None
        self._sizes[kind] += size or 0
        text = encode(fields).decode()
        self._waiting.append((kind, str(fields.get("path", "")), text, searched_text(fields), size))
        if len(self._waiting) >= _BATCH:
            self._store()

    def finish(self, document: Mapping[str, Any]) -> None:
        import shutil

        from cineorg.plugin import encode, json_fields, readable

        self._store()
        self._database.execute("CREATE INDEX rows_category ON rows (category, id)")
        self._database.execute("CREATE INDEX rows_size ON rows (category, size_bytes DESC, id)")
        titles = dict(self._shape.titles) | {name: name for name in self._counts if name not in self._shape.titles}
        self._database.executemany(
            "INSERT INTO categories (name, title, rows, size_bytes) VALUES (?, ?, ?, ?)",
            ((name, readable(title), self._counts[name], self._sizes[name]) for name, title in titles.items()),
        )
        frame = {key: value for key, value in document.items() if key not in self._shape.lists}
        self._database.execute("INSERT INTO report VALUES (?)", [encode(json_fields(frame)).decode()])
        for writer in self._writers:
            writer.finish(document)
        for name, file in self._files.items():
            with file:
                store_document(self._database, name, file)
        self._database.execute("COMMIT")
        self._database.close()
        with open(self._place("report.sqlite"), "rb") as database:
            shutil.copyfileobj(database, self._out, _CHUNK_BYTES)
        self._folder.cleanup()

    def _place(self, name: str) -> str:
        return os.path.join(self._folder.name, name)

    def _store(self) -> None:
        self._database.executemany(
            "INSERT INTO rows (category, path, row, searched, size_bytes) VALUES (?, ?, ?, ?, ?)", self._waiting
        )
        self._waiting.clear()


def store_document(database: sqlite3.Connection, name: str, file: BinaryIO) -> None:
    """Copy a file into `documents` piece by piece: it may be larger than what one wants in memory."""
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    added = database.execute("INSERT INTO documents VALUES (?, zeroblob(?))", (name, size_bytes))
    with database.blobopen("documents", "content", added.lastrowid or 0) as blob:
        while chunk := file.read(_CHUNK_BYTES):
            blob.write(chunk)
