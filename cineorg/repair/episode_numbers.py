"""Episodes by their strong numbers: what a name says, and which stored files say it too. Pure.

Only an explicit season and episode in the file's own name count, and only while its folder does not contradict it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..names import is_extra, read_strict, season_of_folder
from ..names.episodes import find_marker
from ..names.folders import owner
from ..names.text import stem_of
from ..names.titles import fold_without_article
from ..names.vocabulary import RESOLUTIONS


class Numbered(NamedTuple):
    """What a name says for certain; `is_own`: the title stands in the name itself, not only in its folders."""

    title: str
    key: str
    year: int | None
    is_own: bool
    season: int
    episodes: tuple[int, ...]
    part: int | None

    def label(self) -> str:
        """Return the title and numbers in words: `Kaamelott S04E02`."""
        return f"{self.title} {numbers_label(self.season, self.episodes)}".strip()

    def shares_episode(self, other: Numbered) -> bool:
        """Return whether both hold one episode at least."""
        return self.season == other.season and not set(self.episodes).isdisjoint(other.episodes)


def numbers_label(season: int, episodes: Sequence[int]) -> str:
    """Return `S04E02`, or `S04E02-E04` for several."""
    last = f"-E{episodes[-1]:02}" if len(episodes) > 1 else ""
    return f"S{season:02}E{episodes[0]:02}{last}"


def read_episode(name: str, folders: Sequence[str]) -> Numbered | None:
    """Return the strong numbers of a name below `folders` (nearest last) and its series; None if it has none."""
    stem = stem_of(name)
    marker = find_marker(stem)
    if marker is None or marker.conflict or not marker.episodes or marker.season is None:
        return None
    if any(season not in (None, marker.season) for season in map(season_of_folder, folders[-2:])):
        return None
    title, year = _title_of(stem[: marker.start])
    above = owner(folders)
    is_own = bool(title)
    if not is_own:
        title, year = above.title, above.year
    key = title_key(title)
    if year is None and above.year and key == title_key(above.title):
        year = above.year
    return Numbered(title, key, year, is_own, marker.season, marker.episodes, marker.part)


@lru_cache(maxsize=65536)
def title_key(title: str) -> str:
    """Return the key by which series are one: folded, without article; "" of no title."""
    return fold_without_article(title) if title else ""


@lru_cache(maxsize=65536)
def _title_of(prefix: str) -> tuple[str, int | None]:
    """Return title and year of what stands before the numbers, the same for all episodes; "" if it is doubtful."""
    info = read_strict(prefix + "S01E01") if prefix.strip(" ._-[(") else None
    return (info.title, info.year) if info else ("", None)


def episode_title(name: str) -> str:
    """Return the folded title of the episode that a name gives, "" if it gives none."""
    info = read_strict(name)
    return fold_without_article(info.episode_title) if info and info.episode_title else ""


class StoredEpisode(NamedTuple):
    """A stored file with strong numbers."""

    path: str
    says: Numbered


class EpisodeIndex:
    """The stored files with strong numbers, by title and numbers; extras are none."""

    def __init__(
        self, paths: Iterable[tuple[str, Sequence[str]]], known: Mapping[str, Numbered | None] | None = None
    ) -> None:
        """Take (path, folders from the root on) of each stored video; `known`: what has been read already."""
        known = known or {}
        self._files: dict[tuple[str, int, int], list[StoredEpisode]] = defaultdict(list)
        for path, folders in paths:
            name = path.rpartition("/")[2]
            says = known[path] if path in known else read_episode(name, folders)
            if says is not None and not is_extra(name, folders[1:]):
                for episode in says.episodes:
                    self._files[says.key, says.season, episode].append(StoredEpisode(path, says))

    def find(self, keys: Iterable[str], wanted: Numbered) -> list[StoredEpisode]:
        """Return the files of one of the titles that hold all wanted episodes, sorted by path."""
        found = {
            item.path: item
            for key in keys
            for item in self._files.get((key, wanted.season, wanted.episodes[0]), ())
            if holds(item.says, wanted)
        }
        return [found[path] for path in sorted(found)]


def holds(says: Numbered, wanted: Numbered) -> bool:
    """Return whether a file is the right one for a link of these numbers: all its episodes, no other part or year."""
    return (
        says.season == wanted.season
        and set(wanted.episodes) <= set(says.episodes)
        and says.part == wanted.part
        and (says.year is None or wanted.year is None or says.year == wanted.year)
    )


def told_apart(link_name: str, files: Sequence[StoredEpisode]) -> Sequence[StoredEpisode]:
    """Return the files that the tags of the link's own name are for: its resolution first, then most tags in common."""
    tags = _tags(link_name)
    if not tags:
        return files
    resolution = tags & RESOLUTIONS
    same = [item for item in files if _tags(item.path) & RESOLUTIONS == resolution] if resolution else list(files)
    if not same:
        return files
    common = [len(tags & _tags(item.path)) for item in same]
    return [item for item, number in zip(same, common, strict=True) if number == max(common)]


def _tags(path: str) -> frozenset[str]:
    info = read_strict(path.rpartition("/")[2])
    return info.tags if info else frozenset()
