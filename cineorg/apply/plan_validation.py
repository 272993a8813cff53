"""Changes that come from outside: what `cineorg apply` is given, line by line, refused as a whole if a line is bad."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, NoReturn

from ..changes import TABLES, Change, ChangeError, Move, RemoveLink, SetFilePath, change_from_json
from ..errors import InputError
from ..paths import is_inside, terminal_text, to_bytes
from .row_updates import touched_paths

_LARGEST_ID = 2**63 - 1  # SQLite's integers


def read_changes(lines: Iterable[bytes], video_root: str, storage_roots: Sequence[str]) -> list[Change]:
    """Return the changes of a stream of JSON lines, in order.

    Empty lines and objects without "op" (findings, the summary) are passed over. Raises InputError, with the number
    of the line, for anything that is no change, or one that we would not do: a path that is not plainly inside the
    video root, or that leads through a link or into storage. Nothing is altered either way.
    """
    changes: list[Change] = []
    seen: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        try:
            change = _read_line(line)
            if change is not None:
                _check(change, video_root, storage_roots, seen)
                changes.append(change)
        except (ChangeError, ValueError) as error:
            raise InputError(f"line {number}: {terminal_text(str(error))}; nothing was changed") from None
    return changes


def _check(change: Change, video_root: str, storage_roots: Sequence[str], seen: dict[str, str]) -> None:
    problem = problem_of(change, video_root, storage_roots)
    for path in _named_paths(change):
        problem = problem or _linked_folder(os.path.dirname(path), video_root, seen)
    if problem:
        raise ChangeError(problem)


def _read_line(line: bytes) -> Change | None:
    if not line.strip():
        return None
    try:
        data = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except UnicodeDecodeError:
        raise ChangeError("not UTF-8") from None
    except _DoubleKeyError as error:
        raise ChangeError(f"the key {error.args[0]!r} stands there twice") from None
    except (ValueError, RecursionError):
        raise ChangeError("not JSON; each line must be one JSON object") from None
    if not isinstance(data, dict):
        raise ChangeError("not a JSON object")
    return change_from_json(data) if "op" in data else None


class _DoubleKeyError(Exception):
    """An object has a key twice: which of the two is meant, nobody knows."""


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKeyError(key)
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def problem_of(change: Change, video_root: str, storage_roots: Sequence[str]) -> str:
    """Return why a change can never be done, or "": judged by its words alone, the disk is not asked."""
    for item in fields(change):
        problem = _unencodable(item.name, getattr(change, item.name))
        if problem:
            return problem
    if isinstance(change, SetFilePath):
        if change.table not in TABLES:
            return f"set_file_path knows the tables {' and '.join(TABLES)}, not {change.table!r}"
        if not 0 <= change.id <= _LARGEST_ID:
            return f"set_file_path: {change.id} is no row's id"
        if change.new and not change.new.startswith("/"):
            return f"set_file_path: the path {change.new} is not absolute"
        return ""
    for path in _named_paths(change):
        problem = _path_problem(path, video_root.rstrip("/"), storage_roots)
        if problem:
            return f"{change.op}: the path {path} {problem}"
    if isinstance(change, Move) and change.path == change.new_path:
        return f"move: {change.path} is both the old and the new path"
    if isinstance(change, RemoveLink) and change.path == change.keep:
        return f"remove_link: {change.path} is both the link that goes and the one that stays"
    return ""


def _named_paths(change: Change) -> Iterable[str]:
    """Return the paths of the video tree that a change names: those that it alters, and that of a link that stays."""
    yield from touched_paths(change)
    if isinstance(change, RemoveLink) and change.keep:
        yield change.keep


def _unencodable(name: str, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        to_bytes(value)
    except UnicodeEncodeError:
        return f"the field {name!r} holds half a character, which no path can"
    return f"the field {name!r} holds NUL, which no path can" if "\0" in value else ""


def _path_problem(path: str, video_root: str, storage_roots: Sequence[str]) -> str:
    if not path.startswith("/"):
        return "is not absolute"
    if path == video_root or not is_inside(path, video_root or "/"):
        return f"does not lie in the video root {video_root or '/'}"
    if any(part in ("", ".", "..") for part in path[len(video_root) + 1 :].split("/")):
        return "has empty, '.' or '..' components"
    for root in storage_roots:
        # The root that lies deeper decides, where one holds the other.
        if is_inside(path, root) and len(root.rstrip("/")) >= len(video_root):
            return f"lies in the storage root {root}, which is never changed"
    return ""


def _linked_folder(folder: str, video_root: str, seen: dict[str, str]) -> str:
    """Return a problem if a folder between the video root and `folder` is a link; `seen` remembers answers."""
    root = video_root.rstrip("/")
    if folder == root or not is_inside(folder, root or "/"):
        return ""
    if folder not in seen:
        seen[folder] = _linked_folder(os.path.dirname(folder), video_root, seen)
        if not seen[folder]:
            try:
                mode = os.lstat(folder).st_mode
            except OSError:
                return ""  # made by a change before it, or the step will say what is wrong with it
            if stat.S_ISLNK(mode):
                seen[folder] = f"{folder} is a link; nothing is changed through it"
    return seen[folder]
