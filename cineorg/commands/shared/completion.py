"""What the shell offers after a TAB: click asks these functions for the values of options and arguments.

They only read, are quick, and keep silent: whatever goes wrong, there is just nothing to offer.
`commands/group.py` completes the commands' names and turns stderr off meanwhile.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from ...clock import as_local
from ...errors import CineorgError
from ...output import FORMATS
from ...settings.configuration import SETTINGS, Settings
from ...settings.sources import load_settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MOST_BATCHES = 30


def complete_files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a file or a folder."""
    return [_item(incomplete, type="file")]


def complete_folders(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete a folder."""
    return [_item(incomplete, type="dir")]


def complete_formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the output formats, those of plugins too."""
    from ...plugin_host.registry import load_plugins

    guests = load_plugins(_settings(context).plugins, built_in=False).formats
    known = {each.name: each.help for each in (*FORMATS, *(guest for guest, _ in guests))}
    return [_item(name, help=words) for name, words in known.items() if name.startswith(incomplete)]


def complete_kinds(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the kinds of the command's report that the option does not name yet, those of plugins too."""
    from ...plugin_host.registry import load_plugins

    given = context.params.get(parameter.name or "") or ()
    checks = load_plugins(_settings(context).plugins).checks_of(str(context.command.name))
    known = {check.type: check.label for check in checks if check.type not in given}
    return [_item(kind, help=label) for kind, label in known.items() if kind.startswith(incomplete)]


def complete_batches(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the latest batches, the last one first, with their command and date."""
    import sqlite3

    from ...catalogue.recent_batches import latest_batches

    try:
        batches = latest_batches(_settings(context).db, _MOST_BATCHES)
    except (sqlite3.Error, OSError):
        return []
    return [
        _item(str(number), help=f"{command}, {as_local(started_at)[:16]}")
        for number, command, started_at in batches
        if str(number).startswith(incomplete)
    ]


def _item(value: str, **attributes: Any) -> CompletionItem:
    from click.shell_completion import CompletionItem  # no other run needs it

    return CompletionItem(value, **attributes)


def _settings(context: click.Context) -> Settings:
    """Return the settings of the command line as far as it is typed; where they are wrong, those of no command line."""
    try:
        given = {name: value for name, value in context.params.items() if name in SETTINGS or name == "config"}
        return load_settings(given, os.environ)
    except CineorgError:
        return Settings()
