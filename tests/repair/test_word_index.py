"""The index finds what holds all words, of its own name or its folders', and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.names.title_words import words_of
from cineorg.repair.word_index import FileIndex

INDEX = FileIndex(
    [
        ("/s/Films", ("Films",), ["Heat.1995.mkv", "L'Odyssée (2016).mkv", "Alien.1979.mkv"]),
        ("/s/Séries/Kaamelott/Saison 1", ("Séries", "Kaamelott", "Saison 1"), ["01.mkv", "02.mkv"]),
        ("/s/Empty", ("Empty",), []),
    ]
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["heat"], ["/s/Films/Heat.1995.mkv"]),
        (["heat", "1995"], ["/s/Films/Heat.1995.mkv"]),
        (["heat", "1979"], []),
        (["lodyssee"], ["/s/Films/L'Odyssée (2016).mkv"]),
        (["kaamelott", "02"], ["/s/Séries/Kaamelott/Saison 1/02.mkv"]),
        (["films"], ["/s/Films/Alien.1979.mkv", "/s/Films/Heat.1995.mkv", "/s/Films/L'Odyssée (2016).mkv"]),
        (["empty"], []),
        ([], []),
    ],
)
def test_find(words: list[str], found: list[str]) -> None:
    assert [INDEX.path(file) for file in INDEX.find(words)] == found


def test_near() -> None:
    assert [INDEX.path(file) for file in INDEX.near(["heat", "zzz"], 5)] == ["/s/Films/Heat.1995.mkv"]
    assert INDEX.near(["zzz"], 5) == []
    assert len(INDEX) == 5
    assert INDEX.folders(INDEX.find(["01"])[0]) == ("Séries", "Kaamelott", "Saison 1")


WORDS = st.sampled_from(["alpha", "beta", "gamma", "1954", "delta"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(".".join)


@given(st.dictionaries(NAMES, st.sets(NAMES, max_size=4), max_size=5), st.lists(WORDS, min_size=1, max_size=3))
def test_finds_what_a_search_of_everything_finds(tree: dict[str, set[str]], words: list[str]) -> None:
    index = FileIndex([(f"/{folder}", (folder,), names) for folder, names in sorted(tree.items())])
    expected = [
        f"/{folder}/{name}"
        for folder in sorted(tree)
        for name in sorted(tree[folder])
        if set(words) <= {*words_of(folder), *words_of(name)}
    ]
    assert [index.path(file) for file in index.find(words)] == expected


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Spider-Man", "Spiderman.2002.mkv"),
        ("Spiderman", "Spider-Man (2002).mkv"),
        ("Saw VI", "Saw.6.2009.mkv"),
        ("Ocean's Eleven", "Oceans.11.2001.mkv"),
        ("Kill Bill - Volume 1", "Kill.Bill.Vol.1.2003.mkv"),
        ("9-1-1", "911.S01E01.mkv"),
        ("911", "9-1-1 S01E01.mkv"),
        ("S.W.A.T.", "SWAT.2003.mkv"),
    ],
)
def test_a_title_is_found_in_every_spelling(title: str, name: str) -> None:
    index = FileIndex([("/s/Films", ("Films",), ["Another.Film.1999.mkv", name])])
    assert [index.name(file) for file in index.titled(title)] == [name]
    assert index.titled("Heat") == []
