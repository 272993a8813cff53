"""`cineorg fix-symlinks`: one style, no links to links, links down into their subdivisions."""

from __future__ import annotations

import os

import click

from ..catalogue.guess_cache import NameAnswers
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..names import NameReader
from ..tidy.link_styles import ABSOLUTE, RELATIVE, SymlinkWishes, plan_symlinks
from ..trees.time_limit import ask_or, real_path
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, existing_paths, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "fix-symlinks",
    cls=Command,
    short_help="Make links of one style, and move them into subdivisions.",
    examples=(
        ("cineorg fix-symlinks --dry-run", "Show the links that lie beside the subdivision folder they belong in."),
        (
            "cineorg fix-symlinks --relative --max-changes 100%",
            "Make every link relative to its own folder, for a library that moves as a whole.",
        ),
        ("cineorg fix-symlinks --flatten --yes", "Point links that lead to other links straight at the file."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option("--absolute", is_flag=True, help="Let every link say an absolute path.")
@click.option("--relative", is_flag=True, help="Let every link say a path from its own folder.")
@click.option("--flatten", is_flag=True, help="Point links to other links at the file itself.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(
    request: Request, paths: tuple[str, ...], absolute: bool, relative: bool, flatten: bool, exit_zero: bool
) -> int:
    """Make links of one style, and move them into subdivisions.

    Links that lie beside subdivision folders (A-F, Sa-Te, #, S, American) move down into the right one. With
    --absolute or --relative every link gets that style, with --flatten one that points at another link gets the
    file. Folders are never moved; broken links, and links into a place that is offline, are left as they are. Exit
    code 1: something that was asked for stays undone.
    """
    if absolute and relative:
        raise click.UsageError("--absolute and --relative exclude each other")
    within = existing_paths(paths, (request.settings.video,)) if paths else ()
    require_consent(request)
    wishes = SymlinkWishes(ABSOLUTE if absolute else RELATIVE if relative else "", flatten)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        answers = NameAnswers(connection)
        plan = plan_symlinks(library, wishes, within, NameReader(answers).read, _link_end)
        answers.save()
        code = carry_out(request, connection, library, plan, Terms("fix-symlinks"))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _link_end(path: str, target: str) -> str | None:
    return real_path(path) if ask_or(os.path.islink, target, False) else None
