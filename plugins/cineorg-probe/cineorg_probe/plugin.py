"""The hooks: what this plugin adds to cineorg."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cineorg.plugin import hookimpl

if TYPE_CHECKING:
    import click

    from cineorg.plugin import Check


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    from .check import unreadable_video

    register(unreadable_video)


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Register the command."""
    from .command import command

    register(command)
