"""Which folders a batch has changed, and what a server that sees other roots calls them. Pure but for one look."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

_PLACES = {
    "relink": ("path",),
    "make_link": ("path",),
    "remove_link": ("path",),
    "move": ("path", "new_path"),
    "make_dir": ("path",),
    "remove_dir": ("path",),
}


def changed_folders(changes: Iterable[Mapping[str, Any]], video: str) -> list[str]:
    """Return the folders that the changes which were done have altered, each once, sorted.

    A folder that is gone by now stands for the nearest one above it that is there, within the root of the links.
    """
    found = {
        _existing(os.path.dirname(str(change[place])), video)
        for change in changes
        if change.get("status") == "done"
        for place in _PLACES.get(str(change.get("op")), ())
    }
    return sorted(found)


def _existing(folder: str, video: str) -> str:
    while folder != video and len(folder) > len(video) and not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def as_seen(folder: str, places: Mapping[str, str]) -> str:
    """Return what a server calls a folder: the longest of our `places` that it lies in, put as the server has it."""
    for ours in sorted(places, key=len, reverse=True):
        root = ours.rstrip("/")
        if folder == root or folder.startswith(f"{root}/"):
            return (places[ours].rstrip("/") + folder[len(root) :]) or "/"
    return folder
