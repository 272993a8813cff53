"""`cineorg fix-bad-links`: links that lead to another episode's or film's file get their own."""

from __future__ import annotations

import sqlite3

import click

from ..catalogue.file_moves import follow
from ..catalogue.film_and_episode_rows import load_episode_files
from ..catalogue.knowledge import load_knowledge
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..repair.wrong_episodes import CatalogueView, plan_bad_links
from ..trees.library import Library
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, existing_paths, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "fix-bad-links",
    cls=Command,
    short_help="Give links that play the wrong episode or film their own.",
    examples=(
        (
            "cineorg fix-bad-links --dry-run",
            "Show the links that lead to another episode's or film's file, and what they would get.",
        ),
        ("cineorg fix-bad-links video/Séries --yes", "Correct them below a folder, asking nothing."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(request: Request, paths: tuple[str, ...], exit_zero: bool) -> int:
    """Give links that play the wrong episode or film their own.

    A link whose season and episodes are none of its file's, or whose file is another series', gets the file of its
    own numbers; a film's link whose file says another id, or another title and year, the file of its film. Files that
    may hold several episodes, titles in another language, and films in several folders are left alone. Where no file
    fits, or more than one does, the link is shown and stays. Exit code 1: something stays unresolved.
    """
    within = existing_paths(paths, (request.settings.video,)) if paths else ()
    require_consent(request)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        plan = plan_bad_links(library, _view(connection, library), within)
        code = carry_out(request, connection, library, plan, Terms("fix-bad-links"))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _view(connection: sqlite3.Connection, library: Library) -> CatalogueView:
    knowledge = load_knowledge(connection, library)

    def moved(path: str) -> str | None:
        ends, is_certain = follow(path, knowledge.moves, knowledge.remembered(path))
        return ends[0].path if is_certain else None

    return CatalogueView(knowledge.series, load_episode_files(connection), knowledge.pins.keys(), moved)
