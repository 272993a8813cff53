"""Who a stored file was: recognised where everything speaks for it, refused at any doubt."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.trees.identity import HASH_BLOCK, Stored, match_moved, opensubtitles_hash


def old(path: str = "/a", **fields: Any) -> Stored:
    values = {"size_bytes": 10, "mtime_ns": 5, "device": 1, "inode": 7, "oshash": None, "first_seen": "t1"}
    return Stored(path, **{**values, "last_seen": "t2", **fields})


def new(path: str = "/b", **fields: Any) -> Stored:
    return old(path, **{"first_seen": "t3", "last_seen": "", "inode": 8, **fields})


CASES: dict[str, tuple[list[Stored], list[Stored], list[tuple[str, str]]]] = {
    "same size and mtime": ([old()], [new()], [("/a", "/b")]),
    "other size": ([old()], [new(size_bytes=11)], []),
    "other mtime": ([old()], [new(mtime_ns=6)], []),
    "inode alone": ([old()], [new(inode=7, mtime_ns=6)], []),
    "inode and size": ([old()], [new(inode=7, mtime_ns=6, size_bytes=10)], []),
    "two present rivals": ([old()], [new("/b"), new("/c")], []),
    "two missing rivals": ([old("/a"), old("/b")], [new("/c")], []),
    "two of each": ([old("/a"), old("/b")], [new("/c"), new("/d")], []),
    "a present rival that was always there": ([old()], [new("/b"), new("/c", first_seen="t0")], []),
    "was there with the old one": ([old()], [new(first_seen="t2")], []),
    "was there before the old one": ([old()], [new(first_seen="t0")], []),
    "same hash, new mtime": ([old(oshash="h")], [new(oshash="h", mtime_ns=6)], [("/a", "/b")]),
    "same hash, other size": ([old(oshash="h")], [new(oshash="h", size_bytes=11)], []),
    "same hash, rival": ([old(oshash="h")], [new(oshash="h", mtime_ns=6), new("/c", oshash="h", mtime_ns=7)], []),
    "hash contradicts size and mtime": ([old(oshash="h")], [new(oshash="i")], []),
    "hash of one side only": ([old(oshash="h")], [new()], [("/a", "/b")]),
    "no hash on either side is no common hash": ([old(mtime_ns=1)], [new(mtime_ns=2)], []),
    "hash decides between two of one mtime": (
        [old(oshash="h")],
        [new("/b", oshash="h"), new("/c", oshash="i")],
        [("/a", "/b")],
    ),
    "what the hash took is no rival for mtime": (
        [old("/a", oshash="h"), old("/b", size_bytes=11)],
        [new("/c", oshash="h"), new("/d", size_bytes=11)],
        [("/a", "/c"), ("/b", "/d")],
    ),
    "empty files": ([old(size_bytes=0)], [new(size_bytes=0)], []),
    "empty file with the same inode": ([old(size_bytes=0)], [new(size_bytes=0, inode=7)], [("/a", "/b")]),
    "empty file on another device": ([old(size_bytes=0)], [new(size_bytes=0, inode=7, device=2)], []),
    "empty file without inode": ([old(size_bytes=0, inode=None)], [new(size_bytes=0, inode=None)], []),
    "another name of its inode": ([old()], [new(inode=7, first_seen="t1")], [("/a", "/b")]),
    "another name among copies": (
        [old()],
        [new("/b", first_seen="t1"), new("/c", inode=7, first_seen="t2"), new("/d")],
        [("/a", "/c")],
    ),
    "a renamed name goes before the other names": (
        [old()],
        [new("/b", inode=7, first_seen="t1"), new("/c", inode=7)],
        [("/a", "/c")],
    ),
    "two names of one inode are gone": (
        [old("/a"), old("/b")],
        [new("/c", inode=7, first_seen="t1")],
        [("/a", "/c"), ("/b", "/c")],
    ),
    "its inode, written anew": ([old()], [new(inode=7, mtime_ns=6, first_seen="t1")], []),
    "its inode on another device": ([old()], [new(inode=7, device=2, first_seen="t1")], []),
    "no inodes": ([old(inode=None)], [new(inode=None, first_seen="t1")], []),
    "names of one empty file": ([old(size_bytes=0)], [new(size_bytes=0, inode=7, first_seen="t1")], []),
    "nothing": ([], [new()], []),
}


@pytest.mark.parametrize("case", CASES)
def test_moves(case: str) -> None:
    missing, present, expected = CASES[case]
    assert [(move.old.path, move.new.path) for move in match_moved(missing, present)] == expected


EVIDENCE = {
    "another name of the same inode, size and mtime as at the scan of t2": (old(), new(inode=7, first_seen="t1")),
    "same size and mtime as at the scan of t2": (old(), new()),
    "same size and mtime, same inode as at the scan of t2": (old(), new(inode=7)),
    "same OpenSubtitles hash and size as at the scan of t2": (old(oshash="h"), new(oshash="h", mtime_ns=6)),
}


@pytest.mark.parametrize("words", EVIDENCE)
def test_evidence_in_words(words: str) -> None:
    missing, present = EVIDENCE[words]
    assert match_moved([missing], [present])[0].evidence == words


stored = st.builds(
    old,
    st.sampled_from([f"/{name}" for name in "abcdef"]),
    size_bytes=st.integers(0, 2),
    mtime_ns=st.integers(0, 1),
    inode=st.sampled_from([None, 1, 2]),
    oshash=st.sampled_from([None, None, "h", "i"]),
    first_seen=st.sampled_from(["t1", "t3"]),
)
files = st.lists(stored, max_size=6, unique_by=lambda item: item.path)


@given(files, files)
def test_no_answer_where_two_would_do(missing: list[Stored], present: list[Stored]) -> None:
    present = [item._replace(path=item.path.upper(), last_seen="") for item in present]
    moved = match_moved(missing, present)
    assert len({move.old for move in moved}) == len(moved)
    lone = [move for move in moved if not move.evidence.startswith("another name")]
    assert len({move.new for move in lone}) == len(lone)
    for before, after, evidence in moved:
        assert before.size_bytes == after.size_bytes
        if evidence.startswith("another name"):
            assert (before.device, before.inode) == (after.device, after.inode)
            assert before.inode is not None
        else:
            assert after.first_seen > before.last_seen
        hashes = before.oshash and before.oshash == after.oshash
        assert hashes or before.mtime_ns == after.mtime_ns
        assert not (before.oshash and after.oshash and before.oshash != after.oshash)
    assert match_moved(missing[::-1], present[::-1]) == moved


def published_hash(content: bytes) -> str:
    """Return the hash as its publication defines it, added up word by word."""
    total = len(content)
    for block in (content[:65536], content[-65536:]):
        for offset in range(0, 65536, 8):
            total = (total + int.from_bytes(block[offset : offset + 8], "little")) % 2**64
    return f"{total:016x}"


CONTENTS = {
    "zeros": bytes(2 * HASH_BLOCK),
    "ones": b"\xff" * 2 * HASH_BLOCK,
    "counted": bytes(range(256)) * 1024,
    "odd size": b"Matroska" * 20000 + b"x",
    "large": b"a" * HASH_BLOCK + bytes(300_001) + b"z" * HASH_BLOCK,
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_hash_is_the_published_one(name: str) -> None:
    content = CONTENTS[name]
    assert opensubtitles_hash(io.BytesIO(content), len(content)) == published_hash(content)


def test_the_worked_number() -> None:
    assert opensubtitles_hash(io.BytesIO(bytes(131072)), 131072) == "0000000000020000"


@pytest.mark.parametrize("size, real", [(0, 0), (131071, 131071), (131072, 131071), (200_000, 70_000)])
def test_small_or_shrunken_files_have_none(size: int, real: int) -> None:
    assert opensubtitles_hash(io.BytesIO(bytes(real)), size) is None
