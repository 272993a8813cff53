"""A journal in which one step makes no sense: all commands but those about its batch go on."""

from __future__ import annotations

import pytest
from helpers import Library

UNREADABLE = {
    "no JSON": ("change_json", "{nonsense"),
    "no object": ("change_json", "[1, 2]"),
    "an unknown op": ("change_json", '{"op": "burn"}'),
    "nested without end": ("change_json", "[" * 100_000),
    "found nothing": ("found_json", "null"),
}
GO_ON = [["scan"], ["integrity"], ["history"], ["repair-links", "--auto"], ["undo", "-y"], ["cleanup", "--fix", "-y"]]


@pytest.fixture
def interrupted(library: Library) -> Library:
    library.films(4).scan()
    library.report("fix-symlinks", "--relative", "-y", code=0)
    return library


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_pending_step_without_sense_stops_nothing_else(what: str, interrupted: Library) -> None:
    column, text = UNREADABLE[what]
    interrupted.rows(f"UPDATE cineorg_steps SET state = 'pending', {column} = ?", text)
    interrupted.rows("UPDATE cineorg_batches SET finished_at = NULL")
    for command in GO_ON:
        result = interrupted.run(*command)
        assert (result.code in (0, 1), "internal error" in result.err) == (True, False), (command, result.err)
    for command in (["history", "1"], ["undo", "1", "-y"]):
        result = interrupted.run(*command)
        assert result.code == 2
        assert "step 0 of batch 1" in result.err
        assert "internal error" not in result.err
