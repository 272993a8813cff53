"""Which links and folders of one title lie where the catalogue's genres, type and title do not put them. Pure.

A film may be linked from several genre folders: only one whose links all lie elsewhere is brought home. A series has
one place. A healthy link costs a few look-ups; names are read only for what is about to be reported.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..catalogue.owners import Owner
from ..names.subdivision_names import SYMBOLS
from ..names.titles import fold
from .faults import Misplaced
from .folder_roles import Container, Kind, Root
from .movable_items import Item, contradiction, hindrance
from .series_folders import ShowFolders
from .sorting_schemes import is_sorted
from .tree_snapshot import Snapshot


@dataclass(slots=True)
class _Stray:
    """An item that lies outside the genre or type folder where it belongs."""

    item: Item
    container: Container
    owner: Owner
    files: frozenset[str]


@dataclass(slots=True)
class _Found:
    at_home: set[str] = field(default_factory=set)
    strays: list[_Stray] = field(default_factory=list)
    misplaced: list[Misplaced] = field(default_factory=list)


def find_misplaced(snapshot: Snapshot) -> list[Misplaced]:
    """Return what lies in the wrong folder, sorted by path; nothing where there is no layout."""
    if not snapshot.rules.judges_places:
        return []
    return _Search(snapshot).run()


class _Search:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._places = snapshot.places
        self._found = _Found()
        self._shows = ShowFolders(snapshot)
        self._homes: dict[tuple[bool, tuple[str, ...] | None], str | None] = {}
        self._folded: dict[str, str] = {}
        self._sorted: dict[str, bool] = {}

    def run(self) -> list[Misplaced]:
        owner_of, is_video = self._snapshot.owner_of, self._snapshot.is_video
        for container in self._places.containers():
            for name, file in self._snapshot.model.folders[container.path].links.items():
                owner = owner_of(file)
                if owner is not None and file is not None and is_video(name):
                    self._judge(Item(f"{container.path}/{name}", container.path, False), container, owner, {file})
            for path in self._places.title_folders(container):
                self._judge_folder(Item(path, container.path, True), container)
        self._judge_strays()
        return sorted(self._found.misplaced, key=lambda item: item.path)

    def _judge_folder(self, item: Item, container: Container) -> None:
        """Judge the folder of one title by what is in it; one that holds several is the owner's affair."""
        model, owner_of = self._snapshot.model, self._snapshot.owner_of
        files: dict[str, Owner] = {}
        for path in model.below(item.path):
            for file in model.folders[path].links.values():
                owner = owner_of(file)
                if file and owner is not None:
                    files[file] = owner
        owners = list(dict.fromkeys(files.values()))
        if len(owners) == 1:
            self._judge(item, container, owners[0], files)
            return
        placed = [self._expected(item, container, owner) for owner in owners]
        if any(placed):
            where = next(places[0] for places in placed if places)
            titles = " and ".join(owner.title for owner in owners[:2])
            self._found.misplaced.append(Misplaced(item.path, where, f"it holds several titles: {titles}", True))
        self._found.at_home.update(files)

    def _judge(self, item: Item, container: Container, owner: Owner, files: dict[str, Owner] | set[str]) -> None:
        """Judge one item, or keep it for later if it is not in its genre's or type's folder."""
        home = self._home(container, owner)
        if home is None or (owner.is_film and _is_own_order(container)):
            return
        section = self._fold(container.section.rpartition("/")[2])
        if section != self._fold(home) or not self._is_own_kind(container, owner):
            self._found.strays.append(_Stray(item, container, owner, frozenset(files)))
            return
        self._found.at_home.update(files)
        places = self._expected(item, container, owner)
        if places:
            self._report(item, owner, places)

    def _fold(self, name: str) -> str:
        """Return the folded name of a folder; there are few, and each is asked for once an item."""
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold(name)
        return folded

    def _is_own_kind(self, container: Container, owner: Owner) -> bool:
        return container.root is not None and container.root.is_film == owner.is_film

    def _home(self, container: Container, owner: Owner) -> str | None:
        """Return the name of the folder of an owner's genre or type; None if it cannot be told.

        One of which nobody knows the genres is at home wherever it is among its kind.
        """
        key = (owner.is_film, owner.genres)
        if key not in self._homes:
            rules = self._snapshot.rules
            find = rules.film_folder if owner.is_film else rules.series_folder
            self._homes[key] = find(owner.genres)
        home = self._homes[key]
        if home is None and container.section and self._is_own_kind(container, owner):
            return container.section.rpartition("/")[2]
        return home

    def _expected(self, item: Item, container: Container, owner: Owner) -> list[str] | None:
        """Return the folder where an item belongs, several if that cannot be told; None if it lies there."""
        home = self._home(container, owner)
        if home is None:
            return None
        root = self._places.root_for(owner.is_film, container)
        if root is None or not self._is_sorted(root):
            return None
        key = self._snapshot.key_of(owner.title)
        section = root.sections.get(self._fold(home))
        if section is not None and self._is_own_kind(container, owner) and _is_below(container.path, section):
            places = self._places.place_below(section, container.path, key)
            is_loose_episode = not owner.is_film and not item.is_folder and container.kind is not Kind.OTHER
            if places is None and is_loose_episode:
                return [container.path]
            return places
        if section is not None:
            return self._places.shelves.descend(section, key)
        letter = f"/{key.initial.upper() if key.initial.isalpha() else SYMBOLS}" if owner.is_film else ""
        return [f"{root.path}/{home}{letter}"]

    def _is_sorted(self, root: Root) -> bool:
        """Return whether the genre or type folders of the configuration are those of a root."""
        known = self._sorted.get(root.path)
        if known is None:
            known = self._sorted[root.path] = is_sorted(self._snapshot, root)
        return known

    def _judge_strays(self) -> None:
        """Report the strays that nothing excuses: a link at home excuses a film's in other folders of genres.

        What lies beside the folders of genres is sorted nowhere: nothing excuses it.
        """
        by_file: dict[str, list[_Stray]] = defaultdict(list)
        at_home = self._found.at_home
        excusable: list[_Stray] = []
        coming: set[str] = set()
        for stray in self._found.strays:
            if stray.owner.is_film and not _is_unsorted(stray.container):
                excusable.append(stray)
            elif (stray.owner.is_film or not self._is_second_view(stray)) and self._report_stray(stray):
                coming |= stray.files
        for stray in excusable:
            for file in stray.files:
                by_file[file].append(stray)
        seen: set[int] = set()
        for stray in excusable:
            if id(stray) in seen or stray.files & at_home or stray.files & coming:
                continue
            group = {id(other): other for file in stray.files for other in by_file[file]}
            seen.update(group)
            self._judge_group(sorted(group.values(), key=lambda other: other.item.path))

    def _is_second_view(self, stray: _Stray) -> bool:
        """Return whether of a series that is at home some is shown a second time, under another of its types, say."""
        container = stray.container
        if _is_unsorted(container) or not stray.files <= self._found.at_home:
            return False
        types = self._snapshot.rules.series_folders(stray.owner.genres)
        section = self._fold(container.section.rpartition("/")[2])
        return not section or (self._is_own_kind(container, stray.owner) and section in types)

    def _judge_group(self, group: list[_Stray]) -> None:
        """Report the one of several links to a film that is to be brought home."""
        foreign = group
        if len(group) > 1:
            own = self._snapshot.rules.film_folders(group[0].owner.genres)
            names = {id(stray): fold(stray.container.section.rpartition("/")[2]) for stray in group}
            foreign = [stray for stray in group if names[id(stray)] not in own]
        for stray in foreign[:1]:
            self._report_stray(stray)

    def _report_stray(self, stray: _Stray) -> bool:
        """Report a stray; return whether it can be brought home."""
        places = self._expected(stray.item, stray.container, stray.owner)
        return places is not None and self._report(stray.item, stray.owner, places)

    def _report(self, item: Item, owner: Owner, places: list[str]) -> bool:
        """Report an item; return whether nothing is in doubt."""
        doubt = ""
        if len(places) > 1:
            doubt = f"it fits {' and '.join(place.rpartition('/')[2] for place in places)} equally"
        doubt = doubt or contradiction(self._snapshot, item, owner) or hindrance(self._snapshot, item)
        where = places[0]
        if not owner.is_film and not item.is_folder:
            where, problem = self._shows.season_folder(item, owner, where)
            doubt = doubt or problem
        elif not owner.is_film:
            doubt = doubt or self._shows.joined(item, where)[2]
        self._found.misplaced.append(Misplaced(item.path, where, doubt, item.is_folder))
        return not doubt


def _is_unsorted(container: Container) -> bool:
    """Return whether a folder of a root is none for a genre or type, nor one of the owner's."""
    return container.root is not None and not container.section and container.kind in (Kind.ROOT, Kind.SHELF)


def _is_own_order(container: Container) -> bool:
    """Return whether a folder of films is in nobody's table of genres: a collection, a saga, its owner's own order."""
    return container.root is not None and not container.section and container.kind is Kind.OTHER


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")
