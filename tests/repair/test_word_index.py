"""The index finds what holds all words, of its own name or its folders', and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.names.title_keys import tokens_of_text
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
        if set(words) <= {*tokens_of_text(folder), *tokens_of_text(name)}
    ]
    assert [index.path(file) for file in index.find(words)] == expected
