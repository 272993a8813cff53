"""The `.nfo` files of storage: those that lie beside a video, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..names.extras import is_extra
from ..names.nfo import Nfo, read_nfo
from ..names.text import stem_of
from .census import open_regular
from .library import Library
from .time_limit import ask_or

_MOST_BYTES = 1 << 18  # pictures in letters are long, and say nothing
_OF_FOLDER = "movie.nfo"


def read_nfo_files(library: Library) -> dict[str, Nfo]:
    """Return what the `.nfo` beside each stored video says, by the video's path; those that say nothing are left out.

    That is the one of its name or, if the video is alone in its folder, `movie.nfo` or the only one.
    """
    found = {}
    for tree in library.census.storage:
        for path, folder in library.census.folders_of(tree):
            for video, name in _pairs(library, folder.files):
                nfo = _read(f"{path}/{name}")
                if nfo.ids or nfo.titles:
                    found[f"{path}/{video}"] = nfo
    return found


def _pairs(library: Library, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the videos of a folder with the name of their `.nfo`."""
    nfos = {name[:-4]: name for name in names if name[-4:].lower() == ".nfo"}
    if not nfos:
        return
    videos = [name for name in names if library.is_video(name) and not is_extra(name)]
    for video in videos:
        own = nfos.get(stem_of(video))
        if own is None and len(videos) == 1:
            own = next((name for name in nfos.values() if name.lower() == _OF_FOLDER or len(nfos) == 1), None)
        if own is not None:
            yield video, own


def _read(path: str) -> Nfo:
    """Return what one file says: nothing where it cannot be read."""
    return read_nfo(ask_or(_read_beginning, path, b"").decode("utf-8", "replace"))


def _read_beginning(path: str) -> bytes:
    with open_regular(path) as file:
        return file.read(_MOST_BYTES)
