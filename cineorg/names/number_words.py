"""Numbers in titles, whoever wrote them: "Rocky II", "Rocky Two", "Rocky 2"; "Les Quatre Cents Coups", "Les 400 coups".

Works on the words of a folded title. Words that are as often something else are left alone: the French articles "un"
and "une" (unless a word for part stands before them), Spanish "once", German "elf".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["NUMBER_WORDS", "PART_WORDS", "ROMAN", "spellings", "with_digits"]

ROMAN = {
    word: number
    for number, word in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), start=1
    )
}


def _numbered(lists: Sequence[str], first: int = 1) -> dict[str, int]:
    return {word: number for number, words in enumerate(lists, first) for word in words.split()}


_UNITS = _numbered(
    (
        "one", "two deux zwei dos due dois", "three trois drei tres tre", "four quatre vier cuatro quattro quatro",
        "five cinq funf cinco cinque", "six sechs seis sei", "seven sept sieben siete sette sete",
        "eight huit acht ocho otto oito", "nine neuf neun nueve nove", "ten dix zehn diez dieci dez", "eleven onze",
        "twelve douze zwolf doce dodici", "thirteen treize", "fourteen quatorze", "fifteen quinze", "sixteen seize",
        "seventeen", "eighteen", "nineteen",
    )
)  # fmt: skip
_TENS = {
    word: 10 * number
    for word, number in _numbered(
        ("twenty vingt", "thirty trente", "forty quarante", "fifty cinquante", "sixty soixante", "seventy", "eighty",
         "ninety"),
        first=2,
    ).items()
}  # fmt: skip
_THOUSAND = frozenset(("thousand", "mille"))
_ONE = frozenset(("un", "une", "uno", "eins"))
_ORDINALS = _numbered(
    (
        "first premier premiere", "second seconde deuxieme", "third troisieme", "fourth quatrieme", "fifth cinquieme",
        "sixth sixieme", "seventh septieme", "eighth huitieme", "ninth neuvieme", "tenth dixieme", "eleventh onzieme",
        "twelfth douzieme", "thirteenth treizieme",
    )
)  # fmt: skip
_ORDINAL = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th|er|ere|e|eme|ieme|nde)")
# The words that stand before the number of a part, each by the one that is used in keys.
PART_WORDS = {
    word: words.split()[0]
    for words in (
        "part partie parte teil pt", "volume vol volumen", "chapter chapitre kapitel capitulo capitolo",
        "episode episodio", "book livre", "tome", "act acte",
    )
    for word in words.split()
}  # fmt: skip


# Every word that may be written as a number or beside one; what a title says without them stands in every spelling.
NUMBER_WORDS = frozenset((*ROMAN, *_UNITS, *_TENS, *_THOUSAND, *_ORDINALS, *PART_WORDS, "hundred", "cents", "vingts"))


def with_digits(words: Sequence[str]) -> list[str]:
    """Return the words with every number in digits and every word for part in one spelling.

    Ordinals become "2th"; one before a word for part is its number: "deuxieme partie" gives "part", "2".
    """
    numbered: list[str] = []
    words = _with_thousands(words)
    position = 0
    while position < len(words):
        phrase = _phrase(words, position)
        if phrase is None:
            numbered.append(_digits(words, position))
            position += 1
        else:
            value, position = phrase
            numbered.append(str(value))
    return _with_parts(numbered)


def _digits(words: Sequence[str], position: int) -> str:
    """Return one word, in digits if it is a number by itself."""
    word = words[position]
    if word.isdecimal() and len(word) <= 18:
        return str(int(word))
    before = words[position - 1] if position else ""
    if word in _ORDINALS:
        return f"{_ORDINALS[word]}th"
    if before in PART_WORDS and word in _ONE:
        return "1"
    if position and word in ROMAN:
        is_last = position == len(words) - 1 and before != "and"
        return str(ROMAN[word]) if len(word) > 1 or is_last or before in PART_WORDS else word
    found = _ORDINAL.fullmatch(word)
    return f"{int(found[1])}th" if found else word


def _phrase(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """Return the number in words that begins at `start`, and where it ends."""
    total = current = 0
    last = ""
    position = start
    while position < len(words):
        word = words[position]
        if word in _UNITS and _may_follow(last, current % 100, words[position - 1], _UNITS[word]):
            current, last = current + _UNITS[word], "unit"
        elif word in ("vingt", "vingts") and last == "unit" and current % 100 == 4:
            current, last = current + 76, "ten"
        elif word in _TENS and last in ("", "hundred", "thousand"):
            current, last = current + _TENS[word], "ten"
        elif (word == "hundred" and last in ("", "unit")) or (word in ("cent", "cents") and last == "unit"):
            current, last = max(current, 1) * 100, "hundred"
        elif word in _THOUSAND and last != "thousand":
            total, current, last = max(current, 1) * 1000, 0, "thousand"
        elif word == "and" and last in ("ten", "hundred", "thousand") and _goes_on(words, position + 1, last):
            pass
        elif word in _ONE and last == "ten" and words[position - 1] == "and":
            current, last = current + 1, "unit"
        else:
            break
        position += 1
    return (total + current, position) if last else None


def _may_follow(last: str, so_far: int, before: str, unit: int) -> bool:
    """Return whether a number below twenty may come next: "soixante-dix", "quatre-vingt-dix-neuf" and "dix-sept"."""
    if last == "unit":
        return before == "dix" and 7 <= unit <= 9
    return last != "ten" or unit < 10 or (so_far in (60, 80) and unit < 20)


def _goes_on(words: Sequence[str], position: int, last: str) -> bool:
    following = words[position] if position < len(words) else ""
    if last == "ten":
        return following in ("un", "une", "onze")
    return following in _UNITS or following in _TENS


def _with_thousands(words: Sequence[str]) -> list[str]:
    """Return the words with "20 000" and "20 mille" in one: "20000"."""
    joined: list[str] = []
    is_open = False
    for word in words:
        if is_open and word.isdecimal() and len(word) == 3:
            joined[-1] += word
        elif is_open and word in _THOUSAND:
            joined[-1] += "000"
            is_open = False
        else:
            joined.append(word)
            is_open = word.isdecimal() and len(word) <= 3 and word[0] != "0"
    return joined


def _with_parts(words: list[str]) -> list[str]:
    """Return the words with words for part in one spelling where a number stands beside them."""
    for position, word in enumerate(words):
        if word not in PART_WORDS:
            continue
        before = words[position - 1] if position else ""
        if position + 1 < len(words) and words[position + 1].isdecimal():
            words[position] = PART_WORDS[word]
        elif before.endswith("th") and before[:-2].isdecimal():
            words[position - 1 : position + 1] = PART_WORDS[word], before[:-2]
    return words


def spellings(number: int) -> list[str]:
    """Return how a number may stand in a folded name: digits, Roman, English and French words."""
    roman = [word for word, value in ROMAN.items() if value == number and number > 1]
    spelled = [word for word, value in _UNITS.items() if value == number][:2]
    return [str(number), *roman, *spelled]
