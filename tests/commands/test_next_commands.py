"""What a table tells one to type next works as it stands."""

from __future__ import annotations

import os
import shlex

import pytest
from helpers import Library, Result, run_command


@pytest.fixture
def broken(library: Library) -> Library:
    """Return a library with a link whose file was renamed and one whose file is gone for good."""
    library.films(4).scan()
    first, second = sorted(os.listdir(os.path.join(library.storage, "Films")))[:2]
    library.move(f"Films/{first}", "Films/renamed.mkv")
    os.unlink(library.stored(f"Films/{second}"))
    return library


def suggested(result: Result) -> list[list[str]]:
    """Return the words of each command that a table suggests, without the program's own name."""
    lines = [line.removeprefix("Try: ") for line in result.out.decode().splitlines() if line.startswith("Try: ")]
    return [shlex.split(line)[1:] for line in lines]


def test_after_a_dry_run_the_same_in_earnest_and_a_question(broken: Library) -> None:
    dry = broken.run("repair-links", "--auto", "-n", "--format", "table")
    run, explain = suggested(dry)
    assert run == ["repair-links", *broken.flags(), "--auto", "--format", "table"]
    assert explain[0] == "explain"
    assert run_command(explain).code == 0
    assert run_command(run).code == 1
    assert broken.rows("SELECT count(*) FROM cineorg_batches") == [(1,)]


def test_after_a_batch_its_steps_and_how_to_take_it_back(broken: Library) -> None:
    steps, undo, _ = suggested(broken.run("repair-links", "--auto", "--format", "table"))
    assert steps == ["history", *broken.flags(), "1"]
    assert undo == ["undo", *broken.flags(), "1"]
    assert suggested(run_command([*steps, "--format", "table"])) == [[*undo, "--dry-run"]]
    assert suggested(broken.run("history", "--format", "table")) == [steps, [*undo, "--dry-run"]]
    assert run_command([*undo, "--yes"]).code == 0


def test_nothing_to_do_suggests_nothing(library: Library) -> None:
    library.films(2).scan()
    for command in (["repair-links", "-n"], ["fix-bad-links", "-n"], ["history"]):
        assert suggested(library.run(*command, "--format", "table")) == []
