"""`cineorg link-movies`: fills `movies.file_path` from the links and from storage."""

from __future__ import annotations

import click

from ..catalogue.check_queries import Catalogue
from ..catalogue.film_and_episode_rows import FilmRow, load_films
from ..changes import Plan, SetFilePath
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..repair.film_rows import MoviePlan, film_links, plan_movies
from ..repair.unlinked_films import plan_unlinked
from ..trees.library import GONE, Library
from ..trees.nfo_files import read_nfo_files
from ..trees.time_limit import real_path
from .repair_links import Repair, make_repair
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, request_options
from .shared.plan_execution import Terms, carry_out, require_consent


@click.command(
    "link-movies",
    cls=Command,
    short_help="Give the catalogue's films the path of their file.",
    examples=(
        ("cineorg link-movies --dry-run", "Show the films of the catalogue whose files are known now."),
        ("cineorg link-movies --yes", "Write these files into the catalogue."),
    ),
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(request: Request, exit_zero: bool) -> int:
    """Give the catalogue's films the path of their file.

    Each film of the catalogue that names no file gets the one that the link of its id, or of its title (or original
    title) and year, reaches. A film that no link shows gets the one stored file of its id (in a name, a folder or the
    `.nfo` beside), or else of its title and year. Titles are compared exactly first, then in any spelling. Rows that
    name a file stay as they are. Where two films or two files fit, nothing is guessed. Exit code 1: something stays
    unresolved.
    """
    require_consent(request)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        repair = make_repair(request, connection, library)
        found = _planned(repair)
        repair.save_answers(request)
        _tell(request, library, found)
        code = carry_out(request, connection, library, found.plan, Terms("link-movies", summary=found.counts))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _planned(repair: Repair) -> MoviePlan:
    """Return what links show of the rows, and what storage has for those that no link names."""
    library, planner = repair.library, repair.planner
    canonical = library.finder.canonical
    rows = [
        row._replace(file_path=canonical(row.file_path) if row.file_path else row.file_path)
        for row in load_films(repair.connection)
    ]
    named = frozenset(map(canonical, Catalogue(repair.connection).named_files()))
    found = plan_movies(film_links(library, _link_end), rows, named, planner.reader.read)
    if not found.unlinked:
        return found.with_stored(Plan())
    planner.files.nfos = read_nfo_files(library)
    given = {change.new for change in found.plan.changes if isinstance(change, SetFilePath) and change.new}
    return found.with_stored(plan_unlinked(library, found.unlinked, planner.names, named | given))


def _link_end(path: str) -> str | None:
    return real_path(path)


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
