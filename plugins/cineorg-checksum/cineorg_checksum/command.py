"""`cineorg checksum`: its options. What it does is in `session`, which every `--help` of cineorg can do without."""

from __future__ import annotations

import click

from cineorg.plugin import EXIT_FINDINGS, EXIT_OK, MAX_JOBS, Command, Request, read_age, request_options

from .settings import seconds_of


def _age(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    try:
        if value is not None:
            read_age(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None
    return value


def _seconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    try:
        return None if value is None else seconds_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command(
    "checksum",
    cls=Command,
    short_help="Read stored videos and tell those that rotted.",
    examples=(
        ("cineorg checksum --max-time 2h", "Go on for two hours: what was never read, then the oldest."),
        ("cineorg checksum --again 0 /mnt/nas/Films", "Read all the films in that folder now."),
        ("cineorg integrity --only damaged_file", "Report what was found, without reading anything."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, MAX_JOBS), metavar="N", help="Files at a time [default: 1].")
@click.option("--again", callback=_age, metavar="AGE",
              help="Read again what was last read so long ago, e.g. 30d; 0: all [default: 90d].")  # fmt: skip
@click.option("--max-time", callback=_seconds, metavar="TIME", help="Begin no file after this time, e.g. 45m, 2h.")
@click.option("--accept", metavar="FILE", multiple=True,
              help="Be content with this damaged file as it is (repeatable); nothing is read.")  # fmt: skip
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something was found.")
@request_options()
def command(
    request: Request,
    paths: tuple[str, ...],
    jobs: int | None,
    again: str | None,
    max_time: float | None,
    accept: tuple[str, ...],
    exit_zero: bool,
) -> int:
    """Read stored videos and tell those that rotted.

    The first reading of a file records its digest (BLAKE3), each later one compares. Reported is a file whose content
    is another although its size and time are the same, and one of which only the beginning is left; one that was
    replaced is recorded anew. Files that were never read come first, then those read longest ago; kill it at any time,
    the next run goes on. With PATH, a folder of either tree, a file or a link: only what lies there. Exit code 1:
    something is damaged; 3: something could not be read.
    """
    from .accepting import accept_files
    from .session import checksum_library

    if accept and paths:
        raise click.UsageError("--accept names files by itself and goes with no PATH")
    if accept:
        return accept_files(request, accept)
    code = checksum_library(request, paths, {"jobs": jobs, "again": again}, max_seconds=max_time)
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code
