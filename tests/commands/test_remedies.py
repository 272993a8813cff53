"""What a report tells its reader to do about what is away: the command that fits, on a line that can be copied."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable

import pytest
from helpers import Library, finish, run_command, unprivileged

AWAY = "/mnt/cineorg-no-such-disk"


def moved_mount(library: Library) -> None:
    for number in range(30):
        name = f"Film {number} ({1950 + number}).mkv"
        library.add({f"Films/{name}": 1000 + number}, {f"Films/Drame/{name}": f"{AWAY}/Films/{name}"})


def foreign_disk(library: Library) -> None:
    library.films(8).add({}, {"Films/Drame/Away (1999).mkv": f"{AWAY}/Away (1999).mkv"})


def lost_storage(library: Library) -> None:
    library.films(8).add({}, {"Films/Drame/A.mkv": "B.mkv", "Films/Drame/B.mkv": "A.mkv"})
    library.scan(code=None)
    shutil.move(library.storage, f"{library.storage}.away")
    os.mkdir(library.storage)


def broken_link(library: Library) -> None:
    library.films(8).scan()
    library.move("Films/Films.1.2001.mkv", "Films/elsewhere.mkv")


# What makes it, and whether each of these is suggested: to rewrite, to accept the loss, to repair.
WORLDS: dict[str, tuple[Callable[[Library], None], tuple[bool, bool, bool]]] = {
    "the mount has moved": (moved_mount, (True, False, False)),
    "a foreign disk is away": (foreign_disk, (False, True, False)),
    "all of storage is away": (lost_storage, (False, True, False)),
    "a file has moved": (broken_link, (False, False, True)),
}


@pytest.mark.parametrize("command", ["integrity", "cleanup", "scan"])
@pytest.mark.parametrize("world", WORLDS)
def test_each_cause_has_its_remedy(world: str, command: str, library: Library) -> None:
    make, wanted = WORLDS[world]
    make(library)
    if command != "scan" and not os.path.exists(library.db):
        library.scan(code=None)
    suggestions = library.report(command)["suggestions"]
    said = [any(word in line for line in suggestions) for word in ("--rewrite", "--accept", "--auto")]
    rewrite, accept, repair = wanted
    assert said == [rewrite, accept, repair and command == "integrity"], suggestions


def test_the_commands_that_are_suggested_do_it(library: Library) -> None:
    moved_mount(library)
    library.scan(code=3)
    line = next(line for line in library.integrity()["suggestions"] if "--rewrite" in line)
    done = run_command([*shlex.split(line)[1:], "--yes", "--json"])
    assert (done.code, done.json["complete"], done.json["summary"]["done"]) == (0, True, 30)
    assert "issues" not in done.json
    assert library.integrity("--only", "broken_symlink", code=0)["complete"]


def test_what_the_rewrite_left_is_still_told_of(library: Library) -> None:
    moved_mount(library)
    library.add({}, {"Films/Drame/Other (1999).mkv": f"{AWAY}/Other (1999).mkv"})
    library.scan(code=3)
    done = library.run("repair-links", "--rewrite", f"{AWAY}={library.storage}", "--yes", "--json")
    assert (done.code, done.json["complete"]) == (3, False)
    assert [issue["path"] for issue in done.json["issues"]] == [AWAY]


def test_explain_says_what_integrity_does(library: Library) -> None:
    moved_mount(library)
    library.scan(code=3)
    document = library.report("explain", library.link("Films/Drame/Film 3 (1953).mkv"), code=3)
    assert "--rewrite" in document["guard"]
    assert "--accept" not in document["guard"]


@pytest.mark.parametrize("folder", ["Films", "."])
def test_what_cannot_be_read_is_to_be_made_readable(folder: str, library: Library) -> None:
    library.films(30).films(30, "Series").scan()
    os.chmod(library.stored(folder), 0)
    done = finish(library.start("integrity", "--json", prefix=unprivileged()))
    os.chmod(library.stored(folder), 0o755)
    report = done.json
    assert done.code == 3
    assert not any("--accept" in line for line in report["suggestions"])
    assert any("make it readable" in issue["details"] for issue in report["issues"])
