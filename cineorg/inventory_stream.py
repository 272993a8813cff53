"""An inventory as JSON lines: what `scan --jsonl` writes on one machine and `scan --from` reads on another.

Lines: one `root` each, then `file` (size in bytes, mtime in ns) and `link` (raw target), `unreadable`, and the
`summary` that ends every stream of JSON lines; one without it was cut, and is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .census import Census, FileStat, Folder, Tree, Unreadable
from .errors import InputError
from .library import Library
from .paths import decode_b64, is_inside


def inventory_rows(library: Library, hashes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the library as rows, in memory form, by path."""
    for tree in library.census.trees:
        kind = "storage" if tree.is_storage else "video"
        yield {"type": "root", "path": tree.root, "kind": kind, "scoped": tree.scoped, "problem": tree.problem}
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
            if row["type"] == "summary":
                ended = True
                continue
            _take(row, census, hashes, maps)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"line {number} of the inventory cannot be read: {error!r}") from None
    if not ended:
        raise InputError("the inventory was cut: its last line is no summary; nothing was changed")
    storage = tuple(tree.root for tree in census.trees if tree.is_storage)
    video = [tree.root for tree in census.trees if not tree.is_storage]
    if not storage or len(video) != 1:
        raise InputError("the inventory has no roots; make it with `cineorg scan --jsonl`")
    return census, hashes, (storage, video[0])


def _take(row: Mapping[str, Any], census: Census, hashes: dict[str, str], maps: Sequence[tuple[str, str]]) -> None:
    path = _mapped(_exact(row, "path"), maps)
    kind = row["type"]
    if kind == "root":
        scoped = [_mapped(item, maps) for item in _exact_list(row, "scoped")]
        tree = Tree(path, path, row["kind"] == "storage", scoped, str(row["problem"]), is_empty=not scoped)
        census.trees.append(tree)
        for folder in scoped:
            census.folders.setdefault(folder, Folder({}))
    elif kind == "file":
        files = _folder_of(path, census).files
        if isinstance(files, dict):
            files[os.path.basename(path)] = FileStat(int(row["size"]), int(row["mtime_ns"]), None, None)
        if row.get("oshash"):
            hashes[path] = str(row["oshash"])
    elif kind == "link":
        _folder_of(path, census).links[os.path.basename(path)] = _mapped(_exact(row, "target"), maps)
    elif kind == "unreadable":
        census.unreadable.append(Unreadable(path, str(row["reason"])))


def _folder_of(path: str, census: Census) -> Folder:
    directory = os.path.dirname(path)
    if not any(is_inside(path, folder) for tree in census.trees for folder in tree.scoped):
        raise ValueError(f"{path} lies in none of the roots above it")
    return census.folders.setdefault(directory, Folder({}))


def _exact(row: Mapping[str, Any], name: str) -> str:
    value = decode_b64(row[name + "_b64"]) if row.get(name + "_b64") else row[name]
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(f"{name} is no path")
    return value


def _exact_list(row: Mapping[str, Any], name: str) -> list[str]:
    if row.get(name + "_b64"):
        return [decode_b64(item) for item in row[name + "_b64"]]
    return [str(item) for item in row[name]]


def _mapped(path: str, maps: Sequence[tuple[str, str]]) -> str:
    for old, new in maps:
        if is_inside(path, old):
            return new + path[len(old) :]
    return path
