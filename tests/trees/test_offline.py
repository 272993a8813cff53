"""Guards as invariants: what is offline is never judged, nothing in it is recorded as gone, and each guard lets go.

The pure rules stand in tables; the rest runs the real commands on real trees, mounts included.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers import REPOSITORY, Library, kinds, mounted

from cineorg.trees.mounts import Filesystem
from cineorg.trees.offline import FOLDER, ROOT, VIDEO, VOLUME, Place, customary_volume, find_offline, volume_of

DISK = Filesystem("/s", "ext4", "/dev/sdb1", os.makedev(8, 17))
OTHER = Filesystem("/", "ext4", "/dev/sda1", os.makedev(8, 1))


def place(path: str, files: int, kind: str = FOLDER, **fields: Any) -> Place:
    return Place(path, kind, files, **{"filesystem": DISK, **fields})


def root(files: int, **fields: Any) -> Place:
    return place("/s", files, ROOT, **fields)


CASES: dict[str, tuple[list[Place], list[Place], list[str]]] = {
    # now, before, causes
    "the same": ([root(100)], [root(100)], []),
    "grown": ([root(200)], [root(100)], []),
    "never seen, with files": ([root(100)], [], []),
    "never seen, empty": ([root(0)], [], ["/s"]),
    "never seen, missing": ([root(0, problem="no such file")], [], ["/s"]),
    "never seen, video root without links": ([place("/v", 0, VIDEO)], [], []),
    "a quarter lost is honest": ([root(75)], [root(100)], []),
    "more than a quarter lost": ([root(74)], [root(100)], ["/s"]),
    "a small root may not lose more either": ([root(2)], [root(3)], ["/s"]),
    "empty": ([root(0)], [root(1)], ["/s"]),
    "was empty and is": ([root(0)], [root(0)], []),
    "was empty, cannot be read now": (
        [root(0, problem="permission denied", is_unreadable=True)],
        [root(0)],
        ["/s"],
    ),
    "accepted as missing, still missing": (
        [root(0, problem="no such file or directory")],
        [root(0)],
        [],
    ),
    "unreadable": ([root(0, problem="permission denied", is_unreadable=True)], [root(100)], ["/s"]),
    "on another filesystem": ([root(100, filesystem=OTHER)], [root(100)], ["/s"]),
    "was empty, is on another filesystem": ([root(0, filesystem=OTHER)], [root(0)], ["/s"]),
    "folder of 20 lost 5": ([root(100), place("/s/a", 15)], [root(105), place("/s/a", 20)], []),
    "folder of 20 lost 6": ([root(100), place("/s/a", 14)], [root(106), place("/s/a", 20)], ["/s/a"]),
    "folder of 19 lost 10": ([root(100), place("/s/a", 9)], [root(110), place("/s/a", 19)], []),
    "small folder emptied": ([root(100), place("/s/a", 0)], [root(103), place("/s/a", 3)], ["/s/a"]),
    "folder missing": (
        [root(100), place("/s/a", 0, problem="no such folder")],
        [root(103), place("/s/a", 3)],
        ["/s/a"],
    ),
    "empty folder removed": (
        [root(100), place("/s/a", 0, problem="no such folder")],
        [root(100), place("/s/a", 0)],
        [],
    ),
    "folder on another filesystem": (
        [root(100), place("/s/a", 30, filesystem=OTHER)],
        [root(100), place("/s/a", 30)],
        ["/s/a"],
    ),
    "new folder": ([root(100), place("/s/a", 0)], [root(100)], []),
    "volume lost its links": ([place("/m", 2, VOLUME, dangling=8)], [place("/m", 10, VOLUME)], ["/m"]),
    "volume whose links were removed": ([place("/m", 2, VOLUME)], [place("/m", 10, VOLUME)], []),
    "volume lost few links": ([place("/m", 8, VOLUME, dangling=2)], [place("/m", 10, VOLUME)], []),
    "volume empty": ([place("/m", 0, VOLUME, problem="is empty", dangling=3)], [], ["/m"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_offline(case: str) -> None:
    now, before, causes = CASES[case]
    found = find_offline(now, {item.path: item for item in before}, 0.25)
    assert [item.cause for item in found] == causes
    assert all(item.reason for item in found)


def test_a_folder_takes_its_whole_root_with_it() -> None:
    found = find_offline([root(100), place("/s/a", 0)], {"/s": root(130), "/s/a": place("/s/a", 30)}, 0.25)
    assert [(item.path, item.cause) for item in found] == [("/s", "/s/a")]


ACCEPTED: dict[str, tuple[list[str], list[str]]] = {
    "nothing": ([], ["/s"]),
    "the root": (["/s"], []),
    "a folder that explains the loss": (["/s/a"], []),
    "another folder": (["/s/b"], ["/s"]),
    "a parent of the root": (["/"], []),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepting_lets_go_of_what_was_named_and_of_nothing_else(case: str) -> None:
    accepted, causes = ACCEPTED[case]
    now = [root(50), place("/s/a", 0), place("/s/b", 50)]
    before = {"/s": root(100), "/s/a": place("/s/a", 50), "/s/b": place("/s/b", 50)}
    assert [item.cause for item in find_offline(now, before, 0.25, accepted)] == causes


def test_another_filesystem_is_not_accepted_with_a_folder() -> None:
    now = [root(50, filesystem=OTHER), place("/s/a", 0)]
    before = {"/s": root(100), "/s/a": place("/s/a", 50)}
    assert find_offline(now, before, 0.25, ["/s/a"])


@pytest.mark.parametrize("max_drop, is_offline", [(0, True), (0.05, True), (0.1, False), (1, False)])
def test_max_drop_is_the_share_that_may_go(max_drop: float, is_offline: bool) -> None:
    assert bool(find_offline([root(90)], {"/s": root(100)}, max_drop)) is is_offline


NFS = Filesystem("/nas/films", "nfs4", "nas:/films", 50)
VOLUMES = {
    "/nas/films/a/b.mkv": "/nas/films",  # a mount of now
    "/mnt/usb/a.mkv": "/mnt/usb",  # the customary places
    "/mnt/usb": "/mnt/usb",
    "/media/ann/disk/a.mkv": "/media/ann/disk",
    "/run/media/ann/disk/a.mkv": "/run/media/ann/disk",
    "/Volumes/Disk/a.mkv": "/Volumes/Disk",
    "/pool/branch/a.mkv": "/pool",  # recorded
    "/home/ann/a.mkv": "/home/ann",  # on the root filesystem
    "/mnt/a.mkv": "/mnt/a.mkv",
}


@pytest.mark.parametrize("path", VOLUMES)
def test_volume_of_a_path(path: str) -> None:
    mounts = [Filesystem("/", "ext4", "/dev/sda1", 1), NFS]
    assert volume_of(path, ["/pool"], mounts) == VOLUMES[path]


def test_only_below_a_customary_place_is_a_volume() -> None:
    assert customary_volume("/mnt") == ""
    assert customary_volume("/media/ann") == ""
    assert customary_volume("/srv/media/ann/disk/a") == ""


def paste(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line as somebody would who pastes it into a shell."""
    line = f'cineorg() {{ {sys.executable} -m cineorg "$@"; }}; {command}'
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=False)


def judged(library: Library) -> dict[str, list[str]]:
    """Check that a library with something offline is not judged, and return the report's kinds."""
    report = library.integrity(code=3)
    assert report["complete"] is False
    found = kinds(report)
    assert "broken_symlink" not in found, found
    assert "ghost_entry" not in found, found
    assert found.get("offline_target"), found
    return found


def known_state(library: Library) -> tuple[Any, ...]:
    """Return all that scans remember and that a bad scan must not touch."""
    return (
        library.rows("SELECT path, missing_since, last_seen FROM cineorg_files ORDER BY path"),
        library.rows("SELECT path, target, missing_since FROM cineorg_links ORDER BY path"),
        library.rows("SELECT old_path, new_path FROM cineorg_moves ORDER BY id"),
        library.rows("SELECT path, files FROM cineorg_places ORDER BY path"),
        library.rows("SELECT id, file_path FROM movies ORDER BY id"),
    )


def refused(library: Library, cause: str) -> None:
    """Check that scan and integrity both see `cause` offline, touch no memory, and that the printed command works."""
    before = known_state(library)
    assert cause in judged(library)["offline_target"]
    report = library.scan(code=3)
    assert report["complete"] is False
    assert kinds(report, "issues")["offline_target"] == [cause]
    assert report["summary"]["gone"] == report["summary"]["moved"] == 0
    assert known_state(library) == before
    details = report["issues"][0]["details"]
    done = paste(details.partition("if the loss is real: ")[2])
    assert done.returncode == 0, (details, done.stderr)
    again = library.integrity()
    assert again["complete"] is True, again["issues"]
    assert library.scan(code=0)["summary"]["total"] == 0


def remove(library: Library, names: range, folder: str = "Films") -> None:
    for number in names:
        os.unlink(library.stored(f"{folder}/{folder}.{number}.2001.mkv"))


@pytest.fixture
def scanned(library: Library) -> Library:
    """Return a scanned library of 30 films and 30 more in a second folder."""
    library.films(30).films(30, "Movies").scan()
    return library


def test_root_missing(scanned: Library) -> None:
    shutil.rmtree(scanned.storage)
    refused(scanned, scanned.storage)


def test_root_empty(scanned: Library) -> None:
    for name in os.listdir(scanned.storage):
        shutil.rmtree(scanned.stored(name))
    refused(scanned, scanned.storage)


def test_root_half_vanished(scanned: Library) -> None:
    remove(scanned, range(20))
    refused(scanned, scanned.storage)


def test_folder_half_vanished(library: Library) -> None:
    library.films(20).films(60, "Movies").scan()
    remove(library, range(10))
    refused(library, library.stored("Films"))


def test_folder_missing(library: Library) -> None:
    library.films(20).films(100, "Movies").scan()
    shutil.rmtree(library.stored("Films"))
    refused(library, library.stored("Films"))


def test_everything_is_one_folder(library: Library) -> None:
    library.write_config('scope = ["."]')
    library.films(30).scan()
    shutil.rmtree(library.stored("Films"))
    refused(library, library.storage)


def test_whole_root_in_scope_but_never_seen_and_empty(library: Library) -> None:
    library.write_config('scope = ["."]')
    library.add(video={"Films/a.mkv": "@/gone.mkv"})
    assert kinds(library.scan(code=3)) == {"offline_target": [library.storage]}
    assert set(kinds(library.integrity("--only", "broken_symlink", code=3))) == {"offline_target"}


def test_video_root_half_vanished(scanned: Library) -> None:
    before = known_state(scanned)
    shutil.rmtree(scanned.link("Films"))
    report = scanned.scan(code=3)
    assert kinds(report) == {"offline_target": [scanned.video]}
    assert known_state(scanned) == before
    scanned.scan("--accept", scanned.video, code=0)
    assert scanned.rows("SELECT count(*) FROM cineorg_links WHERE missing_since IS NOT NULL") == [(30,)]


def test_video_root_missing(scanned: Library) -> None:
    """Known from an earlier scan, it is away; never seen, it is a slip of the finger (see test_library)."""
    before = known_state(scanned)
    shutil.rmtree(scanned.video)
    assert kinds(scanned.scan(code=3)) == {"offline_target": [scanned.video]}
    assert kinds(scanned.integrity(code=3)) == {"offline_target": [scanned.video]}
    assert known_state(scanned) == before


def test_another_filesystem_over_the_root(scanned: Library) -> None:
    with mounted(scanned.storage):
        judged(scanned)
        assert scanned.scan(code=3)["summary"]["gone"] == 0
        # The same names on another disk are no proof either: it may be last year's backup.
        scanned.add({f"{folder}/{folder}.{i}.2001.mkv": 1 for folder in ("Films", "Movies") for i in range(30)})
        report = scanned.integrity(code=3)
        assert "cineorg-test" in report["issues"][0]["reason"]
        assert scanned.scan(code=3)["complete"] is False
    assert scanned.integrity(code=0)["complete"] is True
    assert scanned.scan(code=0)["summary"]["total"] == 0  # nothing of the other disk replaced what was remembered


def test_moving_to_another_filesystem_is_accepted_by_name(scanned: Library) -> None:
    aside = scanned.storage + ".old"
    shutil.copytree(scanned.storage, aside)
    with mounted(scanned.storage):
        shutil.copytree(aside, scanned.storage, dirs_exist_ok=True)
        refused(scanned, scanned.storage)


def test_volume_outside_the_roots_that_is_gone(library: Library) -> None:
    outside = library.base / "usb"
    outside.mkdir()
    with mounted(outside):
        for i in range(10):
            (outside / f"{i}.mkv").write_bytes(b"x")
        library.films(30)
        library.add(video={f"Films/Usb/Outside no{i} (2001).mkv": f"{outside}/{i}.mkv" for i in range(10)})
        library.scan()
        assert library.integrity(code=0)["summary"]["total"] == 0
    found = judged(library)
    assert str(outside) in found["offline_target"]
    assert len(found["offline_target"]) == 11  # the place, and each link into it
    report = library.scan(code=3)
    done = paste(report["issues"][0]["details"].partition("if the loss is real: ")[2])
    assert done.returncode == 0, done.stderr
    assert len(kinds(library.integrity(code=1))["broken_symlink"]) == 10


def test_volume_that_lost_some_of_its_files(library: Library) -> None:
    outside = library.base / "usb"
    outside.mkdir()
    with mounted(outside):
        for i in range(10):
            (outside / f"{i}.mkv").write_bytes(b"x")
        library.films(30)
        library.add(video={f"Films/Usb/Outside no{i} (2001).mkv": f"{outside}/{i}.mkv" for i in range(10)})
        library.scan()
        for i in range(2):
            (outside / f"{i}.mkv").unlink()
        assert len(kinds(library.integrity(code=1))["broken_symlink"]) == 2
        (outside / "2.mkv").unlink()
        before = known_state(library)
        for _ in range(2):  # a scan must not take the loss for the new state of things
            assert str(outside) in judged(library)["offline_target"]
            library.scan(code=3)
            assert known_state(library) == before


def test_nothing_is_remembered_as_gone_while_a_root_is_away(library: Library) -> None:
    second = library.base / "second"
    second.mkdir()
    library.films(30)
    flags = ("--storage", str(second))
    with mounted(second):
        (second / "Films").mkdir()
        for i in range(30):
            (second / "Films" / f"Second.{i}.2002.mkv").write_bytes(b"x" * (i + 1))
        library.scan(*flags)
        os.rename(second / "Films" / "Second.3.2002.mkv", second / "Films" / "moved.mkv")
        library.scan(*flags)
        aside = library.base / "aside"
        shutil.copytree(second, aside, copy_function=shutil.copy2)
    before = known_state(library)
    for _ in range(3):
        assert library.scan(*flags, code=3)["summary"]["gone"] == 0
        assert known_state(library) == before
    with mounted(second):
        shutil.copytree(aside, second, dirs_exist_ok=True, copy_function=shutil.copy2)
        report = library.scan(*flags, code=0)
        assert report["summary"]["total"] == 0
        after = known_state(library)
        assert (after[0], after[2]) == (before[0], before[2])


def test_honest_small_losses_are_judged(scanned: Library) -> None:
    remove(scanned, range(5))
    report = scanned.integrity(code=1)
    assert report["complete"] is True
    assert {kind: len(paths) for kind, paths in kinds(report).items()} == {"broken_symlink": 5, "ghost_entry": 5}
    assert scanned.scan(code=0)["summary"]["gone"] == 5


def test_accepting_one_folder_does_not_accept_another(library: Library) -> None:
    library.films(20).films(20, "Movies").films(200, "TV").scan()
    remove(library, range(10))
    remove(library, range(10), "Movies")
    report = library.scan("--accept", library.stored("Films"), code=3)
    assert kinds(report) == {"offline_target": [library.stored("Movies")]}
    assert report["summary"]["gone"] == 0


def test_accepting_is_for_once(scanned: Library) -> None:
    remove(scanned, range(30))
    scanned.scan("--accept", scanned.stored("Films"), code=0)
    scanned.add({f"Films/{i}.mkv": 10 + i for i in range(25)})
    scanned.scan(code=0)
    for i in range(25):
        os.unlink(scanned.stored(f"Films/{i}.mkv"))
    scanned.scan(code=3)


def test_what_cannot_be_read_is_never_accepted_as_gone(scanned: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time-out or a refused permission is no absence, even in a place whose loss was accepted."""
    real = os.scandir

    def scandir(path: str) -> Any:
        if path == scanned.storage:
            raise OSError(110, "Connection timed out", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = scanned.scan("--accept", scanned.storage, code=None)
    assert report["summary"]["gone"] == 0
    assert scanned.rows("SELECT count(*) FROM cineorg_files WHERE missing_since IS NOT NULL") == [(0,)]
    assert report["complete"] is False


def test_a_changed_scope_is_no_loss(scanned: Library) -> None:
    scanned.write_config('scope = ["Films"]')
    report = scanned.scan(code=0)
    assert report["summary"]["gone"] == 0
    assert scanned.integrity()["complete"] is True
    assert scanned.rows("SELECT count(*) FROM cineorg_files WHERE missing_since IS NOT NULL") == [(0,)]
    scanned.write_config("")
    assert scanned.scan(code=0)["summary"]["total"] == 0


def test_a_root_is_guarded_again_once_its_smaller_scope_was_scanned(library: Library) -> None:
    library.films(15).films(30, "Movies").scan()
    library.write_config('scope = ["Films"]')
    library.scan(code=0)
    remove(library, range(5))
    assert kinds(library.scan(code=3)) == {"offline_target": [library.storage]}


def test_a_scope_without_what_lies_beside_the_folders(library: Library) -> None:
    library.write_config('scope = ["."]')
    library.films(30).add({f"loose{number}.mkv": number for number in range(30)}).scan(code=0)
    library.write_config("")
    assert library.scan(code=0)["summary"]["gone"] == 0


REASONS = {"is empty": {}, "has none of the folders Films, Movies, Séries, Series, TV, TV Shows": {"Kino/a.mkv": 1}}


@pytest.mark.parametrize("words", REASONS)
def test_a_root_without_films_says_what_to_do(words: str, library: Library) -> None:
    library.add(REASONS[words])
    (issue,) = library.scan(code=3)["issues"]
    assert words in issue["reason"]
    assert ("`scope`" in issue["reason"]) is bool(REASONS[words])


def test_the_folder_that_a_film_lies_in_may_have_any_name(library: Library) -> None:
    """The command that a refusal prints can be pasted whatever the place is called."""
    odd = 'it\'s "odd"\n\t\\ $HOME `x` caf\udce9'
    library.write_config('scope = ["."]')
    library.films(20, odd).films(60, "Movies").scan()
    shutil.rmtree(library.stored(odd))
    report = library.scan(code=3)
    done = paste(report["issues"][0]["details"].partition("if the loss is real: ")[2])
    assert done.returncode == 0, (report["issues"], done.stderr)


def test_a_root_that_loses_its_folders_while_it_is_read(scanned: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unmount between the walk of storage and the judging of links must not make them broken."""
    from cineorg.trees import library as library_module

    real = library_module.links.judge_links

    def judge(*arguments: Any, **options: Any) -> Any:
        Path(scanned.storage).rename(scanned.storage + ".away")
        return real(*arguments, **options)

    # The census lacks two files, so that the disk must be asked, and then the disk is gone.
    remove(scanned, range(2))
    monkeypatch.setattr(library_module.links, "judge_links", judge)
    assert "broken_symlink" not in kinds(scanned.integrity(code=3))
