"""Where paths lead once all links on their way are followed, asked of the disk with as few calls as may be."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable

from .crew import ask_each

_MOST_LINKS = 40  # the kernel follows no more


def real_paths(paths: Iterable[str], jobs: int = 1) -> dict[str, str | OSError]:
    """Return the real path of each absolute path, what does not exist included, or why it cannot be known.

    Each folder is followed once, for thousands of files may lie in it.
    """
    parts = {path: os.path.split(path) for path in paths}
    folders = ask_each(os.path.realpath, {folder for folder, _ in parts.values()}, jobs)
    plain: dict[str, str | OSError] = {}
    for path, (folder, name) in parts.items():
        real = folders[folder]
        if name in ("", ".", ".."):
            plain[path] = real if isinstance(real, OSError) else os.path.realpath(os.path.join(real, name))
        else:
            plain[path] = real if isinstance(real, OSError) else f"{real.rstrip('/')}/{name}"
    texts = ask_each(os.readlink, {path for path in plain.values() if isinstance(path, str)}, jobs)
    linked = [path for path, text in texts.items() if isinstance(text, str)]
    ends = ask_each(os.path.realpath, linked, jobs) if linked else {}
    return {path: ends.get(first, first) if isinstance(first, str) else first for path, first in plain.items()}


def links_on_way(path: str) -> list[str]:
    """Return the links over which a path leads, folders' links too, in the order in which they are met."""
    here = ""
    found: list[str] = []
    todo = deque(path.split("/"))
    while todo and len(found) < _MOST_LINKS:
        name = todo.popleft()
        if name == "..":
            here = here.rpartition("/")[0]
        elif name not in ("", "."):
            try:
                text = os.readlink(f"{here}/{name}")
            except OSError:
                here = f"{here}/{name}"
                continue
            found.append(f"{here}/{name}")
            here = "" if text.startswith("/") else here
            todo.extendleft(reversed(text.split("/")))
    return found
