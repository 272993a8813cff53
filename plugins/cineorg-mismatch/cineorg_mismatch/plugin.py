"""What the plugin adds: two checks of `cineorg integrity`."""

from __future__ import annotations

from .mismatched_row import mismatched_row
from .wrong_target import wrong_target

__all__ = ["mismatched_row", "wrong_target"]
