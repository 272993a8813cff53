"""What a link's text says and what another one would say, worked out on paper. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..paths import is_inside

if TYPE_CHECKING:
    from .library import Library


def is_chosen(path: str, within: Sequence[str]) -> bool:
    """Return whether a path lies in one of the chosen places; without any, every path does."""
    return not within or any(is_inside(path, place) for place in within)


def real_folder(library: Library, path: str) -> str:
    """Return the real path of the folder in which the link at `path` lies: what a relative target starts from."""
    video = library.census.video
    return video.real + posixpath.dirname(path)[len(video.root) :]


def absolute_text(folder: str, target: str, is_real_folder: Callable[[str], bool]) -> str | None:
    """Return the absolute path that `target` names in a link of the real folder `folder`, in plain components.

    None when a `..` climbs out of a folder that may be a link: then only the disk knows where it leads. The folders
    above `folder` are known to be none.
    """
    path = "/" if target.startswith("/") else folder
    for part in target.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            path = f"{path.rstrip('/')}/{part}"
        elif path == "/" or is_inside(folder, path) or is_real_folder(path):
            path = posixpath.dirname(path)
        else:
            return None
    return path


def relative_text(folder: str, path: str) -> str:
    """Return what a link of the real folder `folder` must say to name the absolute `path`."""
    here, there = [part for part in folder.split("/") if part], [part for part in path.split("/") if part]
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:]) or "."


def in_style_of(old_target: str, folder: str, path: str) -> str:
    """Return the text that names `path` in the style of the link that says `old_target` in the real `folder`."""
    return path if old_target.startswith("/") else relative_text(folder, path)
