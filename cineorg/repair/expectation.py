"""What a link says that its file is: by its own name and folders, and by the name of the file that it had. Pure.

Both are heard. Where they contradict each other, the link may have been wrong before its file went, and nothing is
decided by names. Only strong readings claim anything; a weak one describes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations

from ..catalogue.registration import TitleRow
from ..names import NameInfo
from ..names.comparison import OTHER, Difference, compare, verdict
from ..names.release import Release, release_of
from ..names.title import LOOSE, OTHER_NUMBERS, SAME_TITLE, relation
from ..names.title_words import is_substantial
from ..names.work import EPISODE, FILM, Ids, Work, work_of
from ..names.work_index import Found, WorkIndex

OWN, OLD_FILE, CATALOGUE = "", "its old file's title", "a title that the catalogue knows for it"
_NUMBERS = ("season", "episode")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of the file that a link means.

    `work`: the film or episodes, under all titles that are known for them; `origins`: title → whose it is (OWN,
    OLD_FILE, CATALOGUE). `years`: which the old file and the catalogue say. `old_episodes` are those of its old file,
    which may hold more. `releases`: the link's own, then its old file's. `conflict`: why names may not decide, or "".
    """

    work: Work = field(default_factory=lambda: Work(is_strong=False))
    origins: dict[str, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    old_episodes: tuple[int, ...] = ()
    releases: tuple[Release, ...] = ()
    episode_titles: tuple[str, ...] = ()
    conflict: str = ""

    @property
    def kind(self) -> str:
        """`film`, `episode` or nothing."""
        return self.work.kind

    @property
    def own_work(self) -> Work:
        """The work without the titles that only its old file says: that may have been another one's."""
        titles = tuple(title for title in self.work.titles if self.origins.get(title) != OLD_FILE)
        return replace(self.work, titles=titles)

    @property
    def title(self) -> str:
        """The title that the link itself (or else its old file) says."""
        return self.work.title

    @property
    def numbers(self) -> str:
        """The numbers for a message: "S04E021" is written S04E21."""
        return self.work.numbers


class KnownWorks:
    """The films and series of the catalogue."""

    def __init__(self, films: Iterable[TitleRow], series: Iterable[TitleRow]) -> None:
        self._films = WorkIndex((row.id, row.work(FILM)) for row in films)
        self._series = WorkIndex((row.id, row.work(EPISODE)) for row in series)
        self._rows = {FILM: dict(self._films), EPISODE: dict(self._series)}

    def rows_of(self, work: Work) -> list[Work]:
        """Return the rows that are the film or the series of a work."""
        return [rows[key] for rows, found in self._find(work) for key in found.same]

    def years_of(self, work: Work) -> frozenset[int]:
        """Return the years that the rows of a film say, and those that may be its: they may be one off."""
        keys = [(rows, key) for rows, found in self._find(work) for key in (*found.same, *found.open)]
        return frozenset(year for rows, key in keys if (year := rows[key].year) and work.kind == FILM)

    def _find(self, work: Work) -> list[tuple[dict[int, Work], Found[int]]]:
        index = {FILM: self._films, EPISODE: self._series}.get(work.kind)
        return [(self._rows[work.kind], index.find(work))] if index is not None else []

    def places_of(self, titles: Iterable[str]) -> frozenset[tuple[int | None, str]]:
        """Return year and country of every series of these titles."""
        return self._series.places_of(titles)


def expect(
    own: NameInfo, old: NameInfo, known: KnownWorks, *, own_name: str = "", old_name: str = "", row: Work | None = None
) -> Expectation:
    """Return what a link expects; `own` is the reading of the link, `old` that of the file it had.

    `row`: what the row of the catalogue that names the old file says.
    """
    main, other = (own, old) if own.strong or not old.strong else (old, own)
    origins: dict[str, str] = dict.fromkeys((title for title in (main.title, *main.alt_titles) if title), OWN)
    relative = relation(main.title, other.title)
    is_one = relative in (SAME_TITLE, LOOSE)
    # A code such as "abc" stands for several series; what is one with the link's own title is none.
    is_telling = is_one or (relative != OTHER_NUMBERS and is_substantial(old.title))
    if main is own and old.strong and old.kind == own.kind and is_telling:
        origins.setdefault(old.title, OLD_FILE)
    work = work_of(main, origins, {*own.ids, *old.ids})
    if work.year is None and is_one:
        work = replace(work, year=other.year)
    work = replace(work, part=own.part if own.part is not None else old.part)
    rows = known.rows_of(work)
    if row is not None and verdict(compare(work.series if work.kind == EPISODE else work, row)) != OTHER:
        rows = [*rows, row]
    years = known.years_of(work) | {row.year for row in rows if row.year}
    work = _with_rows(work, rows, origins)
    conflict = contradiction(own, old) or own.conflict
    if any(verdict(compare(*pair)) == OTHER for pair in combinations(rows, 2)):
        conflict = conflict or "the catalogue knows several of this title and year"
    return Expectation(
        work=replace(work, is_strong=main.strong, conflict=""),
        origins=origins,
        years=years | ({old.year} if old.strong and old.kind == FILM and old.year else frozenset()),
        old_episodes=old.episodes if old.strong else (),
        releases=(release_of(own, own_name), release_of(old, old_name)),
        episode_titles=tuple(title for title in (own.episode_title, old.episode_title) if title),
        conflict=conflict,
    )


def _with_rows(work: Work, rows: Iterable[Work], origins: dict[str, str]) -> Work:
    """Return the work with the titles and ids of its rows; the titles are added to `origins`, too."""
    ids: set[tuple[str, str]] = set(work.ids)
    for row in rows:
        for title in row.titles:
            origins.setdefault(title, CATALOGUE)
        ids.update(row.ids)
    return replace(work, titles=tuple(origins), ids=tuple(sorted(ids)))


def contradiction(own: NameInfo, old: NameInfo) -> str:
    """Return in words how a link and the file that it had contradict each other, or ""."""
    one, other = work_of(own), work_of(old)
    for difference in compare(one, other):
        is_believed = old.strong and (own.strong or difference.field in _NUMBERS)
        if difference.is_other and (is_believed or difference.field in ("part", "id", "date")):
            return _in_words(difference, one, other)
    return ""


def _in_words(difference: Difference, one: Work, other: Work) -> str:
    if difference.field == "id":
        return "the link and its old file carry different ids"
    if difference.field in _NUMBERS:
        return f"the link says {one.numbers}, its old file {other.numbers}"
    what = "part " if difference.field == "part" else ""
    return f"the link says {what}{difference.ours}, its old file {what}{difference.theirs}"


def shared_ids(one: Ids, other: Ids) -> Ids:
    """Return the ids that both have."""
    return tuple(sorted(set(one) & set(other)))
