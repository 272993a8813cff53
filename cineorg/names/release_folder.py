"""Files that are read as the folder of their release: `Show.S14E10.720p.HDTV-GRP/abc.xyz.ae24.mkv`.

Their own names say nothing, or the numbers alone behind the letters of a group (`aaf-mb.s08e16`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from .codes import is_meaningless, is_obfuscated, may_stand_for
from .episodes import read_numbers
from .folders import season_of_folder
from .model import NameInfo
from .strict import read_strict
from .titles import fold

# Of a disc: the folder above them has the name.
_INNER = frozenset(("bdmv", "stream", "video ts", "certificate", "playlist"))
_PIECE = re.compile(r"(?:cd|dvd|dis[ck]|disque)[ ._-]?([1-9])", re.IGNORECASE)
_CODED_TITLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)?")


def without_disc_folders(folders: Sequence[str]) -> tuple[Sequence[str], int | None]:
    """Return the folders without those of a disc's structure (`BDMV/STREAM`), and the piece that `CD2` says."""
    while folders and fold(folders[-1]) in _INNER:
        folders = folders[:-1]
    piece = _PIECE.fullmatch(folders[-1]) if len(folders) > 1 else None
    return (folders[:-1], int(piece[1])) if piece else (folders, None)


def is_coded_title(title: str) -> bool:
    """Return whether a title is one small word, as a group writes its code."""
    return _CODED_TITLE.fullmatch(title) is not None


def read_release_folder(
    info: NameInfo, stem: str, folders: Sequence[str], guess_alone: Callable[[str], NameInfo] | None
) -> NameInfo | None:
    """Return the reading of a file in the folder of one release, that of the folder; None where it is not to be used.

    It is strong when the file is alone there (`guess_alone` is given) and its own name says nothing, or says the very
    numbers of the folder behind a code; a season's folder holds many.
    """
    near = folders[-1]
    if season_of_folder(near) is not None or info.extra:
        return None
    own, theirs = read_numbers(stem), read_numbers(near)
    says_nothing, is_alone = is_meaningless(stem), guess_alone is not None
    if own[1]:
        return _with_title_of(info, near, folders) if own == theirs else None
    if not theirs[1] and not (is_alone and says_nothing):
        return None
    if info.absolute and not says_nothing:
        return None
    inner = read_strict(near, folders[:-1])
    if inner is None and guess_alone is not None and says_nothing:
        inner = guess_alone(near)
    if inner is None or not inner.title or inner.conflict:
        return None
    is_release = bool(inner.tags) or bool(theirs[1])
    is_its_code = is_obfuscated(stem) or (
        says_nothing
        and ((is_release and not stem.isdigit()) or may_stand_for(stem, inner.title, inner.season, inner.episodes))
    )
    return replace(inner, strong=is_alone and is_its_code and inner.strong, ids=inner.ids or info.ids)


def _with_title_of(info: NameInfo, near: str, folders: Sequence[str]) -> NameInfo | None:
    """Return the reading of "aaf-mb.s08e16" in the folder of "MythBusters.S08E16...": that of the folder."""
    inner = read_strict(near, folders[:-1])
    if inner is None or not inner.title or not inner.tags or fold(inner.title) == fold(info.title):
        return None
    if not is_coded_title(info.title):
        return None
    return replace(inner, ids=inner.ids or info.ids, part=info.part, version=info.version)
