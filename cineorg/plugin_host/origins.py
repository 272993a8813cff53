"""Where plugins come from, and what they did wrong."""

from __future__ import annotations

import os
from typing import NamedTuple

from .. import __version__
from .contract import describe

BUILT_IN = "built-in"


class Origin(NamedTuple):
    """Where a plugin comes from: its name, its version ("" if it has none), and "built-in", "package NAME" or
    "file PATH"."""

    name: str
    version: str
    origin: str


class PluginProblem(NamedTuple):
    """What a plugin did wrong: `error` is one line, to be read after the plugin's name."""

    origin: Origin
    error: str

    @property
    def plugin(self) -> str:
        """The plugin's name."""
        return self.origin.name

    def as_row(self) -> dict[str, str]:
        """Return the problem as a report's `errors` list has it."""
        return {"plugin": self.plugin, "error": self.error}

    def __str__(self) -> str:
        return f"the plugin {self.plugin}: {self.error}"


def built_in_origin(name: str) -> Origin:
    """Return the origin of a part of cineorg itself."""
    return Origin(name, __version__, BUILT_IN)


def problem_of(origin: Origin, what: str, error: BaseException) -> PluginProblem:
    """Return what a plugin raised as a problem; with CINEORG_DEBUG set, its traceback goes to stderr."""
    if os.environ.get("CINEORG_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return PluginProblem(origin, f"{what}: {describe(error)}")
