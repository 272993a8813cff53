"""The words of a title by which stored names are searched: those that every spelling of it holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from .number_words import NUMBER_WORDS
from .titles import ARTICLES, fold

__all__ = ["core", "first_word", "is_substantial", "joints", "telling_words", "words_of"]

# These say little about a title, and a release may leave them out or spell them differently.
_WEAK = ARTICLES | frozenset("and et und of in a i o y e l d s t".split())


def words_of(text: str) -> list[str]:
    """Return the words by which a name is found in the index, in order."""
    return fold(text).split()


def first_word(text: str) -> str:
    """Return the first word of a title or a name that begins with one, articles aside; "" of no words."""
    words = words_of(text)
    return next((word for word in words if word not in _WEAK), "".join(words[:1]))


@lru_cache(maxsize=16384)
def telling_words(title: str) -> tuple[str, ...]:
    """Return the words of a title that every spelling of it holds: no articles and numbers, unless nothing is left."""
    words = words_of(title)
    telling = [word for word in words if word not in _WEAK]
    certain = [word for word in telling if word not in NUMBER_WORDS and not word[0].isdecimal()]
    return tuple(dict.fromkeys(certain or telling or words))


def is_substantial(title: str) -> bool:
    """Return whether a title is more than a code: "abc" or "got" may stand for several series."""
    words = telling_words(title)
    return len(words) > 1 or any(len(word) > 6 for word in words)


def joints(title: str) -> Iterator[tuple[str, ...]]:
    """Yield the telling words of a title as they are when two of them are written in one, or one as two.

    "Spider-Man" is found as "Spiderman", and the other way round.
    """
    words, telling = words_of(title), telling_words(title)
    for first, second in pairwise(words):
        yield (first + second, *(word for word in telling if word not in (first, second)))
    if len(words) > 2:
        yield ("".join(words),)
    for word in telling:
        others = tuple(other for other in telling if other != word)
        for cut in range(1, len(word)):
            yield (word[:cut], word[cut:], *others)
        if word.isdecimal() and len(word) > 2:
            yield (*word, *others)


def core(text: str) -> str:
    """Return the telling words of a text in one, without numbers: a name that bears a title holds the title's core."""
    return "".join(
        word for word in words_of(text) if not (word in _WEAK or word in NUMBER_WORDS or word[0].isdecimal())
    )
