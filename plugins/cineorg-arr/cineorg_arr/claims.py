"""What a broken link is: one film, or episodes of one series, by its names and by the catalogue. Pure.

The catalogue's row that names the link's file knows best; the names must not contradict it. Without one, the row of
the same title and year adds its ids. Whatever is left in doubt is no claim but a reason.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cineorg.plugin import (
    KnownWorks,
    NameInfo,
    NameReader,
    Settings,
    Unresolved,
    Work,
    expect,
    is_inside,
    other_ids,
)

from .rows import EPISODE, FILM, Ids, Named, Rows, Title

MAY_BE_IT = 80.0  # from this score on a stored file has the film's or episode's own title and numbers


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. `titles` are all that it may be called, `episodes` are of `season`; `date` is a daily show's.

    `is_year_guessed`: it is that of the catalogue's only row of this title, which need not be what the link meant.
    """

    kind: str
    titles: tuple[str, ...]
    year: int | None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    date: str = ""
    ids: Ids = frozenset()
    is_year_guessed: bool = False


class Doubt(Exception):
    """Why nothing may be asked for a link."""


def end_of(link: Unresolved) -> str:
    """Return where a link leads by its text, absolute."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(link.path), link.target))


class Reader:
    """Says of each link what it is."""

    def __init__(self, settings: Settings, rows: Rows) -> None:
        self._settings, self._rows = settings, rows
        self._names = NameReader()
        # What the catalogue knows is asked here, row by row: it must not say for a link what its names leave open.
        self._known = KnownWorks((), ())

    def read(self, link: Unresolved) -> Wanted:
        """Return what a link is; raises Doubt."""
        if not self._settings.is_video(link.path):
            raise Doubt("it is no video")
        best = max(link.candidates, key=lambda item: item.score, default=None)
        if best is not None and best.score >= MAY_BE_IT:
            raise Doubt("a stored file may be it; decide with `cineorg repair-links`")
        own = self._read(link.path, [self._settings.video])
        if own.extra:
            raise Doubt("it is an extra, which nobody can search for")
        claim = expect(own, self._read(end_of(link), self._settings.storage), self._known)
        if claim.conflict:
            raise Doubt(claim.conflict)
        named = self._rows.by_file.get(end_of(link), [])
        if len(named) > 1:
            raise Doubt("the catalogue says of several things that they were this file")
        wanted = _by_row(claim.work, named[0]) if named else self._by_names(claim.work)
        return _checked(wanted)

    def _read(self, path: str, roots: Iterable[str]) -> NameInfo:
        """Return what a path's name says with the folders below its root; of one outside, the last three."""
        folders = posixpath.dirname(path).strip("/").split("/")[-3:]
        for root in roots:
            if root and is_inside(path, root):
                folders = [part for part in posixpath.dirname(path)[len(root) :].split("/") if part]
        return self._names.read(posixpath.basename(path), folders)

    def _by_names(self, work: Work) -> Wanted:
        # An id is as strong as numbers; of an episode it says only the series.
        if not (work.is_strong or (work.kind == FILM and work.ids)) or not work.titles:
            raise Doubt("its name says too little")
        wanted = Wanted(work.kind, work.titles, work.year, work.season, work.episodes, work.date)
        wanted = replace(wanted, ids=frozenset(work.ids))
        same = self._rows.called(work.kind, work.titles, work.year)
        if len(same) > 1:
            raise Doubt("the catalogue knows several of this title" + (" and year" if work.year else ""))
        wanted = replace(wanted, is_year_guessed=work.year is None and not work.ids)
        return _with_title(wanted, same[0]) if same else wanted


def _by_row(work: Work, named: Named) -> Wanted:
    """Return what the row says that names the link's file, unless the names contradict it."""
    row = named.title
    doubt = Doubt(f"its names and the catalogue, which says “{row.title}” ({row.year or 'no year'}), do not agree")
    if work.is_strong:
        is_called = any(map(row.is_called, work.titles))
        if work.kind != row.kind or (work.year and row.year and work.year != row.year):
            raise doubt
        if not is_called and not (work.year and row.year):
            raise doubt
    titles = work.titles if work.is_strong else ()
    year = row.year or (work.year if work.is_strong else None)
    wanted = _with_title(Wanted(row.kind, titles, year, ids=frozenset(work.ids)), row)
    if row.kind == FILM:
        return wanted
    season, episodes = _numbers(work, named.episodes, doubt)
    return replace(wanted, season=season, episodes=episodes, date=work.date if work.is_strong else "")


def _numbers(work: Work, rows: Sequence[tuple[int, int]], doubt: Doubt) -> tuple[int, tuple[int, ...]]:
    """Return season and episodes: those that the link says, if the rows agree, else those of the rows."""
    season = rows[0][0]
    if any(item[0] != season for item in rows):
        raise doubt
    known = tuple(number for _, number in rows)
    if not (work.is_strong and work.episodes and work.season is not None):
        return season, known
    if work.season != season or not set(work.episodes) & set(known):
        raise doubt
    return season, work.episodes


def _with_title(wanted: Wanted, row: Title) -> Wanted:
    """Return what is wanted with all that the row of its title adds."""
    if other_ids(tuple(wanted.ids), tuple(row.ids)):
        raise Doubt("its names and the catalogue carry different ids")
    titles = dict.fromkeys([*wanted.titles, row.title, *([row.original_title] if row.original_title else [])])
    return replace(wanted, titles=tuple(titles), year=wanted.year or row.year, ids=wanted.ids | row.ids)


def _checked(wanted: Wanted) -> Wanted:
    if wanted.kind == EPISODE and not wanted.date and (wanted.season is None or not wanted.episodes):
        raise Doubt("it says no season and episode")
    if wanted.year is None and not wanted.ids:
        raise Doubt("neither its name nor the catalogue says of which year it is")
    return wanted
