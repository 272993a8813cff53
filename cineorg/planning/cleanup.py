"""`cleanup --fix`: one plan of all that can be tidied. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..changes import Plan
from ..tidying import Tidying


@dataclass(frozen=True, slots=True)
class CleanupWishes:
    """What may be fixed: finding kinds, paths (none: everywhere), and broken links that may go, with evidence."""

    kinds: frozenset[str]
    within: Sequence[str] = ()
    delete_broken: Mapping[str, str] = field(default_factory=dict)


def plan_cleanup(tidying: Tidying, repairs: Plan, wishes: CleanupWishes) -> Plan:
    """Return the one plan."""
    return repairs
