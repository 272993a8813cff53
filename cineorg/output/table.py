"""The table for people: rows by kind, paths relative to the roots, then the counts and what to try next.

No cell can steer the terminal: each goes through `paths.terminal_text`. There is no colour, and nothing is
wrapped or cut: a path that cannot be copied from the screen is of no use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from .. import paths
from .json_document import encode
from .layout import Layout, category

_KIND_KEYS = ("type", "op")
_MAX_CANDIDATES = 5


class TableFormat:
    """Grouped tables, buffered."""

    name = "table"
    help = "tables for reading, grouped by kind"

    def open(self, out: BinaryIO, layout: Layout) -> TableWriter:
        return TableWriter(out, layout)


@dataclass(slots=True)
class _Group:
    """The rows of one category: those that will be shown, and how many there were."""

    count: int = 0
    rows: list[Mapping[str, Any]] = field(default_factory=list)


class TableWriter:
    """Keeps no more rows than it will show."""

    def __init__(self, out: BinaryIO, layout: Layout) -> None:
        self._out = out
        self._layout = layout
        self._groups: dict[str, _Group] = {}

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        group = self._groups.setdefault(category(name, row), _Group())
        group.count += 1
        if not self._layout.limit or len(group.rows) < self._layout.limit:
            group.rows.append(row)

    def finish(self, document: Mapping[str, Any]) -> None:
        for name, group in self._groups.items():
            for line in self._group_lines(name, group):
                self._out.write(line.encode() + b"\n")
        for line in _closing_lines(document, is_empty=not self._groups):
            self._out.write(line.encode() + b"\n")

    def _group_lines(self, name: str, group: _Group) -> Iterator[str]:
        title = self._layout.titles.get(name, name)
        yield f"{paths.terminal_text(title)} ({group.count})"
        if name == "unresolved":
            yield from self._unresolved_lines(group.rows)
        else:
            yield from self._table_lines(group.rows)
        left_out = group.count - len(group.rows)
        if left_out:
            yield f"… {left_out} more, --limit 0 shows all"
        yield ""

    def _table_lines(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        from tabulate import tabulate  # 20 ms that only tables have to pay for

        columns = _shown_columns(rows)
        if not columns:
            return []
        text = tabulate(
            [[self._cell(row.get(column)) for column in columns] for row in rows],
            headers=[paths.terminal_text(column) for column in columns],
            tablefmt="simple",
            # "1917" and "1e5" are film titles: only we know which columns hold numbers.
            disable_numparse=True,
            colalign=["right" if _is_numeric(rows, column) else "left" for column in columns],
        )
        return text.split("\n")

    def _unresolved_lines(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for row in rows:
            target = self._cell(row.get("target"))
            yield self._cell(row.get("path")) + (f" -> {target}" if target else "")
            yield f"    {self._cell(row.get('reason'))}"
            candidates = row.get("candidates") or ()
            for candidate in candidates[:_MAX_CANDIDATES]:
                score, evidence = self._cell(candidate.get("score")), self._cell(candidate.get("evidence"))
                line = f"    {score:>5}  {self._cell(candidate.get('path'))}"
                yield f"{line}  ({evidence})" if evidence else line
            if len(candidates) > _MAX_CANDIDATES:
                yield f"    … {len(candidates) - _MAX_CANDIDATES} more candidates"

    def _cell(self, value: Any) -> str:
        if isinstance(value, str):
            value = paths.relative_to(value, self._layout.roots)
        elif isinstance(value, (list, tuple)):
            return ", ".join(map(self._cell, value))
        return _visible(value)


def _visible(value: Any) -> str:
    """Return any value as text that a terminal may see, the blanks at its ends made visible."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return paths.terminal_text(encode(paths.json_fields(value)).decode())
    text = paths.terminal_text(str(value))
    inner = text.strip(" ")
    if inner == text:
        return text
    # A name that ends in a blank is a classic reason why a file is not found; tabulate would drop it unseen.
    before = len(text) - len(text.lstrip(" "))
    after = len(text) - before - len(inner)
    return "\\x20" * before + inner + "\\x20" * after


def _shown_columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the rows' own keys in their order, without those that are empty in every row."""
    keys = dict.fromkeys(key for row in rows for key in row if key not in _KIND_KEYS)
    return [key for key in keys if any(not _is_empty(row.get(key)) for row in rows)]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, Mapping)) and not value)


def _is_numeric(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    values = (row.get(column) for row in rows)
    return all(value is None or isinstance(value, (int, float)) for value in values)


def _closing_lines(document: Mapping[str, Any], is_empty: bool) -> Iterator[str]:
    """Yield what stands under the tables: the counts, whether that is all, and what to do next."""
    counts = document.get("summary") or {}
    if is_empty:
        yield "Nothing found."
    if not is_empty or any(counts.values()):
        yield "Summary: " + ", ".join(f"{_words(name)} {_visible(count)}" for name, count in counts.items())
    if not document.get("complete", True):
        yield "Incomplete: not everything could be looked at or done."
    if document.get("dry_run"):
        yield "Dry run: nothing was changed."
    for error in document.get("errors") or ():
        yield f"Plugin {_visible(error.get('plugin'))}: {_visible(error.get('error'))}"
    for suggestion in document.get("suggestions") or ():
        yield f"Try: {_visible(suggestion)}"


def _words(name: str) -> str:
    return paths.terminal_text(name.replace("_", " "))
