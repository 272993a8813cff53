"""Which durations are believed: those that are written down, and those of clocks that go through the whole file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cineorg_probe import clocks
from cineorg_probe.clocks import find_pcr, find_scr, is_duration_sure
from cineorg_probe.ffprobe import find_ffprobe
from hypothesis import given
from hypothesis import strategies as st
from probe_helpers import SECONDS, VIDEOS

UNSURE = {"bare.mpg"}  # of these ffprobe knows no duration, or guesses it
NONE = {"live.mkv"}
STREAMS = ["whole.ts", "whole.m2ts", "whole.mpg", "mpeg1.mpg"]


def believed(path: Path) -> float | None:
    """Return the duration that ffprobe tells of a file, None if it is not believed."""
    answer = find_ffprobe("ffprobe", 60).ask(str(path))
    assert answer.format, answer
    descriptor = os.open(path, os.O_RDONLY)
    try:
        duration = answer.duration_seconds
        is_sure = duration is not None and is_duration_sure(descriptor, path.stat().st_size, answer.format, duration)
        return duration if is_sure else None
    finally:
        os.close(descriptor)


@pytest.fixture(autouse=True)
def short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_SLACK_SECONDS", 1.0)


@pytest.mark.parametrize("name", sorted(VIDEOS))
def test_whole_files(name: str, videos: Path) -> None:
    duration = believed(videos / name)
    if name in UNSURE | NONE:
        assert duration is None
    else:
        assert duration == pytest.approx(SECONDS, abs=0.5)


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_is_left_of_a_stream_has_a_duration(name: str, share: float, videos: Path, tmp_path: Path) -> None:
    content = (videos / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])
    duration = believed(path)
    assert duration is not None
    assert duration < SECONDS


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("shares", [(1, 1), (1, 1, 1), (1, 1, 1, 1, 1), (0.4, 1), (1, 0.3), (0.2, 1, 1)])
def test_several_clocks_have_none(name: str, shares: tuple[float, ...], videos: Path, tmp_path: Path) -> None:
    content = (videos / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(b"".join(content[: int(len(content) * share)] for share in shares))
    assert believed(path) is None


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF])
def test_an_avi_file_that_was_never_finished_has_none(length: int, videos: Path, tmp_path: Path) -> None:
    content = (videos / "whole.avi").read_bytes()
    path = tmp_path / "a.avi"
    path.write_bytes(content[:4] + length.to_bytes(4, "little") + content[8:])
    assert believed(path) is None


def test_a_clock_that_leaps_has_none(videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ts"
    path.write_bytes(bytes(1_000_000))
    descriptor = os.open(path, os.O_RDONLY)
    try:
        for times, is_sure in (
            ([n * 60.0 for n in range(16)], True),
            ([n * 60.0 + (200 if n > 7 else 0) for n in range(16)], True),  # a quiet scene
            ([n * 60.0 + (3000 if n > 7 else 0) for n in range(16)], False),
            ([n * 60.0 - (1 if n == 9 else 0) for n in range(16)], True),
            ([n * 60.0 - (120 if n == 9 else 0) for n in range(16)], False),
            ([n * 60.0 if n > 7 else None for n in range(16)], True),
            ([n * 60.0 if n > 8 else None for n in range(16)], False),
        ):
            told = iter(times)
            monkeypatch.setattr(clocks, "_time_at", lambda *_, told=told: next(told))
            lasts = max(filter(None, times)) - min(time for time in times if time is not None)
            assert is_duration_sure(descriptor, 1_000_000, "mpegts", lasts) == is_sure, times
    finally:
        os.close(descriptor)


def test_the_time_is_read_as_it_is_written() -> None:
    packet = bytes.fromhex("47010030 0750 00000afc 7e00".replace(" ", "")) + bytes(188 - 12)
    assert find_pcr(bytes(17) + packet * 5) == pytest.approx(5624 / 90_000)
    assert find_pcr(packet * 3) is None
    ticks = 0x1_2345_6789
    high, middle, low = ticks >> 30, ticks >> 15 & 0x7FFF, ticks & 0x7FFF
    first = (0b0010 << 36) | (high << 33) | (1 << 32) | (middle << 17) | (1 << 16) | (low << 1) | 1
    assert find_scr(b"\0\0\1\xba" + first.to_bytes(5, "big")) == ticks / 90_000
    second = (0b01 << 38) | (high << 35) | (1 << 34) | (middle << 19) | (1 << 18) | (low << 3) | (1 << 2) | 0b11
    assert find_scr(b"junk\0\0\1\xba\0\0\0\0\0" + b"\0\0\1\xba" + second.to_bytes(5, "big")) == ticks / 90_000
    assert find_scr(b"\0\0\1\xba" + bytes(3)) is None


@given(st.binary(max_size=2000), st.sampled_from([b"", b"\x47" * 800, b"\0\0\1\xba\x44", b"\0\0\1\xba\x21"]))
def test_no_bytes_are_too_much_for_it(rest: bytes, head: bytes) -> None:
    for find in (find_pcr, find_scr):
        time = find(head + rest)
        assert time is None or 0 <= time <= 2**33 / 90_000
