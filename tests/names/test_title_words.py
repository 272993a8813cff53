"""The words by which stored names are searched."""

from __future__ import annotations

import pytest

from cineorg.names.title_words import is_substantial, joints, telling_words


@pytest.mark.parametrize(
    ("title", "expected"), [("abc", False), ("got", False), ("Money Heist", True), ("Braquage", True)]
)
def test_substantial(title: str, expected: bool) -> None:
    assert is_substantial(title) == expected


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The Lord of the Rings II", ("lord", "rings")),
        ("Kill Bill - Volume 1", ("kill", "bill")),
        ("Ocean's Eleven", ("oceans",)),
        ("Tom und Jerry", ("tom", "jerry")),
        ("The 100", ("100",)),
        ("II", ("ii",)),
        ("Seven", ("seven",)),
        ("", ()),
    ],
)
def test_telling_words_stand_in_every_spelling(title: str, words: tuple[str, ...]) -> None:
    assert telling_words(title) == words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Spider-Man", ("spiderman",)),
        ("Spiderman", ("spider", "man")),
        ("The Amazing Spider-Man", ("spiderman", "amazing")),
        ("S.W.A.T.", ("swat",)),
        ("911", ("9", "1", "1")),
    ],
)
def test_words_that_are_joined_or_cut(title: str, words: tuple[str, ...]) -> None:
    assert set(words) in [set(found) for found in joints(title)]
