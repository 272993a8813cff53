"""An inventory written on one machine and read on another: any name, any cut, any nonsense."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
from typing import Any

import pytest
from helpers import Library, kinds, run_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cineorg.catalogue.inventory_stream import inventory_rows, read_inventory
from cineorg.errors import InputError
from cineorg.paths import json_fields
from cineorg.settings.configuration import Settings
from cineorg.trees.census import Census, FileStat, Folder, Tree, Unreadable
from cineorg.trees.library import Library as Loaded
from cineorg.trees.links import Finder

name = st.binary(min_size=1, max_size=12).filter(lambda raw: not {0, 47} & set(raw) and raw not in (b".", b".."))
names = name.map(os.fsdecode)
target = st.binary(min_size=1, max_size=20).filter(lambda raw: 0 not in raw).map(os.fsdecode)
stats = st.builds(FileStat, st.integers(0, 2**62), st.integers(-(2**62), 2**62), st.none(), st.none())


def encode(census: Census, hashes: dict[str, str]) -> list[bytes]:
    """Return the stream that `scan --jsonl` would write for a census."""
    loaded = Loaded(Settings(), census, Finder(census))
    rows = [*inventory_rows(loaded, hashes), {"type": "summary", "complete": True}]
    return [json.dumps(json_fields(row)).encode() + b"\n" for row in rows]


@given(st.dictionaries(names, st.dictionaries(names, stats)), st.dictionaries(names, st.dictionaries(names, target)))
def test_round_trip(files: dict[str, dict[str, FileStat]], links: dict[str, dict[str, str]]) -> None:
    census = Census()
    for root, tops, is_storage in (("/s \udcff", files, True), ("/v", links, False)):
        census.trees.append(Tree(root, root, is_storage, [f"{root}/{top}" for top in tops], is_empty=not tops))
        for top, entries in tops.items():
            census.folders[f"{root}/{top}"] = Folder(entries) if is_storage else Folder({}, links=entries)  # type: ignore[arg-type]
    hashes = {f"/s \udcff/{top}/{name}": "0" * 16 for top, entries in files.items() for name in entries}
    read, read_hashes, roots = read_inventory(encode(census, hashes), [])
    assert roots == (("/s \udcff",), "/v")
    assert read_hashes == hashes
    assert read.trees == census.trees
    assert read.folders.keys() == census.folders.keys()
    assert sorted(read.links()) == sorted(census.links())
    for path, folder in census.folders.items():
        assert read.folders[path].files == folder.files


MAPS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "prefix": ([("/s", "/mnt/nas")], "/mnt/nas/F/a"),
    "everything": ([("", "/x")], "/x/s/F/a"),
    "another": ([("/t", "/x")], "/s/F/a"),
    "first that fits": ([("/s", "/y"), ("/y", "/z")], "/y/F/a"),
    "to the root": ([("/s", "")], "/F/a"),
}


@pytest.mark.parametrize("case", MAPS)
def test_maps(case: str) -> None:
    maps, expected = MAPS[case]
    census = Census(
        trees=[Tree("/s", "/s", True, ["/s/F"]), Tree("/v", "/v", False, ["/v/F"])],
        folders={
            "/s/F": Folder({"a": FileStat(1, 2, None, None)}),
            "/v/F": Folder({}, links={"l": "/s/F/a", "r": "../../s/F/a"}),
        },
    )
    read, _, _ = read_inventory(encode(census, {}), maps)
    assert {f"{path}/{name}" for path, folder in read.folders.items() for name in folder.files} == {expected}
    assert {name: end for _, name, end in read.links()} == {"l": expected, "r": "../../s/F/a"}


ROOTS = [
    {"type": "root", "path": "/s", "kind": "storage", "scoped": ["/s/F"], "problem": ""},
    {"type": "root", "path": "/v", "kind": "video", "scoped": ["/v/F"], "problem": ""},
]
FILE = {"type": "file", "path": "/s/F/a", "size": 1, "mtime_ns": 2}
SUMMARY = {"type": "summary", "complete": True}
BAD: dict[str, list[Any]] = {
    "nothing": [],
    "no summary": [*ROOTS, FILE],
    "no roots": [FILE, SUMMARY],
    "no video root": [ROOTS[0], SUMMARY],
    "two video roots": [*ROOTS, {**ROOTS[1], "path": "/w"}, SUMMARY],
    "a list": [[], SUMMARY],
    "a number": [3, SUMMARY],
    "a text": ["type", SUMMARY],
    "no type": [{"path": "/a"}, SUMMARY],
    "no path": [*ROOTS, {"type": "file", "size": 1, "mtime_ns": 2}, SUMMARY],
    "relative path": [*ROOTS, {**FILE, "path": "a"}, SUMMARY],
    "relative root": [{**ROOTS[0], "path": "s"}, ROOTS[1], SUMMARY],
    "path that is none": [*ROOTS, {**FILE, "path": ["/s/F/a"]}, SUMMARY],
    "path with NUL": [*ROOTS, {**FILE, "path": "/s/F/a\0"}, SUMMARY],
    "path outside": [*ROOTS, {**FILE, "path": "/etc/passwd"}, SUMMARY],
    "path that leads outside": [*ROOTS, {**FILE, "path": "/s/F/../../etc/passwd"}, SUMMARY],
    "path that is a root": [*ROOTS, {**FILE, "path": "/s/F"}, SUMMARY],
    "lone surrogate": [*ROOTS, {**FILE, "path": "/s/F/\ud800"}, SUMMARY],
    "size that is none": [*ROOTS, {**FILE, "size": "big"}, SUMMARY],
    "size that SQLite cannot hold": [*ROOTS, {**FILE, "size": 2**64}, SUMMARY],
    "negative size": [*ROOTS, {**FILE, "size": -1}, SUMMARY],
    "infinite": [*ROOTS, {**FILE, "mtime_ns": float("inf")}, SUMMARY],
    "mtime that SQLite cannot hold": [*ROOTS, {**FILE, "mtime_ns": -(2**64)}, SUMMARY],
    "base64 that is none": [*ROOTS, {**FILE, "path_b64": "!"}, SUMMARY],
    "base64 that is no text": [*ROOTS, {**FILE, "path_b64": 3}, SUMMARY],
    "scope outside": [{**ROOTS[0], "scoped": ["/etc"]}, ROOTS[1], SUMMARY],
    "scope that is none": [{**ROOTS[0], "scoped": None}, ROOTS[1], SUMMARY],
    "target that is none": [*ROOTS, {"type": "link", "path": "/v/F/l", "target": None}, SUMMARY],
    "hash that is none": [*ROOTS, {**FILE, "oshash": {}}, SUMMARY],
    "a kind of root nobody knows": [{**ROOTS[0], "kind": "?"}, ROOTS[1], SUMMARY],
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_inventory_is_refused_and_changes_nothing(case: str, library: Library) -> None:
    stream = b"".join(json.dumps(row).encode() + b"\n" for row in BAD[case])
    result = run_command(["scan", "--db", library.db, "--from", "-", "--json"], stream)
    assert (result.code, result.out) == (2, b""), result
    assert "inventory" in result.err
    assert result.err.count("\n") == 1
    assert not os.path.exists(library.db)


NONSENSE = {"not JSON": b"{", "not UTF-8": b"\xff\xfe{}", "deep": b"[" * 100_000, "digits": b"1" * 10_000}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense(case: str) -> None:
    with pytest.raises(InputError, match="line 2 of the inventory"):
        read_inventory([b"\n", NONSENSE[case] + b"\n"], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_makes_it_raise_anything_else(data: st.DataObject) -> None:
    rows: list[Any] = json.loads(json.dumps([*ROOTS, FILE, {"type": "link", "path": "/v/F/l", "target": "x"}, SUMMARY]))
    values = st.one_of(
        st.none(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.text(max_size=2)), st.booleans()
    )
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from([*row, "path_b64", "target_b64"]))] = data.draw(values)
    with contextlib.suppress(InputError):
        read_inventory([json.dumps(row).encode() for row in rows], [])


def other_machine(library: Library) -> Library:
    """Return a catalogue of its own for a library whose trees it cannot see."""
    other = Library.__new__(Library)
    other.__dict__.update(library.__dict__, db=library.db + ".other")
    return other


def take(library: Library, stream: bytes, *arguments: str, code: int = 0) -> dict[str, Any]:
    result = run_command(["scan", "--db", library.db, "--from", "-", "--json", *arguments], stream)
    assert result.code == code, result
    return result.json


def test_another_machine_gets_the_same_catalogue(library: Library) -> None:
    library.films(25).add(
        {"Films/caf\udce9\n.mkv": b"x" * 140_000, "Séries/a.mkv": 3},
        {"Films/Drame/Café (1999).mkv": "@/Films/caf\udce9\n.mkv"},
    )
    stream = library.run("scan", "--jsonl", "--fingerprint").out
    other = other_machine(library)
    report = take(other, stream, "--map", f"{library.base}=/other")
    assert report["library"]["storage"] == ["/other/storage"]
    assert report["summary"]["files"] == 27

    def shown(owner: Library, statement: str) -> list[tuple[Any, ...]]:
        here, there = os.fsencode(library.base), b"/other"
        return [
            tuple(value.replace(here, there) if isinstance(value, bytes) else value for value in row)
            for row in owner.rows(statement)
        ]

    for statement in (
        "SELECT path, size_bytes, mtime_ns, oshash FROM cineorg_files ORDER BY path",
        "SELECT path, target FROM cineorg_links ORDER BY path",
        "SELECT CAST(title AS BLOB), year, CAST(file_path AS BLOB), file_size_bytes FROM movies ORDER BY title",
        "SELECT path, kind, files FROM cineorg_places ORDER BY path",
    ):
        assert shown(library, statement) == shown(other, statement)
    assert take(other, stream, "--map", f"{library.base}=/other")["summary"]["total"] == 0


def test_moves_and_losses_are_seen_from_afar(library: Library) -> None:
    library.films(30).add({"Films/locked/z.mkv": 1})
    other = other_machine(library)
    maps = ("--map", f"{library.base}=/other")
    take(other, library.run("scan", "--jsonl").out, *maps)
    library.move("Films/Films.1.2001.mkv", "Films/moved.mkv")
    os.unlink(library.stored("Films/Films.2.2001.mkv"))
    report = take(other, library.run("scan", "--jsonl").out, *maps)
    assert kinds(report, "entries") == {
        "moved": ["/other/storage/Films/moved.mkv"],
        "gone": ["/other/storage/Films/Films.2.2001.mkv"],
    }


def test_guards_hold_from_afar(library: Library) -> None:
    library.films(30)
    other = other_machine(library)
    maps = ("--map", f"{library.base}=/other")
    take(other, library.run("scan", "--jsonl").out, *maps)
    before = other.rows("SELECT path, missing_since FROM cineorg_files ORDER BY path")
    for number in range(20):
        os.unlink(library.stored(f"Films/Films.{number}.2001.mkv"))
    half = library.run("scan", "--jsonl")
    assert half.code == 3
    shutil.rmtree(library.stored("Films"))
    empty = library.run("scan", "--jsonl")
    shutil.rmtree(library.storage)
    missing = library.run("scan", "--jsonl")
    for stream in (half.out, empty.out, missing.out):
        report = take(other, stream, *maps, code=3)
        assert report["summary"]["gone"] == 0
        assert report["complete"] is False
        assert other.rows("SELECT path, missing_since FROM cineorg_files ORDER BY path") == before
    fresh = other_machine(library)
    fresh.db += ".fresh"
    assert take(fresh, half.out, code=3)["complete"] is False
    assert take(other, empty.out, *maps, "--accept", "/other/storage")["summary"]["gone"] == 30


def test_an_unreadable_folder_is_unreadable_from_afar(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(30).add({"Films/locked/z.mkv": 1})
    other = other_machine(library)
    take(other, library.run("scan", "--jsonl").out)
    real = os.scandir

    def scandir(path: str) -> Any:
        if path == library.stored("Films/locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = take(other, library.run("scan", "--jsonl").out, code=3)
    assert kinds(report)["unreadable"] == [library.stored("Films/locked")]
    assert report["summary"]["gone"] == 0


MAP_MISTAKES = ["a=b", "/a", "/a=b", "=/b", "a=/b"]


@pytest.mark.parametrize("value", MAP_MISTAKES)
def test_a_map_that_is_none(value: str, library: Library) -> None:
    result = run_command(["scan", "--db", library.db, "--from", "-", "--map", value])
    assert result.code == 2
    assert "OLD=NEW" in result.err


def test_from_a_file(library: Library) -> None:
    library.films(3)
    path = library.base / "inventory.jsonl"
    path.write_bytes(library.run("scan", "--jsonl").out)
    other = other_machine(library)
    assert run_command(["scan", "--db", other.db, "--from", str(path)]).code == 0
    assert other.rows("SELECT count(*) FROM cineorg_files") == [(3,)]
    roots = run_command(["scan", "--db", other.db, "--from", str(path), "--storage", "/elsewhere"])
    assert (roots.code, "left aside" in roots.err) == (0, True)
    for bad in (str(library.base), str(library.base / "none")):
        result = run_command(["scan", "--db", other.db, "--from", bad])
        assert (result.code, bad in result.err) == (2, True)


def test_unreadable_rows_survive() -> None:
    census = Census(trees=[Tree("/s", "/s", True, ["/s/F"]), Tree("/v", "/v", False, [])], folders={"/s/F": Folder({})})
    row = {"type": "unreadable", "path": "?", "path_b64": base64.b64encode(b"/s/F/\xff").decode(), "reason": "i/o"}
    lines = [*encode(census, {})[:-1], json.dumps(row).encode(), json.dumps(SUMMARY).encode()]
    assert read_inventory(lines, [])[0].unreadable == [Unreadable("/s/F/\udcff", "i/o")]
