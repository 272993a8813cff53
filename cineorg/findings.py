"""What a check reports: plain data. Only `output/` turns it into words and only planners into changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Kinds that every check may yield beside its own, with their keys in the summary: what could not be judged.
COMMON_KINDS = {"offline_target": "offline_targets", "unreadable": "unreadable"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue of a report.

    `fields` holds the kind's own fields in the order of the contract, e.g. `{"target": "/mnt/nas/a.mkv"}`.
    Strings may hold surrogates for bytes that are not UTF-8.
    """

    type: str
    path: str
    details: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Return the finding as one flat row, keys in the contract's order."""
        return {"type": self.type, "path": self.path, "details": self.details, **self.fields}


@dataclass(frozen=True, slots=True)
class Note:
    """What a check has to say that is no finding: one line, told on stderr and in no report."""

    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what a check is about was looked at: `checked` of `of` things, for the report's `coverage`.

    `rest` says what holds for the others, after their number, e.g. "stored videos were never read", and `command` the
    words of the cineorg command that changes that, e.g. `("checksum",)`.
    """

    checked: int
    of: int
    rest: str = ""
    command: tuple[str, ...] = ()


def offline_finding(path: str, reason: str, details: str, **fields: Any) -> Finding:
    """Return the finding for a place, or a link into it, that cannot be judged because the place is away."""
    return Finding("offline_target", path, details, {**fields, "reason": reason})


def unreadable_finding(path: str, reason: str, **fields: Any) -> Finding:
    """Return the finding for an entry that exists but could not be looked at."""
    return Finding("unreadable", path, f"could not be looked at: {reason}", {**fields, "reason": reason})
