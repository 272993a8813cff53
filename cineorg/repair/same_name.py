"""The rule of the same name elsewhere: one stored file is called as the link's old file was, or as the link is. Pure.

A name that says title and numbers proves itself. `01.mkv`, `movie.mkv` or `ht-bb1.mkv` proves nothing alone: the
folder that tells what it is must have come along.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from ..names import NameInfo, read_numbers, read_strict, season_of_folder
from ..names.folders import read_folder
from ..names.text import stem_of, year_of
from ..names.title_keys import is_substantial, telling_tokens, tokens_of_text
from ..names.titles import fold
from ..names.vocabulary import WORDS
from .expectation import Claim, numbers_text
from .stored_files import StoredFiles, as_video_name

SCORE, WITNESSED = 98.0, 96.0
_CODE = re.compile(r"(?=(?:.*[0-9]){4})(?:[0-9a-f]{12,}|[0-9A-Za-z]{20,})")
_NO_TITLE = frozenset(
    "episode ep pilot film movie video main feature title disc disk untitled unknown sans titre part partie".split()
)
_CONTAINERS = frozenset(
    "video ts|bdmv|stream|cd1|cd2|disc 1|disc 2|disk 1|disk 2|dvd1|dvd2|subs|subtitles|files|new folder|videos".split(
        "|"
    )
)


def says_itself(name: str) -> NameInfo | None:
    """Return the strict reading of a base name that names its film or episode without any folder, else None."""
    info = read_strict(name)
    if info is None or not info.strong or info.conflict or not info.title:
        return None
    words = set(fold(info.title).split())
    return None if words <= _NO_TITLE and info.kind == "episode" else info


def is_code(name: str) -> bool:
    """Return whether a name is a long code of its own, which no two files have by chance."""
    return _CODE.fullmatch(stem_of(name)) is not None


def witness_folder(claim: Claim, folders: Sequence[str]) -> tuple[str, ...]:
    """Return the folders above a file up to the first that says what it is: ("Saison 01", "Kaamelott (2005)").

    A bare word is what the link claims, or says nothing: every root may have its "dump".
    """
    found: list[str] = []
    for name in reversed(folders[-3:]):
        found.append(fold(name))
        if season_of_folder(name) is None and fold(name) not in _CONTAINERS:
            info = read_folder(name)
            is_telling = info.year or info.season is not None or info.ids or claim.origin_of(info.title) is not None
            return tuple(found) if info.title and is_telling else ()
    return ()


def refusal(
    claim: Claim, old_path: str, found: str, files: StoredFiles, *, by_link_name: bool
) -> tuple[float, str, str]:
    """Return score, evidence and, if the file of the same name may not be taken, the reason."""
    called = posixpath.basename(found)
    name = as_video_name(called)
    evidence = f"the only stored file called {called}"
    contrary = _contrary(claim, found, files)
    if contrary:
        return 60.0, evidence, contrary
    own = says_itself(name)
    if own is not None and _is_of_title(claim, own, by_link_name):
        return SCORE, evidence, ""
    if is_code(name) or _names_claim(claim, name):
        return SCORE, evidence, ""
    here = witness_folder(claim, files.folders_above(old_path))
    if here and here == witness_folder(claim, files.folders_above(found)):
        return WITNESSED, f"{evidence}, in a folder of the same name", ""
    return 75.0, evidence, f"{called} says too little, and its folder is another"


def _is_of_title(claim: Claim, own: NameInfo, by_link_name: bool) -> bool:
    # The very name of the old file need not be understood: a release's name with its tags is no chance.
    is_release = not by_link_name and bool(own.tags) and is_substantial(own.title)
    return claim.origin_of(own.title) is not None or is_release


def _names_claim(claim: Claim, name: str) -> bool:
    """Return whether a name that no pattern reads holds all that is claimed, and more than two files would share.

    "ulshd-the.right.stuff.1983.multi" and "the.flash.2014.208.hdtv-lol" do; "Show 01 1080p" does not, for each
    season may have one.
    """
    words = tokens_of_text(stem_of(name))
    there = set(words)
    for text in claim.titles:
        title = telling_tokens(text)
        if not set(title) <= there or not any(len(word) > 3 and word.isalpha() for word in title):
            continue
        if claim.kind == "film":
            own = [word for word in words if word not in WORDS and word not in title and word.isalpha()]
            if claim.year and (str(claim.year) in there or (len(own) > 1 and not _years(words))):
                return True
        elif claim.kind == "episode" and claim.season and claim.episodes:
            compact = f"{claim.season}{claim.episodes[0]:02}"
            if set(claim.episodes) <= set(read_numbers(name)[1]) or (len(claim.episodes) == 1 and compact in there):
                return True
    return False


def _years(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) == 4 and word.isdigit() and year_of(word)]


def _contrary(claim: Claim, found: str, files: StoredFiles) -> str:
    """Return what the file says against the link: other numbers, another year."""
    info = files.read_path(found, guess=False)
    season, episodes, conflict = read_numbers(posixpath.basename(found))
    if conflict:
        return conflict
    if info is not None and info.conflict and not episodes:
        return info.conflict  # of a file's own numbers and its folder's, the file's count
    if info is not None and info.kind == "episode" and not episodes:
        season, episodes = info.season, info.episodes  # weak, but enough to forbid
    if claim.kind == "episode" and claim.episodes and episodes:
        other_season = None not in (season, claim.season) and season != claim.season
        if other_season or not set(claim.episodes) <= set(episodes):
            return f"numbers differ: {claim.numbers} / {numbers_text(season, episodes)}"
    if claim.kind == "film" and info is not None and info.year and claim.year and info.year != claim.year:
        return f"other year: {claim.year} / {info.year}"
    if claim.kind == "film" and episodes:
        return f"is an episode: {numbers_text(season, episodes)}"
    return ""
