"""What only looks, and every dry run, leaves each file as it was, whatever state the catalogue is in.

Every command of the table is tried; one that this file does not know how to call fails the first test.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from helpers import REPOSITORY, Library, Result, finish, unprivileged

from cineorg.commands.group import COMMANDS, build_group

BROKEN, WHOLE = "Films/Drame/Films no1 (2001).mkv", "Films/Drame/Films no2 (2001).mkv"
WRITING = {"scan", "demo"}  # they have no dry run
# `@/` stands for the storage root, `%/` for the video root.
CALLS: dict[str, list[list[str]]] = {
    "integrity": [[], ["--only", "broken_symlink"]],
    "explain": [[f"%/{BROKEN}"], [f"%/{WHOLE}"], ["@/Films/moved.mkv"]],
    "repair-links": [["--auto"], ["--rewrite", "/none=@"], [f"%/{BROKEN}", "--to", "@/Films/moved.mkv"]],
    "fix-bad-links": [[]],
    "link-movies": [[]],
    "cleanup": [[], ["--fix"]],
    "fix-symlinks": [["--relative"]],
    "history": [[], ["1"]],
    "undo": [[]],
    "link-orphans": [[], ["--versions", "--into", "%/Films/Drame"]],
    "restore": [[], ["--as-of", "2030-01-01"]],
    "apply": [["-"]],
    "acknowledge": [["--list"], ["%/Films"], ["--forget", "--kind", "broken_symlink"]],
    "plugins": [[]],
    "status": [[], ["--settings"]],
}


def has_dry_run(name: str) -> bool:
    group = build_group()
    command = group.get_command(click.Context(group), name)
    return any("--dry-run" in option.opts for option in command.params)


def calls() -> Iterator[tuple[str, ...]]:
    for name in COMMANDS:
        for arguments in CALLS.get(name, []):
            if has_dry_run(name):
                yield (name, "--dry-run", *arguments)
            if not has_dry_run(name) or (name == "cleanup" and "--fix" not in arguments):
                yield (name, *arguments)


CALLED = pytest.mark.parametrize("call", list(calls()), ids=" ".join)


def test_every_command_is_tried() -> None:
    assert set(CALLS) | WRITING == set(COMMANDS)
    assert not any(has_dry_run(name) for name in WRITING)


@pytest.fixture
def damaged(library: Library) -> Library:
    """Return a library with a batch in its journal, a broken link, and a catalogue in a folder of its own."""
    os.mkdir(library.base / "place")
    library.db = str(library.base / "place" / "c.db")
    library.films(8).scan()
    library.move("Films/Films.0.2001.mkv", "Films/elsewhere.mkv")
    library.run("repair-links", "--auto")
    library.move("Films/Films.1.2001.mkv", "Films/moved.mkv")
    return library


def contents(library: Library) -> dict[str, Any]:
    """Return every name below the library's folder with what it holds; SQLite's shared memory holds only locks."""
    found: dict[str, Any] = {}
    for folder, folders, files in os.walk(library.base):
        found |= {os.path.join(folder, name): os.lstat(os.path.join(folder, name)).st_mode for name in folders}
        for name in files:
            path = Path(folder, name)
            found[str(path)] = os.readlink(path) if path.is_symlink() else name.endswith("-shm") or path.read_bytes()
    return found


def run(library: Library, call: tuple[str, ...], prefix: list[str] | None = None) -> Result:
    """Run a command as a script would, and hold it to reading, or to one line that says why it cannot."""
    words = [word.replace("@", library.storage).replace("%", library.video) for word in call[1:]]
    link, old, new = library.link(BROKEN), library.stored("Films/Films.1.2001.mkv"), library.stored("Films/moved.mkv")
    plan = json.dumps({"op": "relink", "path": link, "old_target": old, "new_target": new}).encode()
    before = contents(library)
    if prefix is None:
        result = library.run(call[0], "-q", *words, stdin=plan)
    else:
        with open(library.base / "plan", "wb") as file:
            file.write(plan)
        words = [str(library.base / "plan") if word == "-" else word for word in words]
        before = contents(library)
        result = finish(library.start(call[0], "-q", *words, prefix=prefix))
    assert contents(library) == before
    is_refused = result.code in (2, 4)
    assert (result.out == b"") == is_refused, result
    assert result.err.count("\n") == is_refused, result.err
    return result


@CALLED
def test_there_is_no_catalogue(call: tuple[str, ...], damaged: Library) -> None:
    damaged.db = str(damaged.base / "place" / "none.db")
    result = run(damaged, call)
    assert result.code != 2 or "there is no catalogue at" in result.err


@CALLED
@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_nothing_can_be_written(call: tuple[str, ...], journal: str, damaged: Library) -> None:
    damaged.rows(f"PRAGMA journal_mode = {journal}")
    place = damaged.base / "place"
    os.unlink(damaged.db + ".lock")
    for path, mode in ((damaged.db, 0o444), (place, 0o555)):
        os.chmod(path, mode)
        try:
            assert run(damaged, call, unprivileged()).code in (0, 1)
        finally:
            os.chmod(place, 0o755)


@contextmanager
def writer(library: Library, begin: str) -> Iterator[None]:
    """Let another process hold our lock and be in the middle of a write."""
    script = (
        "import sys\nfrom cineorg.catalogue import open_catalogue\n"
        f"with open_catalogue(sys.argv[1], write=True) as db:\n db.execute({begin!r})\n"
        " db.execute(\"INSERT INTO movies (title) VALUES ('x')\")\n print(flush=True)\n sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script, library.db], env=environment, **pipes) as child:  # type: ignore[call-overload]
        child.stdout.readline()
        yield
        child.communicate()


def test_another_command_is_writing(damaged: Library) -> None:
    with writer(damaged, "BEGIN IMMEDIATE"):
        for call in calls():
            assert run(damaged, call).code in (0, 1), call


@CALLED
def test_a_crash_left_steps_pending_and_a_write_ahead_log(call: tuple[str, ...], damaged: Library) -> None:
    with closing(sqlite3.connect(damaged.db)) as other:
        other.execute("UPDATE cineorg_steps SET state = 'pending'")
        other.commit()
        copies = {name: Path(damaged.db + name).read_bytes() for name in ("", "-wal", "-shm")}
    for name, content in copies.items():
        Path(damaged.db + name).write_bytes(content)
    run(damaged, call)
    assert damaged.rows("SELECT DISTINCT state FROM cineorg_steps") == [("pending",)]


@CALLED
def test_a_catalogue_that_only_the_application_has_used(call: tuple[str, ...], damaged: Library) -> None:
    for (name,) in damaged.rows("SELECT name FROM sqlite_master WHERE name LIKE 'cineorg_%' AND type = 'table'"):
        damaged.rows(f"DROP TABLE {name}")
    result = run(damaged, call)
    assert result.code != 2 or "has never seen this library" in result.err or "there is no batch" in result.err


@CALLED
def test_a_catalogue_of_an_older_version(call: tuple[str, ...], damaged: Library) -> None:
    """What it lacks is added in memory, so that reports need no scan first."""
    damaged.rows("DROP TABLE cineorg_names")
    damaged.rows("DELETE FROM cineorg_migrations WHERE name = 'm004_names'")
    assert run(damaged, call).code in (0, 1)
