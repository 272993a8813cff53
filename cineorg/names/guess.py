"""guessit behind a guard: names that it can hang on or fail at never reach it, and its answer is judged.

`S01E01-E9999` takes it 95 s, a long run of `S01E01` 10 s, a lone surrogate makes it raise. Its answer may name a
film or an episode only with season and episodes, or title and year; and it is weak wherever, measured on real names,
it errs: see `_doubts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from .episodes import MAX_EPISODES, Marker, find_marker
from .films import is_of_series
from .heads import read_head
from .markers import first_marker
from .model import NameInfo
from .tags import gather, tokens_of
from .text import written, year_of
from .title_text import begins_with_code, has_site
from .titles import fold

MAX_LENGTH = 255
_MAX_NUMBERS = 24
_MAX_WORDS = 60
_LONG_NUMBER = re.compile(r"[0-9]{20,}")
_NUMBERS = re.compile(r"[0-9]+")
_MARKS = re.compile(r"[0-9][ ._-]*[ex×][ ._-]*[0-9]|s[0-9]+|(?:ep?|x)[0-9]+", re.IGNORECASE)
# What may make a range of two numbers: a sign or a short word ("to", "à", the Spanish "a"), the next marker's letters.
_JOINT = re.compile(r"[\W_]*(?:[^\W\d_]{0,3})[\W_]*[^\W\d_]{0,2}[\W_]*")
_SIGN = re.compile(r"[-~–+&]|(?<![^\W_])[^\W\d_]{1,3}(?=[\W_])")
# Numbers of quality, which join nothing.
_QUALITY = re.compile(
    r"(?<![^\W_])(?:[0-9]{3,4}[pi]|[xh][ .]?26[456]|[0-9]{3,4}x[0-9]{3,4}|[0-9]{1,2}bit)(?![^\W_])", re.IGNORECASE
)
_REPEATED = re.compile(r"(.{1,12}?)\1{7,}", re.DOTALL)
_CODE = re.compile(r"[a-z0-9]{1,8}-[a-z0-9.]+")  # "aaf-mb": the group's name and letters for the title
_OPTIONS = {"no_user_config": True, "name_only": True}
_GROUP = re.compile(r"^(?:\[[^\[\]]{0,40}\][ ._-]*)+")
_COUNTRY = re.compile(
    r"[ ._]*[(\[](US|USA|UK|GB|AU|AUS|CA|CAN|NZ|IE|IN|FR|DE|ES|IT|PT|NL|BE|CH|AT|DK|SE|NO|FI|IL|JP|KR|MX|BR|RU|ZA)[)\]]"
)


def sane(stem: str) -> bool:
    """Whether guessit reads this text within a moment: no long text, no wide range, no absurd repetition."""
    if not stem.strip() or len(stem) > MAX_LENGTH or len(stem.split()) > _MAX_WORDS or _LONG_NUMBER.search(stem):
        return False
    if len(_NUMBERS.findall(stem)) > _MAX_NUMBERS or len(_MARKS.findall(stem)) > 12 or _REPEATED.search(stem):
        return False
    marked = _MARKS.search(stem) is not None
    text = _QUALITY.sub("#quality#", stem)
    numbers = _NUMBERS.finditer(text)
    return not any(_is_wide(text, first, last, marked) for first, last in pairwise(numbers))


def _is_wide(stem: str, one: re.Match[str], other: re.Match[str], marked: bool) -> bool:
    """Whether guessit would count out more than a hundred numbers from one to the other.

    It does so where a letter stands at one end ("E01-E9999", "S01-S9999", "1x01-9999", "D1-D9999") and, behind a
    marker, for a bare range as well.
    """
    first, last = int(one[0]), int(other[0])
    joint = stem[one.end() : other.start()]
    if (
        abs(last - first) <= MAX_EPISODES
        or not _SIGN.search(stem, one.end(), other.start())
        or not _JOINT.fullmatch(joint)
    ):
        return False
    before = stem[max(0, one.start() - 2) : one.start()].strip(" ._")[-1:].lower()
    if len(one[0]) == 4 and year_of(one[0]) and not stem[max(0, one.start() - 1)].isalpha():
        return False
    if before in tuple("sexdpv"):
        return True
    if joint.strip(" ._").endswith(tuple("sexdpvSEXDPV")):
        return True
    return marked and not (year_of(one[0][:4]) or year_of(other[0][:4]))


def clean(stem: str) -> str:
    """The text without what no reader can use: lone surrogates and control characters become a question mark."""
    return "".join("?" if "\ud800" <= c <= "\udfff" else c if c.isprintable() else " " for c in stem)


def _ask(stem: str) -> dict[str, Any]:
    """guessit's own answer; empty when it fails."""
    from guessit import guessit

    try:
        return dict(guessit(stem, _OPTIONS))
    except Exception:  # whatever a library of rules raises on an odd name, the name is just not read
        return {}


def _whole(value: Any) -> tuple[int, ...]:
    """One number or several, ascending, each once."""
    values = value if isinstance(value, list) else [value]
    return tuple(sorted({number for number in values if isinstance(number, int) and 0 <= number < 100_000}))


def _text(value: Any) -> str:
    """One text of an answer that may be a list of them."""
    return str(value[0] if isinstance(value, list) and value else value or "")


def _doubts(stem: str, answer: Mapping[str, Any], title: str, episodes: tuple[int, ...], explicit: bool) -> bool:
    """Whether this answer is one of those that are too often wrong to decide anything.

    Measured on 924 real names: refusing these, 478 right, 12 wrong, 3 nothing; accepting all, 573, 38 and 11.
    """
    if not _is_all_in_front(stem, answer, title) or begins_with_code(stem, is_lower=stem.islower()):
        return True
    if not title or not (title.isdigit() or any("a" <= c <= "z" for c in fold(title))):
        return True
    if episodes and episodes != tuple(range(episodes[0], episodes[-1] + 1)):
        return True
    if re.match(r"[ ._\[(-]*(?:[0-9]{8}|[0-9]{6})(?![0-9])", stem):
        return True
    seasons = _whole(answer.get("season", []))
    if len(seasons) > 1 or (seasons and seasons[0] >= 1900 and not explicit):
        return True
    if not fold(stem).startswith(fold(title)) or "alternative_title" in answer:
        return True
    return bool(re.match(r"[ ._]+-[ ._]+[^\W\d_]", stem[len(title) :]) and stem[: len(title)] == title)


def _is_all_in_front(stem: str, answer: Mapping[str, Any], title: str) -> bool:
    """Return whether the title is all that stands before the marker or the year, and no code of a group's.

    guessit cuts "Part III", "Vol. 3", "2.0", "Collector" and "Classic" off, as parts, editions and releases.
    """
    marker = first_marker(stem)
    if marker is not None:
        head = read_head(stem[: marker.start], int(marker.season)).text
    else:
        head = stem.rpartition(str(answer.get("year") or "\0"))[0]
        if is_of_series(head):
            return False
    head = written(read_head(head).text)
    return fold(head) == fold(title) and not _CODE.fullmatch(head) and not has_site(head)


def _number_title(stem: str, answer: Mapping[str, Any]) -> str:
    """The title when guessit took the number at the beginning for a year or an episode, else nothing."""
    found = re.match(r"([0-9]{1,4})[ ._]+(?=[^\W\d_])", stem)
    if not found or not answer.get("title") or "season" in answer:
        return ""
    if int(found[1]) in (answer.get("year"), answer.get("episode")) and not re.match(r"[0-9]+[ ._]*-", stem):
        return f"{found[1]} {answer['title']}" if answer.get("year") == int(found[1]) else ""
    return ""


def _with_country(stem: str, title: str) -> str:
    """The title of a series with its country, which guessit takes off: "The Office (US)" is not "The Office (UK)"."""
    found = _COUNTRY.match(stem, len(title))
    return f"{title} ({found[1]})" if found else title


def read_guess(stem: str) -> NameInfo:
    """What guessit says of a stem (no extension, no ids), judged; source `none` when it was not asked."""
    text = clean(stem)
    marker = find_marker(text)
    answer = _ask(text) if sane(text) else {}
    if not answer:
        return _unread(text, marker)
    explicit = marker is not None and bool(marker.episodes)
    episodes = _whole(answer.get("episode", []))
    seasons = _whole(answer.get("season", []))
    season = seasons[0] if seasons else None
    year = answer.get("year") if isinstance(answer.get("year"), int) else None
    if marker is not None:
        season, episodes = marker.season, marker.episodes
    title = written(_text(answer.get("title")))
    numbered = _number_title(text, answer)
    if numbered:
        title, year = written(numbered), None
    if not title and year and not episodes:
        title = _edition_title(text, str(year))
    doubtful = not answer.get("title") or _doubts(text, answer, title, episodes, explicit)
    if marker is not None and not doubtful:
        title = _with_country(text, title)
    date = answer.get("date")
    is_episode = marker is not None or answer.get("type") == "episode"
    tags, edition = gather(tokens_of(_behind(text, title)), text)
    part = answer.get("part") or answer.get("cd")
    return NameInfo(
        kind="episode" if is_episode else "film" if title and year else "",
        title=title,
        year=year,
        season=season,
        episodes=episodes if len(episodes) <= MAX_EPISODES else (),
        episode_title=written(_text(answer.get("episode_title"))) if is_episode else "",
        edition=edition or (_text(answer.get("edition")) if not edition else ""),
        part=part if isinstance(part, int) else None,
        version=answer.get("version") if isinstance(answer.get("version"), int) else None,
        tags=tags,
        date=date.isoformat() if date is not None and is_episode and not episodes else "",
        absolute=bool(episodes) and season is None,
        strong=not doubtful and (explicit if is_episode else bool(title and year)),
        conflict=marker.conflict if marker else "",
        source="guessit",
    )


def _unread(text: str, marker: Marker | None) -> NameInfo:
    """What our own marker says of a name that guessit did not read: weak, for nobody has read the title."""
    if marker is None:
        return NameInfo()
    return NameInfo(
        kind="episode",
        title=written(_GROUP.sub("", text[: marker.start])),
        season=marker.season,
        episodes=marker.episodes,
        conflict=marker.conflict,
    )


def _edition_title(stem: str, year: str) -> str:
    """A title that is made of edition words: "Directors.Cut.German.2006" is a film called "Directors Cut"."""
    tokens = tokens_of(stem.partition(year)[0])
    return written(tokens[0].text) if tokens and tokens[0].word and tokens[0].word.edition else ""


def _behind(stem: str, title: str) -> str:
    """The text without the title at its beginning: words of a title are no tags."""
    return stem[len(title) :] if title and fold(stem[: len(title)]) == fold(title) else stem
