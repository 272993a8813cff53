"""Who a stored file was: files seen again under another path, told by what they are, never by their names. Pure.

A wrong answer here ties links to the wrong film without anybody being asked, so every doubt is a no: a rival on
either side, a contradicting hash, a file that was already there while the old one still was.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import BinaryIO, NamedTuple

from ..clock import as_iso

HASH_BLOCK = 64 * 1024


class Stored(NamedTuple):
    """A stored file as the catalogue remembers it; times are UTC texts, `last_seen` "" while it is there."""

    path: str
    size_bytes: int
    mtime_ns: int
    device: int | None
    inode: int | None
    oshash: str | None
    first_seen: str
    last_seen: str = ""


class Moved(NamedTuple):
    """The file that was at `old.path` is at `new.path`; `evidence` says in words how that is known."""

    old: Stored
    new: Stored
    evidence: str


def match_moved(missing: Iterable[Stored], present: Iterable[Stored]) -> list[Moved]:
    """Return which of the missing files are present under another path, sorted by old path.

    In this order: another name of the same inode, seen by the very scan that last saw the old one; the same
    OpenSubtitles hash; the same size and mtime. The latter two only without a rival on either side, where every present
    file counts as one, and only when the new path was first seen after the old one was last seen: two files that were
    there together are two files. Otherwise the inode confirms and never decides. An empty file has nothing to be known
    by but its inode.
    """
    missing, present = list(missing), list(present)
    moved = _other_names(missing, present)
    done = {move.old.path for move in moved}
    missing = [item for item in missing if item.path not in done]
    moved += _match(missing, present, lambda item: (item.size_bytes, item.oshash) if item.oshash else None, "hash")
    done = {move.old.path for move in moved}
    taken = {move.new.path for move in moved}
    moved += _match(
        [item for item in missing if item.path not in done],
        [item for item in present if item.path not in taken],
        lambda item: (item.size_bytes, item.mtime_ns),
        "mtime",
    )
    return sorted(moved)


def _other_names(missing: list[Stored], present: list[Stored]) -> list[Moved]:
    """Return the missing files that had a second name (a hard link): names of one file are no rivals.

    Where the missing name itself was changed since, its new form goes first.
    """
    names: dict[object, list[Stored]] = defaultdict(list)
    for item in present:
        if item.inode is not None and item.size_bytes:
            names[_inode_key(item)].append(item)
    moved = []
    for old in missing:
        there = names.get(_inode_key(old), [])
        if any(new.first_seen <= old.last_seen and _is_plausible(old, new) for new in there):
            new = min(there, key=lambda item: (item.first_seen <= old.last_seen, item.path))
            evidence = f"another name of the same inode, size and mtime as at the scan of {old.last_seen[:19]}"
            moved.append(Moved(old, new, evidence))
    return moved


def _inode_key(item: Stored) -> object:
    return item.device, item.inode, item.size_bytes, item.mtime_ns


def _match(missing: list[Stored], present: list[Stored], key: Callable[[Stored], object], what: str) -> list[Moved]:
    rivals = Counter(key(item) for item in missing)
    there: dict[object, list[Stored]] = defaultdict(list)
    for item in present:
        there[key(item)].append(item)
    moved = []
    for old in missing:
        value = key(old)
        if value is None or rivals[value] != 1 or len(there[value]) != 1:
            continue
        new = there[value][0]
        if new.first_seen > old.last_seen and _is_plausible(old, new):
            moved.append(Moved(old, new, _evidence(old, new, what)))
    return moved


def _same_inode(old: Stored, new: Stored) -> bool:
    return old.inode is not None and (old.device, old.inode) == (new.device, new.inode)


def _is_plausible(old: Stored, new: Stored) -> bool:
    if old.oshash and new.oshash and old.oshash != new.oshash:
        return False
    return old.size_bytes > 0 or _same_inode(old, new)


def _evidence(old: Stored, new: Stored, what: str) -> str:
    facts = "same OpenSubtitles hash and size" if what == "hash" else "same size and mtime"
    facts += ", same inode" if _same_inode(old, new) else ""
    return f"{facts} as at the scan of {as_iso(old.last_seen)}"


def opensubtitles_hash(file: BinaryIO, size_bytes: int) -> str | None:
    """Return the OpenSubtitles hash of an open file as 16 hexadecimal digits; None below 128 KiB, where it has none.

    Size plus the 64-bit little-endian words of the first and of the last 64 KiB, modulo 2**64
    (trac.opensubtitles.org, "HashSourceCodes"). Worked: 131 072 zero bytes give 0000000000020000.
    """
    if size_bytes < 2 * HASH_BLOCK:
        return None
    total = size_bytes
    for offset in (0, size_bytes - HASH_BLOCK):
        file.seek(offset)
        block = file.read(HASH_BLOCK)
        if len(block) < HASH_BLOCK:
            return None
        total += sum(struct.unpack(f"<{HASH_BLOCK // 8}Q", block))
    return f"{total & 0xFFFFFFFFFFFFFFFF:016x}"
