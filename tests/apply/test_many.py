"""Ten thousand of each: nothing recurses with the length of a history, and nothing is quadratic in it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

import pytest
from apply.library import Library

from cineorg.apply import plan_undo
from cineorg.catalogue import journal, transaction
from cineorg.catalogue.journal import DONE, Step
from cineorg.changes import Change, MakeLink, RemoveLink

MANY = 10_000
WITHIN_S = 30


def add_batches(connection: sqlite3.Connection, change: Callable[[int], Change], undoes: Callable[[int], int | None]):
    with transaction(connection):
        for number in range(1, MANY + 1):
            step = Step(0, change(number), DONE)
            with transaction(connection):
                journal.start_batch(connection, "test", [step], video_root="/video", undoes=undoes(number))


def link(number: int) -> Change:
    """Return what makes or removes one link by turns."""
    return (MakeLink if number % 2 else RemoveLink)("/video/Films/a.mkv", "/storage/a.mkv")


HISTORIES = {
    # name: undoes of the batch of this number, how many changes the first batch's undo must have
    "each undoes the one before": (lambda number: number - 1 or None, 0),
    "all undo the first": (lambda number: 1 if number > 1 else None, 0),
    "none undoes another": (lambda number: None, 1),
    "an odd number in a row": (lambda number: number - 1 if 1 < number < MANY else None, 1),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_a_long_history(history: str, library: Library) -> None:
    undoes, left = HISTORIES[history]
    with library.open() as connection:
        add_batches(connection, link, undoes)
        began = time.monotonic()
        found = plan_undo(connection, 1)
        assert time.monotonic() - began < WITHIN_S
    assert len(found.changes) == left
