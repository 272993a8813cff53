"""The library as checks and planners see it: what is believed, and what a link or a path turns out to be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from helpers import Library, kinds, run_command

from cineorg.catalogue import open_catalogue
from cineorg.catalogue.check_queries import Catalogue
from cineorg.settings.sources import load_settings
from cineorg.trees.library import GONE, PRESENT, UNKNOWN, load_library
from cineorg.trees.library import Library as Loaded


@contextmanager
def loaded(library: Library) -> Iterator[Loaded]:
    flags = {"storage": (library.storage,), "video": library.video, "db": library.db}
    with open_catalogue(library.db) as connection:
        yield load_library(load_settings(flags, os.environ), Catalogue(connection).places())


def test_states_of_paths(library: Library) -> None:
    library.films(20).add({"Music/a.mp3": 1, "Films/l.mkv": "Films.0.2001.mkv", "Films/loop": "loop"}).scan()
    with loaded(library) as found:
        assert found.state_of(library.stored("Films/Films.0.2001.mkv")) == (PRESENT, "")
        assert found.state_of(library.stored("Music/a.mp3")) == (PRESENT, "")
        assert found.state_of(library.stored("Films/l.mkv")) == (PRESENT, "")
        assert found.state_of(library.stored("Films/none.mkv")) == (GONE, "no such file")
        assert found.state_of(library.stored("Films/Films.0.2001.mkv/x"))[0] == GONE
        assert found.state_of(library.stored("Films/loop"))[0] == UNKNOWN
        assert found.state_of(library.stored("Films/" + "x" * 300))[0] == UNKNOWN
        assert found.state_of("relative.mkv")[0] == UNKNOWN
        assert found.state_of("/a\0b")[0] == UNKNOWN
        assert found.state_of("/mnt/cineorg-test-none/a.mkv")[0] == UNKNOWN


def test_the_stored_file_of_a_link(library: Library) -> None:
    library.films(20)
    library.add(
        {"Music/a.mp3": 1},
        {
            "Films/direct": "@/Films/Films.1.2001.mkv",
            "Films/relative": "../../storage/Films/Films.1.2001.mkv",
            "Films/chain": "direct",
            "Films/chain of chain": "chain",
            "Films/broken": "@/Films/none.mkv",
            "Films/loop": "loop",
            "Films/outside": f"{library.base}/outside.mkv",
        },
    )
    (library.base / "outside.mkv").write_bytes(b"x")
    library.scan()
    first = library.stored("Films/Films.1.2001.mkv")
    expected = {
        "direct": first,
        "relative": first,
        "chain": first,
        "chain of chain": first,
        "broken": None,
        "loop": None,
        "outside": str(library.base / "outside.mkv"),
        "none": None,
    }
    with loaded(library) as found:
        for name, stored in expected.items():
            assert found.stored_file_of(library.link(f"Films/{name}")) == stored, name


def test_the_other_spelling_of_a_root_is_answered_by_the_census(library: Library) -> None:
    real = library.storage
    library.storage = str(library.base / "alias")
    os.symlink(real, library.storage)
    library.films(3).scan()
    with loaded(library) as found:
        assert found.finder.has(f"{real}/Films/Films.0.2001.mkv")
        assert found.finder.canonical(f"{real}/Films") == library.stored("Films")
        assert found.stored_file_of(library.link("Films/Drame/Films no0 (2001).mkv")) == library.stored(
            "Films/Films.0.2001.mkv"
        )


def test_stored_videos_and_their_number(library: Library) -> None:
    library.add({"Films/a.mkv": 1, "Films/b.MP4": 1, "Films/c.srt": 1, "Films/d": 1, "Other/e.mkv": 1, "f.mkv": 1})
    library.scan()
    with loaded(library) as found:
        videos = sorted(found.stored_videos())
        assert videos == [library.stored("Films/a.mkv"), library.stored("Films/b.MP4")]
        assert found.stored_video_count() == len(videos)


BAD_ROOTS = {
    "video is a file": ("video", "file", "is not a folder"),
    "video is missing": ("video", "missing", "does not exist"),
    "video is a dangling link": ("video", "dangling", "is not a folder"),
    "storage is a file": ("storage", "file", "is not a folder"),
    "video in storage": ("video", "storage/Films/Links", "lie in one another"),
    "storage in video": ("storage", "video/Films/Files", "lie in one another"),
    "one for both": ("video", "storage", "lie in one another"),
    "no video": ("video", None, "no video root"),
    "no storage": ("storage", None, "no storage root"),
}


@pytest.mark.parametrize("command", ["scan", "integrity"])
@pytest.mark.parametrize("case", BAD_ROOTS)
def test_roots_that_cannot_be_meant(case: str, command: str, library: Library) -> None:
    name, given, words = BAD_ROOTS[case]
    library.films(3).scan()
    library.add({"Films/Links": None}, {"Films/Files/a.mkv": 1})
    (library.base / "file").write_bytes(b"x")
    (library.base / "dangling").symlink_to("nowhere")
    roots = {"storage": library.storage, "video": library.video}
    roots[name] = str(library.base / given) if given else ""
    flags = [word for key, value in roots.items() if value for word in (f"--{key}", value)]
    for database in (library.db, str(library.base / "new" / "cineorg.db")):
        result = run_command([command, *flags, "--db", database, "--json"])
        assert result.code == 2
        assert result.out == b""
        assert words in result.err or ((command, database) != ("scan", library.db) and "no catalogue" in result.err)
        assert result.err.count("\n") == 1
    assert not (library.base / "new").exists()


@pytest.mark.parametrize("command", ["scan", "integrity"])
def test_nested_roots_whose_folders_do_not_meet_are_fine(command: str, library: Library) -> None:
    """A share `/nas` with `Films` and, beside it, the tree of links is one of the commonest layouts."""
    library.video = library.stored("Video")
    library.films(20).scan()
    assert library.report(command, code=0)["complete"] is True


def test_two_storage_roots(library: Library) -> None:
    library.films(20)
    second = library.base / "second" / "Films"
    second.mkdir(parents=True)
    (second / "Other.2002.mkv").write_bytes(b"12345")
    library.add(
        video={"Films/Other (2002).mkv": f"{second}/Other.2002.mkv", "Films/x (2003).mkv": f"{second}/none.mkv"}
    )
    flags = ("--storage", str(second.parent))
    assert library.scan(*flags, code=0)["summary"]["files"] == 21
    report = library.integrity(*flags, code=1)
    assert kinds(report) == {"broken_symlink": [library.link("Films/x (2003).mkv")]}
    assert report["library"]["storage"] == [library.storage, str(second.parent)]


def test_a_root_that_was_never_scanned_is_told(library: Library) -> None:
    """Every file of it is an orphan; nobody should have to guess why."""
    library.films(20).scan()
    second = library.base / "second" / "Films"
    second.mkdir(parents=True)
    (second / "Other.2002.mkv").write_bytes(b"12345")
    result = library.run("integrity", "--storage", str(second.parent))
    assert result.code == 1
    assert f"has never seen all of {second.parent}" in result.err
