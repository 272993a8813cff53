"""A file that a link reaches under another spelling than the walk saw is the walk's file: device and inode say so."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import Library, kinds

from cineorg.settings.configuration import Settings
from cineorg.trees.library import load_library

FILE = "Films/Film.2001/Film.2001.mkv"


@pytest.fixture
def binding(tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    made: list[str] = []

    def bind(what: str, where: str) -> None:
        os.makedirs(where, exist_ok=True)
        done = subprocess.run(["mount", "--bind", what, where], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("mounting is not allowed here")
        made.append(where)

    yield bind
    for where in made:
        subprocess.run(["umount", "-l", where], check=True)


def reached(library: Library, link: str) -> str | None:
    settings = Settings(storage=(library.storage,), video=library.video)
    return load_library(settings, {}).stored_file_of(library.link(link))


def test_a_bind_mount_of_storage(library: Library, tmp_path: Path, binding: Callable[[str, str], None]) -> None:
    library.add({FILE: 1000, "Films/Other.2002.mkv": 1000})
    binding(library.storage, str(tmp_path / "share"))
    library.add({}, {"Films/Drame/Film (2001).mkv": f"{tmp_path}/share/{FILE}"})
    assert reached(library, "Films/Drame/Film (2001).mkv") == library.stored(FILE)
    library.scan()
    report = library.integrity("--only", "orphan_file", "--only", "broken_symlink")
    assert kinds(report) == {"orphan_file": [library.stored("Films/Other.2002.mkv")]}


@pytest.mark.parametrize("copy", ["another file of that name", "the same name, linked hard, elsewhere"])
def test_only_the_very_file_is_tied(copy: str, library: Library, tmp_path: Path) -> None:
    library.add({FILE: 1000})
    away = tmp_path / "away" / "FILM.2001.mkv"
    away.parent.mkdir()
    if copy.startswith("another"):
        away.write_bytes(b"x" * 1000)
    else:
        os.link(library.stored(FILE), away)
    library.add({}, {"Films/Drame/Film (2001).mkv": str(away)})
    same = None if copy.startswith("another") else library.stored(FILE)
    assert reached(library, "Films/Drame/Film (2001).mkv") == (same or str(away))


def test_a_share_that_folds_case(library: Library, tmp_path: Path) -> None:
    # As such a share does it: both spellings are one inode. The walk lists one of them alone.
    library.add({FILE: 1000})
    os.makedirs(library.stored("Films/FILM.2001/"))
    os.link(library.stored(FILE), library.stored("Films/FILM.2001/film.2001.MKV"))
    library.add({}, {"Films/Drame/Film (2001).mkv": "@/Films/FILM.2001/film.2001.MKV"})
    settings = Settings(storage=(library.storage,), video=library.video)
    from cineorg.trees.tree_walk import take_census

    census = take_census(settings)
    del census.folders[library.stored("Films/FILM.2001")]
    seen = load_library(settings, {}, census=census).stored_file_of(library.link("Films/Drame/Film (2001).mkv"))
    assert seen == library.stored(FILE)
