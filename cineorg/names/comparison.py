"""Whether two works are one. The only answer to that question in the package; everything else is a policy over it.

`compare` lists what differs: with no difference two works are the same, with one that is *other* they are not, else
the question is open. A close title is never a no, and never a yes. What needs a second witness to be settled gets it
as a `Witness`, so that the same two names are always compared alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .title import CLOSE, LOOSE, OTHER_NUMBERS, SAME_TITLE, closest
from .work import EPISODE, FILM, Ids, Work, numbers_text

__all__ = [
    "NO_WITNESS",
    "OPEN",
    "OTHER",
    "SAME",
    "Difference",
    "Witness",
    "compare",
    "differing_numbers",
    "holds",
    "other_ids",
    "verdict",
]

SAME, OPEN, OTHER = "same", "open", "other"
_NOT_SAID = "not said"
_FIRST_YEAR = 1900  # a season of that number is a year
_SEASONS_OFF = 2  # seasons are skipped, and two may fall into one year


class Difference(NamedTuple):
    """One point on which two works differ; `is_other`: it contradicts, else it leaves the question open."""

    field: str
    ours: str
    theirs: str
    is_other: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """The point for people: "year 1995 / 2004", "season 2 / not said"."""
        if self.field in ("reading", "conflict"):
            return self.theirs or self.ours
        note = f" ({self.note})" if self.note else ""
        return f"{self.field} {self.ours or _NOT_SAID} / {self.theirs or _NOT_SAID}{note}"


class Witness(NamedTuple):
    """What is known beside the two names.

    `years`: which others say of `one`: the link's old target, the row of the catalogue. `series`: year and country of
    every series of its title that storage and catalogue know; `shown`: of every other one that has a folder of links,
    a year of None where it says none. `is_home`: the file lies in the folder of the link's own series.
    """

    years: frozenset[int] = frozenset()
    series: frozenset[tuple[int | None, str]] = frozenset()
    shown: frozenset[tuple[int | None, str]] = frozenset()
    is_home: bool = False


NO_WITNESS = Witness()


def compare(one: Work, other: Work, witness: Witness = NO_WITNESS) -> list[Difference]:
    """Return in what `other` is not, or may not be, `one`, or hold it: a file of two episodes holds each of them."""
    if one.kind and other.kind and one.kind != other.kind:
        return [Difference("kind", one.kind, other.kind, one.is_strong and other.is_strong)]
    kind = one.kind or other.kind
    found = _differing_ids(one.ids, other.ids)
    # An id that both have says title and year once and for all.
    if found or not set(one.ids) & set(other.ids):
        found += _titles(one, other, kind, witness)
        found += _film_years(one, other, witness) if kind != EPISODE else _series_years(one, other, witness)
    if kind != FILM:
        found += differing_numbers(one, other)
    return [*found, *_parts(one, other), *_readings(one, other)]


def holds(file: Work, work: Work) -> bool:
    """Return whether a file certainly holds the episodes of a work, whatever the titles of both."""
    is_certain = work.is_strong and file.is_strong and work.kind == file.kind == EPISODE
    return is_certain and not file.conflict and not differing_numbers(work, file) and not _parts(work, file)


def verdict(differences: Iterable[Difference]) -> str:
    """Return SAME, OPEN or OTHER."""
    answers = {difference.is_other for difference in differences}
    return OTHER if True in answers else OPEN if answers else SAME


def other_ids(one: Ids, other: Ids) -> bool:
    """Return whether both have an id of the same kind, and none of them is the same."""
    return any(difference.is_other for difference in _differing_ids(one, other))


def _differing_ids(one: Ids, other: Ids) -> list[Difference]:
    here, there = set(one), set(other)
    kinds = {kind for kind, _ in here} & {kind for kind, _ in there}
    differing = {kind for kind in kinds if not {i for i in here if i[0] == kind} & {i for i in there if i[0] == kind}}
    if not differing:
        return []
    return [Difference("id", _ids_text(one, differing), _ids_text(other, differing), not here & there)]


def _ids_text(ids: Ids, kinds: Iterable[str]) -> str:
    return " ".join(f"{kind}-{value}" for kind, value in ids if kind in kinds)


# Titles


def _titles(one: Work, other: Work, kind: str, witness: Witness) -> list[Difference]:
    relation, ours, theirs = closest(one.titles, other.titles)
    if relation == SAME_TITLE:
        return []
    if not ours:
        return [Difference("title", one.title, other.title)]
    if relation == LOOSE and _is_same_by_witness(one, other, kind, witness):
        return []
    if relation not in (LOOSE, CLOSE):
        ours, theirs = one.title, other.title
    return [Difference("title", ours, theirs, relation == OTHER_NUMBERS)]


def _is_same_by_witness(one: Work, other: Work, kind: str, witness: Witness) -> bool:
    """Return whether something else confirms titles that are one but for an article: series often are two."""
    has_same_year = one.year is not None and one.year == other.year
    if kind == EPISODE:
        return has_same_year or witness.is_home or (one.country != "" and one.country == other.country)
    return has_same_year


# Years and countries


def _film_years(one: Work, other: Work, witness: Witness) -> list[Difference]:
    if one.year is None or other.year is None:
        return [Difference("year", _text(one.year), _text(other.year))]
    apart = abs(one.year - other.year)
    # Festivals and countries make a year's difference; a remake comes later.
    if apart == 0 or (apart == 1 and other.year in witness.years):
        return []
    return [Difference("year", _text(one.year), _text(other.year), apart > 1)]


def _series_years(one: Work, other: Work, witness: Witness) -> list[Difference]:
    has_year = one.year is not None and other.year is not None
    if one.country and other.country and one.country != other.country:
        return [Difference("country", one.country, other.country, True)]
    if has_year and one.year != other.year:
        return [Difference("year", _text(one.year), _text(other.year), not _may_be_air_year(one, other))]
    if witness.is_home:
        return []
    country = one.country or other.country
    if one.country != other.country and (not has_year or (other.year, country) in witness.shown):
        # "Hunted AU" is called so because there is another one.
        return [Difference("country", one.country, other.country)]
    return [] if has_year else _namesakes(one, other, witness)


def _namesakes(one: Work, other: Work, witness: Witness) -> list[Difference]:
    """Return whether the one side that says no year, or both, may be another series of the title."""
    said, country = one.year or other.year, one.country or other.country
    # Beside a link that says no year, whatever has another folder is another series, be its year the file's.
    rivals = {place for place in witness.shown if place[0] != one.year or (place[1] and place[1] == country)}
    stored = {place for place in witness.series if place[0] != said and place != (None, "")}
    known = {place for place in rivals | stored if not country or place[1] in ("", country)}
    if (rivals & known) or (stored & known and said) or len(known) > 1:
        return [Difference("year", _text(one.year), _text(other.year), note=_listed(known | {(said, "")}))]
    return []


def _may_be_air_year(one: Work, other: Work) -> bool:
    """Return whether the later year may be that in which a season of the earlier series was shown."""
    first, later = sorted((one, other), key=lambda work: work.year or 0)
    season = later.season if later.season is not None else first.season
    if season is None or season >= _FIRST_YEAR:
        return False
    return abs((later.year or 0) - (first.year or 0) - (season - 1)) <= _SEASONS_OFF


def _listed(places: Iterable[tuple[int | None, str]]) -> str:
    listed = sorted({f"{year or ''} {country}".strip() or "no year" for year, country in places})
    return f"several series of this title: {', '.join(listed)}"


# Numbers


def differing_numbers(one: Work, other: Work) -> list[Difference]:
    """Return how the numbers of two works differ, whatever their titles."""
    has_numbers, has_others = bool(one.may_hold()), bool(other.may_hold())
    if not has_numbers and not has_others:
        return _dates(one, other)
    if not (has_numbers and has_others):
        return [Difference("episode", one.numbers if has_numbers else "", other.numbers if has_others else "")]
    if one.season != other.season:
        said = _season(one), _season(other)
        is_certain = None not in (one.season, other.season) and not _counts_otherwise(one, other)
        return [Difference("season", *said, is_certain)]
    return _episodes(one, other)


def _dates(one: Work, other: Work) -> list[Difference]:
    if one.date == other.date:
        return []
    return [Difference("date", one.date, other.date, bool(one.date and other.date))]


def _season(work: Work) -> str:
    return "" if work.season is None else str(work.season)


def _counts_otherwise(one: Work, other: Work) -> bool:
    """Return whether one counts its seasons by years, or its specials by episode 0, and the other does not."""
    has_special = (one.season == 0 and 0 in other.episodes) or (other.season == 0 and 0 in one.episodes)
    return has_special or ((one.season or 0) >= _FIRST_YEAR) != ((other.season or 0) >= _FIRST_YEAR)


def _episodes(one: Work, other: Work) -> list[Difference]:
    ours, theirs = frozenset(one.episodes), frozenset(other.episodes)
    is_held = one.may_hold() <= theirs or (ours == theirs and one.may_hold() == other.may_hold())
    if ours and is_held:
        return []
    said = _numbers_text(one), _numbers_text(other)
    return [Difference("episode", *said, not one.may_hold() & other.may_hold())]


def _numbers_text(work: Work) -> str:
    """Return the numbers with those that are only possible: `S05E19E25, perhaps E19-E25`."""
    maybe = numbers_text(None, work.possible) if set(work.possible) - set(work.episodes) else ""
    return ", perhaps ".join(text for text in (work.numbers if work.episodes else "", maybe) if text)


# The rest


def _parts(one: Work, other: Work) -> list[Difference]:
    """Return how the pieces differ: of a film without a number, "cd1" is not the whole."""
    if one.part == other.part:
        return []
    said: Sequence[str] = [_text(one.part), _text(other.part)]
    return [Difference("part", said[0], said[1], bool(one.part and other.part))]


def _readings(one: Work, other: Work) -> list[Difference]:
    found = []
    if not one.is_strong:
        found.append(Difference("reading", "its own name says too little", ""))
    elif not other.is_strong:
        found.append(Difference("reading", "", "the name alone does not say so"))
    if one.conflict or other.conflict:
        found.append(Difference("conflict", one.conflict, other.conflict))
    return found


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
