"""`cineorg plugins`: what is registered, from where, and what could not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, run_command, snapshot
from plugin_sources import built_in_checks

from cineorg import __version__
from cineorg.commands.group import COMMANDS
from cineorg.output import FORMATS

# What scripts know of the reports; others may stand between these.
PHASES = [
    *(("integrity", kind) for kind in ("ghost_entry", "orphan_file", "broken_symlink")),
    *(
        ("cleanup", kind)
        for kind in "index broken_symlink misplaced_symlink duplicate_symlink oversized_dir empty_dir".split()
    ),
]
PLUGIN = """
import click
from cineorg.plugin import hookimpl

__version__ = "2.1"

class Check:
    type, label, summary_key, suggestion = "extra", "Extra things", "extras", ""
    columns, needs_catalogue = (), False
    def find(self, context, track):
        return ()

@hookimpl
def register_checks(register):
    register(Check())
    register(None)

@hookimpl
def register_commands(register):
    register(click.Command("greet", help="Say hello. Politely."))

@hookimpl
def register_formats(register):
    register(type("Format", (), {"name": "none", "help": "nothing", "open": None.__eq__})())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a plugin folder with a plugin that has everything, and one that fails."""
    path = tmp_path / "plugins"
    path.mkdir()
    (path / "own.py").write_text(PLUGIN)
    (path / "torn\udcff.py").write_text("1 / 0")
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(path))
    return str(path)


def row(kind: str, name: str, plugin: str, version: str, origin: str, details: str) -> dict[str, Any]:
    values = {"type": kind, "name": name, "plugin": plugin, "version": version, "origin": origin, "details": details}
    return {**values, "report": "integrity" if kind == "check" else ""}


def test_all_that_plugins_add_is_listed_with_its_origin(folder: str) -> None:
    result = run_command(["plugins", "--json"])
    origin = f"file {folder}/own.py"
    rows = [row for row in result.json["plugins"] if row["origin"] != "built-in"]
    torn = rows.pop()
    assert rows == [
        row("check", "extra", "own", "2.1", origin, "Extra things"),
        row("command", "greet", "own", "2.1", origin, "Say hello."),
        row("format", "none", "own", "2.1", origin, "nothing"),
        row("problem", "own", "own", "2.1", origin, "its check None is left out: it has no attribute 'type'"),
    ]
    assert (torn["type"], torn["name"]) == ("problem", "torn\ufffd")
    assert torn["details"] == "left out: ZeroDivisionError: division by zero"
    assert (result.code, result.err) == (0, "")


def test_what_cineorg_itself_has_is_listed_too() -> None:
    document = run_command(["plugins", "--json"]).json
    ours = [row for row in document["plugins"] if row["origin"] == "built-in"]
    assert {row["version"] for row in ours} == {__version__}
    listed = {kind: [row["name"] for row in ours if row["type"] == kind] for kind in ("check", "command", "format")}
    phases = [(row["report"], row["name"]) for row in ours if row["report"]]
    assert [phase for phase in phases if phase in PHASES] == PHASES
    assert listed["check"] == [name for _, name in phases]
    assert listed["command"] == list(COMMANDS)
    assert listed["format"] == [each.name for each in FORMATS]
    assert all(row["details"] for row in ours)


def test_the_summary_counts_each_kind(folder: str) -> None:
    document = run_command(["plugins", "--json"]).json
    counts = {"checks": len(built_in_checks()) + 1, "commands": len(COMMANDS) + 1}
    counts |= {"formats": len(FORMATS) + 1, "problems": 2}
    assert document["summary"] == {"total": sum(counts.values()), **counts}
    assert len(document["plugins"]) == sum(counts.values())
    assert document["complete"] is True


def test_every_format_has_the_same_rows(folder: str) -> None:
    rows = run_command(["plugins", "--json"]).json["plugins"]
    *lines, last = (json.loads(line) for line in run_command(["plugins", "--jsonl"]).out.splitlines())
    assert (lines, last["type"]) == (rows, "summary")
    header, *cells = run_command(["plugins", "--tsv"]).out.split(b"\n")[:-1]
    assert header == b"type\tname\tplugin\tversion\torigin\tdetails\treport"
    assert [line.split(b"\t")[:2] for line in cells[:-1]] == [
        [row["type"].encode(), row["name"].encode()] for row in rows[:-1]
    ]
    assert cells[-1].split(b"\t")[1] == b"torn\xff"
    table = run_command(["plugins", "--format", "table"]).out.decode()
    assert [line for line in table.splitlines() if line[:1].isdigit()] == [
        f"{len(built_in_checks()) + 1} checks: {len(built_in_checks())} built in (-v lists them)",
        f"{len(COMMANDS) + 1} commands: {len(COMMANDS)} built in (-v lists them)",
        f"{len(FORMATS) + 1} formats: {len(FORMATS)} built in (-v lists them)",
        "2 problems",
    ]
    listed = run_command(["plugins", "--format", "table", "-v"]).out.decode()
    assert ("scan" in table, "scan" in listed) == (False, True)
    assert run_command(["plugins", "-0"]).out == b""


def test_a_listing_touches_nothing_and_needs_no_library(library: Library, folder: str) -> None:
    library.films(3)
    before = snapshot(library.base / "video"), snapshot(library.base / "storage")
    assert library.run("plugins").code == 0
    assert (snapshot(library.base / "video"), snapshot(library.base / "storage")) == before
    assert not Path(library.db).exists()
