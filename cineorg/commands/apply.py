"""`cineorg apply`: carries out changes given as JSON lines, as `--dry-run --jsonl` prints them."""

from __future__ import annotations

import click

from ..apply.plan_validation import read_changes
from ..changes import Plan, Relink, SetFilePath
from ..errors import ConfigError
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import check_apart, look_at_trees, planning
from .shared.options import Request, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "apply",
    cls=Command,
    short_help="Carry out a plan: changes given as JSON lines.",
    examples=(
        ("cineorg apply --dry-run plan.jsonl", "Check a plan that was saved, change by change."),
        (
            "cineorg repair-links -n --jsonl | jq -c 'select(.score >= 95)' | cineorg apply --yes -",
            "Carry out only what jq lets through.",
        ),
    ),
)
@click.argument("file", metavar="[FILE|-]", default="-", shell_complete=complete_files)
@request_options(changes=True)
def command(request: Request, file: str) -> int:
    """Carry out a plan: changes given as JSON lines.

    FILE (default: standard input) holds changes as `--dry-run --jsonl` of any command prints them, in any subset and
    order; other lines are passed over. Every line is checked before the first change is made, and every change
    again just before its turn: what no longer holds is skipped. Rows of the catalogue that named the old file of a
    link follow it, whether or not their lines are among them.
    """
    from .repair_links import make_repair  # not needed for --help

    settings = request.settings
    if not settings.video:
        raise ConfigError("no video root: give --video DIR, CINEORG_VIDEO_DIR, or `video` in the config file")
    check_apart(request)
    with click.open_file(file, "rb") as lines:
        changes = read_changes(lines, settings.video, settings.storage)
    require_consent(request)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        # A filter may have dropped the rows that go with a link: a link and its rows change together.
        planner = make_repair(request, connection, library).planner
        given = {(change.table, change.id) for change in changes if isinstance(change, SetFilePath)}
        rows = [row for change in changes if isinstance(change, Relink) for row in planner.rows_after(change)]
        missing = {(row.table, row.id): row for row in rows if (row.table, row.id) not in given}
        return carry_out(request, connection, library, Plan((*changes, *missing.values())), Terms("apply"))
