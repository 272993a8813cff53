"""Links whose file is for certain another film's or another episode's, as `fix-bad-links` finds them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue.registration import TitleRow
from ..names.comparison import differing_numbers
from .wrong_episodes import CatalogueView, EpisodeLink, find_wrong_episodes
from .wrong_films import FilmLink, find_wrong_films

if TYPE_CHECKING:
    from ..trees.library import Library

_FILM, _NUMBERS, _SERIES, _DOUBTFUL = 95.0, 95.0, 90.0, 50.0


class WrongLink(NamedTuple):
    """A healthy link and the file that it reaches, what both say that it is, and why the two cannot be one.

    `score`: how certain it is that the link is wrong, 100 being beyond doubt.
    """

    path: str
    target: str
    file: str
    says: str
    file_says: str
    reason: str
    score: float


def find_wrong_links(library: Library, series: Sequence[TitleRow], pinned: Collection[str]) -> list[WrongLink]:
    """Return them sorted by path; `series` are the catalogue's, `pinned` the links that were set by hand."""
    episodes = find_wrong_episodes(library, CatalogueView(series, pinned=pinned))
    films = find_wrong_films(library, pinned)
    return sorted([*(_of_episode(*found) for found in episodes), *map(_of_film, films)])


def _of_film(link: FilmLink) -> WrongLink:
    reason = "; ".join(point.words for point in link.points)
    return WrongLink(link.path, link.target, link.file, link.own_label(), link.label(), reason, _FILM)


def _of_episode(link: EpisodeLink, is_doubtful: bool) -> WrongLink:
    assert link.file_says is not None
    points = [point.words for point in differing_numbers(link.says.work, link.file_says.work) if point.is_other]
    reason = "; ".join(points) or "the file is another series'"
    score = _DOUBTFUL if is_doubtful else _NUMBERS if points else _SERIES
    if is_doubtful:
        reason += "; most links of its series lead astray: it may be numbered otherwise"
    own, other = link.says.label_beside(link.file_says), link.file_says.label_beside(link.says)
    return WrongLink(link.path, link.target, link.file, own, other, reason, score)
