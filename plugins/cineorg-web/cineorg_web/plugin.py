"""What the plugin adds to cineorg: the command `serve` and the output format `sqlite`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cineorg.plugin import hookimpl

from .serve import command
from .sqlite_format import SqliteFormat

if TYPE_CHECKING:
    import click

    from cineorg.plugin import Format


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Register `cineorg serve`."""
    register(command)


@hookimpl
def register_formats(register: Callable[[Format], None]) -> None:
    """Register `--format sqlite`."""
    register(SqliteFormat())
