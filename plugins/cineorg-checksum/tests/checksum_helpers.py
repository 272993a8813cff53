"""A library, and the real command run on it in a process of its own, with the plugin installed or as if it were."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

import cineorg
from cineorg import testing
from cineorg.testing import exact_path as exact
from cineorg.testing import need as need

DISTRIBUTION = Path(__file__).parent.parent
MTIME_NS = 1_700_000_000_123_456_789
try:
    IS_INSTALLED = bool(distribution("cineorg-checksum"))
except PackageNotFoundError:
    IS_INSTALLED = False


class Result(testing.Result):
    """What a command left."""

    @property
    def counts(self) -> dict[str, int]:
        """The summary without its zeros, and without the bytes."""
        return {name: n for name, n in self.json["summary"].items() if n and name not in ("bytes_read", "total")}

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the file: its fault, or the kind of the finding."""
        return {os.path.basename(exact(row)): row.get("fault", row["type"]) for row in self.json["issues"]}


def environment(**changes: str) -> dict[str, str]:
    """Return an environment in which cineorg can be imported and nobody's settings are seen."""
    names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
    path = [changes.pop("PYTHONPATH", ""), str(Path(cineorg.__file__).parent.parent), names.get("PYTHONPATH", "")]
    home = {f"XDG_{name}_HOME": "/nonexistent" for name in ("CONFIG", "DATA")}
    home["CINEORG_LOAD_PLUGINS"] = "checksum"  # what else is installed is no part of what is tested
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

    def add(self, name: str, content: bytes | int = 100_000) -> str:
        """Make a stored film with that content, or so much that is no other film's; its mtime is its own."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._made += 1
        if isinstance(content, int):
            content = b"".join(b"%s %d\n" % (os.fsencode(name), n) for n in range(content // 10))[:content]
        Path(path).write_bytes(content)
        os.utime(path, ns=(0, MTIME_NS + self._made * 1_000_000_000))
        return path

    def path(self, name: str) -> str:
        """Return the path of a stored film."""
        return os.path.join(self.storage, "Films", name)

    def link(self, name: str, target: str) -> str:
        """Make a link in the video tree."""
        path = os.path.join(self.video, "Films", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
        return path

    def command(self, name: str, *words: str) -> list[str]:
        """Return the command line of a cineorg command on this library."""
        roots = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.db)]
        return [sys.executable, "-m", "cineorg", name, *roots, "--config", str(self.config), *words]

    def run(self, name: str, *words: str, prefix: tuple[str, ...] = (), code: int | None = None) -> Result:
        """Run a cineorg command on this library; `code`: the exit code that it must have (None: any)."""
        done = subprocess.run([*prefix, *self.command(name, *words)], env=self.env, capture_output=True, check=False)
        result = Result(done.returncode, done.stdout, done.stderr.decode("utf-8", "backslashreplace"))
        assert "Traceback" not in result.err, result.err
        assert "internal error" not in result.err, result.err
        assert code is None or result.code == code, result
        return result

    def checksum(self, *words: str, code: int = 0, **options: Any) -> Result:
        """Run `cineorg checksum --json`."""
        return self.run("checksum", "--json", *words, code=code, **options)

    def integrity(self, *words: str, code: int = 0) -> Result:
        """Run `cineorg integrity --json --only damaged_file`."""
        return self.run("integrity", "--json", "--only", "damaged_file", *words, code=code)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a statement finds in the file of digests; one that writes, writes."""
        with closing(sqlite3.connect(self.base / "c.checksum.db")) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def age(self, name: str, days: int) -> None:
        """Have a film's last reading be so long ago."""
        statement = "UPDATE files SET read_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', ?) WHERE path = ?"
        self.rows(statement, f"-{days} days", os.fsencode(self.path(name)))


def rot(path: str, offset: int = 70_000) -> None:
    """Change one byte of a file, and nothing else that can be seen."""
    times = os.stat(path)
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def unprivileged() -> tuple[str, ...]:
    """Return what stands before a command so that permissions bind it, even where the tests run as root."""
    return tuple(testing.unprivileged("fowner"))


@contextmanager
def mounted(path: Path) -> Iterator[None]:
    """Mount an empty tmpfs over a folder; skips the test where that is not allowed."""
    line = ["mount", "-t", "tmpfs", "-o", "size=256m", "cineorg-test", str(path)]
    done = subprocess.run(line, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(path)], check=False, capture_output=True)
