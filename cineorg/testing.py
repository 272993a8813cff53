"""Libraries on a real disk for tests, ours and those of plugins: build one, run the real command, look at the tree.

`Library.run` goes through the command line in this process, with stdout as bytes. `Library.start` makes a child, for
what only a process has: signals, pipes, other privileges. Nothing here is loaded by a command.
"""

from __future__ import annotations

import base64
import configparser
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from .commands import group

Entry = int | bytes | str | None
_FIRST_MTIME_NS = 1_700_000_000_123_456_789
_SECOND_NS = 1_000_000_000


@dataclass(frozen=True)
class Result:
    """What a command left: exit code, stdout as bytes, stderr as text."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the one document that it should be."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def make_tree(root: str | Path, entries: Mapping[str, Entry]) -> None:
    """Make entries below `root`: name → size of a (sparse) file, its content, a link's target, or None: a folder.

    Every file gets an mtime of its own that depends on its name alone, as the same file has wherever it is copied.
    """
    for name, entry in entries.items():
        path = os.path.join(root, name)
        os.makedirs(path if entry is None else os.path.dirname(path), exist_ok=True)
        if isinstance(entry, str):
            os.symlink(entry, path)
        elif entry is not None:
            make_file(path, entry)


def make_file(path: str | Path, entry: int | bytes, mtime_ns: int | None = None) -> None:
    """Write a file of that size or content; its mtime follows from its name unless given."""
    with open(path, "wb") as file:
        if isinstance(entry, bytes):
            file.write(entry)
        else:
            file.truncate(entry)
    size = len(entry) if isinstance(entry, bytes) else entry
    own = sum(os.fsencode(os.path.basename(path))) * 7919 + size
    os.utime(path, ns=(0, mtime_ns or _FIRST_MTIME_NS + own * _SECOND_NS))


def snapshot(root: str | Path) -> dict[str, tuple[Any, ...]]:
    """Return what nothing can touch below `root` without changing: mode, size, times, inode, and links' targets."""
    found = {}
    for folder, folders, files in os.walk(os.fspath(root)):
        for path in [folder, *(os.path.join(folder, name) for name in folders + files)]:
            info = os.lstat(path)
            target = os.readlink(path) if os.path.islink(path) else ""
            found[path] = (info.st_mode, info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino, target)
    return found


def tree(root: str | Path) -> dict[str, str]:
    """Return what a reader of `root` finds, by path below it: a link's text, "/" for a folder, "file" for a file."""
    found = {}
    for folder, folders, files in os.walk(os.fspath(root)):
        for name in folders + files:
            path = os.path.join(folder, name)
            is_link = os.path.islink(path)
            found[os.path.relpath(path, root)] = (
                os.readlink(path) if is_link else "/" if os.path.isdir(path) else "file"
            )
    return found


class Library:
    """Two roots and a catalogue below one folder."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.storage, self.video, self.db = str(base / "storage"), str(base / "video"), str(base / "cineorg.db")
        os.makedirs(self.storage)
        os.makedirs(self.video)

    def add(self, storage: Mapping[str, Entry] | None = None, video: Mapping[str, Entry] | None = None) -> Library:
        """Make entries in the roots; in a link's target `@/` stands for the storage root, `$/` for the video root."""
        make_tree(self.storage, storage or {})
        make_tree(self.video, {name: self._target(entry) for name, entry in (video or {}).items()})
        return self

    def _target(self, entry: Entry) -> Entry:
        if not isinstance(entry, str):
            return entry
        return entry.replace("@/", f"{self.storage}/").replace("$/", f"{self.video}/")

    def films(self, number: int, folder: str = "Films", genre: str = "Drame") -> Library:
        """Make that many films in storage, each of a size of its own, and a link to each."""
        name = os.path.basename(folder)
        return self.add(
            {f"{folder}/{name}.{i}.2001.mkv": 1000 + i for i in range(number)},
            {f"{folder}/{genre}/{name} no{i} (2001).mkv": f"@/{folder}/{name}.{i}.2001.mkv" for i in range(number)},
        )

    def move(self, old: str, new: str) -> None:
        """Rename a stored file."""
        os.makedirs(os.path.dirname(self.stored(new)), exist_ok=True)
        os.rename(self.stored(old), self.stored(new))

    def stored(self, name: str) -> str:
        """Return the path of a stored file."""
        return f"{self.storage}/{name}"

    def link(self, name: str) -> str:
        """Return the path of a link."""
        return f"{self.video}/{name}"

    def flags(self) -> list[str]:
        """Return the options that name this library."""
        return ["--storage", self.storage, "--video", self.video, "--db", self.db]

    def run(self, command: str, *arguments: str, stdin: bytes = b"") -> Result:
        """Run a command on this library in this process."""
        return run_command([command, *self.flags(), *arguments], stdin)

    def start(self, command: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command on this library as a child process."""
        return start_command([command, *self.flags(), *arguments], **options)

    def scan(self, *arguments: str, code: int | None = 0) -> dict[str, Any]:
        """Scan and return the JSON report."""
        return self.report("scan", *arguments, code=code)

    def integrity(self, *arguments: str, code: int | None = None) -> dict[str, Any]:
        """Return the JSON report of `integrity`."""
        return self.report("integrity", *arguments, code=code)

    def report(self, command: str, *arguments: str, code: int | None = None) -> dict[str, Any]:
        """Run a command with --json; `code` is the exit code it must have (None: any)."""
        result = self.run(command, "--json", *arguments)
        assert code is None or result.code == code, (result.code, result.err, result.out[-2000:])
        return result.json

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a statement finds in the catalogue; with a statement that writes, it is written."""
        with closing(sqlite3.connect(self.db)) as connection, connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            return connection.execute(statement, values).fetchall()

    def write_config(self, text: str) -> None:
        """Write the user's config file."""
        path = Path(os.environ["XDG_CONFIG_HOME"], "cineorg", "config.toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def kinds(report: Mapping[str, Any], rows: str = "issues") -> dict[str, list[str]]:
    """Return the paths of a report's rows by their kind."""
    found: dict[str, list[str]] = {}
    for row in report[rows]:
        found.setdefault(row["type"], []).append(row["path"])
    return found


def exact_path(row: Mapping[str, Any]) -> str:
    """Return a row's path with the bytes that it has on disk."""
    return os.fsdecode(base64.b64decode(row["path_b64"])) if "path_b64" in row else str(row["path"])


def run_command(arguments: Sequence[str], stdin: bytes = b"") -> Result:
    """Run `cineorg` in this process."""
    out, err = io.BytesIO(), io.BytesIO()
    streams: dict[str, Any] = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), "utf-8"),
        "stdout": io.TextIOWrapper(out, "utf-8"),
        "stderr": io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True),
    }
    with mock.patch.multiple(sys, **streams), mock.patch.object(group, "_registry", None):
        code = group.main(list(arguments))
        streams["stdout"].flush()
        result = Result(code, out.getvalue(), err.getvalue().decode())
    assert "Traceback" not in result.err, result.err
    assert "internal error" not in result.err, result.err
    return result


def start_command(arguments: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start `cineorg` as a child with pipes for stdout and stderr, unless `options` say otherwise.

    `prefix`: a command that runs it, see `unprivileged`.
    """
    environment = {**os.environ, "PYTHONPATH": _search_path(), **options.pop("env", {})}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options}
    prefix = options.pop("prefix", [])
    return subprocess.Popen([*prefix, sys.executable, "-m", "cineorg", *arguments], env=environment, **options)


def _search_path() -> str:
    return ":".join(filter(None, [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]))


def finish(child: subprocess.Popen[bytes], timeout_s: float = 60) -> Result:
    """Wait for a child and return what it left; kills it after the timeout."""
    try:
        out, err = child.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise
    text = (err or b"").decode("utf-8", "backslashreplace")
    assert "Traceback" not in text, text
    assert "internal error" not in text, text
    return Result(child.returncode, out or b"", text)


@contextmanager
def mounted(path: str | Path, options: str = "size=1m", *, bind: str = "") -> Iterator[None]:
    """Mount an empty tmpfs, or the folder `bind`, over a folder; skips the test where that is not allowed."""
    import pytest

    source = ["--bind", bind] if bind else ["-t", "tmpfs", "-o", options, "cineorg-test"]
    done = subprocess.run(["mount", *source, path], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def unprivileged(*lost: str) -> list[str]:
    """Return what stands before a command so that permissions bind it, even where the tests run as root.

    It stays the owner of what the test made, so that it can be refused by mode alone; `lost` are further capabilities
    that it does without, such as "fowner".
    """
    if os.geteuid() != 0:
        return []
    need("setpriv")
    without = ",".join(f"-{name}" for name in ("dac_override", "dac_read_search", *lost))
    return ["setpriv", f"--bounding-set={without}"]


def need(program: str) -> None:
    """Skip the test where a program is missing, or fail it where `CINEORG_TESTS_NEED_TOOLS` says that all are there."""
    import pytest

    if shutil.which(program) is None:
        reason = f"{program} is not installed"
        pytest.fail(reason) if os.environ.get("CINEORG_TESTS_NEED_TOOLS") else pytest.skip(reason)


@contextmanager
def away_from_home(home: str | Path, **variables: str) -> Iterator[None]:
    """Let nothing of the user's environment reach the code or a child process; `home` becomes the home folder.

    `variables` are set besides. No installed plugin is loaded unless `CINEORG_LOAD_PLUGINS` names it.
    """
    dropped = ("NO_COLOR", "COLUMNS", "LINES", "PYTHONUTF8")
    with mock.patch.dict(os.environ):
        for name in list(os.environ):
            if name in dropped or (name.startswith(("CINEORG_", "XDG_")) and name != "CINEORG_TESTS_NEED_TOOLS"):
                del os.environ[name]
        os.environ["HOME"] = str(home)
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = os.path.join(home, name.lower())
        os.environ |= {"CINEORG_LOAD_PLUGINS": "", **variables}
        yield


def as_if_installed(distribution: Path, folder: Path, version: str = "0.1.0") -> str:
    """Return a search path on which the package of a source folder is found with its entry points, as pip leaves it.

    `folder` is made, and holds what pip would write; the source folder has a `setup.cfg`.
    """
    setup = configparser.ConfigParser()
    setup.read(distribution / "setup.cfg")
    name = setup["metadata"]["name"]
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[cineorg]{setup['options.entry_points']['cineorg']}\n")
    return f"{folder}:{distribution}"
