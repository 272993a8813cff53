"""`link-orphans`: where the layout puts a link to a stored video that nothing shows yet. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..catalogue.known_works import KnownWorks, Match
from ..catalogue.owners import Owner
from ..changes import Change, MakeDir, MakeLink, Plan, SetFilePath, Unresolved
from ..names import NameInfo
from ..names.release import release_of
from ..names.subdivision_names import SYMBOLS
from ..names.titles import fold
from ..trees.link_text import relative_text
from .folder_roles import Root
from .series_folders import ShowFolders
from .tree_snapshot import Snapshot

_LONGEST_BYTES = 255


@dataclass(frozen=True, slots=True)
class Orphan:
    """A stored video that no row names: its path, what its name says, the link that shows it ("" for none).

    `doubt` says why it cannot be linked whatever its name says: it is empty, or may still be copied.
    """

    path: str
    info: NameInfo
    link: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class LinkWishes:
    """What the user asked for: links to further versions too; `into`, the folder for films of unknown genre."""

    versions: bool = False
    into: str = ""


class _Refused(Exception):
    """A file gets no link; the reason in words."""


class NewLinks:
    """Plans links for orphans, those of one folder together."""

    def __init__(self, snapshot: Snapshot, works: KnownWorks, wishes: LinkWishes, is_relative: bool) -> None:
        self._snapshot, self._works, self._wishes, self._is_relative = snapshot, works, wishes, is_relative
        self._shows = ShowFolders(snapshot)
        self._made: dict[str, None] = {}
        self._taken: set[str] = set()
        self._rows: set[tuple[str, int]] = set()
        self._homes = _series_homes(snapshot)

    def plan(self, orphans: Iterable[Orphan]) -> Plan:
        """Return the plan for these files, in the order of their paths; what is not certain stays unresolved."""
        changes: list[Change] = []
        unresolved: list[Unresolved] = []
        for orphan in sorted(orphans, key=lambda item: item.path):
            try:
                changes += self._changes(orphan)
            except _Refused as refused:
                unresolved.append(Unresolved(orphan.path, "", str(refused)))
        return Plan(tuple(changes), tuple(unresolved))

    def _changes(self, orphan: Orphan) -> list[Change]:
        info = orphan.info
        reason = orphan.doubt or _weakness(info)
        if reason:
            raise _Refused(reason)
        match = self._works.find(info)
        is_version = match is not None and bool(match.file_path) and match.file_path != orphan.path
        if is_version and not self._wishes.versions:
            raise _Refused(
                f"another version of {match.owner.title if match else ''} is known already; --versions links it"
            )
        if orphan.link:
            return [] if match is None else self._rows_for(match, orphan)
        folder, name = self._place(info, match), _link_name(info, match, posixpath.basename(orphan.path), is_version)
        path = f"{folder}/{name}"
        self._check_free(folder, name)
        target = relative_text(self._real(folder), orphan.path) if self._is_relative else orphan.path
        evidence = f"its name says {_said(info)}"
        made = [MakeDir(each, "for links to files that nothing shows") for each in self._missing(folder)]
        link = MakeLink(path, target, evidence)
        return [*made, link, *(self._rows_for(match, orphan) if match else [])]

    def _rows_for(self, match: Match, orphan: Orphan) -> list[Change]:
        """Return the rows that learn of their file: those that name none yet."""
        rows = [("movies", match.owner.id)] if match.owner.is_film else [("episodes", row.id) for row in match.episodes]
        if match.owner.is_film and match.file_path:
            return []
        known = {row.id for row in match.episodes if row.file_path}
        wanted = [row for row in rows if row not in self._rows and not (row[0] == "episodes" and row[1] in known)]
        self._rows.update(wanted)
        return [
            SetFilePath(table, row_id, None, orphan.path, f"its name says {_said(orphan.info)}")
            for table, row_id in wanted
        ]

    # Where

    def _place(self, info: NameInfo, match: Match | None) -> str:
        is_film = info.kind == "film"
        owner = match.owner if match else Owner(is_film, 0, info.title, "", info.year, None)
        root = next((root for root in self._snapshot.places.roots if root.is_film == is_film), None)
        if root is None:
            raise _Refused(f"the video tree has no folder of {'films' if is_film else 'series'}")
        if is_film:
            return self._film_folder(root, owner)
        homes = self._homes.get(owner.id, set()) if match else set()
        if len(homes) > 1:
            raise _Refused(f"its series has several folders: {', '.join(sorted(homes))}")
        show, problem = (next(iter(homes)), "") if homes else self._new_show(root, owner)
        if problem:
            raise _Refused(problem)
        return self._shows.season_of_show(show, info.season or 0)

    def _new_show(self, root: Root, owner: Owner) -> tuple[str, str]:
        home = self._snapshot.rules.series_folder(owner.genres) or self._snapshot.rules.default_type_folder
        return self._shows.show_folder(owner, self._below(root, home, owner, False))

    def _film_folder(self, root: Root, owner: Owner) -> str:
        home = self._snapshot.rules.film_folder(owner.genres)
        if home is None and self._wishes.into:
            return self._wishes.into
        if home is None:
            raise _Refused("nobody knows its genre; --into DIR says where such films go")
        return self._below(root, home, owner, True)

    def _below(self, root: Root, home: str, owner: Owner, is_film: bool) -> str:
        """Return the folder of a genre or type, down through the subdivisions that fit a title."""
        key = self._snapshot.key_of(owner.title)
        section = root.sections.get(fold(home))
        if section is None:
            letter = f"/{key.initial.upper() if key.initial.isalpha() else SYMBOLS}" if is_film else ""
            return f"{root.path}/{home}{letter}"
        places = self._snapshot.places.shelves.descend(section, key)
        if len(places) != 1:
            raise _Refused(f"it fits {' and '.join(place.rpartition('/')[2] for place in places)} equally")
        return places[0]

    def _check_free(self, folder: str, name: str) -> None:
        path = f"{folder}/{name}"
        node = self._snapshot.model.folders.get(folder)
        if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_BYTES:
            raise _Refused("its link's name would be longer than 255 bytes")
        if path in self._taken or (node and (name in node.links or name in node.files or name in node.subfolders)):
            raise _Refused(f"the name {path} is taken")
        self._taken.add(path)

    def _missing(self, folder: str) -> list[str]:
        missing = []
        here = folder
        root = self._snapshot.library.census.video.root
        while here != root and here not in self._snapshot.model.folders and here not in self._made:
            missing.append(here)
            here = posixpath.dirname(here)
        self._made.update(dict.fromkeys(missing))
        return missing[::-1]

    def _real(self, folder: str) -> str:
        video = self._snapshot.library.census.video
        return video.real + folder[len(video.root) :]


def _weakness(info: NameInfo) -> str:
    """Return why a reading is not enough to name a link by, or ""."""
    if info.extra:
        return "it is a sample or an extra"
    if info.conflict:
        return info.conflict
    if not info.strong or not info.title:
        return "its name says too little"
    if info.possible:
        return "which episodes it holds is not certain"
    if info.kind == "film" and info.year is None:
        return "its name says no year"
    if info.kind == "episode" and (info.season is None or not info.episodes):
        return "its name says a date, but no season and episode"
    return ""


def _said(info: NameInfo) -> str:
    if info.kind == "film":
        return f"{info.title} ({info.year})"
    numbers = "".join(f"E{number:02}" for number in info.episodes)
    return f"{info.title} S{info.season or 0:02}{numbers}"


def _link_name(info: NameInfo, match: Match | None, file: str, is_version: bool) -> str:
    """Return the canonical name of a link, with what tells one version from another."""
    title = match.owner.title if match else info.title
    year = (match.owner.year if match else None) or info.year
    name = f"{title} ({year})" if year else title
    if info.kind == "episode":
        numbers = f"E{info.episodes[0]:02}" + (f"-E{info.episodes[-1]:02}" if len(info.episodes) > 1 else "")
        name += f" - S{info.season or 0:02}{numbers}"
        episode = next((row.title for row in match.episodes if row.title), "") if match else ""
        episode = episode or info.episode_title
        name += f" - {episode}" if episode and not episode.casefold().startswith("episode ") else ""
    release = release_of(info, file)
    tags = [release.edition, " ".join(sorted(release.languages)).upper(), release.resolution, release.codec]
    tags += sorted(release.sources) if is_version else []
    tail = " ".join(filter(None, tags))
    separator = " - " if info.kind == "episode" else " "
    ending = file.rpartition(".")[2]
    plain = f"{name}{separator}{tail}" if tail else name
    return plain.replace("/", "-").replace("\0", "") + f".{ending}"


def _series_homes(snapshot: Snapshot) -> dict[int, set[str]]:
    """Return, by the id of a series, the folders of one title in which its links lie."""
    homes: dict[int, set[str]] = defaultdict(set)
    for container in snapshot.places.containers():
        for path in snapshot.places.title_folders(container):
            for folder in snapshot.model.below(path):
                for file in snapshot.model.folders[folder].links.values():
                    owner = snapshot.owner_of(file)
                    if owner is not None and not owner.is_film:
                        homes[owner.id].add(path)
    return homes


def most_are_relative(targets: Iterable[str]) -> bool:
    """Return whether most links say a relative path."""
    absolute = relative = 0
    for target in targets:
        absolute += target.startswith("/")
        relative += not target.startswith("/")
    return relative > absolute


__all__ = ["LinkWishes", "NewLinks", "Orphan", "most_are_relative"]
