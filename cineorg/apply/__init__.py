"""Applying: the only place that alters a disk or the application's own rows.

Every batch is written to the journal before its first step; each step looks again before it acts, never replaces
what it did not expect, and can be undone. Whatever a crash leaves half done is settled by looking at the disk.
"""

from .batch import Applied, Outcome, apply_changes, preview_changes
from .mass_change import check_mass_change
from .plan_validation import read_changes
from .recovery import settle_pending
from .undo import Undo, plan_undo

__all__ = [
    "Applied",
    "Outcome",
    "Undo",
    "apply_changes",
    "check_mass_change",
    "plan_undo",
    "preview_changes",
    "read_changes",
    "settle_pending",
]
