"""`cineorg undo`: takes a batch of changes back."""

from __future__ import annotations

import sqlite3

import click

from ..apply.undo import plan_undo
from ..catalogue import journal
from ..catalogue.pins import forget_pins
from ..changes import Plan, Relink
from ..clock import as_local
from .shared.completion import complete_batches
from .shared.help_examples import Command
from .shared.library_access import check_batch, planning, reading
from .shared.options import Request, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "undo",
    cls=Command,
    short_help="Undo the last batch of changes, or any other.",
    examples=(
        ("cineorg undo --dry-run", "Show what undoing the last batch would change."),
        ("cineorg undo --yes", "Undo the last batch."),
        ("cineorg undo 1", "Undo the first batch, after asking."),
    ),
)
@click.argument("batch", type=int, required=False, shell_complete=complete_batches)
@request_options(changes=True)
def command(request: Request, batch: int | None) -> int:
    """Undo a batch of changes.

    Without BATCH the last one that is neither undone nor an undo itself: repeated, it goes further back. With BATCH
    that one (see `cineorg history`). Which one it is, is said before you are asked.

    Step by step from the last to the first, each only where the disk and the catalogue still are as the batch left
    them; what cannot be undone is reported. An undo is itself a batch, and can be undone by its number.
    """
    with reading(request, needs="file") as connection:
        if batch is not None:
            check_batch(request, connection, batch)  # a batch that there is not is no reason to ask for consent
    require_consent(request)
    with planning(request, needs="file") as connection:
        undo = plan_undo(connection, batch)
        if undo.batch is None:
            request.warn("there is nothing to undo: nothing was changed yet, or all of it is undone")
        elif not undo.changes:
            request.warn(f"nothing of batch {undo.batch} is left to undo")
        elif request.yes or request.dry_run:
            request.warn(_about(connection, undo.batch))
        plan = Plan(undo.changes, undo.unresolved)
        about = _about(connection, undo.batch) if undo.batch is not None else ""
        terms = Terms("undo", undoes=undo.batch, about=about, question="undo it [y/N], or look first?")
        code = carry_out(request, connection, None, plan, terms)
        if not request.dry_run:
            # Else the next `repair-links --auto` would do again what was just undone.
            forget_pins(connection, [change.path for change in undo.changes if isinstance(change, Relink)])
        return code


def _about(connection: sqlite3.Connection, number: int) -> str:
    """Return which batch is undone: its number, command and time."""
    batch = next(each for each in journal.list_batches(connection) if each.id == number)
    what = f"{batch.command}, an undo of batch {batch.undoes}" if batch.undoes else batch.command
    return f"this undoes batch {number}: {what}, {as_local(batch.started_at)[:16]}"
