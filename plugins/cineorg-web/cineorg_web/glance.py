"""What stands at the top of the page: one line, and a tile for each root and each volume that is away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from cineorg.plugin import Settings, terminal_text

from .disks import Disks
from .numbers import count_text, size_text
from .result import Result
from .watching import Seen

GOOD, AWAY, UNKNOWN = "good", "away", "unknown"
_ACCEPT = re.compile(r"(cineorg scan .*--accept .+)$")
_MOST_PLACES = 50


class Part(NamedTuple):
    """A part of the line: its words, and a time (ISO 8601, UTC) that follows them, or ""."""

    words: str
    time: str = ""


@dataclass(frozen=True)
class Tile:
    """A root or volume: `state` is good, away or unknown; `remedy` is the command that accepts its loss, or ""."""

    role: str
    path: str
    state: str
    words: str
    remedy: str = ""


def tiles(settings: Settings, disks: Disks, results: list[Result]) -> list[Tile]:
    """Return the roots, and the volumes that the latest report could not look at."""
    away = _away(results)
    roots = [("Stored files", path) for path in settings.storage]
    roots += [("Links", settings.video)] if settings.video else []
    found = [_tile(role, path, disks, away.get(path)) for role, path in roots]
    shown = {path for _, path in roots}
    return found + [_tile("Volume", path, disks, row) for path, row in away.items() if path not in shown]


def verdict(tiles: list[Tile], results: list[Result], seen: Seen) -> list[Part]:
    """Return the line that says how the library is."""
    parts = [Part(_links(results))]
    storage = [tile for tile in tiles if tile.role == "Stored files"]
    away = [tile for tile in tiles if tile.state == AWAY]
    if away:
        parts.append(Part(f"{count_text(len(away))} of {len(tiles)} places away"))
    elif storage:
        rooms = [tile.words for tile in storage if tile.words != "online"]
        parts.append(Part("storage " + (rooms[0] if len(rooms) == 1 == len(storage) else "online")))
    if results:
        parts.append(Part("checked", max(result.frame["checked_at"] for result in results)))
    parts.append(Part("scanned", f"{seen.scanned_at.replace(' ', 'T')}Z") if seen.scanned_at else Part("never scanned"))
    return parts


def _links(results: list[Result]) -> str:
    looked = [result for result in results if "broken_symlink" in result.frame.get("coverage", {})]
    if not looked:
        return "links never checked"
    result = max(looked, key=lambda each: str(each.frame["checked_at"]))
    coverage = result.frame["coverage"]["broken_symlink"]
    broken = sum(category.rows for category in result.categories if category.name == "broken_symlink")
    if not coverage["checked"] and coverage["of"]:
        return f"none of {count_text(coverage['of'])} links could be checked"
    return f"{count_text(broken)} of {count_text(coverage['checked'])} links broken"


def _away(results: list[Result]) -> dict[str, dict[str, Any]]:
    """Return the places that the latest report could not look at: its rows of that kind that are no links."""
    if not results:
        return {}
    latest = max(results, key=lambda each: str(each.frame["checked_at"]))
    rows = latest.rows("offline_target", limit=_MOST_PLACES)
    return {str(row.fields["path"]): row.fields for row in rows if "target" not in row.fields}


def _tile(role: str, path: str, disks: Disks, row: dict[str, Any] | None) -> Tile:
    disk = disks.ask(path)
    shown = terminal_text(path)
    if row is not None:
        accept = _ACCEPT.search(str(row.get("details", "")))
        words = f"away: {terminal_text(str(row.get('reason', '')))}"
        return Tile(role, shown, AWAY, words, terminal_text(accept[1]) if accept else "")
    if disk is None:
        return Tile(role, shown, UNKNOWN, "does not answer")
    if disk.problem:
        return Tile(role, shown, AWAY, f"away: {disk.problem}")
    return Tile(role, shown, GOOD, f"online, {size_text(disk.free_bytes)} free")
