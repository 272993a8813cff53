"""Whether a stored file is what a link claims: a score, the evidence in words, and what forbids it. Pure.

From 90 on a file may be given to a link without anybody being asked. Below stand those whose names leave something
open: another release (88), another edition (85), a name that says too little (80). An objection is a contradiction:
no score makes up for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..names import NameInfo
from ..names.title_keys import compact, different_words, is_same_title, is_sequel, title_key
from ..names.titles import numerals
from ..names.vocabulary import LANGUAGES, RESOLUTIONS
from .expectation import Claim, different_ids, numbers_text

SAME, ALIAS, JOINED, ARTICLE, BY_ID = 97.0, 96.0, 95.0, 93.0, 98.0
OTHER_RELEASE, OTHER_EDITION, WEAK_NAME, UNSURE, CLOSE = 88.0, 85.0, 80.0, 75.0, 89.0
LEAST = 60.0
_SOURCES = frozenset(("bluray", "web", "dvd", "hdtv", "tv", "vhs", "cam", "ts", "dvdscr", "hddvd", "hdrip"))
_CODECS = frozenset(("x264", "x265", "av1", "xvid", "divx", "mpeg2", "vc1", "vp9"))
_RANGES = frozenset(("hdr", "dv", "sdr"))
# One after the other they tell twins apart: what is said first decides first.
CATEGORIES = (RESOLUTIONS, frozenset(("remux",)), _SOURCES, frozenset(("3d",)), _RANGES, _CODECS, LANGUAGES)
_TELLING = (RESOLUTIONS, _SOURCES, _CODECS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a file fits: `objection` says why it never may be taken on its own, or ""."""

    score: float
    evidence: str
    objection: str = ""
    is_close: bool = False


class Surroundings(NamedTuple):
    """What is known around a file. `is_newer`: it came when the link's old file went, and may be another release.

    `is_near`: it lies in the folder of the old file's series. `shown_years`, `stored_years`: with which years the
    links' and the stored folders know series of its title; None among the shown ones: without a year.
    `known_years`: with which years the catalogue knows it.
    """

    is_newer: bool = False
    is_near: bool = False
    shown_years: frozenset[int | None] = frozenset()
    stored_years: frozenset[int | None] = frozenset()
    known_years: frozenset[int] = frozenset()


def judge(claim: Claim, info: NameInfo, around: Surroundings) -> Verdict | None:
    """Return how well a file's reading fits a claim, None when it is no candidate at all."""
    if info.extra or (claim.kind and info.kind and claim.kind != info.kind) or not info.title:
        return None
    if claim.kind == "episode" or (not claim.kind and info.kind == "episode"):
        numbers = _judge_numbers(claim, info)
        if numbers is None:
            return None
    else:
        numbers = Verdict(100.0, "")
    title = _judge_title(claim, info)
    if title is None:
        return None
    facts = [title, numbers, judge_year(claim, info, around), _judge_rest(claim, info, around.is_newer)]
    objection = "; ".join(fact.objection for fact in facts if fact.objection)
    score = min(fact.score for fact in facts)
    evidence = ", ".join(fact.evidence for fact in facts if fact.evidence)
    return Verdict(round(min(score, LEAST) if objection else score, 1), evidence, objection, title.is_close)


def _judge_title(claim: Claim, info: NameInfo) -> Verdict | None:
    shared = set(claim.ids) & set(info.ids)
    if shared:
        kind, value = min(shared)
        return Verdict(BY_ID, f"same {kind} id {value}")
    if different_ids(claim.ids, info.ids):
        return Verdict(LEAST, "", f"other id: {_ids(claim.ids)} / {_ids(info.ids)}")
    key = title_key(info.title)
    origin = claim.origin_of(info.title)
    if origin is not None:
        return Verdict(ALIAS, origin) if origin else Verdict(SAME, "same title")
    for text, origin in claim.titles.items():
        if compact(title_key(text)) == compact(key) and len(key) > 3:
            return Verdict(JOINED, origin or "same title, written together")
        if is_same_title(text, info.title):
            return Verdict(ARTICLE, origin or "same title but for the article")
    return _judge_close_title(claim, info, key)


def _judge_close_title(claim: Claim, info: NameInfo, key: str) -> Verdict | None:
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    best = max(claim.titles, key=lambda text: fuzz.ratio(title_key(text), key), default="")
    known = title_key(best)
    if is_sequel(best, info.title) and claim.titles[best] == "":
        one, other = different_words(best, info.title)
        return Verdict(LEAST, "", f"numbers differ: {one} / {other}", is_close=True)
    score = max(fuzz.ratio(known, key), fuzz.token_sort_ratio(known, key))
    if score < LEAST or numerals(best) != numerals(info.title):
        return None
    is_slip = score >= 90 and _is_slip(known, key, OSA.distance(known, key))
    words = f"title {score:.0f} % the same: {info.title}"
    return Verdict(min(score, 96.0) if is_slip else min(score, CLOSE), words, is_close=True)


def _is_slip(one: str, other: str, distance: int) -> bool:
    """Return whether two keys of several words differ by a slip of the pen in one long word; a plural is none."""
    here, there = one.split(), other.split()
    if len(here) != len(there) or len(here) < 2 or distance != 1:
        return False
    changed = [(a, b) for a, b in zip(here, there, strict=True) if a != b]
    if len(changed) != 1:
        return False
    a, b = changed[0]
    return min(len(a), len(b)) >= 7 and a.rstrip("sx") != b.rstrip("sx") and a[:1] == b[:1] and (a + b).isalpha()


def _judge_numbers(claim: Claim, info: NameInfo) -> Verdict | None:
    """Return how the episode numbers fit; None when the file is another episode."""
    if claim.date or info.date:
        if claim.date != info.date:
            return None
        return Verdict(SAME, claim.date)
    if not claim.episodes or not info.episodes or claim.season != info.season:
        return None
    wanted, there = set(claim.episodes), set(info.episodes)
    if not wanted & there:
        return None
    text = numbers_text(info.season, info.episodes)
    if wanted == there:
        return Verdict(SAME, text)
    if wanted < there:
        return Verdict(JOINED, f"{text} in one file")
    return Verdict(LEAST, "", f"holds {text} only, not {claim.numbers}")


def judge_year(claim: Claim, info: NameInfo, around: Surroundings) -> Verdict:
    """Return how the years fit; of a series, whether the file may belong to another one of the same title."""
    if claim.year and info.year:
        if claim.year == info.year:
            return Verdict(100.0, str(info.year))
        return Verdict(LEAST, "", f"same title, other year: {claim.year} / {info.year}")
    if claim.kind == "film" or info.kind == "film":
        return Verdict(WEAK_NAME, "the year is not said")
    rivals = _rival_years(claim.year, info.year, around)
    if rivals and not (around.is_near and info.year is None):
        known = _list({str(year or "no year") for year in rivals | {claim.year or info.year}})
        return Verdict(UNSURE, "", f"there are several series of this title: {known}")
    if info.year and info.year not in around.known_years:
        # "Doctor Who" was there in 1963, too: a year that only the file says may tell it from the link's series.
        return Verdict(UNSURE, "", f"only the file says a year: {info.year}")
    if not _episode_titles_agree(claim, info):
        return Verdict(OTHER_EDITION, f"its episode is called {info.episode_title}")
    return Verdict(100.0, "")


def _rival_years(own: int | None, other: int | None, around: Surroundings) -> set[int | None]:
    """Return the years of other series that a file may belong to, one of link and file saying none."""
    if own:
        return set(around.shown_years | around.stored_years) - {own}
    if other:
        # The link's series is shown without a year: one that is shown with the file's year is another.
        return {year for year in around.shown_years if year} | (set(around.stored_years) - {other})
    return {year for year in around.shown_years | around.stored_years if year}


def _episode_titles_agree(claim: Claim, info: NameInfo) -> bool:
    """Return whether the file's episode title, if it says one, may be one of those claimed."""
    key = title_key(info.episode_title)
    known = [title_key(title) for title in claim.episode_titles]
    if len(key.split()) < 2 or not any(len(title.split()) >= 2 for title in known):
        return True
    from rapidfuzz import fuzz

    return max(fuzz.partial_ratio(key, title) for title in known) >= 70


def _judge_rest(claim: Claim, info: NameInfo, is_newer: bool) -> Verdict:
    """Return what part, edition, tags and the strength of the reading say."""
    if claim.part != info.part:
        return Verdict(LEAST, "", f"other part: {claim.part or 'none'} / {info.part or 'none'}")
    if not info.strong or not claim.strong:
        return Verdict(
            WEAK_NAME, "the name alone does not say so" if claim.strong else "the link's name says too little"
        )
    if info.conflict:
        return Verdict(WEAK_NAME, info.conflict)
    if title_key(claim.edition) != title_key(info.edition):
        return Verdict(OTHER_EDITION, f"other edition: {claim.edition or 'none'} / {info.edition or 'none'}")
    for tags, categories in ((claim.own_tags, CATEGORIES), (frozenset() if is_newer else claim.old_tags, _TELLING)):
        for category in categories:
            here, there = tags & category, info.tags & category
            if here and there and not here & there:
                return Verdict(OTHER_RELEASE, f"other release: {_list(here)} / {_list(there)}")
    return Verdict(100.0, "")


def names_same_thing(
    one: Claim, other: Claim, file_episodes: tuple[int, ...] = (), *, by_title: bool = True
) -> bool | None:
    """Return whether two links name the same film or episode; None when a name says too little to tell.

    `file_episodes`: those of a file that both would share; it may hold several. Without `by_title` titles may differ,
    as those of two languages do.
    """
    if not one.strong or not other.strong:
        return None
    if one.kind != other.kind or one.year != other.year:
        return False
    if by_title and not one.keys & other.keys:
        return False
    if one.part != other.part and (one.kind == "film" or None not in (one.part, other.part)):
        return False
    if one.kind == "film":
        return True
    if one.date or other.date:
        return one.date == other.date
    both = set(one.episodes) | set(other.episodes)
    return one.season == other.season and (one.episodes == other.episodes or both <= set(file_episodes))


def _list(values: set[str] | frozenset[str]) -> str:
    return ", ".join(map(str, sorted(values)))


def _ids(ids: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"{kind}-{value}" for kind, value in ids)
