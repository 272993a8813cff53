"""Changes: what a plan consists of. Plain data with a JSON form that round-trips any bytes; no I/O.

Each change carries what it expects to find (`old_target`, `old`), so that whoever applies it can look again first.
Targets are as they are, or will be, written in the link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from . import paths


class ChangeError(ValueError):
    """A JSON object is not a change; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Relink:
    """The link at `path`, which says `old_target`, shall say `new_target`; with `if_broken`, only if it is broken.

    `size` (bytes) and `mtime_ns` are those of its new file as planned: any other file there was not meant.
    """

    op: ClassVar[str] = "relink"
    path: str
    old_target: str
    new_target: str
    score: float | None = None
    evidence: str = ""
    if_broken: bool = False
    size: int | None = None
    mtime_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The link at `path` shall be at `new_path`; a relative one is rewritten to reach the same file."""

    op: ClassVar[str] = "move"
    path: str
    new_path: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """The link at `path`, which says `old_target`, shall go; with `if_broken`, only if it is broken.

    With `keep`, the path of a link that stays: only if that one reaches the very same file, without this one's help.
    """

    op: ClassVar[str] = "remove_link"
    path: str
    old_target: str
    evidence: str = ""
    if_broken: bool = False
    keep: str = ""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """A link that says `target` shall stand at `path`, where nothing is. Planned by `undo` alone.

    `apply` takes it as well, so that what `undo --dry-run --jsonl` prints can be given back: it never replaces
    anything and can be undone.
    """

    op: ClassVar[str] = "make_link"
    path: str
    target: str
    evidence: str = ""
    size: int | None = None
    mtime_ns: int | None = None


@dataclass(frozen=True, slots=True)
class MakeDir:
    """The folder `path` shall exist; its parent does."""

    op: ClassVar[str] = "make_dir"
    path: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RemoveDir:
    """The empty folder `path` shall go."""

    op: ClassVar[str] = "remove_dir"
    path: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SetFilePath:
    """Row `id` of `table` ("movies" or "episodes"), whose file_path is `old`, shall name `new`."""

    op: ClassVar[str] = "set_file_path"
    table: str
    id: int
    old: str | None
    new: str | None
    evidence: str = ""


Change = Relink | Move | RemoveLink | MakeLink | MakeDir | RemoveDir | SetFilePath

_TYPES: dict[str, type[Change]] = {
    kind.op: kind for kind in (Relink, Move, RemoveLink, MakeLink, MakeDir, RemoveDir, SetFilePath)
}
_OPTIONAL: dict[str, Any] = {
    "score": None, "evidence": "", "if_broken": False, "keep": "", "size": None, "mtime_ns": None
}  # fmt: skip
TABLES = ("movies", "episodes")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored file that a link may have meant: `score` 0–100, `evidence` in words."""

    path: str
    score: float
    evidence: str

    def row(self) -> dict[str, Any]:
        """Return the candidate as the contract writes it."""
        return {"path": self.path, "score": self.score, "evidence": self.evidence}


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link (or row) that stays as it is, why, and what it may have meant, best first."""

    path: str
    target: str
    reason: str
    candidates: tuple[Candidate, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as the contract writes it."""
        return {
            "path": self.path,
            "target": self.target,
            "reason": self.reason,
            "candidates": [candidate.row() for candidate in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a planner answers: changes in the order in which they are to be done, and what it left alone."""

    changes: tuple[Change, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


def change_row(change: Change, status: str = "planned", reason: str = "") -> dict[str, Any]:
    """Return a change as one flat row, keys in the contract's order, strings still in memory form."""
    row: dict[str, Any] = {"op": change.op}
    row |= {item.name: getattr(change, item.name) for item in fields(change)}
    for name in ("score", "if_broken", "keep", "size", "mtime_ns"):
        if name in row and row[name] == _OPTIONAL[name]:
            del row[name]
    row["status"] = status
    if reason:
        row["reason"] = reason
    return row


def change_from_json(data: Mapping[str, Any]) -> Change:
    """Return the change of one JSON object; `…_b64` fields win over their readable twins.

    Raises ChangeError when the op is unknown, a field is missing or of the wrong type. Other keys are ignored:
    a plan may have been annotated on its way.
    """
    kind = _TYPES.get(str(data.get("op")))
    if kind is None:
        raise ChangeError(f"unknown op {data.get('op')!r}; known are {', '.join(_TYPES)}")
    values = {item.name: _field_value(kind.op, item.name, data) for item in fields(kind)}
    change = kind(**values)
    if isinstance(change, SetFilePath) and change.table not in TABLES:
        raise ChangeError(f"set_file_path knows the tables {' and '.join(TABLES)}, not {change.table!r}")
    return change


def _field_value(op: str, name: str, data: Mapping[str, Any]) -> Any:
    encoded = data.get(name + "_b64")
    if encoded is not None:
        try:
            value: Any = paths.decode_b64(encoded)
        except (ValueError, TypeError):
            raise ChangeError(f"{op}: {name}_b64 is not base64") from None
    elif name in data:
        value = data[name]
    elif name in _OPTIONAL:
        return _OPTIONAL[name]
    else:
        raise ChangeError(f"{op}: the field {name!r} is missing")
    if not _is_of_type(name, value):
        raise ChangeError(f"{op}: the field {name!r} cannot be {value!r}")
    return value


def _is_of_type(name: str, value: Any) -> bool:
    if name == "id":
        return isinstance(value, int) and not isinstance(value, bool)
    if name in ("size", "mtime_ns"):
        return value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63)
    if name == "if_broken":
        return isinstance(value, bool)
    if name == "score":
        if value is None or isinstance(value, bool) or not isinstance(value, (int, float)):
            return value is None
        return 0 <= value <= 100  # neither "1e999" nor a number of 400 digits
    if name in {"old", "new"} and value is None:
        return True
    # A row of the application may hold an empty file_path as well as none; an undo must be able to say so.
    return isinstance(value, str) and "\0" not in value and (bool(value) or name in {"evidence", "old", "new"})
