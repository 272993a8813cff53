"""`cineorg scan`: reads both trees (or another machine's inventory) into the catalogue."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from ..catalogue.check_queries import Catalogue
from ..catalogue.connection import check_answers
from ..catalogue.inventory import Inventory
from ..catalogue.inventory_stream import inventory_rows, read_inventory
from ..catalogue.journal_mode import is_on_network
from ..catalogue.recollection import recall
from ..catalogue.scan_record import ScanResult, file_stats, fingerprint, scan_library
from ..clock import as_local, now_text
from ..errors import EXIT_INCOMPLETE, EXIT_OK
from ..output.headings import counted
from ..output.report import COMMON_KINDS
from ..paths import is_inside, terminal_text
from ..settings.configuration import Settings
from ..trees.census import Census
from ..trees.library import Library, load_library
from ..trees.roots import check_roots
from ..trees.tree_walk import take_census
from .shared.completion import complete_files, complete_folders
from .shared.help_examples import Command
from .shared.library_access import check_storage, writing
from .shared.options import Request, chosen_paths, read_maps, request_options, spelled_as_root
from .shared.remedies import Remedies

_TITLES = {
    **{f"{state} {kind}": f"{state} {kind}s" for state in ("new", "changed", "gone") for kind in ("file", "link")},
    "moved": "moved files",
    "offline_target": "offline places",
    "unreadable": "unreadable places",
}
_COLUMNS = ("type", "path", "kind", "old_path", "size", "target", "evidence", "details", "reason")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the census comes from: this machine's trees, or an inventory of another's."""

    settings: Settings
    census: Census | None = None
    hashes: Mapping[str, str] | None = None
    within: tuple[str, ...] = ()


@click.command(
    "scan",
    cls=Command,
    short_help="See what is new, changed, moved or gone, and remember it.",
    examples=(
        ("cineorg scan", "Look at both trees and remember them; the more often, the more links can be repaired later."),
        (
            "cineorg scan storage/Films",
            "Read only this folder, and say nothing of all others: for a script that a download manager calls.",
        ),
        (
            "cineorg scan --accept storage/Films",
            "Say that what is missing there is really gone, and not just a mount away.",
        ),
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_folders)
@click.option(
    "--register/--no-register",
    default=None,
    help="Add rows for series, episodes and films, or none [default: none to those of another application].",
)
@click.option("--fingerprint", "with_hashes", is_flag=True, help="Also read OpenSubtitles hashes of new files.")
@click.option(
    "--from",
    "source",
    metavar="FILE|-",
    shell_complete=complete_files,
    help="Take the inventory that `scan --jsonl` wrote elsewhere.",
)
@click.option(
    "--map", "maps", metavar="OLD=NEW", multiple=True, help="With --from: paths under OLD are under NEW here."
)
@click.option(
    "--accept",
    metavar="DIR",
    multiple=True,
    shell_complete=complete_folders,
    help="What is missing in DIR is really gone (repeatable).",
)
@request_options("jobs")
def command(
    request: Request,
    paths: tuple[str, ...],
    register: bool | None,
    with_hashes: bool,
    source: str | None,
    maps: tuple[str, ...],
    accept: tuple[str, ...],
) -> int:
    """See what is new, changed, moved or gone, and remember it.

    Reports what is new, changed, moved and gone since the last scan. A root that looks offline is not recorded as
    lost: exit code 3, and the command that accepts the loss is printed. With --jsonl the whole inventory is written.
    With PATH only these folders are read, and nothing is said of all others.
    """
    gc.disable()  # the census is one large tree of plain data
    if maps and not source:
        raise click.UsageError("--map goes with --from")
    settings = request.settings
    if paths and (source or accept):
        raise click.UsageError("PATH goes neither with --from nor with --accept: these are about the whole library")
    within = _folders_to_read(paths, settings) if paths else ()
    origin = _read_source(source, maps, settings) if source else _Source(settings, within=within)
    if source and ("--storage" in request.library_flags or "--video" in request.library_flags):
        request.warn("--storage and --video are left aside: an inventory brings its own roots, which --map translates")
    request = replace(request, settings=origin.settings)
    check_storage(request)
    if is_on_network(settings.db):
        request.warn(f"the catalogue {settings.db} lies on a network filesystem, where locks may fail; keep it local")
    check_answers(settings.db)
    if not os.path.exists(settings.db) and not origin.census:
        check_roots(settings, {})  # before a catalogue is made for roots that are a slip of the finger
    with writing(request, needs="nothing") as connection:
        return _scan(request, connection, origin, register, with_hashes, accept)


def _folders_to_read(paths: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """Return the folders that PATH arguments name; of a file, or a link, the folder that it lies in."""
    chosen = chosen_paths(paths, settings.roots())
    folders = [path if os.path.isdir(path) and not os.path.islink(path) else _above(path) for path in chosen]
    return tuple(dict.fromkeys(folders))


def _above(path: str) -> str:
    """Return the folder of a file, or of one that is gone: it, and what was in it, is missing there then."""
    return os.path.dirname(path) if os.path.lexists(path) else path


def _read_source(source: str, maps: tuple[str, ...], settings: Settings) -> _Source:
    pairs = read_maps(maps)
    with click.open_file(source, "rb") as file:
        census, hashes, (storage, video) = read_inventory(file, pairs)
    return _Source(replace(settings, storage=storage, video=video), census, hashes)


def _scan(
    request: Request,
    connection: sqlite3.Connection,
    origin: _Source,
    register: bool | None,
    with_hashes: bool,
    accept: tuple[str, ...],
) -> int:
    settings, progress = origin.settings, request.progress()
    catalogue = Catalogue(connection)
    last = catalogue.last_scan()
    if last and last > now_text():
        request.warn(f"the clock is behind the last scan ({as_local(last)[:16]}): set it; until then no file grows old")
    accepted = _accepted(accept, settings, catalogue)
    phases = 2 if with_hashes and not origin.census else 1
    with progress.phase(1, phases, "Reading both trees", None) as tick:
        census = origin.census or take_census(settings, with_stats=True, within=origin.within, tick=tick)
    if origin.within:
        _check_scope(origin.within, census)
        recall(connection, census, origin.within)
    library = load_library(settings, catalogue.places(), census=census, is_local=not origin.census, accepted=accepted)
    for path in accepted:
        if not any(is_inside(place.path, path) for place in library.places):
            request.warn(f"--accept {path}: nothing is known of it, and nothing was accepted")
    hashes = dict(origin.hashes or {})
    is_inventory = request.output.name == "jsonl"
    known = Inventory(connection, now_text()).hashes_of(file_stats(library)) if phases == 2 or is_inventory else {}
    if phases == 2:
        with progress.phase(2, phases, "Reading hashes", len(file_stats(library))) as tick:
            hashes, failed = fingerprint(library, {*known, *_not_read(library, origin.within)}, tick)
        for message in failed:
            request.warn(f"no hash: {message}")
    result = scan_library(
        connection,
        library,
        register=register,
        hashes=hashes,
        trust_census=origin.census is not None,
        within=origin.within,
    )
    return _show(request, library, result, known | hashes, origin.within)


def _check_scope(within: Sequence[str], census: Census) -> None:
    """Raise UsageError for a folder in which nothing counts."""
    for path in within:
        tree = census.tree_of(path)
        if tree is None or tree.problem or not tree.scoped:
            continue  # the report will say what is wrong with the root
        if not any(is_inside(path, folder) or is_inside(folder, path) for folder in tree.scoped):
            raise click.UsageError(f"{terminal_text(path)} lies in none of the folders that count (see `scope`)")


def _not_read(library: Library, within: Sequence[str]) -> Iterator[str]:
    if within:
        yield from (path for path in file_stats(library) if not any(is_inside(path, place) for place in within))


def _accepted(accept: tuple[str, ...], settings: Settings, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the places whose loss is real, spelled as the guards spell them: roots, folders in them, volumes."""
    roots, places = settings.roots(), catalogue.places()
    accepted = []
    for path in accept:
        place = spelled_as_root(os.path.abspath(path), roots)
        is_known = place in places or place in roots
        if not is_known and any(is_inside(place, root) and os.path.dirname(place) != root for root in roots):
            raise click.UsageError(f"--accept {path}: name a root, or a folder directly in one")
        accepted.append(place)
    return tuple(accepted)


def _entries(result: ScanResult, stats: Mapping[str, Any], targets: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for kind in ("new", "changed"):
        rows = [
            {"type": kind, "path": path, "kind": "file", "size": stats[path].size_bytes}
            for path in getattr(result.files, kind)
        ]
        rows += [
            {"type": kind, "path": path, "kind": "link", "target": targets[path]}
            for path in getattr(result.links, kind)
        ]
        yield from sorted(rows, key=lambda row: str(row["path"]))
    for move in result.files.moved:
        yield {
            "type": "moved",
            "path": move.new.path,
            "kind": "file",
            "old_path": move.old.path,
            "size": move.new.size_bytes,
            "evidence": move.evidence,
        }
    gone = [{"type": "gone", "path": path, "kind": "file"} for path in result.files.gone]
    gone += [{"type": "gone", "path": path, "kind": "link"} for path in result.links.gone]
    yield from sorted(gone, key=lambda row: row["path"])


def _show(
    request: Request, library: Library, result: ScanResult, hashes: Mapping[str, str], within: Sequence[str]
) -> int:
    report = request.report(
        "scan",
        ("entries", "issues"),
        _COLUMNS,
        titles=_TITLES,
    )
    stats = file_stats(library)
    targets = {f"{folder}/{name}": target for folder, name, target in library.census.links()}
    # The inventory of a part would say of all else that it is gone.
    if request.output.name == "jsonl" and not within:
        for row in inventory_rows(library, hashes):
            report.row("inventory", row)
    for row in _entries(result, stats, targets):
        report.row("entries", row)
    remedies = Remedies(request, library)
    report.findings(library.place_findings(remedies.words))
    registration, counts = result.registration, report.counts
    summary = {"total": sum(counts[kind] for kind in ("new", "changed", "moved", "gone"))}
    summary |= {kind: counts[kind] for kind in ("new", "changed", "moved", "gone")}
    added = {
        "films": len(registration.films),
        "series": len(registration.series),
        "episodes": len(registration.episodes),
    }
    is_added = result.is_registered
    summary |= {
        "files": len(stats),
        "links": len(targets),
        **{f"{kind}_added": number if is_added else 0 for kind, number in added.items()},
        "episodes_filled": len(registration.filled) if is_added else 0,
        "not_understood": len(registration.not_understood),
    }
    if not is_added:
        summary |= {f"{kind}_unregistered": number for kind, number in added.items()}
        _tell_unregistered(request, added)
    summary |= {key: counts[kind] for kind, key in COMMON_KINDS.items() if counts[kind]}
    for path in registration.not_understood:
        request.note(f"not registered, its name was not understood: {path}")
    complete = not (library.offline or library.census.unreadable)
    report.finish(
        complete=complete,
        has_issues=bool(counts["offline_target"] or counts["unreadable"]),
        summary=summary,
        entries=[],
        issues=[],
        suggestions=[*remedies.commands(), request.command_line("integrity")],
    )
    return EXIT_OK if complete else EXIT_INCOMPLETE


def _tell_unregistered(request: Request, added: Mapping[str, int]) -> None:
    """Say how many rows another application's tables lack, and how they are added."""
    if any(added.values()):
        words = ", ".join(counted(number, kind) for kind, number in added.items() if number)
        remedy = request.command_line("scan", "--register")
        request.warn(f"not added to the tables of another application: {words}; `{remedy}` adds them")
