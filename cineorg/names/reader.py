"""Reading any name: strictly first, then by guessit, then with the help of the folders."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import MutableMapping, Sequence
from dataclasses import replace

from cineorg.names.extras import is_extra
from cineorg.names.folders import FolderInfo, owner, root_kind
from cineorg.names.guess import read_guess
from cineorg.names.model import NameInfo, from_json, to_json
from cineorg.names.strict import read_strict
from cineorg.names.tags import edition_name, take_edition, take_ids, take_part
from cineorg.names.text import stem_of
from cineorg.titles import fold, fold_without_article

RULES = 1
"""Raised whenever a rule changes what a stored answer would say."""

_CRYPTIC = re.compile(r"[0-9a-f]{16,}|[A-Za-z0-9]{24,}|[a-z0-9]{2,8}-[a-z0-9.]+|[0-9_.-]+", re.IGNORECASE)


def cache_key() -> str:
    """What a stored answer depends on besides its name: guessit's version and that of our own rules."""
    try:
        version = importlib.metadata.version("guessit")
    except importlib.metadata.PackageNotFoundError:
        version = "none"
    return f"guessit {version}, rules {RULES}"


class NameReader:
    """Reads names and keeps guessit's answers in a mapping from key to JSON, which may outlive the process.

    A key is the text that guessit was asked about (never a folder: those are read by our own patterns), in JSON and
    hence in ASCII whatever the name holds.
    """

    def __init__(self, cache: MutableMapping[str, str] | None = None) -> None:
        self._cache: MutableMapping[str, str] = {} if cache is None else cache

    def read(self, name: str, folders: Sequence[str] = ()) -> NameInfo:
        """What the name says, whatever it is made of; the folders, nearest last, help where it is poor."""
        info = read_strict(name, folders)
        if info is None:
            stem, ids = take_ids(stem_of(name))
            stem, edition = take_edition(stem)
            stem, part = take_part(stem)
            info = self._guess(stem)
            info = replace(info, ids=ids, extra=is_extra(name, folders))
            if edition:
                info = replace(info, edition=edition_name(edition))
            if part is not None:
                info = replace(info, part=part)
        return _helped(info, stem_of(name), folders) if folders else info

    def _guess(self, stem: str) -> NameInfo:
        """guessit's judged answer, stored or new."""
        key = json.dumps(stem)
        stored = self._cache.get(key)
        if stored is not None:
            try:
                return from_json(stored)
            except ValueError:
                pass  # written by something else: read again
        info = read_guess(stem)
        self._cache[key] = to_json(info)
        return info


def _same(title: str, other: str) -> bool:
    """Whether two titles are one after folding, articles aside."""
    return bool(title) and fold_without_article(title) == fold_without_article(other)


def _helped(info: NameInfo, stem: str, folders: Sequence[str]) -> NameInfo:
    """The reading with what the folders add. They fill what is missing; they contradict only in `conflict`."""
    above = owner(folders)
    if above.ids and not info.ids and not info.extra:
        info = replace(info, ids=above.ids)
    if info.kind == "episode":
        return _helped_episode(info, above)
    if info.kind == "film":
        if (
            above.year
            and info.year
            and _same(info.title, above.title)
            and above.year != info.year
            and not info.conflict
        ):
            info = replace(info, conflict=f"the file says {info.year}, its folder {above.year}")
        return info
    if above.title and above.year and above.season is None:
        if not info.title or _same(info.title, above.title):
            # Two witnesses: the file says the title, the folder title and year.
            return replace(info, kind="film", title=above.title, year=above.year, strong=bool(info.title))
        if _CRYPTIC.fullmatch(stem) or fold(info.title).startswith(fold(above.title)):
            return replace(info, kind="film", title=above.title, year=above.year, strong=False)
    if _CRYPTIC.fullmatch(stem) or not info.title:
        return _from_folder(info, folders)
    kind = root_kind(folders)
    return replace(info, kind=kind) if kind == "film" and not info.episodes else info


def _helped_episode(info: NameInfo, above: FolderInfo) -> NameInfo:
    """An episode with the season, the title or the year of its folders."""
    if info.season is None and above.season is not None and info.episodes and not info.conflict:
        info = replace(info, season=above.season, absolute=False, strong=False)
    if not info.title and above.title:
        return replace(info, title=above.title, year=info.year or above.year)
    if info.year is None and above.year and _same(info.title, above.title):
        info = replace(info, year=above.year)
    return info


def _from_folder(info: NameInfo, folders: Sequence[str]) -> NameInfo:
    """A name that says nothing in a folder that is a release by itself: the folder's reading, weak."""
    for name in reversed(folders[-2:]):
        inner = read_strict(name)
        if inner and inner.kind and inner.title:
            return replace(inner, strong=False, extra=info.extra, ids=inner.ids or info.ids)
    above = owner(folders)
    if above.title and (above.season is not None or not info.title or not fold(info.title)):
        kind = "episode" if above.season is not None else info.kind
        return replace(info, kind=kind, title=above.title, year=above.year, season=above.season, strong=False)
    return info
