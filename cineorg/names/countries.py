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
_AT_END = re.compile(r"[ ._]*[(\[]([A-Z]{2,3})[)\]]$|[ ._]([A-Z]{2,3})$")
_BEHIND = re.compile(r"[\])]?[ ._-]*[(\[]?([A-Z]{2,3})[)\]]?(?=[ ._-]|$)")


def country_at_end(title: str) -> str:
    """Return the country (two letters) that a title ends in, "" for none."""
    found = _AT_END.search(title)
    if not found or title[: found.start()].isupper():
        return ""
    if found[1]:
        return COUNTRIES.get(found[1], "")
    return COUNTRIES[found[2]] if found[2] in _BARE else ""


def without_country(title: str) -> str:
    """Return a title without the country that it ends in: "The Office (US)" is known as "The Office" as well."""
    found = _AT_END.search(title) if country_at_end(title) else None
    return title[: found.start()] if found else title


def country_behind(tail: str) -> tuple[str, str]:
    """Return the country directly behind a marker and before the tags, and the text without it."""
    found = _BEHIND.match(tail)
    if not found or found[1] not in _BARE:
        return "", tail
    first = next(iter(tokens_of(tail[found.end() :])), None)
    if first is not None and not (first.word and (first.word.hard or first.loud)):
        return "", tail
    return COUNTRIES[found[1]], " " + tail[found.end() :]
