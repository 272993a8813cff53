"""A library, and the real command run on it in a process of its own, with the plugin installed or as if it were."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import cineorg
from cineorg import testing
from cineorg.testing import exact_path as exact
from cineorg.testing import need as need

DISTRIBUTION = Path(__file__).parent.parent
_FIRST_MTIME_NS = 1_700_000_000_123_456_789
SECONDS = 6
PICTURE = ("-f", "lavfi", "-i", f"testsrc=duration={SECONDS}:size=160x120:rate=12")
SOUND = ("-f", "lavfi", "-i", f"sine=duration={SECONDS}")
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-c:a", "aac")
_MPEG4 = ("-c:v", "mpeg4", "-c:a", "mp2")
# Name → ffmpeg's options for it.
VIDEOS: dict[str, tuple[str, ...]] = {
    "whole.mkv": _H264,
    "whole.webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "live.mkv": (*_H264, "-live", "1"),
    "whole.mp4": _H264,
    "index in front.mp4": (*_H264, "-movflags", "+faststart"),
    "fragments.mp4": (*_H264, "-movflags", "frag_keyframe+empty_moov"),
    "whole.avi": _MPEG4,
    "whole.wmv": ("-c:v", "wmv2", "-c:a", "wmav2"),
    "whole.ts": _H264,
    "whole.m2ts": (*_H264, "-mpegts_m2ts_mode", "1"),
    "mpeg1.mpg": ("-c:v", "mpeg1video", "-r", "25", "-c:a", "mp2"),
    "bare.mpg": ("-c:v", "mpeg1video", "-r", "25", "-an", "-f", "mpeg1video"),
    "whole.mpg": ("-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2"),
    "whole.flv": ("-c:v", "flv1", "-c:a", "aac"),
    "whole.ogm": ("-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg"),
}
# What building a wheel leaves in the source folder is no installation.
_PLACES = [place for place in sys.path if Path(place).resolve() != DISTRIBUTION.resolve()]
IS_INSTALLED = any(distributions(name="cineorg-probe", path=_PLACES))


class Result(testing.Result):
    """What a command left."""

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the file: its fault, or "unreadable"."""
        return {os.path.basename(exact(row)): row.get("fault", row["type"]) for row in self.json["issues"]}


def environment(**changes: str) -> dict[str, str]:
    """Return an environment in which cineorg can be imported and nobody's settings are seen."""
    names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
    path = [changes.pop("PYTHONPATH", ""), str(Path(cineorg.__file__).parent.parent), names.get("PYTHONPATH", "")]
    home = {f"XDG_{name}_HOME": "/nonexistent" for name in ("CONFIG", "DATA")}
    home["CINEORG_LOAD_PLUGINS"] = "probe"  # what else is installed is no part of what is tested
    return names | {"PYTHONPATH": ":".join(filter(None, path))} | home | changes


def as_if_installed(folder: Path) -> str:
    """Return a search path on which the package is found with its entry point, as pip would leave it."""
    return testing.as_if_installed(DISTRIBUTION, folder)


class Library:
    """Two roots, the place of a catalogue and of a config file below one folder."""

    def __init__(self, base: Path) -> None:
        self.base, self.storage, self.video = base, base / "storage", base / "video"
        self.db, self.config = base / "c.db", base / "cineorg.toml"
        self.config.write_text("")
        (self.storage / "Films").mkdir(parents=True)
        (self.video / "Films").mkdir(parents=True)
        self.env = environment() if IS_INSTALLED else environment(PYTHONPATH=as_if_installed(base / "site"))
        self._made = 0

    def add(self, name: str, source: Path | bytes, share: float = 1.0) -> str:
        """Make a stored file from another's first bytes, with an mtime of its own; return its path."""
        content = source.read_bytes() if isinstance(source, Path) else source
        path = os.path.join(self.storage, "Films", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content[: int(len(content) * share)])
        self._made += 1
        os.utime(path, ns=(0, _FIRST_MTIME_NS + self._made * 1_000_000_000))
        return path

    def link(self, name: str, target: str) -> str:
        """Make a link in the video tree."""
        path = os.path.join(self.video, "Films", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
        return path

    def command(self, command: str, *arguments: str) -> list[str]:
        """Return the command line that runs a command on this library."""
        roots = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.db)]
        return [sys.executable, "-m", "cineorg", command, *roots, "--config", str(self.config), *arguments]

    def run(self, command: str, *arguments: str, prefix: tuple[str, ...] = (), **changes: str) -> Result:
        """Run a command on this library; `prefix`: a command that runs it, `changes`: of the environment."""
        line = [*prefix, *self.command(command, *arguments)]
        done = subprocess.run(line, env=self.env | changes, capture_output=True, check=False, cwd="/")
        text = done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in text, text
        assert "internal error" not in text, text
        return Result(done.returncode, done.stdout, text)

    def probe(self, *arguments: str, **changes: str) -> Result:
        """Run `cineorg probe --json`."""
        return self.run("probe", "--json", *arguments, **changes)

    def check(self, *arguments: str) -> Result:
        """Run the check alone, with `--json`."""
        return self.run("integrity", "--only", "unreadable_video", "--json", *arguments)

    def write(self, statement: str, *rows: tuple[Any, ...]) -> None:
        """Write rows into the catalogue, which `cineorg scan` has made."""
        with closing(sqlite3.connect(self.db)) as connection, connection:
            connection.executemany(statement, rows)


# A fake's answer that all is well, and bytes that are no video.
GOOD = """echo '{"streams": [{"codec_type": "video"}], "format": {"format_name": "matroska,webm"}}'"""
NOISE = b"noise" * 100


class FakeFfprobe:
    """A program on the search path that answers as ffprobe would, or does not; it counts the files it is asked of."""

    def __init__(self, folder: Path, script: str) -> None:
        self.folder, self._asked = folder, folder / "asked"
        folder.mkdir()
        program = folder / "ffprobe"
        program.write_text(
            f'#!/bin/sh\n[ "$1" = -version ] && {{ echo "ffprobe version 0"; exit 0; }}\n'
            f"for file; do :; done\nfile=${{file#file:}}\n"
            f'printf "%s\\0" "$file" >>"{self._asked}"\n{script}\n'
        )
        program.chmod(0o755)

    @property
    def path(self) -> str:
        """The search path with this program in front."""
        return f"{self.folder}:{os.environ['PATH']}"

    @property
    def asked(self) -> list[str]:
        """The paths that it was asked of, in this order."""
        return os.fsdecode(self._asked.read_bytes()).split("\0")[:-1] if self._asked.exists() else []


def unprivileged() -> tuple[str, ...]:
    """Return what stands before a command so that permissions bind it, even where the tests run as root."""
    return tuple(testing.unprivileged())
