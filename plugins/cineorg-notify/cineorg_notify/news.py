"""What of a report is new: findings that were not told before, what was repaired, what needs a person. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .memory import Told, digest

UNRESOLVED, BATCH = "unresolved", "batch"
AWAY = frozenset({"offline_target", "unreadable"})


class ReportError(ValueError):
    """What came is no report."""


@dataclass(frozen=True)
class News:
    """`new` and `waiting` are paths by kind, `gone` numbers by kind, `done` numbers by op of a batch.

    `waiting` is what needs a person: places that are away, links without a certain file. `told` is what will have
    been told once this is.
    """

    command: str
    new: Mapping[str, list[str]] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, list[str]] = field(default_factory=dict)
    batch: int | None = None
    told: Told = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.new or self.waiting or self.done)


def news_of(report: Mapping[str, Any], told: Told) -> News:
    """Return what is new in a report or in the document of a batch; raises ReportError for any other document."""
    command = report.get("command")
    if not isinstance(command, str) or not isinstance(report.get("summary"), dict):
        raise ReportError("that is no report of cineorg: it has no `command` and `summary`")
    before = told.get(command, {})
    if isinstance(report.get("changes"), list):
        return _of_batch(command, report, told, before)
    if not isinstance(report.get("issues"), list):
        raise ReportError(f"there is nothing to tell of {command}: it has neither `issues` nor `changes`")
    found: dict[str, list[str]] = {}
    for row in report["issues"]:
        # Of what is away, the place is told, not each link into it.
        if row["type"] not in AWAY or "target" not in row:
            found.setdefault(str(row["type"]), []).append(str(row["path"]))
    remembered: dict[str, list[str]] = {}
    gone: dict[str, int] = {}
    for kind in sorted({*found, *before}):
        now = {digest(path) for path in found.get(kind, ())}
        missing = set(before.get(kind, ())) - now
        if _is_known_whole(kind, report.get("coverage", {})):
            gone |= {kind: len(missing)} if missing else {}
            missing = set()
        remembered[kind] = sorted(now | missing)
    new = {kind: _fresh(paths, before.get(kind, ())) for kind, paths in found.items()}
    return News(
        command,
        new={kind: paths for kind, paths in new.items() if paths and kind not in AWAY},
        gone=gone,
        waiting={kind: paths for kind, paths in new.items() if paths and kind in AWAY},
        told=told | {command: remembered},
    )


def _of_batch(command: str, report: Mapping[str, Any], told: Told, before: Mapping[str, list[str]]) -> News:
    unresolved = [str(row["path"]) for row in report.get("unresolved", ())]
    fresh = _fresh(unresolved, before.get(UNRESOLVED, ()))
    batch = str(report.get("batch") or "")
    is_told = batch in before.get(BATCH, ())  # the hook was there before the pipe
    done = Counter(str(row["op"]) for row in report["changes"] if row.get("status") == "done" and not is_told)
    return News(
        command,
        done=dict(sorted(done.items())),
        waiting={UNRESOLVED: fresh} if fresh else {},
        batch=report.get("batch"),
        told=told | {command: {UNRESOLVED: sorted(map(digest, unresolved)), BATCH: [batch]}},
    )


def _fresh(paths: Iterable[str], before: Iterable[str]) -> list[str]:
    known = set(before)
    return sorted(path for path in paths if digest(path) not in known)


def _is_known_whole(kind: str, coverage: Mapping[str, Any]) -> bool:
    """Return whether what is not in the report is not there; half a look says nothing of the rest."""
    looked = coverage.get(kind)
    return kind in AWAY or (isinstance(looked, dict) and looked.get("checked", 0) >= looked.get("of", 1))
