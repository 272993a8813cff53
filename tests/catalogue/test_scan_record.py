"""Scans one after the other: what is new, changed, moved and gone, and that no history is ever lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, kinds, make_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RESERVE = 40  # films that stay where they are, so that a few moves do not look like half a disk


@pytest.fixture
def films(library: Library) -> Library:
    """Return a scanned library with three more files than it needs: a, b and c."""
    library.films(RESERVE)
    library.add({"Films/a.mkv": 10, "Films/b.mkv": 20, "Films/c.mkv": 30})
    library.scan(code=0)
    return library


def moves(library: Library) -> list[tuple[str, str]]:
    """Return what the catalogue remembers of moves, as names."""
    return [tuple(map(os.path.basename, map(bytes.decode, row))) for row in library.rows(  # type: ignore[misc]
        "SELECT old_path, new_path FROM cineorg_moves ORDER BY id"
    )]  # fmt: skip


def told(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of a scan's entries by type, a move as `old → new`."""
    found: dict[str, list[str]] = {}
    for entry in report["entries"]:
        name = os.path.basename(entry["path"])
        old = os.path.basename(entry.get("old_path", ""))
        found.setdefault(entry["type"], []).append(f"{old} → {name}" if old else name)
    return found


def state(library: Library) -> list[list[tuple[Any, ...]]]:
    """Return every row of every table."""
    tables = [name for (name,) in library.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [library.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_a_second_scan_finds_nothing_and_writes_next_to_nothing(films: Library) -> None:
    before = state(films)
    report = films.scan(code=0)
    assert report["summary"]["total"] == 0
    assert report["entries"] == []
    unlike = [
        (old, new)
        for table, other in zip(before, state(films), strict=True)
        for old, new in zip(table, other, strict=False)
        if old != new
    ]
    times = [old for old, new in unlike if old[:-1] == new[:-1]]  # only when each place was last looked at
    assert len(unlike) == len(times) == len(films.rows("SELECT path FROM cineorg_places"))


def test_new_changed_and_gone(films: Library) -> None:
    os.unlink(films.stored("Films/a.mkv"))
    make_file(films.stored("Films/b.mkv"), 21)
    films.add({"Films/new.mkv": 5}, {"Films/x.mkv": "@/Films/c.mkv"})
    os.unlink(films.link("Films/Drame/Films no0 (2001).mkv"))
    os.unlink(films.link("Films/Drame/Films no1 (2001).mkv"))
    films.add(video={"Films/Drame/Films no1 (2001).mkv": "@/Films/c.mkv"})
    report = films.scan(code=0)
    assert told(report) == {
        "new": ["new.mkv", "x.mkv"],
        "changed": ["b.mkv", "Films no1 (2001).mkv"],
        "gone": ["a.mkv", "Films no0 (2001).mkv"],
    }
    assert [report["summary"][kind] for kind in ("total", "new", "changed", "moved", "gone")] == [6, 2, 2, 0, 2]


def test_a_missing_file_keeps_its_row_and_the_time_since_when(films: Library) -> None:
    columns = "SELECT first_seen, last_seen, missing_since FROM cineorg_files WHERE CAST(path AS TEXT) LIKE '%/a.mkv'"
    before = films.rows(columns)[0][0]
    os.unlink(films.stored("Films/a.mkv"))
    films.scan()
    first, last, since = films.rows(columns)[0]
    assert first == before <= last < since
    for _ in range(2):
        films.scan()
        assert films.rows(columns) == [(first, last, since)]
    films.add({"Films/a.mkv": 10})
    assert told(films.scan()) == {"new": ["a.mkv"]}
    assert films.rows(columns) == [(first, None, None)]


def test_a_move(films: Library) -> None:
    films.move("Films/a.mkv", "Films/deep/er/other name.mkv")
    report = films.scan(code=0)
    assert told(report) == {"moved": ["a.mkv → other name.mkv"]}
    entry = report["entries"][0]
    assert list(entry) == ["type", "path", "kind", "old_path", "size", "evidence"]
    assert entry["evidence"].startswith("same size and mtime, same inode as at the scan of ")
    assert moves(films) == [("a.mkv", "other name.mkv")]
    assert films.scan(code=0)["summary"]["total"] == 0
    assert len(moves(films)) == 1


def test_three_scans_chain(films: Library) -> None:
    for old, new in (("a", "x"), ("x", "y"), ("y", "z")):
        films.move(f"Films/{old}.mkv", f"Films/{new}.mkv")
        assert told(films.scan(code=0)) == {"moved": [f"{old}.mkv → {new}.mkv"]}
    assert moves(films) == [("a.mkv", "x.mkv"), ("x.mkv", "y.mkv"), ("y.mkv", "z.mkv")]


def test_there_and_back(films: Library) -> None:
    films.move("Films/a.mkv", "Films/x.mkv")
    films.scan()
    films.move("Films/x.mkv", "Films/a.mkv")
    assert told(films.scan()) == {"moved": ["x.mkv → a.mkv"]}
    films.move("Films/a.mkv", "Films/x.mkv")
    assert told(films.scan()) == {"moved": ["a.mkv → x.mkv"]}
    assert films.scan()["summary"]["total"] == 0


def test_into_the_place_of_another(films: Library) -> None:
    """a → b while b is gone: the file at b is a, and b's own end is not known."""
    os.unlink(films.stored("Films/b.mkv"))
    films.move("Films/a.mkv", "Films/b.mkv")
    assert told(films.scan()) == {"moved": ["a.mkv → b.mkv"]}


def test_a_swap_is_a_change_of_two_files(films: Library) -> None:
    films.move("Films/a.mkv", "Films/aside.mkv")
    films.move("Films/b.mkv", "Films/a.mkv")
    films.move("Films/aside.mkv", "Films/b.mkv")
    assert told(films.scan()) == {"changed": ["a.mkv", "b.mkv"]}
    assert moves(films) == []


def test_two_files_that_were_there_together_are_two_files(films: Library) -> None:
    shutil.copy2(films.stored("Films/a.mkv"), films.stored("Films/copy.mkv"))
    assert told(films.scan()) == {"new": ["copy.mkv"]}
    os.unlink(films.stored("Films/a.mkv"))
    assert told(films.scan()) == {"gone": ["a.mkv"]}
    assert moves(films) == []


def test_two_files_that_were_there_together_at_an_incomplete_scan(
    films: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    films.add({"Films/locked/z.mkv": 3})
    films.scan()
    shutil.copy2(films.stored("Films/a.mkv"), films.stored("Films/copy.mkv"))
    real = os.scandir

    def scandir(path: str) -> Any:
        if path == films.stored("Films/locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        assert told(films.scan(code=3)) == {"new": ["copy.mkv"]}
    os.unlink(films.stored("Films/a.mkv"))
    assert told(films.scan(code=0)) == {"gone": ["a.mkv"]}


def test_a_rival_that_appears_with_it(films: Library) -> None:
    films.move("Films/a.mkv", "Films/x.mkv")
    shutil.copy2(films.stored("Films/x.mkv"), films.stored("Films/y.mkv"))
    assert told(films.scan()) == {"new": ["x.mkv", "y.mkv"], "gone": ["a.mkv"]}


def test_a_rival_that_went_with_it(films: Library) -> None:
    shutil.copy2(films.stored("Films/a.mkv"), films.stored("Films/twin.mkv"))
    films.scan()
    films.move("Films/a.mkv", "Films/x.mkv")
    os.unlink(films.stored("Films/twin.mkv"))
    assert told(films.scan()) == {"new": ["x.mkv"], "gone": ["a.mkv", "twin.mkv"]}


def test_an_inode_that_is_used_again_proves_nothing(films: Library) -> None:
    inode = os.stat(films.stored("Films/a.mkv")).st_ino
    os.unlink(films.stored("Films/a.mkv"))
    for number in range(50):  # most filesystems hand the number out again soon
        make_file(films.stored(f"Films/n{number}.mkv"), 500 + number)
        if os.stat(films.stored(f"Films/n{number}.mkv")).st_ino == inode:
            break
    films.rows("UPDATE cineorg_files SET inode = ? WHERE CAST(path AS TEXT) LIKE '%/a.mkv'", inode)
    assert told(films.scan())["gone"] == ["a.mkv"]
    assert moves(films) == []


def test_empty_files_have_nothing_to_be_known_by_but_their_inode(films: Library) -> None:
    films.add({"Films/e1.mkv": 0, "Films/e2.mkv": 0})
    films.scan()
    films.move("Films/e1.mkv", "Films/e3.mkv")
    os.unlink(films.stored("Films/e2.mkv"))
    assert told(films.scan()) == {"moved": ["e1.mkv → e3.mkv"], "gone": ["e2.mkv"]}


def test_a_file_that_becomes_a_folder_of_its_name(films: Library) -> None:
    """Some services wrap a file in a folder that is called like it."""
    os.rename(films.stored("Films/a.mkv"), films.stored("Films/tmp"))
    os.mkdir(films.stored("Films/a.mkv"))
    os.rename(films.stored("Films/tmp"), films.stored("Films/a.mkv/a.mkv"))
    report = films.scan()
    assert [(entry["old_path"], entry["path"]) for entry in report["entries"]] == [
        (films.stored("Films/a.mkv"), films.stored("Films/a.mkv/a.mkv"))
    ]


def test_a_link_that_became_a_file(films: Library) -> None:
    path = films.link("Films/Drame/Films no0 (2001).mkv")
    os.unlink(path)
    make_file(path, 3)
    assert told(films.scan()) == {"gone": ["Films no0 (2001).mkv"]}


def test_what_is_ignored_from_now_on_is_not_gone(films: Library) -> None:
    films.write_config("ignore = ['a.*', 'Drame']")
    assert films.scan(code=3)["summary"]["gone"] == 0  # the video tree has lost all of its links
    films.write_config("ignore = ['a.*']")
    assert films.scan(code=0)["summary"]["gone"] == 0
    assert films.rows("SELECT count(*) FROM cineorg_files WHERE missing_since IS NOT NULL") == [(0,)]


def test_inodes_of_slow_filesystems_are_not_recorded(films: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """rclone and mergerfs hand them out anew at each mount; every row would change with them."""
    from cineorg.trees import tree_walk
    from cineorg.trees.mounts import Filesystem

    monkeypatch.setattr(tree_walk, "identify", lambda *_: Filesystem("/", "fuse.rclone", "remote:", 50))
    films.scan(code=0)
    assert films.rows("SELECT count(*) FROM cineorg_files WHERE inode IS NOT NULL OR device IS NOT NULL") == [(0,)]
    films.move("Films/a.mkv", "Films/x.mkv")
    report = films.scan(code=0)
    assert told(report) == {"moved": ["a.mkv → x.mkv"]}
    assert "inode" not in report["entries"][0]["evidence"]


LARGE = 200_000


def test_a_fingerprint_knows_a_file_by_what_is_in_it(library: Library) -> None:
    library.films(RESERVE).add({"Films/a.mkv": b"a" * LARGE, "Films/b.mkv": b"b" * LARGE})
    library.scan("--fingerprint")
    assert library.rows("SELECT count(oshash) FROM cineorg_files") == [(2,)]  # the others are too small to have one
    library.move("Films/a.mkv", "Films/x.mkv")
    os.utime(library.stored("Films/x.mkv"))
    library.move("Films/b.mkv", "Films/y.mkv")
    os.utime(library.stored("Films/y.mkv"))
    report = library.scan("--fingerprint", code=0)
    assert told(report) == {"moved": ["a.mkv → x.mkv", "b.mkv → y.mkv"]}
    assert report["entries"][0]["evidence"].startswith("same OpenSubtitles hash and size")


def test_without_a_fingerprint_a_new_mtime_is_a_new_file(library: Library) -> None:
    library.films(RESERVE).add({"Films/a.mkv": b"a" * LARGE}).scan()
    library.move("Films/a.mkv", "Films/x.mkv")
    os.utime(library.stored("Films/x.mkv"))
    assert told(library.scan()) == {"new": ["x.mkv"], "gone": ["a.mkv"]}


def test_a_fingerprint_contradicts_size_and_mtime(library: Library) -> None:
    library.films(RESERVE).add({"Films/a.mkv": b"a" * LARGE})
    library.scan("--fingerprint")
    stamp = os.stat(library.stored("Films/a.mkv")).st_mtime_ns
    os.unlink(library.stored("Films/a.mkv"))
    make_file(library.stored("Films/x.mkv"), b"x" * LARGE, stamp)
    assert told(library.scan("--fingerprint")) == {"new": ["x.mkv"], "gone": ["a.mkv"]}


def test_a_fingerprint_is_read_once_and_forgotten_with_the_content(library: Library) -> None:
    library.films(RESERVE).add({"Films/a.mkv": b"a" * LARGE})
    library.scan("--fingerprint")
    hashes = library.rows("SELECT oshash FROM cineorg_files WHERE oshash IS NOT NULL")
    path = library.stored("Films/a.mkv")
    about = os.stat(path)
    Path(path).write_bytes(b"z" * LARGE)
    os.utime(path, ns=(0, about.st_mtime_ns))
    library.scan("--fingerprint")  # same size and mtime: it is not read again
    assert library.rows("SELECT oshash FROM cineorg_files WHERE oshash IS NOT NULL") == hashes
    os.utime(path)
    library.scan()
    assert library.rows("SELECT count(oshash) FROM cineorg_files") == [(0,)]


def test_a_hash_that_cannot_be_read_is_told_and_stops_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.films(RESERVE).add({"Films/a.mkv": b"a" * LARGE, "Films/b.mkv": b"b" * LARGE})
    real = os.open

    def fail(path: str, *rest: object, **more: object) -> int:
        if str(path).endswith("/a.mkv"):
            raise OSError(5, "Input/output error")
        return real(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", fail)
    result = library.run("scan", "--fingerprint", "--json")
    assert result.code == 0
    assert f"no hash: {library.stored('Films/a.mkv')}: input/output error" in result.err
    assert library.rows("SELECT count(oshash) FROM cineorg_files") == [(1,)]


def test_video_inside_the_storage_share(library: Library) -> None:
    """Two roots in one another whose scoped folders do not meet: each entry belongs to the inner one."""
    library.video = library.stored("Video")
    library.films(RESERVE).scan()
    os.unlink(library.link("Films/Drame/Films no0 (2001).mkv"))
    assert told(library.scan(code=0)) == {"gone": ["Films no0 (2001).mkv"]}
    shutil.rmtree(library.link("Films"))
    assert kinds(library.scan(code=3)) == {"offline_target": [library.video]}
    assert library.rows("SELECT files FROM cineorg_places WHERE kind = 'video'") == [(RESERVE - 1,)]


steps = st.lists(
    st.tuples(
        st.sampled_from(["move", "remove", "add", "copy", "rewrite", "touch"]),
        st.sampled_from("abcdef"),
        st.sampled_from("abcdef"),
        st.booleans(),
    ),
    max_size=8,
)


def do(library: Library, what: str, one: str, two: str) -> None:
    """Do one thing to the stored files, if it can be done."""
    first, second = (library.stored(f"Films/{name}.mkv") for name in (one, two))
    if what == "add" and not os.path.exists(first):
        make_file(first, 10 + ord(one) % 3)
    if not os.path.exists(first):
        return
    if what == "move":
        os.rename(first, second)
    elif what == "remove":
        os.unlink(first)
    elif what == "copy" and one != two:
        shutil.copy2(first, second)
    elif what == "rewrite":
        make_file(first, 100 + ord(two))
    elif what == "touch":
        os.utime(first, ns=(0, ord(two)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_incremental_scans_and_one_full_scan_agree(
    history: list[tuple[str, str, str, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    library = Library(tmp_path_factory.mktemp("library")).films(30)
    library.scan(code=0)
    for what, one, two, scans in history:
        do(library, what, one, two)
        if scans:
            library.scan(code=0)
    library.scan(code=0)
    assert library.scan(code=0)["summary"]["total"] == 0
    columns = "path, size_bytes, mtime_ns, device, inode"
    incremental = library.rows(f"SELECT {columns} FROM cineorg_files WHERE missing_since IS NULL ORDER BY path")
    recorded = library.rows("SELECT old_path, new_path FROM cineorg_moves")
    library.db += ".full"
    library.scan(code=0)
    assert library.rows(f"SELECT {columns} FROM cineorg_files ORDER BY path") == incremental
    assert all(old != new for old, new in recorded)
