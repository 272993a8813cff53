"""`cineorg demo`: what it prints, what can be pasted, and what the other commands say of its library."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers import REPOSITORY, kinds, run_command

from cineorg.commands.group import COMMANDS


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def make(*arguments: str) -> dict[str, Any]:
    result = run_command(["demo", "--json", *arguments])
    assert (result.code, result.err) == (0, "")
    return result.json


def test_integrity_finds_what_was_planted_and_nothing_that_is_normal() -> None:
    planted = kinds(make("lib"), "faults")
    result = run_command(["integrity", "--config", "lib/cineorg.toml", "--json"])
    found = kinds(result.json)
    assert result.code == 1
    assert result.json["complete"] is True
    assert sorted(found["broken_symlink"]) == sorted(planted["broken_symlink"])
    assert set(found["ghost_entry"]) >= set(planted["ghost_entry"])
    assert set(found["orphan_file"]) >= set(planted["orphan_file"])
    everything = {path for found_paths in found.values() for path in found_paths}
    assert everything.isdisjoint(planted["normal"])


def test_scan_recognises_what_was_moved_as_it_was() -> None:
    report = make("lib")
    result = run_command(["scan", "--config", "lib/cineorg.toml", "--json"])
    moved = {row["path"] for row in result.json["entries"] if row["type"] == "moved"}
    told = [row["details"] for row in report["faults"] if row["type"] == "broken_symlink"]
    expected = {detail.split("to storage/", 1)[1] for detail in told if re.search("was (moved|renamed) to", detail)}
    assert result.code == 0
    assert len(expected) >= 10
    storage = report["library"]["storage"][0]
    folders = {f"{storage}/{each}" for each in expected if os.path.isdir(f"{storage}/{each}")}
    files = {f"{storage}/{each}" for each in expected} - folders
    assert files <= moved
    assert {os.path.dirname(path) for path in moved - files} == folders


def test_every_line_that_is_printed_can_be_pasted(tmp_path: Path) -> None:
    # A name that a shell would take apart, and an environment that would lead the commands to another library.
    elsewhere = tmp_path / "own library"
    elsewhere.mkdir()
    environment = os.environ | {"CINEORG_VIDEO_DIR": str(elsewhere), "PYTHONPATH": str(REPOSITORY)}
    made = subprocess.run(
        [str(Path(sys.executable).with_name("cineorg")), "demo", "it's $HOME; a lib", "--format", "table"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [line.removeprefix("Try: ") for line in made.stdout.splitlines() if line.startswith("Try: ")]
    codes = {}
    for line in lines:
        done = subprocess.run(line, shell=True, env=environment, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "backslashreplace")
        codes[line] = (done.returncode, said)
        assert done.returncode in (0, 1), codes
        assert "Traceback" not in said
        assert "nothing was changed" not in said
    words = {shlex.split(line.partition("/cineorg ")[2])[0] for line in lines if "/cineorg " in line}
    assert words <= set(COMMANDS)
    assert len(words) >= 8
    assert not os.listdir(elsewhere)


def test_the_first_commands_of_the_list_come_with_the_folder_as_it_was_typed() -> None:
    assert make("lib")["suggestions"][0].endswith("integrity --config lib/cineorg.toml")
    assert make("--", "-lib")["suggestions"][0].endswith("integrity --config ./-lib/cineorg.toml")


@pytest.mark.parametrize("option", ["--tsv", "-0", "--jsonl", "--format=table"])
def test_other_formats_have_the_same_faults(option: str) -> None:
    total = len(make("one")["faults"])
    result = run_command(["demo", "two", option])
    assert result.code == 0
    if option == "--tsv":
        assert len(result.out.splitlines()) == total + 1
        assert "try: cineorg integrity" in result.err or "-m cineorg integrity" in result.err
    elif option == "-0":
        assert len(result.out.split(b"\0")) == total + 1
    elif option == "--jsonl":
        assert len(result.lines) == total + 1
        assert result.lines[-1]["type"] == "summary"
    else:
        assert b"Try: " in result.out


def test_a_folder_that_is_not_empty_is_refused_in_one_line() -> None:
    Path("full").mkdir()
    Path("full", "mine.txt").write_text("mine", "utf-8")
    result = run_command(["demo", "full"])
    assert (result.code, result.out) == (2, b"")
    assert result.err == "cineorg: full is not empty; name an empty or a new folder\n"
    assert os.listdir("full") == ["mine.txt"]


def test_repairs_give_each_link_the_file_that_was_its_own() -> None:
    report = make("lib")
    for words in (["scan"], ["repair-links", "--auto"], ["fix-bad-links", "--yes"]):
        run_command([*words, "--config", "lib/cineorg.toml"])
    storage = report["library"]["storage"][0]
    told = {row["path"]: row["details"] for row in report["faults"] if row["type"] == "broken_symlink"}
    for path, details in told.items():
        how, _, place = details.partition(" to storage/")
        reached = os.path.realpath(path) if os.path.exists(path) else ""
        if place and "copied" not in how:
            assert reached, (path, details)
        assert not reached or "gone" not in details, (path, details)
        if place and reached:
            assert reached == f"{storage}/{place}" or os.path.dirname(reached) == f"{storage}/{place}", (path, reached)
    wrong = [row["path"] for row in report["faults"] if row["type"] == "wrong_target"]
    reached = [os.path.basename(os.path.realpath(path)) for path in wrong]
    assert [re.findall(r"s\d+e\d+|\dx\d+", name.lower())[0] for name in reached] == [
        "2x03", "s04e020", "s04e021", "s04e022", "s04e023", "s04e024", "s01e02",
    ]  # fmt: skip
    assert "1974" not in reached[-1]
