"""Tags, editions, parts and ids: everything in a name that is neither title nor number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .vocabulary import EDITION_NAMES, FIRST_WORDS, LANGUAGES, LONGEST, RESOLUTIONS, WORDS, Word

_TOKEN = re.compile(r"[^\s._\-\[\](){},;:~–—=/|]+")
_SIZE = re.compile(r"(?<![^\W_])([0-9]{3,4})[x×*]([0-9]{3,4})(?![^\W_])")
_WIDTHS = {640: "480p", 720: "480p", 960: "540p", 1280: "720p", 1920: "1080p", 3840: "2160p"}
_ID = re.compile(
    r"[{\[(](?:(tmdb|imdb|tvdb|anidb)(?:[ ._-]?id)?[-=: ]((?:tt)?[0-9]{1,12})|(tt[0-9]{7,9}))[}\])]",
    re.IGNORECASE,
)
_EDITION = re.compile(r"[ ._-]*\{edition-([^{}]{1,80})\}", re.IGNORECASE)
# "dvd1" is a part as "cd1" is, but "DVD5" and "DVD9" are kinds of disc.
_PART = re.compile(
    r"(?<![^\W_])(?:(?:cd|disc|disk|disque|pt|part|partie|teil)[ ._-]?([0-9]{1,2})|dvd[ ._-]?([1-4]))(?![^\W_])",
    re.IGNORECASE,
)
_END_PART = re.compile(
    r"[ ._-]+[\[(]?(?:cd|disc|disk|disque|pt)[ ._-]?([0-9]{1,2})[\])]?$|[._-]part[ ._-]?([0-9]{1,2})$",
    re.IGNORECASE,
)


def is_loud(text: str) -> bool:
    """Return whether a word is written as releases write their tags: "FRENCH", "MULTi", "iNTERNAL", "FiNAL"."""
    return len(text) > 1 and (text[:2].isupper() or 2 * sum(map(str.isupper, text)) > len(text))


class Token(NamedTuple):
    """One word of a name, or the several that make one key of the vocabulary."""

    start: int
    end: int
    text: str
    word: Word | None

    @property
    def loud(self) -> bool:
        """Whether a soft word is written as releases write tags: VOSTFR, MULTi, FRENCH."""
        return self.word is not None and (self.word.hard or is_loud(self.text))

    @property
    def beside(self) -> bool:
        """Whether right before a tag this is one too: "Title.Festival.720p" keeps its last word."""
        word = self.word
        if word is None:
            return False
        return self.loud or bool(word.edition) or self.text.islower() or word.tags[0] in LANGUAGES


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a year or a marker."""

    tokens: tuple[Token, ...]
    tags: frozenset[str]
    edition: str
    part: int | None


def take_ids(stem: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The stem without its `{tmdb-603}`-like ids, and these as sorted pairs."""
    if "{" not in stem and "[" not in stem and "(" not in stem:
        return stem, ()
    found: set[tuple[str, str]] = set()

    def take(match: re.Match[str]) -> str:
        kind, value = (match[1] or "imdb").lower(), match[2] or match[3]
        if kind == "imdb" or not value.lower().startswith("tt"):
            found.add((kind, value.lower()))
        return " "  # what stands on both sides of an id is not one word

    return _ID.sub(take, stem), tuple(sorted(found))


def take_edition(stem: str) -> tuple[str, str]:
    """The stem without its `{edition-...}`, and the edition as it is written there."""
    match = _EDITION.search(stem)
    return (stem[: match.start()] + stem[match.end() :], match[1].strip()) if match else (stem, "")


def take_part(stem: str) -> tuple[str, int | None]:
    """The stem without a part at its very end (`-cd1`, ` - pt2`, `.part2`), and its number.

    "Part 2" set off by a mere blank belongs to the title ("Kill Bill Part 2").
    """
    match = _END_PART.search(stem[-24:])
    if match is None or len(match[0]) == len(stem):
        return stem, None
    return stem[: len(stem) - len(match[0])], int(match[1] or match[2])


def tokens_of(text: str) -> list[Token]:
    """The words of a text in order, each with what the vocabulary knows of it."""
    found = [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]
    keys = (text.replace("'", "").replace("’", "") if "'" in text or "’" in text else text).lower()
    words = [match[0] for match in _TOKEN.finditer(keys)]
    if len(words) != len(found):  # lower case may be longer, and an apostrophe may stand alone
        words = [piece.lower().replace("'", "").replace("’", "") for _, _, piece in found]
    tokens: list[Token] = []
    index, count = 0, len(found)
    while index < count:
        start, end, piece = found[index]
        key = words[index]
        word, taken = WORDS.get(key), 1
        if key in FIRST_WORDS:
            for length in range(min(LONGEST, count - index), 1, -1):
                joined = WORDS.get(" ".join(words[index : index + length]))
                if joined:
                    word, taken = joined, length
                    end = found[index + length - 1][1]
                    piece = text[start:end]
                    break
        if word and not word.hard and len(piece) <= 2 and not piece.isupper() and not piece[0].isdigit():
            word = None  # "it", "de" and "es" are languages only as "IT", "DE" and "ES"
        tokens.append(Token(start, end, piece, word))
        index += taken
    return tokens


def gather(tokens: list[Token], text: str = "") -> tuple[frozenset[str], str]:
    """The tags and the edition that these words say."""
    tags: set[str] = set()
    editions: list[str] = []
    for token in tokens:
        word = token.word
        if word is None:
            continue
        tags.update(word.tags)
        if word.edition and word.edition not in editions:
            editions.append(word.edition)
    size = _SIZE.search(text)
    if size and not tags & RESOLUTIONS and int(size[1]) in _WIDTHS:
        tags.add(_WIDTHS[int(size[1])])
    if "4k" in tags:
        # "1080p.BluRay.4K.REMASTERED" is no 2160p: an explicit resolution goes first.
        tags.discard("4k")
        if not tags & RESOLUTIONS:
            tags.add("2160p")
    return frozenset(tags), ", ".join(editions)


def read_tail(text: str) -> Tail:
    """Tags, edition and part of what stands behind a film's year."""
    part = _PART.search(text)
    rest = text[: part.start()] + " " * len(part[0]) + text[part.end() :] if part else text
    tokens = tokens_of(rest)
    tags, edition = gather(tokens, rest)
    return Tail(tuple(tokens), tags, edition, int(part[1] or part[2]) if part else None)


def title_ends(text: str) -> int:
    """Where an episode's title ends in the text behind its marker, and the tags begin.

    That is at the first hard word, or before the soft words right in front of it; without a hard word, at a last
    run of soft words that are written loud ("VOSTFR-GRP").
    """
    tokens = tokens_of(text)
    cut = next((index for index, token in enumerate(tokens) if token.word and token.word.hard), None)
    if cut is None:
        cut = len(tokens)
        last = tokens[-1] if tokens else None
        # A group's name is no word of the title: "FRENCH-GRP".
        if last and not last.word and len(tokens) > 1 and text[last.start - 1] == "-" and tokens[-2].loud:
            cut -= 1
        while cut and tokens[cut - 1].loud:
            cut -= 1
    else:
        while cut and tokens[cut - 1].beside:
            cut -= 1
    return tokens[cut].start if cut < len(tokens) else len(text)


def edition_name(text: str) -> str:
    """The usual spelling of an edition, or the text itself."""
    key = " ".join(text.lower().replace("'", "").replace("’", "").split())
    word = WORDS.get(key)
    return (word.edition if word else "") or EDITION_NAMES.get(key, text)
