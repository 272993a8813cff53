"""What two titles have in common: keys that compare, keys that sort, and the numbers a title holds.

Everything here is pure and works on text that a person or a release wrote. The keys are for comparing only: they
are never shown and never written to a disk.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["ARTICLES", "fold", "fold_without_article", "numerals", "sort_key", "sorting_keys"]

# French, English, German, Spanish; `l'` is treated apart because no blank follows it.
ARTICLES = frozenset(
    "le la les un une des de du au aux the a an der die das ein eine el los las".split(),
)

_LETTERS = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T",
        "ĸ": "k", "ŋ": "n", "Ŋ": "N", "ſ": "s",
    }
)  # fmt: skip
# A fraction would otherwise melt into the number before it: "8½" decomposes to "81⁄2".
_FRACTION = re.compile("([¼½¾⅐-⅞²³¹⁰⁴-⁹])")  # and raised numbers: "Alien³" is "Alien 3"
# Latin, Greek and Cyrillic accents only: Indic vowels and Japanese voicing are marks as well, and tell words apart.
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")

# "s" is an English genitive unless a French verb or pronoun follows: "Il.s.est", "Ocean.s.Eleven".
_ELISION = re.compile(r"\b([cdjlmnt]|qu|s(?= (?:est|en|il|ils|etait|appelle|appelait)\b)) (?=[aeiouyh]\w)")
_NEGATION = re.compile(r"(?<=\wn) t\b")
_POSSESSIVE = re.compile(r"(?<=\w\w) s(?= \w\w|$)")
# One of these words must be there for any of them, or of `_INNER_ET`, to find something.
_TO_JOIN = re.compile(r"\b(?:[cdjlmnst]|qu|et)\b")
_INNER_ET = re.compile(r"(?<=\w )et(?= \w)")


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met: a table for `str.translate`."""

    def __missing__(self, code: int) -> str:
        text = unicodedata.normalize("NFKD", _FRACTION.sub(r" \1", chr(code)).translate(_LETTERS)).casefold()
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_LETTERS)))
        self[code] = "".join(_folded_letter(c) for c in text)
        return self[code]


def _folded_letter(c: str) -> str:
    """The letter, digit, mark or sign that counts in a key; nothing for what is invisible, a blank for the rest."""
    category = unicodedata.category(c)
    if category in ("Cf", "Cs"):
        return ""
    return c if c in "'&" or c.isalnum() or category[0] == "M" else " "


_FOLDING = _Folding({ord(c): "'" for c in "'’‘‛ʼʻ`´′＇"})


def _plain(title: str) -> str:
    """The title in folded letters, words one blank apart; apostrophes are left, all written `'`.

    One table look-up a character: 3 µs a name, where a chain of normalisations took 27.
    """
    text = " ".join(title.translate(_FOLDING).split())
    # Marks that stay may still have to be put together with their letters ("か" and its voicing).
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _joined(plain: str) -> str:
    """`plain` as a key: no apostrophes, `&` spelled out, and what a release cut at an apostrophe joined again."""
    text = plain
    if "'" in plain or "&" in plain:
        text = " ".join(plain.replace("'", "").replace("&", " and ").split())
    # Looking first halves the time: most titles have none of these.
    if not _TO_JOIN.search(text):
        return text
    text = _INNER_ET.sub("and", text)
    text = _NEGATION.sub("t", text)
    text = _ELISION.sub(r"\1", text)
    return _POSSESSIVE.sub("s", text)


def fold(title: str) -> str:
    """The key by which titles are compared: letters and digits in lower case, words one blank apart.

    Accents and ligatures are folded, invisible characters dropped, apostrophes vanish, any other punctuation is a
    blank; letters of other scripts stay. `&` is `and`, and so is a French `et` between two words: the three are used
    for one another in names of the same film. "L.Odyssée" and "Don.t", as releases write them, give the key of
    "L'Odyssée" and "Don't". A title of symbols alone ("$") is its own key. Folding twice changes nothing.
    """
    key = _joined(_plain(title))
    return key or " ".join(title.split()).casefold()


def _without_article(title: str) -> str:
    """`_plain(title)` without one leading or trailing article; unchanged when there is nothing else."""
    plain = _plain(title)
    head, comma, last = title.rpartition(",")
    if comma and (_plain(last) in ARTICLES or _plain(last) in ("l'", "l")) and _plain(head):
        return _plain(head)
    if plain.startswith("l'") and plain[2:].strip():
        return plain[2:].strip()
    first, _, rest = plain.partition(" ")
    following = rest.partition(" ")[0]
    # "A.I." and "L.A. Confidential" begin with initials, not with an article.
    initials = len(following) == 1 and following.isalpha() and len(first) == 1
    if rest and not initials and (first in ARTICLES or (first == "l" and rest[0] in "aeiouyh")):
        return rest
    return plain


def fold_without_article(title: str) -> str:
    """`fold(title)` without its leading article, or without one put behind ("Matrix, The").

    The articles are those of French, English, German and Spanish. A title that is nothing but an article keeps it.
    """
    return sorting_keys(title)[1]


def sort_key(title: str) -> str:
    """The key by which titles are sorted into folders: letters and digits only, nothing between them.

    The article is dropped first. Digits stay, because a title that begins with one belongs to `#`: a key whose first
    character is no letter sorts there. Empty only for an empty title.
    """
    return sorting_keys(title)[0]


def sorting_keys(title: str) -> tuple[str, str]:
    """Return `sort_key(title)` and `fold_without_article(title)`, read once."""
    plain = _without_article(title)
    if plain.isascii():
        key = plain.replace(" ", "").replace("'", "").replace("&", "")
    else:
        key = "".join(c for c in plain if c.isalnum() or unicodedata.category(c)[0] == "M")
    words = _joined(plain)
    if key and words:
        return key, words
    whole = fold(title)
    return key or whole, words or whole


_ROMAN = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
    "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20,
}  # fmt: skip
_SPELLED = {
    word: number
    for number, words in enumerate(
        (
            "one un une eins uno", "two deux zwei dos", "three trois drei tres", "four quatre vier cuatro",
            "five cinq funf cinco", "six sechs seis", "seven sept sieben siete", "eight huit acht ocho",
            "nine neuf neun nueve", "ten dix zehn diez",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_ORDINAL = {
    word: number
    for number, words in enumerate(
        (
            "first premier premiere erster",
            "second seconde deuxieme zweiter",
            "third troisieme",
            "fourth quatrieme",
        ),
        1,
    )
    for word in words.split()
}
_PART_WORDS = frozenset(
    "part partie parte teil chapter chapitre kapitel capitulo volume vol tome book livre episode".split(),
)
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3})(?:[ .,\u00a0\u202f]\d{3})+(?![\d])")
_WORD = re.compile(r"[^\W_]+")
# Digits between two letters are letters in disguise ("Se7en"); others count, glued or not ("Alien3", "3D").
_DIGITS = re.compile(r"(?<![^\W\d_])\d+|\d+(?![^\W\d_])")
_AMBIGUOUS = frozenset(("vi", "xi"))  # words or names when written "Vi", "Xi"


def _roman(words: list[str], index: int, following: str) -> int | None:
    """The value of a Roman numeral among the words of a title, None if this word is none."""
    word = words[index]
    value = _ROMAN.get(word.casefold())
    if value is None:
        return None
    if len(word) > 1:
        return None if word.casefold() in _AMBIGUOUS and word[0].isupper() and word[1].islower() else value
    before = words[index - 1].casefold() if index else ""
    if before in _PART_WORDS:
        return value
    # "The King and I", "Withnail & I" end with a pronoun.
    if not before or before in ("and", "et", "y", "und") or (word in "iI" and len(before) == 1):
        return None
    at_end = index == len(words) - 1
    return value if at_end or re.match(r"\s*:|\s+[-–—]\s", following) else None


def numerals(title: str) -> tuple[int, ...]:
    """The numbers that a title contains, in their order: "Rocky II" and "Rocky 2" both give (2,).

    Counted are arabic numbers (with blanks, dots or commas between thousands: "20 000" is 20000), Roman numerals II
    to XX as whole words, and numbers in words next to a word for part ("Part Two", "Deuxième partie"). A lone I, V
    or X counts only as the last word, before a colon or a dash set between blanks, or after a word for part; it
    needs a word before it, and that must not be "and": "V for Vendetta" and "The King and I" hold none. C, D, L and
    M never count. The numbers of two titles that differ are a contradiction.
    """
    text = _FRACTION.sub(r" \1", title).replace("&", " and ")
    text = unicodedata.normalize("NFKD", text)
    text = _ACCENTS.sub("", text)
    text = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    found = list(_WORD.finditer(text))
    words = [match[0] for match in found]
    numbers: list[int] = []
    for index, match in enumerate(found):
        word = match[0]
        digits = _DIGITS.findall(word)
        if digits:
            # Python refuses to read thousands of digits; no title needs more than eighteen.
            numbers.extend(int(run[:18]) for run in digits)
            continue
        lower = word.casefold()
        value = _roman(words, index, text[match.end() :])
        if value is None and index and words[index - 1].casefold() in _PART_WORDS:
            value = _SPELLED.get(lower)
        if value is None and index + 1 < len(words) and words[index + 1].casefold() in _PART_WORDS:
            value = _ORDINAL.get(lower)
        if value is not None:
            numbers.append(value)
    return tuple(numbers)
