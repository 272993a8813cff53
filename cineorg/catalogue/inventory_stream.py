"""An inventory as JSON lines: what `scan --jsonl` writes on one machine and `scan --from` reads on another.

Lines: one `root` each, then `file` (size in bytes, mtime in ns) and `link` (raw target), `unreadable`, and the
`summary` that ends every stream of JSON lines; one without it was cut, and is refused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import InputError
from ..paths import decode_b64, is_inside, to_bytes
from ..trees.census import Census, FileStat, Folder, Tree, Unreadable
from ..trees.library import Library


def inventory_rows(library: Library, hashes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the library as rows, in memory form, by path."""
    for tree in library.census.trees:
        kind = "storage" if tree.is_storage else "video"
        root = {"type": "root", "path": tree.root, "kind": kind, "scoped": tree.scoped, "problem": tree.problem}
        yield root | ({"unreadable": True} if tree.is_unreadable else {})
        for path, folder in sorted(library.census.folders_of(tree)):
            if tree.is_storage and isinstance(folder.files, dict):
                for name, stat in sorted(folder.files.items()):
                    row = {"type": "file", "path": f"{path}/{name}", "size": stat.size_bytes, "mtime_ns": stat.mtime_ns}
                    digest = hashes.get(f"{path}/{name}")
                    yield row | ({"oshash": digest} if digest else {})
            elif not tree.is_storage:
                for name, target in sorted(folder.links.items()):
                    yield {"type": "link", "path": f"{path}/{name}", "target": target}


def read_inventory(
    lines: Iterable[bytes], maps: Sequence[tuple[str, str]]
) -> tuple[Census, dict[str, str], tuple[tuple[str, ...], str]]:
    """Return the census that a stream describes, its hashes by path, and its roots (storage, video).

    `maps` are (old, new) prefixes: every path, and every absolute target, that begins with `old` begins with `new`
    here. Raises InputError, with the line's number, for a stream that is not an inventory or was cut.
    """
    census = Census()
    hashes: dict[str, str] = {}
    ended = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if ended:
                raise ValueError("something stands behind the end mark")
            if row["type"] == "summary":
                ended = True
                continue
            _take(row, census, hashes, maps)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(f"line {number} of the inventory cannot be read: {error!r}") from None
    if not ended:
        raise InputError("the inventory was cut: its last line is no summary; nothing was changed")
    storage = tuple(tree.root for tree in census.trees if tree.is_storage)
    video = [tree.root for tree in census.trees if not tree.is_storage]
    if not storage or len(video) != 1:
        raise InputError("the inventory has no roots; make it with `cineorg scan --jsonl`")
    return census, hashes, (storage, video[0])


def _take(row: Mapping[str, Any], census: Census, hashes: dict[str, str], maps: Sequence[tuple[str, str]]) -> None:
    kind = row["type"]
    if kind == "root":
        _take_root(row, census, maps)
    elif kind == "file":
        path = _path(row, "path", maps)
        files = _folder_of(path, census).files
        if isinstance(files, dict):
            if os.path.basename(path) in files:
                raise ValueError(f"{path} is named twice: do two roots become one by --map?")
            stat = FileStat(_whole(row["size"], 0), _whole(row["mtime_ns"], -(1 << 63)), None, None)
            files[os.path.basename(path)] = stat
        if "oshash" in row:
            if not re.fullmatch("[0-9a-f]{16}", row["oshash"]):
                raise ValueError("oshash is no hash")
            hashes[path] = row["oshash"]
    elif kind == "link":
        path, target = _path(row, "path", maps), _mapped(_exact(row, "target"), maps)
        _folder_of(path, census).links[os.path.basename(path)] = target
    elif kind == "unreadable":
        census.unreadable.append(Unreadable(_path(row, "path", maps), str(row["reason"])))
    elif kind == "offline_target":
        # What its own machine does not believe is believed nowhere.
        path = _path(row, "path", maps)
        tree = census.tree_of(path)
        if tree is not None and not tree.problem:
            tree.problem = f"is offline where it was read: {path} {row['reason']}"


def _take_root(row: Mapping[str, Any], census: Census, maps: Sequence[tuple[str, str]]) -> None:
    path = _path(row, "path", maps)
    scoped = [_checked(_mapped(item, maps)) for item in _exact_list(row, "scoped")]
    if row["kind"] not in ("storage", "video"):
        raise ValueError("this is no kind of root")
    for folder in scoped:
        if not is_inside(folder, path):
            raise ValueError(f"{folder} does not lie in {path}; --map whole roots")
    if any(path == tree.root for tree in census.trees):
        raise ValueError(f"the root {path} is named twice; --map each root to a folder of its own")
    tree = Tree(path, path, row["kind"] == "storage", scoped, str(row["problem"]), is_empty=not scoped)
    tree.is_unreadable = bool(row.get("unreadable"))
    census.trees.append(tree)
    for folder in scoped:
        census.folders.setdefault(folder, Folder({}))


def _folder_of(path: str, census: Census) -> Folder:
    directory = os.path.dirname(path)
    if not any(is_inside(directory, folder) for tree in census.trees for folder in tree.scoped):
        raise ValueError(f"{path} lies in none of the roots above it")
    return census.folders.setdefault(directory, Folder({}))


def _path(row: Mapping[str, Any], name: str, maps: Sequence[tuple[str, str]]) -> str:
    return _checked(_mapped(_exact(row, name), maps))


def _checked(path: str) -> str:
    if not path.startswith("/") or path.startswith("//") or os.path.normpath(path) != path:
        raise ValueError(f"{path} is no absolute path")
    to_bytes(path)
    return path


def _whole(value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 1 << 63:
        raise ValueError(f"{value} is no number that a file could have")
    return value


def _exact(row: Mapping[str, Any], name: str) -> str:
    value = decode_b64(row[name + "_b64"]) if row.get(name + "_b64") else row[name]
    if not isinstance(value, str) or "\0" in value or not value:
        raise TypeError(f"{name} is no path")
    return value


def _exact_list(row: Mapping[str, Any], name: str) -> list[str]:
    values = row[name]
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise TypeError(f"{name} is no list of paths")
    return [decode_b64(item) for item in row[name + "_b64"]] if row.get(name + "_b64") else values


def _mapped(path: str, maps: Sequence[tuple[str, str]]) -> str:
    for old, new in maps:
        if is_inside(path, old):
            return new + path[len(old) :] or "/"
    return path
