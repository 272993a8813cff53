"""One run of `cineorg checksum`: look at the library, read what is due, report what is damaged."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cineorg.plugin import (
    COMMON_KINDS,
    EXIT_FINDINGS,
    EXIT_INCOMPLETE,
    EXIT_OK,
    Catalogue,
    FileStat,
    Library,
    Remedies,
    Request,
    Tree,
    check_storage,
    existing_paths,
    file_stats,
    identify,
    is_inside,
    load_library,
    offline_finding,
    read_age,
    reading,
    take_census,
    unreadable_finding,
)

from .check import damaged_file, finding_of, is_as_found
from .choosing import Choice, choose_files
from .judging import CHANGED, RECORDED, VERIFIED
from .running import Outcome, Runner, Task
from .settings import ChecksumSettings, load_checksum_settings
from .store import Store, open_store


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: the library, every stored video as it is now, and those that are asked for."""

    request: Request
    library: Library
    stored: Mapping[str, FileStat]
    wanted: Collection[str]


def checksum_library(
    request: Request, paths: Sequence[str], flags: Mapping[str, Any], *, max_seconds: float | None
) -> int:
    """Read what is due at `paths` (none: everywhere), write the report and return the exit code: 0, 1 or 3.

    `flags`: options that stand above the config file's, None where not given.
    """
    gc.disable()  # the census is one large tree of plain data
    check_storage(request)
    settings = load_checksum_settings(request.settings, flags)
    within = existing_paths(paths, request.settings.roots())
    with open_store(request.settings.db, write=True) as store:
        run = _look(request, within)
        choice, outcome = _read(run, store, settings, max_seconds)
        return _report(run, store, choice, outcome)


def _look(request: Request, within: Sequence[str]) -> _Run:
    with reading(request, needs="nothing") as connection:  # not for the hours that follow
        with request.progress().phase(1, 2, "Reading both trees", None) as tick:
            census = take_census(request.settings, with_stats=True, tick=tick)
        library = load_library(request.settings, Catalogue(connection).places(), census=census)
        stored = {path: stat for path, stat in file_stats(library).items() if library.is_video(path)}
        chosen: Collection[str] = set(_chosen(library, stored, within)) if within else stored.keys()
        return _Run(request, library, stored, [path for path in chosen if not library.offline_reason(path)])


def _chosen(library: Library, stored: Collection[str], within: Sequence[str]) -> Iterator[str]:
    """Yield the stored files that lie in the chosen places, or that links there lead to."""
    for path in stored:
        if any(is_inside(path, place) for place in within):
            yield path
    for folder, name, _ in library.census.links():
        if any(is_inside(f"{folder}/{name}", place) for place in within):
            target = library.stored_file_of(f"{folder}/{name}")
            path = library.finder.canonical(target) if target else ""
            if path in stored:
                yield path


def _read(run: _Run, store: Store, settings: ChecksumSettings, max_seconds: float | None) -> tuple[Choice, Outcome]:
    read_before = datetime.now(UTC) - read_age(settings.again)
    choice = choose_files(
        run.stored,
        store.known(),
        run.wanted,
        read_before=read_before.strftime("%Y-%m-%d %H:%M:%S.%f"),
        is_gone=lambda path: _is_gone(path, run.library),
    )
    if choice.moved:
        store.move(choice.moved)
    task = Task(
        choice.todo,
        run.stored,
        root_of=lambda path: _tree_of(path, run.library).root,
        why_lost=lambda root: _why_lost(root, run.library),
    )
    total = sum(run.stored[path].size_bytes for path in choice.todo)
    with run.request.progress().phase(2, 2, "Reading files", total, "B") as tick:
        return choice, Runner(task, store, tick).run(settings.jobs, max_seconds)


def _is_gone(path: str, library: Library) -> bool:
    """Return whether a file that was recorded is no more, as far as the census may be believed."""
    tree = library.census.tree_of(path)
    if tree is None or not any(is_inside(path, folder) for folder in tree.scoped) or library.offline_reason(path):
        return False
    return not any(is_inside(path, item.path) for item in library.census.unreadable)


def _tree_of(path: str, library: Library) -> Tree:
    tree = library.census.tree_of(path)
    assert tree is not None  # it was walked
    return tree


def _why_lost(root: str, library: Library) -> str:
    """Return why what is seen below a root now is not what the census saw, or ""."""
    first = next(place.filesystem for place in library.places if place.path == root)
    if identify(root) == first and all(map(os.path.isdir, _tree_of(root, library).scoped)):
        return ""
    return "went away while its files were being read"


def _report(run: _Run, store: Store, choice: Choice, outcome: Outcome) -> int:
    request, check = run.request, damaged_file
    report = request.report(
        "checksum",
        ("issues",),
        ("type", "path", "details", *check.columns, "reason"),
        titles={check.type: check.label, "offline_target": "offline places", "unreadable": "unreadable files"},
    )
    report.findings(run.library.place_findings(Remedies(request, run.library).words))
    report.findings(
        offline_finding(root, reason, f"{reason}; what is not read yet is left to the next run")
        for root, reason in sorted(outcome.lost.items())
    )
    wanted = set(run.wanted)
    findings = [finding_of(item) for item in store.damaged() if item.path in wanted and is_as_found(item)]
    findings += [unreadable_finding(path, reason) for path, reason in outcome.unreadable.items()]
    report.findings(sorted(findings, key=lambda finding: os.fsencode(finding.path)))
    counts, verdicts = report.counts, outcome.verdicts
    summary = {"total": counts.total(), check.summary_key: counts[check.type]}
    summary |= {word: verdicts[word] for word in (RECORDED, VERIFIED, CHANGED)}
    summary |= {"bytes_read": outcome.bytes_read, "moved": len(choice.moved)}
    summary |= {"not_due": choice.known, "not_read": outcome.left}
    summary |= {key: counts[kind] for kind, key in COMMON_KINDS.items() if counts[kind]}
    complete = not any(counts[kind] for kind in COMMON_KINDS)
    report.finish(
        complete=complete,
        has_issues=bool(counts.total()),
        summary=summary,
        issues=[],
        suggestions=[request.command_line("checksum")] if outcome.left else [],
    )
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if counts.total() else EXIT_OK
