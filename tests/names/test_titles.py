"""Keys that compare and sort titles, and the numbers in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.names.titles import fold, fold_without_article, numerals, sort_key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Amélie", "amelie"),
        ("Cœur de pirate", "coeur de pirate"),
        ("Æon Flux", "aeon flux"),
        ("Straße", "strasse"),
        ("Łódź Ørsted", "lodz orsted"),
        ("WALL·E", "wall e"),
        ("Spider-Man: No Way Home", "spider man no way home"),
        ("Ocean’s Eleven", "oceans eleven"),
        ("Ocean.s.Eleven", "oceans eleven"),
        ("L'Odyssée de Pi", "lodyssee de pi"),
        ("L.Odyssee.de.Pi", "lodyssee de pi"),
        ("Don't Breathe", "dont breathe"),
        ("Don.t.Breathe", "dont breathe"),
        ("Fast & Furious", "fast and furious"),
        ("Astérix et Obélix", "asterix and obelix"),
        ("E.T. l'extra-terrestre", "e t lextra terrestre"),
        ("S.H.I.E.L.D", "s h i e l d"),
        ("\ufeffAlien\u200e\u00ad", "alien"),
        ("Alien³", "alien 3"),
        ("8½", "8 1 2"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("Ёлки", "елки"),
        ("[REC]", "rec"),
        ("$", "$"),
        ("", ""),
    ],
)
def test_fold(title: str, key: str) -> None:
    assert fold(title) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cafe\u0301", "Café"),
        ("Fast and Furious", "Fast & Furious"),
        ("SE7EN", "se7en"),
        ("Mr. & Mrs. Smith", "Mr and Mrs Smith"),
    ],
)
def test_same_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Rocky II", "Rocky III"), ("1917", "2012"), ("E.T.", "Et"), ("X", "XX")])
def test_other_key(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(title: str) -> None:
    assert fold(fold(title)) == fold(title)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_a_title_of_letters_and_digits_keeps_a_key(title: str) -> None:
    assert fold(title) and sort_key(title) and fold_without_article(title)


@given(st.text())
def test_nothing_raises(title: str) -> None:
    fold_without_article(title)
    sort_key(title)
    numerals(title)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Matrix", "matrix"),
        ("Matrix, The", "matrix"),
        ("L'Odyssée", "odyssee"),
        ("L’Odyssée", "odyssee"),
        ("L.Odyssee", "odyssee"),
        ("Odyssée, L'", "odyssee"),
        ("Les Bronzés", "bronzes"),
        ("Die Welle", "welle"),
        ("El Laberinto", "laberinto"),
        ("A", "a"),
        ("Les", "les"),
        ("The The", "the"),
        ("A.I. Artificial Intelligence", "a i artificial intelligence"),
        ("L.A. Confidential", "l a confidential"),
        ("Theatre", "theatre"),
    ],
)
def test_fold_without_article(title: str, key: str) -> None:
    assert fold_without_article(title) == key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Terminator", "terminator"),
        ("L'Été meurtrier", "etemeurtrier"),
        ("(500) Days of Summer", "500daysofsummer"),
        ("2 Fast 2 Furious", "2fast2furious"),
        ("Œdipe roi", "oediperoi"),
        ("Les", "les"),
        ("Fast & Furious", "fastfurious"),
        ("\ufeffSaw", "saw"),
    ],
)
def test_sort_key(title: str, key: str) -> None:
    assert sort_key(title) == key


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Rocky II", (2,)),
        ("Rocky 2", (2,)),
        ("rocky.iii", (3,)),
        ("Rocky", ()),
        ("Rocky I", (1,)),
        ("1917", (1917,)),
        ("Blade Runner 2049", (2049,)),
        ("2 Fast 2 Furious", (2, 2)),
        ("Part Two", (2,)),
        ("Dune: Partie Deux", (2,)),
        ("Dune Deuxième partie", (2,)),
        ("Kill Bill Vol. 2", (2,)),
        ("Kill Bill Volume II", (2,)),
        ("Star Wars: Episode IV - A New Hope", (4,)),
        ("Star Wars Episode V", (5,)),
        ("Part I: The Beginning", (1,)),
        ("Saw V", (5,)),
        ("Malcolm X", (10,)),
        ("Rocky V: Home", (5,)),
        ("V for Vendetta", ()),
        ("X-Men", ()),
        ("I, Robot", ()),
        ("The King and I", ()),
        ("Withnail & I", ()),
        ("C", ()),
        ("M", ()),
        ("Vi är bäst!", ()),
        ("Saw VI", (6,)),
        ("Se7en", ()),
        ("Alien³", (3,)),
        ("Terminator2", (2,)),
        ("20 000 lieues sous les mers", (20000,)),
        ("20,000 Leagues", (20000,)),
        ("Le 5ème Élément", (5,)),
        ("007 Spectre", (7,)),
        ("Two Brothers", ()),
        ("9" * 6000, (int("9" * 18),)),
    ],
)
def test_numerals(title: str, numbers: tuple[int, ...]) -> None:
    assert numerals(title) == numbers
