"""The tree at one moment with all that the rules ask about it: owners, keys of titles, what names say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..catalogue.owners import Owner, Owners
from ..names import NameInfo
from ..names.subdivision_names import Key, title_key
from ..paths import is_inside
from .rules import TidyRules
from .subdivisions import Stems
from .tree_model import Model

if TYPE_CHECKING:
    from ..trees.library import Library
    from .folder_roles import Places

ReadName = Callable[[str, Sequence[str]], NameInfo]


class Snapshot:
    """One state of the video tree. What is worked out here holds as long as the model is not altered."""

    def __init__(self, library: Library, model: Model, rules: TidyRules, owners: Owners, read_name: ReadName) -> None:
        self.library, self.model, self.rules, self.owners = library, model, rules, owners
        self._read_name = read_name
        self._keys: dict[str, Key] = {}
        self._companions: dict[str, dict[str, list[str]]] = {}
        self._files_beside: dict[str, dict[str, list[str]]] = {}

    def on(self, model: Model, owners: Owners) -> Snapshot:
        """Return the view of another state; the keys of titles are shared."""
        other = Snapshot(self.library, model, self.rules, owners, self._read_name)
        other._keys = self._keys
        return other

    @cached_property
    def places(self) -> Places:
        """What each folder is."""
        from .folder_roles import Places  # it is made of what is defined here

        return Places(self)

    def owner_of(self, file: str | None) -> Owner | None:
        """Return the film or series of the file that a link reaches."""
        return self.owners.of(file) if file else None

    def key_of(self, title: str) -> Key:
        """Return how a title sorts."""
        key = self._keys.get(title)
        if key is None:
            key = self._keys[title] = title_key(title)
        return key

    def read(self, folder: str, name: str) -> NameInfo:
        """Return what the name of a link in a folder says."""
        root = self.library.census.video.root
        return self._read_name(name, [part for part in folder[len(root) :].split("/") if part])

    def loose(self, folder: str) -> list[str]:
        """Return the names of the links of a folder that stand for themselves: to videos and to folders."""
        walked = self.library.census.folders
        links = self.model.folders[folder].links
        return [name for name, file in links.items() if self.is_video(name) or (file and file in walked)]

    def companions(self, folder: str) -> dict[str, list[str]]:
        """Return, by such a link, the names of the other links of a folder that are named after it."""
        found = self._companions.get(folder)
        if found is None:
            names = set(self.loose(folder))
            others = self.model.folders[folder].links.keys() - names
            found = self._companions[folder] = _by_video(names, others) if others else {}
        return found

    def files_beside(self, folder: str) -> dict[str, list[str]]:
        """Return, by such a link, the names of the regular files of a folder that are named after it."""
        found = self._files_beside.get(folder)
        if found is None:
            files = self.model.folders[folder].files
            videos = [*self.loose(folder), *filter(self.is_video, files)] if files else []
            found = self._files_beside[folder] = _by_video(videos, files)
        return found

    def is_video(self, name: str) -> bool:
        """Return whether a link's name ends as a video's does."""
        return self.library.is_video(name)

    @cached_property
    def unread_reason(self) -> str:
        """Why nobody can tell whether another link leads through one, "" if the whole video tree was read."""
        census = self.library.census
        unread = min((item.path for item in census.unreadable if is_inside(item.path, census.video.root)), default="")
        return f"another link may lead through it: {unread} could not be read" if unread else ""

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """The paths that could not be read, and every folder above them."""
        found: set[str] = set()
        for item in self.library.census.unreadable:
            path = item.path
            while path and path not in found:
                found.add(path)
                path = path.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def fixed_folders(self) -> frozenset[str]:
        """The folders that are never removed: the root, the scoped folders and those above, mount points."""
        video = self.library.census.video
        found = {video.root, *self.library.mount_points()}
        for path in video.scoped:
            while is_inside(path, video.root) and path != video.root:
                found.add(path)
                path = path.rpartition("/")[0]
        return frozenset(found)


def _by_video(videos: Iterable[str], others: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of others by the video that they are named after, in order."""
    stems = Stems(videos)
    found: dict[str, list[str]] = {}
    for other in sorted(others):
        video = stems.video_of(other)
        if video:
            found.setdefault(video, []).append(other)
    return found
