"""What stands in front of a title and is none: `[Group]`, `[ site ]`, `www.site.tld -`, `(tracker.tld)`.

A name that is nothing else keeps its brackets: "[REC] (2007)" is a film.
"""

from __future__ import annotations

import re

from .text import year_of

# Behind "www" stands a site whatever follows. Endings that are words too ("Call.Me - ...") need a digit or a hyphen.
_TLD = (
    r"(?:com|org|net|info|ru|cc|tv|io|uk|fr|ws|pw|xyz|site|club|cam|sbs|tel|fun|biz|vip|lol|bz|li|ch|nl|pl|cz|uno|vc"
    r"|pm|gg|cx|pro|icu|ag|lt|mx|lat|pics|rocks|rip|xn--[a-z0-9]+)"
)
_WORDLIKE = r"(?:me|to|co|in|de|es|it|eu|su|se|be|is|so|am|do|at|us|one|top|app|dev|live|online|world|show|red|bet)"
_HOST = (
    rf"www?[ .][a-z0-9-]+(?:[ .][a-z0-9-]+)?[ .][a-z]{{2,8}}|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.{_TLD}"
    rf"|(?=[a-z]*[0-9-])[a-z0-9-]+\.{_WORDLIKE}"
)
_PREFIXES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\[{][^\[\]{}]{0,60}[\]}][ ._-]*(?=[^\s._\-\[])",
        # The absolute numbers of the episodes.
        r"[0-9]{2,4}-[0-9]{2,4}[._ ]+(?=[^\W_].*s[0-9]+e[0-9])",
        r"(?-i:FR|VF|VO|VOST|VOSTFR|MULTI|EN|DE|ES|NL|[Ff]r|[Vv][fo]|vost|vostfr)[ ]-[ ](?=[^\W_])",
        rf"[({{][ ]*(?:{_HOST})[ ]*[)}}][ ._-]*",
        rf"(?:{_HOST})[ ._]*[-–—:_][ ._]*",
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
