"""What every command that changes something does around its planner: consent, guards, apply, report.

The dry run takes the same way up to the first step, so that it says what the run would do.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import click

from ...apply.batch import Outcome, apply_changes, preview_changes
from ...apply.guards import Guards
from ...changes import Plan, Relink, RemoveLink, change_row
from ...errors import EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_OK
from ...findings import Finding
from ...output import TABLE
from ...paths import is_inside, terminal_text
from ...trees.library import Library
from ...trees.links import OFFLINE
from ...trees.offline import Offline
from .announcement import announce_batch
from .options import Request
from .questions import Dialogue
from .remedies import Remedies

_COLUMNS = (
    "op path old_target new_target new_path table id old new score status evidence reason target details candidates"
).split()


@dataclass(frozen=True, slots=True)
class Terms:
    """How a command wants its plan to be carried out.

    `consent`: a flag of the command said yes. `undoes`: the batch that the plan takes back. `summary`: counts of the
    command's own that follow the common ones in the report. `rests_on_absence`: false when each change rests on a file
    that was seen, so that an old target in an offline place is no reason against it. `phases`: how many the command
    has; applying is the last. `about` is said before `question`, which ends what is asked. `is_minor` tells what is
    left that a table only counts.
    """

    command: str
    consent: bool = False
    undoes: int | None = None
    summary: Mapping[str, int] = field(default_factory=dict)
    rests_on_absence: bool = True
    phases: int = 1
    about: str = ""
    question: str = "do it?"
    is_minor: Callable[[Mapping[str, Any]], bool] | None = None


_TASKS = {
    "relink": ("relink", "link"),
    "move": ("move", "link"),
    "remove_link": ("remove", "link"),
    "make_link": ("make", "link"),
    "make_dir": ("make", "folder"),
    "remove_dir": ("remove", "folder"),
    "set_file_path": ("change", "row"),
}


def is_interactive() -> bool:
    """Return whether somebody sits at a terminal to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def require_consent(request: Request, *, given: bool = False) -> None:
    """Raise UsageError when nobody could be asked and no flag says yes; `given`: another flag is consent enough."""
    if not (request.dry_run or request.yes or given or is_interactive()):
        raise click.UsageError("nothing was changed: give --yes to do it, or --dry-run to see what would be done")


def carry_out(
    request: Request, connection: sqlite3.Connection, library: Library | None, plan: Plan, terms: Terms
) -> int:
    """Guard, ask, apply and report a plan; return the exit code.

    Without a library nothing is guarded: taking a batch back rests on no file's absence and is no larger than what
    was done.
    """
    guards = guards_of(request, library, terms.rests_on_absence) if library else None
    refusal = guards.refusal(plan.changes) if guards else None
    if refusal and not request.dry_run:
        raise refusal
    if guards:
        plan = replace(plan, changes=tuple(guards.stamped(plan.changes)))
    outcomes: Sequence[Outcome] = [Outcome(change, "planned") for change in plan.changes]
    batch = None
    roots: dict[str, Any] = {"video_root": request.settings.video, "storage_roots": request.settings.storage}
    roots |= {"undoes": terms.undoes, "guards": guards}
    if request.dry_run:
        outcomes = preview_changes(connection, plan.changes, **roots)
    elif not plan.changes or request.yes or terms.consent or _ask(request, plan, terms):
        with request.progress().phase(terms.phases, terms.phases, "Applying", len(plan.changes)) as tick:
            applied = apply_changes(connection, plan.changes, command=terms.command, tick=tick, **roots)
        batch, outcomes = applied.batch, applied.outcomes
    code = _report_changes(request, library, plan, outcomes, batch, terms)
    if refusal:
        raise refusal
    return code


def guards_of(request: Request, library: Library, rests_on_absence: bool = True) -> Guards:
    """Return the guards of a library, with the commands that would let go."""
    return Guards(
        library,
        rests_on_absence=rests_on_absence,
        max_changes=request.settings.max_changes,
        remedy=Remedies(request, library).words_for,
    )


def _ask(request: Request, plan: Plan, terms: Terms) -> bool:
    """Ask whether to do it, after a look at the plan if that is wanted."""
    counts = Counter(change.op for change in plan.changes)
    tasks = [f"{verb} {n} {noun}{'s' * (n > 1)}" for op, (verb, noun) in _TASKS.items() if (n := counts[op])]
    what = ", ".join(tasks)
    dialogue = Dialogue()
    if terms.about:
        dialogue.say(terminal_text(terms.about))
    question = f"{what[:1].upper()}{what[1:]}: {terms.question} [y/N/look] "
    while True:
        answer = (dialogue.ask(question) or "n").lower()
        if answer in ("y", "yes", "n", "no"):
            return answer in ("y", "yes")
        if answer in ("l", "look"):
            _show_plan(replace(request, output=TABLE, limit=0), plan, terms)
        else:
            dialogue.say("y does it, n (or Enter) changes nothing, look shows the plan.")


def _show_plan(request: Request, plan: Plan, terms: Terms) -> None:
    report = request.report(terms.command, ("changes", "unresolved"), tuple(_COLUMNS))
    for change in plan.changes:
        report.row("changes", change_row(change, "planned", ""))
    for item in plan.unresolved:
        report.row("unresolved", item.row())
    report.finish(complete=True, summary={"planned": len(plan.changes)}, changes=[], unresolved=[])


def _report_changes(
    request: Request,
    library: Library | None,
    plan: Plan,
    outcomes: Sequence[Outcome],
    batch: int | None,
    terms: Terms,
) -> int:
    """Write the report of a plan and what became of it; return the exit code."""
    issues: list[Finding] = []
    remedies: list[str] = []
    if library:
        library.offline = _places_left(library, outcomes)
        own = Remedies(request, library)
        issues = library.place_findings(own.words)
        remedies = own.commands() if issues and terms.rests_on_absence else []
    report = request.report(
        terms.command,
        ("changes", "unresolved", *(["issues"] if issues else [])),
        tuple(_COLUMNS),
        next_commands=(*_next_commands(request, plan, batch), *remedies),
        is_minor=terms.is_minor,
        minor="left for later",
    )
    for outcome in outcomes:
        report.row("changes", change_row(outcome.change, outcome.status, outcome.reason))
    for item in plan.unresolved:
        report.row("unresolved", item.row())
    report.findings(issues)
    states = Counter(outcome.status for outcome in outcomes)
    counts: dict[str, Any] = {"total": len(outcomes) + len(plan.unresolved)}
    counts |= {state: states[state] for state in ("done", "planned", "skipped", "failed")}
    counts |= {"unresolved": len(plan.unresolved), **terms.summary}
    complete = not issues and not states["failed"]
    rest: dict[str, Any] = {"issues": []} if issues else {}
    document = report.finish(
        complete=complete, dry_run=request.dry_run, batch=batch, summary=counts, changes=[], unresolved=[], **rest
    )
    if batch is not None:
        rows = [change_row(outcome.change, outcome.status, outcome.reason) for outcome in outcomes]
        unresolved = [item.row() for item in plan.unresolved]
        announce_batch(request, document | {"changes": rows, "unresolved": unresolved})
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if plan.unresolved or states["skipped"] else EXIT_OK


def _next_commands(request: Request, plan: Plan, batch: int | None) -> tuple[str, ...]:
    """Return what to type next: look at the batch or take it back, do what the dry run showed, ask about a link."""
    commands = []
    if batch is not None:
        commands += [request.command_line("history", str(batch)), request.command_line("undo", str(batch))]
    elif request.dry_run and plan.changes:
        commands.append(request.without_dry_run())
    link = next((item.path for item in plan.unresolved if os.path.islink(item.path)), "")
    return (*commands, *([request.command_line("explain", link)] if link else []))


def _places_left(library: Library, outcomes: Sequence[Outcome]) -> list[Offline]:
    """Return the places that are offline and still concern somebody: not those that all links to it have just left."""
    done = [each.change for each in outcomes if each.status in ("done", "planned")]
    left = {change.path for change in done if isinstance(change, (Relink, RemoveLink))}
    links = [link for link in library.bad_links if link.state == OFFLINE]

    def is_left(item: Offline) -> bool:
        inside = [link for link in links if is_inside(link.end, item.path)]
        return item.path not in library.settings.roots() and bool(inside) and all(link.path in left for link in inside)

    return [item for item in library.offline if not is_left(item)]
