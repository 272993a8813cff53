"""The rules of names: what agrees in title and all numbers, what is close, and which of several is meant. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..catalogue.file_moves import Knowledge
from ..changes import Candidate
from ..names import NameInfo, season_of_folder
from ..names.folders import read_folder
from ..names.text import stem_of, written
from ..names.title_keys import bare_key, is_same_title, telling_tokens
from ..trees.census import FileStat
from .expectation import Aliases, Claim
from .scoring import CATEGORIES, Surroundings, Verdict, judge, judge_year
from .stored_files import StoredFiles, title_folder

if TYPE_CHECKING:
    from ..trees.library import Library
    from .diagnosis import Diagnosis

MARGIN = 1.0  # what two files of one film differ by in score says which name is prettier, not which file is meant
_MOST_READ = 60  # readings of files whose numbers do not agree: they only describe
_MOST_NEAR = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule found: `chosen` if it decides, else why not; `fits`: how many files fit without a doubt."""

    chosen: Candidate | None
    reason: str
    candidates: tuple[Candidate, ...] = ()
    tied: tuple[Candidate, ...] = ()
    fits: int = 0
    is_close: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    info: NameInfo
    verdict: Verdict

    def candidate(self) -> Candidate:
        return Candidate(self.path, self.verdict.score, self.verdict.objection or self.verdict.evidence)


class NameRules:
    """Proposes files by what the names say."""

    def __init__(
        self,
        library: Library,
        knowledge: Knowledge,
        files: StoredFiles,
        aliases: Aliases,
        *,
        min_score: float,
        stat: Callable[[str], FileStat | None],
    ) -> None:
        self.min_score = min_score
        self._library, self._knowledge, self._files, self._aliases = library, knowledge, files, aliases
        self._stat = stat
        self._years: tuple[dict[str, set[int | None]], dict[str, set[int | None]]] | None = None

    def propose(self, claim: Claim, old_path: str) -> Proposal:
        """Return the file that the names agree upon, or why there is none."""
        found, others = self._search(claim, old_path)
        found.sort(key=lambda item: (-item.verdict.score, item.path))
        candidates = tuple(item.candidate() for item in found)
        if claim.conflict:
            return Proposal(None, claim.conflict, candidates)
        fitting = [item for item in found if not item.verdict.objection and item.verdict.score >= self.min_score]
        if not fitting:
            return Proposal(None, _why_none(claim, found, others), candidates)
        close = [item for item in fitting if item.verdict.is_close]
        if len(close) < len(fitting):
            fitting = [item for item in fitting if not item.verdict.is_close]
        elif self._library.offline or self._library.census.unreadable:
            reason = "a close title decides nothing while a part of storage cannot be looked at"
            return Proposal(None, reason, candidates, fits=len(fitting))
        elif self._has_thin_margin(found):
            return Proposal(None, f"{len(found)} titles are close", candidates, fits=len(fitting))
        if any(self._aliases.is_ambiguous(claim.kind, title, claim.year) for title in claim.titles):
            return Proposal(None, "the catalogue knows several of this title and year", candidates, fits=len(fitting))
        best = self._told_apart(fitting, claim, old_path)
        tied = tuple(item.candidate() for item in best)
        if len(best) > 1:
            return Proposal(None, f"{len(best)} files fit equally", candidates, tied, len(fitting))
        return Proposal(tied[0], "", candidates, fits=len(fitting), is_close=best[0].verdict.is_close)

    def _has_thin_margin(self, found: Sequence[_Found]) -> bool:
        scores = sorted((item.verdict.score for item in found if not item.verdict.objection), reverse=True)
        return len(scores) > 1 and scores[0] - scores[1] < 5

    # Searching

    def _search(self, claim: Claim, old_path: str) -> tuple[list[_Found], int]:
        """Return every file that may be meant, and how many of the same title have other numbers."""
        index = self._files.index
        exact: dict[int, None] = {}
        for text in claim.titles:
            exact.update(dict.fromkeys(index.find(telling_tokens(text))))
        near = [file for text in claim.titles for file in index.near(telling_tokens(text), _MOST_NEAR)]
        found: dict[str, _Found] = {}
        others = read = 0
        for file in dict.fromkeys([*exact, *near]):
            is_exact = file in exact
            agrees = self._numbers_agree(claim, file)
            others += is_exact and agrees is False
            if agrees is False or (not agrees and read >= _MOST_READ):
                continue
            read += not agrees
            info = self._files.read_file(file, guess=is_exact and bool(agrees))
            if info is None and is_exact:
                # Unread, it still has words to show: a name without strong numbers decides nothing.
                info = NameInfo(title=written(stem_of(index.name(file))))
            if info is None:
                continue
            path = index.path(file)
            verdict = judge(claim, info, self._around(claim, info, path, old_path))
            if verdict is not None:
                found[path] = _Found(path, info, verdict)
        return list(found.values()), others

    def other_series(self, claim: Claim, path: str, old_path: str) -> str:
        """Return why an episode may be that of another series of the same title, or "".

        A release's own name, with its tags, is of one series; a plain one may be of several.
        """
        info = self._files.read_path(path, guess=False)
        if info is None or claim.kind != "episode" or claim.origin_of(info.title) is None:
            return ""
        if info.tags and not (claim.year and info.year):
            return ""
        return judge_year(claim, info, self._around(claim, info, path, old_path)).objection

    def _is_newer(self, path: str, old_path: str) -> bool:
        """Return whether scans know that a file was not there yet while the link's old file was."""
        old, new = self._knowledge.remembered(old_path), self._knowledge.remembered(path)
        return old is not None and (new is None or bool(old.missing_since and new.first_seen >= old.missing_since))

    def _numbers_agree(self, claim: Claim, file: int) -> bool | None:
        """Return whether a file's explicit numbers (or its year) are those claimed; None when it says none."""
        season, episodes, _ = self._files.numbers(file)
        if claim.kind == "episode":
            if not episodes:
                return claim.date in self._files.index.name(file) if claim.date else None
            return bool(set(episodes) & set(claim.episodes)) and season == claim.season
        if episodes and claim.kind == "film":
            return False
        where = (self._files.index.name(file), *self._files.index.folders(file)[-2:])
        return True if claim.year and any(str(claim.year) in text for text in where) else None

    def _around(self, claim: Claim, info: NameInfo, path: str, old_path: str) -> Surroundings:
        """Return what is known around a file that may be the one."""
        is_newer = self._is_newer(path, old_path)
        if claim.kind != "episode" or (claim.year and info.year):
            return Surroundings(is_newer)
        folder = title_folder(path)
        is_near = folder == title_folder(old_path) and is_same_title(
            read_folder(posixpath.basename(folder)).title, info.title
        )
        keys = {bare_key(title) for title in (*claim.titles, info.title)}
        shown, stored = self._folder_years()
        known = {year for title in claim.titles for year in self._aliases.years("episode", title)}
        shown_years = {year for key in keys for year in shown.get(key, ())} | (known if len(known) > 1 else set())
        stored_years = {year for key in keys for year in stored.get(key, ())}
        return Surroundings(is_newer, is_near, frozenset(shown_years), frozenset(stored_years), frozenset(known))

    def _folder_years(self) -> tuple[dict[str, set[int | None]], dict[str, set[int | None]]]:
        """Return the years that the folders of links and of files say, by bare title key; read once."""
        if self._years is None:
            shown: dict[str, set[int | None]] = defaultdict(set)
            stored: dict[str, set[int | None]] = defaultdict(set)
            census = self._library.census
            for tree in census.trees:
                for path, _ in census.folders_of(tree):
                    info = read_folder(posixpath.basename(path))
                    if info.title and (info.year or not tree.is_storage):
                        (stored if tree.is_storage else shown)[bare_key(info.title)].add(info.year)
            self._years = shown, stored
        return self._years

    # Telling apart

    def _told_apart(self, fitting: list[_Found], claim: Claim, old_path: str) -> list[_Found]:
        """Return those of the fitting files that are left when the names have said which is meant."""
        wanted = claim.old_episodes or claim.episodes
        for accepts in (
            lambda item: item.info.episodes == wanted,
            lambda item: item.info.episodes == claim.episodes,
            self._has_old_size(old_path),
        ):
            if len(fitting) > 1:
                fitting = [item for item in fitting if accepts(item)] or fitting
        for said in (claim.own_tags, claim.old_tags):
            for category in CATEGORIES:
                # A name that says nothing of it may be any of them.
                if len(fitting) > 1 and said & category and all(item.info.tags & category for item in fitting):
                    fitting = [item for item in fitting if item.info.tags & said & category] or fitting
        return fitting

    def _has_old_size(self, old_path: str) -> Callable[[_Found], bool]:
        old = self._knowledge.remembered(old_path)

        def accepts(item: _Found) -> bool:
            stat = self._stat(item.path) if old is not None and old.size_bytes else None
            return stat is not None and old is not None and stat.size_bytes == old.size_bytes

        return accepts

    def place_series(self, diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
        """Return the diagnoses, ties between copies of a series decided where its other episodes are in one of them."""
        diagnoses = list(diagnoses)
        if not any(item.tied and item.claim.kind == "episode" for item in diagnoses):
            return diagnoses
        placed: dict[str, set[str]] = defaultdict(set)
        for item in diagnoses:
            if item.chosen is not None and item.claim.kind == "episode":
                placed[title_folder(item.link.path)].add(title_folder(item.chosen.path))
        return [self._placed(item, placed) if item.tied else item for item in diagnoses]

    def _placed(self, item: Diagnosis, placed: dict[str, set[str]]) -> Diagnosis:
        series = title_folder(item.link.path)
        if item.claim.kind != "episode" or not read_folder(posixpath.basename(series)).title:
            return item
        there = placed[series] | self._healthy_places(series)
        inside = [candidate for candidate in item.tied if title_folder(candidate.path) in there]
        if len(inside) != 1:
            return item
        chosen = replace(inside[0], evidence=f"{inside[0].evidence}, where the series' other episodes are")
        return replace(item, chosen=chosen, reason="")

    def _healthy_places(self, series: str) -> set[str]:
        """Return the stored folders to which the healthy links of a series' folder lead."""
        places = set()
        folders = self._library.census.folders
        below = folders[series].subfolders if series in folders else ()
        seasons = [f"{series}/{name}" for name in below if season_of_folder(name) is not None]
        for path in [series, *seasons]:
            for name in folders[path].links if path in folders else ():
                end = self._library.target_of(f"{path}/{name}")
                if end is not None and self._library.finder.has(end):
                    places.add(title_folder(end))
        return places


def _why_none(claim: Claim, found: Sequence[_Found], others: int) -> str:
    """Return in words why no file fits."""
    if not claim.strong and not found:
        return "its file is gone, and its name says too little to look for another"
    same = [item for item in found if not item.verdict.is_close]
    best = (same or list(found))[:1]
    if best:
        verdict = best[0].verdict
        return verdict.objection or f"not certain: {verdict.evidence}"
    if claim.kind == "episode" and others:
        return f"no stored file has its numbers ({claim.numbers})"
    return "its file is gone and nothing fits"
