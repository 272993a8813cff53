"""What a format is told, and what it must be able to do. A plugin's format needs nothing but this file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

Drawing = Callable[[Mapping[str, Any]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class ReportShape:
    """The shape of one command's report.

    `lists` names the row lists of the document in their order, e.g. `("changes", "unresolved")`. `columns`
    are the TSV and CSV columns, the same for a command whatever was found. `roots` are the library's roots: what
    people read shows paths relative to them. `headers` is for TSV and CSV. The rest is for the formats that people
    read: `limit` (rows per category, 0 = all), `newest` (whether these are the last rows rather than the first),
    `verbose` (whether rows that say little are listed one by one, rather than counted), `titles` (a plural per
    category, e.g. "broken links"), `drawings` (lines to print below a row, made of it, per category), `records`
    (categories of one row, shown a field a line), `is_minor` (tells rows that are only counted unless `verbose`, and
    `minor` what they are called), `nothing` (what to say where there are no rows) and `next_commands` (what to type
    next where the document has no suggestions).
    """

    command: str
    lists: tuple[str, ...]
    columns: tuple[str, ...]
    roots: tuple[str, ...]
    headers: bool = True
    limit: int = 50
    titles: Mapping[str, str] = field(default_factory=dict)
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    newest: bool = False
    records: tuple[str, ...] = ()
    verbose: bool = False
    is_minor: Callable[[Mapping[str, Any]], bool] | None = None
    minor: str = ""
    nothing: str = "Nothing found."
    next_commands: tuple[str, ...] = ()


class Writer(Protocol):
    """Takes the rows of one report, then its frame. The stream is never closed, its errors pass through."""

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        """Take one row of the list `name`; strings are in memory form and may hold surrogates."""

    def finish(self, document: Mapping[str, Any]) -> None:
        """End the report; in `document` each of the shape's lists stands as `[]` where its rows belong."""


class Format(Protocol):
    """A way to write reports: `name` is a choice of `--format`, `help` says in one line what it is."""

    @property
    def name(self) -> str: ...

    @property
    def help(self) -> str: ...

    def open(self, out: BinaryIO, shape: ReportShape) -> Writer:
        """Return a writer that has written nothing yet."""


def category(name: str, row: Mapping[str, Any]) -> str:
    """Return what kind of row this is: its `type` or `op`, or the name of its list, e.g. "unresolved"."""
    return str(row.get("type") or row.get("op") or name)


def is_typed(row: Mapping[str, Any]) -> bool:
    """Return whether the row says itself what kind it is."""
    return bool(row.get("type") or row.get("op"))
