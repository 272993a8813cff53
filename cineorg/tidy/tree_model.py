"""The video tree with the file of each link: as it is, or as it will be after changes that are thought through here.

Pure: built from the census, altered only in memory. A link keeps its origin, the path at which the census saw it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..paths import is_inside, nfc
from ..trees.link_text import absolute_text, real_folder
from ..trees.links import BROKEN

if TYPE_CHECKING:
    from ..trees.library import Library

NOWHERE = ""  # a healthy link of which the census cannot say where it ends


@dataclass(slots=True)
class Node:
    """One folder. `links`: name → the file that the link reaches, NOWHERE, or None for a link that is not healthy."""

    files: Collection[str] = ()
    links: dict[str, str | None] = field(default_factory=dict)
    subfolders: set[str] = field(default_factory=set)
    has_ignored: bool = False

    def names(self) -> Iterator[str]:
        """Yield the name of every entry."""
        yield from self.files
        yield from self.links
        yield from self.subfolders

    def is_bare(self) -> bool:
        """Return whether nothing at all is in it."""
        return not (self.files or self.links or self.subfolders or self.has_ignored)


class Model:
    """The folders of the video tree by path. `origins`: path → path in the census, of links that have moved.

    `passers`: for each link or folder that other links lead to or through, the origins of those. `awaited`: for each
    path without which links are not healthy, the origins of those.
    """

    def __init__(
        self,
        folders: dict[str, Node],
        broken: frozenset[str],
        passers: Mapping[str, set[str]],
        awaited: Mapping[str, set[str]],
    ) -> None:
        self.folders = folders
        self.origins: dict[str, str] = {}
        self._passers, self._awaited = passers, awaited
        self._silent: set[str] = set()  # origins of links that are gone or say something else now
        self._own: set[str] = set()  # folders whose nodes no other tree has
        self._broken = broken

    @staticmethod
    def of(library: Library, track: Callable[[Collection[str], int], Iterable[str]]) -> Model:
        """Return the tree as the census saw it; `track` passes the folders through and shows how far it has come."""
        bad = {link.path for link in library.bad_links}
        ends = _Ends(library)
        census = library.census.folders
        folders: dict[str, Node] = {}
        paths = [path for path, _ in library.census.folders_of(library.census.video)]
        for path in track(paths, len(paths)):
            folder = census[path]
            links = ends.of(path, folder.links, bad) if folder.links else {}
            folders[path] = Node(folder.files, links, set(folder.subfolders), folder.has_ignored)
        broken = frozenset(link.path for link in library.bad_links if link.state == BROKEN)
        return Model(folders, broken, ends.passers, ends.awaited)

    def copy(self) -> Model:
        """Return a tree of its own that is the same; folders that neither alters are there once."""
        other = Model(dict(self.folders), self._broken, self._passers, self._awaited)
        other.origins, other._silent = dict(self.origins), set(self._silent)
        self._own = set()
        return other

    def origin(self, path: str) -> str:
        """Return where the census saw the link that is at `path` now."""
        return self.origins.get(path, path)

    def is_broken(self, path: str) -> bool:
        """Return whether the link is known not to reach anything; false also for one that nobody can judge."""
        return self.file_of(path) is None and self.origin(path) in self._broken

    def is_pointed(self, path: str) -> bool:
        """Return whether another link leads to this link or folder, or through it, and would break without it."""
        return bool(self._passers) and not self._passers.get(path, set()) <= self._silent

    def is_awaited(self, path: str) -> bool:
        """Return whether a link that reaches nothing would reach what came to stand at this path."""
        return bool(self._awaited) and not self._awaited.get(path, set()) <= self._silent

    def file_of(self, path: str) -> str | None:
        """Return the file of the link at `path` as `Node.links` has it."""
        folder, _, name = path.rpartition("/")
        return self.folders[folder].links[name]

    def links(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield (folder, name, file) of every link, in no order."""
        for path, node in self.folders.items():
            for name, file in node.links.items():
                yield path, name, file

    def below(self, path: str) -> Iterator[str]:
        """Yield a folder and all folders below it, each before its own."""
        stack = [path]
        while stack:
            here = stack.pop()
            yield here
            stack += [f"{here}/{name}" for name in self.folders[here].subfolders if f"{here}/{name}" in self.folders]

    # What may happen to it

    def _node(self, path: str) -> Node:
        """Return a folder that is about to be altered."""
        if path not in self._own:
            node = self.folders[path]
            self.folders[path] = Node(node.files, dict(node.links), set(node.subfolders), node.has_ignored)
            self._own.add(path)
        return self.folders[path]

    def repair(self, path: str, file: str | None) -> None:
        """Let the link at `path` reach a file."""
        folder, _, name = path.rpartition("/")
        self._node(folder).links[name] = NOWHERE if file is None else file
        self._silent.add(self.origin(path))

    def remove_link(self, path: str) -> None:
        """Take a link away."""
        folder, _, name = path.rpartition("/")
        del self._node(folder).links[name]
        self._silent.add(self.origins.pop(path, path))

    def move_link(self, path: str, new_path: str) -> None:
        """Give a link another path; its folder is made, too, if need be. Nothing has that name."""
        folder, _, name = path.rpartition("/")
        new_folder, _, new_name = new_path.rpartition("/")
        origin = self.origins.pop(path, path)
        self.make_folder(new_folder)
        self._node(new_folder).links[new_name] = self._node(folder).links.pop(name)
        if origin != new_path:
            self.origins[new_path] = origin

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it that do not exist."""
        if path not in self.folders:
            parent, _, name = path.rpartition("/")
            self.make_folder(parent)
            self.folders[path] = Node()
            self._own.add(path)
            self._node(parent).subfolders.add(name)

    def remove_folder(self, path: str) -> None:
        """Take a bare folder away."""
        parent, _, name = path.rpartition("/")
        del self.folders[path]
        self._own.discard(path)
        self._node(parent).subfolders.discard(name)

    def taken(self, folder: str, name: str) -> str | None:
        """Return the entry of a folder that has this name, in whichever spelling; None if it is free."""
        node = self.folders.get(folder)
        if node is None:
            return None
        if name in node.links or name in node.subfolders or name in node.files:
            return name
        if name.isascii():
            return None
        # Two spellings of one Unicode name are one name to whoever reads it.
        wanted = nfc(name)
        return next((other for other in node.names() if not other.isascii() and nfc(other) == wanted), None)


class _Ends:
    """Where links lead. `passers`: what of the video tree lies on the ways of links, with those links.

    `awaited`: the same of the paths without which links are not healthy: where they end, and folders on the way.
    """

    def __init__(self, library: Library) -> None:
        self.passers: dict[str, set[str]] = {}
        self.awaited: dict[str, set[str]] = {}
        self._library = library
        self._known = library.census.folders
        self._root = library.census.video.root

    def of(self, folder: str, links: Mapping[str, str], bad: Collection[str]) -> dict[str, str | None]:
        """Return name → file of a folder's links."""
        known, root = self._known, self._root.rstrip("/") + "/"
        found: dict[str, str | None] = {}
        for name, target in links.items():
            if target.startswith("/"):
                parent, _, base = target.rpartition("/")
                there = known.get(parent)
                if there is not None and base in there.files and not target.startswith(root):
                    found[name] = target
                    continue
            path = f"{folder}/{name}"
            end = self._end(path, target)
            found[name] = None if path in bad else end or NOWHERE
            if end and path in bad and is_inside(end, self._root):
                self.awaited.setdefault(end, set()).add(path)
        return found

    def _end(self, path: str, target: str) -> str | None:
        """Return the first path on the way of a link that is no link of the video tree; None if it cannot be told."""
        library, link = self._library, path
        for _ in range(40):  # the kernel follows no more
            folder = real_folder(library, path)
            if ".." in target.lstrip("./"):
                self._pass_by(link, folder, target)
            end = absolute_text(folder, target, self._is_walked)
            if end is None:
                return None
            end = library.finder.canonical(end)
            self._pass(link, end)
            parent, _, name = end.rpartition("/")
            there = self._known.get(parent)
            if there is None or not there.links.get(name):  # in storage, texts of links are not read
                return end
            path, target = end, there.links[name]
        return None

    def _pass_by(self, link: str, folder: str, target: str) -> None:
        """Remember the folders that a text enters only to climb out of them again, those too that are not there."""
        path = "/" if target.startswith("/") else folder
        has_entered = False
        for part in target.split("/"):
            if part == "..":
                if has_entered:
                    entered = self._library.finder.canonical(path)
                    self._pass(link, entered)
                    if entered not in self._known and is_inside(entered, self._root):
                        self.awaited.setdefault(entered, set()).add(link)
                path = path.rpartition("/")[0] or "/"
            elif part not in ("", "."):
                path, has_entered = f"{path.rstrip('/')}/{part}", True

    def _pass(self, link: str, path: str) -> None:
        """Remember a path of the video tree as one on a link's way; of one behind a link to a folder, that link."""
        if not is_inside(path, self._root):
            return
        while path != self._root:
            parent = path.rpartition("/")[0]
            if parent in self._known:
                if path != link:
                    self.passers.setdefault(path, set()).add(link)
                return
            path = parent

    def _is_walked(self, path: str) -> bool:
        return self._library.finder.canonical(path) in self._known
