"""Rows of a report in the page: fifty at a time, as many as there is room for, in the order that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

from cineorg.plugin import decode_b64, relative_to, shell_word, terminal_text

from .numbers import size_text
from .result import ALL, Category, Choice, Result, Row
from .words import FIELDS

PAGE_ROWS, PAGE_BYTES = 50, 48_000
# All rows that come with the page: the rest of the page leaves this much of 64 KB to each of the two results.
FIRST_ROWS_BYTES, _ROW_MARKUP_BYTES, _FIELD_MARKUP_BYTES = 14_000, 110, 24
_LONG_WORD, _BREAK = re.compile(r"\S{24}"), re.compile(r"([._])(?=\w)")
_LEFT_OUT = ("type", "path", "details")
_MOST_TICKED = 200

# What cures the rows of a kind that were ticked: the command, before their paths.
CURES = {
    "broken_symlink": ("repair-links", "--auto"),
    "orphan_file": ("link-orphans",),
    "misplaced_symlink": ("cleanup", "--fix", "--only", "misplaced_symlink"),
    "duplicate_symlink": ("cleanup", "--fix", "--only", "duplicate_symlink"),
    "oversized_dir": ("cleanup", "--fix", "--only", "oversized_dir"),
    "empty_dir": ("cleanup", "--fix", "--only", "empty_dir"),
}


class Field(NamedTuple):
    """A field of a row with its name for people."""

    name: str
    value: str


@dataclass(frozen=True)
class RowView:
    """A row in the page: its number in the report, where, what, and its own fields."""

    id: int
    folder: str
    name: str
    details: str
    fields: list[Field]


@dataclass(frozen=True)
class RowsView:
    """Some rows of a category, `found` in all with so many bytes; `next` is the address of those that follow, or ""."""

    rows: list[RowView]
    shown: int
    found: int
    size_bytes: int
    next: str
    words: str


@dataclass(frozen=True)
class Ticked:
    """What can be done about some rows of a kind: one command, or "" where none cures it; and their paths."""

    count: int
    command: str
    paths: list[str]


def breakable(text: str) -> Markup:
    """Return a name as HTML in which a long word without blanks, as release names are, can be broken at its dots."""
    return Markup(_BREAK.sub(r"\1<wbr>", str(escape(text)))) if _LONG_WORD.search(text) else escape(text)


def path_text(path: str) -> Markup:
    """Return a path as HTML that is broken after a slash, if it must be."""
    return Markup("/<wbr>").join(terminal_text(path).split("/"))


def first_rows(result: Result) -> dict[str, RowsView]:
    """Return the rows that come with the page: at most PAGE_ROWS a category, few where many would be too long."""
    counted = [category for category in result.categories if category.rows]
    found = {}
    for category in counted:
        rows = result.rows(category.name, limit=PAGE_ROWS)
        found[category.name] = _rows_view(result, category, rows, ALL, room_bytes=FIRST_ROWS_BYTES // len(counted))
    return found


def later_rows(result: Result, category: Category, choice: Choice, *, order: str = "name", skip: int = 0) -> RowsView:
    """Return up to PAGE_ROWS of the chosen rows of a category after the first `skip`; the first page is filled up."""
    limit = PAGE_ROWS - skip if skip < PAGE_ROWS else PAGE_ROWS
    rows = result.rows(category.name, choice, order=order, skip=skip, limit=limit)
    if choice != ALL:
        number, size_bytes = result.sums(category.name, choice)
        category = category._replace(rows=number, size_bytes=size_bytes)
    return _rows_view(result, category, rows, choice, order=order, skip=skip)


def _rows_view(
    result: Result,
    category: Category,
    rows: list[Row],
    choice: Choice,
    *,
    order: str = "name",
    skip: int = 0,
    room_bytes: int | None = None,
) -> RowsView:
    """Return as many of the rows as there is room for; without `room_bytes` PAGE_BYTES, but at least one row."""
    room = PAGE_BYTES if room_bytes is None else room_bytes
    views: list[RowView] = []
    for row in rows:
        view = row_view(row, result)
        room -= _length(view)
        if room < 0 and (views or room_bytes is not None):
            break
        views.append(view)
    shown = skip + len(views)
    following = ""
    if rows and shown < category.rows:
        query = {"run": result.key, "category": category.name, "skip": shown}
        query |= {"q": choice.words} if choice.words else {}
        query |= {"below": choice.folder} if choice.folder else {}
        query |= {"new": "1"} if choice.only_new else {}
        query |= {"order": order} if order != "name" else {}
        following = f"/{result.frame['command']}/rows?{urlencode(query)}"
    return RowsView(views, shown, category.rows, category.size_bytes, following, choice.words)


def path_of(row: Row) -> str:
    """Return a row's path as the disk has it."""
    exact = row.fields.get("path_b64")
    return decode_b64(exact) if isinstance(exact, str) else str(row.fields.get("path", ""))


def ticked(result: Result, numbers: list[int], command_line: Callable[[list[str]], str]) -> list[Ticked]:
    """Return, kind by kind, what can be done about some rows of a report; `command_line` makes a command of words."""
    by_kind: dict[str, list[str]] = {}
    for number in numbers[:_MOST_TICKED]:
        if (row := result.row(number)) is not None:
            by_kind.setdefault(str(row.fields.get("type")), []).append(path_of(row))
    return [
        Ticked(
            len(paths),
            command_line([*CURES[kind], *paths]) if kind in CURES else "",
            [terminal_text(shell_word(path)) for path in paths],
        )
        for kind, paths in by_kind.items()
    ]


def row_view(row: Row, result: Result) -> RowView:
    """Return a row ready for the page; nothing in it can steer what shows it."""
    library = result.frame.get("library", {})
    storage = library.get("storage", ())
    # With several roots of stored files only the whole path says which one it is.
    roots = tuple(filter(None, [library.get("video"), *(storage if len(storage) == 1 else ())]))
    path = relative_to(str(row.fields.get("path", "")), roots)
    folder, _, name = path.rpartition("/")
    fields = [
        Field(FIELDS.get(key, key.replace("_", " ")), terminal_text(_value_text(key, value, roots)))
        for key, value in row.fields.items()
        if key not in _LEFT_OUT and not key.endswith("_b64") and value not in (None, "", [], "movies", "episodes")
    ]
    details = str(row.fields.get("details", ""))
    place = terminal_text(f"{folder}/" if folder else "")
    return RowView(row.id, place, terminal_text(name), terminal_text(details), fields)


def _value_text(key: str, value: Any, roots: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and key in ("size", "size_bytes"):
        return size_text(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_value_text("", item, roots) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value_text(name, item, roots)}" for name, item in value.items())
    return relative_to(value, roots) if isinstance(value, str) else str(value)


def _length(view: RowView) -> int:
    """Return how many bytes a row is in the page."""
    texts = [view.folder, breakable(view.name), view.details, *(text for field in view.fields for text in field)]
    markup = _ROW_MARKUP_BYTES + _FIELD_MARKUP_BYTES * len(view.fields)
    return markup + sum(len(escape(text).encode()) for text in texts)
