"""What each folder of the video tree is: root, genre or type folder, subdivision, folder of one title, or other. Pure.

A name does not say it: "Alien" may be one film's folder or that of a saga, "V" a letter or a series. What a folder
holds decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from ..catalogue.owners import Owner
from ..names import read_numbers, season_of_folder
from ..names.subdivision_names import Key
from ..names.titles import fold, fold_without_article
from ..paths import nfc
from .subdivision_evidence import TITLE_FOLDER
from .subdivisions import Shelves
from .tree_snapshot import Snapshot


class Kind(Enum):
    """What a folder is. SECTION: for one genre or type, in the first level of a root."""

    ROOT = "root"
    SECTION = "section"
    SHELF = "shelf"
    TITLE = "title"
    SEASON = "season"
    OTHER = "other"


class Root(NamedTuple):
    """A folder of films or of series; `sections`: folded name → path of its genre or type folders."""

    path: str
    is_film: bool
    sections: dict[str, str]


class Container(NamedTuple):
    """A folder of several titles; `root` and `section` ("" if none) are those that it lies in."""

    path: str
    kind: Kind
    root: Root | None
    section: str


class Places:
    """The kinds of the folders in one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        video = snapshot.library.census.video
        self._scoped = frozenset(video.scoped)
        self.shelves = Shelves(
            snapshot.model.folders, (*video.scoped, video.root), snapshot.is_video, self._owner_of, snapshot.key_of
        )
        self._kinds: dict[str, Kind] = {}

    @cached_property
    def roots(self) -> list[Root]:
        """The folders of films and of series, in the order in which the configuration names them."""
        rules, model = self.snapshot.rules, self.snapshot.model
        skip = len(self.snapshot.library.census.video.root.rstrip("/")) + 1
        depth = max((name.count("/") for name in (*rules.film_roots, *rules.series_roots)), default=0)
        by_name: dict[str, list[str]] = {}
        for path in model.folders:
            if path.count("/", skip) <= depth:
                by_name.setdefault(nfc(path[skip:]).casefold(), []).append(path)
        found: dict[str, Root] = {}
        for names, is_film in ((rules.film_roots, True), (rules.series_roots, False)):
            for path in (path for name in names for path in sorted(by_name.get(name, ()))):
                found.setdefault(path, Root(path, is_film, self._sections(path, is_film)))
        return list(found.values())

    def _sections(self, root: str, is_film: bool) -> dict[str, str]:
        wanted = self.snapshot.rules.place_names(is_film)
        names = self.snapshot.model.folders[root].subfolders
        # The composed spelling comes first where a disk has two of one name.
        found = sorted((name for name in names if fold(name) in wanted), key=lambda name: (nfc(name) != name, name))
        sections: dict[str, str] = {}
        for name in found:
            sections.setdefault(fold(name), f"{root}/{name}")
        return sections

    def root_for(self, is_film: bool, container: Container) -> Root | None:
        """Return the root where a film or series belongs that lies in this container: its own, or the first of all."""
        if container.root is not None and container.root.is_film == is_film:
            return container.root
        return next((root for root in self.roots if root.is_film == is_film), None)

    def containers(self) -> Iterator[Container]:
        """Yield every folder of several titles, each before those in it; `title_folders` yields the others."""
        roots = {root.path: root for root in self.roots}
        for path in sorted(self._scoped & self.snapshot.model.folders.keys()):
            stack = [Container(path, Kind.ROOT, roots.get(path), "")]
            while stack:
                here = stack.pop()
                yield here
                for name in self.snapshot.model.folders[here.path].subfolders:
                    below = f"{here.path}/{name}"
                    if below not in self.snapshot.model.folders:
                        continue
                    kind = self.kind(here, name)
                    if kind in (Kind.SECTION, Kind.SHELF, Kind.OTHER, Kind.ROOT):
                        root = roots.get(below) or here.root
                        section = below if kind is Kind.SECTION else here.section if kind is not Kind.ROOT else ""
                        stack.append(Container(below, kind, root, section))

    def title_folders(self, container: Container) -> Iterator[str]:
        """Yield the paths of the folders of one title each that lie in a container, in order."""
        for name in sorted(self.snapshot.model.folders[container.path].subfolders):
            if self.kind(container, name) is Kind.TITLE:
                yield f"{container.path}/{name}"

    def kind(self, container: Container, name: str) -> Kind:
        """Return what the folder `name` in a container is."""
        path = f"{container.path}/{name}"
        kind = self._kinds.get(path)
        if kind is None:
            kind = self._kinds[path] = self._kind(container, path, name)
        return kind

    def _kind(self, container: Container, path: str, name: str) -> Kind:
        if path not in self.snapshot.model.folders:
            return Kind.OTHER
        if any(root.path == path for root in self.roots):
            return Kind.ROOT
        if self._is_section(container, name):
            return Kind.SECTION
        if season_of_folder(name) is not None:
            return Kind.SEASON
        if TITLE_FOLDER.search(name) or any(map(_is_season, self.snapshot.model.folders[path].subfolders)):
            return Kind.TITLE
        if any(shelf.name == name for shelf in self.shelves(container.path)):
            return Kind.SHELF
        if self._is_one_series(path, name) or self._is_named_after_content(path, name):
            return Kind.TITLE
        return Kind.OTHER

    def _is_section(self, container: Container, name: str) -> bool:
        root, rules = container.root, self.snapshot.rules
        if root is None or container.path != root.path or not rules.judges_places:
            return False
        return fold(name) in rules.place_names(root.is_film)

    def _owner_of(self, folder: str, name: str) -> Owner | None:
        return self.snapshot.owner_of(self.snapshot.model.folders[folder].links.get(name))

    def _videos(self, path: str) -> list[tuple[str, str | None]]:
        links = self.snapshot.model.folders[path].links
        return [(name, file) for name, file in links.items() if self.snapshot.is_video(name)]

    def _is_one_series(self, path: str, name: str) -> bool:
        """Return whether a folder holds the episodes of the one series after which it is named."""
        key = fold_without_article(name)
        videos = self._videos(path)
        series: Owner | None = None
        for _, file in videos:
            owner = self.snapshot.owner_of(file)
            if owner is None:
                continue
            if owner.is_film or (series is not None and owner != series):
                return False
            series = owner
        if series is not None:
            return key in {fold_without_article(title) for title in series.titles}
        return bool(videos) and all(
            f"{fold_without_article(link)} ".startswith(f"{key} ") and read_numbers(link)[1] for link, _ in videos
        )

    def _is_named_after_content(self, path: str, name: str) -> bool:
        """Return whether all videos in a folder have just its name for a title."""
        key = fold_without_article(name)
        videos = self._videos(path)
        return bool(videos) and all(self._has_title(link, file, key) for link, file in videos)

    def _has_title(self, link: str, file: str | None, key: str) -> bool:
        owner = self.snapshot.owner_of(file)
        if owner is not None and key in {fold_without_article(title) for title in owner.titles}:
            return True
        year = TITLE_FOLDER.search(link)
        return fold_without_article(link[: year.start()] if year else link.rpartition(".")[0]) == key

    # Where a title belongs

    def place_below(self, top: str, container: str, key: Key) -> list[str] | None:
        """Return None if a title may lie in `container`, at or below the folder `top`; else where it belongs instead.

        It may lie in the folder to which the subdivisions lead, and in any other folder that its owner has made.
        """
        here = top
        names = container[len(top) :].split("/")[1:] if container != top else []
        for name in [*names, ""]:
            found = self.shelves.fitting(here, key)
            if any(shelf.name == name for shelf in found):
                here = f"{here}/{name}"
                continue
            if name and all(shelf.name != name for shelf in self.shelves(here)):
                return None
            if not name and not found:
                return None
            return self.shelves.descend(here, key)
        return None


def _is_season(name: str) -> bool:
    return season_of_folder(name) is not None
