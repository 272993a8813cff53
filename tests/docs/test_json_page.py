"""man/cineorg-json.5 has every field of every document, in order and with its type, and no other."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, Result, run_command
from shapes import PAGE, REPORTS, Field, Seen, Shape, part

from cineorg.changes import change_row
from cineorg.demo import build_demo
from cineorg.output.report_shape import is_typed

OPS = ("relink", "move", "remove_link", "make_link", "make_dir", "remove_dir", "set_file_path")
COMMON = ("offline_target", "unreadable")
BROKEN_PLUGIN = "raise RuntimeError('no')\n"
LAZY_PLUGIN = """
from cineorg.plugin import Coverage, hookimpl

class Lazy:
    type, label, summary_key, suggestion, columns, needs_catalogue = "lazy", "Lazy", "lazies", "", (), False

    def find(self, context, track):
        yield Coverage(1, 3, "things were left for later", ("plugins",))

@hookimpl
def register_checks(register):
    register(Lazy())
"""


class World:
    """Runs commands on the demo library and compares what they print with the page."""

    def __init__(self, base: Path, seen: Seen) -> None:
        self.base, self.seen = base, seen
        self.demo = build_demo(str(base))

    def run(self, *words: str, stdin: bytes = b"") -> dict[str, Any]:
        result = run_command([words[0], "--config", str(self.base / "cineorg.toml"), *words[1:], "--json"], stdin)
        self.seen.document(result.json, fixing="--fix" in words)
        return result.json

    def lines(self, *words: str) -> Result:
        return run_command([words[0], "--config", str(self.base / "cineorg.toml"), *words[1:], "--jsonl"])

    def link(self, kind: str, details: str = "") -> str:
        return next(fault.path for fault in self.demo.faults if fault.kind == kind and details in fault.details)


def apply_line(**change: Any) -> bytes:
    return json.dumps(change).encode() + b"\n"


def see_changes_by_hand(world: World) -> None:
    """Carry out a plan with every op, take it back, and apply it once more when it no longer holds."""
    video = world.demo.settings.video
    link = world.link("misplaced_symlink")
    target = os.readlink(link)
    plan = apply_line(op="make_dir", path=f"{video}/Films/New")
    plan += apply_line(op="make_link", path=f"{video}/Films/New/a.mkv", target=target)
    plan += apply_line(op="move", path=f"{video}/Films/New/a.mkv", new_path=f"{video}/Films/New/b.mkv")
    assert world.run("apply", "--yes", "-", stdin=plan)["summary"]["done"] == 3
    keep = {"if_broken": False, "keep": link}
    removal = apply_line(op="remove_link", path=f"{video}/Films/New/b.mkv", old_target=target, **keep)
    removal += apply_line(op="remove_dir", path=f"{video}/Films/New")
    assert world.run("apply", "--yes", "-", stdin=removal)["summary"]["done"] == 2
    assert world.run("apply", "--yes", "-", stdin=removal)["summary"]["skipped"] == 2
    assert {row["op"] for row in world.run("undo", "2", "--dry-run")["changes"]} == {"make_dir", "make_link"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Return what was seen of all documents, each compared with the page on the way."""
    seen = Seen()
    base = tmp_path_factory.mktemp("json") / "demo"
    seen.document(run_command(["demo", str(base), "--json"]).json)
    for file in sorted(base.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()
    world = World(base, seen)
    see_changes_by_hand(world)
    for words in ("integrity", "cleanup", "cleanup --fix --dry-run", "plugins", "scan", "explain LINK", "integrity"):
        world.run(*[world.link("broken_symlink") if word == "LINK" else word for word in words.split()])
    world.run("explain", world.link("misplaced_symlink"))
    assert world.run("explain", world.link("broken_symlink", "was renamed"))["moves"]
    world.run("explain", world.link("orphan_file"))
    see_acknowledged(world)
    world.run("repair-links", "--auto")
    world.run("fix-bad-links", "--yes")
    for words in ("fix-symlinks --yes --flatten", "link-movies --yes", "history", "history 1", "undo --yes", "history"):
        world.run(*words.split())
    world.run("status")
    see_inventory(world, seen)
    see_tables_of_another_application(world)
    see_trouble(world, seen)
    see_progress(world, seen)
    return seen


def see_acknowledged(world: World) -> None:
    found = world.lines("integrity").out
    assert world.run("acknowledge", "-", stdin=found)["summary"]["acknowledged"]
    for command in REPORTS:
        assert world.run(command, "--all")["summary"]["acknowledged"]
    assert world.run("acknowledge", "--list")["summary"]["known"]
    assert world.run("acknowledge", "--forget", "-", stdin=found)["summary"]["forgotten"]


def see_inventory(world: World, seen: Seen) -> None:
    for line in world.lines("scan").lines:
        if line["type"] in ("root", "file", "link"):
            seen.object(line, part("THE INVENTORY", line["type"]))
    first = world.lines("scan", "--fingerprint").lines
    for line in first:
        if line["type"] == "file":
            seen.object(line, part("THE INVENTORY", "file"))


def see_tables_of_another_application(world: World) -> None:
    with closing(sqlite3.connect(world.demo.settings.db)) as connection, connection:
        connection.execute("ALTER TABLE movies ADD COLUMN watched BOOLEAN")
    assert "films_unregistered" in world.run("scan")["summary"]


def see_trouble(world: World, seen: Seen) -> None:
    """Look when a plugin fails, when the storage is away, and where nothing is."""
    (world.base / "plugins").mkdir()
    (world.base / "plugins" / "broken.py").write_text(BROKEN_PLUGIN)
    with open(world.base / "cineorg.toml", "a") as file:
        file.write('plugins = "plugins"\n')
    world.run("plugins")
    assert [row["name"] for row in world.run("status", "--settings")["plugins"] if row["type"] == "problem"]
    see_partial_coverage(world, seen)
    missing = f"{world.demo.settings.video}/Films/nowhere"
    for command in REPORTS:
        assert world.run(command, missing)["summary"]["unreadable"]
    broken = world.link("broken_symlink")
    storage = world.demo.settings.storage[0]
    os.rename(storage, storage + ".away")
    for words in (*REPORTS, "scan", "repair-links --dry-run", "cleanup --fix --dry-run", "link-movies --dry-run"):
        assert not world.run(*words.split())["complete"]
    assert world.run("explain", world.link("misplaced_symlink"))["guard"]
    assert not world.run("repair-links", broken, "--dry-run")["complete"]
    for line in world.lines("scan").lines:
        if line["type"] == "root":
            seen.object(line, part("THE INVENTORY", "root"))
    os.rename(storage + ".away", storage)
    see_unreadable(world, seen)


def see_partial_coverage(world: World, seen: Seen) -> None:
    lazy = world.base / "plugins" / "lazy.py"
    lazy.write_text(LAZY_PLUGIN)
    config = str(world.base / "cineorg.toml")
    coverage = run_command(["integrity", "--config", config, "--only", "lazy", "--json"]).json["coverage"]
    assert coverage["lazy"] == {"checked": 1, "of": 3, "command": f"cineorg plugins --config {config}"}
    seen.object(coverage["lazy"], part("REPORTS", "coverage"))
    lazy.unlink()


def see_unreadable(world: World, seen: Seen) -> None:
    """Look at a folder, a link and a row that cannot be judged, even by root; then at such a root."""
    storage, video = world.demo.settings.storage[0], world.demo.settings.video
    os.symlink("Movies", f"{storage}/Movies")
    os.symlink("/" + "x" * 300, f"{video}/Films/unknown.mkv")
    with closing(sqlite3.connect(world.demo.settings.db)) as connection, connection:
        connection.execute("UPDATE movies SET file_path = 'relative.mkv' WHERE id = 1")
    for command in (*REPORTS, "scan"):
        assert world.run(command)["summary"]["unreadable"]
    os.rename(storage, storage + ".away")
    os.symlink("storage", storage)
    for line in world.lines("scan").lines:
        if line["type"] == "root":
            seen.object(line, part("THE INVENTORY", "root"))
    os.unlink(storage)
    os.rename(storage + ".away", storage)


def see_progress(world: World, seen: Seen) -> None:
    config = str(world.base / "cineorg.toml")
    result = run_command(["integrity", "--config", config, "--progress", "json", "-q"])
    for line in result.err.splitlines():
        seen.object(json.loads(line), part("PROGRESS"))


def test_every_field_of_the_page_is_printed(seen: Seen) -> None:
    missing = set()
    for section, subsection in PAGE.parts:
        if section in ("", "NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO"):
            continue
        shape = part(section, subsection)
        missing |= {(shape.where[0], name) for name in shape.fields if name not in seen.fields[shape.where[0]]}
    assert missing == set()


def test_every_op_and_every_kind_is_on_the_page(seen: Seen) -> None:
    from cineorg import changes

    assert set(changes._TYPES) == set(OPS)
    assert all(seen.fields[f"CHANGES/{op}"] for op in OPS)
    assert all(seen.fields[f"REPORTS/{kind}"] for kind in COMMON)


def test_the_order_of_an_op_is_that_of_the_page() -> None:
    from cineorg import changes

    row = change_row(changes.Relink("/a", "/b", "/c", 97.0, "same title", True), "skipped", "it is whole")
    assert list(row) == "op path old_target new_target score evidence if_broken status reason".split()


def test_json_lines_are_the_rows_of_the_document_and_the_rest(library: Library) -> None:
    library.films(3).add(None, {"Films/Drame/Lost (1999).mkv": "/nowhere/lost.mkv"}).scan()
    document = library.report("repair-links", "--auto", "--dry-run")
    lines = library.run("repair-links", "--auto", "--dry-run", "--jsonl").lines
    *rows, summary = lines
    expected = [
        row if is_typed(row) else {"type": name, **row} for name in ("changes", "unresolved") for row in document[name]
    ]
    assert rows == expected
    left = {key: value for key, value in document.items() if key not in ("changes", "unresolved", "checked_at")}
    assert {key: value for key, value in summary.items() if key != "checked_at"} == {"type": "summary", **left}


def test_a_wrong_page_is_seen() -> None:
    shape = Shape(("x",), {"path": Field(frozenset({"text"}), False), "size": Field(frozenset({"number"}), True)})
    seen = Seen()
    seen.object({"path": "/a"}, shape)
    for wrong in ({"path": 1}, {"size": 1}, {"path": "/a", "more": 1}, {"size": 1, "path": "/a"}):
        with pytest.raises(AssertionError):
            seen.object(wrong, shape)
