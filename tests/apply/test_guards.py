"""The guards hold for whoever applies changes: over every way of writing a target, and just before each step."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import Library, mounted

from cineorg.apply import apply_changes
from cineorg.apply.guards import Guards
from cineorg.catalogue import open_catalogue
from cineorg.catalogue.check_queries import Catalogue
from cineorg.changes import Change, Relink, RemoveDir, RemoveLink
from cineorg.errors import RefusedError
from cineorg.settings.sources import load_settings
from cineorg.trees.library import load_library

WAYS = {
    "plain": "{storage}/Films/Heat.1995.mkv",
    "dots": "{storage}/Films/../Films/Heat.1995.mkv",
    "doubled slash": "{storage}//Films/Heat.1995.mkv",
    "relative": "../../../storage/Films/Heat.1995.mkv",
    "relative with dots": "../../../storage/Films/../Films/./Heat.1995.mkv",
    "over another link": "../Other/Heat (1995).mkv",
    "over a link outside": "{base}/alias/Films/Heat.1995.mkv",
}


@pytest.fixture
def films(tmp_path: Path) -> Library:
    library = Library(tmp_path / "library")
    library.films(20).add({"Films/Heat.1995.mkv": 777}, {"Films/Other/Heat (1995).mkv": "@/Films/Heat.1995.mkv"})
    os.symlink(library.storage, library.base / "alias")
    return library


def applied(library: Library, *changes: Change) -> list[tuple[str, str]]:
    """Apply changes with the guards of the library, as a program would that has no command around it."""
    flags = {"storage": (library.storage,), "video": library.video, "db": library.db}
    with open_catalogue(library.db, write=True) as connection:
        loaded = load_library(load_settings(flags, os.environ), Catalogue(connection).places())
        outcomes = apply_changes(
            connection,
            changes,
            command="test",
            video_root=library.video,
            storage_roots=(library.storage,),
            guards=Guards(loaded),
        ).outcomes
    return [(outcome.status, outcome.reason) for outcome in outcomes]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_rests_on_the_absence_of_a_file_whose_storage_is_away(films: Library, way: str) -> None:
    target = WAYS[way].format(storage=films.storage, base=films.base)
    films.add(None, {"Films/Drame/Heat (1995).mkv": target})
    path = films.link("Films/Drame/Heat (1995).mkv")
    assert os.path.exists(path), "the way leads to the file"
    films.scan()
    os.rename(films.storage, films.base / "away")
    os.mkdir(films.storage)
    for change in (RemoveLink(path, target), Relink(path, target, films.stored("Films/none.mkv"))):
        with pytest.raises(RefusedError, match="scan --accept"):
            applied(films, change)
    assert os.readlink(path) == target


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT])
def test_a_file_that_cannot_be_looked_at_is_not_absent(
    films: Library, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    films.add(None, {"Films/Drame/Alien (1979).mkv": "@/Films/Alien.1979.mkv"})
    films.scan()
    path = films.link("Films/Drame/Alien (1979).mkv")
    real = os.stat

    def stat(name: object, *rest: object, **more: object) -> os.stat_result:
        if name == path:
            raise OSError(number, os.strerror(number))
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("cineorg.apply.guards.os.stat", stat)
    ((status, reason),) = applied(films, RemoveLink(path, os.readlink(path), if_broken=True))
    assert (status, "cannot be looked at" in reason) == ("skipped", True)
    assert os.path.islink(path)


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda path: Path(path).write_bytes(b"another film"), "another one than was planned"),
        (lambda path: os.utime(path, ns=(0, 1)), "another one than was planned"),
        (os.unlink, "cannot be reached"),
    ],
)
def test_a_plan_means_the_file_that_it_saw(films: Library, alter: Callable[[str], object], words: str) -> None:
    films.scan()
    path, new = films.link("Films/Other/Heat (1995).mkv"), films.stored("Films/moved.mkv")
    os.rename(films.stored("Films/Heat.1995.mkv"), new)
    seen = os.stat(new)
    change = Relink(path, os.readlink(path), new, size=seen.st_size, mtime_ns=seen.st_mtime_ns)
    alter(new)
    ((status, reason),) = applied(films, change)
    assert (status, words in reason) == ("skipped", True)
    assert os.readlink(path) != new


def test_too_much_at_once_is_refused_without_any_command(films: Library) -> None:
    films.films(300, folder="Films/More")
    films.scan()
    changes = [
        RemoveLink(path, os.readlink(path))
        for path in (films.link(f"Films/More/Drame/More no{i} (2001).mkv") for i in range(150))
    ]
    with pytest.raises(RefusedError, match="more than the"):
        applied(films, *changes)


@pytest.mark.parametrize("shown", ["Films/Sub", "Films"])
def test_storage_that_a_bind_mount_shows_in_the_video_tree_is_storage(films: Library, shown: str) -> None:
    films.add({"Films/Sub/Empty/Deeper": None, "Films/Sub/Keep/a.mkv": 9}, {"Films/Sub": None})
    films.scan()
    inner = "Films/Sub" if shown == "Films/Sub" else "Films/Sub/Sub"
    with mounted(films.link("Films/Sub"), bind=films.stored(shown)):
        folder = films.link(f"{inner}/Empty/Deeper")
        assert os.path.isdir(folder)
        ((status, reason),) = applied(films, RemoveDir(folder))
    assert (status, "storage is never changed" in reason) == ("skipped", True)
    assert os.path.isdir(films.stored("Films/Sub/Empty/Deeper"))
