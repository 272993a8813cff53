"""`repair-links`: which broken link gets which stored file back, and why the others do not. Pure.

Never a wrong link: the rules are asked one after another, the first that decides, decides, and what it gives is taken
back when another link speaks against it. Whatever is left in doubt stays as it is, with its candidates.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..catalogue.file_moves import Edge, Knowledge, follow
from ..changes import Candidate, Change, Plan, Relink, SetFilePath
from ..names import NameInfo, NameReader
from ..trees.census import FileStat
from ..trees.link_text import in_style_of, real_folder
from ..trees.links import BROKEN, LOOP, BadLink, absolute_target
from .diagnosis import FOLDER, IDENTITY, NAMES, NONE, PIN, SAME_NAME, Diagnosis
from .expectation import Expectation, KnownWorks, expect
from .following_rows import RowChanges, row_work
from .known_series import KnownSeries
from .moved_folders import MovedFolders
from .name_rules import NameRules, Proposal
from .same_name import refusal
from .scoring import OTHER_SCORE
from .stored_files import StoredFiles, as_video_name
from .vetoes import Users, identity_objection, objections
from .ways_over_links import refuse_led_over

if TYPE_CHECKING:
    from ..trees.library import Library

MOST_CANDIDATES = 20
_NOTHING = NameInfo()
_PROOFS = ("hash", "inode")  # in the words of an identity: what is more than size and time


class RepairPlanner:
    """Diagnoses links of one library. `stat` asks the disk about single stored files that are about to be chosen."""

    def __init__(
        self,
        library: Library,
        knowledge: Knowledge,
        reader: NameReader,
        *,
        min_score: float,
        stat: Callable[[str], FileStat | None],
        may_guess: Callable[[], bool] = lambda: True,
    ) -> None:
        self.library, self.knowledge, self.reader = library, knowledge, reader
        self.files = StoredFiles(library, reader, may_guess)
        self._catalogue = KnownWorks(knowledge.films, knowledge.series)
        series = KnownSeries(library, self._catalogue, self.files)
        self.names = NameRules(library, knowledge, self.files, series, min_score=min_score, stat=stat)
        self.rows = RowChanges(library, knowledge, self.files, self._identity_end)
        self._folders = MovedFolders(library, knowledge.files_below, self._identity_end)
        self._stat = stat
        self._users = Users(library, self.expectation_of)

    # One link

    def expectation_of(self, path: str, old_path: str = "") -> Expectation:
        """Return what the link at `path`, whose file was `old_path`, says that its file is."""
        own = self._read_link(path)
        old = self.files.read_path(old_path, guess=not own.strong) if old_path else None
        named = self.rows.naming(old_path) if old_path else []
        return expect(
            own,
            old or _NOTHING,
            self._catalogue,
            own_name=posixpath.basename(path),
            old_name=posixpath.basename(old_path),
            row=row_work(named[0]) if len(named) == 1 else None,
        )

    def _read_link(self, path: str) -> NameInfo:
        root = self.library.census.video.root.rstrip("/") + "/"
        folders, name = posixpath.split(path[len(root) :])
        return self.reader.read(as_video_name(name), [part for part in folders.split("/") if part])

    def diagnose(self, link: BadLink) -> Diagnosis:
        """Return what would be done with one link, the others left out of account (see `diagnose_all`)."""
        return self.diagnose_all([link])[0]

    def diagnose_all(
        self, links: Sequence[BadLink], track: Callable[[Sequence[BadLink]], Iterable[BadLink]] = iter
    ) -> list[Diagnosis]:
        """Return what would be done with these links, in their order, each with regard to the others.

        `track` is what the links go through one by one, to show how far this has come.
        """
        self.files.prepare_names(name for link in links for name in self._base_names(link))
        found = [_in_words_of_loops(self._diagnose(link)) for link in track(links)]
        found = [self._believed(item) for item in self.names.place_series(found)]
        refusals = objections(found, self._users, self.files)
        return [refused if (refused := refusals.get(item.link.path)) else item for item in found]

    def _believed(self, item: Diagnosis) -> Diagnosis:
        """Return the diagnosis, its choice taken back if that lies in a place that is offline: it may be a decoy."""
        reason = self.library.offline_reason(item.chosen.path) if item.chosen else ""
        return item.refused(f"it would be {item.chosen.path}, but {reason}") if item.chosen and reason else item

    def _base_names(self, link: BadLink) -> list[str]:
        end = self.library.finder.canonical(link.end)
        lasts = [end] + [last.path for last in follow(end, self.knowledge.moves)[0]]
        return [posixpath.basename(path) for path in (link.path, *lasts)]

    def _diagnose(self, link: BadLink) -> Diagnosis:
        if link.state != BROKEN:
            return Diagnosis(link, reason=f"{link.state}: {link.reason}")
        old_path = self.library.finder.canonical(link.end)
        pin = self.knowledge.pins.get(link.path)
        if pin is not None:
            pinned = self._pinned(link, pin.target, f"pinned by hand on {pin.pinned_at[:10]}")
            return pinned if pinned is not None else self._without_pinned(link, pin.target)
        return self._by_rules(link, old_path)

    def _by_rules(self, link: BadLink, old_path: str) -> Diagnosis:
        wanted = self.expectation_of(link.path, old_path)
        identity = self._by_identity(link, wanted, old_path)
        if identity is not None and (identity.chosen or identity.reason):
            return identity
        same = self._by_same_name(link, wanted, old_path)
        if same.chosen is not None:
            return Diagnosis(link, SAME_NAME, same.chosen, "", same.candidates, wanted=wanted)
        if not self.library.is_video(posixpath.basename(link.path)):
            return self._by_folder(link, wanted, old_path, same)
        proposal = self.names.propose(wanted, old_path, link.path)
        candidates = _merged(same.candidates, proposal.candidates)
        reason = "" if proposal.chosen is not None else proposal.reason
        if reason and same.reason and not proposal.fits and same.reason not in reason:
            reason = f"{same.reason}; {reason}"
        shown = {item.path for item in candidates}
        nearest = _merged([item for item in same.nearest if item.path not in shown], proposal.nearest)
        return Diagnosis(link, NAMES, proposal.chosen, reason, candidates, proposal.tied, nearest, wanted)

    def _pinned(self, link: BadLink, target: str, evidence: str) -> Diagnosis | None:
        if self.library.finder.has(target):
            return Diagnosis(
                link, PIN, Candidate(target, 100.0, evidence), candidates=(Candidate(target, 100.0, evidence),)
            )
        end = self._identity_end(target)
        if end is None:
            return None
        chosen = Candidate(end.path, 100.0, f"{evidence}; {end.evidence}")
        return Diagnosis(link, PIN, chosen, candidates=(chosen,))

    def _without_pinned(self, link: BadLink, target: str) -> Diagnosis:
        """Return the diagnosis of a link whose pinned file is not known any more: only a file of that name is it."""
        found = self._by_rules(link, target)
        if found.chosen is None or posixpath.basename(found.chosen.path) == posixpath.basename(target):
            return found
        return found.refused(f"it was given {target} by hand, which is gone")

    # Rule 1

    def moves_from(self, path: str) -> list[Edge]:
        """Return every move that scans know of the files that stood at `path`, step by step, in the order of time."""
        edges: dict[Edge, None] = {}
        paths = [path]
        for place in paths:
            for edge in self.knowledge.moves.get(place, ()):
                edges[edge] = None
                if edge.new_path not in paths:
                    paths.append(edge.new_path)
        return sorted(edges, key=lambda edge: edge.seen_at)

    def _identity_end(self, path: str) -> Candidate | None:
        """Return where the file that was at `path` certainly is now."""
        ends, is_sure = follow(path, self.knowledge.moves, self.knowledge.remembered(path))
        if not is_sure or not self.library.finder.has(ends[0].path) or self.library.offline_reason(ends[0].path):
            return None
        stat = self._stat(ends[0].path)
        if stat is None or stat.size_bytes != ends[0].size_bytes:
            return None
        way = f", moved {len(ends[0].way) - 1} times" if len(ends[0].way) > 2 else ""
        return Candidate(ends[0].path, 100.0, ends[0].evidence + way)

    def _by_identity(self, link: BadLink, wanted: Expectation, old_path: str) -> Diagnosis | None:
        """Return the diagnosis if the file's own way is known; one without a choice is a doubt no name can mend."""
        end = self._identity_end(old_path)
        if end is not None:
            objection = self._identity_objection(link, old_path, end)
            chosen = None if objection else end
            reason = f"its file is now {end.path}, but {objection}" if objection else ""
            return Diagnosis(link, IDENTITY, chosen, reason, (end,), wanted=wanted)
        ends, _ = follow(old_path, self.knowledge.moves)
        there = [item for item in ends if self.library.finder.has(item.path)]
        if len(there) > 1:
            candidates = tuple(Candidate(item.path, 89.0, item.evidence) for item in there)
            reason = f"{len(there)} files have stood at {old_path} and moved on"
            return Diagnosis(link, IDENTITY, None, reason, candidates, wanted=wanted)
        return None

    def _identity_objection(self, link: BadLink, old_path: str, end: Candidate) -> str:
        """Return why a link may not follow its file: its name contradicts, or what is not seen may be the file, too."""
        if self.names.is_partial and not any(proof in end.evidence for proof in _PROOFS):
            return "a part of the library cannot be looked at, and only size and time say so"
        if not self.library.is_video(link.path):
            return ""
        old, new = (self.files.read_path(path, guess=False) for path in (old_path, end.path))
        return identity_objection(self._read_link(link.path), old, new)

    # Rule 2

    def _by_same_name(self, link: BadLink, wanted: Expectation, old_path: str) -> Proposal:
        """Return the one file that is called as the old one was, or as the link is."""
        names = self._base_names(link)
        # Where scans saw the file after it moved, rule 1 would have known it: what stands there now is another.
        passed = {place for end in follow(old_path, self.knowledge.moves)[0] for place in end.way}
        candidates: list[Candidate] = []
        nearest: list[Candidate] = []
        reason = ""
        for name in dict.fromkeys([posixpath.basename(old_path), *names[1:], names[0]]):
            found = [path for path in self.files.named(name) if not self._is_empty(path)]
            by_link_name = name == names[0] and name not in names[1:]
            for path in found[:MOST_CANDIDATES]:
                score, evidence, problem = refusal(wanted, old_path, path, self.files, by_link_name=by_link_name)
                problem = problem or wanted.conflict or self.names.doubt(wanted, path, old_path, link.path)
                problem = problem or ("its file stood there, and another does now" if path in passed else "")
                if len(found) == 1 and not problem and score >= self.names.min_score:
                    chosen = Candidate(path, score, evidence)
                    return Proposal(chosen, "", (chosen,), fits=1)
                if len(found) > 1:
                    problem, evidence = f"{len(found)} files are called {name}", f"called {name}"
                reason = reason or problem
                shown = candidates if score > OTHER_SCORE else nearest
                shown.append(Candidate(path, min(score, 89.0), evidence))
        return Proposal(None, reason, tuple(candidates), nearest=tuple(nearest))

    def _is_empty(self, path: str) -> bool:
        stat = self._stat(path)
        return stat is not None and stat.size_bytes == 0

    def _by_folder(self, link: BadLink, wanted: Expectation, old_path: str, same: Proposal) -> Diagnosis:
        """Return the diagnosis of a link that is no video's: of a subtitle or the like, or of a whole folder."""
        if same.candidates or self.knowledge.remembered(old_path) is not None:
            reason = same.reason or "its file is gone and no other has its name"
            return Diagnosis(link, NONE, None, reason, same.candidates, wanted=wanted)
        root = self.library.census.video.root.rstrip("/") + "/"
        found = self._folders.find(link.path[len(root) :].split("/"), old_path, is_partial=self.names.is_partial)
        return Diagnosis(link, FOLDER, found.chosen, found.reason, found.candidates, wanted=wanted)

    # Plans

    def plan(self, links: Iterable[BadLink], *, with_ghosts: bool = True) -> Plan:
        """Return the changes for these links and the rows that follow them, and what stays unresolved.

        `with_ghosts`: rows whose file is known to have moved get its new path, too, whether or not a link broke.
        """
        return self.plan_of(self.diagnose_asked(links), with_ghosts=with_ghosts)

    def diagnose_asked(self, links: Iterable[BadLink]) -> list[Diagnosis]:
        """Return the diagnoses of these links, for a plan of them all.

        Every broken link is heard, for one that is not asked for may have as good a claim to a file.
        """
        wanted = set(links)
        broken = {link for link in self.library.bad_links if link.state == BROKEN}
        found = [item for item in self.diagnose_all(sorted(wanted | broken)) if item.link in wanted]
        return refuse_led_over(self.library, found)

    def plan_of(self, found: Sequence[Diagnosis], *, with_ghosts: bool) -> Plan:
        """Return the plan of these diagnoses; see `plan`."""
        changes: list[Change] = [self.relink(item.link, item.chosen) for item in found if item.chosen is not None]
        rows = [row for item in found if item.chosen for row in self.row_changes(item)]
        rows += self.rows.ghosts() if with_ghosts else []
        unique = {(row.table, row.id): row for row in reversed(rows)}
        changes += [unique[key] for key in sorted(unique)]
        return Plan(tuple(changes), tuple(item.unresolved() for item in found if item.chosen is None))

    def relink(self, link: BadLink, chosen: Candidate, *, if_broken: bool = True) -> Relink:
        """Return the change that gives the link this file, in the style in which the link was written.

        It is for a link that is still broken then, unless `if_broken` is false.
        """
        text = in_style_of(link.target, real_folder(self.library, link.path), chosen.path)
        return Relink(link.path, link.target, text, chosen.score, chosen.evidence, if_broken)

    def row_changes(self, item: Diagnosis) -> list[SetFilePath]:
        """Return the changes of the rows that named the old file of a link that gets the chosen one."""
        if item.chosen is None:
            return []
        old_path = self.library.finder.canonical(item.link.end)
        return self.rows.follow(old_path, item.chosen, item.wanted.work, is_same_file=item.rule == IDENTITY)

    def rows_after(self, change: Relink) -> list[SetFilePath]:
        """Return the changes of the rows that named the old file of a relink, whoever planned it.

        None while the old file is there, or may be: its rows are right then. None either if the new one is not seen.
        """
        folder, finder = real_folder(self.library, change.path), self.library.finder
        old, new = (absolute_target(folder, target) for target in (change.old_target, change.new_target))
        if old is None or new is None or finder.has(old) or not finder.has(new) or self.library.offline_reason(old):
            return []
        end = self._identity_end(finder.canonical(old))
        chosen = Candidate(finder.canonical(new), change.score or 0.0, change.evidence)
        is_same_file = end is not None and end.path == chosen.path
        return self.rows.follow(finder.canonical(old), chosen, is_same_file=is_same_file)


def _in_words_of_loops(item: Diagnosis) -> Diagnosis:
    """Return the diagnosis without talk of a file: a link that loops never had one."""
    return replace(item, reason=item.reason.replace("its file is gone", LOOP)) if item.link.reason == LOOP else item


def _merged(one: Sequence[Candidate], other: Sequence[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for item in (*one, *other):
        known = best.get(item.path)
        if known is None or item.score > known.score:
            best[item.path] = item
    ordered = sorted(best.values(), key=lambda item: (-item.score, item.path))
    return tuple(ordered[:MOST_CANDIDATES])
