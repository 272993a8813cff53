"""When two titles are one, and when they are sequels of one another."""

from __future__ import annotations

import pytest

from cineorg.names.title_keys import different_words, is_same_title, is_sequel, is_substantial, telling_tokens


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Rocky II", "Rocky 2", True),
        ("Rocky II", "Rocky III", False),
        ("The Matrix", "Matrix", True),
        ("The Cedar", "Le Cedar", False),
        ("L'Odyssée", "L.Odyssee", True),
        ("Le Fabuleux Destin d'Amélie", "le fabuleux destin d'amelie", True),
        ("Dune Part Two", "Dune: Part 2", True),
        ("Dune Part Two", "Dune: Part One", False),
        ("V for Vendetta", "5 for Vendetta", False),
        ("2012", "1917", False),
        ("Alien", "Aliens", False),
        ("The Office", "The Office US", False),
        ("Spider-Man", "Spider Man", True),
    ],
)
def test_same_title(one: str, other: str, is_same: bool) -> None:
    assert is_same_title(one, other) == is_same_title(other, one) == is_same


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Rocky II", "Rocky III", True),
        ("Rocky", "Rocky II", True),
        ("Toy Story 2", "Toy Story", True),
        ("Alien 3", "Alien 3: Special", False),
        ("2012", "1917", False),
        ("Rocky", "Rocky", False),
        ("Rocky", "Creed II", False),
    ],
)
def test_sequel(one: str, other: str, expected: bool) -> None:
    assert is_sequel(one, other) == is_sequel(other, one) == expected


@pytest.mark.parametrize(
    ("title", "expected"), [("abc", False), ("got", False), ("Money Heist", True), ("Braquage", True)]
)
def test_substantial(title: str, expected: bool) -> None:
    assert is_substantial(title) == expected


def test_words() -> None:
    assert different_words("Rocky II", "Rocky III") == ("II", "III")
    assert different_words("Rocky", "Rocky II") == ("none", "II")
    assert telling_tokens("The Lord of the Rings II") == ["lord", "rings"]
    assert telling_tokens("The 100") == ["100"]
    assert telling_tokens("II") == ["ii"]
