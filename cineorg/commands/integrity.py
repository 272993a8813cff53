"""`cineorg integrity`: three phases and whatever plugins add; reads everything, changes nothing."""

from __future__ import annotations

import os

import click

from ..catalogue.check_queries import Catalogue
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..plugin_host.check_context import CheckContext
from ..plugin_host.hookspecs import INTEGRITY
from .shared.check_report import (
    Examination,
    examine,
    load_checks,
    report_shape,
    warn_of_unseen_roots,
)
from .shared.completion import complete_files, complete_kinds
from .shared.help_examples import Command
from .shared.known_findings import Selection, selection_options
from .shared.library_access import check_storage, look_at_trees, reading
from .shared.options import Request, chosen_paths, request_options


@click.command(
    "integrity",
    cls=Command,
    short_help="List broken links, orphan files and rows without a file.",
    examples=(
        ("cineorg integrity", "Report everything that does not agree."),
        ("cineorg integrity --only broken_symlink video/Séries", "Report only the broken links below a folder."),
        ("cineorg integrity --json | jq .summary", "Give a script the counts."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option(
    "--only", metavar="KIND", multiple=True, shell_complete=complete_kinds, help="Only this kind of check (repeatable)."
)
@click.option(
    "--skip",
    metavar="KIND",
    multiple=True,
    shell_complete=complete_kinds,
    help="All but this kind of check (repeatable).",
)
@selection_options
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something was found.")
@request_options()
def command(
    request: Request,
    paths: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    only_new: bool,
    with_acknowledged: bool,
    exit_zero: bool,
) -> int:
    """List broken links, orphan files and rows without a file.

    With PATH, only what lies there is reported; what is acknowledged is only counted. Reads both trees and the
    catalogue, changes nothing. Exit code 1: something was found; 3: something could not be looked at.
    """
    registry, checks = load_checks(request, INTEGRITY, only, skip)
    within, selection = chosen_paths(paths, request.settings.roots()), Selection(only_new, with_acknowledged)
    examination = Examination(request, INTEGRITY, registry, checks, within, bool(only), selection=selection)
    needs_scan = any(check.needs_catalogue for check in checks)
    if needs_scan:
        check_storage(request)
    with reading(request, needs="scanned" if needs_scan else "nothing") as connection:
        library = look_at_trees(request, connection, phases=len(checks))
        if needs_scan:
            warn_of_unseen_roots(request, library)
        # A check that forgot to say that it needs the catalogue must not take an empty one for an answer.
        catalogue = Catalogue(connection) if os.path.exists(request.settings.db) else None
        context = CheckContext(library, catalogue)
        code = examine(examination, context, report_shape(examination), request.progress())
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code
