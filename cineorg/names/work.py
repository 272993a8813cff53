"""Works: one film, or episodes of one series, whoever names it: a link, a stored file, a row of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .countries import without_country
from .model import NameInfo

__all__ = ["EPISODE", "FILM", "Ids", "Work", "make_ids", "numbers_text", "work_of"]

FILM, EPISODE = "film", "episode"
Ids = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A film (titles, year, ids), or episodes of a series (titles, year or country, season and numbers, or a date).

    `titles`: all that it is known under, its own first. `episodes` are certain, `possible` those that it may be or
    hold beside them. `season` is None where the episodes are counted through. A series alone has no numbers.
    `is_strong`: it says for itself what it is; a weak one describes. `conflict`: what makes its numbers doubtful.
    """

    kind: str = ""
    titles: tuple[str, ...] = ()
    year: int | None = None
    country: str = ""
    season: int | None = None
    episodes: tuple[int, ...] = ()
    possible: tuple[int, ...] = ()
    date: str = ""
    part: int | None = None
    ids: Ids = ()
    is_strong: bool = True
    conflict: str = ""

    @property
    def title(self) -> str:
        """Its own title, "" if none is known."""
        return self.titles[0] if self.titles else ""

    @property
    def numbers(self) -> str:
        """Season and episodes, or the date, for people."""
        return numbers_text(self.season, self.episodes, self.date)

    @property
    def series(self) -> Work:
        """The series alone, without its numbers."""
        return replace(self, season=None, episodes=(), possible=(), date="", part=None, conflict="")

    def may_hold(self) -> frozenset[int]:
        """Return every episode that it is or may be."""
        return frozenset(self.episodes) | frozenset(self.possible)


def work_of(info: NameInfo, aliases: Iterable[str] = (), ids: Iterable[tuple[str, str]] = ()) -> Work:
    """Return the work that a name says; `aliases` and `ids` are what is known of it besides."""
    known = (info.title, without_country(info.title) if info.country else "", *info.alt_titles, *aliases)
    titles = dict.fromkeys(title for title in known if title)
    return Work(
        kind=info.kind,
        titles=tuple(titles),
        year=info.year,
        country=info.country,
        season=info.season,
        episodes=info.episodes,
        possible=info.possible,
        date=info.date,
        part=info.part,
        ids=tuple(sorted({*info.ids, *ids})),
        is_strong=info.strong,
        conflict=info.conflict,
    )


def numbers_text(season: int | None, episodes: Iterable[int], date: str = "") -> str:
    """Return season and episodes as `S04E01-E03`, or the date; "" when nothing is said."""
    if date:
        return date
    listed = sorted(episodes)
    text = "" if season is None else f"S{season:02}"
    if len(listed) > 2 and listed == list(range(listed[0], listed[-1] + 1)):
        return f"{text}E{listed[0]:02}-E{listed[-1]:02}"
    return text + "".join(f"E{number:02}" for number in listed)


def make_ids(**values: object) -> Ids:
    """Return ids as sorted pairs of kind and value in one spelling; what is empty, zero or no id is left out."""
    found = set()
    for kind, value in values.items():
        text = str(value or "").strip().lower()
        if text.strip("0") and (text.startswith("tt") if kind == "imdb" else text.isascii() and text.isdigit()):
            found.add((kind, text))
    return tuple(sorted(found))
