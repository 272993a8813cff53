"""`cineorg request-missing`: the command, and the hook that adds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from cineorg.plugin import Command, Request, hookimpl, request_options

if TYPE_CHECKING:
    from .source import Source

COMMAND = "request-missing"
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def _age(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    """Return an age such as 12h, 7d, 2w or 0."""
    match = re.fullmatch(r"(\d{1,4})([hdw])|0", value)
    if match is None:
        raise click.BadParameter(f"{value!r} is no age such as 12h, 7d, 2w or 0", ctx, param)
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match[2] else timedelta()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command's own options say."""

    again: timedelta
    most: int
    incomplete: bool


@click.command(
    COMMAND,
    cls=Command,
    short_help="Ask Sonarr and Radarr for what cannot be repaired.",
    examples=(
        ("cineorg request-missing --dry-run", "Show what would be asked for, and what stays unknown."),
        (
            "cineorg repair-links --auto --json | cineorg request-missing --yes --max-requests 10 -",
            "Repair what can be repaired, and ask for ten of the others: for every night.",
        ),
    ),
)
@click.argument("file", metavar="[FILE|-]", default="")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be asked for, ask for nothing.")
@click.option("-y", "--yes", is_flag=True, help="Ask Sonarr and Radarr without asking you.")
@click.option(
    "--max-requests",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Films and episodes to ask for in one run; the others wait for the next.",
)
@click.option(
    "--again",
    callback=_age,
    default="7d",
    show_default=True,
    metavar="AGE",
    help="Ask again for what was asked for so long ago: 12h, 7d, 2w, 0 = at once.",
)
@click.option("--incomplete", is_flag=True, help="Ask although a part of the library could not be looked at.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unknown.")
@request_options()
def command(
    request: Request,
    file: str,
    max_requests: int,
    again: timedelta,
    incomplete: bool,
    exit_zero: bool,
) -> int:
    """Ask Sonarr and Radarr to search for the films and episodes whose links cannot be repaired.

    FILE (or - for standard input) is what `cineorg repair-links --json` or --jsonl printed, whole or filtered; without
    it, the dry run of `repair-links --auto` is asked. Only links that it left unresolved count. Each is looked for in
    Radarr's films or Sonarr's series: by the ids that the catalogue or the names have, else by title and year, for
    episodes also by season and number. What is not there, or not certain, is asked for by nobody and listed with the
    reason; nothing is ever added to Radarr or Sonarr.

    On a terminal the list is shown first, and you are asked. What was asked for is remembered and not asked for again
    within --again. Exit code 1: some links stay unknown; 3: a service did not answer, or refused.

    The addresses and API keys stand in the config file, in a table [plugin.arr] with sonarr_url, sonarr_key, radarr_url
    and radarr_key, or in CINEORG_SONARR_URL, CINEORG_SONARR_API_KEY, CINEORG_RADARR_URL and CINEORG_RADARR_API_KEY.
    """
    from cineorg.plugin import EXIT_FINDINGS, EXIT_OK, require_consent

    from .run import run

    # -n and -y, declared above, arrive in the request; --max-changes would make no sense here.
    require_consent(request)
    code = run(request, _source_of(request, file), Wishes(again, max_requests, incomplete))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _source_of(request: Request, file: str) -> Callable[[], Source]:
    """Return what gets the unresolved links: from the file, from stdin or by a run of the planner."""
    from .source import read_report, run_planner

    if file:
        where = "standard input" if file == "-" else file

        def read() -> Source:
            with click.open_file(file, "rb") as stream:
                return read_report(stream.read(), where)

        return read
    options = [f"--progress={request.progress_mode}", *(["-q"] if request.verbosity < 0 else [])]
    return lambda: run_planner(request.settings, options)


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Register the command."""
    register(command)
