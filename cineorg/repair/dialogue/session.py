"""One link after another: what the user may answer, and what has been confirmed so far. Pure.

A link has one answer at most: a file, removal, or to be left alone. What has no answer stays as it is. Nothing in
doubt is accepted without being asked for, and what speaks against a file must be confirmed once more (`sure`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from ...changes import Candidate
from ...trees.links import BROKEN
from ..diagnosis import Diagnosis
from .decisions import (
    BY_HAND,
    GIVEN,
    HAND,
    LATER,
    REMOVED,
    RULES,
    SERIES,
    SKIPPED,
    Absence,
    Answer,
    Desk,
    NeedsConfirmation,
    NotPossible,
    Outcome,
)

PAGE = 5


class Session:
    """The state of the conversation. `most_changes`: how many links may be changed in one go."""

    def __init__(self, diagnoses: Iterable[Diagnosis], desk: Desk, *, most_changes: int) -> None:
        self._items = list(diagnoses)
        self._desk = desk
        self._most_changes = most_changes
        self._answers: dict[str, Answer] = {}
        self._steps: list[list[str]] = []
        self._has_quit = False
        self._next = 0
        self._listed: list[Candidate] = []
        self._shown = 0
        self._default = False
        self._by_series: dict[Hashable | None, list[Diagnosis]] | None = None
        self._turn()

    # Where we are

    @property
    def certain(self) -> list[Diagnosis]:
        """The links, not answered yet, whose file is certain."""
        return [item for item in self._open() if item.chosen is not None]

    @property
    def total(self) -> int:
        """The number of all links."""
        return len(self._items)

    @property
    def remaining(self) -> int:
        """The number of links that have no answer yet."""
        return len(self._items) - len(self._answers)

    @property
    def room(self) -> int:
        """How many more links may be changed in this go."""
        return self._most_changes - sum(answer.kind != SKIPPED for answer in self._answers.values())

    @property
    def current(self) -> Diagnosis | None:
        """The link that is asked about; None when the conversation is over."""
        if self._has_quit or self.room <= 0 or self._next >= len(self._items):
            return None
        return self._items[self._next]

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The candidates that may be picked by number, the first one being 1."""
        return tuple(self._listed[: self._shown])

    @property
    def has_more(self) -> bool:
        """Whether there are more candidates than those shown."""
        return self._shown < len(self._listed)

    @property
    def default(self) -> int | None:
        """The number that is certain, None when nothing is."""
        return 1 if self._default else None

    def counts(self) -> dict[str, int]:
        """Return how many links were given a file by the rules, by hand and with their series, and how many removed."""
        found = {RULES: 0, HAND: 0, SERIES: 0, REMOVED: 0}
        for answer in self._answers.values():
            if answer.kind == GIVEN:
                found[answer.origin] += 1
            elif answer.kind == REMOVED:
                found[REMOVED] += 1
        return found

    def confirmed(self) -> int:
        """Return how many links will be changed."""
        return sum(self.counts().values())

    def rest_of_series(self) -> list[Diagnosis]:
        """Return the other links, not answered yet, of the current link's series."""
        item = self._asked()
        return [other for other in self._same_series(item) if other is not item and self._is_open(other)]

    # Answers

    def accept_certain(self) -> int:
        """Give every link that is certain its file; return how many. Raises NotPossible if they are too many."""
        certain = self.certain
        if len(certain) > self.room:
            raise NotPossible(f"{len(certain)} links are more than the {self.room} that may be changed at once")
        self._record([Answer(GIVEN, item, RULES) for item in certain])
        return len(certain)

    def choose(self, number: int, *, sure: bool = False) -> list[Diagnosis]:
        """Give the current link the candidate shown as `number`; return the links of its series that follow.

        Raises NotPossible for a number that is not shown, NeedsConfirmation when something speaks against the file
        and it is not said to be `sure`; the series does not follow then.
        """
        item = self._asked()
        if not 1 <= number <= self._shown:
            raise NotPossible(f"there is no candidate {number}")
        candidate = self._listed[number - 1]
        if item.chosen is not None and candidate.path == item.chosen.path:
            confirmed, origin = item, RULES
        else:
            confirmed, origin = replace(item, rule=BY_HAND, chosen=_by_hand(candidate), reason=""), HAND
        objection = "" if origin == RULES else self._desk.objection(item, candidate, self._given())
        if objection and not sure:
            raise NeedsConfirmation(objection)
        follow: list[Diagnosis] = []
        # What the rules gave says nothing new about a series: it takes along only what is certain as well.
        others = [other for other in self.rest_of_series() if origin == HAND or other.chosen is not None]
        if others and not objection:
            follow = self._desk.rest_of_series(confirmed, others, self._given())[: self.room - 1]
        mine = {other.link.path: other for other in others}
        origins = [RULES if other == mine[other.link.path] else SERIES for other in follow]
        self._record([Answer(GIVEN, confirmed, origin), *map(partial(Answer, GIVEN), follow, origins)])
        return follow

    def skip(self) -> None:
        """Leave the current link as it is."""
        self._record([Answer(SKIPPED, self._asked())])

    def skip_series(self) -> int:
        """Leave the current link and all that is left of its series as they are; return how many.

        Raises NotPossible when the link is no episode.
        """
        item = self._asked()
        if not self._same_series(item):
            raise NotPossible("this is no episode of a series; s skips it")
        others = self.rest_of_series()
        self._record([Answer(SKIPPED, each) for each in (item, *others)])
        return 1 + len(others)

    def search(self, text: str) -> int:
        """Show the stored files whose title is like `text` instead of the candidates; return how many there are.

        When there are none, the candidates stay. Raises NotPossible for an empty text.
        """
        item = self._asked()
        if not text.strip():
            raise NotPossible("say what to search, as in /the kid")
        found = list(self._desk.search(item, text.strip()))
        if found:
            self._list(found, default=False)
        return len(found)

    def show_more(self) -> tuple[Candidate, ...]:
        """Show the next candidates; return them. Raises NotPossible when there are no more."""
        self._asked()
        if not self.has_more:
            raise NotPossible("there are no more candidates; /title searches for others")
        before = self._shown
        self._shown = min(before + PAGE, len(self._listed))
        return tuple(self._listed[before : self._shown])

    def absence(self) -> Absence:
        """Return since when the current link's file is missing."""
        return self._desk.absence(self._asked())

    def delete(self, *, sure: bool = False) -> None:
        """Let the current link go. Raises NeedsConfirmation unless `sure`, NotPossible if it may not be broken."""
        item = self._asked()
        if item.link.state != BROKEN:
            raise NotPossible(f"nobody knows that its file is gone: {item.link.reason}")
        if not sure:
            raise NeedsConfirmation(self.absence().words)
        self._record([Answer(REMOVED, item)])

    def take_back(self) -> int:
        """Forget the last answer and what followed from it; return how many links are open again.

        Raises NotPossible when nothing was answered.
        """
        if not self._steps:
            raise NotPossible("there is nothing to undo")
        paths = self._steps.pop()
        for path in paths:
            del self._answers[path]
        self._next = 0
        self._turn()
        return len(paths)

    def quit(self) -> None:
        """End the conversation; what was confirmed stays."""
        self._has_quit = True

    def outcome(self) -> Outcome:
        """Return what the answers amount to."""
        answers = [self._answers.get(item.link.path) for item in self._items]
        known = [answer for answer in answers if answer is not None]
        given = [answer for answer in known if answer.kind == GIVEN]
        left = []
        for item, answer in zip(self._items, answers, strict=True):
            if answer is None or answer.kind == SKIPPED:
                what = LATER if answer is None else SKIPPED
                reason = f"{what}: {item.reason}" if item.reason else what
                left.append(replace(item.unresolved(), reason=reason))
        return Outcome(
            tuple(answer.item for answer in given),
            tuple(answer.item for answer in given if answer.origin != RULES),
            tuple(answer.item for answer in known if answer.kind == REMOVED),
            tuple(left),
        )

    # Inside

    def _asked(self) -> Diagnosis:
        item = self.current
        if item is None:
            raise NotPossible("there is nothing left to ask")
        return item

    def _is_open(self, item: Diagnosis) -> bool:
        return item.link.path not in self._answers

    def _open(self) -> list[Diagnosis]:
        return [item for item in self._items if self._is_open(item)]

    def _same_series(self, item: Diagnosis) -> list[Diagnosis]:
        """Return all links of a link's series, itself among them; none if it is no episode."""
        if self._by_series is None:
            self._by_series = defaultdict(list)
            for each in self._items:
                self._by_series[self._desk.series_of(each)].append(each)
        series = self._desk.series_of(item)
        return [] if series is None else self._by_series[series]

    def _given(self) -> list[Diagnosis]:
        return [answer.item for answer in self._answers.values() if answer.kind == GIVEN]

    def _record(self, answers: Sequence[Answer]) -> None:
        if answers:
            self._steps.append([answer.item.link.path for answer in answers])
            self._answers.update((answer.item.link.path, answer) for answer in answers)
        self._turn()

    def _turn(self) -> None:
        """Go to the first link that has no answer, and list its candidates."""
        while self._next < len(self._items) and self._items[self._next].link.path in self._answers:
            self._next += 1
        if self._next < len(self._items):
            item = self._items[self._next]
            first = [item.chosen] if item.chosen is not None else []
            others = [each for each in item.candidates if not first or each.path != first[0].path]
            self._list([*first, *others], item.nearest, default=bool(first))

    def _list(self, candidates: list[Candidate], on_request: Sequence[Candidate] = (), *, default: bool) -> None:
        """Take what may be picked; `on_request`, what is certainly another film, is shown only when asked for more."""
        self._listed, self._shown, self._default = [*candidates, *on_request], min(PAGE, len(candidates)), default


def _by_hand(candidate: Candidate) -> Candidate:
    return Candidate(candidate.path, 100.0, f"chosen by hand ({candidate.evidence})")
