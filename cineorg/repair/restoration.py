"""`restore`: links that are known and gone are made again, with the text that they had. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from ..changes import MakeDir, MakeLink, Plan, Unresolved
from ..paths import is_inside
from ..trees.census import Census
from ..trees.link_text import is_chosen


def plan_restore(census: Census, links: Iterable[tuple[str, str, str]], within: Sequence[str] = ()) -> Plan:
    """Return the plan that makes again what is missing of `links`, (path, raw target, evidence) sorted by path.

    Folders that went with their links are made first, each once. A link that stands where it was is left out; one
    whose name is taken by something else, or whose folder could not be read, stays unresolved with the reason.
    """
    made: dict[str, None] = {}
    changes: list[MakeDir | MakeLink] = []
    unresolved: list[Unresolved] = []
    for path, target, evidence in links:
        if not is_chosen(path, within) or _stands(census, path):
            continue
        reason = _hindrance(census, path)
        if reason:
            unresolved.append(Unresolved(path, target, reason))
            continue
        for folder in _missing_folders(census, path):
            if folder not in made:
                made[folder] = None
                changes.append(MakeDir(folder, "the folder of a link that is made again"))
        changes.append(MakeLink(path, target, evidence))
    return Plan(tuple(changes), tuple(unresolved))


def _stands(census: Census, path: str) -> bool:
    folder = census.folders.get(posixpath.dirname(path))
    return folder is not None and posixpath.basename(path) in folder.links


def _hindrance(census: Census, path: str) -> str:
    """Return why no link can be made at `path`, or ""."""
    if not is_inside(path, census.video.root):
        return f"it does not lie in the video root {census.video.root}"
    unread = next((item for item in census.unreadable if is_inside(path, item.path)), None)
    if unread is not None:
        return f"{unread.path} could not be read: {unread.reason}"
    here = path
    while here != census.video.root:
        above, name = posixpath.split(here)
        folder = census.folders.get(above)
        if folder is not None:
            if name in folder.files:
                return f"a file stands at {here}"
            if name in folder.links and here != path:
                return f"{here} is a link now, and nothing is made through a link"
            if here == path and name in folder.subfolders:
                return f"a folder stands at {here}"
            return ""
        here = above
    return ""


def _missing_folders(census: Census, path: str) -> list[str]:
    """Return the folders above `path` that are not there, the outermost first."""
    missing = []
    folder = posixpath.dirname(path)
    between = {posixpath.dirname(place) for place in census.video.scoped}
    while folder != census.video.root and folder not in census.folders and folder not in between:
        missing.append(folder)
        folder = posixpath.dirname(folder)
    return missing[::-1]
