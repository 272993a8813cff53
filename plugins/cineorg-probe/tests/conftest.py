"""Real videos, made once by ffmpeg, and a library on a real disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# pytest imports test files by path and leaves sys.path alone: the package may not be installed, the helpers never are.
sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from probe_helpers import PICTURE, SOUND, VIDEOS, Library, need


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `VIDEOS`, and with files that are something else: sound, pictures, lists."""
    need("ffmpeg")
    need("ffprobe")
    folder = tmp_path_factory.mktemp("videos")
    for name, options in VIDEOS.items():
        _make(folder / name, *PICTURE, *SOUND, *options)
    _make(folder / "picture.png", *PICTURE, "-frames:v", "1")
    _make(folder / "picture.jpg", *PICTURE, "-frames:v", "1")
    _make(folder / "sound.m4a", *SOUND, "-c:a", "aac")
    cover = (
        "-i",
        str(folder / "picture.png"),
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "png",
        "-disposition:v",
        "attached_pic",
    )
    _make(folder / "album.mp3", *SOUND, *cover, "-c:a", "libmp3lame")
    (folder / "list.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:6,\nwhole.ts\n#EXT-X-ENDLIST\n")
    (folder / "list.ffconcat").write_text("ffconcat version 1.0\nfile whole.mkv\n")
    (folder / "subtitle.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    (folder / "page.html").write_text("<!doctype html><html><body>404 Not Found</body></html>\n")
    (folder / "zeros").write_bytes(bytes(50_000))
    (folder / "noise").write_bytes(bytes(number * number * 2654435761 >> 13 & 255 for number in range(50_000)))
    return folder


def _make(path: Path, *options: str) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-bitexact", *options, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library without a catalogue, with one file that is no video in storage."""
    return Library(tmp_path)
