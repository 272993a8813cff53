"""One finished analysis: a file of the format `sqlite`, read page by page.

Nothing of it but its frame is in memory; each request opens the file, asks, and closes it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from .searching import like_patterns
from .sqlite_format import SCHEMA_VERSION
from .words import UNJUDGED

_RUN_TABLE = "CREATE TABLE run (finished_at TEXT NOT NULL, seconds REAL NOT NULL, notes TEXT NOT NULL)"
# What the result before had: a kind of which nothing was looked at, in one of the two, is not compared.
_CHANGES = """
CREATE TABLE changes (category TEXT PRIMARY KEY, added INTEGER NOT NULL, gone INTEGER NOT NULL, since TEXT NOT NULL);
CREATE TEMP TABLE known (category TEXT, path TEXT, PRIMARY KEY (category, path)) WITHOUT ROWID;
"""
_CHUNK_BYTES = 1 << 18


class Category(NamedTuple):
    """Rows of one kind: `name` is the kind, `title` its name for people, `size_bytes` of all its files together."""

    name: str
    title: str
    rows: int
    size_bytes: int


class Change(NamedTuple):
    """What a kind has gained and lost since the result before, checked at `since`."""

    added: int
    gone: int
    since: str


ORDERS = {"name": "id", "size": "size_bytes DESC, id"}  # rows are written in the order of their paths


@dataclass(frozen=True)
class Choice:
    """Which rows are wanted: those with all the words, below a folder, new ones alone; "" and False: all."""

    words: str = ""
    folder: str = ""
    only_new: bool = False


ALL = Choice()


class Row(NamedTuple):
    """One row of a report; `id` says where a page ends."""

    id: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """When an analysis ended (UTC, ISO 8601), how long it took, and what it said on stderr besides."""

    finished_at: str
    seconds: float
    notes: list[str]


@dataclass(frozen=True)
class Result:
    """What is known of a result without asking its file; `frame` is the JSON document without its rows."""

    path: str
    frame: dict[str, Any]
    run: Run
    categories: list[Category]
    changes: dict[str, Change]

    @property
    def key(self) -> str:
        """The name of this run, in addresses."""
        return os.path.basename(self.path).removesuffix(".sqlite")

    @property
    def total(self) -> int:
        """How many findings there are; what could not be judged is none."""
        return sum(category.rows for category in self.categories if category.name not in UNJUDGED)

    def rows(
        self, category: str, choice: Choice = ALL, *, order: str = "name", skip: int = 0, limit: int = 50
    ) -> list[Row]:
        """Return rows of a category in one of ORDERS, without the first `skip`."""
        condition, values = _condition(category, choice)
        statement = f"SELECT id, row FROM rows WHERE {condition} ORDER BY {ORDERS[order]} LIMIT ? OFFSET ?"
        with closing(self._open()) as database:
            return [Row(number, json.loads(row)) for number, row in database.execute(statement, [*values, limit, skip])]

    def row(self, number: int) -> Row | None:
        """Return the row with that id."""
        with closing(self._open()) as database:
            found = database.execute("SELECT id, row FROM rows WHERE id = ?", (number,)).fetchone()
            return Row(found[0], json.loads(found[1])) if found else None

    def sums(self, category: str, choice: Choice) -> tuple[int, int]:
        """Return how many rows of a category are wanted, and how many bytes their files have."""
        condition, values = _condition(category, choice)
        statement = f"SELECT count(*), coalesce(sum(size_bytes), 0) FROM rows WHERE {condition}"
        with closing(self._open()) as database:
            number, size_bytes = database.execute(statement, values).fetchone()
            return int(number), int(size_bytes)

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield category and path of every row."""
        with closing(self._open()) as database:
            yield from database.execute("SELECT category, path FROM rows")

    def document(self, name: str) -> tuple[int, Iterator[bytes]]:
        """Return a document's size in bytes, and its content in pieces; `name` is json or tsv."""
        database = self._open()
        number, size_bytes = database.execute(
            "SELECT rowid, length(content) FROM documents WHERE name = ?", [name]
        ).fetchone()

        def pieces() -> Iterator[bytes]:
            with closing(database), database.blobopen("documents", "content", number, readonly=True) as blob:
                while piece := blob.read(_CHUNK_BYTES):
                    yield piece

        return int(size_bytes), pieces()

    def _open(self) -> sqlite3.Connection:
        return open_read_only(self.path)


def open_read_only(path: str) -> sqlite3.Connection:
    """Return a connection that cannot write, usable from any one thread at a time."""
    return sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro", uri=True, check_same_thread=False)


def _condition(category: str, choice: Choice) -> tuple[str, list[Any]]:
    patterns = like_patterns(choice.words)
    parts = ["category = ?", *(r"searched LIKE ? ESCAPE '\'" for _ in patterns)]
    values: list[Any] = [category, *patterns]
    if choice.folder:
        folder = choice.folder.rstrip("/")
        parts.append("(path = ? OR (path > ? AND path < ?))")
        values += [folder or "/", f"{folder}/", f"{folder}0"]  # 0 is what follows the slash
    if choice.only_new:
        parts.append("is_new")
    return " AND ".join(parts), values


def complete_result(path: str, run: Run, previous: Result | None) -> None:
    """Note in a report's file how the run went, and what is new since the one before.

    Raises sqlite3.Error where the file is no whole report.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        frame = json.loads(database.execute("SELECT frame FROM report").fetchone()[0])
        database.execute("BEGIN")
        database.execute(_RUN_TABLE)
        database.execute("INSERT INTO run VALUES (?, ?, ?)", (run.finished_at, run.seconds, json.dumps(run.notes)))
        for statement in (*_CHANGES.split(";\n"), "ALTER TABLE rows ADD COLUMN is_new INTEGER NOT NULL DEFAULT 0"):
            database.execute(statement)
        if previous is not None and previous.frame.get("library") == frame.get("library"):
            _compare(database, previous, _comparable(frame) & _comparable(previous.frame))
        database.execute("COMMIT")


def _comparable(frame: Mapping[str, Any]) -> set[str]:
    """Return the kinds of which something was looked at."""
    return {kind for kind, coverage in frame.get("coverage", {}).items() if coverage["checked"]}


def _compare(database: sqlite3.Connection, previous: Result, kinds: Iterable[str]) -> None:
    """Mark the rows that the previous result lacks, and count per kind what came and went."""
    try:
        known = list(previous.paths())
    except sqlite3.Error:
        return  # it has been damaged since
    database.executemany("INSERT OR IGNORE INTO known VALUES (?, ?)", known)
    for kind in sorted(kinds):
        database.execute(
            "UPDATE rows SET is_new = 1 WHERE category = ? AND NOT EXISTS"
            " (SELECT 1 FROM known WHERE known.category = rows.category AND known.path = rows.path)",
            (kind,),
        )
        database.execute(
            "INSERT INTO changes SELECT ?, (SELECT count(*) FROM rows WHERE category = ? AND is_new),"
            " (SELECT count(*) FROM (SELECT path FROM known WHERE category = ?"
            " EXCEPT SELECT path FROM rows WHERE category = ?)), ?",
            (kind, kind, kind, kind, previous.frame["checked_at"]),
        )


def load_result(path: str) -> Result:
    """Return the result in a file; raises sqlite3.Error or ValueError where that is none, or of another version."""
    with closing(open_read_only(path)) as database:
        if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            raise ValueError(f"{path} was written by another version")
        finished_at, seconds, notes = database.execute("SELECT finished_at, seconds, notes FROM run").fetchone()
        frame = json.loads(database.execute("SELECT frame FROM report").fetchone()[0])
        categories = database.execute("SELECT name, title, rows, size_bytes FROM categories ORDER BY position")
        changes = database.execute("SELECT category, added, gone, since FROM changes")
        return Result(
            path,
            frame,
            Run(finished_at, seconds, json.loads(notes)),
            [Category(name, title[:1].upper() + title[1:], *sums) for name, title, *sums in categories],
            {kind: Change(*row) for kind, *row in changes},
        )
