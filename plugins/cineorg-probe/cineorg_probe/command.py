"""`cineorg probe`: its options. What it does is in `session`, which every `--help` of cineorg can do without."""

from __future__ import annotations

import click

from cineorg.plugin import EXIT_FINDINGS, EXIT_OK, MAX_JOBS, Command, Request, request_options

from .settings import seconds_of


def _seconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    try:
        return None if value is None else seconds_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command(
    "probe",
    cls=Command,
    short_help="Ask ffprobe which stored videos cannot be played.",
    examples=(
        ("cineorg probe", "Probe whatever is new or has changed."),
        ("cineorg probe --jobs 2 --max-time 1h", "Go on where the last run stopped, for an hour at most."),
        ("cineorg probe --again video/Films/Drame", "Probe the films of a folder anew."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, MAX_JOBS), metavar="N", help="Files at a time [default: 4].")
@click.option("--file-timeout", callback=_seconds, metavar="TIME", help="How long one file may take [default: 30s].")
@click.option("--max-time", callback=_seconds, metavar="TIME", help="Begin no file after this time, e.g. 45m, 2h.")
@click.option("--again", is_flag=True, help="Probe also files that have a result.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something was found.")
@request_options()
def command(
    request: Request,
    paths: tuple[str, ...],
    jobs: int | None,
    file_timeout: float | None,
    max_time: float | None,
    again: bool,
    exit_zero: bool,
) -> int:
    """Ask ffprobe which stored videos cannot be played.

    Reports those that are empty, cut off, no videos, without a video stream, or last far from what the catalogue
    has. Only new and changed files are probed, the newest first; what is learnt is kept beside the catalogue, and
    `cineorg integrity` reports from it. With PATH, a folder of either tree, a file or a link: only what lies there.
    Exit code 1: something was found; 3: something could not be looked at.
    """
    from .session import probe_library

    code = probe_library(request, paths, {"jobs": jobs, "timeout": file_timeout}, is_again=again, max_seconds=max_time)
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code
