"""One run of `cineorg probe`: look at the library, probe what is new, report what is known."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cineorg.plugin import (
    COMMON_KINDS,
    EXIT_FINDINGS,
    EXIT_INCOMPLETE,
    EXIT_OK,
    Catalogue,
    FileStat,
    Finding,
    Library,
    Remedies,
    Request,
    check_storage,
    existing_paths,
    file_stats,
    is_inside,
    load_library,
    reading,
    take_census,
    unreadable_finding,
)

from .check import unreadable_video
from .choosing import Choice, choose_files
from .ffprobe import find_ffprobe
from .judging import expected_durations, find_faults
from .memory import Memory, open_memory
from .model import UNKNOWN, Result, is_same_file
from .running import Outcome, probe_files
from .settings import ProbeSettings, load_probe_settings


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: the library, the chosen files as they are now, how to probe them, how long each should last."""

    request: Request
    library: Library
    settings: ProbeSettings
    stored: Mapping[str, FileStat]
    wanted: Collection[str]
    expected: Mapping[str, tuple[float, ...]]


def probe_library(
    request: Request, paths: Sequence[str], flags: Mapping[str, Any], *, is_again: bool, max_seconds: float | None
) -> int:
    """Probe what lies at `paths` (none: everywhere), write the report and return the exit code: 0, 1 or 3.

    `flags`: options that stand above the config file's, None where not given.
    """
    gc.disable()  # the census is one large tree of plain data
    check_storage(request)
    settings = load_probe_settings(request.settings, flags)
    within = existing_paths(paths, request.settings.roots())
    with reading(request, needs="nothing") as connection:
        run = _look(request, Catalogue(connection), settings, within)
        with open_memory(request.settings.db, write=True) as memory:
            choice, outcome = _probe(run, memory, is_again, max_seconds)
            return _report(run, memory, choice, outcome)


def _look(request: Request, catalogue: Catalogue, settings: ProbeSettings, within: Sequence[str]) -> _Run:
    with request.progress().phase(1, 2, "Reading both trees", None) as tick:
        census = take_census(request.settings, with_stats=True, tick=tick)
    library = load_library(request.settings, catalogue.places(), census=census)
    stored = {path: stat for path, stat in file_stats(library).items() if library.is_video(path)}
    chosen: Collection[str] = set(_chosen(library, stored, within)) if within else stored.keys()
    wanted = [path for path in chosen if not library.offline_reason(path)]
    return _Run(request, library, settings, stored, wanted, expected_durations(library, catalogue))


def _chosen(library: Library, stored: Collection[str], within: Sequence[str]) -> Iterator[str]:
    """Yield the stored files that lie in the chosen places, or that links there lead to."""
    for path in stored:
        if any(is_inside(path, place) for place in within):
            yield path
    for folder, name, _ in library.census.links():
        link = f"{folder}/{name}"
        if any(is_inside(link, place) for place in within):
            target = library.stored_file_of(link)
            path = library.finder.canonical(target) if target else ""
            if path in stored:
                yield path


def _probe(run: _Run, memory: Memory, is_again: bool, max_seconds: float | None) -> tuple[Choice, Outcome]:
    kept = memory.files()
    gone = {path for path in kept if path not in run.stored and _is_gone(path, run.library)}
    there_or_gone = {path: item for path, item in kept.items() if path in run.stored or path in gone}
    choice = choose_files(run.stored, there_or_gone, run.wanted, is_again)
    memory.move(choice.renamed)
    memory.forget(gone - {old for old, _ in choice.renamed})
    if not choice.todo:
        return choice, Outcome()
    # Asked for only now: where nothing is to be probed, nobody need have it.
    ffprobe = find_ffprobe(run.settings.ffprobe, run.settings.timeout)
    todo = {path: run.stored[path] for path in choice.todo}
    with run.request.progress().phase(2, 2, "Asking ffprobe", len(todo)) as tick:
        return choice, probe_files(todo, ffprobe, memory, jobs=run.settings.jobs, max_seconds=max_seconds, tick=tick)


def _is_gone(path: str, library: Library) -> bool:
    """Return whether a file that a result is kept of is no more, as far as the census may be believed."""
    tree = library.census.tree_of(path)
    if tree is None or not any(is_inside(path, folder) for folder in tree.scoped) or library.offline_reason(path):
        return False
    return not any(is_inside(path, item.path) for item in library.census.unreadable)


def _report(run: _Run, memory: Memory, choice: Choice, outcome: Outcome) -> int:
    request, check = run.request, unreadable_video
    report = request.report(
        "probe",
        ("issues",),
        ("type", "path", "details", *check.columns, "reason"),
        titles={check.type: check.label, "offline_target": "offline places", "unreadable": "unreadable files"},
    )
    report.findings(run.library.place_findings(Remedies(request, run.library).words))
    report.findings(_findings(run, memory, outcome))
    counts = report.counts
    summary = {"total": counts.total(), check.summary_key: counts[check.type]}
    summary |= {"probed": len(outcome.probed), "known": choice.known, "not_probed": outcome.left}
    summary |= {key: counts[kind] for kind, key in COMMON_KINDS.items() if counts[kind]}
    complete = not any(counts[kind] for kind in COMMON_KINDS)
    report.finish(
        complete=complete,
        has_issues=bool(counts.total()),
        summary=summary,
        issues=[],
        suggestions=[request.command_line("probe")] if outcome.left else [],
    )
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if counts.total() else EXIT_OK


def _findings(run: _Run, memory: Memory, outcome: Outcome) -> list[Finding]:
    """Return what is wrong with the chosen files, probed now or earlier, sorted by path."""
    wanted = set(run.wanted)
    silent = [unreadable_finding(path, "it went away before it was probed") for path in outcome.vanished]

    def chosen() -> Iterator[Result]:
        for result in memory.results():
            if result.path not in wanted:
                continue
            if result.state != UNKNOWN:
                yield result
            elif is_current(result):
                silent.append(unreadable_finding(result.path, result.reason))

    def is_current(result: Result) -> bool:
        # What was probed just now may have changed since the walk: then the result is right, and the walk is not.
        return result.path in outcome.probed or is_same_file(run.stored[result.path], result.stat)

    faults = list(find_faults(chosen(), run.expected, run.settings.duration_tolerance, is_current))
    return sorted([*faults, *silent], key=lambda finding: os.fsencode(finding.path))
