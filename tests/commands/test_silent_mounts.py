"""A mount that is there and does not answer: its place is unreadable, and every command goes on and ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuse_mounts import FuseMount, fuse_mounted
from helpers import Library, finish, kinds

TIMEOUT_S = 1
COMMANDS = [
    ["scan"],
    ["integrity"],
    ["repair-links", "--auto"],
    ["repair-links", "--auto", "--delete-broken", "--missing-for", "0"],
    ["cleanup", "--fix", "-y"],
    ["fix-bad-links", "-y"],
    ["fix-symlinks", "-y", "--relative", "--max-changes", "100%"],
    ["link-movies", "-y"],
    ["link-orphans", "-y"],
]
# Where the mount is, below the storage root.
PLACES = {"the root": "", "a folder in scope": "Films", "a folder far below": "Films/Deep/Er", "beside": "Aside"}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    return PLACES[request.param]


@pytest.fixture
def silent(place: str, library: Library, tmp_path: Path) -> Iterator[FuseMount]:
    """A scanned library, of which a part lies on a mount that has stopped since."""
    behind = tmp_path / "behind"
    inner = "Films" if not place else ""
    for number in range(4):
        file = behind / inner / f"Behind.{number}.2001.mkv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * (2000 + number))
    target = "/".join(filter(None, [library.storage, place]))
    if place:
        library.films(30)
    with fuse_mounted(behind, target) as mount:
        there = "/".join(filter(None, [target, inner]))
        for number in range(4):
            library.add({}, {f"Films/Drame/Behind {number} (2001).mkv": f"{there}/Behind.{number}.2001.mkv"})
        library.scan(code=None)
        mount.stop()
        yield mount


def links_of(library: Library) -> dict[str, str]:
    folder = Path(library.video, "Films/Drame")
    return {name: os.readlink(folder / name) for name in os.listdir(folder)}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_ends_and_decides_nothing_there(command: list[str], silent: FuseMount, library: Library) -> None:
    before = links_of(library)
    began = time.monotonic()
    child = library.start(*command, "--timeout", str(TIMEOUT_S), "--json")
    done = finish(child, 60)
    seconds = time.monotonic() - began
    assert done.code in (2, 3, 4), (done.code, done.err)
    assert "Traceback" not in done.err
    assert seconds < 20 * TIMEOUT_S
    after = links_of(library)
    assert {name: after.get(name) is not None for name in before} == dict.fromkeys(before, True)
    if "fix-symlinks" not in command:
        assert after == before


def test_the_place_is_named(silent: FuseMount, library: Library, place: str) -> None:
    done = finish(library.start("integrity", "--timeout", str(TIMEOUT_S), "--json"), 60)
    assert done.code == 3
    assert not done.json["complete"]
    found = kinds(done.json)
    named = {path for kind in ("unreadable", "offline_target") for path in found.get(kind, [])}
    assert any(path in (silent.path, library.storage) or path.startswith(f"{library.video}/") for path in named)
    assert "broken_symlink" not in found
    assert "ghost_entry" not in found
    assert any("does not answer" in issue["reason"] for issue in done.json["issues"])


def test_one_file_that_does_not_answer(library: Library, tmp_path: Path) -> None:
    """A link alone leads to the mount: nothing of it is walked."""
    library.films(30)
    (tmp_path / "behind").mkdir()
    (tmp_path / "behind" / "Far.2001.mkv").write_bytes(b"far")
    with fuse_mounted(tmp_path / "behind", tmp_path / "away") as mount:
        library.add({}, {"Films/Drame/Far (2001).mkv": f"{mount.path}/Far.2001.mkv"})
        library.scan()
        mount.stop()
        done = finish(library.start("integrity", "--timeout", "1", "--json"), 60)
        assert (done.code, done.json["summary"].get("broken_symlinks")) == (3, 0)
        mount.go_on()
        assert finish(library.start("integrity", "--timeout", "5", "--json"), 60).code in (0, 1)


@pytest.mark.parametrize(
    "value, error",
    [("-1", "--timeout"), ("soon", "--timeout"), ("nan", "--timeout"), ("inf", "--timeout")],
)
def test_what_is_no_number_of_seconds_is_refused(value: str, error: str, library: Library) -> None:
    library.films(1).scan()
    result = library.run("integrity", "--timeout", value)
    assert result.code == 2
    assert error in result.err


def test_the_variable_counts(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEORG_TIMEOUT", "soon")
    result = library.films(1).run("integrity")
    assert result.code == 2
    assert "CINEORG_TIMEOUT" in result.err


@pytest.mark.parametrize("command", [["scan"], ["integrity"], ["repair-links", "--auto"], ["history"], ["undo", "-y"]])
def test_a_catalogue_whose_disk_does_not_answer(command: list[str], library: Library, tmp_path: Path) -> None:
    library.films(3)
    (tmp_path / "behind").mkdir()
    with fuse_mounted(tmp_path / "behind", tmp_path / "own") as mount:
        library.db = f"{mount.path}/c.db"
        library.scan()
        mount.stop()
        done = finish(library.start(*command, "--timeout", str(TIMEOUT_S)), 30)
    assert done.code == 2
    assert "does not answer" in done.err
