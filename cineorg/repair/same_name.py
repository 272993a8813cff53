"""The rule of the same name elsewhere: one stored file is called as the link's old file was, or as the link is. Pure.

A name that says title and numbers proves itself. `01.mkv`, `movie.mkv` or `ht-bb1.mkv` proves nothing alone: the
folder that tells what it is must have come along.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import replace

from ..names import NameInfo, read_numbers, read_strict, season_of_folder
from ..names.comparison import compare
from ..names.folders import read_folder
from ..names.text import stem_of, year_of
from ..names.title import SAME_TITLE, closest
from ..names.title_words import is_substantial, telling_words, words_of
from ..names.titles import fold
from ..names.vocabulary import WORDS
from ..names.work import EPISODE, FILM, Work, work_of
from .expectation import Expectation
from .stored_files import StoredFiles, as_video_name

SCORE, WITNESSED = 98.0, 96.0
_CODE = re.compile(r"(?=(?:.*[0-9]){4})(?:[0-9a-f]{12,}|[0-9A-Za-z]{20,})")
_CHECKSUM = re.compile(r"[\[(](?=[0-9A-Fa-f]*[0-9])[0-9A-Fa-f]{8}[\])]")
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
    """Return whether a name is a long code of its own, or holds one's checksum: no two files have it by chance."""
    return _CODE.fullmatch(stem_of(name)) is not None or _CHECKSUM.search(name) is not None


def witness_folder(wanted: Work, folders: Sequence[str]) -> tuple[str, ...]:
    """Return the folders above a file up to the first that says what it is: ("Saison 01", "Kaamelott (2005)").

    A bare word is what the link claims, or says nothing: every root may have its "dump".
    """
    found: list[str] = []
    for name in reversed(folders[-3:]):
        found.append(fold(name))
        if season_of_folder(name) is None and fold(name) not in _CONTAINERS:
            info = read_folder(name)
            is_telling = info.year or info.season is not None or info.ids or _is_called(wanted, info.title)
            return tuple(found) if info.title and is_telling else ()
    return ()


def refusal(
    wanted: Expectation, old_path: str, found: str, files: StoredFiles, *, by_link_name: bool
) -> tuple[float, str, str]:
    """Return score, evidence and, if the file of the same name may not be taken, the reason."""
    called = posixpath.basename(found)
    name = as_video_name(called)
    evidence = f"the only stored file called {called}"
    contrary = _contrary(wanted.work, found, files)
    if contrary:
        return 60.0, f"called {called}, but {contrary}", contrary
    own = says_itself(name)
    if own is not None and _is_of_title(wanted.work, own, by_link_name):
        return SCORE, evidence, ""
    if is_code(name) or _names_work(wanted.work, name) or _says_weakly(wanted.work, name):
        return SCORE, evidence, ""
    here = witness_folder(wanted.work, files.folders_above(old_path))
    if here and here == witness_folder(wanted.work, files.folders_above(found)):
        return WITNESSED, f"{evidence}, in a folder of the same name", ""
    return 75.0, evidence, f"{called} says too little, and its folder is another"


def _is_called(wanted: Work, title: str) -> bool:
    return closest(wanted.titles, (title,))[0] == SAME_TITLE


def _is_of_title(wanted: Work, own: NameInfo, by_link_name: bool) -> bool:
    # The very name of the old file need not be understood: a release's name with its tags is no chance.
    is_release = not by_link_name and bool(own.tags) and is_substantial(own.title)
    return is_release or any(_is_called(wanted, title) for title in (own.title, *own.alt_titles))


def _names_work(wanted: Work, name: str) -> bool:
    """Return whether a name that no pattern reads holds all that is wanted, and more than two files would share.

    "ulshd-the.right.stuff.1983.multi" and "the.flash.2014.208.hdtv-lol" do; "Show 01 1080p" does not, for each
    season may have one.
    """
    words = words_of(stem_of(name))
    there = set(words)
    for text in wanted.titles:
        title = telling_words(text)
        if not set(title) <= there or not any(len(word) > 3 and word.isalpha() for word in title):
            continue
        if wanted.kind == FILM:
            own = [word for word in words if word not in WORDS and word not in title and word.isalpha()]
            if wanted.year and (str(wanted.year) in there or (len(own) > 1 and not _years(words))):
                return True
        elif wanted.kind == EPISODE and wanted.season and wanted.episodes:
            compact = f"{wanted.season}{wanted.episodes[0]:02}"
            if set(wanted.episodes) <= set(read_numbers(name)[1]) or (len(wanted.episodes) == 1 and compact in there):
                return True
    return False


def _says_weakly(wanted: Work, name: str) -> bool:
    """Return whether a release's name says all that is wanted, though without marks: "Dr. Stone S2 - 07 1080p"."""
    info = read_strict(name)
    return info is not None and bool(info.tags) and not compare(wanted, replace(work_of(info), is_strong=True))


def _years(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) == 4 and word.isdigit() and year_of(word)]


def _contrary(wanted: Work, found: str, files: StoredFiles) -> str:
    """Return what the file says against the link: other numbers, another year, and be it weakly."""
    info = files.read_path(found, guess=False)
    conflict = read_numbers(posixpath.basename(found))[2]
    if conflict or info is None:
        return conflict
    if info.conflict and not info.episodes:
        return info.conflict
    points = [point for point in compare(wanted, work_of(info)) if point.field not in ("title", "reading", "conflict")]
    # Numbers that only may be the link's are no proof, whatever the name.
    against = [
        point for point in points if point.is_other or (point.field == "episode" and point.ours and point.theirs)
    ]
    return "; ".join(point.words for point in against)
