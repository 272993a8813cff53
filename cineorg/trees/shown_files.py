"""Which stored files the video tree shows: by a link to the file, over other links, or to a folder above it."""

from __future__ import annotations

import posixpath

from ..paths import nfc
from .library import Library


class ShownFiles:
    """The stored files that healthy links reach; made by one look at the text of every link."""

    def __init__(self, library: Library) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        bad = {link.path for link in library.bad_links}
        for folder, name, _ in library.census.links():
            path = f"{folder}/{name}"
            end = library.stored_file_of(path) if path not in bad else None
            if end is None:
                continue
            (self._folders if end in library.census.folders else self._files).setdefault(nfc(end), path)

    def link_to(self, path: str) -> str:
        """Return a healthy link that shows the stored file at `path`, "" if none does."""
        here = nfc(path)
        found = self._files.get(here, "")
        while not found and self._folders and here not in ("/", ""):
            here = posixpath.dirname(here)
            found = self._folders.get(here, "")
        return found
