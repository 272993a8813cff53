"""Episodes by their strong numbers: what a name says, and which stored files say it too. Pure.

Only an explicit season and episode in the file's own name count, and only while its folder does not contradict it.
The title before the numbers is read once for all episodes of a series, so that a name takes microseconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..names import NameInfo, is_extra, read_strict, season_of_folder
from ..names.comparison import differing_numbers, holds
from ..names.episodes import find_marker
from ..names.folders import owner
from ..names.release import Release, choose, release_of
from ..names.text import stem_of
from ..names.title import loose_key
from ..names.work import EPISODE, Work, work_of


class Episode(NamedTuple):
    """What a name says for certain; `is_own`: the title stands in the name itself, not only in its folders."""

    work: Work
    is_own: bool

    @property
    def key(self) -> str:
        """The key of its series' title, "" if it has none."""
        return loose_key(self.work.title)

    def label(self) -> str:
        """Return the title and numbers in words: `Kaamelott S04E02`."""
        return f"{self.work.title} {self.work.numbers}".strip()

    def label_beside(self, other: Episode) -> str:
        """Return the same, with the year where only that tells it from `other`: `Kojak (2005) S01E02`."""
        if self.work.year is None or self.label() != other.label():
            return self.label()
        return f"{self.work.title} ({self.work.year}) {self.work.numbers}".strip()

    def is_other(self, other: Episode) -> bool:
        """Return whether the numbers of both contradict each other for certain."""
        return any(point.is_other for point in differing_numbers(self.work, other.work))


def read_episode(name: str, folders: Sequence[str]) -> Episode | None:
    """Return the strong numbers of a name below `folders` (nearest last) and its series; None if it has none."""
    stem = stem_of(name)
    marker = find_marker(stem)
    if marker is None or marker.conflict or not marker.episodes or marker.season is None:
        return None
    if any(season not in (None, marker.season) for season in map(season_of_folder, folders[-2:])):
        return None
    info = _before_numbers(stem[: marker.start])
    above = owner(folders)
    is_own = bool(info.title)
    series = work_of(info) if is_own else Work(EPISODE, (above.title,) if above.title else (), above.year)
    year = series.year
    if year is None and loose_key(series.title) == loose_key(above.title):
        year = above.year
    work = Work(
        EPISODE,
        series.titles,
        year,
        series.country,
        marker.season,
        marker.episodes,
        marker.possible,
        part=marker.part,
    )
    return Episode(work, is_own)


@lru_cache(maxsize=65536)
def _before_numbers(prefix: str) -> NameInfo:
    """Return the reading of what stands before the numbers, the same for all episodes; an empty one if doubtful."""
    return (read_strict(prefix + "S01E01") if prefix.strip(" ._-[(") else None) or NameInfo()


def episode_title(name: str) -> str:
    """Return the key of the episode's title that a name gives, "" if it gives none."""
    info = read_strict(name)
    return loose_key(info.episode_title) if info else ""


class StoredEpisode(NamedTuple):
    """A stored file with strong numbers."""

    path: str
    says: Episode


class EpisodeIndex:
    """The stored files with strong numbers, by title and numbers; extras are none."""

    def __init__(
        self, paths: Iterable[tuple[str, Sequence[str]]], known: Mapping[str, Episode | None] | None = None
    ) -> None:
        """Take (path, folders from the root on) of each stored video; `known`: what has been read already."""
        known = known or {}
        self._files: dict[tuple[str, int | None, int], list[StoredEpisode]] = defaultdict(list)
        for path, folders in paths:
            name = path.rpartition("/")[2]
            says = known[path] if path in known else read_episode(name, folders)
            if says is not None and not is_extra(name, folders[1:]):
                for episode in says.work.episodes:
                    self._files[says.key, says.work.season, episode].append(StoredEpisode(path, says))

    def find(self, titles: Iterable[str], wanted: Episode) -> list[StoredEpisode]:
        """Return the files of one of the titles (keys) that certainly hold all wanted episodes, sorted by path."""
        found = {
            item.path: item
            for key in titles
            for item in self._files.get((key, wanted.work.season, wanted.work.episodes[0]), ())
            if holds(item.says.work, wanted.work) and not _is_of_another(item.says.work, wanted.work)
        }
        return [found[path] for path in sorted(found)]


def _is_of_another(one: Work, other: Work) -> bool:
    """Return whether two episodes say another year or country of their series."""
    has_years = one.year is not None and other.year is not None
    return (has_years and one.year != other.year) or bool(
        one.country and other.country and one.country != other.country
    )


def told_apart(link_name: str, files: Sequence[StoredEpisode]) -> list[StoredEpisode]:
    """Return the files that the tags of the link's own name are for."""
    wanted = release_of(read_strict(link_name) or NameInfo(), link_name)

    def release(item: StoredEpisode) -> Release:
        name = item.path.rpartition("/")[2]
        return release_of(read_strict(name) or NameInfo(), name)

    return choose(files, release, [wanted])
