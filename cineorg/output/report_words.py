"""What a report says around its rows, in the words that every format for people uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..clock import local_zone
from .cells import cell, count, visible, words
from .headings import counted, title_of
from .report_shape import ReportShape
from .row_groups import LABELLED, RowGroup, RowGroups

PLAIN_STATUS = ("planned", "done", "pending")  # the heading says as much


class Said(NamedTuple):
    """One line after the rows: its `kind` is "nothing", "summary", "note", "warning", "failure" or "command"."""

    kind: str
    text: str
    items: tuple[str, ...] = ()


def heading(shape: ReportShape, name: str, group: RowGroup) -> tuple[str, str]:
    """Return how many rows of what there are, and what all of them say, or which of them are only counted."""
    plural = title_of(name, shape.titles, group.rows)
    title = counted(group.count, plural)
    minor = shape.minor if name != "set_file_path" else "follow their links"
    said = [
        (f"{key} " if key in LABELLED else "") + cell(key, value, shape.roots)
        for key, value in group.common.items()
        if value not in (None, "")
        and not (key == "status" and value in PLAIN_STATUS)
        and not (key == "kind" and f" {value}" in title)
    ]
    if group.minor:
        number = "all" if group.minor == group.count else count(group.minor)
        said = [f"{number} {minor} (-v lists them)"]
    return title, ", ".join(said)


def left_out(shape: ReportShape, number: int) -> str:
    """Return that so many rows are not shown."""
    return f"… {count(number)} earlier (--limit 0)" if shape.newest else f"… and {count(number)} more (--limit 0)"


def closing(shape: ReportShape, groups: RowGroups, document: Mapping[str, Any]) -> Iterator[Said]:
    """Yield what stands under the rows: the counts, whether that is all, and what to do next."""
    counts = document.get("summary") or {}
    if not groups:
        yield Said("nothing", shape.nothing if "changes" not in document else "Nothing to change.")
    if groups or any(counts.values()):
        items = [f"{words(name)} {_number(number)}" for name, number in counts.items() if number]
        yield Said("summary", "Summary", tuple(items or ["total 0"]))
    partly = [
        f"{shape.titles.get(kind, words(kind)).lower()} ({count(item['checked'])} of {count(item['of'])})"
        for kind, item in (document.get("coverage") or {}).items()
        if item["checked"] < item["of"]
    ]
    if partly:
        yield Said("warning", "Not all was checked", tuple(partly))
    if any(group.has_times for _, group in groups):
        yield Said("note", f"Times are local ({visible(local_zone())}).")
    if not document.get("complete", True):
        yield Said("warning", "Incomplete: not everything could be looked at or done.")
    if document.get("dry_run"):
        yield Said("note", "Dry run: nothing was changed.")
    for error in document.get("errors") or ():
        yield Said("failure", f"Plugin {visible(error.get('plugin'))}: {visible(error.get('error'))}")
    for suggestion in document.get("suggestions") or shape.next_commands:
        yield Said("command", visible(suggestion))


def _number(number: Any) -> str:
    return count(number) if isinstance(number, int) and not isinstance(number, bool) else visible(number)
