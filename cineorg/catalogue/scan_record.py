"""One scan: what the census saw goes into the catalogue, in one transaction.

Nothing is noted of a root that is offline. Nothing is taken for gone below a folder that could not be read, or on the
word of the census alone: the disk is asked once more about each file that is missing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from stat import S_ISDIR, S_ISLNK
from typing import TypeVar

from ..clock import now_text
from ..paths import is_inside, nfc
from ..trees.census import FileStat, Tree, explain, is_absent, open_regular, says_absent
from ..trees.identity import opensubtitles_hash
from ..trees.library import Library
from ..trees.offline import FOLDER, VOLUME, Place
from ..trees.place_states import folders_below, is_deep
from ..trees.time_limit import ask
from . import transaction
from .application_rows import insert_registration, load_episodes, load_titles
from .check_queries import Catalogue
from .inventory import Difference, Inventory
from .migrations import is_of_application
from .registration import Registrar, Registration, ShownLink

T = TypeVar("T")


@dataclass(slots=True)
class ScanResult:
    """What a scan found; `moved` files stand in no other list of `files`.

    `is_registered`: the rows of the registration were added; else it says what could be.
    """

    files: Difference
    links: Difference
    registration: Registration = field(default_factory=Registration)
    is_registered: bool = True


def scan_library(
    connection: sqlite3.Connection,
    library: Library,
    *,
    register: bool | None,
    hashes: Mapping[str, str],
    trust_census: bool = False,
    within: Sequence[str] = (),
) -> ScanResult:
    """Write what `library` (read with stats) shows into the catalogue and return what is different.

    `register`: whether to add rows of films, series and episodes; None: unless another application made the tables, and
    has rows in them.
    `hashes`: OpenSubtitles hashes by path. `trust_census`: the trees are on another machine, so that this one cannot
    be asked about missing files. `within`: the only places that were read; all others are as they were remembered.
    """
    stats = file_stats(library)
    with transaction(connection):
        inventory = Inventory(connection, now_text())
        last_read = inventory.last_read()
        may_be_gone = _gone_judge(library, trust_census)

        def last_seen(path: str) -> str | None:
            tree = library.census.tree_of(path)
            return last_read.get(tree.root) if tree else None

        believed = _believed(library)
        files = inventory.update_files(believed(stats), may_be_gone, last_seen)
        inventory.set_hashes(believed(hashes))
        files.moved = inventory.record_moves()
        moved = {path for move in files.moved for path in (move.old.path, move.new.path)}
        files.new = [path for path in files.new if path not in moved]
        files.changed = [path for path in files.changed if path not in moved]
        files.gone = [path for path in files.gone if path not in moved]
        video = library.census.video
        links = inventory.update_links(
            believed({f"{folder}/{name}": target for folder, name, target in library.census.links()}),
            may_be_gone,
            last_read.get(video.root),
        )
        result = ScanResult(files, links)
        if register is not False:
            result.registration = _registration(connection, library, within)
            result.is_registered = register or not is_of_application(connection)
        if result.is_registered:
            insert_registration(
                connection, result.registration, lambda path: stats[path].size_bytes if path in stats else None
            )
        if not within:  # what the guards know is what a look at everything left
            kept, forgotten = _places_to_keep(library)
            inventory.save_places(kept, forgotten)
            inventory.note_partial_look(tree.root for tree in library.census.trees if _is_partial(tree, library))
        is_whole = not (within or library.offline or library.census.unreadable)
        inventory.record_scan(now_text(), complete=is_whole)
    return result


def file_stats(library: Library) -> dict[str, FileStat]:
    """Return what the census read of every stored file, by path."""
    return {
        f"{path}/{name}": stat
        for tree in library.census.storage
        for path, folder in library.census.folders_of(tree)
        if isinstance(folder.files, dict)
        for name, stat in folder.files.items()
    }


def fingerprint(
    library: Library, known: Collection[str], tick: Callable[[int], None]
) -> tuple[dict[str, str], list[str]]:
    """Read the OpenSubtitles hashes of the stored videos that are not among the `known` paths.

    Returns the hashes by path, and what could not be read.
    """
    hashes: dict[str, str] = {}
    failed: list[str] = []
    for path, stat in file_stats(library).items():
        tick(1)
        if path in known or not library.is_video(path):
            continue
        try:
            value = ask(_read_hash, path, stat.size_bytes)
        except OSError as error:
            failed.append(f"{path}: {explain(error)}")
            continue
        if value:
            hashes[path] = value
    return hashes, failed


def _read_hash(path: str, size_bytes: int) -> str | None:
    with open_regular(path) as file:
        return opensubtitles_hash(file, size_bytes)


def _believed(library: Library) -> Callable[[Mapping[str, T]], dict[str, T]]:
    """Return the function that leaves out the paths in roots that are offline.

    What lies below a mount point while the mount is away must not replace what is remembered of the real files.
    """
    offline = {item.path for item in library.offline}
    trees = [tree for tree in library.census.trees if tree.root in offline]

    def believed(found: Mapping[str, T]) -> dict[str, T]:
        if not trees:
            return dict(found)
        return {path: value for path, value in found.items() if library.census.tree_of(path) not in trees}

    return believed


def _gone_judge(library: Library, trust_census: bool) -> Callable[[str], bool]:
    """Return the function that says whether a path that was not seen may be recorded as gone."""
    offline = {item.path for item in library.offline}
    unreadable = [item.path for item in library.census.unreadable]
    accepted = library.accepted if trust_census else None

    def may_be_gone(path: str) -> bool:
        tree = library.census.tree_of(path)
        if tree is None or tree.root in offline or not _was_looked_for(path, tree, accepted):
            return False
        if any(is_inside(path, place) for place in unreadable):
            return False
        return trust_census or _has_left(path, tree)

    return may_be_gone


def _has_left(path: str, tree: Tree) -> bool:
    """Return whether nothing of the kind that was at `path` is there any more: a file, or a link of the video tree."""
    try:
        mode = ask(os.lstat, path).st_mode
    except OSError as error:
        return says_absent(error)
    return S_ISDIR(mode) if tree.is_storage else not S_ISLNK(mode)


def _was_looked_for(path: str, tree: Tree, accepted: Collection[str] | None) -> bool:
    """Return whether the walk would have seen `path`; `accepted` stands for the disk where that cannot be asked."""
    if any(is_inside(path, folder) for folder in tree.scoped):
        return True
    # Not walked: either the folder has gone, or the scope was changed and the folder is none of our business.
    if accepted is not None:
        return any(is_inside(path, place) for place in accepted)
    top = tree.root.rstrip("/") + "/"
    return is_absent(top + path[len(top) :].partition("/")[0])


def _registration(connection: sqlite3.Connection, library: Library, within: Sequence[str]) -> Registration:
    named = Catalogue(connection).named_files()
    shown = []
    root = library.census.video.root.rstrip("/") + "/"
    for folder, name, _ in library.census.links():
        if not library.is_video(name):
            continue
        path = f"{folder}/{name}"
        file_path = library.stored_file_of(path)
        if file_path is None or file_path in named:
            continue
        if not within or any(is_inside(each, place) for each in (path, file_path) for place in within):
            shown.append(ShownLink(path, tuple(folder[len(root) :].split("/")), name, file_path))
    if not shown:
        return Registration()
    registrar = Registrar(
        load_titles(connection, "movies"), load_titles(connection, "series"), load_episodes(connection)
    )
    kinds = _folder_kinds(library)
    for link in sorted(shown):
        registrar.add(link, kinds.get(nfc(link.folders[0]).casefold(), ""))
    return registrar.result


def _folder_kinds(library: Library) -> dict[str, str]:
    kinds = {nfc(name).casefold(): "film" for name in library.settings.film_folders}
    return kinds | {nfc(name).casefold(): "episode" for name in library.settings.series_folders}


def _is_partial(tree: Tree, library: Library) -> bool:
    if any(item.path == tree.root for item in library.offline):
        return False
    return any(library.census.tree_of(item.path) is tree for item in library.census.unreadable)


def _is_no_more(place: Place, tree: Tree) -> bool:
    """Return whether a folder is gone, or is deep in its root and no mount point any more."""
    if place.kind != FOLDER or place.problem:
        return place.kind == FOLDER
    return is_deep(place.path, tree) and place.filesystem.mount_point != tree.real + place.path[len(tree.root) :]


def _places_to_keep(library: Library) -> tuple[list[Place], Collection[str]]:
    """Return the places whose state a complete look has established, and those that are no more, or out of scope."""
    offline = {item.path for item in library.offline}
    before = library.before
    now = {place.path for place in library.places}
    kept: list[Place] = []
    forgotten: list[str] = []
    for tree in library.census.trees:
        if tree.root in offline or _is_partial(tree, library):
            continue
        forgotten += [path for path in folders_below(tree.root, before) if path not in now]
        for place in library.places:
            if place.kind != VOLUME and library.census.tree_of(place.path) is tree:
                (forgotten.append(place.path) if _is_no_more(place, tree) else kept.append(place))
    kept += [place for place in library.places if place.kind == VOLUME and place.files and place.path not in offline]
    kept += [place for place in library.places if place.kind == VOLUME and place.path in library.accepted]
    return kept, forgotten
