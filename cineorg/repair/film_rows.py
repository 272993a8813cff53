"""`link-movies`: rows of films get the file that the link of their title and year reaches. Pure.

Every film link is counted once, and the counts add up. A row that names a file stays as it is, whatever it names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ..changes import Candidate, Change, Plan, SetFilePath, Unresolved
from ..names import NameInfo, is_extra, read_numbers, read_strict
from ..names.folders import owner
from ..names.tags import take_part
from ..names.text import stem_of
from ..names.titles import fold
from ..names.work import work_of
from ..paths import nfc
from ..trees.links import BROKEN
from .film_titles import FilmIndex, Fit

if TYPE_CHECKING:
    from ..catalogue.film_and_episode_rows import FilmRow
    from ..trees.library import Library

ReadName = Callable[[str, Sequence[str]], NameInfo]
COUNTS = ("linked", "already_linked", "not_in_catalogue", "unresolved", "broken", "found_in_storage")


class FilmLink(NamedTuple):
    """A link below a film folder; `file` is what it reaches, "" for nothing, `state` why (see trees/links.py)."""

    path: str
    target: str
    folders: tuple[str, ...]
    name: str
    file: str
    state: str = ""
    reason: str = ""


@dataclass(slots=True)
class MoviePlan:
    """The plan and, of the film links, how many came to what (COUNTS; "offline" only where there are some).

    `other_files`: rows that name another file than a link of theirs reaches. `unlinked`: rows without a file that no
    link names.
    """

    plan: Plan
    counts: dict[str, int]
    other_files: list[FilmRow] = field(default_factory=list)
    unlinked: list[FilmRow] = field(default_factory=list)

    def with_stored(self, stored: Plan) -> MoviePlan:
        """Return the plan with what storage has for the rows that no link names."""
        plan = Plan(
            (*self.plan.changes, *stored.changes),
            tuple(sorted((*self.plan.unresolved, *stored.unresolved), key=lambda item: item.path)),
        )
        counts = self.counts | {"unresolved": len(plan.unresolved), "found_in_storage": len(stored.changes)}
        return replace(self, plan=plan, counts=counts)


def film_links(library: Library, link_end: Callable[[str], str | None]) -> Iterator[FilmLink]:
    """Yield the links to videos below the film folders, in no order; extras are left out.

    `link_end(path)` asks the disk where a healthy link ends that the census cannot follow.
    """
    top = library.census.video.root.rstrip("/") + "/"
    kinds = {nfc(name).casefold() for name in library.settings.film_folders}
    bad = {link.path: link for link in library.bad_links}
    for folder, name, target in library.census.links():
        folders = tuple(folder[len(top) :].split("/"))
        if nfc(folders[0]).casefold() not in kinds or not library.is_video(name) or is_extra(name, folders[1:]):
            continue
        path = f"{folder}/{name}"
        if path in bad:
            yield FilmLink(path, target, folders, name, "", bad[path].state, bad[path].reason)
            continue
        file = library.stored_file_of(path) or link_end(path) or ""
        reason = library.offline_reason(file) if file else "it is not known where it ends"
        yield FilmLink(path, target, folders, name, library.finder.canonical(file), "offline" if reason else "", reason)


def plan_movies(
    links: Iterable[FilmLink], rows: Sequence[FilmRow], named: Iterable[str], read_name: ReadName
) -> MoviePlan:
    """Return which rows get which file of a link.

    `named`: every path that a row of the catalogue names, spelled as `FilmLink.file`; so are those of `rows`.
    `read_name(name, folders)` reads what the strict patterns decline.
    """
    planner = _Planner({row.id: row for row in rows}, FilmIndex(rows), frozenset(named), read_name)
    for link in sorted(links):
        planner.take(link)
    return planner.result()


@dataclass(slots=True)
class _Planner:
    rows: dict[int, FilmRow]
    index: FilmIndex
    named: frozenset[str]
    read_name: ReadName
    shown: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    unresolved: list[Unresolved] = field(default_factory=list)
    wanted: dict[int, list[tuple[FilmLink, str]]] = field(default_factory=lambda: defaultdict(list))
    doubted: dict[int, str] = field(default_factory=dict)
    other_files: dict[int, FilmRow] = field(default_factory=dict)

    def take(self, link: FilmLink) -> None:
        """Judge one link; those that fit one row wait until all have been seen."""
        if link.state == BROKEN:
            self.counts["broken"] += 1
            return
        fit, info = self._read(link)
        self.shown.update(fit.ids if fit else ())
        if link.state:
            self.counts["offline"] += 1
            self.doubted |= dict.fromkeys(fit.ids if fit else (), link.path)
        elif fit is None:
            self._unmatched(link, info)
        elif linked := [self.rows[row_id] for row_id in fit.ids if self.rows[row_id].file_path]:
            self._already(link, linked, len(fit.ids))
        elif len(fit.ids) > 1:
            self._leave(link, f"{len(fit.ids)} films fit: {self._describe(fit.ids)}")
        elif conflict := info.conflict or _contradiction(info, link.folders):
            self._leave(link, conflict)
        elif info.part is not None:
            self._leave(link, f"it is part {info.part} of {self._describe(fit.ids)}: no one file is the film")
        elif link.file in self.named:
            self._leave(link, f"another row names its file already, not {self._describe(fit.ids)}")
        else:
            self.wanted[fit.ids[0]].append((link, fit.evidence))

    def _read(self, link: FilmLink) -> tuple[Fit | None, NameInfo]:
        """Return the rows that the link names, and how its name was read: strictly, verbatim, or by guessing."""
        info = read_strict(link.name, link.folders)
        if info is None or (info.kind != "episode" and not info.strong):
            fit = self._find_verbatim(link.name)
            if fit:
                return fit, NameInfo(kind="film", part=take_part(stem_of(link.name))[1])
            info = self.read_name(link.name, link.folders)
        if info.kind != "film" or not info.strong or info.year is None:
            return None, info
        # The file's own name may confirm a year that is one off the row's.
        file = read_strict(link.file.rpartition("/")[2]) if link.file else None
        years = frozenset({file.year} if file is not None and file.strong and file.year else ())
        return self.index.find(work_of(info), years) or self._find_verbatim(link.name), info

    def _find_verbatim(self, name: str) -> Fit | None:
        season, episodes, conflict = read_numbers(name)
        return None if episodes or conflict or season is not None else self.index.find_verbatim(stem_of(name))

    def _unmatched(self, link: FilmLink, info: NameInfo) -> None:
        if info.kind != "film" or not info.title:
            self._leave(link, "its name does not say title and year of a film")
            return
        near = self.index.find_near(work_of(info))
        if near:
            is_title = all(self.rows[row_id].year == info.year for row_id in near)
            said = f"“{info.title}”" if is_title else info.year or "no year"
            reason = f"the link says {said}, the catalogue {self._describe(near)}"
            self._leave(link, reason, [self._candidate(link, row_id) for row_id in near])
        elif not info.strong or info.year is None:
            self._leave(link, "its name does not plainly say title and year of a film")
        else:
            self.counts["not_in_catalogue"] += 1

    def _candidate(self, link: FilmLink, row_id: int) -> Candidate:
        return Candidate(link.file, 80.0, f"for {self._describe([row_id])}")

    def _already(self, link: FilmLink, linked: Sequence[FilmRow], fitting: int) -> None:
        others = [row for row in linked if row.file_path != link.file]
        if len(others) < len(linked) or fitting == len(linked):
            self.counts["already_linked"] += 1
            if len(others) == len(linked):
                self.other_files |= {row.id: row for row in others}
        else:
            self._leave(link, f"{fitting} films fit, some of which name another file: {_names(linked)}")

    def _leave(self, link: FilmLink, reason: str, candidates: Sequence[Candidate] = ()) -> None:
        self.unresolved.append(Unresolved(link.path, link.target, reason, tuple(candidates)))

    def _describe(self, row_ids: Iterable[int]) -> str:
        return _names(self.rows[row_id] for row_id in row_ids)

    def result(self) -> MoviePlan:
        """Settle the links that fit one row each."""
        rows_of: dict[str, set[int]] = defaultdict(set)
        for row_id, found in self.wanted.items():
            for link, _ in found:
                rows_of[link.file].add(row_id)
        changes: list[Change] = []
        for row_id, found in sorted(self.wanted.items()):
            files = sorted({link.file for link, _ in found})
            rivals = sorted({other for file in files for other in rows_of[file]} - {row_id})
            if len(files) > 1:
                self._leave_twins(row_id, found)
            elif rivals or row_id in self.doubted:
                reason = (
                    f"links of other films reach the same file: {self._describe(rivals)}"
                    if rivals
                    else f"another link of this film cannot be judged now: {self.doubted[row_id]}"
                )
                for link, _ in found:
                    self._leave(link, reason)
            else:
                self.counts["linked"] += len(found)
                old = self.rows[row_id].file_path
                changes.append(SetFilePath("movies", row_id, old, files[0], evidence=found[0][1]))
        self.counts["unresolved"] = len(self.unresolved)
        counts = {name: self.counts[name] for name in COUNTS}
        if self.counts["offline"]:
            counts["offline"] = self.counts["offline"]
        self.unresolved.sort(key=lambda item: item.path)
        unlinked = [row for row in self.rows.values() if not row.file_path and row.id not in self.shown]
        plan = Plan(tuple(changes), tuple(self.unresolved))
        return MoviePlan(plan, counts, list(self.other_files.values()), unlinked)

    def _leave_twins(self, row_id: int, found: Sequence[tuple[FilmLink, str]]) -> None:
        first_links = {link.file: link.name for link, _ in reversed(found)}
        candidates = [Candidate(file, 100.0, f"reached by {name}") for file, name in sorted(first_links.items())]
        reason = f"{len(candidates)} files fit {self._describe([row_id])} equally"
        for link, _ in found:
            self._leave(link, reason, candidates)


def _contradiction(info: NameInfo, folders: Sequence[str]) -> str:
    """Return what the film's own folder says against its name, "" if nothing."""
    above = owner(folders)
    if not above.year or not info.year or above.year == info.year or fold(above.title) != fold(info.title):
        return ""
    return f"the file says {info.year}, its folder {above.year}"


def _names(rows: Iterable[FilmRow]) -> str:
    return ", ".join(row.words for row in rows)
