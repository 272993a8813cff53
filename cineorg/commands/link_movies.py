"""`cineorg link-movies`: fills `movies.file_path` from the links."""

from __future__ import annotations

import os
import sqlite3

import click

from ..catalogue.check_queries import Catalogue
from ..catalogue.film_and_episode_rows import FilmRow, load_films
from ..catalogue.guess_cache import NameAnswers
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..names import NameReader
from ..repair.film_rows import MoviePlan, film_links, plan_movies
from ..trees.library import GONE, Library
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "link-movies",
    cls=Command,
    short_help="Fill the films' file_path from the links.",
    examples=(
        ("cineorg link-movies --dry-run", "Show the films of the catalogue whose files are known now."),
        ("cineorg link-movies --yes", "Write these files into the catalogue."),
    ),
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(request: Request, exit_zero: bool) -> int:
    """Fill the films' file_path from the links.

    Each film of the catalogue that names no file gets the one that the link of its title (or original title) and
    year reaches: compared exactly first, then without accents, punctuation and article. Rows that name a file stay
    as they are. Where two films or two files fit, nothing is guessed. Exit code 1: something stays unresolved.
    """
    require_consent(request)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        answers = NameAnswers(connection)
        found = _planned(connection, library, NameReader(answers))
        answers.save()
        _tell(request, library, found)
        code = carry_out(request, connection, library, found.plan, Terms("link-movies", summary=found.counts))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _planned(connection: sqlite3.Connection, library: Library, reader: NameReader) -> MoviePlan:
    canonical = library.finder.canonical
    rows = [
        row._replace(file_path=canonical(row.file_path) if row.file_path else row.file_path)
        for row in load_films(connection)
    ]
    named = map(canonical, Catalogue(connection).named_files())
    return plan_movies(film_links(library, _link_end), rows, named, reader.read)


def _link_end(path: str) -> str | None:
    return os.path.realpath(path)


def _tell(request: Request, library: Library, found: MoviePlan) -> None:
    ghosts = [row for row in found.other_files if library.state_of(row.file_path or "")[0] == GONE]
    if ghosts:
        request.warn(f"{_films(ghosts)} a file that is gone: not changed; `{request.command_line('repair-links')}`")
    others = [row for row in found.other_files if row not in ghosts]
    if others:
        request.warn(f"{_films(others)} another file than a link reaches: not changed")
    for row in found.other_files:
        request.note(f"film {row.id} “{row.title}” names {row.file_path}")


def _films(rows: list[FilmRow]) -> str:
    return "1 film names" if len(rows) == 1 else f"{len(rows)} films name"
