"""What stands in front of a title and is none: `[Group]`, `[ site ]`, `www.site.tld -`, `(tracker.tld)`.

A name that is nothing else keeps its brackets: "[REC] (2007)" is a film.
"""

from __future__ import annotations

import re

from .text import year_of

_TLD = (
    r"(?:com|org|net|info|me|ru|cc|tv|to|co|io|in|uk|fr|de|es|it|eu|su|se|ws|pw|xyz|site|club|cam|sbs|tel|fun|biz|vip"
    r"|lol|bz|li|ch|be|nl|pl|cz|xn--[a-z0-9]+)"
)
_HOST = rf"(?:www?[ .])?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.{_TLD}|www?[ .][a-z0-9-]+[ .]{_TLD}"
_PREFIXES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\[[^\[\]]{0,60}\][ ._-]*(?=[^\s._\-\[])",
        r"【[^【】]{1,60}】[ ._-]*(?=[^\s._\-\[])",
        r"[0-9]{2,4}-[0-9]{2,4}[._ ]+(?=[^\W_].*s[0-9]+e[0-9])",  # the absolute numbers of two episodes
        r"(?:fr|vf|vo|vost|en|de|es|it|nl)[ ]-[ ](?=[^\W_])",
        rf"[({{][ ]*(?:{_HOST})[ ]*[)}}][ ._-]*",
        rf"(?:{_HOST})[ ._]*[-–—:][ ._]*",
    )
)
# A sequel's number between brackets and year is not a title either: "[REC] 2 (2009)", "[REC]² (2009)".
_YEAR_NEXT = re.compile(r"[0-9²³]?[ ._-]*[(\[]?((?:18|19|20)[0-9]{2})(?![0-9])")
_MOST = 4


def take_prefixes(stem: str) -> str:
    """Return the stem without groups and sites in front of it; what would leave no title is left."""
    for _ in range(_MOST):
        found = next((match for pattern in _PREFIXES if (match := pattern.match(stem))), None)
        if found is None:
            break
        rest = stem[found.end() :]
        year = _YEAR_NEXT.match(rest)
        if not any(character.isalnum() for character in rest) or (year and year_of(year[1])):
            break  # "[REC] (2007)": the brackets are the title
        stem = rest
    return stem
