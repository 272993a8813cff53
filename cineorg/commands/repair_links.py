"""`cineorg repair-links`: gives broken links their files back, and never another's."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import dataclass

import click

from ..catalogue.guess_cache import NameAnswers
from ..catalogue.knowledge import load_knowledge, stat_file
from ..catalogue.pins import save_pin
from ..changes import Candidate, Change, Plan, Relink
from ..errors import EXIT_FINDINGS, EXIT_OK
from ..names import NameReader
from ..paths import is_inside, terminal_text
from ..repair.moved_prefix import plan_rewrite
from ..repair.planner import RepairPlanner
from ..settings.configuration import Settings
from ..trees.census import explain
from ..trees.library import Library
from ..trees.link_text import is_chosen, real_folder
from ..trees.links import BROKEN, BadLink, absolute_target
from ..trees.time_limit import ask, ask_or, real_path
from .shared.completion import complete_files
from .shared.help_examples import Command
from .shared.library_access import check_apart, look_at_trees, planning, reading, writing
from .shared.options import Request, chosen_paths, existing_paths, request_options, spelled_as_root
from .shared.plan_execution import Terms, carry_out, is_interactive, require_consent
from .shared.remedies import Remedies

COMMAND = "repair-links"
MOST_GUESSES = 500  # guessit takes some 13 ms a name; what is left unread now is read by the next run


@dataclass(slots=True)
class Repair:
    """What a repair works with: the planner and the answers that it will keep."""

    connection: sqlite3.Connection
    library: Library
    planner: RepairPlanner
    answers: NameAnswers

    def save_answers(self, request: Request) -> None:
        """Keep what guessit said, where the catalogue can be written; say so when names were left unread."""
        if len(self.answers.new) >= MOST_GUESSES:
            request.note(f"only {MOST_GUESSES} odd names were read in this run; run it again to read more of them")
        self.answers.save()


def make_repair(request: Request, connection: sqlite3.Connection, library: Library) -> Repair:
    """Return the planner of a library with everything that it asks."""
    answers = NameAnswers(connection)
    planner = RepairPlanner(
        library,
        load_knowledge(connection, library),
        NameReader(answers),
        min_score=request.settings.min_score,
        stat=stat_file,
        may_guess=lambda: len(answers.new) < MOST_GUESSES,
    )
    return Repair(connection, library, planner, answers)


@click.command(
    "repair-links",
    cls=Command,
    short_help="Give broken links their files back.",
    examples=(
        ("cineorg repair-links", "Go through the broken links one by one, on a terminal."),
        (
            "cineorg repair-links --auto --dry-run",
            "Show what can be repaired for certain; without --dry-run it is done.",
        ),
        ("cineorg repair-links --rewrite /mnt/old=/mnt/new", "Follow a mount that has moved."),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@click.option("--auto", is_flag=True, help="Repair what is certain, ask nothing.")
@click.option("--rewrite", metavar="OLD=NEW", help="The same places under another prefix.")
@click.option(
    "--to",
    "file",
    metavar="FILE",
    shell_complete=complete_files,
    help="Give the one link PATH this file (or folder), by hand; remembered.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 although something stays unresolved.")
@request_options("min_score", changes=True)  # fmt: skip
def command(
    request: Request,
    paths: tuple[str, ...],
    auto: bool,
    rewrite: str | None,
    file: str | None,
    exit_zero: bool,
) -> int:
    """Give broken links their files back, and never another's.

    With PATH, only links there. What is in doubt stays as it is and is shown with its candidates. Exit code 1:
    something stays unresolved.

    On a terminal, without --auto, --yes or --dry-run, you are asked: first whether to repair all that is certain,
    then about one link after another. Each is shown with what it was, why it is in doubt, and up to five candidates.
    The answers:

    \b
    NUMBER  give the link this file; Enter takes 1 where it is certain
    s, S    skip this link; skip all that is left of this series
    /TITLE  search the stored files for a title
    m       show more candidates
    d       delete the link; asks once more
    u       undo the last answer
    q       end here, as Ctrl-D does, and do what was confirmed
    ?       explain all this

    A file whose name contradicts the link (other episode numbers, another year), or that another link has, is given
    only after a second question. When you have given an episode its file, the other episodes of its series follow
    by themselves: each that has exactly one file of its own numbers beside that one. What you chose by hand is
    remembered, as with --to, until `cineorg undo` undoes it.

    Nothing is done before the end; then all is one batch, which `cineorg undo` undoes. The library may change
    while you think: a link whose file has come back is left alone. Ctrl-C does nothing, unless you then say so, and
    ends with 130.
    """
    if bool(rewrite) + bool(file) + auto > 1:
        raise click.UsageError("--auto, --rewrite and --to exclude each other")
    video = (request.settings.video,) if request.settings.video else ()
    link = _one_link(paths, video) if file else ""
    chosen = _stored_file(file, request.settings, os.path.basename(link)) if file else ""
    prefixes = _prefixes(rewrite) if rewrite else None
    within = () if file else existing_paths(paths, video)
    require_consent(request, given=auto)
    if file:
        code = _give(request, link, chosen)
    elif prefixes:
        code = _rewrite(request, *prefixes, within)
    elif is_interactive() and not (auto or request.yes or request.dry_run):
        code = _talk(request, within)
    else:
        code = _repair(request, within, consent=auto)
    return EXIT_OK if exit_zero and code == EXIT_FINDINGS else code


def _repair(request: Request, within: tuple[str, ...], *, consent: bool) -> int:
    with planning(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        _tell_moved_prefixes(request, library)
        repair = make_repair(request, connection, library)
        plan = repair.planner.plan(_asked_for(library, within), with_ghosts=not within)
        code = carry_out(request, connection, library, plan, Terms(COMMAND, consent=consent))
        repair.save_answers(request)
    return code


def _talk(request: Request, within: tuple[str, ...]) -> int:
    """Ask about each link; the catalogue is locked only while the answers are carried out."""
    from .repair_session import ask_about, carry_out_answers  # scripts never need it

    check_apart(request)
    with writing(request, needs="nothing"):
        pass  # what a crash left is settled before anybody looks, and a catalogue that takes nothing is told of now
    with reading(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        _tell_moved_prefixes(request, library)
        repair = make_repair(request, connection, library)
        asked_for = _asked_for(library, within)
        answers = ask_about(request, library, repair.planner, asked_for, with_ghosts=not within)
    return carry_out_answers(request, library, answers, repair.answers.new)


def _tell_moved_prefixes(request: Request, library: Library) -> None:
    remedies = Remedies(request, library)
    for prefix in remedies.moved:
        request.warn(
            f"{prefix.links} of {prefix.total} targets under {prefix.old} are under {prefix.new} now; if that"
            f" place has moved: {remedies.rewrite(prefix)}"
        )


def _asked_for(library: Library, within: tuple[str, ...]) -> list[BadLink]:
    """Return the links to repair: the broken ones; those that cannot be judged only where somebody asks for them."""
    return [link for link in library.bad_links if is_chosen(link.path, within) and (within or link.state == BROKEN)]


def _prefixes(text: str) -> tuple[str, str]:
    """Return OLD and NEW of `--rewrite`; raises UsageError for what is not two folders, the new one there."""
    old, separator, new = text.partition("=")
    if not separator or not old.startswith("/") or not new.startswith("/"):
        raise click.UsageError(f"--rewrite {terminal_text(text)}: expected OLD=NEW, two absolute folders")
    old, new = old.rstrip("/"), new.rstrip("/")
    if not old or old == new:
        raise click.UsageError(f"--rewrite {terminal_text(text)}: OLD and NEW must be two different folders")
    if not ask_or(os.path.isdir, new or "/", False):
        raise click.UsageError(f"--rewrite: there is no folder {terminal_text(new or '/')}")
    return old, new


def _rewrite(request: Request, old: str, new: str, within: tuple[str, ...]) -> int:
    """Let the links to one prefix lead to the same places under another."""
    with planning(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        plan = plan_rewrite(library, load_knowledge(connection, library), old, new, within, os.path.isfile)
        return carry_out(request, connection, library, plan, Terms(COMMAND, rests_on_absence=False))


# By hand


def _one_link(paths: tuple[str, ...], video: tuple[str, ...]) -> str:
    if len(paths) != 1:
        raise click.UsageError("--to FILE goes with one PATH: the link that shall get the file")
    path = chosen_paths(paths, video)[0]
    if not os.path.islink(path):
        what = "is no link" if os.path.lexists(path) else "does not exist"
        raise click.UsageError(f"{terminal_text(path)} {what}; --to needs a link of the video tree")
    return path


def _stored_file(file: str, settings: Settings, name: str) -> str:
    """Return the path of the FILE argument as its root is spelled; raises UsageError for what a link should not get.

    A link whose `name` is no video's may get a folder.
    """
    storage, may_be_folder = settings.storage, not settings.is_video(name)
    path = spelled_as_root(os.path.abspath(file), storage)
    try:
        mode = ask(os.lstat, path).st_mode
    except (OSError, ValueError) as error:
        reason = explain(error) if isinstance(error, OSError) else str(error)
        raise click.UsageError(f"--to {terminal_text(file)}: {reason}") from None
    if not (stat.S_ISREG(mode) or (may_be_folder and stat.S_ISDIR(mode))):
        what = "not a file or folder" if may_be_folder else "not a file, as a link with a video's name needs"
        raise click.UsageError(f"--to {terminal_text(file)}: {what}")
    if not any(is_inside(path, root) for root in storage):
        raise click.UsageError(f"--to {terminal_text(file)}: lies in none of the storage roots: {', '.join(storage)}")
    return path


def _give(request: Request, path: str, file: str) -> int:
    """Give one link a stored file, or a folder, by hand and remember it."""
    chosen = Candidate(file, 100.0, "given by hand")
    with planning(request, needs="nothing") as connection:
        library = look_at_trees(request, connection)
        repair = make_repair(request, connection, library)
        target = os.readlink(path)
        end = absolute_target(real_folder(library, path), target) or real_path(path)
        link = BadLink(path, target, end, BROKEN, "")
        relink = repair.planner.relink(link, chosen, if_broken=False)
        rows = repair.planner.rows.follow(library.finder.canonical(end), chosen, is_same_file=False)
        changes: tuple[Change, ...] = (relink, *rows) if relink.new_target != target else ()
        code = carry_out(request, connection, library, Plan(changes), Terms(COMMAND, rests_on_absence=False))
        # Only what is really so is remembered: the step may have been skipped, or the answer was no.
        if not request.dry_run and _says(path, relink):
            save_pin(connection, path, chosen.path)
    return code


def _says(path: str, relink: Relink) -> bool:
    try:
        return os.readlink(path) == relink.new_target
    except OSError:
        return False
