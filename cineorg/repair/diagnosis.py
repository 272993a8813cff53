"""What the repair planner says of one link; plain data. The rules stand in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..changes import Candidate, Unresolved
from ..trees.links import BadLink
from .expectation import Claim

PIN, IDENTITY, SAME_NAME, NAMES, CLOSE, NONE = "pin", "identity", "same name", "names agree", "close names", "none"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known of one link: `chosen` is the file that it may be given without asking, else `reason` says why not.

    `rule` is the one that decided or refused. `candidates` are sorted, best first; `tied` are those that fit equally.
    """

    link: BadLink
    rule: str = NONE
    chosen: Candidate | None = None
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    tied: tuple[Candidate, ...] = ()
    claim: Claim = field(default_factory=Claim)

    def unresolved(self) -> Unresolved:
        """Return it as the report shows it."""
        return Unresolved(self.link.path, self.link.target, self.reason, self.candidates)

    def refused(self, reason: str) -> Diagnosis:
        """Return it with the choice taken back."""
        return replace(self, chosen=None, reason=reason)
