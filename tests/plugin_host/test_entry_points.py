"""Entry points read from the files of installed packages, against the standard library's answer."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from cineorg.plugin_host.entry_points import EntryPoint, find_entry_points

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: a description that lies\n"


def install(folder: Path, name: str, version: str, entry_points: str, kind: str = "dist-info") -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.{kind}"
    info.mkdir(parents=True)
    (info / ("METADATA" if kind == "dist-info" else "PKG-INFO")).write_text(
        METADATA.format(name=name, version=version), "utf-8"
    )
    (info / "entry_points.txt").write_text(entry_points, "utf-8")


@pytest.mark.parametrize("group", ["console_scripts", "pytest11"])
def test_agrees_with_the_standard_library_on_what_is_installed_here(group: str) -> None:
    expected = {
        (entry.name, entry.value, entry.dist.name, entry.dist.version)
        for entry in importlib.metadata.entry_points(group=group)
        if entry.dist is not None
    }
    assert expected
    assert set(map(tuple, find_entry_points(group, sys.path))) == expected


@pytest.mark.parametrize("kind", ["dist-info", "egg-info"])
@pytest.mark.parametrize(
    "text",
    [
        "[cineorg]\nsubtitles = some_module\n",
        "[console_scripts]\nx = y:z\n\n[cineorg]\nsubtitles=some_module\n\n[other]\nsubtitles = wrong\n",
        "# cineorg\n[ cineorg ]\n; no = one\n  subtitles   =   some_module  \nnonsense\n",
    ],
)
def test_reads_the_group_and_no_other(text: str, kind: str, tmp_path: Path) -> None:
    install(tmp_path, "some-plugin", "1.2", text, kind)
    install(tmp_path, "unrelated", "3", "[console_scripts]\nunrelated = u:main\n", kind)
    assert find_entry_points("cineorg", [str(tmp_path)]) == [
        EntryPoint("subtitles", "some_module", "some-plugin", "1.2")
    ]


def test_first_on_the_path_counts_and_the_rest_is_sorted(tmp_path: Path) -> None:
    install(tmp_path / "a", "double", "2", "[cineorg]\nb = new\n")
    install(tmp_path / "b", "double", "1", "[cineorg]\nb = old\n")
    install(tmp_path / "b", "single", "1", "[cineorg]\na = single\n")
    places = [str(tmp_path / name) for name in ("a", "nowhere", "b")]
    assert [entry.value for entry in find_entry_points("cineorg", places)] == ["single", "new"]


@pytest.mark.parametrize(
    "value,expected",
    [("os.path", "posixpath"), ("os:path", "posixpath"), ("os:path.join", "join"), ("os:path.join [x]", "join")],
)
def test_load_imports_a_module_or_what_is_in_it(value: str, expected: str) -> None:
    assert EntryPoint("x", value, "p", "1").load().__name__ == expected
