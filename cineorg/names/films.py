"""Films by strict patterns: `Title (Year) <tags>` and `Title.Words.Year.tags-GROUP`."""

from __future__ import annotations

import re
from dataclasses import replace

from .dates import find_dates
from .markers import NTH, SEASON_WORDS
from .model import NameInfo
from .tags import Token, edition_name, read_tail, tokens_of
from .text import year_of
from .title_text import is_doubtful, split_title
from .titles import ARTICLES, fold

_PAREN_YEAR = re.compile(r"[ ._-]*[(\[]([0-9]{4})[)\]]")
_ANY_YEAR = re.compile(r"(?<![^\W_])([0-9]{4})(?![^\W_])")
_SEASON_IN_TAIL = re.compile(
    r"(?<![^\W_])(?:s[0-9]|e[0-9]{2}|ep[ ._]?[0-9]|(?:season|saison)[ ._][0-9])", re.IGNORECASE
)
_SEASON_IN_HEAD = re.compile(
    rf"(?<![^\W_])(?:{SEASON_WORDS}[ ._-]{{0,3}}[0-9]+|{NTH}{SEASON_WORDS}|s[0-9]{{1,2}}(?=$|[ ._]*-)"
    r"|[0-9]+[ ._-]{0,2}(?:seriya|ser|серия))"
    r"(?![^\W_])",
    re.IGNORECASE,
)
# "[08.seriya]", "(02 of 12)": an episode of something, whatever its year.
_COUNTED = re.compile(r"(?<![^\W_])(?:[0-9]+[ ._]*(?:seriya|серия|of[ ._]?[0-9])|ova|oad|ona)(?![^\W_])", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"[0-9]{1,2}\.[ ]+(?=[^\W\d_])")  # "3. Title": a place in a list, or a title
_IN_BRACKETS = re.compile(r"\[[^\[\]]+\][ ]?[0-9²³]?")
_YEAR_RANGE = re.compile(r"(?<![^\W_])(?:19|20)[0-9]{2}[-–][0-9]{4}$")  # the years of a series
_CHANNELS = re.compile(r"(?<![0-9])[1257][. ][01](?![0-9])")


def read_film(stem: str) -> NameInfo | None:
    """Return the reading of a film's name, None when the patterns decline."""
    return _read_canonical(stem) or _read_release(stem)


def _film(title: str, year: int, rest: str) -> NameInfo | None:
    """Return a film with this title and year; None when what follows the year speaks of an episode or a number."""
    if _SEASON_IN_TAIL.search(rest) or _COUNTED.search(rest):
        return None
    tail = read_tail(rest)
    if any(_is_stray_number(token, rest) for token in tail.tokens):
        return None
    return NameInfo(
        kind="film",
        title=title,
        year=year,
        edition=tail.edition,
        part=tail.part,
        tags=tail.tags,
        strong=True,
        source="strict",
    )


def _is_stray_number(token: Token, text: str) -> bool:
    """Return whether a word is a number that no tag explains: perhaps an episode's."""
    if token.word is not None or not re.fullmatch(r"[0-9]+(?:v[0-9])?", token.text):
        return False
    return not any(found.start() <= token.start < found.end() for found in _CHANNELS.finditer(text))


def _read_canonical(stem: str) -> NameInfo | None:
    """Return the reading of `Title (Year) <tags>`."""
    years = [found for found in _PAREN_YEAR.finditer(stem) if found.start() > 0 and year_of(found[1])]
    if not years or len({found[1] for found in years}) > 1:
        return None
    found = years[0]
    head = stem[: found.start()].strip(" ._-")
    split = split_title(head, is_canonical=True)
    if _IN_BRACKETS.fullmatch(head):
        pass  # "[REC] (2007)" is a title; "[Group] Title (2007)" is not
    elif not split.title or is_doubtful(split.head, is_canonical=True) or is_of_series(head):
        return None
    return _completed(_film(split.title, int(found[1]), stem[found.end() :]), split.edition, split.aliases)


def _read_release(stem: str) -> NameInfo | None:
    """Return the reading of `Title.Words.Year.tags-GROUP`: the last plausible year, when tags or nothing follow it."""
    found = None
    for candidate in _ANY_YEAR.finditer(stem):
        if candidate.start() > 0 and year_of(candidate[1]):
            found = candidate
    if found is None:
        return None
    dates = [date for date in find_dates(stem) if date.start < found.end() and found.start() < date.end]
    if any(date.is_plain for date in dates):
        return None
    head, rest = stem[: found.start()].strip(" ._-"), stem[found.end() :]
    if _YEAR_RANGE.search(stem, 0, found.end()):
        return None
    split = split_title(head, is_canonical=False)
    if not split.title or fold(split.title) in ARTICLES or head[-1] in "([" or is_of_series(head):
        return None
    if is_doubtful(split.head, is_canonical=False, is_lower=stem.islower()):
        return None
    first = next(iter(tokens_of(rest)), None)
    if first and (first.word is None or not (first.word.hard or first.loud or first.word.edition)):
        return None
    info = _completed(_film(split.title, int(found[1]), rest), split.edition, split.aliases)
    return replace(info, strong=False) if info and (split.is_unsure or dates) else info


def is_of_series(head: str) -> bool:
    """Return whether what stands before a year counts seasons or episodes, so that no film is called so."""
    return bool(_SEASON_IN_HEAD.search(head) or _COUNTED.search(head) or _LIST_NUMBER.match(head))


def _completed(info: NameInfo | None, edition: str, aliases: tuple[str, ...]) -> NameInfo | None:
    if info is None or not (edition or aliases):
        return info
    return replace(info, edition=info.edition or edition_name(edition), alt_titles=aliases)
