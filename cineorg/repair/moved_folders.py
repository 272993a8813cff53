"""Links to folders (of a season, a film, a disc): where the folder is now, told by the files below it. Pure.

A folder has no identity of its own. It is followed when the videos that lay in it were seen to move together into one
that holds nothing else, or when one folder of its name holds the same files.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..changes import Candidate
from ..names import is_extra
from ..names.folders import FolderInfo, owner, read_folder
from ..names.title import LOOSE, SAME_TITLE, relation
from ..paths import nfc
from .name_rules import Proposal

if TYPE_CHECKING:
    from ..trees.library import Library

_MOVED, _SAME_CONTENT, _SAYS_ITSELF, _OPEN = 100.0, 98.0, 96.0, 85.0
_MOST_SHOWN = 20


class MovedFolders:
    """Finds folders again. `files_below(path)`: the files that last stood below it, as scans saw them."""

    def __init__(
        self,
        library: Library,
        files_below: Callable[[str], Sequence[str]],
        end_of: Callable[[str], Candidate | None],
    ) -> None:
        self._library, self._files_below, self._end_of = library, files_below, end_of

    def find(self, link_folders: Sequence[str], old_path: str, *, is_partial: bool) -> Proposal:
        """Return the folder that was at `old_path`; `link_folders`: the link's name and those of the folders above it.

        `is_partial`: a part of the library is not seen, where another folder of the name may be.
        """
        below = [path for path in self._files_below(old_path) if self._is_main(path)]
        said = owner(link_folders)
        found = self._moved(old_path, below, said) if below else None
        if found is not None:
            return found
        return self._called_so(old_path, {path[len(old_path) :] for path in below}, said, is_partial)

    def _called_so(self, old_path: str, names: set[str], said: FolderInfo, is_partial: bool) -> Proposal:
        """Return the one folder of the old name; `names`: the paths of the files that lay in it, from there on."""
        there = self._named(posixpath.basename(old_path))
        if not there:
            return Proposal(None, "its folder is gone and no other has its name")
        if len(there) > 1:
            candidates = tuple(Candidate(folder, _OPEN, "a folder of this name") for folder in there[:_MOST_SHOWN])
            return Proposal(None, f"{len(there)} folders are called {posixpath.basename(old_path)}", candidates)
        folder = there[0]
        inside = {path[len(folder) :] for path in self._videos_in(folder)}
        reason = _objection(said, folder) or _other_owner(said, old_path, folder)
        if names:
            score, evidence = _SAME_CONTENT, "the only folder of this name, with the same files"
            reason = reason or ("" if inside == names else f"{folder} has its name, but other files")
        else:
            score, evidence = _SAYS_ITSELF, "the only folder of this name"
            reason = reason or ("" if _says_itself(said, folder) else f"the name of {folder} says too little")
        if is_partial:
            reason = reason or "a part of the library cannot be looked at, where another one may be"
        if reason:
            score, evidence = _OPEN, f"a folder of this name, with {len(inside)} videos"
        found = Candidate(folder, score, evidence)
        return Proposal(None if reason else found, reason, (found,), fits=1)

    def _moved(self, old_path: str, below: Sequence[str], said: FolderInfo) -> Proposal | None:
        """Return the folder into which the files went; None where none of them is known to have moved."""
        ends = {path: end for path in below if (end := self._end_of(path)) is not None}
        folders = sorted({_new_folder(path[len(old_path) :], end.path) for path, end in ends.items()})
        folders = [folder for folder in folders if folder in self._library.census.folders]
        if not folders:
            return None
        strangers = self._videos_in(folders[0]) - {end.path for end in ends.values()}
        evidence = f"{len(ends)} of the {len(below)} files that lay in it are there now"
        if len(folders) > 1:
            reason = f"its files went to {len(folders)} folders"
        elif len(ends) < len(below):
            reason = f"{len(below) - len(ends)} of its {len(below)} files are gone, the others are in {folders[0]}"
        elif strangers:
            reason = f"its files are in {folders[0]} now, with {len(strangers)} others"
        else:
            reason = _objection(said, folders[0])
        score = _OPEN if reason else _MOVED
        candidates = tuple(Candidate(folder, score, evidence) for folder in folders[:_MOST_SHOWN])
        proof = next(iter(ends.values())).evidence
        chosen = None if reason else Candidate(folders[0], _MOVED, f"{evidence}: {proof}")
        return Proposal(chosen, reason, candidates, fits=1)

    def _is_main(self, path: str) -> bool:
        name = posixpath.basename(path)
        return self._library.is_video(name) and not is_extra(name, path.split("/")[-3:-1])

    def _videos_in(self, folder: str) -> set[str]:
        """Return the videos in a stored folder and below it, extras aside."""
        found: set[str] = set()
        folders, stack = self._library.census.folders, [folder]
        for path in stack:
            if path in folders:
                found.update(file for name in folders[path].files if self._is_main(file := f"{path}/{name}"))
                stack += [f"{path}/{name}" for name in folders[path].subfolders]
        return found

    def _named(self, name: str) -> list[str]:
        """Return the stored folders of a name that hold a video, sorted."""
        name = nfc(name)
        census = self._library.census
        paths = (path for tree in census.storage for path, _ in census.folders_of(tree) if path != tree.root)
        return sorted(path for path in paths if nfc(posixpath.basename(path)) == name and self._videos_in(path))


def _new_folder(rest: str, path: str) -> str:
    """Return the folder of which a moved file is `rest` ("/e01.mkv", "/BDMV/STREAM/0.m2ts"), or else its own."""
    return path.removesuffix(rest) if path.endswith(rest) else posixpath.dirname(path)


def _objection(said: FolderInfo, folder: str) -> str:
    """Return what a link to a folder and that folder's own name say that cannot both be true, or ""."""
    info = read_folder(posixpath.basename(folder))
    if None not in (said.season, info.season) and said.season != info.season:
        return f"the link says season {said.season}, {folder} season {info.season}"
    is_one = relation(said.title, info.title) in (SAME_TITLE, LOOSE) if said.title and info.title else True
    if None not in (said.year, info.year) and said.year != info.year and not is_one:
        return f"the link says {said.title} ({said.year}), {folder} {info.title} ({info.year})"
    return ""


def _other_owner(said: FolderInfo, old_path: str, folder: str) -> str:
    """Return that a folder of the old name is another series' or film's than link and old folder say, or "".

    Every series has a "Season 1", and many have an "01.mkv" in it.
    """
    there = owner(folder.split("/")).title
    ours = [title for title in (said.title, owner(old_path.split("/")).title) if title]
    if not there or not ours or any(relation(title, there) in (SAME_TITLE, LOOSE) for title in ours):
        return ""
    return f"{folder} is of {there}, not of {ours[0]}"


def _says_itself(said: FolderInfo, folder: str) -> bool:
    """Return whether a folder's own name says title, and season or year, and they are the link's."""
    info = read_folder(posixpath.basename(folder))
    has_number = info.season is not None or info.year is not None
    is_same_year = said.year == info.year if None not in (said.year, info.year) else True
    is_one = bool(info.title) and relation(said.title, info.title) == SAME_TITLE
    return has_number and is_one and said.season == info.season and is_same_year
