"""The whole contract with plugins: checks by a decorator, three hooks to add things, and two to hear of things.

Each of the three is handed a `register` function to call with what it adds; the two are told what has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pluggy

if TYPE_CHECKING:
    import click

    from ..findings import Coverage, Finding, Note
    from ..output.report_shape import Format
    from ..settings.configuration import Settings
    from .check_context import CheckContext, Track

    Find: TypeAlias = Callable[[CheckContext, Track], Iterable[Finding | Note | Coverage]]

hookspec = pluggy.HookspecMarker("cineorg")


INTEGRITY, CLEANUP = "integrity", "cleanup"


@dataclass(frozen=True, slots=True)
class Check:
    """One phase of a report: a pure function over its context, with its name and words.

    `find` yields findings of the kind `type` (in any order; the report sorts by path), notes, and one `Coverage`
    (without it: what went through `track`, or all links and stored videos). It reads neither disk nor database: what it
    may know is in the context, as `context.library` and `context.catalogue`. A check with `needs_catalogue` is given
    one whose `catalogue` is open. `order`: where a check of ours stands among ours; those of plugins come after them.
    """

    type: str
    label: str
    summary_key: str
    suggestion: str
    columns: tuple[str, ...]
    needs_catalogue: bool
    command: str
    order: int
    find: Find


def check(
    kind: str,
    *,
    label: str = "",
    summary_key: str = "",
    suggestion: str = "",
    columns: tuple[str, ...] = (),
    needs_catalogue: bool = False,
    command: str = INTEGRITY,
    order: int = 100,
) -> Callable[[Find], Check]:
    """Return a decorator that makes a function `find(context, track)` a check, which its module then adds to a report.

    The label is the kind in words, and the summary's key its plural, unless they are given.
    """

    def declare(find: Find) -> Check:
        return Check(
            type=kind,
            label=label or kind.replace("_", " ").capitalize(),
            summary_key=summary_key or f"{kind}s",
            suggestion=suggestion,
            columns=columns,
            needs_catalogue=needs_catalogue,
            command=command,
            order=order,
            find=find,
        )

    return declare


def command_of(check: Check) -> str:
    """Return the command of whose report a check is a phase; an object that is no `Check` may leave it out."""
    command: str = getattr(check, "command", INTEGRITY)
    return command


@hookspec
def register_checks(register: Callable[[Check], None]) -> None:
    """Call `register(check)` for each check to add to `integrity` or `cleanup`."""


@hookspec
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Call `register(command)` for each click command to add to the group."""


@hookspec
def register_formats(register: Callable[[Format], None]) -> None:
    """Call `register(format)` for each output format to add to `--format`."""


@hookspec
def batch_applied(batch: Mapping[str, Any], settings: Settings) -> Iterable[str] | None:
    """Hear of a batch of changes that was carried out, or of one that took another back.

    `batch` is the command's JSON document with its `changes`; the key `batch` has the number that `history` lists.
    Strings are in memory form. The command has written its report and let go of the catalogue. What is returned or
    yielded is told on stderr, a line each; what is raised is told, too, and changes no exit code.
    """


@hookspec
def report_made(report: Mapping[str, Any], settings: Settings) -> Iterable[str] | None:
    """Hear of a report: the JSON document of a whole `integrity` or `cleanup`, or of a batch, with its rows.

    When and how is as for `batch_applied`.
    """
