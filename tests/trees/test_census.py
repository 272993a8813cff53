"""The census: one walk that follows nothing, loses nothing, and says what it could not read."""

from __future__ import annotations

import fnmatch
import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, finish, kinds, make_tree, unprivileged
from hypothesis import given
from hypothesis import strategies as st

from cineorg.settings.configuration import Settings
from cineorg.trees.census import Census, FileStat, is_absent, signed_64
from cineorg.trees.ignored_names import IgnoreRules
from cineorg.trees.tree_walk import take_census

NFC, NFD = (unicodedata.normalize(form, "Séries") for form in ("NFC", "NFD"))
ODD_NAMES = {
    "tab": "a\tb.mkv",
    "newline": "a\nb.mkv",
    "quote": "a'b\"c.mkv",
    "backslash": "a\\b.mkv",
    "not UTF-8": "caf\udce9.mkv",
    "255 bytes": "é" * 125 + "x.mkv",
    "decomposed": "e\u0301.mkv",
    "blanks": " a .mkv",
    "dash": "-rf.mkv",
}


def census_of(library: Library, **fields: Any) -> Census:
    options = {name: fields.pop(name) for name in ("with_stats", "with_storage") if name in fields}
    settings = Settings(storage=(library.storage,), video=library.video, **fields)
    return take_census(settings, **options)


def seen(census: Census) -> set[str]:
    """Return every path of a file or link that the census has."""
    return {f"{path}/{name}" for path, folder in census.folders.items() for name in [*folder.files, *folder.links]}


@pytest.fixture(params=[1, 4], ids=["one thread", "threads"])
def jobs(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_files_links_and_folders_are_told_apart(library: Library, jobs: int) -> None:
    library.add(
        {"Films/a.mkv": 5, "Films/b/c.mkv": 6, "Films/link.mkv": "a.mkv", "Films/b/empty": None},
        {"Films/x.mkv": "@/Films/a.mkv", "Films/dir": "@/Films/b", "Films/real.mkv": 3},
    )
    census = census_of(library, jobs=jobs)
    films, below = census.folders[library.stored("Films")], census.folders[library.stored("Films/b")]
    assert (set(films.files), set(films.links), set(films.subfolders)) == ({"a.mkv"}, {"link.mkv"}, {"b"})
    assert (set(below.files), set(below.subfolders)) == ({"c.mkv"}, {"empty"})
    assert library.stored("Films/b/empty") in census.folders
    assert sorted(census.links()) == [
        (library.link("Films"), "dir", library.stored("Films/b")),
        (library.link("Films"), "x.mkv", library.stored("Films/a.mkv")),
    ]
    assert set(census.folders[library.link("Films")].files) == {"real.mkv"}
    assert census.unreadable == []


def test_no_directory_link_is_followed_and_loops_end(library: Library, jobs: int) -> None:
    library.add({"Films/a.mkv": 1}, {"Films/up": "..", "Films/self": "self", "Films/sub/root": library.video})
    census = census_of(library, jobs=jobs)
    assert {name for _, name, _ in census.links()} == {"up", "self", "root"}
    assert set(census.folders) == {library.stored("Films"), library.link("Films"), library.link("Films/sub")}


SCOPES: dict[str, tuple[tuple[str, ...], list[str], list[str]]] = {
    # scope, folders in the root, folders walked
    "French": ((), ["Films", NFC, "Musique"], ["Films", NFC]),
    "English": ((), ["Movies", "TV Shows", "TV", "Series", "Books"], ["Movies", "Series", "TV", "TV Shows"]),
    "any case": ((), ["films", "SÉRIES"], ["SÉRIES", "films"]),
    "stored decomposed": ((), [NFD], [NFD]),
    "written decomposed": ((NFD,), [NFC], [NFC]),
    "both spellings on one disk": ((NFC,), [NFC, NFD], [NFD, NFC]),
    "own names": (("Kino",), ["Kino", "Films"], ["Kino"]),
    "deeper": (("Kids/Films",), ["Kids/Films", "Kids/Books", "Films"], ["Kids/Films"]),
    "deeper, other spelling": ((f"kids/{NFC}",), [f"Kids/{NFD}"], [f"Kids/{NFD}"]),
    "everything": ((".",), ["Films", "Books"], [""]),
    "none of them": ((), ["Books"], []),
}


@pytest.mark.parametrize("case", SCOPES)
def test_scope(case: str, library: Library) -> None:
    scope, folders, walked = SCOPES[case]
    library.add({f"{folder}/a.mkv": 1 for folder in folders} | {"loose.mkv": 1})
    census = census_of(library, scope=scope)
    assert sorted(census.storage[0].scoped) == sorted(library.stored(name).rstrip("/") for name in walked)
    inside = {library.stored(f"{folder}/a.mkv") for folder in folders if walked == [""] or folder in walked}
    assert seen(census) == inside | ({library.stored("loose.mkv")} if walked == [""] else set())


def test_a_scoped_folder_that_is_a_link_is_told(library: Library) -> None:
    library.add({"Real/a.mkv": 1, "Films": "Real", "Movies": 3})
    census = census_of(library)
    assert [item.path for item in census.unreadable] == [library.stored("Films")]
    assert census.storage[0].scoped == []


def test_names_of_any_bytes(library: Library, jobs: int) -> None:
    library.add(
        {f"Films/{name}": number for number, name in enumerate(ODD_NAMES.values())},
        {f"Films/{name}": f"@/Films/{name}" for name in ODD_NAMES.values()},
    )
    census = census_of(library, jobs=jobs, with_stats=True)
    assert set(census.folders[library.stored("Films")].files) == set(ODD_NAMES.values())
    assert {name: target for _, name, target in census.links()} == {
        name: library.stored(f"Films/{name}") for name in ODD_NAMES.values()
    }


def test_stats(library: Library) -> None:
    library.add({"Films/a.mkv": 12})
    about = os.lstat(library.stored("Films/a.mkv"))
    files = census_of(library, with_stats=True).folders[library.stored("Films")].files
    assert files == {"a.mkv": FileStat(12, about.st_mtime_ns, about.st_dev, about.st_ino)}


@pytest.mark.parametrize("number, stored", [(0, 0), (2**63 - 1, 2**63 - 1), (2**63, -(2**63)), (2**64 - 1, -1)])
def test_device_and_inode_fit_the_catalogue(number: int, stored: int) -> None:
    assert signed_64(number) == stored


def test_no_stat_where_none_is_needed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(20).scan()
    real_stat, calls = os.stat, []
    monkeypatch.setattr(os, "stat", lambda path, **options: calls.append(path) or real_stat(path, **options))
    assert library.integrity(code=0)["summary"]["total"] == 0
    assert not [path for path in calls if str(path).endswith(".mkv")]


@pytest.mark.parametrize("name, is_listed", [("missing", False), ("file", True)])
def test_a_root_that_is_no_folder_is_a_fact(name: str, is_listed: bool, library: Library) -> None:
    library.add({"file": 1})
    settings = Settings(storage=(library.stored(name),), video=library.video)
    tree = take_census(settings).storage[0]
    assert tree.problem
    assert tree.is_unreadable is False
    assert os.path.lexists(tree.root) is is_listed


@pytest.fixture
def vanish(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], None]], None]:
    """Return what makes something happen right after a folder was listed for the first time."""
    real = os.scandir
    planned: dict[str, Callable[[], None]] = {}

    class Listing:
        def __init__(self, path: str) -> None:
            with real(path) as entries:
                self.entries = list(entries)
            planned.pop(path, lambda: None)()

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            return iter(self.entries)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda path: Listing(path))
    return planned.__setitem__


def test_a_folder_that_vanishes_during_the_walk(
    library: Library, vanish: Callable[[str, Callable[[], None]], None], jobs: int
) -> None:
    library.add({"Films/a.mkv": 1, "Films/b/c.mkv": 1}, {"Films/x": "@/Films/a.mkv"})
    vanish(library.stored("Films"), lambda: os.rename(library.stored("Films/b"), library.base / "elsewhere"))
    census = census_of(library, jobs=jobs)
    assert library.stored("Films/b") not in census.folders
    assert census.unreadable == []
    assert seen(census) == {library.stored("Films/a.mkv"), library.link("Films/x")}


def test_an_entry_that_vanishes(library: Library, vanish: Callable[[str, Callable[[], None]], None]) -> None:
    library.add({"Films/a.mkv": 1, "Films/b.mkv": 1}, {"Films/x": "@/Films/a.mkv", "Films/y": "@/Films/b.mkv"})
    vanish(library.stored("Films"), lambda: os.unlink(library.stored("Films/b.mkv")))
    vanish(library.link("Films"), lambda: os.unlink(library.link("Films/y")))
    census = census_of(library, with_stats=True)
    assert seen(census) == {library.stored("Films/a.mkv"), library.link("Films/x")}
    assert census.unreadable == []


ERRORS = {5: "input/output error", 13: "permission denied", 107: "transport endpoint is not connected", 116: "stale"}


@pytest.mark.parametrize("number", ERRORS)
def test_an_error_while_listing_makes_the_census_incomplete(
    number: int, library: Library, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    library.films(20).add({"Films/sub/a.mkv": 1}, {"Films/s (2001).mkv": "@/Films/sub/a.mkv"}).scan()
    real = os.scandir

    def scandir(path: str) -> Any:
        if path == library.stored("Films/sub"):
            raise OSError(number, os.strerror(number), path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    library.write_config(f"jobs = {jobs}")
    report = library.integrity(code=3)
    assert kinds(report)["unreadable"] == [library.stored("Films/sub")]
    assert ERRORS[number] in report["issues"][0]["reason"]
    assert "broken_symlink" not in kinds(report)
    report = library.scan(code=3)
    assert (report["complete"], report["summary"]["gone"]) == (False, 0)


def test_an_unreadable_folder(library: Library) -> None:
    library.films(20).add({"Films/sub/a.mkv": 1}, {"Films/s (2001).mkv": "@/Films/sub/a.mkv"}).scan()
    os.chmod(library.stored("Films/sub"), 0)
    try:
        result = finish(library.start("integrity", "--json", prefix=unprivileged()))
        assert result.code == 3, result.err
        assert result.json["complete"] is False
        assert set(kinds(result.json)) == {"unreadable"}
        assert library.stored("Films/sub") in kinds(result.json)["unreadable"]
        result = finish(library.start("scan", "--json", prefix=unprivileged()))
        assert (result.code, result.json["summary"]["gone"]) == (3, 0)
    finally:
        os.chmod(library.stored("Films/sub"), 0o755)


def test_only_no_such_file_is_absence(library: Library) -> None:
    library.add({"Films/a": 1, "Films/link": "nowhere"})
    assert is_absent(library.stored("Films/b"))
    assert is_absent(library.stored("Films/a/b"))
    assert not is_absent(library.stored("Films/link"))
    assert not is_absent(library.stored("Films/" + "x" * 300))


DEFAULT_IGNORED = ["@eaDir", ".@__thumb", "#recycle", ".Trash-1000", "lost+found", "Plex Versions", ".hidden"]


def test_what_boxes_leave_about_is_passed_over(library: Library) -> None:
    library.add({f"Films/{name}/a.mkv": 1 for name in DEFAULT_IGNORED} | {"Films/._a.mkv": 1, "Films/.b.mkv": 1})
    library.add(video={"Films/._x.mkv": "nowhere", "Films/@eaDir": "nowhere", "Films/y.mkv": "nowhere"})
    census = census_of(library)
    assert seen(census) == {library.stored("Films/.b.mkv"), library.link("Films/y.mkv")}
    census = census_of(library, ignore=())
    assert len(seen(census)) == len(DEFAULT_IGNORED) + 2 + 3


names = st.text(st.sampled_from("ab.*?[]!/~"), min_size=1, max_size=6)


@given(st.lists(names, max_size=4), names)
def test_ignore_rules_agree_with_fnmatch(patterns: list[str], name: str) -> None:
    name = name.replace("/", "") or "a"
    rules = IgnoreRules(patterns)
    for_any = [pattern for pattern in patterns if not pattern.endswith("/")]
    assert rules.skips(name) is any(fnmatch.fnmatchcase(name, pattern) for pattern in for_any)
    folders = [pattern.rstrip("/") for pattern in patterns]
    assert rules.skips_folder(name) is any(fnmatch.fnmatchcase(name, pattern) for pattern in folders)
    if rules.skips(name):
        assert name[0] in rules.suspects


def test_one_job_and_many_agree(tmp_path: Path) -> None:
    entries = {f"Films/{a}/{b}/{c}.mkv": 1 for a in range(5) for b in range(5) for c in range(3)}
    make_tree(tmp_path / "s", entries)
    make_tree(tmp_path / "v", {name: f"../../../../s/{name}" for name in entries})
    settings = [Settings(storage=(str(tmp_path / "s"),), video=str(tmp_path / "v"), jobs=jobs) for jobs in (1, 8)]
    one, many = (take_census(each, with_stats=True) for each in settings)
    assert one.folders.keys() == many.folders.keys()
    assert sorted(one.links()) == sorted(many.links())
    assert all(one.folders[path].files == many.folders[path].files for path in one.folders)


def test_a_root_that_is_the_root_of_the_disk(library: Library) -> None:
    """`/` has its slash already: no path may begin with two."""
    census = take_census(Settings(storage=(), video="/", scope=("etc",)))
    assert census.video.scoped == ["/etc"]
    assert not [path for path in census.folders if "//" in path]
