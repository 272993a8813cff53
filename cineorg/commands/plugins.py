"""`cineorg plugins`: what is registered and from where, and what could not be."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..errors import EXIT_OK
from ..plugin_host.hookspecs import command_of
from ..plugin_host.origins import Origin, built_in_origin
from ..plugin_host.registry import Registry, load_plugins
from .group import COMMANDS
from .shared.help_examples import Command
from .shared.options import Request, request_options

_COLUMNS = ("type", "name", "plugin", "version", "origin", "details", "report")
_TITLES = {"check": "checks", "command": "commands", "format": "formats", "problem": "problems"}


@click.command(
    "plugins",
    cls=Command,
    short_help=COMMANDS["plugins"],
    examples=(
        ("cineorg plugins", "List what is registered."),
        (
            "cineorg plugins --json | jq '.plugins[] | select(.type == \"problem\")'",
            "Give a script what could not be loaded.",
        ),
    ),
)
@request_options()
def command(request: Request) -> int:
    """List the checks, commands and formats that are registered, and from where.

    What cineorg itself has is only counted in a table; -v lists it. Plugins that could not be loaded are listed as
    problems. The exit code is 0 even then: this is a listing. How to write a plugin: man 7 cineorg-plugins.
    """
    registry = load_plugins(request.settings.plugins, tuple(COMMANDS))
    report = request.report(
        "plugins",
        ("plugins",),
        _COLUMNS,
        roots=(),
        titles=_TITLES,
        is_minor=lambda row: row["origin"] == "built-in",
        minor="built in",
    )
    for kind, name, origin, details, of_report in _entries(registry):
        values = (kind, name, origin.name, origin.version, origin.origin, details, of_report)
        report.row("plugins", dict(zip(_COLUMNS, values, strict=True)))
    summary = {"total": report.counts.total()} | {f"{kind}s": report.counts[kind] for kind in _TITLES}
    report.finish(complete=True, summary=summary, plugins=[])
    return EXIT_OK


def _entries(registry: Registry) -> Iterator[tuple[str, str, Origin, str, str]]:
    """Yield (type, name, origin, details, report) of all there is, in the order in which cineorg uses it.

    `report` is the command of whose report a check is a phase, "" for all else.
    """
    for check, origin in registry.checks:
        yield "check", check.type, origin, check.label, command_of(check)
    for name, words in COMMANDS.items():
        yield "command", name, built_in_origin(name), words, ""
    for guest, origin in registry.commands:
        yield "command", str(guest.name), origin, guest.get_short_help_str(limit=70), ""
    for each, origin in registry.formats:
        yield "format", each.name, origin, each.help, ""
    for problem in registry.problems:
        yield "problem", problem.plugin, problem.origin, problem.error, ""
