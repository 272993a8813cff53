"""`cineorg undo`: takes a batch of changes back."""

from __future__ import annotations

import click

from ..apply.undo import plan_undo
from ..catalogue.pins import forget_pins
from ..changes import Plan, Relink
from .shared.completion import complete_batches
from .shared.help_examples import Command
from .shared.library_access import planning
from .shared.options import Request, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "undo",
    cls=Command,
    short_help="Take back a batch of changes.",
    examples=(
        ("cineorg undo --dry-run", "Show what taking back the last batch would change."),
        ("cineorg undo --yes", "Take back the last batch."),
        ("cineorg undo 1", "Take back the first batch, after asking."),
    ),
)
@click.argument("batch", type=int, required=False, shell_complete=complete_batches)
@request_options(changes=True)
def command(request: Request, batch: int | None) -> int:
    """Take back a batch of changes, the last one unless BATCH names another (see `cineorg history`).

    Step by step from the last to the first, each only where the disk and the catalogue still are as the batch left
    them; what cannot be taken back is reported. An undo is itself a batch, and can be undone.
    """
    require_consent(request)
    with planning(request, needs="file") as connection:
        undo = plan_undo(connection, batch)
        if undo.batch is None:
            request.warn("nothing was changed yet, so there is nothing to undo")
        elif not undo.changes:
            request.warn(f"nothing of batch {undo.batch} is left to undo")
        plan = Plan(undo.changes, undo.unresolved)
        code = carry_out(request, connection, None, plan, Terms("undo", undoes=undo.batch))
        if not request.dry_run:
            # Else the next `repair-links --auto` would do again what was just taken back.
            forget_pins(connection, [change.path for change in undo.changes if isinstance(change, Relink)])
        return code
