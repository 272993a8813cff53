"""What a link says that its file is: by its own name and folders, and by the name of the file that it had. Pure.

Both are heard. Where they contradict each other, the link may have been wrong before its file went, and nothing is
decided by names. Only strong readings claim anything; a weak one describes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..catalogue.registration import TitleRow
from ..names import NameInfo
from ..names.title_keys import is_same_title, is_sequel, is_substantial, title_key

OWN, OLD_FILE, CATALOGUE = "", "its old file's title", "a title that the catalogue knows for it"


@dataclass(frozen=True, slots=True)
class Claim:
    """What must hold of the file that a link means. `titles`: text → whose title it is (OWN, OLD_FILE, CATALOGUE).

    `episodes` are those of the link; `old_episodes` those of its old file, which may hold more. `own_tags` are of the
    link's name, `old_tags` of its old file's. `conflict`: why names may not decide, or "".
    """

    kind: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    old_episodes: tuple[int, ...] = ()
    date: str = ""
    part: int | None = None
    edition: str = ""
    own_tags: frozenset[str] = frozenset()
    old_tags: frozenset[str] = frozenset()
    ids: tuple[tuple[str, str], ...] = ()
    episode_titles: tuple[str, ...] = ()
    strong: bool = False
    conflict: str = ""

    @property
    def title(self) -> str:
        """Return the title that the link itself (or else its old file) says."""
        return next(iter(self.titles), "")

    @property
    def keys(self) -> set[str]:
        """Return the keys of its own titles, those that the catalogue knows for them included."""
        return {title_key(text) for text, origin in self.titles.items() if origin != OLD_FILE}

    def origin_of(self, title: str) -> str | None:
        """Return whose title this is, None if it is none of those claimed; an exact one goes first."""
        key = title_key(title)
        return next((origin for text, origin in self.titles.items() if title_key(text) == key), None)

    @property
    def numbers(self) -> str:
        """Return the numbers for a message: "S04E021" is written S04E21."""
        return numbers_text(self.season, self.episodes, self.date)


def numbers_text(season: int | None, episodes: Iterable[int], date: str = "") -> str:
    """Return season and episodes as `S04E01-E03`, or the date."""
    if date:
        return date
    listed = list(episodes)
    text = "" if season is None else f"S{season:02}"
    if len(listed) > 2 and listed == list(range(listed[0], listed[-1] + 1)):
        return f"{text}E{listed[0]:02}-E{listed[-1]:02}"
    return text + "".join(f"E{number:02}" for number in listed)


class Aliases:
    """The titles that the catalogue knows for one thing, and which years a series title is known with."""

    def __init__(self, films: Iterable[TitleRow], series: Iterable[TitleRow]) -> None:
        self._rows: dict[tuple[str, str], list[TitleRow]] = defaultdict(list)
        for kind, rows in (("film", films), ("episode", series)):
            for row in rows:
                for key in {title_key(row.title), title_key(row.original_title or row.title)}:
                    self._rows[kind, key].append(row)

    def titles(self, kind: str, title: str, year: int | None) -> list[str]:
        """Return every title of the one row that this title and year name; none when several do."""
        rows = [row for row in self._rows.get((kind, title_key(title)), ()) if _may_be(row.year, year)]
        same = [row for row in rows if row.year == year]
        rows = same or rows
        if len(rows) != 1:
            return []
        return [rows[0].title, *([rows[0].original_title] if rows[0].original_title else [])]

    def years(self, kind: str, title: str) -> set[int]:
        """Return the years of the rows of this title."""
        return {row.year for row in self._rows.get((kind, title_key(title)), ()) if row.year}

    def is_ambiguous(self, kind: str, title: str, year: int | None) -> bool:
        """Return whether the catalogue knows several things of this title and year."""
        return sum(row.year == year for row in self._rows.get((kind, title_key(title)), ())) > 1


def _may_be(year: int | None, other: int | None) -> bool:
    return year is None or other is None or year == other


def make_claim(own: NameInfo, old: NameInfo, aliases: Aliases) -> Claim:
    """Return what a link claims; `own` is the reading of the link, `old` that of the file it had."""
    conflict = contradiction(own, old)
    main, other = (own, old) if own.strong or not old.strong else (old, own)
    titles: dict[str, str] = {}

    def add(text: str, origin: str) -> None:
        if text and not any(title_key(text) == title_key(known) for known in titles):
            titles[text] = origin

    add(main.title, OWN)
    is_one = is_same_title(main.title, other.title)
    if main is own and old.strong and old.kind == own.kind and not is_sequel(own.title, old.title):
        # A code such as "abc" stands for several series; what is one with the link's own title is none.
        add(old.title if is_one or is_substantial(old.title) else "", OLD_FILE)
    year = main.year if main.year or not is_one else other.year
    for alias in [alias for text in titles for alias in aliases.titles(main.kind, text, year)]:
        add(alias, CATALOGUE)
    return Claim(
        kind=main.kind,
        titles=titles,
        year=year,
        season=main.season,
        episodes=main.episodes,
        old_episodes=old.episodes if old.strong else (),
        date=main.date,
        part=own.part if own.part is not None else old.part,
        edition=own.edition or old.edition,
        own_tags=own.tags,
        old_tags=old.tags,
        ids=tuple(sorted({*own.ids, *old.ids})),
        episode_titles=tuple(title for title in (own.episode_title, old.episode_title) if title),
        strong=main.strong,
        conflict=conflict or own.conflict,
    )


def contradiction(own: NameInfo, old: NameInfo) -> str:
    """Return in words how a link and the file that it had contradict each other in numbers or year, or ""."""
    if own.date and old.date and own.date != old.date:
        return f"the link says {own.date}, its old file {old.date}"
    if own.episodes and old.episodes and old.strong:
        seasons = own.season, old.season
        differ = (None not in seasons and own.season != old.season) or not set(own.episodes) <= set(old.episodes)
        # A bare number counted through all seasons is no contradiction to a season's own.
        if differ and own.absolute == old.absolute:
            one = numbers_text(own.season, own.episodes)
            return f"the link says {one}, its old file {numbers_text(old.season, old.episodes)}"
    if own.strong and old.strong:
        if own.kind == old.kind and own.year and old.year and own.year != old.year:
            return f"the link says {own.year}, its old file {old.year}"
        if own.kind == old.kind and is_sequel(own.title, old.title):
            return f"the link says {own.title}, its old file {old.title}"
    if own.part is not None and old.part is not None and own.part != old.part:
        return f"the link says part {own.part}, its old file part {old.part}"
    if different_ids(own.ids, old.ids):
        return "the link and its old file carry different ids"
    return ""


def different_ids(one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> bool:
    """Return whether both have an id of the same kind and none of them is the same."""
    here, there = set(one), set(other)
    kinds = {kind for kind, _ in here} & {kind for kind, _ in there}
    return bool(kinds) and not here & there
