"""What can go wrong, each with its exit code and one line for people: what is wrong, where, what to do."""

from __future__ import annotations

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3
EXIT_REFUSED = 4
EXIT_INTERRUPTED = 130


class CineorgError(Exception):
    """Base of every error that a user may see; `str()` of it is the line that is shown."""

    exit_code = EXIT_USAGE


class ConfigError(CineorgError):
    """A setting is unknown, of the wrong type, or contradicts another."""


class CatalogueError(CineorgError):
    """The catalogue cannot be opened, read or written."""


class InputError(CineorgError):
    """A file or stream handed to us is not what it should be."""


class RefusedError(CineorgError):
    """A guard stands in the way: nothing was changed."""

    exit_code = EXIT_REFUSED


class PluginError(CineorgError):
    """A plugin's command or format failed; the line names the plugin."""

    exit_code = EXIT_INCOMPLETE
