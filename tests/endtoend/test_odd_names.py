"""Any name that a filesystem can hold goes through everything: scan, move, repair, each format, apply, undo, remedy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from endtoend.world import exact
from helpers import REPOSITORY, Library, snapshot

STEMS = {
    "newline": "a\nb",
    "only newline": "\n",
    "tab": "a\tb\r",
    "backslash": "a\\nb\\",
    "not UTF-8": "caf\udce9\udcff",
    "half a character": "\udce2\udc82",
    "long": "é" * 125 + "x",
    "long and not UTF-8": "\udcff" * 251,
    "decomposed": "Ame\u0301lie",
    "dash": "-rf",
    "two dashes": "--json",
    "quotes": 'it\'s "so" `x` $HOME',
    "ANSI C": "$'\\n'",
    "emoji": "🎬👩\u200d🚀",
    "right to left": "\u202eevil\u202c",
    "terminal": "\x1b[31mred\x07",
    "spaces": "  a  ",
    "dots": "a..",
    "equals": "a=b:c,d",
    "percent": "%s%00{0}",
    "markup": "[bold]<b>&amp;",
    "glob": "*?[!a]~",
    "line separator": "a\u2028b\x85c",
    "control": "".join(map(chr, range(1, 32))),
    "byte order mark": "\ufeffa",
}


def make(library: Library, stem: str) -> Library:
    """Make a library in which the name stands everywhere: stored file, its folder, link, its folder."""
    library.films(12).add(
        {f"Films/{stem}/{stem}.mkv": 500, f"Films/{stem}.mkv": 501},
        {f"Films/{stem}/{stem}.mkv": f"@/Films/{stem}/{stem}.mkv", f"Films/Drame/{stem}.mkv": f"@/Films/{stem}.mkv"},
    )
    return library


def texts(library: Library) -> dict[str, str]:
    return {path: entry[5] for path, entry in snapshot(library.video).items() if entry[5]}


def untsv(raw: bytes) -> list[dict[str, str]]:
    """Read a TSV report as cli.md describes it."""
    marks = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def value(cell: str) -> str:
        parts = cell.split("\\")
        out, rest = parts[0], parts[1:]
        while rest:
            part = rest.pop(0)
            if part:
                out += marks[part[0]] + part[1:]
            else:
                out += "\\" + rest.pop(0)
        return out

    lines = os.fsdecode(raw).split("\n")
    assert lines.pop() == ""
    header, *rows = [line.split("\t") for line in lines]
    assert {len(row) for row in rows} <= {len(header)}
    return [dict(zip(header, map(value, row), strict=True)) for row in rows]


@pytest.mark.parametrize("case", STEMS)
def test_a_name_goes_through_everything(library: Library, case: str) -> None:
    stem = STEMS[case]
    make(library, stem).scan(code=0)
    before, stored = texts(library), {stem}
    library.move(f"Films/{stem}/{stem}.mkv", f"Films/new {stem[:60]}/{stem}.mkv")
    library.move(f"Films/{stem}.mkv", f"Films/moved/{stem[::-1]}.mkv")
    stored = snapshot(library.storage)
    wanted = dict(before)
    wanted[library.link(f"Films/{stem}/{stem}.mkv")] = library.stored(f"Films/new {stem[:60]}/{stem}.mkv")
    wanted[library.link(f"Films/Drame/{stem}.mkv")] = library.stored(f"Films/moved/{stem[::-1]}.mkv")
    changed = {path for path in wanted if wanted[path] != before[path]}
    for scanned in (False, True):
        if scanned:
            report = exact(library.scan(code=0))
            moved = {row["old_path"]: row["path"] for row in report["entries"] if row["type"] == "moved"}
            assert moved == {before[path]: wanted[path] for path in changed}
        assert {row["path"] for row in exact(library.integrity(code=1))["issues"]} >= changed
        paths = library.run("integrity", "-0", "--only", "broken_symlink").out.split(b"\0")[:-1]
        assert set(map(os.fsdecode, paths)) == changed
        tsv = {row["path"]: row["target"] for row in untsv(library.run("integrity", "--tsv").out) if row["target"]}
        assert tsv == {path: before[path] for path in changed}
        table = library.run("integrity", "--format", "table").out.decode()
        assert not [char for char in table if char != "\n" and not char.isprintable()]
        for repair in (["repair-links", "--auto", "--json"], ["repair-links", "--auto", "--tsv"], []):
            result = library.run(*repair) if repair else apply_plan(library)
            rows = untsv(result.out) if "--tsv" in repair else exact(result.json["changes"])
            assert {row["path"]: row["new_target"] for row in rows if row["op"] == "relink"} == {
                path: wanted[path] for path in changed
            }
            assert (result.code, texts(library)) == (0, wanted)
            assert library.report("undo", "-y", code=0)["summary"]["done"] == len(rows)
            assert texts(library) == before
    check_by_hand(library, wanted, changed)
    assert snapshot(library.storage) == stored


def apply_plan(library: Library) -> Any:
    plan = library.run("repair-links", "-n", "--jsonl")
    assert all(json.loads(line) for line in plan.out.splitlines())
    return library.run("apply", "-y", "-", "--json", stdin=plan.out)


def check_by_hand(library: Library, wanted: dict[str, str], changed: set[str]) -> None:
    """Give each link its file by hand, and each style."""
    for path in sorted(changed):
        assert library.report("repair-links", "-y", "--to", wanted[path], path, code=0)["summary"]["done"]
    assert texts(library) == wanted
    library.report("fix-symlinks", "-y", "--relative", code=0)
    assert not [text for text in texts(library).values() if text.startswith("/")]
    assert library.integrity("--only", "broken_symlink", code=0)["issues"] == []
    library.report("fix-symlinks", "-y", "--absolute", code=0)
    assert texts(library) == wanted


@pytest.mark.parametrize("case", STEMS)
def test_roots_and_catalogue_of_any_name(in_memory: Path, case: str) -> None:
    """The remedy that is printed does the right thing when it is pasted into a shell."""
    stem = STEMS[case]
    if stem.startswith("-"):
        stem = f"./{stem}"
    base = in_memory / "odd"
    base.mkdir()
    other = Library(base)
    shutil.rmtree(other.storage)
    shutil.rmtree(other.video)
    other.storage, other.video, other.db = f"{base}/s/{stem}", f"{base}/v/{stem}", f"{base}/d/{stem}.db"[:250]
    if len(os.fsencode(os.path.basename(other.db))) > 245:  # SQLite adds "-journal" to it
        other.db = f"{base}/d/c.db"
    for folder in (other.storage, other.video, os.path.dirname(other.db)):
        os.makedirs(folder)
    other.films(30).scan(code=0)
    shutil.rmtree(other.stored("Films"))
    make_left = other.stored("Films")
    os.mkdir(make_left)
    report = other.integrity(code=3)
    details = next(row["details"] for row in report["issues"] if "--accept" in row["details"])
    command = details.partition("if the loss is real: ")[2]
    script = f'cineorg() {{ "{sys.executable}" -m cineorg "$@"; }}\n{command}'
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done
    assert len(other.integrity("--only", "broken_symlink", code=1)["issues"]) == 30
