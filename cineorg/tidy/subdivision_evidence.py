"""Whether a folder is the subdivision that its name may mean: what it holds tells. Pure.

"Ant-Man", "E-T", "M" or "Blade" may be a film's own folder, a saga's, an owner's grouping, or a subdivision. Nothing
is moved into a folder unless what it holds, or a name that means nothing else, says that it is a subdivision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import Enum, IntEnum
from typing import NamedTuple, Protocol

from ..catalogue.owners import Owner
from ..names import is_extra, read_numbers
from ..names.subdivision_names import LETTER, PREFIX, RANGE, SYMBOLS, Key, Shelf, begins_with
from ..names.titles import fold

TITLE_FOLDER = re.compile(r"[(\[][0-9]{4}[)\]]")
"""What the name of a folder of one title holds: a year."""

_NUMERAL = re.compile(r"(?:[0-9]+|[ivx]+)(?![^\W_])")
_EXTENSION = re.compile(r"\.[a-z0-9]{2,4}\Z", re.IGNORECASE)
_PLAIN_BOUND = re.compile(r"\w|[^\W\d_a-z][^\W\d_A-Z]")  # "a", "A", "Sa": as subdivisions are written
_ENOUGH = 2  # different titles that prove a subdivision whose name may as well be a title
_ENOUGH_FOR_STRANGERS, _STRANGERS = 3, 3  # so many titles of a first word, and at most every third another's
_FEW = 10  # one in so many may be in the wrong place


class Entries(Protocol):
    """A folder's own entries."""

    @property
    def files(self) -> Collection[str]: ...
    @property
    def links(self) -> Collection[str]: ...
    @property
    def subfolders(self) -> Collection[str]: ...


class Weight(IntEnum):
    """How far a title can be relied on: the beginning of a file's name, a folder's bare name, one with year or row."""

    GUESS, NAME, SURE = range(3)


class Verdict(Enum):
    """Whether a folder is a subdivision. DOUBT: only if others of its kind beside it are. PLAIN: it holds nothing."""

    NO, DOUBT, PLAIN, PROVEN = range(4)


class Said(NamedTuple):
    """What one entry may be called: `keys` of its titles (the first sorts it), and its own name."""

    name: str
    keys: tuple[Key, ...]
    weight: Weight
    is_episode: bool = False

    def is_named(self, word: str) -> bool:
        """Return whether it is called by these words, or by these and more."""
        return any(begins_with(key.words, word) for key in self.keys) or _begins_name(self.name, word)

    def is_bare(self, word: str) -> bool:
        """Return whether it is called by this word alone, or with a number: "Rocky", "Rocky II"."""
        titles = [key.words for key in self.keys]
        titles += [fold(self.name)] if self.weight is Weight.GUESS else []
        rest = [title[len(word) :].strip() for title in titles if begins_with(title, word)]
        return any(not each or _NUMERAL.match(each) for each in rest)


def titles_in(
    folder: Entries,
    is_video: Callable[[str], bool],
    owner_of: Callable[[str], Owner | None],
    key_of: Callable[[str], Key],
) -> Iterator[Said]:
    """Yield what those entries of a folder are called that stand for a title; `owner_of(name)` knows a link's row."""
    for name in folder.subfolders:
        yield from _of_folder(name, key_of)
    for name in (*folder.links, *folder.files):
        if is_video(name):
            owner = owner_of(name)
            if owner is not None:
                keys = tuple(map(key_of, owner.titles))
                yield Said(name, keys, Weight.SURE, not owner.is_film)
            else:
                yield from _of_video(name, key_of)
        elif name in folder.links and not _EXTENSION.search(name):
            yield from _of_folder(name, key_of)


def _of_folder(name: str, key_of: Callable[[str], Key]) -> Iterator[Said]:
    year = TITLE_FOLDER.search(name)
    if year or not is_extra("", (name,)):
        yield Said(name, (key_of(name[: year.start()] if year else name),), Weight.SURE if year else Weight.NAME)


def _of_video(name: str, key_of: Callable[[str], Key]) -> Iterator[Said]:
    year = TITLE_FOLDER.search(name)
    title = name[: year.start()] if year else name.rpartition(".")[0]
    is_episode = bool(read_numbers(name)[1])
    if year and not is_episode:
        yield Said(name, (key_of(title),), Weight.SURE)
    elif not is_extra(name):
        yield Said(name, (key_of(title),), Weight.GUESS, is_episode)


def judge(shelf: Shelf, said: Iterable[Said]) -> Verdict:
    """Return whether the folder of a name that may mean this subdivision is it."""
    if shelf.first == SYMBOLS:
        return Verdict.PLAIN
    return {LETTER: _judge_letter, RANGE: _judge_range, PREFIX: _judge_prefix}[shelf.kind](shelf, said)


def _judge_letter(shelf: Shelf, said: Iterable[Said]) -> Verdict:
    """Return whether a letter is one: "M" holding "Mother", not just "M" or what is called "M le maudit"."""
    is_empty, has_own, has_guess = True, False, False
    for each in said:
        is_empty = False
        key = each.keys[0]
        if each.is_named(shelf.first):
            if each.is_episode:
                return Verdict.NO  # the folder of a series called "V"
            has_own = True
        elif shelf.holds(key) or key.fallback == shelf.first:
            if each.weight is Weight.SURE:
                return Verdict.PROVEN
            has_guess = has_guess or not read_numbers(key.words.partition(" ")[0])[1]
    if is_empty:
        return Verdict.PLAIN
    return Verdict.PROVEN if has_guess and not has_own else Verdict.DOUBT


def _judge_range(shelf: Shelf, said: Iterable[Said]) -> Verdict:
    """Return whether a range is one: `Sa-Te` is written as nothing else is, "Ant-Man" and "EN-FR" are not."""
    word = fold(shelf.name)
    joined = "".join(filter(str.isalpha, word))
    bounds = re.split(" ?[-–] ?", shelf.name.strip())
    is_plain = all(map(_PLAIN_BOUND.fullmatch, bounds))
    fitting: set[str] = set()
    is_empty, strangers = True, 0
    for each in said:
        is_empty = False
        key = each.keys[0]
        if each.is_named(word):
            return Verdict.NO
        if shelf.holds(key) and not key.letters.startswith(joined):
            fitting.update([key.words] if is_plain or each.weight is not Weight.GUESS else [])
        else:
            strangers += 1
    if not is_plain:
        return Verdict.PROVEN if len(fitting) >= _ENOUGH and strangers * _FEW <= len(fitting) else Verdict.NO
    if fitting or is_empty:
        return Verdict.PROVEN if fitting else Verdict.PLAIN
    return Verdict.PLAIN if len(joined) == len(bounds) else Verdict.DOUBT


def _judge_prefix(shelf: Shelf, said: Iterable[Said]) -> Verdict:
    """Return whether a first word is one: of several titles, none of which is the word ("Rocky" is a saga's folder).

    Beside an inflection ("Les Amants") a title that is the word but for its article ("L'Amant") is one of several.
    """
    titles: set[str] = set()
    strangers: set[str] = set()
    has_saga = has_article = has_inflection = False
    for each in said:
        if each.is_bare(shelf.first):
            is_saga = _begins_name(each.name, shelf.first) or not any(key.words == shelf.first for key in each.keys)
            has_saga, has_article = has_saga or is_saga, True
        if each.weight is not Weight.GUESS:
            own = [key.words for key in each.keys if shelf.holds(key)]
            (titles if own else strangers).add((own or [each.keys[0].words])[0])
            has_inflection = has_inflection or bool(own and not begins_with(own[0], shelf.first))
    if has_saga or (has_article and not has_inflection):
        return Verdict.NO
    if strangers:
        is_one = len(titles) >= _ENOUGH_FOR_STRANGERS and len(strangers) * _STRANGERS <= len(titles) + len(strangers)
        return Verdict.PROVEN if is_one else Verdict.NO
    return Verdict.PROVEN if len(titles) >= _ENOUGH else Verdict.NO


def _begins_name(name: str, word: str) -> bool:
    """Return whether a name begins with words; most are told by a look at their first letters."""
    length = len(word.partition(" ")[0])
    head = name[: length + 1]
    if head.isascii() and (head[:1].lower() != word[:1] or head[length:].isalnum()):
        return False
    return begins_with(fold(name), word)
