"""Where a title belongs among subdivision folders: letters, `#`, ranges, prefix folders. Pure.

A folder's name alone does not say what it is: "Ant-Man" looks like a range, "V" is a series as well as a letter,
"American" may be a film. `Shelf.named` says what it may be; what it holds decides (`tidy.subdivision_evidence`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from . import season_of_folder
from .titles import fold, sorting_keys

SYMBOLS = "#"
RANGE, PREFIX, LETTER = "range", "prefix", "letter"  # in the order in which a title goes into them
_ORDER = (RANGE, PREFIX, LETTER)
_RANGE_NAME = re.compile(r"([^\W\d_]{1,3}) ?[-–] ?([^\W\d_]{1,3})")
_DIGITS_NAME = re.compile(r"0 ?[-–] ?9")  # what others call `#`
_YEAR = re.compile(r"[(\[][0-9]{4}[)\]]")
_ENDINGS = ("es", "s", "x", "e")  # of French and English plurals and feminines: "Amant", "Les Amants"
_SHORTEST_STEM = 4  # "Les" is not the plural of "Le", nor "Une" the feminine of "Un"
_LONGEST = 20  # of a range's name, with blanks and decomposed accents


@dataclass(frozen=True, slots=True)
class Key:
    """How a title sorts: `letters` of its key, its `initial` (a letter or `#`), its folded `words`; no article."""

    letters: str
    initial: str
    words: str
    fallback: str = ""
    """The letter of a title that begins with a sign ("[REC]"), where there is no `#`."""


def title_key(title: str) -> Key:
    """Return the key by which a title finds its folder.

    `#` is for titles that begin, article aside, with a digit or a sign; letters of any script are letters.
    """
    if not title.isascii():  # which no invisible character is
        title = "".join(char for char in title if unicodedata.category(char) != "Cf")
    visible = title.strip()
    key, words = sorting_keys(visible)
    first = key[:1] if key[:1].isalpha() else SYMBOLS
    has_sign = visible[:1] != "" and not visible[0].isalnum()
    letters = "".join(filter(str.isalpha, key)) if first != SYMBOLS else ""
    fallback = first if has_sign and first != SYMBOLS else ""
    return Key(letters, SYMBOLS if has_sign else first, words, fallback)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A subdivision folder: what kind it is, and its bounds (range), its word (prefix) or its letter."""

    name: str
    kind: str
    first: str
    last: str = ""

    @staticmethod
    def named(name: str) -> list[Shelf]:
        """Return the subdivisions that a folder of this name may be, the likeliest first."""
        if len(name) > _LONGEST and (len(name.split()) != 1 or _YEAR.search(name)):
            return []  # most folders are those of one title
        if season_of_folder(name) is not None:
            return []
        if name == SYMBOLS or _DIGITS_NAME.fullmatch(name):
            return [Shelf(name, LETTER, SYMBOLS)]
        word = fold(name)
        if len(word) == 1 and word.isalpha():
            return [Shelf(name, LETTER, word)]
        bounds = bounds_of(name)
        found = [Shelf(name, RANGE, *bounds)] if bounds else []
        if len(name.split()) == 1 and word and not _YEAR.search(name):
            found.append(Shelf(name, PREFIX, word))
        return found

    def holds(self, key: Key) -> bool:
        """Return whether a title of this key belongs here."""
        if self.kind == LETTER:
            return key.initial == self.first
        if self.kind == PREFIX:
            return begins_with(key.words, self.first) or begins_inflected(key.words, self.first)
        return key.initial != SYMBOLS and covers(self.first, self.last, key.letters)

    def takes_in(self, other: Shelf) -> bool:
        """Return whether this range holds all that another range holds."""
        low, high = self.first.ljust(3, "a"), self.last.ljust(3, "z")
        return low <= other.first.ljust(3, "a") and other.last.ljust(3, "z") <= high


def begins_with(words: str, first: str) -> bool:
    """Return whether folded words begin with these whole words."""
    return words == first or words.startswith(first + " ")


def begins_inflected(words: str, first: str) -> bool:
    """Return whether folded words begin with the plural or feminine of `first`, or `first` is that of theirs."""
    stem = next((first[: -len(end)] for end in _ENDINGS if first.endswith(end)), first)
    stems = [each for each in {first, stem} if len(each) >= _SHORTEST_STEM]
    forms = {each + end for each in stems for end in ("", *_ENDINGS)} - {first}
    return any(begins_with(words, form) for form in forms)


def bounds_of(name: str) -> tuple[str, str] | None:
    """Return the folded bounds of a name such as `Sa-Te`; None for one that is no range, or a falling one ("X-Men")."""
    found = _RANGE_NAME.fullmatch(unicodedata.normalize("NFC", name).strip())
    if not found:
        return None
    first, last = fold(found[1]), fold(found[2])
    return (first, last) if first and first <= last.ljust(3, "z") else None


def covers(first: str, last: str, letters: str) -> bool:
    """Return whether a range holds a title: all that begins with a bound is in it.

    A title shorter than the lower bound ("S" and `Sa-Te`) sorts with the first that begin like it.
    """
    if not letters:
        return False
    return first <= letters.ljust(len(first), "a")[: len(first)] and letters[: len(last)] <= last


def fitting(key: Key, shelves: Iterable[Shelf]) -> list[Shelf]:
    """Return the shelf where a title belongs: a range before a prefix folder before a letter before a gap.

    More than one only if ranges overlap and none lies within all others: then nobody can tell. Empty if none fits.
    """
    shelves = list(shelves)
    if key.fallback and not any(shelf.holds(key) for shelf in shelves):
        key = Key(key.letters, key.fallback, key.words)
    for kind in _ORDER:
        found = [shelf for shelf in shelves if shelf.kind == kind and shelf.holds(key)]
        if kind == PREFIX and len(found) > 1:
            exact = [shelf for shelf in found if begins_with(key.words, shelf.first)]
            found = [max(exact or found, key=lambda shelf: (len(shelf.first), shelf.name))]
        if kind == RANGE and len(found) > 1:
            inner = [shelf for shelf in found if all(other.takes_in(shelf) for other in found)]
            found = inner[:1] if inner else found
        if found:
            return found
    return _before_gap(key, [shelf for shelf in shelves if shelf.kind == RANGE])


def _before_gap(key: Key, ranges: Sequence[Shelf]) -> list[Shelf]:
    """Return the earlier of two neighbouring ranges between which a title falls: `Sa-Te` for "Tha" before `Ti-Zz`.

    Ranges of single letters are meant to leave out what they do not name; no title lies between `A-C` and `E-F`.
    """
    if not key.letters or key.initial == SYMBOLS:
        return []
    below = [shelf for shelf in ranges if key.letters[: len(shelf.last)] > shelf.last]
    above = [shelf for shelf in ranges if shelf not in below]
    if not below or not above:
        return []
    before = max(below, key=lambda shelf: (shelf.last.ljust(3, "z"), shelf.first))
    after = min(above, key=lambda shelf: (shelf.first, shelf.last))
    return [before] if len(before.last) > 1 and len(after.first) > 1 else []


def descend(folder: str, key: Key, shelves_of: Callable[[str], Iterable[Shelf]]) -> list[str]:
    """Return the folder below (or at) `folder` where a title belongs, as deep as its subdivisions go.

    `shelves_of(path)` gives the subdivisions of a folder. Several paths: their ranges overlap, nobody can tell.
    """
    while True:
        found = fitting(key, shelves_of(folder))
        if len(found) != 1:
            return [f"{folder}/{shelf.name}" for shelf in found] or [folder]
        folder = f"{folder}/{found[0].name}"
