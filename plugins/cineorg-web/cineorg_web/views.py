"""From data to what a template shows: numbers, sizes, paths and commands for people."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

from cineorg.plugin import relative_to, shell_word, terminal_text

from .numbers import count_text, size_text
from .result import Category, Change, Result, Row
from .watching import Done
from .words import FIELDS, MEANINGS, PREPARING, UNJUDGED

FIRST_ROWS, PAGE_ROWS, PAGE_BYTES = 50, 200, 48_000
# All rows that come with the page: the rest of the page leaves this much of 64 KB to each of the two results.
FIRST_ROWS_BYTES, _ROW_MARKUP_BYTES, _FIELD_MARKUP_BYTES = 16_000, 80, 24
_COLOURS = 7
_COMMAND = re.compile(r"`(cineorg [^`]+)`")
_LONG_WORD, _BREAK = re.compile(r"\S{24}"), re.compile(r"([._])(?=\w)")
_LEFT_OUT = ("type", "path", "details")


class Field(NamedTuple):
    """A field of a row with its name for people."""

    name: str
    value: str


@dataclass(frozen=True)
class RowView:
    """A row in the page: where, what, and its own fields."""

    folder: str
    name: str
    details: str
    fields: list[Field]


@dataclass(frozen=True)
class CategoryView:
    """A category in the page: its rows as far as they come with it; `colour` is a number for the style sheet.

    `gap` says how much was not looked at, "" if all was; `remedy` is the command that looks at the rest, or "".
    """

    category: Category
    meaning: str
    colour: int
    is_unjudged: bool
    gap: str
    remedy: str
    change: Change | None


class BatchView(NamedTuple):
    """A batch with its time (ISO 8601), its counts in words and the command that shows what `undo` would do, or ""."""

    batch: Done
    at: str
    counts: str
    undo: str


@dataclass(frozen=True)
class Segment:
    """A part of the bar that shows how the findings are distributed; in percent of its width."""

    start: float
    width: float
    colour: int


@dataclass(frozen=True)
class RowsView:
    """Some rows of a category; `next` is the address of those that follow, "" at the end."""

    rows: list[RowView]
    shown: int
    found: int
    next: str
    words: str


def breakable(text: str) -> Markup:
    """Return a name as HTML in which a long word without blanks, as release names are, can be broken at its dots."""
    return Markup(_BREAK.sub(r"\1<wbr>", str(escape(text)))) if _LONG_WORD.search(text) else escape(text)


def path_text(path: str) -> Markup:
    """Return a path as HTML that is broken after a slash, if it must be."""
    return Markup("/<wbr>").join(terminal_text(path).split("/"))


def category_views(result: Result) -> list[CategoryView]:
    """Return the categories, those with findings first; a kind that says what could not be judged only if it did."""
    shown = [each for each in result.categories if each.rows or each.name not in UNJUDGED | PREPARING]
    coverage = result.frame.get("coverage", {})
    shown.sort(key=lambda each: (not each.rows, each.name not in UNJUDGED))
    views, colour = [], 0
    for each in shown:
        is_unjudged = each.name in UNJUDGED
        colour += bool(each.rows) and not is_unjudged
        looked = coverage.get(each.name, {})
        view = CategoryView(
            each,
            MEANINGS.get(each.name, ""),
            (colour - 1) % _COLOURS + 1,
            is_unjudged,
            _gap(looked),
            str(looked.get("command", "")),
            result.changes.get(each.name),
        )
        views.append(view)
    return views


def _gap(looked: Mapping[str, Any]) -> str:
    """Return in words how much of what a kind is about was not looked at, "" if all was, or nobody says."""
    if not looked or 0 < looked["of"] <= looked["checked"]:
        return ""
    if not looked["of"]:
        return "nothing to check"
    if not looked["checked"]:
        return f"not checked: none of {count_text(looked['of'])}"
    return f"{count_text(looked['checked'])} of {count_text(looked['of'])} checked"


def other_notes(result: Result) -> list[str]:
    """Return what an analysis said besides, without the hints that stand with the kinds that they are about."""
    hints = {str(looked.get("command")) for looked in result.frame.get("coverage", {}).values()}
    return [note for note in result.run.notes if not set(commands_in(note)) & hints]


def batch_view(batch: Done, flags: list[str]) -> BatchView:
    """Return a batch of changes as the page shows it."""
    counts = ", ".join(f"{count_text(count)} {state}" for state, count in batch.counts.items())
    undo = "" if batch.undone_by else shell_line(["undo", str(batch.id), "--dry-run", *flags])
    return BatchView(batch, f"{batch.at[:19].replace(' ', 'T')}Z", counts or "nothing", undo)


def segments(views: list[CategoryView]) -> list[Segment]:
    """Return the bar of a result: a segment for each category, none thinner than can be seen."""
    counted = [view for view in views if view.category.rows]
    widths = [max(1.5, 100 * view.category.rows / sum(each.category.rows for each in counted)) for view in counted]
    scale, start, found = 100 / sum(widths) if widths else 1, 0.0, []
    for view, width in zip(counted, widths, strict=True):
        found.append(Segment(round(start, 2), round(width * scale, 2), 0 if view.is_unjudged else view.colour))
        start += width * scale
    return found


def first_rows(result: Result) -> dict[str, RowsView]:
    """Return the rows that come with the page: at most FIRST_ROWS a category, and few where many would be too long."""
    counted = [category for category in result.categories if category.rows]
    found = {}
    for category in counted:
        rows = result.rows(category.name, limit=FIRST_ROWS)
        found[category.name] = _rows_view(result, category, rows, room_bytes=FIRST_ROWS_BYTES // len(counted))
    return found


def later_rows(result: Result, category: Category, words: str, after: int, shown: int) -> RowsView:
    """Return a page of the rows of a category that have all the words; `shown` says how many were shown before."""
    rows = result.rows(category.name, words=words, after=after, limit=PAGE_ROWS if after else FIRST_ROWS)
    if words:
        category = category._replace(rows=result.count(category.name, words))
    return _rows_view(result, category, rows, words=words, shown=shown)


def _rows_view(
    result: Result,
    category: Category,
    rows: list[Row],
    *,
    words: str = "",
    shown: int = 0,
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
    shown += len(views)
    following = ""
    if rows and shown < category.rows:
        after = rows[len(views) - 1].id if views else rows[0].id - 1
        query = {"run": result.key, "category": category.name, "q": words, "after": after, "shown": shown}
        following = f"/{result.frame['command']}/rows?{urlencode(query)}"
    return RowsView(views, shown, category.rows, following, words)


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
    return RowView(terminal_text(f"{folder}/" if folder else ""), terminal_text(name), terminal_text(details), fields)


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


def commands_in(message: str) -> list[str]:
    """Return the cineorg commands that a message tells the reader to run."""
    return list(dict.fromkeys(_COMMAND.findall(message)))


def shell_line(words: list[str]) -> str:
    """Return a cineorg command as one types it."""
    return " ".join(["cineorg", *map(shell_word, words)])


def where_to_run(flags: list[str]) -> str:
    """Return what a shell must have, besides what the commands say themselves, for them to mean this library; or ""."""
    values = [value for value in flags if not value.startswith("--")]
    needs = []
    if any(not os.path.isabs(value) and not value.startswith("sqlite:////") for value in values):
        needs.append(f"in the folder {shlex.quote(terminal_text(os.getcwd()))}")
    names = sorted(name for name in os.environ if name.startswith("CINEORG_") and name != "CINEORG_DEBUG")
    if names:
        needs.append(f"with {', '.join(names)} set as for the server")
    return " and ".join(needs)
