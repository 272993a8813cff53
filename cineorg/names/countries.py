"""The country of a series' version: `The Office (US)`, `Hunted.AU.S01E02`, `Hunted.S01E03.AU`."""

from __future__ import annotations

import re

from .tags import tokens_of

_NAMES = {
    "US": "US USA", "GB": "UK GB GBR", "AU": "AU AUS", "CA": "CA CAN", "NZ": "NZ NZL", "IE": "IE IRL", "IN": "IN IND",
    "FR": "FR FRA", "DE": "DE GER", "ES": "ES ESP", "IT": "IT ITA", "PT": "PT PRT", "NL": "NL NLD", "BE": "BE BEL",
    "CH": "CH", "AT": "AT AUT", "DK": "DK DNK", "SE": "SE SWE", "NO": "NO NOR", "FI": "FI FIN", "IL": "IL ISR",
    "JP": "JP JPN", "KR": "KR KOR", "MX": "MX MEX", "BR": "BR BRA", "RU": "RU RUS", "ZA": "ZA", "IS": "IS ISL",
    "PL": "PL POL", "TR": "TR TUR", "AR": "AR ARG", "CL": "CL CHL",
}  # fmt: skip
COUNTRIES = {name: country for country, names in _NAMES.items() for name in names.split()}
# Without brackets a title ends in these only where they are no language and no word: "This Is US" is written so.
_BARE = frozenset("US USA UK GB AU AUS CA NZ".split())
# Those that are no word in any spelling: "this.is.us" and "THIS IS US" are titles.
_NO_WORDS = frozenset("USA UK GB NZ AU AUS".split())
_AT_END = re.compile(r"[ ._]*[(\[]([A-Z]{2,3})[)\]]$|[ ._]([A-Z]{2,3}|[a-z]{2,3})$")
_BEHIND = re.compile(r"[\])]?[ ._-]*[(\[]?([A-Z]{2,3}|[a-z]{2,3})[)\]]?(?=[ ._-]|$)")


def country_at_end(title: str) -> str:
    """Return the country (two letters) that a title ends in, "" for none."""
    found = _AT_END.search(title)
    if not found:
        return ""
    if found[1]:
        return "" if title.isupper() else COUNTRIES.get(found[1], "")
    name = found[2].upper()
    if title.isupper() or found[2].islower():
        return COUNTRIES[name] if name in _NO_WORDS and (title.isupper() or title.islower()) else ""
    return COUNTRIES[name] if name in _BARE else ""


def without_country(title: str) -> str:
    """Return a title without the country that it ends in: "The Office (US)" is known as "The Office" as well."""
    found = _AT_END.search(title) if country_at_end(title) else None
    return title[: found.start()] if found else title


def country_behind(tail: str) -> tuple[str, str]:
    """Return the country directly behind a marker and before the tags, and the text without it."""
    found = _BEHIND.match(tail)
    if not found or found[1].upper() not in _BARE or (found[1].islower() and not tail.islower()):
        return "", tail
    first = next(iter(tokens_of(tail[found.end() :])), None)
    if first is not None and not (first.word and (first.word.hard or first.loud)):
        return "", tail
    return COUNTRIES[found[1].upper()], " " + tail[found.end() :]
