"""How long a container says that it is, so that a file which was cut off shows, whatever its header promises.

ffprobe alone does not tell: of a Matroska file, or an MP4 with its index in front, it reports the whole duration from
the header although the rest is missing, and to ask it for the last packets makes it read the whole of what is left.
Four containers say where they end; for those a few small reads decide, to the byte. Of others nothing is said.
"""

from __future__ import annotations

import os
from collections.abc import Callable

Read = Callable[[int, int], bytes]  # (length, offset) → bytes, fewer at the end of the file

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MP4_BOXES = frozenset(
    b"ftyp moov mdat free skip wide moof mfra sidx ssix styp uuid meta udta pdin pnot prft emsg".split()
)
_MOST_BOXES = 4096  # a film in fragments of two seconds has about as many: each is a read
_ASF_HEADER = 64 * 1024


def find_cut(descriptor: int, size_bytes: int) -> str:
    """Return in words where an open file was cut off, or "" when it is whole or its container does not say.

    Raises OSError when the file cannot be read.
    """

    def read(length: int, offset: int) -> bytes:
        return os.pread(descriptor, length, offset)

    head = read(16, 0)
    if head[:4] == _EBML:
        return _cut("its Matroska segment", _matroska_end(read), size_bytes)
    if head[4:8] in _MP4_BOXES:
        return _find_cut_in_mp4(read, size_bytes)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        # A chunk of odd length is followed by a byte that some writers count and do not write.
        return _cut("its AVI list", _avi_end(read, size_bytes), size_bytes, slack=1)
    if head == _ASF:
        return _cut("the ASF file that its header describes", _asf_end(read), size_bytes)
    return ""


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
        if kind not in _MP4_BOXES:  # the end, or something that is no box behind the last one
            break
        seen.add(kind)
        if length == 0:  # up to the end of the file, wherever that is
            break
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:
            return ""
        offset += length
        if offset > size_bytes:
            return _cut(f"its box {kind.decode()}", offset, size_bytes)
    else:
        return ""
    return "cut off: its index (moov) is missing" if b"mdat" in seen and b"moov" not in seen else ""


def _avi_end(read: Read, size_bytes: int) -> int:
    """Return where the last list that begins in the file ends: large files are a chain of them."""
    offset = 0
    while offset < size_bytes:
        header = read(12, offset)
        if header[:4] != b"RIFF" or header[8:12] not in (b"AVI ", b"AVIX"):
            break
        length = int.from_bytes(header[4:8], "little")
        if length in (0, 0xFFFFFFFF):  # never filled in by a writer that was interrupted or could not seek
            return 0
        offset += 8 + length + length % 2
    return offset


def _asf_end(read: Read) -> int:
    """Return the size of the file as its header has it; 0 when it was written as a broadcast, or has none."""
    header = read(_ASF_HEADER, 0)
    offset = 30
    while offset + 24 <= len(header):
        length = int.from_bytes(header[offset + 16 : offset + 24], "little")
        if header[offset : offset + 16] == _ASF_FILE_PROPERTIES:
            is_broadcast = int.from_bytes(header[offset + 88 : offset + 92], "little") & 1
            return 0 if is_broadcast else int.from_bytes(header[offset + 40 : offset + 48], "little")
        if length < 24:
            break
        offset += length
    return 0
