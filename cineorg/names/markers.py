"""Where a name says season and episode: `S04E02`, `4x02`, `Saison 1 Épisode 2`, `[S01] [E06]`, `第1季 第2集`.

Only the first marker is found here, by bounded patterns; `episodes.py` reads the numbers that go on with it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .text import year_of

SEASON_WORDS = (
    r"(?:seasons?|saison|staffel|temporada|temp|stagione|seizoen|s[ée]ries?|sezon[ua]?|sez|säsong|sæson|sesong|kausi"
    r"|évad|сезон|시즌)"
)
EPISODE_WORDS = (
    r"(?:[ée]pisodes?|episodios?|episódios?|episodi|episod|ep|ép|folgen?|cap[ií]tulos?|caps?|afleveringen|aflevering"
    r"|afl|avsnitt|afsnit|bölüm|bolum|odcinek|odc|jakso|seriya|ser|эпизод|серия|серії)"
)
RANGE_WORDS = "to|à|a|au|bis|al|ao|ate|até|thru|through|tot|till?|по|до"
SET_WORDS = "and|et|und|y|e|en|og|och|ja|i|и"
CODECS = frozenset((264, 265, 266))
_GAP = r"[ ._,\-]{0,3}"
# "1ª Temporada", "2. Staffel", "3rd season", "1ère saison".
NTH = r"([0-9]{1,2})(?:[ªºa°.]|st|nd|rd|th|er?|[èe]?re|[èe]me)?[ ._-]{0,2}"

# Glued to the title ("LOSTs01e02") only in its full form; else nothing but a separator may stand before.
_S_FORM = re.compile(
    rf"(?<![^\W_])s([0-9]{{1,4}})[\])]?[ ._-]{{0,3}}[\[(]?(?:x?[ ._-]?(?:{EPISODE_WORDS}|e|\#)|x)[ ._]{{0,2}}([0-9]+)"
    r"|(?<=[^\W\d_])s([0-9]{2})e([0-9]{2,})",
    re.IGNORECASE,
)
_T_FORM = re.compile(
    r"(?<![^\W_])t([0-9]{1,2})[ ._-]{0,3}(?:ep?|cap(?:[ií]tulo)?)[ ._]{0,2}([0-9]{1,4})(?![0-9])", re.IGNORECASE
)
_X_FORM = re.compile(
    rf"(?<![^\W_])([0-9]{{1,4}})[x×]([0-9]+)"
    rf"(?=$|[\W_]|[ex][0-9]|v[0-9]|[a-d](?![^\W_])|(?:{RANGE_WORDS}|{SET_WORDS})[0-9])",
    re.IGNORECASE,
)
# "Season 1 Episode 2", "1ª Temporada Capítulo 2", "8.sez.21.ser": either number before or behind its word.
_NUMBER_FIRST_SEASON, _NUMBER_FIRST_EPISODE = r"(?:sezon[ua]?|sez|évad|сезон)", r"(?:bölüm|bolum|seriya|ser|серия|rész)"
_NUMERALS = "一二三四五六七八九"
_CJK = rf"([0-9]{{1,4}}|[{_NUMERALS}十]{{1,3}})"
_WORD_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![^\W_])([0-9]{{1,2}})[ ._-]{{0,2}}{_NUMBER_FIRST_SEASON}{_GAP}([0-9]+)[ ._-]{{0,2}}"
        rf"{_NUMBER_FIRST_EPISODE}(?![^\W_])",
        rf"(?<![^\W_]){SEASON_WORDS}[ ._-]{{0,3}}([0-9]{{1,4}}){_GAP}[(\[]?{EPISODE_WORDS}[ ._]{{0,2}}([0-9]+)",
        rf"(?<![^\W_]){NTH}{SEASON_WORDS}{_GAP}[(\[]?{EPISODE_WORDS}[ ._]{{0,2}}([0-9]+)",
        rf"(?<![^\W_]){NTH}{SEASON_WORDS}{_GAP}{NTH}{EPISODE_WORDS}(?![^\W_])",
        rf"第{_CJK}[季期部][ ._\-\[\]]{{0,3}}(?:第{_CJK}[集話话回]|(?:ep?)([0-9]{{1,4}})(?![0-9]))",
        rf"s([0-9]{{1,2}})[ ._\-\[\]]{{0,3}}第{_CJK}[集話话回]",
        rf"시즌[ ._]?([0-9]{{1,2}}){_GAP}([0-9]{{1,4}})[화회]",
    )
)
# "[Cap.102]" is Spanish for season 1, episode 2; of "Cap.1103" only the brackets tell that it is no count.
_CAP_FORM = re.compile(
    r"\[cap\.?[ ]?(?P<season>[0-9]{1,2})(?P<episode>[0-9]{2})(?:[_-](?P=season)(?P<last>[0-9]{2}))?(?![0-9])",
    re.IGNORECASE,
)
# An episode without a season: "EP01", "Folge 5", "afl. 02", "#01", "第2話".
_COUNT_FORM = re.compile(
    rf"(?<![^\W_])(?:{EPISODE_WORDS}\.?[ ._]?|e|\#)([0-9]{{1,4}})(?=$|[\W_]|[ev][0-9])|第{_CJK}[集話话回]"
    r"|(?<![^\W_])([0-9]{1,4})(?:화|회|(?<=[0-9])[話话])(?![^\W_])",
    re.IGNORECASE,
)
_HAS_MARKER = re.compile(r"[0-9第]")


# One of them is in each of the forms above: without any, no pattern need be tried.
_HINTS = (
    *"sea saison sta temp sei ser sér sez sæs säs ses kausi évad сезон 第 cap 시즌".split(),
    *(f"t{digit}" for digit in range(10)),
)


class Found(NamedTuple):
    """A marker's place in the text, the digits of its season and of its first episode, and of the last if said."""

    start: int
    end: int
    season: str
    episode: str
    last: str = ""


def is_x_marker(text: str, found: re.Match[str]) -> bool:
    """Return whether `NxNN` is an episode: not a resolution (1280x720), not the film "10x10 (2018)"."""
    season, episode = found[1], found[2]
    if len(season) >= 3 and (len(season) == 3 or not year_of(season) or len(episode) > 2):
        return False
    if int(episode[:9]) in CODECS and len(season) == 1:
        return False
    if found.start() == 0:
        year = re.match(r"[ ._]*[([]?((?:19|20)[0-9]{2})(?![0-9])", text[found.end() :])
        return not (year and year_of(year[1]))
    return True


def first_marker(text: str) -> Found | None:
    """Return the first marker of a text, None without one; `SxxExx` goes before words, and these before `NxNN`."""
    if not _HAS_MARKER.search(text):
        return None
    found = _S_FORM.search(text)
    if found:
        digits = (found[1], found[2]) if found[1] else (found[3], found[4])
        return Found(found.start(), found.end(), *digits)
    for found in _X_FORM.finditer(text):
        if is_x_marker(text, found):
            return Found(found.start(), found.end(), found[1], found[2])
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return None
    found = _CAP_FORM.search(text)
    if found:
        return Found(found.start(), found.end(), found["season"], found["episode"], found["last"] or "")
    for pattern in (*_WORD_FORMS, _T_FORM):
        found = pattern.search(text)
        if found:
            season, episode = (_digits(group) for group in found.groups() if group)
            if "cap" in found[0].casefold() and len(episode) > 2 and int(episode[:-2]) == int(season):
                episode = episode[-2:]  # "Temporada 1 Cap.102"
            return Found(found.start(), found.end(), season, episode)
    return None


def first_count(text: str) -> Found | None:
    """Return the first episode of a text that is counted without a season; its season is ""."""
    found = _COUNT_FORM.search(text) if _HAS_MARKER.search(text) else None
    return Found(found.start(), found.end(), "", _digits(found[1] or found[2] or found[3])) if found else None


def _digits(text: str) -> str:
    """Return a number in digits: "十二" is 12, "二十" 20."""
    if text[0].isdecimal():
        return text
    tens, ten, ones = text.rpartition("十")
    values = [_NUMERALS.find(numeral) + 1 for numeral in (tens[-1:], ones[-1:])]
    return str((values[0] if tens else 1) * 10 * bool(ten) + (values[1] if ones else 0))


def later_markers(text: str, position: int) -> list[tuple[str, int, int, int]]:
    """Return text, season, first episode and place of each further marker from `position` on."""
    markers = []
    for pattern in (_S_FORM, _X_FORM):
        for found in pattern.finditer(text, position):
            if pattern is _X_FORM and (len(found[2]) < 2 or not is_x_marker(text, found)):
                continue
            season, episode = (found[1], found[2]) if found[1] else (found[3], found[4])
            if len(episode) <= 5:
                markers.append((found[0], int(season), int(episode), found.start()))
    return markers
