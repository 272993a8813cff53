"""What closes a point that two names leave open: a second thing that both of them say. Pure."""

from __future__ import annotations

import re

from ..names import NameInfo
from ..names.comparison import Difference
from ..names.title import title_of
from ..names.work import EPISODE, FILM
from .expectation import Expectation

_LEAST_LETTERS = 4  # of an episode title that says something
_COUNTED = re.compile(r"\b(?:episodes?|folge|part|partie|teil|chapter|chapitre|capitulo|episodio|jour|day)\b|[0-9]+")


def is_settled(point: Difference, wanted: Expectation, info: NameInfo) -> bool:
    """Return whether what else a file's name says closes this point: which series, or whether it is read rightly."""
    if point.is_other:
        return False
    if point.field in ("year", "country") and EPISODE in (wanted.kind, info.kind):
        return len(_agreeing_title(wanted, info).split()) > 1
    if is_weak(point, info):
        return len(_COUNTED.sub("", _agreeing_title(wanted, info)).replace(" ", "")) >= _LEAST_LETTERS
    # A film's name that may hold a date ("9.11.2004") is read rightly where the link says the very same.
    return _is_of_file(point) and wanted.kind == info.kind == FILM and info.source == "strict"


def is_weak(point: Difference, info: NameInfo) -> bool:
    """Return whether a point is that an episode's name, with its folder's season, does not say enough by itself."""
    return _is_of_file(point) and info.kind == EPISODE and info.season is not None and bool(info.episodes)


def _is_of_file(point: Difference) -> bool:
    return point.field == "reading" and bool(point.theirs)


def _agreeing_title(wanted: Expectation, info: NameInfo) -> str:
    """Return the key of the episode title that both say, "" if they do not."""
    key = title_of(info.episode_title).key if info.episode_title else ""
    return key if key and any(title_of(title).key == key for title in wanted.episode_titles) else ""
