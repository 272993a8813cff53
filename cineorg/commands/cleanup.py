"""`cineorg cleanup`: six phases over the video tree and whatever plugins add; with --fix, one plan of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import click

from ..clock import read_age
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..plugin_host.hookspecs import CLEANUP, Check
from ..plugin_host.registry import Registry
from .shared.check_report import Examination, examine, load_checks, report_shape, suggestions_of
from .shared.completion import complete_files, complete_kinds
from .shared.help_examples import Command
from .shared.known_findings import Selection, selection_options
from .shared.library_access import check_apart, look_at_trees, planning, reading
from .shared.options import Request, chosen_paths, existing_paths, request_options
from .shared.plan_execution import Terms, carry_out, is_interactive

BROKEN, OVERSIZED = "broken_symlink", "oversized_dir"
OWN_KINDS = (BROKEN, "misplaced_symlink", "duplicate_symlink", OVERSIZED, "empty_dir")


def _age(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    try:
        return None if value is None else read_age(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


@dataclass(frozen=True, slots=True)
class Wishes:
    """The command's own options, as they were given."""

    fix: bool
    only: tuple[str, ...]
    skip: tuple[str, ...]
    skip_repair: bool
    skip_subdivide: bool
    delete_broken: bool
    missing_for: timedelta | None
    exit_zero: bool
    only_new: bool = False
    with_acknowledged: bool = False

    @property
    def skipped(self) -> tuple[str, ...]:
        """The kinds that are not asked for, by whichever option."""
        return (*self.skip, *([BROKEN] * self.skip_repair), *([OVERSIZED] * self.skip_subdivide))

    def words(self) -> list[str]:
        """Return what narrows the report, to be typed again with --fix."""
        words = [word for name in ("only", "skip") for kind in getattr(self, name) for word in (f"--{name}", kind)]
        return words + ["--skip-repair"] * self.skip_repair + ["--skip-subdivide"] * self.skip_subdivide


@click.command(
    "cleanup",
    cls=Command,
    short_help="List what is untidy among the links, or tidy it.",
    examples=(
        ("cineorg cleanup", "Report broken, misplaced and duplicate links, folders that are too full, and empty ones."),
        ("cineorg cleanup --fix --dry-run", "Show the plan that would tidy all of that, and change nothing."),
        ("cineorg cleanup --fix", "Tidy up as one batch, which `cineorg undo` undoes."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option("--fix", is_flag=True, help="Tidy up, as one batch; on a terminal you are asked first.")
@click.option(
    "--only", metavar="KIND", multiple=True, shell_complete=complete_kinds, help="Only this kind (repeatable)."
)
@click.option(
    "--skip", metavar="KIND", multiple=True, shell_complete=complete_kinds, help="All but this kind (repeatable)."
)
@click.option("--skip-repair", is_flag=True, help="Leave broken links out: the same as --skip broken_symlink.")
@click.option("--skip-subdivide", is_flag=True, help="Leave full folders out: the same as --skip oversized_dir.")
@click.option("--delete-broken", is_flag=True, help="With --fix: delete broken links that nothing certain repairs.")
@click.option(
    "--missing-for",
    callback=_age,
    metavar="AGE",
    help="With --delete-broken: only those whose file scans have missed for this long (12h, 7d, 2w; 0 = at once)"
    " [default: 7d].",
)
@selection_options
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something was found, or stays unresolved.")
@request_options("min_score", "max_per_dir", changes=True)  # fmt: skip
def command(request: Request, paths: tuple[str, ...], **options: Any) -> int:
    """List what is untidy among the links, or tidy it.

    Reported are broken links, each with the file that it may have meant; links in another folder than their film's
    genre or their series' type and title say; several links in one folder to one file; folders with too many entries,
    and how to divide them; and empty folders. With PATH, only what lies there.

    Without --fix nothing is changed. With it all this becomes one plan, in which every link ends at its final place,
    and one batch, which `cineorg undo` undoes. What is in doubt stays as it is and is reported as unresolved. Real
    files are never moved, and no link is deleted but a second one of the same folder to the same file, unless you say
    --delete-broken.

    Exit code 1: something was found, or stays unresolved; 3: something could not be looked at.
    """
    wishes = Wishes(**options)
    registry, checks = load_checks(request, CLEANUP, wishes.only, wishes.skipped)
    _check(request, wishes, checks)
    if wishes.fix or request.dry_run:
        code = _fix(request, wishes, checks, paths)
    else:
        code = _report(request, wishes, registry, checks, paths)
    return EXIT_OK if wishes.exit_zero and code == EXIT_FINDINGS else code


def _check(request: Request, wishes: Wishes, checks: Sequence[Check]) -> None:
    """Raise UsageError for options that would do nothing, or the contrary of each other."""
    for name, is_given in (("--new", wishes.only_new), ("--all", wishes.with_acknowledged)):
        if is_given and (wishes.fix or request.dry_run):
            raise click.UsageError(f"{name} is about the report: it goes without --fix and --dry-run")
    if not (wishes.fix or request.dry_run):
        for name, is_given in (("--yes", request.yes), ("--delete-broken", wishes.delete_broken)):
            if is_given:
                raise click.UsageError(f"{name} goes with --fix: without it nothing is changed")
    if wishes.missing_for is not None and not wishes.delete_broken:
        raise click.UsageError("--missing-for goes with --delete-broken")
    if wishes.delete_broken and BROKEN not in [check.type for check in checks]:
        raise click.UsageError("--delete-broken: broken links are left out by another option")


def _report(
    request: Request, wishes: Wishes, registry: Registry, checks: Sequence[Check], paths: tuple[str, ...]
) -> int:
    from ..output.split_tree import draw_split
    from .cleanup_context import CleanupContext  # not needed for --help

    within = chosen_paths(paths, (request.settings.video,)) if paths else ()
    needs_scan = any(check.needs_catalogue for check in checks)
    check_apart(request)
    with reading(request, needs="scanned" if needs_scan else "nothing") as connection:
        library = look_at_trees(request, connection, phases=len(checks))
        context = CleanupContext(request, connection, library)
        kinds = [check.type for check in checks]
        context.look_ahead(kinds, within)

        def suggest(with_findings: Sequence[Check]) -> list[str]:
            again = [f"./{path}" if path.startswith("-") else path for path in paths]
            suggestions = suggestions_of(request, [check for check in with_findings if check.type not in OWN_KINDS])
            if context.is_fixable(kinds, within):
                words = *wishes.words(), *request.own_flags, *again
                suggestions.append(request.command_line("cleanup", "--fix", *words))
            if BROKEN in kinds and context.doubtful_broken(within):
                suggestions.append(request.command_line("repair-links", *again))
            return suggestions

        selection = Selection(wishes.only_new, wishes.with_acknowledged)
        counts, narrow = context.counts(kinds), bool(wishes.only)
        examination = Examination(request, CLEANUP, registry, checks, within, narrow, counts, suggest, selection)
        shape = replace(report_shape(examination), drawings={OVERSIZED: draw_split})
        code = examine(examination, context, shape, request.progress())
        context.save_answers()
    return code


def _fix(request: Request, wishes: Wishes, checks: Sequence[Check], paths: tuple[str, ...]) -> int:
    from .cleanup_context import CleanupContext

    within = existing_paths(paths, (request.settings.video,)) if paths else ()
    phases = 1 if request.dry_run else 2
    kinds = [check.type for check in checks]
    with planning(request) as connection:
        library = look_at_trees(request, connection, phases)
        context = CleanupContext(request, connection, library)
        at_least = wishes.missing_for if wishes.missing_for is not None else read_age("7d")
        with request.progress().phase(1, phases, "Working out the plan", None):
            plan = context.plan(kinds, within, at_least if wishes.delete_broken else None)
        for note in context.notes(kinds):
            request.warn(note)
        terms = Terms(CLEANUP, consent=not is_interactive(), phases=phases)
        code = carry_out(request, connection, library, plan, terms)
        context.save_answers()
    return code
