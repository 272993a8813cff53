"""Real mounts that go away, come back as others, or by halves; a disk that fills up under the catalogue.

A disk is a tmpfs that stays mounted aside; where it is wanted it is bound to, so that it can go away with its files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from helpers import REPOSITORY, Library, kinds, make_file, snapshot

CHANGING = [
    ["repair-links", "--auto"],
    ["fix-symlinks", "-y", "--relative", "--flatten"],
    ["fix-bad-links", "-y"],
    ["link-movies", "-y"],
]


class Mounts:
    """Mounts of this test, all undone at its end."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.stack = ExitStack()

    def call(self, *words: str) -> None:
        done = subprocess.run(words, capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")

    def disk(self, name: str, size: str = "4m", source: str = "") -> str:
        """Return where a new empty disk is mounted, aside."""
        path = str(self.base / "disks" / name)
        os.makedirs(path)
        self.call("mount", "-t", "tmpfs", "-o", f"size={size}", source or f"cineorg-{name}", path)
        self.stack.callback(subprocess.run, ["umount", "-l", path], check=True)
        return path

    def bind(self, what: str, where: str) -> None:
        """Let a disk, or a folder, be at a place."""
        os.makedirs(where, exist_ok=True)
        self.call("mount", "--bind", what, where)
        self.stack.callback(subprocess.run, ["umount", "-l", where], check=False, capture_output=True)

    def unmount(self, where: str) -> None:
        """Let it be away."""
        subprocess.run(["umount", "-l", where], check=True)


@pytest.fixture
def mounts(in_memory: Path) -> Iterator[Mounts]:
    found = Mounts(in_memory)
    with found.stack:
        yield found


def state(library: Library) -> tuple[Any, ...]:
    """Return all that a command may change: links, and the rows of the application and of what was seen."""
    tables = ("movies", "series", "episodes", "cineorg_files", "cineorg_links", "cineorg_moves")
    rows = {name: library.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables}
    rows["places"] = library.rows("SELECT path, kind, files, mount_point, source FROM cineorg_places ORDER BY 1")
    return snapshot(library.video), rows


def check_nothing_happens(library: Library, *accepted_issues: str) -> dict[str, Any]:
    """Fail unless every command sees that something is away and leaves links and catalogue alone; return the report."""
    before = state(library)
    report = library.integrity(code=3)
    assert set(kinds(report)) == {"offline_target", *accepted_issues}, report["issues"]
    scanned = library.scan(code=3)
    assert scanned["summary"]["gone"] == scanned["summary"]["moved"] == scanned["summary"]["changed"] == 0
    for command, *arguments in CHANGING:
        for run in ([*arguments], ["-n"]):
            made = library.report(command, *run)
            assert made["changes"] == [], (command, made["changes"])
            assert made["complete"] is False
    after = state(library)
    assert after[0] == before[0]
    for table, rows in before[1].items():
        assert after[1][table] == rows, table
    return report


def follow_remedy(report: dict[str, Any]) -> None:
    """Run in a shell, word for word, what the report says to type if the loss is real."""
    details = next(row["details"] for row in report["issues"] if row["type"] == "offline_target")
    command = details.partition("if the loss is real: ")[2]
    assert command.startswith("cineorg scan "), details
    script = f'cineorg() {{ "{sys.executable}" -m cineorg "$@"; }}\n{command}'
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done


BELOW = {
    "nothing": {},
    "decoys": {"Films/Films.0.2001.mkv": 5, "Films/other.mkv": 7, "Séries/Séries.1.2001.mkv": 9},
    "another scope": {"Downloads/x.mkv": 1},
}


@pytest.mark.parametrize("below", BELOW)
def test_a_root_that_is_unmounted(library: Library, mounts: Mounts, below: str) -> None:
    library.add(BELOW[below])
    disk = mounts.disk("a")
    mounts.bind(disk, library.storage)
    library.films(30).films(8, "Séries").scan(code=0)
    healthy = library.integrity(code=None)
    mounts.unmount(library.storage)
    report = check_nothing_happens(library, *(["orphan_file"] if below == "decoys" else []))
    assert library.storage in kinds(report)["offline_target"]
    before = state(library)
    mounts.bind(disk, library.storage)
    assert library.integrity()["issues"] == healthy["issues"]
    assert library.scan(code=0)["summary"]["total"] == 0
    assert state(library)[0] == before[0]


def test_what_moved_while_the_root_was_away_is_known(library: Library, mounts: Mounts) -> None:
    """Decoys under the mount point, of the same names, take no file's memory away, however often they are scanned."""
    library.add({f"Films/Films.{number}.2001.mkv": 3 for number in range(30)})
    disk = mounts.disk("a")
    mounts.bind(disk, library.storage)
    library.films(30).scan(code=0)
    mounts.unmount(library.storage)
    for _ in range(2):
        library.scan("--fingerprint", code=3)
    mounts.bind(disk, library.storage)
    for number in range(5):
        library.move(f"Films/Films.{number}.2001.mkv", f"Films/x/ht-{number}.mkv")
    report = library.report("repair-links", "--auto", code=0)
    assert len([row for row in report["changes"] if row["op"] == "relink"]) == 5
    for number in range(5):
        assert os.readlink(library.link(f"Films/Drame/Films no{number} (2001).mkv")).endswith(f"/x/ht-{number}.mkv")


def test_another_disk_in_its_place(library: Library, mounts: Mounts) -> None:
    """The same names on another disk, of another owner's day, are not the files; unless their owner says so."""
    mounts.bind(mounts.disk("a"), library.storage)
    library.films(30).scan(code=0)
    mounts.unmount(library.storage)
    mounts.bind(mounts.disk("b"), library.storage)
    library.add({f"Films/Films.{number}.2001.mkv": 2000 + number for number in range(3, 30)})
    before = state(library)
    report = library.integrity(code=3)
    assert set(kinds(report)) == {"offline_target"}
    assert library.report("repair-links", "--auto", code=3)["changes"] == []
    assert state(library) == before
    follow_remedy(report)
    assert set(kinds(library.integrity(code=1))) == {"broken_symlink", "ghost_entry"}
    assert len(kinds(library.integrity(code=1))["broken_symlink"]) == 3


@pytest.mark.parametrize(("number", "decoys"), [(30, 0), (30, 4), (6, 0), (6, 1), (6, 5)])
def test_a_first_level_folder_that_is_unmounted(library: Library, mounts: Mounts, number: int, decoys: int) -> None:
    """Half a pool: the other half is there, and nothing of the whole is judged. Small folders are known, too."""
    folder = library.stored("Séries")
    make = {f"Séries/local.{place}.mkv": 3 for place in range(decoys)}
    library.films(40).add(make)
    mounts.bind(mounts.disk("a"), folder)
    library.films(number, "Séries").scan(code=0)
    mounts.unmount(folder)
    report = check_nothing_happens(library, *(["orphan_file"] if decoys else []))
    follow_remedy(report)
    assert library.scan(code=0)["complete"] is True


@pytest.mark.parametrize("decoys", [0, 3])
def test_one_disk_of_many_deep_in_a_folder(library: Library, mounts: Mounts, decoys: int) -> None:
    """Its loss is too small a part of the folder's to be seen by counting."""
    folder = library.stored("Films/Disk 2")
    library.films(60).add({f"Films/Disk 2/local.{place}.mkv": 3 for place in range(decoys)})
    disk = mounts.disk("a")
    mounts.bind(disk, folder)
    library.films(6, "Films/Disk 2").scan(code=0)
    mounts.unmount(folder)
    report = check_nothing_happens(library, *(["orphan_file"] if decoys else []))
    mounts.bind(disk, folder)
    assert set(kinds(library.integrity())) <= {"orphan_file"}
    mounts.unmount(folder)
    follow_remedy(report)
    assert len(kinds(library.integrity(code=1))["broken_symlink"]) == 6
    assert library.rows("SELECT 1 FROM cineorg_places WHERE path = CAST(? AS BLOB)", folder) == []
    mounts.bind(disk, folder)
    assert kinds(library.scan(code=0), "entries")["new"] != []
    mounts.unmount(folder)
    library.integrity(code=3)


@pytest.mark.parametrize("decoy", [False, True])
def test_a_volume_outside_the_roots_that_is_unmounted(library: Library, mounts: Mounts, decoy: bool) -> None:
    usb = str(library.base / "usb")
    os.makedirs(usb)
    if decoy:
        make_file(f"{usb}/note.txt", 3)
    mounts.bind(mounts.disk("usb"), usb)
    for number in range(2):
        make_file(f"{usb}/{number}.mkv", 100 + number)
        library.add(video={f"Films/Drame/Usb {number} (2001).mkv": f"{usb}/{number}.mkv"})
    library.films(10).scan(code=0)
    names = [library.link(f"Films/Drame/Films no{number} (2001).mkv") for number in range(10)]
    assert library.report("fix-symlinks", "--relative", "-y", *names, code=0)["summary"]["done"] == 10
    mounts.unmount(usb)
    report = check_nothing_happens(library)
    follow_remedy(report)
    found = kinds(library.integrity(code=1))
    assert len(found["broken_symlink"]) == 2


def test_a_video_root_that_is_unmounted(library: Library, mounts: Mounts) -> None:
    disk = mounts.disk("a")
    mounts.bind(disk, library.video)
    library.films(30).scan(code=0)
    mounts.unmount(library.video)
    check_nothing_happens(library)
    mounts.bind(disk, library.video)
    assert library.integrity(code=0)["issues"] == []
    assert library.scan(code=0)["summary"]["total"] == 0


@pytest.mark.parametrize("command", ["integrity", "scan", "repair-links"])
@pytest.mark.parametrize("comes_back", [False, True])
def test_a_root_that_is_unmounted_while_it_is_read(
    library: Library, mounts: Mounts, monkeypatch: pytest.MonkeyPatch, command: str, comes_back: bool
) -> None:
    """At whichever folder it happens: no link is called broken, no row a ghost, no file gone."""
    disk = mounts.disk("a")
    library.add({"Films/Drame": None})
    mounts.bind(disk, library.storage)
    for genre, films in ("Drame", 2), ("SF", 12), ("Horreur", 2):
        names = {f"Films/{genre}/{genre} {each} (2001).mkv": 100 + each + len(genre) * 50 for each in range(films)}
        library.add(names, {name: f"@/{name}" for name in names})
    library.scan(code=0)
    before = state(library)
    real, calls = os.scandir, 0
    for moment in range(1, 12):
        calls = 0

        def scandir(path: Any = ".", moment: int = moment) -> Any:
            nonlocal calls
            calls += 1
            if calls == moment:
                mounts.unmount(library.storage)
            elif calls == moment + 1 and comes_back:
                mounts.bind(disk, library.storage)
            return real(path)

        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", scandir)
            result = library.run(command, "--json", *(["--auto"] if command == "repair-links" else []))
        if calls < moment:
            break
        report = result.json
        assert not {"broken_symlink", "ghost_entry"} & set(kinds(report, "issues") if "issues" in report else ())
        assert not any(row["type"] == "gone" for row in report.get("entries", ())), moment
        assert report.get("changes", []) == []
        if not comes_back or calls == moment:
            mounts.bind(disk, library.storage)
    else:
        raise AssertionError("the walk has more folders than this test looks at")
    assert library.scan(code=0)["summary"]["total"] == 0
    after = state(library)
    assert after[0] == before[0]
    assert all(after[1][table] == before[1][table] for table in ("movies", "episodes", "cineorg_moves", "places"))


# The catalogue's disk


def test_a_disk_that_is_full_during_a_scan(library: Library, mounts: Mounts) -> None:
    disk = mounts.disk("db", "700k")
    library.db = f"{disk}/cineorg.db"
    library.films(40).scan(code=0)
    library.films(900, "Séries")
    before = state(library)
    ballast = f"{disk}/ballast"
    refused = 0
    for free_kib in (0, 8, 40, 100, 180):
        fill(ballast, disk, free_kib)
        result = library.run("scan", "--json")
        if result.code == 0:
            break
        refused += 1
        assert result.code == 2
        assert re.fullmatch(r"cineorg: \S+: the disk is full; the catalogue is as it was before\n", result.err)
        assert library.integrity(code=None)["complete"] is True  # reading needs no room
        os.unlink(ballast)
        assert state(library) == before
    assert refused


def fill(ballast: str, disk: str, free_kib: int) -> None:
    """Fill a disk up to the given rest."""
    if os.path.exists(ballast):
        os.unlink(ballast)
    about = os.statvfs(disk)
    with open(ballast, "wb") as file:
        file.write(b"\0" * max(0, about.f_bavail * about.f_frsize - free_kib * 1024))


def test_a_disk_that_is_full_during_changes(library: Library, mounts: Mounts) -> None:
    """Whatever is left of the disk: each link is the old or the new one, what was done is known and can be undone."""
    disk = mounts.disk("db", "900k")
    library.db = f"{disk}/cineorg.db"
    library.films(120).scan(code=0)
    for number in range(25):
        library.move(f"Films/Films.{number}.2001.mkv", f"Films/x/cryptic-{number}.mkv")
    old = snapshot(library.video).keys(), {path: entry[5] for path, entry in snapshot(library.video).items()}
    ballast, refused, whole = f"{disk}/ballast", 0, 0
    for free_kib in (0, 4, 12, 24, 48, 96, 160, 300):
        fill(ballast, disk, free_kib)
        result = library.run("repair-links", "--auto", "--json")
        os.unlink(ballast)
        now = {path: entry[5] for path, entry in snapshot(library.video).items()}
        assert now.keys() == old[1].keys()
        changed = {path for path in now if now[path] != old[1][path]}
        assert all("/x/cryptic-" in now[path] for path in changed)
        if result.code == 2:
            refused += 1
            assert "the disk is full" in result.err
        else:
            whole += 1
            assert (result.code, len(changed)) == (0, 25), result
        if changed:
            undone = library.report("undo", "-y", code=0)
            assert {row["status"] for row in undone["changes"]} == {"done"}
        assert {path: entry[5] for path, entry in snapshot(library.video).items()} == old[1]
    assert refused and whole


def test_no_folder_of_ours_is_left_in_a_full_video_tree(library: Library, mounts: Mounts) -> None:
    """A video tree that can take no new link: every change fails or is not begun, and no link is missing."""
    disk = mounts.disk("video", "1m,nr_inodes=40")
    mounts.bind(disk, library.video)
    library.films(25).scan(code=0)
    with open(f"{disk}/ballast", "wb") as file:
        file.write(b"\0" * 900_000)
    while True:  # until there is no inode left for a temporary link
        try:
            os.symlink("x", f"{disk}/{len(os.listdir(disk))}")
        except OSError:
            break
    library.move("Films/Films.3.2001.mkv", "Films/x.mkv")
    before = snapshot(library.video)
    report = library.report("repair-links", "--auto", code=3)
    assert [row["status"] for row in report["changes"] if row["op"] == "relink"] == ["failed"]
    assert snapshot(library.video).keys() == before.keys()
    shutil.rmtree(f"{library.video}/Films/x", ignore_errors=True)
    for name in os.listdir(disk):
        if name != "Films":
            os.unlink(f"{disk}/{name}")
    assert library.report("repair-links", "--auto", code=0)["summary"]["done"]
