"""Keys by which titles are one: folding, with numbers spelled one way, so that "Rocky II" is "Rocky 2". Pure."""

from __future__ import annotations

from functools import lru_cache

from .titles import ARTICLES, fold, fold_without_article, numerals

_ROMAN = {
    word: str(number)
    for number, word in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), start=1
    )
}
_SPELLED = {
    word: str(number)
    for number, words in enumerate(
        ("one un une", "two deux", "three trois", "four quatre", "five cinq", "six", "seven sept", "eight huit",
         "nine neuf", "ten dix"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_PART_WORDS = frozenset("part partie chapter chapitre volume vol episode".split())
# These say little about a title, and a release may leave them out or spell them differently.
_WEAK = ARTICLES | frozenset("and et of in a i o y l d s t".split())


@lru_cache(maxsize=65536)
def title_key(title: str) -> str:
    """Return the key of a title, its numbers arabic: equal keys are one title."""
    return _with_arabic(fold(title))


@lru_cache(maxsize=65536)
def bare_key(title: str) -> str:
    """Return the key of a title without its article, if it has one."""
    return _with_arabic(fold_without_article(title))


def is_same_title(one: str, other: str) -> bool:
    """Return whether two titles are one; the article may be missing, but "The Cedar" is not "Le Cedar"."""
    if title_key(one) == title_key(other):
        return True
    bare = bare_key(one)
    return bare == bare_key(other) and bare in (title_key(one), title_key(other))


def is_substantial(title: str) -> bool:
    """Return whether a title is more than a code: "abc" or "got" may stand for several series."""
    words = telling_tokens(title)
    return len(words) > 1 or any(len(word) > 6 for word in words)


def _with_arabic(key: str) -> str:
    words = key.split()
    for index in range(1, len(words)):
        word = words[index]
        if word in _ROMAN and (len(word) > 1 or index == len(words) - 1):
            words[index] = _ROMAN[word]
        elif word in _SPELLED and words[index - 1] in _PART_WORDS:
            words[index] = _SPELLED[word]
    return " ".join(words)


def compact(key: str) -> str:
    """Return a key without its blanks: "spider man" and "spiderman" are one."""
    return key.replace(" ", "")


def without_numbers(key: str) -> str:
    """Return a key without the words that are numbers: what the titles of sequels share."""
    return " ".join(word for word in key.split() if not word.isdigit())


def tokens_of_text(text: str) -> list[str]:
    """Return the words by which a name is found in the index, in order."""
    return fold(text).split()


def telling_tokens(title: str) -> list[str]:
    """Return the words of a title that every spelling of it holds: no articles, no numerals, unless nothing is left."""
    words = tokens_of_text(title)
    telling = [word for word in words if word not in _WEAK and word not in _ROMAN and word not in _SPELLED]
    longer = [word for word in telling if not (word.isdigit() and len(word) <= 2)]
    return list(dict.fromkeys(longer or telling or words))


def different_words(one: str, other: str) -> tuple[str, str]:
    """Return the words of each title that the other lacks, as written: ("II", "III") of Rocky II and Rocky III."""
    here, there = one.split(), other.split()
    keys_here, keys_there = {fold(word) for word in here}, {fold(word) for word in there}
    only_here = " ".join(word for word in here if fold(word) not in keys_there)
    only_there = " ".join(word for word in there if fold(word) not in keys_here)
    return only_here or "none", only_there or "none"


def is_sequel(one: str, other: str) -> bool:
    """Return whether two titles are one but for their numbers."""
    key, other_key = title_key(one), title_key(other)
    if numerals(one) == numerals(other) or key == other_key:
        return False
    stem, other_stem = without_numbers(key), without_numbers(other_key)
    return bool(stem) and (stem == other_stem or _begins(stem, other_stem) or _begins(other_stem, stem))


def _begins(short: str, long: str) -> bool:
    return long.startswith(short + " ")
