"""Releases: in which resolution, from which source, by whom. They never decide whether a file is the one, only which.

Of several files of one work the link's own tags tell which is meant, then its old file's, then size and folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .comparison import Difference
from .model import NameInfo
from .text import stem_of
from .titles import fold
from .vocabulary import LANGUAGES, RESOLUTIONS, WORDS

__all__ = ["Release", "choose", "differences", "release_of"]

SOURCES = frozenset(("bluray", "web", "dvd", "hdtv", "tv", "vhs", "cam", "ts", "dvdscr", "hddvd", "hdrip", "hdlight"))
CODECS = frozenset(("x264", "x265", "av1", "xvid", "divx", "mpeg2", "vc1", "vp9"))
RANGES = frozenset(("hdr", "dv", "sdr"))
_FRENCH = frozenset(("french", "vff", "vfq", "vfi"))
# A file of several languages may have the one that is wanted; "VO" is whichever the film was made in.
_SEVERAL = frozenset(("multi", "vo", "nordic"))
_GROUP_LAST = re.compile(r"-([^\W_]{2,20})(?:[ ._]*\[[^\[\]]*\])?$")
_GROUP_FIRST = re.compile(r"\[([^\[\]]{2,30})\]")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Release:
    """What a name says of its file beside the work; "" and empty sets where it says nothing."""

    resolution: str = ""
    sources: frozenset[str] = frozenset()
    codec: str = ""
    ranges: frozenset[str] = frozenset()
    is_3d: bool = False
    is_remux: bool = False
    languages: frozenset[str] = frozenset()
    group: str = ""
    edition: str = ""
    extension: str = ""

    def tags(self) -> tuple[frozenset[str], ...]:
        """Return what tells releases apart, the most telling first; empty where nothing is said."""
        return (
            _said(self.resolution),
            _said("remux" if self.is_remux else ""),
            self.sources,
            _said("3d" if self.is_3d else ""),
            self.ranges,
            _said(self.codec),
            self.languages,
            _editions(self),
            _said(self.group),
            _said(self.extension),
        )


def release_of(info: NameInfo, name: str) -> Release:
    """Return the release that a file name says; `info` is its reading."""
    stem = stem_of(name)
    return Release(
        resolution=next(iter(sorted(info.tags & RESOLUTIONS)), ""),
        sources=info.tags & SOURCES,
        codec=next(iter(sorted(info.tags & CODECS)), ""),
        ranges=info.tags & RANGES,
        is_3d="3d" in info.tags,
        is_remux="remux" in info.tags,
        languages=info.tags & LANGUAGES,
        group=_group(stem),
        edition=info.edition,
        extension=name[len(stem) + 1 :].casefold(),
    )


def _group(stem: str) -> str:
    found = _GROUP_LAST.search(stem) or _GROUP_FIRST.match(stem)
    group = found[1].casefold() if found else ""
    return "" if group in WORDS or group.isdecimal() else group


def _said(text: str) -> frozenset[str]:
    return frozenset((text,)) if text else frozenset()


def differences(wanted: Release, found: Release) -> list[Difference]:
    """Return what keeps a release from being given without asking: no language in common, another named edition."""
    open_points = []
    ours, theirs = _languages(wanted), _languages(found)
    if ours and theirs and not ours & theirs:
        open_points.append(Difference("language", _listed(wanted.languages), _listed(found.languages)))
    if wanted.edition and found.edition and not _editions(wanted) & _editions(found):
        open_points.append(Difference("edition", wanted.edition, found.edition))
    return open_points


def is_other_version(one: Release, other: Release) -> bool:
    """Return whether one names an edition, a language or 3D that the other does not: no mere copy of it."""
    says_language = not other.languages & _SEVERAL and not _languages(one) <= _languages(other)
    return says_language or not _editions(one) <= _editions(other) or (one.is_3d and not other.is_3d)


def _languages(release: Release) -> frozenset[str]:
    """Return the languages with those of France as one; empty where any may be meant."""
    if release.languages & _SEVERAL:
        return frozenset()
    return frozenset("french" if name in _FRENCH else name for name in release.languages)


def _editions(release: Release) -> frozenset[str]:
    return frozenset(fold(edition) for edition in release.edition.split(", ") if edition)


def _listed(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))


def choose(files: Sequence[Item], release_of_file: Callable[[Item], Release], wanted: Sequence[Release]) -> list[Item]:
    """Return those of the files that remain equal when the releases `wanted` have told them apart, one after another.

    In each point a file that says the same goes before one that says nothing, that one before one that says another.
    """
    left = list(files)
    releases = {id(item): release_of_file(item).tags() for item in files} if len(left) > 1 else {}
    for release in wanted:
        for point, said in enumerate(release.tags()):
            if len(left) > 1 and said:
                ranks = [_rank(said, releases[id(item)][point]) for item in left]
                left = [item for item, rank in zip(left, ranks, strict=True) if rank == max(ranks)]
    return left


def _rank(wanted: frozenset[str], said: frozenset[str]) -> int:
    return 2 if wanted & said else 0 if said else 1
