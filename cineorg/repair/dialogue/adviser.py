"""What a session asks about the library, answered by the planner's own rules. Pure but for the planner's questions."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import replace

from ...changes import Candidate
from ...names import NameInfo, is_extra
from ...names.comparison import compare, holds
from ...names.title import SAME_TITLE, relation, title_of
from ...names.title_words import telling_words
from ...names.work import EPISODE, Work, numbers_text, work_of
from ...paths import is_inside, relative_to
from ..absence import absence_of
from ..diagnosis import NAMES, NONE, SAME_NAME, Diagnosis
from ..expectation import Expectation
from ..planner import RepairPlanner
from ..stored_files import title_folder
from ..vetoes import Users, objections
from .decisions import BY_HAND, Absence

SERIES_SCORE = 95.0
RECENT_DAYS = 7  # what is missing for less may be a disk that is being repaired
_MOST_FOUND = 60
_MOST_RANKED = 5000
_MOST_READ = 20  # names of search results that guessit may read; the others are shown by their numbers
_SURE, _SILENT, _SEASON, _OTHER, _EXTRA = range(5)


class PlannerDesk:
    """Answers from one planner."""

    def __init__(self, planner: RepairPlanner, diagnoses: Sequence[Diagnosis]) -> None:
        self._planner, self._files = planner, planner.files
        self._users = _RememberedUsers(planner, (item.path for each in diagnoses for item in each.candidates))

    def _wanted(self, item: Diagnosis) -> Expectation:
        """Return what the link expects; a pinned one was diagnosed without being read."""
        if item.wanted.kind:
            return item.wanted
        return self._planner.expectation_of(item.link.path, self._planner.library.finder.canonical(item.link.end))

    def series_of(self, item: Diagnosis) -> Hashable | None:
        """Return the series' folder and title."""
        wanted = self._wanted(item)
        return (title_folder(item.link.path), title_of(wanted.title).key) if wanted.kind == EPISODE else None

    # What speaks against a file

    def objection(self, item: Diagnosis, candidate: Candidate, given: Sequence[Diagnosis]) -> str:
        """Return what the file's name, or another link that has this file, says against it."""
        wanted = self._wanted(item)
        contrary = self._contrary(wanted.work, item.link.path, candidate.path)
        if contrary:
            return contrary
        asked = replace(item, rule=NAMES, chosen=candidate, wanted=wanted)
        refused = objections([asked, *given], self._users, self._files).get(item.link.path)
        return refused.reason if refused else ""

    def _contrary(self, wanted: Work, link: str, path: str) -> str:
        is_video = self._planner.library.is_video
        if is_video(path) and not is_video(link):
            return "the link is no video, this file is one"
        info = self._files.read_path(path)
        if info is None:
            return ""
        return "; ".join(point.words for point in compare(wanted, work_of(info)) if point.is_other)

    # The rest of a series

    def rest_of_series(
        self, confirmed: Diagnosis, others: Sequence[Diagnosis], given: Sequence[Diagnosis]
    ) -> list[Diagnosis]:
        """Return the other episodes that have exactly one file of their own numbers where the confirmed one's is.

        That is a file of the same title, in the same folder or, if there is none, in the same series folder. What is
        certain already follows only if it is that very file. An episode that is in another folder, too, in which
        files were chosen by hand for this series, does not follow.
        """
        if confirmed.chosen is None or not _holds(
            self._files.read_path(confirmed.chosen.path), self._wanted(confirmed).work
        ):
            return []
        pool = self._episodes_beside(confirmed.chosen.path)
        rivals = self._other_places(confirmed, given)
        found = [
            placed
            for other in others
            if (placed := self._placed(other, pool, confirmed.chosen.path))
            and not any(_holds(info, other.wanted.work) for info in rivals)
        ]
        refused = objections([*given, confirmed, *found], self._users, self._files)
        return [item for item in found if item.link.path not in refused]

    def _other_places(self, confirmed: Diagnosis, given: Sequence[Diagnosis]) -> list[NameInfo]:
        """Return the episodes in the other folders in which files were chosen by hand for this series."""
        here = title_folder(confirmed.chosen.path) if confirmed.chosen is not None else ""
        series = self.series_of(confirmed)
        places: dict[str, str] = {}
        for item in given:
            if item.rule == BY_HAND and item.chosen is not None and self.series_of(item) == series:
                places.setdefault(title_folder(item.chosen.path), item.chosen.path)
        places.pop(here, None)
        return [info for path in places.values() for _, info in self._episodes_beside(path)]

    def _episodes_beside(self, path: str) -> list[tuple[str, NameInfo]]:
        """Return the episodes of the same title in the series folder of a stored file."""
        first = self._files.read_path(path)
        if first is None:
            return []
        folder = title_folder(path)
        index = self._files.index
        pool = []
        for file in index.titled(first.title):
            other = index.path(file)
            info = self._files.read_file(file, guess=True) if is_inside(other, folder) else None
            if info is not None and info.kind == EPISODE and relation(info.title, first.title) == SAME_TITLE:
                same_year = first.year == info.year or None in (first.year, info.year)
                if same_year and not info.extra and not info.conflict:
                    pool.append((other, info))
        return pool

    def _placed(self, item: Diagnosis, pool: Iterable[tuple[str, NameInfo]], confirmed: str) -> Diagnosis | None:
        wanted = item.wanted
        if wanted.conflict or not wanted.work.is_strong or item.rule not in (SAME_NAME, NAMES, NONE):
            return None
        fitting = [path for path, info in pool if _holds(info, wanted.work)]
        near = [path for path in fitting if posixpath.dirname(path) == posixpath.dirname(confirmed)]
        if len(near or fitting) != 1:
            return None
        path = (near or fitting)[0]
        if item.chosen is not None:
            return item if item.chosen.path == path else None
        evidence = f"{wanted.numbers}, beside the file that was confirmed for this series"
        return replace(item, chosen=Candidate(path, SERIES_SCORE, evidence), reason="")

    # Search

    def search(self, item: Diagnosis, text: str) -> list[Candidate]:
        """Return up to 60 stored videos that hold all words of the text, or the most telling of them."""
        index, words = self._files.index, telling_words(text)
        files = index.titled(text)[:_MOST_RANKED] or index.near(words, _MOST_FOUND)
        work = self._wanted(item).work
        ranked = sorted((self._rank(work, file), place, file) for place, file in enumerate(files))
        found = []
        for read, (rank, _, file) in enumerate(ranked[:_MOST_FOUND]):
            info = self._files.read_file(file, guess=read < _MOST_READ)
            found.append((rank, self._found(work, text, file, info, rank)))
        return [each for _, each in sorted(found, key=lambda pair: (pair[0], -pair[1].score, pair[1].path))]

    def _rank(self, work: Work, file: int) -> int:
        """Return how well a file's explicit numbers, or its year, agree with the link: the lower the better."""
        if self._is_extra(file):
            return _EXTRA
        agrees = self._files.agrees(file, work)
        if agrees is not False:
            return _SURE if agrees else _SILENT
        season = self._files.numbers(file)[0]
        return _SEASON if work.kind == EPISODE and season == work.season else _OTHER

    def _is_extra(self, file: int) -> bool:
        path = relative_to(self._files.index.path(file), self._planner.library.settings.storage)
        *folders, name = path.split("/")
        return is_extra(name, folders[1:])

    def _found(self, work: Work, text: str, file: int, info: NameInfo | None, rank: int) -> Candidate:
        from rapidfuzz import fuzz

        season, episodes, _ = self._files.numbers(file)
        title = info.title if info is not None and info.title else self._files.index.name(file)
        said = ["a sample or an extra"] if rank == _EXTRA else []
        said += [title] if info is not None and info.title else []
        said += [str(info.year)] if info is not None and info.year else []
        numbers = numbers_text(season, episodes)
        if rank in (_SEASON, _OTHER) and work.kind == EPISODE:
            said.append(f"numbers differ: {work.numbers} / {numbers}")
        elif numbers:
            said.append(numbers)
        alike = fuzz.token_set_ratio(title_of(text).key, title_of(title).key)
        score = min(alike, 89.0 if rank <= _SILENT else 30.0 if rank == _EXTRA else 60.0)
        return Candidate(self._files.index.path(file), round(score, 1), ", ".join(said))

    # Absence

    def absence(self, item: Diagnosis) -> Absence:
        """Return what scans know of the link's old file."""
        old_path = self._planner.library.finder.canonical(item.link.end)
        found = absence_of(self._planner.knowledge.remembered(old_path), self._planner.knowledge.scans)
        return Absence(found.words, found.age is None or found.age.days < RECENT_DAYS)


class _RememberedUsers(Users):
    """Asks for the links of a stored file once; a look at a million links takes a second or two."""

    def __init__(self, planner: RepairPlanner, likely: Iterable[str]) -> None:
        super().__init__(planner.library, planner.expectation_of)
        self._likely = set(likely)
        self._known: dict[str, list[str]] = {}

    def of(self, files: Collection[str]) -> dict[str, list[str]]:
        """Return the links that reach each of these files, sorted."""
        if any(file not in self._known for file in files):
            unknown = (self._likely | set(files)) - self._known.keys()
            found = super().of(unknown)
            self._known |= {file: found.get(file, []) for file in unknown}
        return {file: self._known[file] for file in files if self._known[file]}


def _holds(info: NameInfo | None, work: Work) -> bool:
    """Return whether a file says by its own name that it holds all the episodes that a link means."""
    return info is not None and bool(work.numbers) and holds(work_of(info), work)
