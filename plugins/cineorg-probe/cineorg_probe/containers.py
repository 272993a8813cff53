"""How long a container says that it is, so that a file which was cut off shows, whatever its header promises.

ffprobe alone does not tell: of a Matroska file, or an MP4 with its index in front, it reports the whole duration from
the header although the rest is missing, and to ask it for the last packets makes it read the whole of what is left.
Four containers say where they end; for those a few small reads decide, to the byte. Of others nothing is said, nor
where what stands there is of no known kind: a whole file must never be taken for a cut one.
"""

from __future__ import annotations

import os
from collections.abc import Callable

Read = Callable[[int, int], bytes]  # (length, offset) → bytes, fewer at the end of the file

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_PARTS = frozenset(map(bytes.fromhex, (
    "3626b2758e66cf11a6d900aa0062ce6c",  # the data
    "90080033b1e5cf1189f400a0c90349cb",  # an index
    "d329e2d6da35d111903400a0c90349be",  # another
)))  # fmt: skip
_MP4_BOXES = frozenset(
    b"ftyp moov mdat free skip wide moof mfra sidx ssix styp uuid meta udta pdin pnot prft emsg".split()
)
_MOST_BOXES = 4096  # a film in fragments of two seconds has about as many: each is a read
# A chunk of odd length is followed by a byte that some writers count and do not write; and some count the eight bytes
# that stand before what is counted.
_AVI_SLACK = 9
_AVI_UNFINISHED = (0, 0xFFFFFFFF)  # never filled in by a writer that was interrupted or could not seek


def find_cut(descriptor: int, size_bytes: int) -> str:
    """Return in words where an open file was cut off, or "" when it is whole or its container does not say.

    Raises OSError when the file cannot be read.
    """

    read = reader_of(descriptor)
    head = read(16, 0)
    if head[:4] == _EBML:
        return _cut("its Matroska segment", _matroska_end(read), size_bytes)
    if head[4:8] in _MP4_BOXES:
        return _find_cut_in_mp4(read, size_bytes)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return _cut("its AVI list", _avi_end(read, size_bytes), size_bytes, slack=_AVI_SLACK)
    if head == _ASF:
        return _cut("a part of its ASF file", _asf_end(read, size_bytes), size_bytes)
    return ""


def reader_of(descriptor: int) -> Read:
    """Return what reads an open file."""
    return lambda length, offset: os.pread(descriptor, length, offset)


def _cut(what: str, end: int, size_bytes: int, slack: int = 0) -> str:
    if end <= size_bytes + slack:
        return ""
    return f"cut off: {what} ends at byte {end}, the file at byte {size_bytes}"


def _matroska_end(read: Read) -> int:
    """Return where the first segment ends; 0 when that was not known when it was written (a live stream)."""
    offset = 0
    for _ in range(8):  # the header, and perhaps something void before the segment
        raw = read(12, offset)
        id_length = _vint_length(raw[:1])
        size_length = _vint_length(raw[id_length : id_length + 1])
        start = id_length + size_length
        if not id_length or not size_length or len(raw) < start:
            return 0
        value = int.from_bytes(raw[id_length:start], "big") & ((1 << 7 * size_length) - 1)
        is_unknown = value == (1 << 7 * size_length) - 1
        if raw[:4] == _SEGMENT:
            return 0 if is_unknown else offset + start + value
        if is_unknown:
            return 0
        offset += start + value
    return 0


def _vint_length(first: bytes) -> int:
    """Return of how many bytes a number of EBML (RFC 8794) is, told by its first; 0 if that is none."""
    return 9 - first[0].bit_length() if first and first[0] else 0


def _find_cut_in_mp4(read: Read, size_bytes: int) -> str:
    offset, seen = 0, set[bytes]()
    for _ in range(_MOST_BOXES):
        header = read(16, offset)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if len(header) < 8:
            break
        is_known = kind in _MP4_BOXES
        if not is_known and not _may_be_box(kind):
            return ""
        seen.add(kind)
        if length == 0:  # up to the end of the file, wherever that is
            break
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:
            return ""
        offset += length
        if offset > size_bytes:
            return _cut(f"its box {kind.decode()}", offset, size_bytes) if is_known else ""
    else:
        return ""
    return "cut off: its index (moov) is missing" if b"mdat" in seen and b"moov" not in seen else ""


def _may_be_box(kind: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)


def _avi_end(read: Read, size_bytes: int) -> int:
    """Return where the last list that begins in the file ends: large files are a chain of them."""
    offset = 0
    while offset < size_bytes:
        header = read(12, offset)
        if header[:4] != b"RIFF" or header[8:12] not in (b"AVI ", b"AVIX"):
            break
        length = int.from_bytes(header[4:8], "little")
        if length in _AVI_UNFINISHED:
            return 0
        offset += 8 + length + length % 2
    return offset


def is_avi_finished(read: Read) -> bool:
    """Return whether the writer of an AVI file came to fill in how long it is."""
    return int.from_bytes(read(4, 4), "little") not in _AVI_UNFINISHED


def _asf_end(read: Read, size_bytes: int) -> int:
    """Return where the last known part of the file ends; what was written as a broadcast ends with its header.

    The size that its header tells is not asked: who changes the tags of a file may leave it as it was.
    """
    end = int.from_bytes(read(8, 16), "little")
    while end < size_bytes:
        part = read(24, end)
        length = int.from_bytes(part[16:24], "little")
        if part[:16] not in _ASF_PARTS or length < 24:
            break
        end += length
    return end
