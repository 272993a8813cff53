"""The demo library: the same every time, and what is said of it is what the checks find in it."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from cineorg.demo import Demo, build_demo
from cineorg.errors import InputError
from cineorg.paths import to_bytes

KINDS = (
    "beside_subdivision broken_symlink duplicate_symlink empty_dir film_without_file ghost_entry link_to_link"
    " misplaced_symlink orphan_file orphan_subtitle oversized_dir wrong_target"
).split()


def contents(root: Path) -> dict[str, tuple[str, int, int]]:
    """Return target (without the folder it was made in), size and mtime of everything in both trees."""
    found = {}
    for top in ("storage", "video"):
        for folder, folders, files in os.walk(root / top):
            for name in folders + files:
                path = os.path.join(folder, name)
                info = os.lstat(path)
                is_link = os.path.islink(path)
                target = os.readlink(path).replace(str(root), "ROOT") if is_link else ""
                is_file = not is_link and not os.path.isdir(path)
                found[os.path.relpath(path, root)] = (
                    target,
                    info.st_size if is_file else 0,
                    info.st_mtime_ns if is_file else 0,
                )
    return found


def paths(demo: Demo, kind: str) -> set[str]:
    return {fault.path for fault in demo.faults if fault.kind == kind}


def test_the_same_tree_comes_out_every_time(tmp_path: Path) -> None:
    first, second = build_demo(str(tmp_path / "one")), build_demo(str(tmp_path / "deep" / "two"))
    assert contents(tmp_path / "one") == contents(tmp_path / "deep" / "two")
    assert [(fault.kind, fault.details) for fault in first.faults] == [
        (fault.kind, fault.details) for fault in second.faults
    ]


def test_it_holds_every_kind_of_fault_and_about_300_links(tmp_path: Path) -> None:
    demo = build_demo(str(tmp_path))
    links = [path for path, (target, _, _) in contents(tmp_path).items() if target]
    assert len(links) == demo.links
    assert 280 <= len(links) <= 320
    assert sorted({fault.kind for fault in demo.faults}) == KINDS
    assert min(Counter(fault.kind for fault in demo.faults).values()) >= 1


def test_faults_lie_where_they_are_said_to(tmp_path: Path) -> None:
    demo = build_demo(str(tmp_path))
    for kind in ("broken_symlink", "misplaced_symlink", "duplicate_symlink", "wrong_target", "link_to_link"):
        assert all(os.path.islink(path) for path in paths(demo, kind))
    assert not any(map(os.path.exists, paths(demo, "broken_symlink")))
    assert all(map(os.path.exists, paths(demo, "wrong_target") | paths(demo, "link_to_link")))
    assert not any(map(os.path.lexists, paths(demo, "ghost_entry")))
    assert all(os.path.isfile(path) for path in paths(demo, "orphan_file") | paths(demo, "orphan_subtitle"))
    assert not any(os.listdir(path) for path in paths(demo, "empty_dir"))
    assert all(len(os.listdir(path)) > 50 for path in paths(demo, "oversized_dir"))
    assert all(os.path.lexists(item.path) for item in demo.normal)


def test_files_are_sparse_and_of_different_sizes(tmp_path: Path) -> None:
    build_demo(str(tmp_path))
    sizes = [size for _, size, _ in contents(tmp_path).values() if size]
    assert len(set(sizes)) == len(sizes)
    used = sum(os.lstat(path).st_blocks for path in (tmp_path / "storage").rglob("*"))
    assert used * 512 < sum(sizes) / 10


def test_the_catalogue_remembers_the_library_before_the_damage(tmp_path: Path) -> None:
    demo = build_demo(str(tmp_path))
    connection = sqlite3.connect(f"file:{tmp_path}/cineorg.db?mode=ro", uri=True)
    scanned = {row[0] for row in connection.execute("SELECT path FROM cineorg_files")}
    deleted = {fault.path for fault in demo.faults if fault.details == "the file was deleted"}
    assert len(deleted) == 4
    assert set(map(to_bytes, deleted)) <= scanned
    named = dict(connection.execute("SELECT title, file_path FROM movies"))
    assert named["Cœur fidèle"] is None
    assert named["La Roue"]  # added by the scan
    assert connection.execute("SELECT count(*) FROM movies WHERE title LIKE '%Usher'").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM episodes").fetchone()[0] > 150
    assert connection.execute("SELECT count(*) FROM video_files").fetchone() == (17,)
    connection.close()


@pytest.mark.parametrize("place", ["file", "file/below", "full"])
def test_a_place_that_is_not_free_is_refused_and_left_alone(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "full" / ".hidden").mkdir(parents=True)
    with pytest.raises(InputError, match="is not"):
        build_demo(str(tmp_path / place))
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".hidden", "file", "full"]
