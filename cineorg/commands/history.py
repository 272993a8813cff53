"""`cineorg history`: what was changed, batch by batch or step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import click

from ..catalogue import journal
from ..changes import change_row
from ..clock import as_iso
from ..errors import EXIT_OK
from .shared.completion import complete_batches
from .shared.help_examples import Command
from .shared.library_access import check_batch, reading
from .shared.options import Request, request_options

_STATES = (journal.DONE, journal.SKIPPED, journal.FAILED, journal.CANCELLED, journal.PENDING)
_BATCH_COLUMNS = ("type", "id", "command", "started_at", "finished_at", "undoes", *_STATES)
_STEP_COLUMNS = ("op path old_target new_target target new_path table id old new score status evidence reason").split()


@click.command(
    "history",
    cls=Command,
    short_help="List what was changed, batch by batch.",
    examples=(
        ("cineorg history", "List the batches of changes."),
        ("cineorg history 1", "List what the first batch changed, step by step."),
        ("cineorg history --json | jq '.batches[-1].id'", "Give a script the number of the last batch."),
    ),
)
@click.argument("batch", type=int, required=False, shell_complete=complete_batches)
@request_options()
def command(request: Request, batch: int | None) -> int:
    """List the batches of changes, the last one last; with BATCH, its steps.

    What an interrupted command left open is shown as pending: the next command that changes something settles it, by
    looking at the disk.
    """
    with reading(request, needs="file") as connection:
        batches = journal.list_batches(connection)
        _warn_of_pending(request, batches)
        if batch is not None:
            check_batch(request, connection, batch)
        name = "batches" if batch is None else "changes"
        rows = _batch_rows(batches) if batch is None else _step_rows(connection, batch)
        report = request.report(
            "history",
            (name,),
            _BATCH_COLUMNS if batch is None else tuple(_STEP_COLUMNS),
            titles={"batch": "batches"},
            newest=batch is None,
            nothing="Nothing was changed yet: there is nothing to list, and nothing to undo.",
            next_commands=_next_commands(request, batches, batch),
        )
        for row in rows:
            report.row(name, row)
        document: dict[str, Any] = {"summary": {"total": sum(report.counts.values())}, name: []}
        report.finish(complete=True, **document)
    return EXIT_OK


def _next_commands(request: Request, batches: list[journal.Batch], batch: int | None) -> tuple[str, ...]:
    """Return what to type next: the steps of the last batch, and what taking one back would change."""
    if not batches:
        return ()
    chosen = str(batches[-1].id if batch is None else batch)
    undo = request.command_line("undo", chosen, "--dry-run")
    return (request.command_line("history", chosen), undo) if batch is None else (undo,)


def _warn_of_pending(request: Request, batches: list[journal.Batch]) -> None:
    for batch in batches:
        if batch.states.get(journal.PENDING):
            request.warn(
                f"batch {batch.id} has not ended: it is under way, or was interrupted; then the next command that"
                " changes something settles it"
            )


def _batch_rows(batches: list[journal.Batch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        row = {"type": "batch", "id": batch.id, "command": batch.command, "started_at": as_iso(batch.started_at)}
        row |= {"finished_at": batch.finished_at and as_iso(batch.finished_at), "undoes": batch.undoes}
        yield row | {state: batch.states.get(state, 0) for state in _STATES}


def _step_rows(connection: sqlite3.Connection, batch: int) -> Iterator[dict[str, Any]]:
    for step in journal.list_steps(connection, batch):
        yield change_row(step.change, step.state, step.reason)
