"""`cineorg repair-links` on a terminal, around the conversation: who is asked what, and carrying out the answers.

The catalogue is not locked while somebody thinks. So the disk is looked at once more before what was confirmed is
carried out, and each step looks again by itself.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from ..apply.mass_change import allowed_changes
from ..catalogue.guess_cache import NameAnswers
from ..catalogue.knowledge import stat_file
from ..catalogue.pins import save_pin
from ..changes import Change, Plan, Relink, RemoveLink, SetFilePath
from ..errors import EXIT_INTERRUPTED, RefusedError
from ..paths import terminal_text
from ..repair.diagnosis import Diagnosis
from ..repair.dialogue import Outcome, Session
from ..repair.dialogue.adviser import PlannerDesk
from ..repair.dialogue.decisions import LATER, SKIPPED
from ..repair.planner import RepairPlanner
from ..trees.census import explain
from ..trees.library import Library
from ..trees.links import BROKEN, BadLink
from ..trees.time_limit import ask
from .repair_conversation import Conversation, links_text
from .repair_screen import Screen
from .shared.library_access import writing
from .shared.options import Request
from .shared.plan_execution import Terms, carry_out
from .shared.questions import Dialogue

COMMAND = "repair-links"
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of a conversation: the plan, which link got which file by hand, and whether Ctrl-C ended it."""

    plan: Plan
    pins: Mapping[str, str]
    interrupted: bool = False


def ask_about(
    request: Request, library: Library, planner: RepairPlanner, links: Sequence[BadLink], *, with_ghosts: bool
) -> Answers:
    """Go through these links with the user and return what was confirmed.

    `with_ghosts`: rows whose file has moved may follow it, too. Raises KeyboardInterrupt when nothing is to be done.
    """
    broken = sorted(link for link in links if link.state == BROKEN)
    others = sorted(link for link in links if link.state != BROKEN)
    with request.progress().phase(1, 1, f"Looking for the files of {links_text(len(broken))}", None):
        # Every broken link is heard: one that is not asked about may have as good a claim to a file.
        heard = sorted({*broken, *(link for link in library.bad_links if link.state == BROKEN)})
        asked = set(broken)
        diagnoses = [item for item in planner.diagnose_all(heard) if item.link in asked]
        ghosts = planner.rows.ghosts() if with_ghosts else []
    if others:
        request.warn(f"{links_text(len(others))} cannot be judged now and will not be asked about; see the report")
    settings = request.settings
    total = sum(len(folder.links) for _, folder in library.census.folders_of(library.census.video))
    most = allowed_changes(total, settings.max_changes)
    session = Session(diagnoses, PlannerDesk(planner, diagnoses), most_changes=most)
    dialogue = Dialogue()
    screen = Screen(dialogue.width, settings.video, settings.storage)
    remedy = request.command_line(COMMAND, "--max-changes", str(len(broken)))
    followed = {(row.table, row.id) for item in diagnoses if item.chosen for row in planner.row_changes(item)}
    lonely = sum((row.table, row.id) not in followed for row in ghosts)
    conversation = Conversation(dialogue, session, screen, remedy, lonely)
    interrupted = conversation.hold()
    outcome = look_again(session.outcome())
    left = [*outcome.left, *(planner.diagnose(link).unresolved() for link in others)]
    changes = changes_of(outcome, planner, ghosts if conversation.with_ghosts else [])
    pins = {item.link.path: item.chosen.path for item in outcome.by_hand if item.chosen}
    return Answers(Plan(tuple(changes), tuple(sorted(left, key=lambda item: item.path))), pins, interrupted)


def look_again(outcome: Outcome) -> Outcome:
    """Return the outcome without what has changed on the disk while the user was thinking."""
    reasons = {item.link.path: reason for item in outcome.removed if (reason := _changed(item))}
    reasons |= {item.link.path: reason for item in outcome.given if (reason := _changed(item))}
    return outcome.without(reasons)


def _changed(item: Diagnosis) -> str:
    try:
        ask(os.stat, item.link.path)
        return "left as it is: its file is back"
    except OSError as error:
        if error.errno not in _GONE:
            return f"left as it is: it cannot be judged any more ({explain(error)})"
    if item.chosen is not None and stat_file(item.chosen.path) is None:
        return f"left as it is: {item.chosen.path} has gone meanwhile"
    return ""


def changes_of(outcome: Outcome, planner: RepairPlanner, ghosts: Sequence[SetFilePath]) -> list[Change]:
    """Return the changes that an outcome amounts to: links in the order of their paths, then the rows that follow."""
    changes: list[Change] = [planner.relink(item.link, item.chosen) for item in outcome.given if item.chosen]
    changes += [
        RemoveLink(item.link.path, item.link.target, "deleted by hand", if_broken=True) for item in outcome.removed
    ]
    rows = [row for item in outcome.given for row in planner.row_changes(item)]
    unique = {(row.table, row.id): row for row in reversed([*rows, *ghosts])}
    return [*sorted(changes, key=_path_of), *(unique[key] for key in sorted(unique))]


def _path_of(change: Change) -> str:
    return "" if isinstance(change, SetFilePath) else change.path


def carry_out_answers(request: Request, library: Library, answers: Answers, names: Mapping[str, str]) -> int:
    """Carry out what was confirmed, as one batch, and remember what was chosen by hand; return the exit code.

    `names`: what guessit said meanwhile, to be kept.
    """
    with _opened_patiently(request) as connection:
        terms = Terms(COMMAND, consent=True, is_minor=_is_left)
        code = carry_out(request, connection, library, answers.plan, terms)
        for change in answers.plan.changes:
            if isinstance(change, Relink) and change.path in answers.pins and _says(change.path, change.new_target):
                save_pin(connection, change.path, answers.pins[change.path])
        left = len(answers.plan.unresolved)
        done = sum(map(_is_done, answers.plan.changes))
        if done or left:
            more = ": the next run asks about them." if left else "."
            Dialogue().say(f"{links_text(done)} done, {left} left{more}")
        kept = NameAnswers(connection)
        kept.new.update(names)
        kept.save()
    return EXIT_INTERRUPTED if answers.interrupted else code


@contextmanager
def _opened_patiently(request: Request) -> Iterator[sqlite3.Connection]:
    """Yield the catalogue's connection; when another command is writing, the answers need not be lost."""
    with ExitStack() as stack:
        while True:
            try:
                connection = stack.enter_context(writing(request, needs="nothing"))
                break
            except RefusedError as error:
                dialogue = Dialogue()
                dialogue.say(f"cineorg: {terminal_text(str(error))}")
                if not dialogue.agrees("Try again?", default=True):
                    raise
        yield connection


def _is_done(change: Change) -> bool:
    """Return whether a link is as it was to be; rows of the catalogue only follow links."""
    if isinstance(change, Relink):
        return _says(change.path, change.new_target)
    return isinstance(change, RemoveLink) and not os.path.lexists(change.path)


def _is_left(row: Mapping[str, Any]) -> bool:
    """Return whether a row is a link that somebody left as it is: nobody needs to see the list of them again."""
    return str(row.get("reason", "")).startswith((LATER, SKIPPED))


def _says(path: str, target: str) -> bool:
    try:
        return os.readlink(path) == target
    except OSError:
        return False
