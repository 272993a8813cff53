"""The whole contract with plugins: three hooks, each handed a `register` function to call with what it adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol

import pluggy

if TYPE_CHECKING:
    import click

    from ..findings import Coverage, Finding, Note
    from ..output.report_shape import Format
    from .check_context import CheckContext, Track

hookspec = pluggy.HookspecMarker("cineorg")


INTEGRITY, CLEANUP = "integrity", "cleanup"


class Check(Protocol):
    """One phase of a report: a pure function over its context, with its name and words.

    Of which report, says an attribute that a check may leave out, `command: ClassVar[str]`: "integrity" (so also
    without it) or "cleanup". `find` yields findings of the kind `type` (in any order; the report sorts by path), notes,
    and one `Coverage` (without it: what went through `track`, or all links and stored videos). It reads neither disk
    nor database: what it may know is in the context, as `context.library` and `context.catalogue`. A check with
    `needs_catalogue` is given one whose `catalogue` is open.
    """

    type: ClassVar[str]
    label: ClassVar[str]
    summary_key: ClassVar[str]
    suggestion: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    needs_catalogue: ClassVar[bool]

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Note | Coverage]: ...


def command_of(check: Check) -> str:
    """Return the command of whose report a check is a phase."""
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
