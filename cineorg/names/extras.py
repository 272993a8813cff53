"""Samples, trailers and other extras: recognised by a folder's name or by the last word, never by a substring."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from cineorg.names.folders import season_of_folder
from cineorg.names.text import stem_of
from cineorg.names.titles import fold

_FOLDERS = frozenset(
    (
        "sample", "samples", "trailer", "trailers", "preview", "previews", "featurette", "featurettes",
        "behind the scenes", "deleted scene", "deleted scenes", "deleted", "interview", "interviews", "bonus",
        "bonuses", "extra", "extras", "bande annonce", "bandes annonces", "scenes coupees", "making of",
    )
)  # fmt: skip
# Words that are no film by themselves may follow any separator; the others are words of titles ("The Big Short")
# and need the glued dash that media centres ask for.
_LAST = re.compile(
    r"(?:^|[ ._\-\[(])(?P<word>sample|trailer|teaser|featurette|behind[ ._-]?the[ ._-]?scenes|deleted[ ._-]?scenes?"
    r"|bande[ ._-]?annonce)[0-9]{0,2}[\])]?$"
    r"|[^\s._-][-](?:preview|deleted|interview|scene|short|bonus|extras?|other)[0-9]{0,2}$"
    r"|[ ._]-[ ._](?:bonus|extras?|interview|preview)$"
    r"|^(?:preview|bonus|extras?)$"
    r"|^sample-",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:^|[ ._-])(?:the|a|an|le|la|les|un|une|der|die|das|el|los|las)[ ._]$", re.IGNORECASE)
_BRACKETS = re.compile(r"(?:[ ._-]*(?:\[[^\[\]]*\]|\([0-9a-fA-F]{8}\)))+$")


@functools.lru_cache(maxsize=4096)
def _extras_key(folder: str) -> str:
    """The folded name of a folder of extras, "" for any other. The same few folders stand above most files."""
    key = fold(folder)
    return key if key in _FOLDERS else ""


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
