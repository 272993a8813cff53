"""The title in what stands before a year or a marker: without editions, with its aliases; or doubts about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from .tags import Token, tokens_of
from .text import written
from .titles import ARTICLES, fold
from .vocabulary import EDITION_WORDS, LANGUAGES, WORDS

_BAD_START = re.compile(r"[\[{(\]})]|www\.|[A-Za-z]:", re.IGNORECASE)
_COUNT_START = re.compile(r"[0-9]{2,4}\.(?=[^\W\d_]+ )")
_SCENE_START = re.compile(r"[a-z0-9]{2,10}-[a-z]")
_SITE = re.compile(
    r"\.(?:com|org|net|info|ru|cc|sbs|xyz|tel|vip)(?![^\W_])|[0-9]\.(?:me|tv|to)(?![^\W_])|@|^film[_ .]?pok",
    re.IGNORECASE,
)
_BAD_END = re.compile(
    r"(?:[0-9]-[0-9]+|[0-9]{4}[-. ][0-9]{2}[-. ][0-9]{2}|[ ._]-[ ._]*[0-9]+|(?<![^\W_])(?:e|ep|x)[ ._]?[0-9]{1,4})$",
    re.IGNORECASE,
)
_DIGITS_ONLY = re.compile(r"[0-9]{1,3}(?:[-. ][0-9]{1,3})+")  # "9-1-1", "11.22.63"
_NUMBERS_ONLY = re.compile(r"[0-9]{1,4}(?:[-. ][0-9]{1,4})+")  # "12.01.2010 (2012)"
_BRACKETS_ONLY = re.compile(r"(?:\[[^\[\]]+\][ ._-]*){2,}")
_GROUP_FIRST = re.compile(r"\([^\W\d_][^()]{1,24}\)[ ._-]+(?=[^\W_])")
_FRACTION = re.compile(r"(?<![^\W_])1-2$")  # "Ranma 1-2" is ½
_DATE_FIRST = re.compile(r"(?:[0-9]{2}[-. ][0-9]{2}[-. ](?:[0-9]{4}|[0-9]{2})|[0-9]{6}|[0-9]{8})(?![0-9])")
# Written at the end of a title, before the year. Single words only where they are never a title's own.
_EDITION_LAST = re.compile(
    r"(?<=[^\W_])[ ._-]+((?:the[ ._])?(?:extended|uncut|unrated|theatrical|final|ultimate|special|collector'?s?"
    r"|anniversary|director'?s|criterion|definitive|restored|remastered|international)[ ._](?:edition|cut|version)"
    r"|[0-9]{1,3}(?:st|nd|rd|th)[ ._]anniversary(?:[ ._]edition)?|extended|uncut|unrated|remastered|theatrical"
    r"|[^\W\d_'’]+(?:['’]s)?[ ._]edition)$",
    re.IGNORECASE,
)
_LOUD_LAST = re.compile(
    r"(?<=[^\W_])[ ._-]+"
    r"(DC|OM|SE|CUSTOM|EXTENDED|UNCUT|UNRATED|REMASTERED|THEATRICAL|PROPER|REPACK|MULTi|VOSTFR|IMAX|3D)$"
)
_TAG_LAST = re.compile(r"(?P<gap>[ ._-]+[\[(]?)(?P<word>[^\W_]{2,12})[\])]?$")
_COLLECTIONS = frozenset("integrale integral complete complet completa final".split())
_UNMISTAKABLE = frozenset("integrale integral".split())
_LAST_WORD = re.compile(r"[^\W_]+$")
_LAST_WORDS = frozenset(
    "edition cut version anniversary extended uncut unrated remastered theatrical dc om se custom proper repack multi"
    " vostfr imax 3d".split()
)
_BRACKETED = re.compile(r"[ ._]*[(\[]([^()\[\]]{2,80})[)\]]$")
_AKA = re.compile(r"[ ._]+(?:a\.?k\.?a\.?|/)[ ._]+", re.IGNORECASE)
_ALSO = " / "
_SCRIPTS = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class SplitTitle(NamedTuple):
    """A title as a person would write it, the text that it was taken from, its aliases, an edition at its end.

    `is_unsure`: its last word may be a language of the release as well as a word of the title.
    """

    title: str
    head: str
    aliases: tuple[str, ...] = ()
    edition: str = ""
    is_unsure: bool = False


def split_title(head: str, *, is_canonical: bool) -> SplitTitle:
    """Return the title, its aliases and its edition, of what stands before a year or a marker."""
    last_word = _LAST_WORD.search(head)
    edition = ""
    if last_word and last_word[0].casefold() in _LAST_WORDS:
        head, edition = _without_edition(head)
    bare = without_tags(head)
    is_unsure, shouted = False, ""
    if bare == head and last_word and last_word[0].casefold() in WORDS:
        word = tokens_of(head)[-1]
        if word.word and set(word.word.tags) & LANGUAGES and word.start > 0 and len(word.text) > 3:
            is_unsure = not is_canonical
            shouted = written(head[: word.start]) if head.isupper() else ""  # "LOST.FRENCH": perhaps "LOST"
    head = bare
    group = _GROUP_FIRST.match(head)
    if group:
        head = head[group.end() :]
    if _BRACKETS_ONLY.fullmatch(head):
        # "[Group][Show][S01E02]", "[Group][番組][Show][S01E02]"
        head = _ALSO.join(re.findall(r"\[([^\[\]]+)\]", head)[1:])
    title, *aliases = _titles(head)
    aliases += [text for text in (shouted, group[0] + title if group else "") if text and fold(text) not in ARTICLES]
    return SplitTitle(title, head, tuple(aliases), edition.replace(".", " ").replace("_", " "), is_unsure)


def without_tags(head: str) -> str:
    """Return a title without the tags at its end: "Show.MULTi", "Show VF", "Show - Intégrale", "Show.FINAL".

    "IT", "DC" and whatever an all-capital name shouts may be words of the title.
    """
    while not head.isupper() and (found := _TAG_LAST.search(head)):
        last = found["word"]
        if fold(last) not in _COLLECTIONS:
            token = tokens_of(last)[0]
            is_short = len(last) <= 2 and last not in ("VF", "VO")
            if token.word is None or not token.word.tags or not token.loud or last.istitle() or is_short:
                break
        elif last.istitle() and fold(last) not in _UNMISTAKABLE and "-" not in found["gap"]:
            break
        shorter = head[: found.start()].rstrip(" ._-")
        if fold(written(shorter)) in ARTICLES or not shorter:
            break
        head = shorter
    return head


def _without_edition(head: str) -> tuple[str, str]:
    """Return the text without editions at its end, and the last of these."""
    edition = ""
    for pattern in (_LOUD_LAST, _EDITION_LAST, _LOUD_LAST):
        found = pattern.search(head)
        # An all-capital name shouts every word; "Final Cut (2022)" is a film, and so is "The Final Cut".
        if not found or head.isupper() or fold(written(head[: found.start()])) in ("", "the", "a"):
            continue
        edition, head = edition or found[1], head[: found.start()].rstrip(" ._-")
    return head, edition


def _titles(head: str) -> list[str]:
    """Return the titles that a text gives, the first one first: "A (B)", "A AKA B", "Заглавие Title"."""
    pieces = _AKA.split(head)
    bracketed = _BRACKETED.search(pieces[0])
    if bracketed and bracketed.start() > 0 and any(map(str.isalpha, bracketed[1])):
        plain = pieces[0][: bracketed.start()]
        if not _is_country(bracketed[1]):
            pieces = [plain, bracketed[1], *pieces[1:]]
    titles = [text for piece in pieces if (text := written(piece))]
    if _ALSO in head:
        return sorted(titles, key=lambda title: bool(_SCRIPTS.search(title)))
    both = _two_scripts(titles[0]) if titles else ()
    return [*(both or titles[:1]), *titles[1:]] or [""]


def _is_country(text: str) -> bool:
    return len(text) <= 3 and text.isupper()


def _two_scripts(title: str) -> tuple[str, ...]:
    """Return both halves of a title in two scripts, none when it has one."""
    if title.isascii() or not _SCRIPTS.search(title):
        return ()
    words = [word for word in re.split(r"[ .]+", title) if word]
    foreign = [bool(_SCRIPTS.search(word)) for word in words]
    if not any(foreign) or all(foreign):
        return ()
    borders = [at for at in range(1, len(words)) if foreign[at] != foreign[at - 1]]
    if len(borders) != 1:
        return ()
    halves = [" ".join(words[: borders[0]]), " ".join(words[borders[0] :])]
    halves = [half.strip(" -–/|") for half in halves]
    if not all(any(map(str.isalpha, half)) for half in halves):
        return ()
    return tuple(sorted(halves, key=lambda half: bool(_SCRIPTS.search(half))))


def is_doubtful(title: str, *, is_canonical: bool, is_lower: bool = False) -> bool:
    """Return whether what would be the title holds what no title holds: the strict reader declines then.

    `is_lower`: the whole name is, as those of scene releases are: its first word may be the group's ("grp-show").
    """
    if not title:
        return False
    if title[0] in "[{" and _ALSO not in title:
        return True
    if not is_canonical and (
        (_BAD_START.match(title) and not (title[0] == "(" and ")" in title))
        or begins_with_code(title, is_lower=is_lower)
    ):
        return True
    if has_site(title):
        return True
    is_number = (_NUMBERS_ONLY if is_canonical else _DIGITS_ONLY).fullmatch(title) is not None
    if not is_number and (_DATE_FIRST.match(title) or (_BAD_END.search(title) and not _FRACTION.search(title))):
        return True
    if title.count("(") != title.count(")") or title.count("[") != title.count("]"):
        return True
    if not is_canonical and "(" in title[1:] and not _BRACKETED.search(title):
        return True
    return any(_is_tag_in_title(token, title, is_canonical) for token in tokens_of(title))


def begins_with_code(text: str, *, is_lower: bool) -> bool:
    """Return whether a name begins with what may be a group's letters or a count: "grp-show.s01e02", "165.Show One"."""
    return bool((is_lower and _SCENE_START.match(text)) or _COUNT_START.match(text))


def has_site(text: str) -> bool:
    """Return whether the address of a site stands in a text."""
    return bool(_SITE.search(text))


def _is_tag_in_title(token: Token, title: str, is_canonical: bool) -> bool:
    """Return whether a word is a tag, and not one that a title may hold."""
    if token.word is None or token.word.hard or is_canonical:
        return token.word is not None and token.word.hard
    key = " ".join(token.text.lower().replace("'", "").replace(".", " ").split())
    if " " in key and key in EDITION_WORDS:
        return True
    is_last = token.end == len(title) and token.text != title
    return is_last and token.loud and not (title.isupper() or token.text.istitle())
