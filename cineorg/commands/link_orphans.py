"""`cineorg link-orphans`: links for stored videos that no link shows, where the layout puts them."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence

import click

from ..catalogue.check_queries import Catalogue
from ..catalogue.guess_cache import NameAnswers
from ..catalogue.owner_rows import load_owners
from ..errors import EXIT_FINDINGS, EXIT_OK, ConfigError
from ..names import NameReader
from ..paths import is_inside, nfc
from ..tidy.new_links import LinkWishes, NewLinks, Orphan, most_are_relative
from ..tidy.rules import rules_of
from ..tidy.tidiness import Tidiness
from ..trees.library import Library
from ..trees.shown_files import ShownFiles
from ..trees.time_limit import ask
from .shared.completion import complete_files, complete_folders
from .shared.help_examples import Command
from .shared.library_access import look_at_trees, planning
from .shared.options import Request, chosen_paths, existing_paths, request_options
from .shared.plan_execution import Terms, carry_out, require_consent

_SETTLED_SECONDS = 120  # a file that changed just now may still be copied


@click.command(
    "link-orphans",
    cls=Command,
    short_help="Make links for stored files that no link shows.",
    examples=(
        ("cineorg link-orphans --dry-run", "Show which links would be made, and why other files get none."),
        ("cineorg link-orphans --yes --into video/Films/Drame", "Make them; films of unknown genre go to that folder."),
        ("cineorg link-orphans --dry-run --versions", "Show the links to further versions, too."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option(
    "--into", metavar="DIR", shell_complete=complete_folders, help="The folder for films whose genre nobody knows."
)
@click.option("--versions", is_flag=True, help="Also link further versions of what is shown already.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options(changes=True)
def command(request: Request, paths: tuple[str, ...], into: str | None, versions: bool, exit_zero: bool) -> int:
    """Make links for stored videos that no link shows and no row names.

    A film goes to the folder of its genre and down through the subdivisions that fit its title, an episode to the
    folder of its series and season; their names are canonical. Rows of the catalogue that name no file learn of it. A
    file whose name does not say for certain what it is, a sample, a file that is still being copied, and a further
    version of what is known stay as they are and are reported with the reason.
    """
    within = existing_paths(paths, request.settings.storage) if paths else ()
    folder = chosen_paths([into], (request.settings.video,))[0] if into else ""
    if folder and not os.path.isdir(folder):
        raise ConfigError(f"--into {folder}: there is no such folder; make it, or name another")
    require_consent(request)
    with planning(request) as connection:
        library = look_at_trees(request, connection)
        answers = NameAnswers(connection)
        reader = NameReader(answers)
        rules = rules_of(request.settings)
        tidiness = Tidiness(library, rules, load_owners(connection, library.finder.canonical), reader.read)
        planner = NewLinks(
            tidiness.snapshot,
            Catalogue(connection).works(),
            LinkWishes(versions, folder),
            most_are_relative(target for _, _, target in library.census.links()),
        )
        plan = planner.plan(_orphans(connection, library, reader, within))
        answers.save()
        code = carry_out(request, connection, library, plan, Terms("link-orphans", rests_on_absence=False))
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _orphans(
    connection: sqlite3.Connection, library: Library, reader: NameReader, within: Sequence[str]
) -> Iterator[Orphan]:
    """Yield the stored videos that no row names; those that a link shows as well, for their rows."""
    named = {nfc(library.finder.canonical(path)) for path in Catalogue(connection).named_files()}
    shown = ShownFiles(library)
    for path in library.stored_videos():
        if (within and not any(is_inside(path, place) for place in within)) or nfc(path) in named:
            continue
        folder, _, name = path.rpartition("/")
        videos = [other for other in library.census.folders[folder].files if library.is_video(other)]
        info = reader.read(name, folder.split("/")[-3:], is_alone=len(videos) == 1)
        yield Orphan(path, info, shown.link_to(path), _doubt(path, library))


def _doubt(path: str, library: Library) -> str:
    reason = library.offline_reason(path)
    if reason:
        return reason
    try:
        found = ask(os.stat, path)
    except OSError as error:
        return f"it cannot be looked at: {error.strerror}"
    if not found.st_size:
        return "it is empty"
    return "it changed just now and may still be copied" if time.time() - found.st_mtime < _SETTLED_SECONDS else ""
