"""What a session asks, what it may say, and what comes of it: plain data."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...changes import Candidate, Unresolved
from ..diagnosis import Diagnosis

GIVEN, REMOVED, SKIPPED = "given", "removed", "skipped"
RULES, HAND, SERIES = "rules", "hand", "series"
BY_HAND = "by hand"
LATER = "left for later"


class NotPossible(Exception):
    """The answer cannot be taken, and nothing was changed; the text says why."""


class NeedsConfirmation(Exception):
    """The answer is possible but something speaks against it: the text says what. Nothing was changed yet."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Since when a link's file is missing, in words; `is_recent`: it may well come back."""

    words: str
    is_recent: bool


class Desk(Protocol):
    """What the session asks about the library; `given` are the diagnoses that have been given a file so far."""

    def series_of(self, item: Diagnosis) -> Hashable | None:
        """Return what is the same for all links of one series, None for a link that is no episode."""

    def search(self, item: Diagnosis, text: str) -> Sequence[Candidate]:
        """Return stored files whose title is like `text`, best first; files of other numbers come last."""

    def objection(self, item: Diagnosis, candidate: Candidate, given: Sequence[Diagnosis]) -> str:
        """Return what speaks against giving the link this file, or ""."""

    def rest_of_series(
        self, confirmed: Diagnosis, others: Sequence[Diagnosis], given: Sequence[Diagnosis]
    ) -> list[Diagnosis]:
        """Return those of the other links of a series whose file follows from the confirmed one, with it chosen."""

    def absence(self, item: Diagnosis) -> Absence:
        """Return since when the link's file is missing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one link: `item.chosen` is its file if it is given one; `origin` says who chose it."""

    kind: str
    item: Diagnosis
    origin: str = HAND


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answers amount to, each in the order of the links.

    `given` have their file as `chosen`; those also in `by_hand` the rules alone would not have given it. `removed`
    shall go, `left` stay as they are.
    """

    given: tuple[Diagnosis, ...] = ()
    by_hand: tuple[Diagnosis, ...] = ()
    removed: tuple[Diagnosis, ...] = ()
    left: tuple[Unresolved, ...] = ()

    def without(self, reasons: Mapping[str, str]) -> Outcome:
        """Return the outcome with some links, by path, left as they are after all, each for its reason."""
        late = [item for item in (*self.given, *self.removed) if item.link.path in reasons]
        stays = [Unresolved(item.link.path, item.link.target, reasons[item.link.path]) for item in late]
        return Outcome(
            tuple(item for item in self.given if item.link.path not in reasons),
            tuple(item for item in self.by_hand if item.link.path not in reasons),
            tuple(item for item in self.removed if item.link.path not in reasons),
            tuple(sorted((*self.left, *stays), key=lambda item: item.path)),
        )
