"""When two titles are one, when nearly, and when they are those of sequels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.names.number_words import with_digits
from cineorg.names.title import CLOSE, LOOSE, OTHER_NUMBERS, SAME_TITLE, UNLIKE, closest, likeness, relation, title_of

CASES = {
    SAME_TITLE: [
        ("Rocky II", "Rocky 2"),
        ("Rocky II", "Rocky Two"),
        ("Saw VI", "Saw 6"),
        ("Saw VI", "SAW vi"),
        ("Star Wars: Episode IV", "Star.Wars.Episode.4"),
        ("Henri IV", "Henri 4"),
        ("Dune: Part Two", "Dune - Part 2"),
        ("Dune Part II", "Dune: Deuxième partie"),
        ("Les Dents de la mer 2e partie", "Les dents de la mer, 2ème partie"),
        ("Part I", "Part One"),
        ("Partie un", "Part 1"),
        ("It: Chapter Two", "It Chapitre 2"),
        ("Kill Bill - Volume 1", "Kill.Bill.Vol.1"),
        ("Guardians of the Galaxy Vol. 2", "Guardians of the Galaxy Volume 2"),
        ("Spider-Man", "Spiderman"),
        ("Spider-Man", "Spider Man"),
        ("Face/Off", "FaceOff"),
        ("One Piece", "OnePiece"),
        ("WALL·E", "Wall-E"),
        ("M*A*S*H", "MASH"),
        ("E.T.", "ET"),
        ("Alien³", "Alien 3"),
        ("3:10 to Yuma", "310 to Yuma"),
        ("9-1-1", "911"),
        ("Ocean's Eleven", "Oceans 11"),
        ("Twelve Monkeys", "12 Monkeys"),
        ("The Hundred", "The 100"),
        ("Twenty-Four", "24"),
        ("One Hundred and One Dalmatians", "101 Dalmatians"),
        ("Les Quatre Cents Coups", "Les 400 coups"),
        ("20 000 lieues sous les mers", "Vingt mille lieues sous les mers"),
        ("20,000 Leagues", "20000 Leagues"),
        ("Vingt et un grammes", "21 grammes"),
        ("Quatre-vingt-dix-neuf francs", "99 francs"),
        ("Dix-sept ans", "17 ans"),
        ("Fifty Cent", "50 Cent"),
        ("Le Cinquième Élément", "Le 5ème Élément"),
        ("Fast & Furious", "Fast and Furious"),
        ("Fast & Furious", "Fast et Furious"),
        ("Tom & Jerry", "Tom und Jerry"),
        ("Romeo e Giulietta", "Romeo & Giulietta"),
        ("Don Quijote y Sancho", "Don Quijote & Sancho"),
        ("Cœur de pirate", "Coeur de pirate"),
        ("L'Été meurtrier", "L.Ete.meurtrier"),
        ("Matrix, The", "The Matrix"),
        ("\ufeffAlien\u200e", "Alien"),
        ("007 Spectre", "7 Spectre"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
    ],
    LOOSE: [
        ("The Good Doctor", "Good Doctor"),
        ("The Matrix", "Matrix"),
        ("Matrix, The", "Matrix"),
        ("L'Odyssée", "Odyssée"),
        ("Les Bronzés", "Bronzés"),
        ("Mr & Mrs Smith", "Mr Mrs Smith"),
        ("Romeo + Juliet", "Romeo & Juliet"),
        ("Kill Bill 1", "Kill Bill Vol. 1"),
        ("Dune Part Two", "Dune 2"),
        ("The Spider-Man", "Spiderman"),
    ],
    CLOSE: [
        ("The Cedar", "Le Cedar"),
        ("Alien", "Aliens"),
        ("Harry Poter", "Harry Potter"),
        ("The Mandalorien", "The Mandalorian"),
        ("Les Visiteurs", "Les Visiteuses"),
        ("Le Voisin", "La Voisine"),
        ("Rocky", "Rocky I"),
        ("The King and I", "The King and 1"),
    ],
    OTHER_NUMBERS: [
        ("Rocky", "Rocky II"),
        ("Rocky II", "Rocky III"),
        ("Saw VI", "Saw V"),
        ("Toy Story 2", "Toy Story"),
        ("Ocean's Eleven", "Ocean's Twelve"),
        ("Room 104", "Room 105"),
        ("1917", "2012"),
        ("Dune Part One", "Dune Part Two"),
        ("Volume 1", "Volume 2"),
        ("V for Vendetta", "5 for Vendetta"),
        ("Creed", "The Creed II"),
        ("Bubblegum Crisis", "Bubblegum Crisis: Tokyo 2040"),
        ("Star Wars", "Star Wars: Episode IV - A New Hope"),
    ],
    UNLIKE: [
        ("Heat", "Collateral"),
        ("Die Hard 2", "58 minutes pour vivre"),
        ("NCIS", "NCIS New Orleans"),
        ("The Office", "The Office US"),
        ("Up", "It"),
        ("", "Heat"),
        ("", ""),
    ],
}


@pytest.mark.parametrize(
    ("one", "other", "expected"), [(*pair, expected) for expected, pairs in CASES.items() for pair in pairs]
)
def test_relation(one: str, other: str, expected: str) -> None:
    assert relation(one, other) == relation(other, one) == expected


@given(st.text(), st.text())
def test_a_relation_has_no_direction_and_nothing_raises(one: str, other: str) -> None:
    assert relation(one, other) == relation(other, one)
    assert 0 <= likeness(one, other) <= 100


@given(st.text(min_size=1).filter(str.strip))
def test_a_title_is_itself_in_any_case_with_any_dots(title: str) -> None:
    assert relation(title, title) == SAME_TITLE
    assert relation(title, f" {title} ") == SAME_TITLE


@given(st.integers(1, 20), st.sampled_from(("Rocky", "Le Clan", "Room")))
def test_numbers_are_one_in_every_spelling(number: int, title: str) -> None:
    units = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    spelled = f"{units} eighteen nineteen twenty".split()[number - 1]
    assert relation(f"{title} {number}", f"{title}.{spelled}") == SAME_TITLE


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("two and a half men", "2 and a half men"),
        ("un prophete", "un prophete"),
        ("cent ans", "cent ans"),
        ("deux cent un", "200 un"),
        ("two hundred and one", "201"),
        ("one two three", "1 2 3"),
        ("district 9", "district 9"),
        ("2 0", "2 0"),
        ("1 000 000 dollars", "1000000 dollars"),
        ("ten thousand bc", "10000 bc"),
        ("second act", "act 2"),
        ("first blood", "1th blood"),
        ("le vol de nuit", "le vol de nuit"),
        ("malcolm x", "malcolm 10"),
        ("i robot", "i robot"),
        ("x men", "x men"),
    ],
)
def test_with_digits(words: str, expected: str) -> None:
    assert " ".join(with_digits(words.split())) == expected


def test_the_closest_of_several_titles_counts() -> None:
    assert closest(["Heat", "Chaleur"], ["Hitze", "La Chaleur"]) == (LOOSE, "Chaleur", "La Chaleur")
    assert closest(["Rocky II"], ["Rocky III", "Rocky 2"]) == (SAME_TITLE, "Rocky II", "Rocky 2")
    assert closest([""], ["Heat"]) == (UNLIKE, "", "")


def test_numbers_and_stem() -> None:
    assert title_of("The Rocky II").stem == title_of("Rocky").stem == "rocky"
    assert title_of("Se7en").numbers == ()
    assert title_of("2 Fast 2 Furious").numbers == (2, 2)
