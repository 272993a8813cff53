"""Samples, trailers and other extras: recognised by a folder's name or by the last word, never by a substring."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from .folders import season_of_folder
from .tags import title_ends
from .text import stem_of
from .titles import fold

_FOLDERS = frozenset(
    (
        "sample", "samples", "trailer", "trailers", "preview", "previews", "featurette", "featurettes",
        "behind the scenes", "deleted scene", "deleted scenes", "deleted", "interview", "interviews", "bonus",
        "bonuses", "extra", "extras", "bande annonce", "bandes annonces", "scenes coupees", "scene coupee", "making of",
        "making ofs", "makingof", "gag reel", "gag reels", "bloopers", "outtakes", "coulisses", "betisier", "betisiers",
        "teaser", "teasers", "shorts", "scenes", "les bonus", "suppléments", "supplements", "special features",
    )
)  # fmt: skip
# Words that are no film by themselves may follow any separator; the others are words of titles ("The Big Short")
# and need the glued dash that media centres ask for.
_UNMISTAKABLE = (
    r"sample|trailer|teaser|featurettes?|behind[ ._-]?the[ ._-]?scenes|deleted[ ._-]?scenes?"
    r"|making[ ._-]?of|gag[ ._-]?reel|bloopers?|outtakes|bandes?[ ._-]?annonces?|coulisses|b[êe]tisier"
    r"|sc[èe]nes?[ ._-]?coup[ée]es?"
)
_LAST = re.compile(
    rf"(?:^|[ ._\-\[(])(?P<word>{_UNMISTAKABLE})[ ._-]?[0-9]{{0,2}}[\])]?$"
    r"|[^\s._-][-](?:preview|deleted|interview|scene|short|bonus|extras?|other)[0-9]{0,2}$"
    r"|[ ._]-[ ._](?:bonus|extras?|interviews?|preview)$"
    r"|^(?:preview|bonus|extras?)$"
    r"|^sample-",
    re.IGNORECASE,
)
# One of them is in each unmistakable word: looking for these is quicker than for those.
_HINTS = (
    "sampl",
    "trail",
    "tease",
    "featur",
    "scene",
    "scène",
    "aking",
    "gag",
    "blooper",
    "outtak",
    "annonce",
    "coulis",
    "tisier",
)
_ARTICLE = re.compile(r"(?:^|[ ._-])(?:the|a|an|le|la|les|un|une|der|die|das|el|los|las)[ ._]$", re.IGNORECASE)
_BRACKETS = re.compile(r"(?:[ ._-]*(?:\[[^\[\]]*\]|\([0-9a-fA-F]{8}\)))+$")


@functools.lru_cache(maxsize=4096)
def _extras_key(folder: str) -> str:
    """The folded name of a folder of extras, "" for any other. The same few folders stand above most files."""
    key = fold(folder)
    return key if key in _FOLDERS else ""


def _has_hint(text: str) -> bool:
    return any(hint in text for hint in _HINTS)


def is_extra(name: str, folders: Sequence[str] = ()) -> bool:
    """Whether the file is a sample, a trailer or another extra, which is never a candidate for a link.

    A folder called "Extras" above a season folder, or above files that begin with its name, is the series of that
    name.
    """
    stem = stem_of(name)
    end = stem[-200:]
    found = _LAST.search(end)
    if not found and end[-1:] in ("]", ")"):
        found = _LAST.search(_BRACKETS.sub("", end))
    if not found and _has_hint(end.lower()):
        found = _LAST.search(end[: title_ends(end)].rstrip(" ._-["))  # "Title.2009.Making.Of.1080p"
    if found:
        # "Show - S01E05 - The Trailer" is an episode.
        word = found.start("word")
        if word < 1 or not _ARTICLE.search(found.string[max(0, word - 6) : word]):
            return True
    for index, folder in enumerate(folders):
        key = _extras_key(folder)
        if not key:
            continue
        nested = any(season_of_folder(below) is not None for below in folders[index + 1 :])
        if not nested and not fold(stem[:80]).startswith(key):
            return True
    return False
