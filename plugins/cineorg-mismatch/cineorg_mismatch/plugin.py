"""What the plugin registers: two checks of `cineorg integrity`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cineorg.plugin import hookimpl

from .mismatched_row import MismatchedRow
from .wrong_target import WrongTarget

if TYPE_CHECKING:
    from cineorg.plugin import Check


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register both checks."""
    register(WrongTarget())
    register(MismatchedRow())
