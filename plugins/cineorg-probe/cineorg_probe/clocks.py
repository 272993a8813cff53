"""Whether the duration that ffprobe tells may be believed. Where it may not, nothing is said about it.

Most containers write it down. Of a stream ffprobe subtracts the first time stamp from the last, which means nothing
where two recordings, or the titles of a DVD, were put into one file: the clock starts anew. Of bare video, and of an
AVI file that its writer never finished, it guesses by the bit rate.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from statistics import median

from .containers import Read, is_avi_finished, reader_of

Find = Callable[[bytes], float | None]

_WRITTEN_DOWN = frozenset("matroska mov asf flv ogg rm mxf nut".split())
_SAMPLES = 16  # places at which the clock is read
_MOST_BYTES = 1024 * 1024  # in which a place must show the time: at 80 Mb/s that is the 0.1 s of ISO/IEC 13818-1
_CHUNK = 64 * 1024
_JUMP = 6  # times the usual: so much longer does no quiet scene last in as many bytes
_SLACK_SECONDS = 5.0
_PACK = b"\0\0\1\xba"
_MARKERS = 1 << 32 | 1 << 16 | 1  # behind its three, fifteen and fifteen bits
_TS_PACKETS = (188, 192)
_IN_ROW = 4  # packets, until their first byte is believed to be one


def is_duration_sure(descriptor: int, size_bytes: int, format_name: str, duration_seconds: float) -> bool:
    """Return whether this duration, which ffprobe told of an open file of this format, may be believed.

    Raises OSError when the file cannot be read.
    """
    names, read = frozenset(format_name.split(",")), reader_of(descriptor)
    if names & _WRITTEN_DOWN:
        return True
    if "avi" in names:
        return is_avi_finished(read)
    if "mpegts" in names:
        return _is_steady(read, size_bytes, find_pcr, duration_seconds)
    return "mpeg" in names and _is_steady(read, size_bytes, find_scr, duration_seconds)


def _is_steady(read: Read, size_bytes: int, find: Find, duration_seconds: float) -> bool:
    """Return whether the clock goes forward all through the file, leaps nowhere, and agrees with the duration."""
    found = [_time_at(read, size_bytes * part // _SAMPLES, find) for part in range(_SAMPLES)]
    times = [time for time in found if time is not None]
    if len(times) < _SAMPLES // 2:
        return False
    steps = [later - earlier for earlier, later in pairwise(times)]
    if min(steps) < 0 or max(steps) > max(_JUMP * median(steps), _SLACK_SECONDS):
        return False
    # The clock may start anew behind the last place.
    seen = times[-1] - times[0]
    return seen - _SLACK_SECONDS <= duration_seconds <= 2 * seen + _SLACK_SECONDS


def _time_at(read: Read, offset: int, find: Find) -> float | None:
    data = b""
    while len(data) < _MOST_BYTES:
        chunk = read(_CHUNK, offset + len(data))
        data += chunk
        time = find(data)
        if time is not None or len(chunk) < _CHUNK:
            return time
    return None


def find_pcr(data: bytes) -> float | None:
    """Return the first time, in seconds, that a piece of a transport stream tells (ISO/IEC 13818-1, 2.4.3.5)."""
    for size in _TS_PACKETS:
        for start in range(size):
            if len(data) > start + _IN_ROW * size and all(data[start + n * size] == 0x47 for n in range(_IN_ROW)):
                return _first_pcr(data, range(start, len(data) - 11, size))
    return None


def _first_pcr(data: bytes, packets: range) -> float | None:
    for at in packets:
        has_field = data[at] == 0x47 and data[at + 3] & 0x20
        if has_field and data[at + 4] >= 7 and data[at + 5] & 0x10:
            return (int.from_bytes(data[at + 6 : at + 11], "big") >> 7) / 90_000
    return None


def find_scr(data: bytes) -> float | None:
    """Return the first time, in seconds, that a piece of a program stream tells (ISO/IEC 13818-1, 2.5.3.3; 11172-1)."""
    at = data.find(_PACK)
    while 0 <= at <= len(data) - 9:
        bits = int.from_bytes(data[at + 4 : at + 9], "big")
        if bits >> 38 == 0b01:  # MPEG-2: two bits more stand behind it
            bits = bits >> 2 & 0xFFFFFFFFF
        elif bits >> 36 == 0b0010:
            bits &= 0xFFFFFFFFF
        else:
            bits = 0
        if bits & _MARKERS == _MARKERS:
            return ((bits >> 33 << 30) | (bits >> 17 & 0x7FFF) << 15 | (bits >> 1 & 0x7FFF)) / 90_000
        at = data.find(_PACK, at + 4)
    return None
