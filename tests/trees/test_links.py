"""Judging links: healthy, broken, unknown; checked against what the kernel and `find` say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, kinds, make_tree
from hypothesis import given
from hypothesis import strategies as st

from cineorg.paths import is_inside
from cineorg.trees.links import absolute_target

LINKS: dict[str, tuple[str, str]] = {
    # target, what it is: "" for healthy
    "absolute": ("@/Films/a.mkv", ""),
    "relative": ("../../../storage/Films/a.mkv", ""),
    "doubled slash": ("@/Films//a.mkv", ""),
    "dots": ("@/Films/./sub/../a.mkv", ""),
    "through a linked folder": ("@/Films/way/b.mkv", ""),
    "through a linked folder and back": ("@/Films/way/../b.mkv", "broken"),  # `..` of sub, where the link leads
    "to a folder": ("@/Films/sub", ""),
    "to a folder, with slash": ("@/Films/sub/", ""),
    "to an ignored file": ("@/Films/.hidden/c.mkv", ""),
    "to a file out of scope": ("@/Music/d.mp3", ""),
    "to a link": ("chained", ""),
    "to a broken link": ("@/Films/dead.mkv", "broken"),
    "to a file of the video tree": ("real.mkv", ""),
    "gone": ("@/Films/gone.mkv", "broken"),
    "gone, relative": ("../../../storage/Films/gone.mkv", "broken"),
    "folder gone": ("@/Films/none/a.mkv", "broken"),
    "file as folder": ("@/Films/a.mkv/b.mkv", "broken"),
    "file with a slash": ("@/Films/a.mkv/", "broken"),
    "itself": ("itself", "broken"),
    "round": ("round and round", "broken"),
    "round and round": ("round", "broken"),
    "far above the root": ("../" * 40 + "nowhere/a.mkv", "broken"),
    "name too long": ("x" * 256, "unreadable"),
    "newline\nin name": ("@/Films/gone\n.mkv", "broken"),
    "not UTF-8 caf\udce9": ("@/Films/gone \udce9.mkv", "broken"),
}


@pytest.fixture
def tree(library: Library) -> Library:
    library.add(
        {
            "Films/a.mkv": 1,
            "Films/sub/b.mkv": 1,
            "Films/.hidden/c.mkv": 1,
            "Films/way": "sub",
            "Films/dead.mkv": "gone.mkv",
            "Music/d.mp3": 1,
        },
        {f"Films/x/{name}": target for name, (target, _) in LINKS.items()},
    )
    return library.add(video={"Films/x/chained": "@/Films/a.mkv", "Films/x/real.mkv": 1})


@pytest.mark.parametrize("scope", ["", 'scope = ["."]'])
def test_each_kind_of_link(tree: Library, scope: str) -> None:
    tree.write_config(scope)
    report = tree.integrity("--only", "broken_symlink", code=3)
    found = {os.path.basename(issue["path"]): issue["type"] for issue in report["issues"]}
    expected = {name: word for name, (_, word) in LINKS.items() if word}
    readable = {name.replace("\udce9", "\ufffd"): word for name, word in expected.items()}
    assert {name: kind.replace("broken_symlink", "broken") for name, kind in found.items()} == readable


def test_a_loop_says_why_it_is_broken(tree: Library) -> None:
    report = tree.integrity("--only", "broken_symlink")
    reasons = {os.path.basename(issue["path"]): issue["details"] for issue in report["issues"]}
    assert "loop" in reasons["itself"]
    assert "loop" in reasons["round"]
    assert "is a file" in reasons["file as folder"]


def test_the_target_is_reported_as_written(tree: Library) -> None:
    report = tree.integrity("--only", "broken_symlink")
    targets = {issue["path"]: issue["target"] for issue in report["issues"]}
    path = tree.link("Films/x/gone, relative")
    assert targets[path] == os.readlink(path) == LINKS["gone, relative"][0]


def found_by_find(root: str) -> tuple[set[bytes], set[bytes]]:
    """Return what `find -xtype l` lists below a root, and the loops, which it names on stderr only."""
    done = subprocess.run(
        ["find", root, "-xtype", "l", "-print0"], env={**os.environ, "LC_ALL": "C"}, capture_output=True, check=False
    )
    loops = {line for line in done.stderr.splitlines() if line.endswith(b"Too many levels of symbolic links")}
    return set(done.stdout.split(b"\0")) - {b""}, loops


def test_find_lists_the_same(tree: Library) -> None:
    tree.write_config('scope = ["."]')
    dead, loops = found_by_find(tree.video)
    result = tree.run("integrity", "--only", "broken_symlink", "-0")
    listed = set(result.out.split(b"\0")) - {b""}
    strange = {os.fsencode(tree.link(f"Films/x/{name}")) for name in ("itself", "round", "round and round")}
    assert len(loops) == len(strange)
    assert listed == dead | strange  # the one whose target's name is too long is not known to be broken


components = st.sampled_from(["..", ".", "a", "b", "l", "up", "f", "none", ""])
targets = st.builds(lambda head, parts: head + "/".join(parts), st.sampled_from(["", "/", "../"]), st.lists(components))


@pytest.fixture(scope="module")
def maze(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a tree in which every name of `components` means something, links to folders included."""
    base = str(tmp_path_factory.mktemp("maze"))
    make_tree(base, {f"{folder}{name}": 1 for folder in ("", "a/", "a/b/", "b/") for name in ("f",)})
    make_tree(base, {"l": "a/b", "a/l": "../b", "a/b/up": "../..", "b/up": "..", "b/l": "none"})
    return base


@given(target=targets, folder=st.sampled_from(["", "/a", "/a/b", "/b"]))
def test_absolute_target_agrees_with_the_kernel_or_declines(target: str, folder: str, maze: str) -> None:
    directory = maze + folder
    found = absolute_target(directory, target)
    if found is not None:
        assert found.startswith("/")
        assert os.path.realpath(found) == os.path.realpath(os.path.join(directory, target))
        assert os.path.exists(found) == os.path.exists(os.path.join(directory, target))


PLAIN = {
    "../x.mkv": "/v/Films/x.mkv",
    "x.mkv": "/v/Films/a/x.mkv",
    "/s/x.mkv": "/s/x.mkv",
    "../../../s/x.mkv": "/s/x.mkv",
    "../../../../../s/x.mkv": "/s/x.mkv",
    "..": None,
    "../..": None,
    "a/../b": None,
    "/s/": None,
    "": None,
    ".hidden": None,  # rare, and the kernel knows
}


@pytest.mark.parametrize("target", PLAIN)
def test_absolute_target(target: str) -> None:
    assert absolute_target("/v/Films/a", target) == PLAIN[target]


entries = st.dictionaries(
    st.text("abc", min_size=1, max_size=2),
    st.one_of(st.just(1), st.just(None), st.text("abc./", min_size=1, max_size=8)),
    max_size=8,
)


@given(storage=entries, video=entries)
def test_random_trees_are_judged_as_find_judges_them(
    storage: dict[str, Any], video: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from cineorg.settings.configuration import Settings
    from cineorg.trees.library import load_library

    base = tmp_path_factory.mktemp("tree")
    make_tree(base, {"s": None, "v": None})
    make_tree(base / "s", storage)
    make_tree(base / "v", {name: f"../s/{entry}" if isinstance(entry, str) else entry for name, entry in video.items()})
    settings = Settings(storage=(str(base / "s"),), video=str(base / "v"), scope=(".",))
    library = load_library(settings, {})
    if library.offline:  # storage is empty
        broken = [link for link in library.bad_links if link.state == "broken"]
        assert not [link for link in broken if is_inside(os.path.realpath(link.path), str(base / "s"))]
        return
    expected = {
        f"{base}/v/{name}"
        for name, entry in video.items()
        if isinstance(entry, str) and not (base / "v" / name).exists()
    }
    assert {link.path for link in library.bad_links} == expected


def test_roots_given_through_links(library: Library) -> None:
    """A root may be named by a link, and targets may use either spelling."""
    library.films(20)
    library.add(video={"Films/z.mkv": "@/Films/gone.mkv"})
    aliases = {}
    for name in ("storage", "video"):
        aliases[name] = str(library.base / f"to-{name}")
        os.symlink(getattr(library, name), aliases[name])
    real_video = library.video
    library.storage, library.video = aliases["storage"], aliases["video"]
    library.add(
        video={
            "Films/alias (2001).mkv": "@/Films/Films.0.2001.mkv",
            "Films/rel (2001).mkv": "../../storage/Films/Films.1.2001.mkv",
        }
    )
    report = library.scan(code=0)
    assert report["summary"]["links"] == 23
    report = library.integrity(code=1)
    assert kinds(report) == {"broken_symlink": [f"{library.video}/Films/z.mkv"]}
    assert library.integrity(f"{real_video}/Films", code=1)["summary"]["total"] == 1


def test_a_link_to_a_place_that_is_offline_is_not_asked_for(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(20).scan()
    Path(library.storage).rename(library.storage + ".away")
    asked: list[str] = []
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **options: asked.append(str(path)) or real(path, **options))
    library.integrity("--only", "broken_symlink", code=3)
    assert not [path for path in asked if path.endswith(".mkv")]


def test_a_way_round_to_a_place_that_is_offline(library: Library) -> None:
    """Neither a link nor a row need name the root as it was given: a linked folder will do, or its real path."""
    alias = library.base / "alias"
    alias.symlink_to(library.storage)
    real, given = library.storage, str(library.base / "given")
    os.symlink(real, given)
    library.films(30)
    library.storage = given
    library.add(
        video={"Films/a (2001).mkv": f"{alias}/Films/Films.1.2001.mkv", "Films/r.mkv": f"{real}/Films/Films.2.2001.mkv"}
    )
    library.scan(code=0)
    for path in (f"{alias}/Films/Films.3.2001.mkv", f"{real}/Films/Films.4.2001.mkv"):
        library.rows("INSERT INTO movies (title, file_path) VALUES ('Other', ?)", path)
    assert library.integrity(code=0)["complete"]
    Path(real).rename(real + ".away")
    found = kinds(library.integrity(code=3))
    assert not {"broken_symlink", "ghost_entry"} & set(found)
    assert {library.link("Films/a (2001).mkv"), library.link("Films/r.mkv")} <= set(found["offline_target"])
