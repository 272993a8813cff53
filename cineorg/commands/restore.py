"""`cineorg restore`: makes links again that the catalogue, or an inventory, knows and that are gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click

from ..catalogue.check_queries import Catalogue
from ..catalogue.inventory_stream import read_inventory
from ..catalogue.known_links import load_known_links
from ..clock import as_iso
from ..errors import EXIT_FINDINGS, EXIT_OK, RefusedError
from ..repair.restoration import plan_restore
from ..trees.library import Library
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, chosen_paths, read_maps, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "restore",
    cls=Command,
    short_help="Make lost links again.",
    examples=(
        ("cineorg restore --dry-run", "Show the links that vanished since the scan before the last one."),
        ("cineorg restore --as-of 2026-01-31 --yes", "Make every link again that was there on that day."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option(
    "--as-of", metavar="TIME", help="The links as they were then: 2026-01-31 or 2026-01-31T20:15, local time."
)
@click.option(
    "--from",
    "source",
    metavar="FILE|-",
    shell_complete=complete_files,
    help="Take the links of an inventory that `scan --jsonl` wrote.",
)
@click.option(
    "--map", "maps", metavar="OLD=NEW", multiple=True, help="With --from: paths under OLD are under NEW here."
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(
    request: Request,
    paths: tuple[str, ...],
    as_of: str | None,
    source: str | None,
    maps: tuple[str, ...],
    exit_zero: bool,
) -> int:
    """Make links again that were lost: by a failed disk, a wrong `rm -r`, another program.

    The catalogue knows every link that a scan saw, with its text. Those that are not there any more are made again,
    with their folders; the links that cineorg itself removed are not (`cineorg undo` gives those back). Nothing that
    stands at such a place is replaced. Without --as-of: the links that the last scan, or the one before it, saw.
    """
    if source and as_of:
        raise click.UsageError("--as-of and --from exclude each other")
    if maps and not source:
        raise click.UsageError("--map goes with --from")
    pairs = read_maps(maps)
    moment = _utc_text(as_of) if as_of else ""
    within = chosen_paths(paths, (request.settings.video,)) if paths else ()
    require_consent(request)
    with planning(request, needs="nothing" if source else "scanned") as connection:
        library = look_at_trees(request, connection)
        _check_filesystem(request, connection, library)
        links = _from_inventory(source, pairs) if source else _from_catalogue(connection, moment)
        # What is missing from the video tree is what is given back: no reason to distrust the look at it.
        library.offline = [item for item in library.offline if item.path != request.settings.video]
        plan = plan_restore(library.census, links, within)
        code = carry_out(request, connection, library, plan, Terms("restore", rests_on_absence=False))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _from_catalogue(connection: sqlite3.Connection, moment: str) -> Iterator[tuple[str, str, str]]:
    for link in load_known_links(connection, moment):
        gone = f", missing since {as_iso(link.missing_since)}" if link.missing_since else ""
        yield link.path, link.target, f"known since the scan of {as_iso(link.first_seen)}{gone}"


def _from_inventory(source: str, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    with click.open_file(source, "rb") as file:
        census, _, _ = read_inventory(file, pairs)
    for folder, name, target in sorted(census.links()):
        yield f"{folder}/{name}", target, "stands in the inventory"


def _check_filesystem(request: Request, connection: sqlite3.Connection, library: Library) -> None:
    """Raise RefusedError when another filesystem than the one we know lies at the video root.

    An empty mount point must not be filled with links that the real tree still has.
    """
    root = request.settings.video
    known = Catalogue(connection).places().get(root)
    now = next((place for place in library.places if place.path == root), None)
    if known is None or now is None or now.filesystem.is_same_as(known.filesystem):
        return
    raise RefusedError(
        f"{root} is on {now.filesystem.describe()}, was on {known.filesystem.describe()} at the last complete scan;"
        f" nothing was changed; if that is right: {request.command_line('scan', '--accept', root)}"
    )


def _utc_text(text: str) -> str:
    """Return a local time of the user's as the catalogue spells times: UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not a time; write 2026-01-31 or 2026-01-31T20:15", param_hint="--as-of"
        ) from None
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
