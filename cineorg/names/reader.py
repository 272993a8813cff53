"""Reading any name: strictly first, then by guessit, then with the help of the folders."""

from __future__ import annotations

import json
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace

from .codes import is_meaningless
from .extras import is_extra
from .folders import FolderInfo, owner, root_kind
from .guess import read_guess
from .model import NameInfo, from_json, to_json
from .release_folder import is_coded_title, read_release_folder, without_disc_folders
from .strict import read_strict
from .tags import edition_name, take_edition, take_ids, take_part
from .text import stem_of
from .titles import fold, fold_without_article

RULES = 8
"""Raised whenever a rule changes what a stored answer would say."""

LONGEST, DEEPEST = 512, 16
"""No file system holds longer names; whoever asks for one still gets an answer at once."""


def cache_key() -> str:
    """What a stored answer depends on besides its name: guessit's version and that of our own rules."""
    import importlib.metadata  # 15 ms that only those pay who keep answers

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

    def read(self, name: str, folders: Sequence[str] = (), *, is_alone: bool = False) -> NameInfo:
        """Return what the name says, whatever it is made of; the folders, nearest last, help where it is poor.

        `is_alone`: it is the only video of its folder, extras and samples aside. Then a name that says nothing
        (`main.mkv`, a code) is read as the folder of its release.
        """
        return self._read(name, folders, is_alone=is_alone) or NameInfo()

    def read_strictly(self, name: str, folders: Sequence[str] = (), *, is_alone: bool = False) -> NameInfo | None:
        """Return what `read` does, None where guessit would have to be asked."""
        return self._read(name, folders, is_alone=is_alone, may_guess=False)

    def _read(self, name: str, folders: Sequence[str], *, is_alone: bool, may_guess: bool = True) -> NameInfo | None:
        name, folders = name[-LONGEST:], [folder[:LONGEST] for folder in folders[-DEEPEST:]]
        folders, piece = without_disc_folders(folders)
        info = read_strict(name, folders)
        if info is None:
            stem, ids = take_ids(stem_of(name))
            stem, edition = take_edition(stem)
            stem, part = take_part(stem)
            is_empty = is_alone and bool(folders) and is_meaningless(stem)
            if not is_empty and not may_guess:
                return None
            info = NameInfo() if is_empty else self._guess(stem)
            info = replace(info, ids=ids, extra=is_extra(name, folders))
            if edition:
                info = replace(info, edition=edition_name(edition))
            if part is not None:
                info = replace(info, part=part)
        if folders:
            info = _helped(info, stem_of(name), folders, self._guess if is_alone else None)
        return replace(info, part=piece) if piece and info.part is None and info.kind == "film" else info

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


def _helped(
    info: NameInfo, stem: str, folders: Sequence[str], guess_alone: Callable[[str], NameInfo] | None
) -> NameInfo:
    """Return the reading with what the folders add. They fill what is missing; they contradict only in `conflict`.

    `guess_alone` reads the folder of a file that is alone in it, where the strict patterns decline.
    """
    above = owner(folders)
    # A folder's id is that of what it is called: "The Matrix Revolutions" in "The Matrix Reloaded {tmdb-604}" is none.
    has_title = bool(info.title) and (info.strong or len(info.title) > 2) and not is_meaningless(stem)
    if above.ids and not info.ids and (not has_title or _same(info.title, above.title)):
        info = replace(info, ids=above.ids)
    if not info.conflict and (not info.strong or (info.episodes and is_coded_title(info.title))):
        release = read_release_folder(info, stem, folders, guess_alone)
        if release:
            return release
    if info.kind == "episode":
        return _helped_episode(info, above)
    if info.kind == "film":
        if info.year != above.year and above.year and not info.conflict and _same(info.title, above.title):
            info = replace(info, conflict=f"the file says {info.year}, its folder {above.year}")
        return info
    return _named_by_folder(info, stem, above, folders)


def _helped_episode(info: NameInfo, above: FolderInfo) -> NameInfo:
    """An episode with the season, the title or the year of its folders."""
    if info.season is None and above.season is not None and info.episodes and not info.conflict:
        info = replace(info, season=above.season, absolute=False, strong=False)
    if not info.title and above.title:
        return replace(info, title=above.title, year=info.year or above.year)
    if info.year is None and above.year and _same(info.title, above.title):
        info = replace(info, year=above.year)
    return info


def _named_by_folder(info: NameInfo, stem: str, above: FolderInfo, folders: Sequence[str]) -> NameInfo:
    """A name of unknown kind: its folder may say the film, or the series and the season."""
    cryptic = is_meaningless(stem) or not info.title
    if above.season is not None and above.title:
        title = "" if cryptic else info.title
        return replace(
            info, kind="episode", title=above.title, year=above.year, season=above.season, episode_title=title
        )
    if above.title and above.year and _same(info.title, above.title):
        # Two witnesses: the file says the title, the folder says title and year.
        return replace(info, kind="film", year=above.year, strong=True)
    if above.title and (cryptic or (above.year and fold(info.title).startswith(fold(above.title) + " "))):
        kind = "film" if above.year else ""
        return replace(info, kind=kind or root_kind(folders), title=above.title, year=above.year, strong=False)
    return replace(info, kind="film") if root_kind(folders) == "film" and not info.episodes else info
