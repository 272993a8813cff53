"""From data to what a template shows: numbers, sizes, paths and commands for people."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cineorg.plugin import shell_word, terminal_text

from .numbers import count_text
from .result import Category, Change, Result
from .trends import line_points
from .watching import Done
from .words import MEANINGS, PREPARING, UNJUDGED

FIRST_ROWS, PAGE_ROWS, PAGE_BYTES = 50, 200, 48_000
# All rows that come with the page: the rest of the page leaves this much of 64 KB to each of the two results.
FIRST_ROWS_BYTES, _ROW_MARKUP_BYTES, _FIELD_MARKUP_BYTES = 16_000, 80, 24
_COLOURS = 7
_COMMAND = re.compile(r"`(cineorg [^`]+)`")
_LONG_WORD, _BREAK = re.compile(r"\S{24}"), re.compile(r"([._])(?=\w)")
_LEFT_OUT = ("type", "path", "details")


@dataclass(frozen=True)
class CategoryView:
    """A category in the page: its rows as far as they come with it; `colour` is a number for the style sheet.

    `gap` says how much was not looked at, "" if all was; `remedy` is the command that looks at the rest, or ""; `line`
    has the corners of the small line of the last reports.
    """

    category: Category
    meaning: str
    colour: int
    is_unjudged: bool
    gap: str
    remedy: str
    change: Change | None
    line: str


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


def category_views(result: Result, trends: Mapping[str, list[int]]) -> list[CategoryView]:
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
            line_points(trends.get(each.name, ())),
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
