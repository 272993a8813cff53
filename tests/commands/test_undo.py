"""`cineorg undo` as it is typed: which batch it undoes, that it says so before it asks, and what `look` shows."""

from __future__ import annotations

import os
import shlex
import sys

import pexpect
import pytest
from helpers import REPOSITORY, Library, run_command, snapshot


@pytest.fixture
def changed(library: Library) -> Library:
    """Return a library with two batches: empty folders removed, links made relative."""
    library.films(3).scan()
    os.makedirs(library.link("Films/Empty"))
    library.report("cleanup", "--fix", "--only", "empty_dir", code=0)
    library.report("fix-symlinks", "--relative", "--yes", code=0)
    return library


def test_repeated_it_goes_further_back_and_then_says_that_nothing_is_left(changed: Library) -> None:
    for batch, command in ((2, "fix-symlinks"), (1, "cleanup")):
        result = changed.run("undo", "--yes", "--json")
        assert result.code == 0
        assert f"this undoes batch {batch}: {command}, " in result.err
        assert result.json["summary"]["done"] > 0
    assert os.path.isdir(changed.link("Films/Empty"))
    last = changed.run("undo", "--yes", "--json")
    assert (last.code, last.json["summary"]["total"]) == (0, 0)
    assert "there is nothing to undo" in last.err


def test_a_batch_that_there_is_not_is_said_before_consent_is_asked_for(changed: Library) -> None:
    result = changed.run("undo", "7")
    assert result.code == 2
    remedy = next(part for part in result.err.split("`") if " history " in part)
    assert result.err == f"cineorg: there is no batch 7; `{remedy}` lists them\n"
    assert run_command([*shlex.split(remedy)[1:], "--json"]).json["summary"]["total"] == 2
    assert "give --yes" in changed.run("undo").err


@pytest.mark.parametrize("columns", [60, 100])
def test_the_question_names_the_batch_and_look_shows_the_plan(columns: int, changed: Library) -> None:
    words = [sys.executable, "-m", "cineorg", "undo", *changed.flags()]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "NO_COLOR": "1"}
    before = snapshot(changed.base / "video")
    child = pexpect.spawn("/bin/sh", ["-c", f"exec {shlex.join(words)}"], env=environment, encoding="utf-8",
                          timeout=60, dimensions=(50, columns))  # fmt: skip
    child.expect(r"\[y/N/look\] ")
    assert "this undoes batch 2: fix-symlinks, " in str(child.before)
    child.sendline("look")
    child.expect(r"\[y/N/look\] ")
    shown = str(child.before)
    assert "3 links to relink" in shown
    assert max(map(len, shown.split("\r\n")[:-1])) <= columns
    child.sendline("perhaps")
    child.expect("look shows the plan")
    child.expect(r"\[y/N/look\] ")
    child.sendline("")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert snapshot(changed.base / "video") == before
