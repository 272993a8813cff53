"""`cineorg scan`: what it prints, in every format, and what it makes of its options."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers import Library, run_command, snapshot


@pytest.fixture
def changed(library: Library) -> Library:
    """Return a scanned library with one change of each kind."""
    library.films(30).add({"Films/changed.mkv": 5}).scan()
    library.move("Films/Films.1.2001.mkv", "Films/moved\n\udce9.mkv")
    os.unlink(library.stored("Films/Films.2.2001.mkv"))
    os.utime(library.stored("Films/changed.mkv"), ns=(0, 1))
    return library.add({"Films/new.mkv": 9}, {"Films/Drame/New (2002).mkv": "@/Films/new.mkv"})


def test_the_document(changed: Library) -> None:
    report = changed.scan(code=0)
    assert list(report) == [
        "command", "version", "checked_at", "library", "complete", "has_issues", "summary", "entries", "issues",
        "suggestions",
    ]  # fmt: skip
    assert [entry["type"] for entry in report["entries"]] == ["new", "new", "changed", "moved", "gone"]
    assert list(report["summary"].items()) == [
        ("total", 5),
        ("new", 2),
        ("changed", 1),
        ("moved", 1),
        ("gone", 1),
        ("files", 31),
        ("links", 31),
        ("films_added", 1),
        ("series_added", 0),
        ("episodes_added", 0),
        ("episodes_filled", 0),
        ("not_understood", 0),
    ]
    file, link = report["entries"][:2]
    assert file == {"type": "new", "path": changed.stored("Films/new.mkv"), "kind": "file", "size": 9}
    assert link == {
        "type": "new",
        "path": changed.link("Films/Drame/New (2002).mkv"),
        "kind": "link",
        "target": changed.stored("Films/new.mkv"),
    }
    assert report["suggestions"] == [f"cineorg integrity {' '.join(changed.flags())}"]


def test_tsv(changed: Library) -> None:
    lines = changed.run("scan").out.split(b"\n")
    assert lines[0] == b"type\tpath\tkind\told_path\tsize\ttarget\tevidence\tdetails\treason"
    assert {line.count(b"\t") for line in lines[:-1]} == {8}
    moved = next(line for line in lines if line.startswith(b"moved\t")).split(b"\t")
    assert moved[1] == os.fsencode(changed.stored("Films/moved")) + b"\\n\xe9.mkv"
    assert moved[3] == os.fsencode(changed.stored("Films/Films.1.2001.mkv"))


def test_print0(changed: Library) -> None:
    paths = changed.run("scan", "-0").out.split(b"\0")
    assert os.fsencode(changed.stored("Films/moved\n\udce9.mkv")) in paths
    assert len(paths) == 6


def test_table(changed: Library) -> None:
    out = changed.run("scan", "--format", "table").out.decode()
    for title in ("1 new file\n", "1 new link\n", "1 changed file", "1 moved file", "1 gone file"):
        assert title in out
    assert "moved\\x0a" in out


def test_json_lines_hold_the_whole_inventory(changed: Library) -> None:
    lines = changed.run("scan", "--jsonl").lines
    types = [line["type"] for line in lines]
    assert types[0] == "root"
    assert types[-1] == "summary"
    assert (types.count("root"), types.count("file"), types.count("link")) == (2, 31, 31)


def test_storage_and_video_are_never_touched(changed: Library) -> None:
    before = snapshot(changed.storage), snapshot(changed.video)
    changed.scan("--fingerprint")
    assert (snapshot(changed.storage), snapshot(changed.video)) == before


def test_names_of_any_bytes_reach_the_catalogue(library: Library) -> None:
    names = ["a\tb", "a\nb", "a'\"b", "a\\b", "caf\udce9", "é" * 127, "e\u0301", " ", "\x01\x7f"]
    library.films(3).add({f"Films/{name}": 1 for name in names}, {f"Films/{name}": f"@/Films/{name}" for name in names})
    library.scan(code=0)
    stored = {raw for (raw,) in library.rows("SELECT path FROM cineorg_files")}
    linked = dict(library.rows("SELECT path, target FROM cineorg_links"))
    for name in names:
        assert os.fsencode(library.stored(f"Films/{name}")) in stored
        assert linked[os.fsencode(library.link(f"Films/{name}"))] == os.fsencode(library.stored(f"Films/{name}"))
    assert library.scan(code=0)["summary"]["total"] == 0


def test_accepting_what_is_not_missing(library: Library) -> None:
    library.films(3).scan()
    result = library.run("scan", "--accept", library.stored("Films/Films.0.2001.mkv/deeper"))
    assert (result.code, result.out) == (2, b"")
    assert "name a root, or a folder directly in one" in result.err
    result = library.run("scan", "--accept", "/nowhere/at/all")
    assert result.code == 0
    assert "nothing is known of it" in result.err
    assert library.run("scan", "--accept", library.storage, "--accept", library.video).err == ""


def test_accept_takes_a_relative_path(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(30).scan()
    for number in range(20):
        os.unlink(library.stored(f"Films/Films.{number}.2001.mkv"))
    assert library.run("scan").code == 3
    monkeypatch.chdir(library.base)
    assert library.run("scan", "--accept", "storage").code == 0


JOBS = ["-1", "257", "x", "2.5"]


@pytest.mark.parametrize("number", JOBS)
def test_a_number_of_jobs_that_is_none(number: str, library: Library) -> None:
    result = library.films(1).run("scan", "--jobs", number)
    assert result.code == 2
    assert "--jobs" in result.err


@pytest.mark.parametrize("number", ["0", "8"])
def test_jobs(number: str, library: Library) -> None:
    assert library.films(5).scan("--jobs", number, code=0)["summary"]["files"] == 5


def test_roots_from_the_environment(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(3)
    monkeypatch.setenv("CINEORG_STORAGE_DIR", library.storage)
    monkeypatch.setenv("CINEORG_VIDEO_DIR", library.video)
    monkeypatch.setenv("CINEORG_DATABASE_URL", f"sqlite:///{library.db}")
    assert run_command(["scan"]).code == 0
    assert run_command(["integrity", "--json"]).json["library"]["db"] == library.db
    assert Path(library.db).exists()


def test_no_catalogue_is_made_for_a_slip_of_the_finger(library: Library) -> None:
    result = run_command(["scan", "--storage", library.storage, "--video", library.video + "x", "--db", library.db])
    assert result.code == 2
    assert not os.path.exists(library.db)


def test_every_inventory_has_the_hashes_that_are_known(library: Library) -> None:
    library.add({f"Films/{n}.mkv": 200_000 + n for n in range(3)})

    def hashed(*options: str) -> set[str]:
        rows = library.run("scan", "--jsonl", *options).lines
        return {os.path.basename(row["path"]) for row in rows if row.get("oshash")}

    every = {"0.mkv", "1.mkv", "2.mkv"}
    assert hashed() == set()
    assert hashed("--fingerprint") == every
    assert hashed("--fingerprint") == hashed() == every
    os.utime(library.stored("Films/1.mkv"), ns=(0, 1))
    assert hashed() == every - {"1.mkv"}  # the hash is of what was there before
    assert hashed("--fingerprint") == every
