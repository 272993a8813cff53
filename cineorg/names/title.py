"""Titles as values: when two of them are one, when nearly, and when they are those of sequels.

A title is compared in forms: letters without blanks, so that "Spider-Man" is "Spiderman", once as it is written and
once with all its numbers in digits, so that "Saw VI" is "Saw 6" while "One Piece" stays "OnePiece".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .number_words import PART_WORDS, with_digits
from .titles import ARTICLES, fold, fold_without_article

__all__ = [
    "CLOSE",
    "LOOSE",
    "OTHER_NUMBERS",
    "SAME_TITLE",
    "UNLIKE",
    "Title",
    "closest",
    "likeness",
    "loose_key",
    "relation",
    "title_of",
]

SAME_TITLE, LOOSE, CLOSE, OTHER_NUMBERS, UNLIKE = "same", "loose", "close", "other numbers", "unlike"
_ORDER = (SAME_TITLE, LOOSE, OTHER_NUMBERS, CLOSE, UNLIKE)
# Between two longer words these are the English "and"; fold() has seen to the French one.
_ANDS = frozenset(("und", "y", "e"))
# Digits between two letters are letters in disguise ("Se7en").
_NUMBER = re.compile(r"(?<![^\W\d_])[0-9]{1,18}|[0-9]{1,18}(?![^\W\d_])")
_ENDINGS = frozenset(("s", "x", "e", "es", "n", "en"))  # of plurals and feminine forms


@dataclass(frozen=True, slots=True)
class Title:
    """One title with all that comparing needs; made by `title_of`, which keeps them.

    `key`: folded, numbers in digits. `forms`: equal titles have one of them in common. `loose_forms`: the same without
    article, "and" and words for part. `article`: the one that it begins with, "" if none. `numbers` are in their order.
    """

    text: str
    key: str
    forms: frozenset[str]
    loose_forms: frozenset[str]
    article: str
    numbers: tuple[int, ...]

    @property
    def stem(self) -> str:
        """The key without its numbers: what the titles of sequels have in common."""
        return " ".join(word for word in self.bare.split() if not _NUMBER.search(word))

    @property
    def bare(self) -> str:
        """The key without its article."""
        return self.key.removeprefix(self.article).lstrip() or self.key


@lru_cache(maxsize=32768)
def title_of(text: str) -> Title:
    """Return the value of a title as a person or a release wrote it; of an empty one, a title like no other."""
    whole, bare = fold(text), fold_without_article(text)
    article = _article(whole, bare)
    words, bare_words = with_digits(_with_and(whole.split())), with_digits(_with_and(bare.split()))
    # "Matrix, The" is "The Matrix": both are the article and what is left without it.
    ordered = [article, *bare_words] if article and not whole.startswith(article) else words
    key = " ".join(ordered)
    return Title(
        text,
        key,
        _forms(ordered, whole.split() if ordered is words else ordered),
        _forms(_loose(bare_words), _loose(bare.split())),
        article,
        tuple(int(digits) for digits in _NUMBER.findall(key)),
    )


def _forms(words: Sequence[str], as_written: Sequence[str]) -> frozenset[str]:
    return frozenset(form for form in ("".join(words), "".join(as_written)) if form)


def _article(whole: str, bare: str) -> str:
    """Return the article by which a folded title is longer than its bare key, wherever it stands."""
    if whole == bare or not bare:
        return ""
    left = whole.replace(bare, "", 1).strip()
    return left if left in ARTICLES or left == "l" else ""


def _with_and(words: list[str]) -> list[str]:
    """Return the words with every "and" in English."""
    for position in range(1, len(words) - 1):
        if words[position] in _ANDS and len(words[position - 1]) > 1 and len(words[position + 1]) > 1:
            words[position] = "and"
    return words


def _loose(words: Sequence[str]) -> list[str]:
    """Return the words without what a release may leave out."""
    kept = []
    for position, word in enumerate(words):
        is_part = word in PART_WORDS and any(after.isdecimal() for after in words[position + 1 : position + 2])
        if word != "and" and not is_part:
            kept.append(word)
    return kept or list(words)


@lru_cache(maxsize=32768)
def relation(one: str, other: str) -> str:
    """Return how two titles stand to one another.

    SAME_TITLE; LOOSE, one but for an article, an "and" or a word for part; CLOSE, but for a slip of the pen, a plural
    or the number 1; OTHER_NUMBERS, those of sequels ("Rocky", "Rocky II"); UNLIKE, which may still be a translation.
    """
    here, there = title_of(one), title_of(other)
    if here.forms & there.forms:
        return SAME_TITLE
    if here.loose_forms & there.loose_forms:
        # "The Cedar" and "Le Cedar" may be two.
        is_swapped = here.article and there.article and here.article != there.article
        return CLOSE if is_swapped else LOOSE
    if here.numbers != there.numbers:
        if not _is_one_but_for_numbers(here.stem, there.stem):
            return UNLIKE
        return CLOSE if {here.numbers, there.numbers} == {(), (1,)} else OTHER_NUMBERS
    return CLOSE if _is_close(here.bare, there.bare) else UNLIKE


@lru_cache(maxsize=32768)
def loose_key(text: str) -> str:
    """Return one key for all spellings of a title, an article more or less; "" of no title."""
    return "".join(_loose(with_digits(_with_and(fold_without_article(text).split())))) if text else ""


def closest(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, str, str]:
    """Return the relation of the two titles that stand closest, and these two; UNLIKE and "" without any."""
    pairs = [(one, other) for one in ours if one for other in theirs if other]
    if not pairs:
        return UNLIKE, "", ""
    return min(((relation(*pair), *pair) for pair in pairs), key=lambda found: _ORDER.index(found[0]))


def _is_one_but_for_numbers(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return bool(short) and (long.startswith(short + " ") or _is_close(one, other))


def _is_close(one: str, other: str) -> bool:
    """Return whether two keys differ by a slip or two, or each differing word by its ending."""
    if not one or not other:
        return False
    here, there = one.split(), other.split()
    if len(here) == len(there):
        pairs = [sorted(pair, key=len) for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
        if all(long.startswith(short) and long[len(short) :] in _ENDINGS for short, long in pairs):
            return True
    from rapidfuzz.distance import OSA

    length = min(len(one), len(other))
    most = 2 if length >= 8 else 1 if length >= 4 else 0
    return bool(most) and OSA.distance(one, other, score_cutoff=most) <= most


def likeness(one: str, other: str) -> float:
    """Return how much two titles look alike, 0 to 100: it orders what is shown, and decides nothing."""
    from rapidfuzz import fuzz

    here, there = title_of(one).key, title_of(other).key
    return max(fuzz.ratio(here, there), fuzz.token_sort_ratio(here, there))
