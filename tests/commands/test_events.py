"""Plugins hear of batches and of reports, when the command has ended and whatever they do with it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from helpers import Library
from plugin_sources import write

LISTENER = """
import fcntl, json, os
from cineorg.plugin import hookimpl
def heard(event, document, settings):
    with open(settings.db + ".lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if the catalogue is still locked
    with open(OUT, "a") as file:
        print(json.dumps([event, document, settings.video]), file=file)
    print("not for stdout")
@hookimpl
def batch_applied(batch, settings):
    heard("batch", batch, settings)
    yield "a word of the plugin"
@hookimpl
def report_made(report, settings):
    heard("report", report, settings)
"""


@pytest.fixture
def heard(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file to which a plugin writes what it hears; the library has a link that leads nowhere."""
    out = tmp_path / "heard"
    out.touch()
    folder = write(tmp_path / "plugins", {"listener.py": LISTENER.replace("OUT", repr(str(out)))})
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", folder)
    library.add({"Films/a.mkv": 1}, {"Films/Drame/A (2001).mkv": "@/Films/a.mkv"})
    library.run("scan")
    os.mkdir(library.link("Films/Empty"))
    return out


def events(out: Path) -> list[tuple[str, dict[str, Any], str]]:
    """Return what was heard since the last call."""
    found = [tuple(json.loads(line)) for line in out.read_text().splitlines()]
    out.write_text("")
    return found  # type: ignore[return-value]


def test_a_batch_and_its_undoing_are_heard_with_their_changes(library: Library, heard: Path) -> None:
    done = library.run("cleanup", "--fix", "--only", "empty_dir", "--json")
    assert "a word of the plugin" in done.err
    assert "listener" not in done.err
    (event, batch, video), (second, report, _) = events(heard)
    assert (event, second, video) == ("batch", "report", library.video)
    assert batch == report
    assert batch["batch"] == done.json["batch"]
    assert batch["changes"] == done.json["changes"]
    undone = library.run("undo", "--yes", "--json")
    (_, undo, _), _ = events(heard)
    assert undo["command"] == "undo"
    assert undo["changes"] == undone.json["changes"]


@pytest.mark.parametrize(
    "arguments",
    [("cleanup", "--fix", "--only", "empty_dir", "--dry-run"), ("cleanup", "--fix", "--only", "broken_symlink"),
     ("integrity", "--only", "orphan_file"), ("integrity", "/nowhere"), ("history",)],
)  # fmt: skip
def test_what_changed_nothing_or_is_no_whole_report_is_not_heard(
    library: Library, heard: Path, arguments: tuple[str, ...]
) -> None:
    library.run(*arguments)
    assert events(heard) == []


@pytest.mark.parametrize("command", ["integrity", "cleanup"])
def test_a_whole_report_is_heard_with_its_rows(library: Library, heard: Path, command: str) -> None:
    done = library.run(command, "--json")
    ((event, report, _),) = events(heard)
    assert event == "report"
    assert report == done.json


def test_a_plugin_that_fails_changes_neither_the_report_nor_the_exit_code(
    library: Library, tmp_path: Path, heard: Path
) -> None:
    expected = library.run("cleanup", "--json", "--exit-zero")
    failing = LISTENER[: LISTENER.index("def heard")] + (
        "@hookimpl\ndef report_made(report):\n    raise SystemExit('no\\nmore')\n"
    )
    write(tmp_path / "plugins", {"another.py": failing})
    done = library.run("cleanup", "--json", "--exit-zero")
    assert done.code == expected.code == 0
    assert done.json["issues"] == expected.json["issues"]
    assert "the plugin another: its report_made failed: SystemExit: no" in done.err
    assert len(events(heard)) == 2  # the other plugin hears of it all the same
