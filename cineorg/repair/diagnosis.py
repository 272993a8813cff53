"""What the repair planner says of one link; plain data. The rules stand in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..changes import Candidate, Unresolved
from ..trees.links import BadLink
from .expectation import Expectation

PIN, IDENTITY, SAME_NAME, NAMES, FOLDER, NONE = "pin", "identity", "same name", "names agree", "folder", "none"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known of one link: `chosen` is the file that it may be given without asking, else `reason` says why not.

    `rule` is the one that decided or refused. `candidates` are sorted, best first; `tied` are those that fit equally;
    `nearest` are files of its title that are certainly another film or episode. `wanted` is what the link expects.
    `superseded_by`: the link of the same folder that shows the very file which this one would get, "" if none does.
    """

    link: BadLink
    rule: str = NONE
    chosen: Candidate | None = None
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    tied: tuple[Candidate, ...] = ()
    nearest: tuple[Candidate, ...] = ()
    wanted: Expectation = field(default_factory=Expectation)
    superseded_by: str = ""

    def unresolved(self) -> Unresolved:
        """Return it as the report shows it."""
        return Unresolved(self.link.path, self.link.target, self.reason, self.candidates)

    def refused(self, reason: str, *, superseded_by: str = "") -> Diagnosis:
        """Return it with the choice withdrawn."""
        return replace(self, chosen=None, reason=reason, superseded_by=superseded_by)
