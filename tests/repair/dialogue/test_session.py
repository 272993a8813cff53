"""The session's state: what an answer does, what it cannot do, and what no order of answers can bring about."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cineorg.changes import Candidate
from cineorg.repair.diagnosis import Diagnosis
from cineorg.repair.dialogue import Absence, NeedsConfirmation, NotPossible, Session
from cineorg.repair.dialogue.session import PAGE
from cineorg.trees.links import BROKEN, OFFLINE, BadLink

FOUND = [Candidate(f"/s/found{number}.mkv", 80.0, "same title") for number in range(7)]


class FakeDesk:
    """A library in which a series is the folder of its links, and files called `other…` have something against them.

    An episode `eN` has its file `SERIES/eN.mkv` beside the confirmed one, but for those in `without`.
    """

    def __init__(self, without: Sequence[str] = ()) -> None:
        self.without = without

    def series_of(self, item: Diagnosis) -> Hashable | None:
        folder = item.link.path.split("/")[2]
        return folder if folder.startswith("series") else None

    def search(self, item: Diagnosis, text: str) -> Sequence[Candidate]:
        return FOUND if text == "found" else []

    def objection(self, item: Diagnosis, candidate: Candidate, given: Sequence[Diagnosis]) -> str:
        return "the numbers differ" if "/other" in candidate.path else ""

    def rest_of_series(
        self, confirmed: Diagnosis, others: Sequence[Diagnosis], given: Sequence[Diagnosis]
    ) -> list[Diagnosis]:
        assert all(self.series_of(other) == self.series_of(confirmed) for other in others)
        assert not {other.link.path for other in others} & {each.link.path for each in given}
        placed = []
        for other in others:
            name = other.link.path.rpartition("/")[2]
            if other.chosen is not None:
                placed.append(other)
            elif name not in self.without:
                placed.append(replace(other, chosen=Candidate(f"/s/{name}", 95.0, "beside"), reason=""))
        return placed

    def absence(self, item: Diagnosis) -> Absence:
        return Absence("missing since yesterday", True)


def doubtful(path: str, candidates: int = 2, state: str = BROKEN) -> Diagnosis:
    """Return a link in doubt; the last of its candidates has something against it."""
    name = path.replace("/", "_")
    found = [Candidate(f"/s/{name}{number}.mkv", 90.0 - number, "same title") for number in range(candidates - 1)]
    found += [Candidate(f"/s/other{name}.mkv", 60.0, "numbers differ")] if candidates else []
    return Diagnosis(
        BadLink(f"/v/{path}", "/s/gone", "/s/gone", state, "gone"), reason="in doubt", candidates=(*found,)
    )


def certain(path: str) -> Diagnosis:
    """Return a link whose file is certain: the second of its candidates."""
    item = doubtful(path, 3)
    return replace(item, chosen=item.candidates[1], reason="", rule="names agree")


def session(*items: Diagnosis, most: int = 100, without: Sequence[str] = ()) -> Session:
    return Session(items, FakeDesk(without), most_changes=most)


def given_files(of: Session) -> dict[str, str]:
    return {item.link.path: item.chosen.path for item in of.outcome().given if item.chosen}


FILM, OTHER_FILM = doubtful("films/a"), doubtful("films/b")
SERIES = [doubtful(f"series1/e{number}") for number in range(1, 5)]


def test_a_number_gives_the_file_and_goes_on() -> None:
    talk = session(FILM, OTHER_FILM)
    assert talk.current == FILM
    assert talk.default is None
    assert talk.choose(1) == []
    assert talk.current == OTHER_FILM
    assert given_files(talk) == {FILM.link.path: FILM.candidates[0].path}
    [item] = talk.outcome().by_hand
    assert item.chosen is not None
    assert (item.rule, item.chosen.score, item.chosen.evidence) == ("by hand", 100.0, "chosen by hand (same title)")


@pytest.mark.parametrize("number", [-1, 0, 3, 99])
def test_a_number_that_is_not_shown_gives_nothing(number: int) -> None:
    talk = session(FILM)
    with pytest.raises(NotPossible):
        talk.choose(number)
    assert talk.current == FILM
    assert talk.confirmed() == 0


def test_what_speaks_against_a_file_must_be_confirmed() -> None:
    talk = session(*SERIES)
    with pytest.raises(NeedsConfirmation, match="numbers differ"):
        talk.choose(2)
    assert talk.confirmed() == 0
    assert talk.choose(2, sure=True) == []  # a file of other numbers says nothing about the rest of the series
    assert given_files(talk) == {SERIES[0].link.path: SERIES[0].candidates[1].path}


def test_a_confirmed_series_does_its_other_episodes() -> None:
    elsewhere = doubtful("series2/e1")
    talk = session(*SERIES, elsewhere, without=["e3"])
    talk.skip()
    follow = talk.choose(1)
    assert [item.link.path for item in follow] == [SERIES[3].link.path]
    assert talk.current == SERIES[2]
    assert talk.counts() == {"rules": 0, "hand": 1, "series": 1, "removed": 0}
    assert {item.link.path for item in talk.outcome().by_hand} == {SERIES[1].link.path, SERIES[3].link.path}


def test_what_is_certain_comes_first_and_is_accepted_at_once_or_one_by_one() -> None:
    sure = [certain("films/c"), certain("films/d")]
    talk = session(sure[0], FILM, sure[1])
    assert talk.default == 1
    assert talk.shown[0] == sure[0].chosen
    assert len(talk.shown) == 3
    assert talk.choose(1) == []
    assert talk.accept_certain() == 1
    assert talk.current == FILM
    assert talk.counts()["rules"] == 2
    assert talk.outcome().by_hand == ()
    assert talk.outcome().given == tuple(sure)


def test_what_the_rules_gave_takes_only_what_is_certain_along() -> None:
    talk = session(certain("series1/e1"), certain("series1/e2"), doubtful("series1/e3"))
    assert [item.link.path for item in talk.choose(1)] == ["/v/series1/e2"]
    assert talk.counts() == {"rules": 2, "hand": 0, "series": 0, "removed": 0}


def test_another_file_than_the_certain_one_is_by_hand() -> None:
    talk = session(certain("films/c"))
    talk.choose(2)
    assert talk.counts()["hand"] == 1


def test_a_search_replaces_the_candidates_and_takes_the_default_away() -> None:
    talk = session(certain("films/c"))
    before = talk.shown
    assert talk.search("nothing") == 0
    assert (talk.shown, talk.default) == (before, 1)
    assert talk.search(" found ") == 7
    assert talk.shown == tuple(FOUND[:PAGE])
    assert talk.default is None
    assert talk.show_more() == tuple(FOUND[PAGE:])
    with pytest.raises(NotPossible):
        talk.show_more()
    with pytest.raises(NotPossible):
        talk.search(" ")
    talk.choose(7)
    assert given_files(talk) == {"/v/films/c": FOUND[6].path}


def test_more_candidates_keep_their_numbers() -> None:
    item = doubtful("films/a", 12)
    talk = session(item)
    with pytest.raises(NotPossible):
        talk.choose(6)
    assert talk.show_more() == item.candidates[5:10]
    assert talk.show_more() == item.candidates[10:]
    talk.choose(6)
    assert given_files(talk) == {"/v/films/a": item.candidates[5].path}


def test_skipping() -> None:
    talk = session(FILM, *SERIES, OTHER_FILM)
    with pytest.raises(NotPossible, match="no episode"):
        talk.skip_series()
    talk.skip()
    talk.skip()
    assert talk.skip_series() == 3
    assert talk.current == OTHER_FILM
    assert [item.reason for item in talk.outcome().left] == [*["skipped: in doubt"] * 5, "left for later: in doubt"]


def test_deleting_asks_and_needs_a_broken_link() -> None:
    talk = session(doubtful("films/off", state=OFFLINE), FILM)
    with pytest.raises(NotPossible, match="gone"):
        talk.delete(sure=True)
    talk.skip()
    with pytest.raises(NeedsConfirmation, match="missing since yesterday"):
        talk.delete()
    assert talk.outcome().removed == ()
    talk.delete(sure=True)
    assert talk.outcome().removed == (FILM,)


def test_taking_back() -> None:
    talk = session(FILM, *SERIES)
    with pytest.raises(NotPossible):
        talk.take_back()
    talk.skip()
    assert len(talk.choose(1)) == 3
    assert talk.current is None
    assert talk.take_back() == 4
    assert talk.current == SERIES[0]
    assert talk.take_back() == 1
    assert talk.current == FILM
    assert talk.remaining == 5


def test_quitting_keeps_what_was_confirmed() -> None:
    talk = session(FILM, OTHER_FILM)
    talk.choose(1)
    talk.quit()
    assert talk.current is None
    for answer in (talk.skip, talk.delete, talk.skip_series, talk.show_more):
        with pytest.raises(NotPossible):
            answer()
    assert list(given_files(talk)) == [FILM.link.path]
    assert [item.path for item in talk.outcome().left] == [OTHER_FILM.link.path]


def test_no_more_than_may_be_changed_at_once() -> None:
    talk = session(certain("films/c"), certain("films/d"), FILM, most=1)
    with pytest.raises(NotPossible, match="more than the 1"):
        talk.accept_certain()
    talk.choose(1)
    assert talk.current is None
    series = session(*SERIES, most=2)
    assert len(series.choose(1)) == 1
    assert series.current is None
    assert series.confirmed() == 2


def test_an_outcome_without_what_has_changed_meanwhile() -> None:
    talk = session(FILM, OTHER_FILM, *SERIES[:1])
    talk.choose(1)
    talk.delete(sure=True)
    talk.skip()
    outcome = talk.outcome().without({FILM.link.path: "is back", OTHER_FILM.link.path: "is back, too"})
    assert (outcome.given, outcome.by_hand, outcome.removed) == ((), (), ())
    assert [item.reason for item in outcome.left] == ["is back", "is back, too", "skipped: in doubt"]


class AnyAnswers(RuleBasedStateMachine):
    """Any answers in any order: the promises that hold all the same."""

    @initialize(
        kinds=st.lists(
            st.tuples(st.sampled_from(["films", "series1", "series2"]), st.booleans(), st.integers(0, 8)), max_size=8
        ),
        most=st.integers(0, 9),
    )
    def begin(self, kinds: list[tuple[str, bool, int]], most: int) -> None:
        self.items = [
            certain(f"{folder}/e{place}") if is_certain else doubtful(f"{folder}/e{place}", candidates)
            for place, (folder, is_certain, candidates) in enumerate(kinds)
        ]
        self.most = most
        self.talk = session(*self.items, most=most, without=["e1", "e4"])
        self.sure: set[str] = set()
        self.picked: set[str] = set()

    @rule(number=st.integers(-1, 12), sure=st.booleans())
    def choose(self, number: int, sure: bool) -> None:
        item = self.talk.current
        try:
            self.talk.choose(number, sure=sure)
        except (NotPossible, NeedsConfirmation):
            assert self.talk.current is item
        else:
            assert item is not None
            self.picked.add(item.link.path)
            self.sure |= {item.link.path} if sure else set()

    @rule(sure=st.booleans())
    def delete(self, sure: bool) -> None:
        item, before = self.talk.current, self.talk.outcome()
        try:
            self.talk.delete(sure=sure)
        except (NotPossible, NeedsConfirmation):
            assert self.talk.outcome() == before
        else:
            assert sure
            assert item in self.talk.outcome().removed

    @rule(what=st.sampled_from(["skip", "skip_series", "show_more", "accept_certain", "take_back"]))
    def answer(self, what: str) -> None:
        before = self.talk.outcome()
        try:
            getattr(self.talk, what)()
        except NotPossible:
            assert self.talk.outcome() == before

    @rule(text=st.sampled_from(["found", "nothing", ""]))
    def search(self, text: str) -> None:
        before = self.talk.outcome()
        with suppress(NotPossible):
            self.talk.search(text)
        assert self.talk.outcome() == before

    @rule()
    def taking_back_is_the_inverse(self) -> None:
        item, before = self.talk.current, self.talk.outcome()
        if item is not None:
            self.talk.skip()
            self.talk.take_back()
            assert (self.talk.current, self.talk.outcome()) == (item, before)

    @invariant()
    def every_link_has_one_fate(self) -> None:
        if not hasattr(self, "talk"):
            return
        outcome = self.talk.outcome()
        paths = [item.link.path for item in (*outcome.given, *outcome.removed)] + [item.path for item in outcome.left]
        assert sorted(paths) == sorted(item.link.path for item in self.items)
        assert len(outcome.given) + len(outcome.removed) == self.talk.confirmed() <= self.most
        assert all(item in outcome.given for item in outcome.by_hand)

    @invariant()
    def nothing_in_doubt_is_given_without_an_answer(self) -> None:
        if not hasattr(self, "talk"):
            return
        for item in self.talk.outcome().given:
            assert item.chosen is not None
            original = next(each for each in self.items if each.link == item.link)
            follows = item.chosen.evidence == "beside" and item.link.path.split("/")[2].startswith("series")
            assert item.chosen == original.chosen or item.link.path in self.picked or follows
            assert "/other" not in item.chosen.path or item.link.path in self.sure


TestAnyAnswers = AnyAnswers.TestCase


@given(st.integers(0, 30))
def test_every_candidate_can_be_reached(count: int) -> None:
    item = doubtful("films/a", count)
    talk = session(item)
    while talk.has_more:
        talk.show_more()
    assert talk.shown == item.candidates
