"""The rules of names: which stored files are, or may be, what a link means, and which of several is meant. Pure.

Whether a file is the one, `names.comparison` says; here is only what follows from its answer. A file that is *same*
may be given, whatever its release; one that leaves a point open is shown with that point; the others are not shown.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..catalogue.file_moves import Knowledge
from ..changes import Candidate
from ..names import NameInfo, release
from ..names.comparison import OTHER, SAME, Difference, Witness, compare, verdict
from ..names.folders import read_folder
from ..names.text import stem_of, written
from ..names.title import UNLIKE, closest, likeness
from ..names.title_words import telling_words
from ..names.work import EPISODE, Work, work_of
from ..trees.census import FileStat
from .expectation import Expectation, shared_ids
from .known_series import KnownSeries
from .scoring import score_and_evidence, score_of
from .second_witness import is_settled, is_weak
from .stored_files import StoredFiles, title_folder

if TYPE_CHECKING:
    from ..trees.library import Library
    from .diagnosis import Diagnosis

_BESIDE = "it was stored beside the old file, as another one"
_LEAST_LIKENESS = 75.0
_MOST_READ = 60  # readings of files whose numbers do not agree: they only describe
_MOST_NEAR = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule found: `chosen` if it decides, else why not; `fits`: how many files fit without a doubt.

    `nearest` are files of the title that are certainly another film or episode.
    """

    chosen: Candidate | None
    reason: str
    candidates: tuple[Candidate, ...] = ()
    tied: tuple[Candidate, ...] = ()
    nearest: tuple[Candidate, ...] = ()
    fits: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A stored file beside what a link expects; `points` are its differences, the release's among them."""

    path: str
    info: NameInfo
    points: Sequence[Difference]
    candidate: Candidate

    @property
    def answer(self) -> str:
        """SAME, OPEN or OTHER."""
        return verdict(self.points)

    @property
    def words(self) -> str:
        """Name and points for a message."""
        return f"{posixpath.basename(self.path)}: {'; '.join(point.words for point in self.points)}"


class NameRules:
    """Proposes files by what the names say."""

    def __init__(
        self,
        library: Library,
        knowledge: Knowledge,
        files: StoredFiles,
        series: KnownSeries,
        *,
        min_score: float,
        stat: Callable[[str], FileStat | None],
    ) -> None:
        self.min_score = min_score
        self._library, self._knowledge, self._files, self._series = library, knowledge, files, series
        self._stat = stat

    @property
    def is_partial(self) -> bool:
        """Whether a part of the library cannot be looked at: then no one knows what else is stored."""
        return bool(self._library.offline or self._library.census.unreadable)

    def propose(self, wanted: Expectation, old_path: str, link: str) -> Proposal:
        """Return the file that the names agree upon, or why there is none."""
        found = self.search(wanted, old_path, link)
        candidates = tuple(item.candidate for item in found if item.answer != OTHER)
        nearest = tuple(item.candidate for item in found if item.answer == OTHER)
        if wanted.conflict:
            return Proposal(None, wanted.conflict, candidates, nearest=nearest)
        same = [item for item in found if item.answer == SAME and item.candidate.score >= self.min_score]
        if not same:
            return Proposal(None, self._why_none(wanted, found), candidates, nearest=nearest)
        best = self._told_apart(same, wanted, old_path)
        tied = tuple(item.candidate for item in best)
        if len(best) > 1:
            reason = f"{len(best)} files fit equally"
            return Proposal(None, reason, candidates, tied, nearest, len(same))
        return Proposal(tied[0], "", candidates, (), nearest, len(same))

    # Searching

    def search(self, wanted: Expectation, old_path: str, link: str) -> list[Found]:
        """Return every stored file that may be meant, best first, and those of its title that are another one.

        What only looks like it is read where no file is certain.
        """
        found: dict[str, Found] = {}
        silent = []
        for file in self._bearing(wanted):
            agrees = self._files.agrees(file, wanted.work, wanted.years)
            if agrees:
                self._take(file, wanted, old_path, link, found)
            elif agrees is None:
                silent.append(file)
        if not any(item.answer == SAME for item in found.values()):
            near = [file for file in self._near(wanted) if self._files.agrees(file, wanted.work, wanted.years)]
            for file in dict.fromkeys([*silent[:_MOST_READ], *near]):
                self._take(file, wanted, old_path, link, found, is_near=True)
        filled = [item for item in found.values() if not self._is_empty(item)]
        return sorted(filled, key=lambda item: (-item.candidate.score, item.path))

    def _take(
        self,
        file: int,
        wanted: Expectation,
        old_path: str,
        link: str,
        found: dict[str, Found],
        *,
        is_near: bool = False,
    ) -> None:
        """Read one file and take it in, unless it is an extra or nothing says that it may be the one."""
        info = self._files.read_file(file, guess=not is_near)
        # Unread, it still has words to show: a name without strong numbers decides nothing.
        info = info or NameInfo(title=written(stem_of(self._files.index.name(file))))
        path = self._files.index.path(file)
        item = None if info.extra or path in found else self.compared(wanted, info, path, old_path, link)
        if item is not None:
            found[path] = item

    def _bearing(self, wanted: Expectation) -> list[int]:
        """Return the numbers of the files that may bear one of the titles, or an id."""
        exact = [file for text in wanted.work.titles for file in self._files.titled(text, wanted.work)]
        ids = [file for kind, value in wanted.work.ids for file in self._files.with_id(kind, value)]
        return list(dict.fromkeys([*ids, *exact]))

    def _near(self, wanted: Expectation) -> list[int]:
        """Return the numbers of the files that share the most telling words of a title."""
        index = self._files.index
        return [file for text in wanted.work.titles for file in index.near(telling_words(text), _MOST_NEAR)]

    def compared(self, wanted: Expectation, info: NameInfo, path: str, old_path: str, link: str) -> Found | None:
        """Return a file beside what is wanted; None when nothing at all says that it may be it."""
        file = work_of(info)
        shared = shared_ids(wanted.work.ids, file.ids)
        kin, ours, theirs = closest(wanted.work.titles, file.titles)
        if kin == UNLIKE and not shared:
            pairs = [(likeness(text, info.title), text) for text in wanted.work.titles if info.title]
            if not pairs or max(pairs)[0] < _LEAST_LIKENESS:
                return None
        witness = self._series.witness(wanted, file, path, old_path, link)
        points = compare(wanted.work, file, witness)
        if any(point.field == "kind" for point in points):
            return None
        points = [point for point in points if not self._is_settled(point, wanted, info, path, link)]
        points += self._unseen(wanted.work, file, witness) or self._beside(wanted, info, path, old_path)
        points += release.differences(wanted.releases[0], self._files.release(path, info)) if wanted.releases else []
        score = score_of(points, likeness(wanted.title, info.title))
        if verdict(points) == SAME:
            score, evidence = score_and_evidence(wanted, file, kin, ours, theirs)
        else:
            evidence = "; ".join(point.words for point in points)
        return Found(path, info, points, Candidate(path, round(score, 1), evidence))

    def _is_empty(self, item: Found) -> bool:
        """Return whether a file that would be given holds nothing; only of those the disk is asked."""
        stat = self._stat(item.path) if item.answer == SAME else None
        return stat is not None and stat.size_bytes == 0

    def _is_settled(self, point: Difference, wanted: Expectation, info: NameInfo, path: str, link: str) -> bool:
        """Return whether a second witness closes an open point."""
        if is_settled(point, wanted, info):
            return True
        return is_weak(point, info) and self._series.is_numbered_alike(link, path, self._files.read_path)

    def _unseen(self, one: Work, file: Work, witness: Witness) -> list[Difference]:
        """Return what keeps a series from being known by its title alone while a part of the library is not seen."""
        is_said = one.year == file.year is not None or shared_ids(one.ids, file.ids) or witness.is_home
        if not self.is_partial or is_said or EPISODE not in (one.kind, file.kind):
            return []
        ours, theirs = (str(year or "") for year in (one.year, file.year))
        return [Difference("year", ours, theirs, note="a part of the library cannot be looked at")]

    def doubt(self, wanted: Expectation, path: str, old_path: str, link: str) -> str:
        """Return why a file of the same name may be that of another series of its title, or unknown rivals', or "".

        A release's own name, with its tags, is of one series; a plain one may be of several.
        """
        info = self._files.read_path(path, guess=False)
        item = self.compared(wanted, info, path, old_path, link) if info is not None else None
        if self.is_partial and (item is None or item.answer != SAME):
            return "a part of the library cannot be looked at, where another file of this name may be"
        if item is None or wanted.kind != EPISODE:
            return ""
        is_release = bool(item.info.tags)
        points = [point for point in item.points if point.field in ("year", "country")]
        return "; ".join(point.words for point in points if point.is_other or not is_release or point.note == _BESIDE)

    def _beside(self, wanted: Expectation, file: NameInfo, path: str, old_path: str) -> list[Difference]:
        """Return what speaks against an episode of no year that was stored beside the old file, in the same release."""
        old, new = self._knowledge.remembered(old_path), self._knowledge.remembered(path)
        if wanted.kind != EPISODE or file.year or old is None or new is None or len(wanted.releases) < 2:
            return []
        is_newer = bool(old.missing_since) and new.first_seen >= old.missing_since
        is_alike = self._files.release(path, file) == wanted.releases[1]
        if is_newer or not is_alike or old.size_bytes == new.size_bytes:
            return []
        return [Difference("year", str(wanted.work.year or ""), "", note=_BESIDE)]

    def _why_none(self, wanted: Expectation, found: Sequence[Found]) -> str:
        """Return in words why no file is it: what was read of the nearest."""
        maybe = next((item for item in found if item.answer != OTHER), None)
        if maybe is not None:
            return f"not certain: {maybe.words if maybe.points else maybe.candidate.evidence}"
        if not wanted.work.is_strong and not found:
            return "its file is gone, and its name says too little to look for another"
        if found:
            return f"no stored file is it; the nearest, {found[0].words}"
        if wanted.numbers and self._files.other_numbers(wanted.work):
            return f"no stored file has its numbers ({wanted.numbers})"
        return "its file is gone and nothing fits"

    # Telling apart

    def _told_apart(self, same: list[Found], wanted: Expectation, old_path: str) -> list[Found]:
        """Return those of the files that are left when names, then sizes and folders have said which is meant."""
        for numbers in (wanted.old_episodes, wanted.work.episodes):
            same = [item for item in same if item.info.episodes == numbers] or same
        # Of two files that may both be it, the one that says so is nearer.
        same = [item for item in same if wanted.work.year and item.info.year == wanted.work.year] or same
        best = release.choose(same, lambda item: self._files.release(item.path, item.info), wanted.releases)
        has_old_size = self._has_old_size(old_path)
        if len(best) > 1:
            best = [item for item in best if has_old_size(item)] or best
        if len(best) > 1:
            best = [item for item in best if title_folder(item.path) == title_folder(old_path)] or best
        return best

    def _has_old_size(self, old_path: str) -> Callable[[Found], bool]:
        old = self._knowledge.remembered(old_path)

        def accepts(item: Found) -> bool:
            stat = self._stat(item.path) if old is not None and old.size_bytes else None
            return stat is not None and old is not None and stat.size_bytes == old.size_bytes

        return accepts

    def place_series(self, diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
        """Return the diagnoses, ties between copies of a series decided where its other episodes are in one of them."""
        diagnoses = list(diagnoses)
        if not any(item.tied and item.wanted.kind == EPISODE for item in diagnoses):
            return diagnoses
        placed: dict[str, set[str]] = defaultdict(set)
        for item in diagnoses:
            if item.chosen is not None and item.wanted.kind == EPISODE:
                placed[title_folder(item.link.path)].add(title_folder(item.chosen.path))
        return [self._placed(item, placed) if item.tied else item for item in diagnoses]

    def _placed(self, item: Diagnosis, placed: dict[str, set[str]]) -> Diagnosis:
        series = title_folder(item.link.path)
        if item.wanted.kind != EPISODE or not read_folder(posixpath.basename(series)).title:
            return item
        there = placed[series] | self._series.healthy_places(series)
        inside = [candidate for candidate in item.tied if title_folder(candidate.path) in there]
        if len(inside) != 1:
            return item
        chosen = replace(inside[0], evidence=f"{inside[0].evidence}, where the series' other episodes are")
        return replace(item, chosen=chosen, reason="")
