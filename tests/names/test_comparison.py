"""Whether two works are one: every rule with its examples, and what holds of any two works."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.names.comparison import OPEN, OTHER, SAME, Difference, Witness, compare, other_ids, verdict
from cineorg.names.work import EPISODE, FILM, Work, numbers_text


def film(title: str, year: int | None = None, *ids: tuple[str, str], **more: object) -> Work:
    return replace(Work(FILM, (title,), year, ids=ids), **more)  # type: ignore[arg-type]


def episode(title: str, season: int | None, *numbers: int, year: int | None = None, **more: object) -> Work:
    return replace(Work(EPISODE, (title,), year, season=season, episodes=numbers), **more)  # type: ignore[arg-type]


def series(title: str, year: int | None = None, country: str = "") -> Work:
    return Work(EPISODE, (title,), year, country)


FILMS = [
    (film("Heat", 1995), film("heat", 1995), SAME, ""),
    (film("Rocky II", 1979), film("Rocky 2", 1979), SAME, ""),
    (film("Saw VI", 2009), film("Saw 6", 2009), SAME, ""),
    (film("Saw VI", 2009), film("Saw 5", 2009), OTHER, "title Saw VI / Saw 5"),
    (film("Kill Bill - Volume 1", 2003), film("Kill Bill Vol 1", 2003), SAME, ""),
    (film("Kill Bill Vol. 1", 2003), film("Kill Bill Vol. 2", 2004), OTHER, "title Kill Bill Vol. 1 / "),
    (film("Spider-Man", 2002), film("Spiderman", 2002), SAME, ""),
    (film("The Matrix", 1999), film("Matrix", 1999), SAME, ""),
    (film("The Matrix", 1999), film("Matrix"), OPEN, "title The Matrix / Matrix; year 1999 / not said"),
    (film("Alien", 1979), film("Aliens", 1979), OPEN, "title Alien / Aliens"),
    (film("Harry Potter", 2001), film("Harry Poter", 2001), OPEN, "title Harry Potter / Harry Poter"),
    (film("Heat", 1995), film("Heat", 1986), OTHER, "year 1995 / 1986"),
    (film("Heat", 1995), film("Heat", 1996), OPEN, "year 1995 / 1996"),
    (film("Heat", 1995), film("Heat"), OPEN, "year 1995 / not said"),
    (film("Heat"), film("Heat"), OPEN, "year not said / not said"),
    (film("Heat", 1995), film("Collateral", 2004), OTHER, "title Heat / Collateral; year 1995 / 2004"),
    (film("58 minutes pour vivre", 1990), film("Die Hard 2", 1990), OPEN, ""),
    (film("Star Wars", 1977), film("Star Wars: Episode IV", 1977), OTHER, ""),
    (film("Rocky", 1976), film("Rocky I", 1976), OPEN, ""),
    (film("Memento", 2000, ("tmdb", "77")), film("Souvenirs perdus", 2001, ("tmdb", "77")), SAME, ""),
    (film("Heat", 1995, ("tmdb", "949")), film("Heat", 1995, ("tmdb", "1")), OTHER, "id tmdb-949 / tmdb-1"),
    (film("Heat", 1995, ("tmdb", "949")), film("Heat", 1995, ("imdb", "tt1")), SAME, ""),
    (film("A", 1, ("tmdb", "1"), ("imdb", "tt1")), film("A", 1, ("tmdb", "1"), ("imdb", "tt2")), OPEN, "id"),
    (film("Heat", 1995), film("Heat", 1995, part=1), OPEN, "part not said / 1"),
    (film("Heat", 1995, part=2), film("Heat", 1995, part=1), OTHER, "part 2 / 1"),
    (film("Heat", 1995), film("Heat", 1995, is_strong=False), OPEN, "the name alone does not say so"),
    (film("Heat", 1995, is_strong=False), film("Heat", 1995), OPEN, "its own name says too little"),
    (film("Fargo", 1996), episode("Fargo", 1, 1), OTHER, "kind film / episode"),
    (film("Fargo", 1996), episode("Fargo", 1, 1, is_strong=False), OPEN, "kind film / episode"),
    (film("Fargo", 1996), Work("", ("Fargo",), is_strong=False), OPEN, "year 1996 / not said"),
]  # fmt: skip

EPISODES = [
    (episode("Show", 0, 3), episode("Show", 2, 0), OPEN, "season 0 / 2"),
    (episode("Show", 0, 3), episode("Show", 2, 1), OTHER, "season 0 / 2"),
    (episode("Lost", 1, 4), episode("Lost", 1, 4), SAME, ""),
    (episode("Lost", 1, 4, year=2004), episode("Lost", 1, 4), SAME, ""),
    (episode("Lost", 1, 4), episode("Lost", 2, 4), OTHER, "season 1 / 2"),
    (episode("Lost", 1, 4), episode("Lost", 1, 5), OTHER, "episode S01E04 / S01E05"),
    (episode("Lost", 1, 4), episode("Lost", 1, 3, 4, 5), SAME, ""),
    (episode("Lost", 1, 3, 4, 5), episode("Lost", 1, 4), OPEN, "episode S01E03-E05 / S01E04"),
    (episode("Lost", 1, 4, 5), episode("Lost", 1, 5, 6), OPEN, "episode S01E04E05 / S01E05E06"),
    (episode("Lost", 1, 4), episode("Lost", None, 4), OPEN, "season 1 / not said"),
    (episode("Lost", None, 4), episode("Lost", None, 5), OTHER, "episode E04 / E05"),
    (episode("Lost", 1, 4), series("Lost"), OPEN, "episode S01E04 / not said"),
    (episode("Top Gear", 2009, 5), episode("Top Gear", 13, 5), OPEN, "season 2009 / 13"),
    # S05E19E25: nobody can tell what lies between.
    (episode("Kaamelott", 5, 19), episode("Kaamelott", 5, 19, 25, possible=tuple(range(19, 26))), SAME, ""),
    (
        episode("Kaamelott", 5, 21),
        episode("Kaamelott", 5, 19, 25, possible=tuple(range(19, 26))),
        OPEN,
        "episode S05E21 / S05E19E25, perhaps E19-E25",
    ),
    (episode("Kaamelott", 5, 26), episode("Kaamelott", 5, 19, 25, possible=tuple(range(19, 26))), OTHER, ""),
    # S03E07-42: 42 is the title of episode 7.
    (episode("Doctor Who", 3, 7), episode("Doctor Who", 3, 7, possible=(7, 42)), SAME, ""),
    (episode("Doctor Who", 3, 42), episode("Doctor Who", 3, 7, possible=(7, 42)), OPEN, ""),
    (episode("Doctor Who", 3, 8), episode("Doctor Who", 3, 7, possible=(7, 42)), OTHER, ""),
    (episode("Doctor Who", 3, 7, possible=(7, 42)), episode("Doctor Who", 3, 7), OPEN, ""),
    (episode("The Soup", None, date="2014-10-08"), episode("The Soup", None, date="2014-10-08"), SAME, ""),
    (episode("The Soup", None, date="2014-10-08"), episode("The Soup", None, date="2014-10-09"), OTHER, ""),
    (episode("The Soup", 11, 41, date="2014-10-08"), episode("The Soup", 11, 41), SAME, ""),
    (episode("The Soup", 11, 41), episode("The Soup", None, date="2014-10-08"), OPEN, ""),
    (episode("The Good Doctor", 1, 2, year=2017), episode("Good Doctor", 1, 2), OPEN, "title"),
    (episode("The Good Doctor", 1, 2, year=2017), episode("Good Doctor", 1, 2, year=2017), SAME, ""),
    (episode("The Good Doctor", 1, 2, year=2017), episode("Good Doctor", 1, 2, year=2013), OTHER, "year 2017 / 2013"),
    (episode("The Office", 1, 2, country="US"), episode("Office", 1, 2, country="US"), SAME, ""),
    (episode("The Office", 1, 2, country="UK"), episode("The Office", 1, 2, country="US"), OTHER, "country UK / US"),
    (episode("Hunted", 1, 2, year=2015), episode("Hunted", 1, 2, country="AU"), OPEN, "country not said / AU"),
    (episode("Hunter x Hunter", 1, 4, year=1999), episode("Hunter X Hunter", 1, 4, year=2011), OTHER, "1999 / 2011"),
    # A year behind the numbers may be that in which the season was shown.
    (episode("Doctor Who", 3, 7, year=2005), episode("Doctor Who", 3, 7, year=2007), OPEN, "year 2005 / 2007"),
    (episode("Bubblegum Crisis", 1, 1), episode("Bubblegum Crisis Tokyo 2040", 1, 1), OTHER, "title"),
    (episode("Stargate SG-1", 1, 2), episode("Stargate Atlantis", 1, 2), OPEN, "title"),
    (episode("A", 1, 2, ids=(("tvdb", "7"),)), episode("B", 1, 2, ids=(("tvdb", "7"),)), SAME, ""),
    (episode("A", 1, 2, ids=(("tvdb", "7"),)), episode("B", 1, 3, ids=(("tvdb", "7"),)), OTHER, "S01E02 / S01E03"),
    (episode("Lost", 1, 4, conflict="may be two"), episode("Lost", 1, 4), OPEN, "may be two"),
    (series("Lost", 2004), series("Lost"), SAME, ""),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "answer", "words"), [*FILMS, *EPISODES])
def test_compare(one: Work, other: Work, answer: str, words: str) -> None:
    found = compare(one, other)
    said = "; ".join(difference.words for difference in found)
    assert (verdict(found), words in said) == (answer, True), said


FARGO = frozenset({(1996, ""), (2014, "")})
WITNESSED = [
    ("the old target said the file's year", film("Heat", 1995), film("Heat", 1996), Witness(frozenset({1996})), SAME),
    ("the row confirms only our own", film("Heat", 1995), film("Heat", 1996), Witness(frozenset({1995})), OPEN),
    ("no witness helps a remake", film("Heat", 1986), film("Heat", 1995), Witness(frozenset({1995})), OTHER),
    ("one of two known", episode("Fargo", 1, 1), episode("Fargo", 1, 1, year=2014), Witness(series=FARGO), OPEN),
    ("one of two known", episode("Fargo", 1, 1, year=2014), episode("Fargo", 1, 1), Witness(series=FARGO), OPEN),
    (
        "neither says which of those in storage",
        episode("Fargo", 1, 1),
        episode("Fargo", 1, 1),
        Witness(series=frozenset({(2014, "")})),
        SAME,
    ),
    (
        "another one has a folder of links",
        episode("Fargo", 1, 1),
        episode("Fargo", 1, 1),
        Witness(shown=frozenset({(2014, "")})),
        OPEN,
    ),
    ("neither says which", episode("Fargo", 1, 1), episode("Fargo", 1, 1), Witness(series=FARGO), OPEN),
    (
        "its own alone",
        episode("Fargo", 1, 1, year=2014),
        episode("Fargo", 1, 1),
        Witness(series=frozenset({(2014, "")})),
        SAME,
    ),
    (
        "shown in its own folder only",
        episode("Fargo", 1, 1),
        episode("Fargo", 1, 1, year=2014),
        Witness(shown=frozenset()),
        SAME,
    ),
    (
        "the file's year has a folder of its own",
        episode("Fargo", 1, 1),
        episode("Fargo", 1, 1, year=2014),
        Witness(shown=frozenset({(2014, "")})),
        OPEN,
    ),
    (
        "another one without a year",
        episode("Fargo", 1, 1, year=2014),
        episode("Fargo", 1, 1),
        Witness(shown=frozenset({(None, "")})),
        OPEN,
    ),
    (
        "its own year in another folder",
        episode("Fargo", 1, 1, year=2014),
        episode("Fargo", 1, 1),
        Witness(shown=frozenset({(2014, "")})),
        SAME,
    ),
    (
        "in the series' folder",
        episode("Fargo", 1, 1, year=2014),
        episode("Fargo", 1, 1),
        Witness(series=FARGO, is_home=True),
        SAME,
    ),
    (
        "in the series' folder",
        episode("The Good Doctor", 1, 1),
        episode("Good Doctor", 1, 1),
        Witness(is_home=True),
        SAME,
    ),
    ("a folder settles no slip", episode("Fargo", 1, 1), episode("Fargot", 1, 1), Witness(is_home=True), OPEN),
    (
        "a folder settles no other year",
        episode("Fargo", 1, 1, year=1980),
        episode("Fargo", 1, 1, year=2014),
        Witness(is_home=True),
        OTHER,
    ),
    ("a country's twin", episode("Hunted", 1, 1), episode("Hunted", 1, 1, country="AU"), Witness(is_home=True), SAME),
]


@pytest.mark.parametrize(("what", "one", "other", "witness", "answer"), WITNESSED)
def test_a_second_witness(what: str, one: Work, other: Work, witness: Witness, answer: str) -> None:
    assert verdict(compare(one, other, witness)) == answer, what


def test_an_alias_is_as_good_as_the_title() -> None:
    known = Work(FILM, ("Le Fabuleux Destin d'Amélie Poulain", "Amélie"), 2001)
    assert compare(known, film("Amelie", 2001)) == []
    # Its own titles are those of sequels, an alias agrees all the same: one of them says it.
    assert compare(Work(FILM, ("Die Hard 2", "58 minutes pour vivre"), 1990), film("58 Minutes pour vivre", 1990)) == []


_titles = st.sampled_from(("Rocky", "Rocky II", "The Rocky", "Rocki", "Heat", "", "Ж", "24"))
_numbers = st.lists(st.integers(0, 4), max_size=3).map(lambda values: tuple(sorted(set(values))))
_works = st.builds(
    Work,
    kind=st.sampled_from((FILM, EPISODE, "")),
    titles=st.lists(_titles, max_size=2).map(tuple),
    year=st.sampled_from((None, 1999, 2000, 2005)),
    country=st.sampled_from(("", "US", "AU")),
    season=st.sampled_from((None, 0, 1, 2, 2005)),
    episodes=_numbers,
    possible=_numbers,
    date=st.sampled_from(("", "2014-10-08", "2014-10-09")),
    part=st.sampled_from((None, 1, 2)),
    ids=st.lists(st.sampled_from((("tmdb", "1"), ("tmdb", "2"), ("imdb", "tt1"))), max_size=2).map(tuple),
    is_strong=st.booleans(),
    conflict=st.sampled_from(("", "doubtful")),
)
_places = st.tuples(st.sampled_from((None, 1999, 2005)), st.sampled_from(("", "US")))
_witnesses = st.builds(
    Witness,
    st.frozensets(st.sampled_from((1999, 2000))),
    st.frozensets(_places),
    st.frozensets(_places),
    st.booleans(),
)


@given(_works, _works, _witnesses)
def test_what_contradicts_contradicts_both_ways(one: Work, other: Work, witness: Witness) -> None:
    here, there = compare(one, other, witness), compare(other, one, witness)
    assert (verdict(here) == OTHER) == (verdict(there) == OTHER)
    assert all(difference.words for difference in here)


@given(_works, _works)
def test_what_is_one_is_one_both_ways_but_for_a_file_that_holds_more(one: Work, other: Work) -> None:
    here, there = compare(one, other), compare(other, one)
    if {*one.episodes, *one.possible} == {*other.episodes, *other.possible} and one.episodes == other.episodes:
        assert verdict(here) == verdict(there)
        assert {(d.field, d.is_other) for d in here} == {(d.field, d.is_other) for d in there}


@given(_works)
def test_a_work_that_says_enough_is_itself(work: Work) -> None:
    found = compare(work, work)
    assert verdict(found) != OTHER
    is_said = work.is_strong and not work.conflict and work.title
    is_said = is_said and (work.kind == EPISODE or work.year is not None or work.ids)
    if is_said and (work.episodes or not work.possible or work.kind == FILM):
        assert found == []


@given(_works, _works, _witnesses)
def test_a_witness_never_contradicts(one: Work, other: Work, witness: Witness) -> None:
    if verdict(compare(one, other)) == OTHER:
        assert verdict(compare(one, other, witness)) == OTHER
    else:
        assert verdict(compare(one, other, witness)) != OTHER


def test_ids_and_words() -> None:
    assert other_ids((("tmdb", "1"),), (("tmdb", "2"),))
    assert not other_ids((("tmdb", "1"),), (("imdb", "tt1"),))
    assert not other_ids((("tmdb", "1"), ("imdb", "tt1")), (("tmdb", "1"), ("imdb", "tt2")))
    assert Difference("season", "2", "3", True).words == "season 2 / 3"
    assert numbers_text(4, (3, 1, 2)) == "S04E01-E03"
    assert numbers_text(None, (12,)) == "E12"
    assert numbers_text(1, (2,), "2014-10-08") == "2014-10-08"
    assert numbers_text(None, ()) == ""
