"""`cineorg checksum` and its check on real files: what is damage, what is not, and what is read at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from blake3 import blake3
from checksum_helpers import MTIME_NS, Library, mounted, rot, unprivileged

ODD = ("Line\nend (2001).mkv", 'It\'s "quoted" (2002).mkv', "-n (2003).mkv", os.fsdecode(b"Caf\xe9\t(2004).mkv"))


def test_the_first_reading_records_what_b3sum_would_print(library: Library) -> None:
    contents = {name: os.urandom(4096 * place) for place, name in enumerate(("0.mkv", "1.mkv", "2.mp4", *ODD))}
    for name, content in contents.items():
        library.add(name, content)
    library.add("notes.txt")
    result = library.checksum()
    assert result.counts == {"recorded": 7}
    assert result.json["summary"]["bytes_read"] == sum(map(len, contents.values()))
    digests = {os.fsdecode(path): digest for path, digest in library.rows("SELECT path, digest FROM files")}
    assert digests == {library.path(name): blake3(content).digest() for name, content in contents.items()}
    assert library.integrity().faults == {}


def test_nothing_is_read_that_need_not_be(library: Library) -> None:
    for name in ("a.mkv", "b.mkv", "c.mkv"):
        library.add(name)
    library.checksum()
    assert library.checksum().counts == {"not_due": 3}
    library.age("b.mkv", 91)
    library.age("c.mkv", 89)
    result = library.checksum()
    assert result.counts == {"verified": 1, "not_due": 2}
    assert result.json["summary"]["bytes_read"] == 100_000
    assert library.checksum("--again", "88d").counts == {"verified": 1, "not_due": 2}
    library.config.write_text('[plugin.checksum]\nagain = "0"\n')
    assert library.checksum().counts == {"verified": 3}
    assert library.checksum("--again", "1d").counts == {"not_due": 3}


def test_storage_is_only_read(library: Library) -> None:
    path = library.add("a.mkv")
    os.utime(path, ns=(1_000_000_000, MTIME_NS))  # an access time that every reading would change
    before = os.stat(path)
    library.checksum()
    library.checksum("--again", "0")
    after = os.stat(path)
    assert (after.st_atime_ns, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_atime_ns,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )
    # Of another's file the access time cannot be kept, but it can be read.
    os.chmod(path, 0o444)
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    assert library.checksum("--again", "0", prefix=unprivileged()).counts == {"verified": 1}


@pytest.mark.parametrize("offset", [0, 5_000, 70_000, 99_999])
def test_rot_is_reported_until_the_file_is_another(library: Library, offset: int) -> None:
    path = library.add("Film (2001).mkv")
    library.add("Other (2002).mkv")
    library.checksum()
    recorded = blake3(Path(path).read_bytes()).hexdigest()
    rot(path, offset)
    assert library.integrity().faults == {}  # nobody has read it yet
    assert library.checksum(code=0).counts == {"not_due": 2}

    first = library.checksum("--again", "0", code=1)
    assert first.faults == {"Film (2001).mkv": "rot"}
    row = first.json["issues"][0]
    assert (row["size"], row["recorded_size"], row["recorded_digest"]) == (100_000, 100_000, recorded)
    assert row["digest"] == blake3(Path(path).read_bytes()).hexdigest()
    assert row["intact_size"] <= offset < max(4096, 2 * row["intact_size"])
    for again in ("0", "90d"):
        assert library.checksum("--again", again, code=1).json["issues"] == [row]
    assert library.integrity(code=1).json["issues"] == [row]

    Path(path).write_bytes(b"a better release" * 1000)
    assert library.integrity().faults == {}
    assert library.checksum().counts == {"changed": 1, "not_due": 1}
    assert library.checksum("--again", "0").counts == {"verified": 2}


def test_a_file_that_is_whole_again_is_no_more_reported(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    shutil.copy2(path, library.base / "backup")
    rot(path)
    library.checksum("--again", "0", code=1)
    shutil.copy2(library.base / "backup", f"{path}.new")  # the same size and time, another inode
    os.rename(f"{path}.new", path)
    assert library.checksum().counts == {"verified": 1}
    assert library.integrity().faults == {}


def test_damage_that_was_touched_or_moved_is_damage_all_the_same(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    rot(path)
    since = library.checksum("--again", "0", code=1).json["issues"][0]["since"]
    os.utime(path)
    assert library.checksum(code=1).faults == {"Film (2001).mkv": "rot"}
    os.rename(path, library.path("Renamed.mkv"))
    moved = library.checksum(code=1)
    assert (moved.faults, moved.counts["moved"]) == ({"Renamed.mkv": "rot"}, 1)
    assert moved.json["issues"][0]["since"] == since
    assert library.integrity(code=1).faults == {"Renamed.mkv": "rot"}


@pytest.mark.parametrize("left", [0, 4096, 50_000, 99_999])
@pytest.mark.parametrize("is_new_time", [True, False])
def test_what_was_cut_off_is_told_from_what_was_replaced(library: Library, left: int, is_new_time: bool) -> None:
    path, other = library.add("Film (2001).mkv"), library.add("Other (2002).mkv")
    library.checksum()
    times = os.stat(path)
    os.truncate(path, left)
    Path(other).write_bytes(os.urandom(max(left, 1)))
    if not is_new_time:
        os.utime(path, ns=(0, times.st_mtime_ns))
    result = library.checksum(code=1)
    assert result.faults == {"Film (2001).mkv": "truncated"}
    assert result.counts == {"damaged_files": 1, "changed": 1}
    row = result.json["issues"][0]
    assert (row["size"], row["recorded_size"]) == (left, 100_000)
    assert library.integrity(code=1).faults == {"Film (2001).mkv": "truncated"}
    if left:
        rot(path, left - 1)
    assert library.checksum("--again", "0", code=1).faults == {"Film (2001).mkv": "truncated"}


def test_a_file_that_grows_is_changed(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    with open(path, "ab") as file:
        file.write(b"the rest of the download")
    assert library.checksum().counts == {"changed": 1}


def test_a_new_time_alone_keeps_what_was_recorded(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    recorded = library.rows("SELECT recorded_at, digest FROM files")
    os.utime(path)
    assert library.checksum().counts == {"verified": 1}
    assert library.rows("SELECT recorded_at, digest FROM files") == recorded
    rot(path)
    assert library.checksum("--again", "0", code=1).faults == {"Film (2001).mkv": "rot"}


def test_damage_is_accepted_by_name(library: Library) -> None:
    paths = [library.add(name) for name in ("a.mkv", ODD[0], "c.mkv")]
    link = library.link("Link.mkv", paths[1])
    library.checksum()
    for path in paths[:2]:
        rot(path)
    library.checksum("--again", "0", code=1)

    refused = library.run("checksum", "--accept", paths[0], "--accept", paths[2], code=2)
    assert "c.mkv is not known to be damaged; nothing was accepted" in refused.err
    assert set(library.integrity(code=1).faults) == {"a.mkv", ODD[0]}
    accepted = library.run("checksum", "--json", "--accept", link, code=0)
    assert [row["path"] for row in accepted.json["accepted"]] == [paths[1]]
    assert library.integrity(code=1).faults == {"a.mkv": "rot"}
    assert library.checksum("--again", "0", code=1).faults == {"a.mkv": "rot"}
    rot(paths[1], 10)  # what was accepted is what is watched from now on
    assert set(library.checksum("--again", "0", code=1).faults) == {"a.mkv", ODD[0]}

    os.utime(paths[0])
    assert "has changed since it was read" in library.run("checksum", "--accept", paths[0], code=2).err
    assert "goes with no PATH" in library.run("checksum", "--accept", paths[0], paths[1], code=2).err
    assert library.run("checksum", "--accept", library.path("none.mkv"), code=2).out == b""


def test_a_renamed_file_is_not_read_again(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    twin = library.add("Twin (2002).mkv")
    os.utime(twin, ns=(0, os.stat(path).st_mtime_ns))  # the inode alone tells them apart
    library.checksum()
    os.makedirs(library.path("new"))
    os.rename(path, library.path("new/a.mkv"))
    os.rename(twin, library.path("new/b.mkv"))
    result = library.checksum()
    assert result.counts == {"moved": 2, "not_due": 2}
    assert result.json["summary"]["bytes_read"] == 0
    rot(library.path("new/b.mkv"))
    assert library.checksum("--again", "0", code=1).faults == {"b.mkv": "rot"}


def test_an_older_release_that_was_put_aside_keeps_its_digest(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    os.rename(path, library.path("Film (2001) old.mkv"))
    library.add("Film (2001).mkv", 90_000)
    assert library.checksum().counts == {"moved": 1, "recorded": 1, "not_due": 1}
    rot(library.path("Film (2001) old.mkv"))
    assert library.checksum("--again", "0", code=1).faults == {"Film (2001) old.mkv": "rot"}


def test_a_copy_on_another_disk_is_compared_with_the_original(library: Library) -> None:
    path = library.add("Film (2001).mkv")
    library.checksum()
    copy = library.path("elsewhere/Film (2001).mkv")
    os.makedirs(os.path.dirname(copy))
    shutil.copy2(path, copy)
    os.unlink(path)
    rot(copy)  # the cable was bad
    result = library.checksum(code=1)
    assert (result.faults, result.counts["moved"]) == ({"Film (2001).mkv": "rot"}, 1)


def test_the_time_that_is_left_is_kept_to(library: Library) -> None:
    library.add("a.mkv")
    result = library.checksum("--max-time", "0.000001s")
    assert result.counts == {"not_read": 1}
    assert result.json["suggestions"][0].startswith("cineorg checksum --storage")
    assert library.checksum("--max-time", "2h").counts == {"recorded": 1}


def test_a_path_of_either_tree_says_what_is_read(library: Library) -> None:
    paths = [library.add(name) for name in ("a/1.mkv", "a/2.mkv", "b/3.mkv", "c/4.mkv")]
    library.link("Drame/Link.mkv", paths[2])
    assert library.checksum(os.path.dirname(paths[0])).counts == {"recorded": 2}
    assert library.checksum(str(library.video / "Films" / "Drame")).counts == {"recorded": 1}
    assert library.checksum(paths[3], "--jobs", "4").counts == {"recorded": 1}
    for path in paths:
        rot(path)
    assert library.checksum("--again", "0", paths[0], code=1).faults == {"1.mkv": "rot"}
    assert library.integrity(os.path.dirname(paths[0]), code=1).faults == {"1.mkv": "rot"}
    assert "does not exist" in library.run("checksum", library.path("none"), code=2).err


def test_several_at_a_time_find_the_same(library: Library) -> None:
    paths = [library.add(f"{place}.mkv", 10_000 + place) for place in range(60)]
    library.checksum("--jobs", "8")
    for path in paths[::7]:
        rot(path, 5000)
    result = library.checksum("--jobs", "8", "--again", "0", code=1)
    assert set(result.faults) == {os.path.basename(path) for path in paths[::7]}
    assert result.counts == {"damaged_files": 9, "verified": 51}


def test_what_cannot_be_read_is_reported_and_hides_nothing(library: Library) -> None:
    locked = library.add("locked.mkv")
    library.add("rotten.mkv")
    library.checksum()
    os.mkfifo(library.path("pipe.mkv"))
    os.chmod(locked, 0)
    rot(library.path("rotten.mkv"))
    result = library.checksum("--again", "0", code=3, prefix=unprivileged())
    assert result.faults == {"locked.mkv": "unreadable", "rotten.mkv": "rot"}  # a pipe is not a video
    reasons = {os.path.basename(row["path"]): row.get("reason") for row in result.json["issues"]}
    assert reasons == {"locked.mkv": "permission denied", "rotten.mkv": None}
    assert result.json["complete"] is False
    os.chmod(locked, 0o644)
    os.unlink(library.path("pipe.mkv"))
    assert library.checksum(code=1).counts == {"damaged_files": 1, "not_due": 2}


@pytest.mark.parametrize("how", ["missing", "empty mount"])
def test_storage_that_is_away_loses_nothing(library: Library, how: str) -> None:
    path = library.add("a.mkv")
    library.add("b.mkv")
    library.run("scan", code=0)
    library.checksum()
    rot(path)
    library.checksum("--again", "0", code=1)
    if how == "missing":
        os.rename(library.storage, library.base / "away")
        result, reported = library.checksum(code=3), library.integrity(code=3)
        os.rename(library.base / "away", library.storage)
    else:
        with mounted(library.storage):
            result, reported = library.checksum(code=3), library.integrity(code=3)
    assert result.faults == reported.faults == {"storage": "offline_target"}
    assert library.checksum(code=1).counts == {"damaged_files": 1, "not_due": 2}
    assert library.integrity(code=1).faults == {"a.mkv": "rot"}


def start(library: Library, recorded: int) -> subprocess.Popen[bytes]:
    """Start a run, and return when it has written so many records and is busy with a file that takes seconds."""
    line = library.command("checksum", "--json")
    child = subprocess.Popen(line, env=library.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    store = library.base / "c.checksum.db"
    for _ in range(600):
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)
        is_begun = store.exists() and store.stat().st_size
        if is_begun and library.rows("SELECT count(*) FROM files")[0][0] >= recorded:
            return child
    raise AssertionError("it writes nothing while it reads")


def huge(library: Library, name: str) -> str:
    """Make a film of many gigabytes, all of it a hole."""
    path = library.path(name)
    with open(path, "wb") as file:
        file.truncate(40 << 30)
    return path


def test_killed_at_any_time_it_goes_on(library: Library) -> None:
    for place in range(20):
        library.add(f"a{place}.mkv", 10_000)
    path = huge(library, "huge.mkv")
    child = start(library, 20)
    other = library.run("checksum", code=4)
    assert "another `cineorg checksum` is reading this library; nothing was done" in other.err
    assert library.run("scan").code == 0  # the catalogue is not held
    assert library.integrity().faults == {}
    child.send_signal(signal.SIGKILL)
    child.communicate()
    os.truncate(path, 5000)
    assert library.checksum().counts == {"recorded": 1, "not_due": 20}


def test_ctrl_c_keeps_what_was_read(library: Library) -> None:
    library.add("a.mkv")
    path = huge(library, "huge.mkv")
    child = start(library, 1)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    os.truncate(path, 5000)
    assert library.checksum().counts == {"recorded": 1, "not_due": 1}


def test_a_mount_that_goes_away_in_the_middle(library: Library) -> None:
    with mounted(library.storage):
        for name in ("a.mkv", "z1.mkv", "z2.mkv"):
            library.add(name)
        os.truncate(huge(library, "huge.mkv"), 20 << 30)
        library.run("scan", code=0)
        child = start(library, 1)
        subprocess.run(["umount", "-l", str(library.storage)], check=True)
        out, err = child.communicate(timeout=120)
        document = json.loads(out)
        assert (child.returncode, err) == (3, b"")
        assert [row["type"] for row in document["issues"]] == ["offline_target"]
        assert document["issues"][0]["path"] == str(library.storage)
        assert document["summary"]["not_read"] == 2
        read = {os.path.basename(path) for (path,) in library.rows("SELECT path FROM files")}
        assert {b"a.mkv"} <= read <= {b"a.mkv", b"huge.mkv"}


def test_the_check_reads_no_file_and_says_what_it_does_not_know(library: Library) -> None:
    path = library.add("a.mkv")
    before = library.integrity()
    assert before.faults == {}
    assert "1 of 1 stored videos were never read; run `cineorg checksum --storage " in before.err
    library.checksum()
    assert library.integrity().err == ""
    os.chmod(path, 0)
    result = library.run("integrity", "--json", "--only", "damaged_file", prefix=unprivileged())
    assert (result.code, result.err) == (0, "")


def test_a_file_of_digests_that_is_none_is_told(library: Library) -> None:
    library.add("a.mkv")
    store = library.base / "c.checksum.db"
    store.write_bytes(b"no database" * 1000)
    assert "c.checksum.db, where `cineorg checksum` keeps" in library.run("checksum", code=2).err
    assert "c.checksum.db" in library.integrity(code=3).err
    assert store.read_bytes() == b"no database" * 1000
    store.unlink()
    library.checksum()
    library.rows("PRAGMA user_version = 2")
    assert "later version" in library.run("checksum", code=2).err
    assert library.rows("SELECT count(*) FROM files") == [(1,)]


@pytest.mark.parametrize(
    ("words", "config", "message"),
    [
        (["--again", "soon"], "", "'soon' is no age"),
        (["--max-time", "2"], "", "'2' is no time"),
        (["--max-time", "0h"], "", "'0h' is no time"),
        (["--jobs", "0"], "", "--jobs"),
        ([], "[plugin.checksum]\nagain = 90\n", "'again' in [plugin.checksum] must be an age"),
        ([], "[plugin.checksum]\njobs = true\n", "'jobs' in [plugin.checksum] must be a whole number"),
        ([], "[plugin.checksum]\nonce = 1\n", "'once' in [plugin.checksum] is unknown"),
    ],
)
def test_wrong_words_are_explained(library: Library, words: list[str], config: str, message: str) -> None:
    library.config.write_text(config)
    result = library.run("checksum", *words, code=2)
    assert message in result.err
    assert not (library.base / "c.checksum.db").exists()


def test_progress_is_in_bytes(library: Library) -> None:
    library.add("a.mkv", 30_000)
    library.add("b.mkv", 70_000)
    events = [json.loads(line) for line in library.checksum("--progress", "json").err.splitlines()]
    last = events[-1]
    assert (last["label"], last["phase"], last["done"], last["total"]) == ("Reading files", 2, 100_000, 100_000)
