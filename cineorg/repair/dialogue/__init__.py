"""The conversation about broken links, without a terminal: what may be answered, and what the answers amount to."""

from __future__ import annotations

from .decisions import Absence, Desk, NeedsConfirmation, NotPossible, Outcome
from .session import Session

__all__ = ["Absence", "Desk", "NeedsConfirmation", "NotPossible", "Outcome", "Session"]
