"""Plugins for the tests, as source, and the folder that they are written to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cineorg.plugin_host.hookspecs import command_of
from cineorg.plugin_host.registry import Registry, load_plugins

HEAD = """
from cineorg.plugin import hookimpl
from cineorg.findings import Finding
class Check:
    type, label, summary_key, suggestion = "extra", "Extra", "extras", ""
    columns, needs_catalogue = (), False
    def find(self, context, track):
        yield Finding(self.type, context.library.settings.video, "found")
"""
REGISTER = """
@hookimpl
def register_checks(register):
    register(Check())
"""
GOOD = HEAD + REGISTER


def built_in_checks(report: str = "") -> list[str]:
    """Return the kinds of the checks that cineorg itself has, of one report or of all, in their order."""
    ours = [check for check, origin in load_plugins().checks if origin.origin == "built-in"]
    return [check.type for check in ours if report in ("", command_of(check))]


def item(kind: str, made_by: str) -> str:
    """Return the source of a plugin that registers one item."""
    return f"{HEAD}\nimport click\n@hookimpl\ndef register_{kind}(register):\n    register({made_by})\n"


def check(changes: str) -> str:
    """Return the source of a plugin whose check is changed."""
    return f"{HEAD}\nclass Changed(Check):\n    {changes}\n{REGISTER.replace('Check()', 'Changed()')}"


def write(folder: Path, plugins: Mapping[str, str | bytes]) -> str:
    """Write plugins as files and return their folder."""
    folder.mkdir(exist_ok=True)
    for name, source in plugins.items():
        (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode())
    return str(folder)


def names(registered: list[tuple[Any, Any]]) -> list[str]:
    """Return the names of registered items."""
    return [getattr(each, "type", None) or each.name for each, _ in registered]


def guests(registry: Registry) -> list[tuple[Any, Any]]:
    """Return the checks that no part of cineorg itself registered."""
    return [(check, origin) for check, origin in registry.checks if origin.origin != "built-in"]
