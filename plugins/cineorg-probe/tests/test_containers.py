"""Where a container says that it ends: real files, cut at many places, and bytes that nobody would write."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from cineorg_probe.containers import find_cut
from hypothesis import given
from hypothesis import strategies as st
from probe_helpers import SECONDS, VIDEOS

# What is known of each container, and so which cuts are seen: all of them; none; all that leave a box unfinished.
SEEN = {
    "whole.mkv": "all",
    "whole.webm": "all",
    "whole.mp4": "all",
    "index in front.mp4": "all",
    "whole.avi": "all",
    "whole.wmv": "all",
    "fragments.mp4": "unless between two fragments",
    "live.mkv": "none",
    "whole.ts": "none",
    "whole.m2ts": "none",
    "mpeg1.mpg": "none",
    "bare.mpg": "none",
    "whole.mpg": "none",
    "whole.flv": "none",
    "whole.ogm": "none",
}
_SMALLEST = 128  # of less than this a header is not whole, and ffprobe takes the file for no video anyway
_PLACES = 300


def cut_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return find_cut(descriptor, len(content))
    finally:
        os.close(descriptor)


def test_every_container_is_judged() -> None:
    assert SEEN.keys() == VIDEOS.keys()


@pytest.mark.parametrize("name", SEEN)
def test_a_cut_is_seen_wherever_it_is(name: str, videos: Path, tmp_path: Path) -> None:
    content = (videos / name).read_bytes()
    path = tmp_path / name
    assert cut_of(path, content) == ""
    assert cut_of(path, content + b"something behind it") == ""
    # The last byte may be a padding byte that was never written; eight may have been counted once too often.
    slack = 10 if name.endswith("avi") else 0
    places = {_SMALLEST + (len(content) - 1 - slack - _SMALLEST) * part // _PLACES for part in range(_PLACES + 1)}
    missed = sorted(place for place in places if not cut_of(path, content[:place]))
    if SEEN[name] == "none":
        assert missed == sorted(places)
    elif SEEN[name] == "all":
        assert missed == []
    else:
        assert len(missed) <= 3 * SECONDS  # a fragment a second, of two boxes
        assert all(content[place + 4 : place + 8] in (b"moof", b"mdat", b"mfra") for place in missed)


def test_the_words_say_where(videos: Path, tmp_path: Path) -> None:
    content = (videos / "whole.mkv").read_bytes()
    assert cut_of(tmp_path / "a", content[:5000]) == (
        f"cut off: its Matroska segment ends at byte {len(content)}, the file at byte 5000"
    )


def box(kind: bytes, length: int) -> bytes:
    return struct.pack(">I", length) + kind + bytes(length - 8)


GUIDS = {
    "header": "3026b2758e66cf11a6d900aa0062ce6c",
    "properties": "a1dcab8c47a9cf118ee400c00c205365",
    "data": "3626b2758e66cf11a6d900aa0062ce6c",
    "index": "90080033b1e5cf1189f400a0c90349cb",
}


def part(name: str, length: int, content: bytes = b"") -> bytes:
    return bytes.fromhex(GUIDS[name]) + struct.pack("<Q", length) + content.ljust(max(length - 24, 0), b"\0")


ASF = part("header", 134, bytes(6) + part("properties", 104, bytes(16) + struct.pack("<Q", 10_000)))
RIFF = struct.Struct("<4sI4s")
VOID_BEFORE = b"\x1a\x45\xdf\xa3\x81\x00\xec\x82\x00\x00\x18\x53\x80\x67\x88"
TWO_BOXES = box(b"ftyp", 16) + box(b"moov", 8)
TWO_LISTS = RIFF.pack(b"RIFF", 20, b"AVI ") + bytes(16) + RIFF.pack(b"RIFF", 80, b"AVIX")
CASES: dict[str, tuple[bytes, bool]] = {
    "nothing": (b"", False),
    "too short for anything": (b"\x1a\x45", False),
    "EBML alone": (b"\x1a\x45\xdf\xa3", False),
    "EBML and zeros": (b"\x1a\x45\xdf\xa3" + bytes(100), False),
    "an element before the segment": (VOID_BEFORE + bytes(8), False),
    "an element before a segment that is cut": (
        VOID_BEFORE + bytes(7), True
    ),
    "a segment of unknown size": (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7 + bytes(3), False),
    "boxes": (box(b"ftyp", 16) + box(b"moov", 16) + box(b"mdat", 100), False),
    "a box of 64 bits": (TWO_BOXES + b"\0\0\0\1mdat" + struct.pack(">Q", 116) + bytes(100), False),
    "a box of 64 bits that is cut": (
        TWO_BOXES + b"\0\0\0\1mdat" + struct.pack(">Q", 117) + bytes(100), True
    ),
    "a box up to the end": (TWO_BOXES + b"\0\0\0\0mdat" + bytes(100), False),
    "no index": (box(b"ftyp", 16) + box(b"mdat", 100), True),
    "no index, data up to the end": (box(b"ftyp", 16) + b"\0\0\0\0mdat" + bytes(100), True),
    "a head alone": (box(b"ftyp", 16), False),
    "a box that cannot be": (box(b"ftyp", 16) + b"\0\0\0\4mdat" + bytes(100), False),
    "a box of no known kind before the index": (
        box(b"ftyp", 16) + box(b"mdat", 100) + box(b"\xa9xyz", 30) + box(b"moov", 16), False
    ),
    "a box of no known kind that is cut": (box(b"ftyp", 16) + box(b"mdat", 100) + box(b"abcd", 30)[:-1], False),
    "something else behind the data": (box(b"ftyp", 16) + box(b"mdat", 100) + bytes(100), False),
    "an index that has just begun": (box(b"ftyp", 16) + box(b"mdat", 100) + b"\0\0\0\x20mo", True),
    "something else behind the boxes": (TWO_BOXES + b"\xff\xff\xff\xffTAG!" + bytes(9), False),
    "a chain of lists": (TWO_LISTS + bytes(76), False),
    "a chain that is cut in its second list": (
        TWO_LISTS + bytes(60), True
    ),
    "a list that was never finished": (RIFF.pack(b"RIFF", 0, b"AVI ") + bytes(90), False),
    "a list without its last padding byte": (RIFF.pack(b"RIFF", 15, b"AVI ") + bytes(11), False),
    "a list that counts its own header": (RIFF.pack(b"RIFF", 24, b"AVI ") + bytes(12), False),
    "a list that lacks more than that": (RIFF.pack(b"RIFF", 26, b"AVI ") + bytes(12), True),
    "ASF": (ASF + part("data", 100) + part("index", 30), False),
    "ASF with something behind it": (ASF + part("data", 100) + b"TAG" + bytes(200), False),
    "ASF whose header tells another size": (ASF + part("data", 60), False),
    "ASF that was broadcast": (ASF + part("data", 0)[:16] + bytes(900), False),
    "ASF, cut in its header": (ASF[:40], True),
    "ASF, cut in its data": (ASF + part("data", 100)[:-1], True),
    "ASF, cut in its index": (ASF + part("data", 100) + part("index", 30)[:-1], True),
    "sound": (RIFF.pack(b"RIFF", 80, b"WAVE") + bytes(4), False),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_headers_by_hand(name: str, tmp_path: Path) -> None:
    content, is_cut = CASES[name]
    assert bool(cut_of(tmp_path / "a", content)) == is_cut


def test_a_chain_of_too_many_boxes_is_left_alone(tmp_path: Path) -> None:
    assert cut_of(tmp_path / "a", box(b"ftyp", 16) + box(b"free", 8) * 5000 + box(b"mdat", 1000)[:-1]) == ""


HEADS = [
    b"",
    b"\x1a\x45\xdf\xa3",
    b"\0\0\0\x08ftyp",
    b"RIFF\x10\0\0\0AVI ",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
]


@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_no_bytes_are_too_much_for_it(head: bytes, rest: bytes) -> None:
    descriptor = os.memfd_create("bytes")
    try:
        os.write(descriptor, head + rest)
        assert isinstance(find_cut(descriptor, len(head + rest)), str)
    finally:
        os.close(descriptor)
