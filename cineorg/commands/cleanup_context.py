"""What the checks of `cleanup` look at, and the plan of all that can be tidied."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from ..catalogue.check_queries import Catalogue
from ..catalogue.guess_cache import NameAnswers
from ..catalogue.owner_rows import load_owners
from ..changes import Plan
from ..names import NameReader
from ..names.release import is_other_version
from ..plugin_host.check_context import CheckContext, Track
from ..repair.absence import find_deletable
from ..repair.diagnosis import Diagnosis
from ..tidy.cleanup_plan import plan_cleanup
from ..tidy.faults import Oversized
from ..tidy.forecast import foresee_splits
from ..tidy.rules import CleanupWishes, rules_of
from ..tidy.tidiness import Tidiness
from ..trees.library import Library
from ..trees.link_text import is_chosen
from ..trees.links import BROKEN, BadLink
from .repair_links import Repair, make_repair
from .shared.options import Request
from .shared.plan_execution import is_interactive

BROKEN_SYMLINK, INDEX = "broken_symlink", "index"


class CleanupContext(CheckContext):
    """The context of `cleanup`: what is untidy, and what broken links may have meant, made when it is first needed."""

    def __init__(self, request: Request, connection: sqlite3.Connection, library: Library) -> None:
        super().__init__(library, Catalogue(connection))
        self._request, self._connection = request, connection
        self._repair: Repair | None = None
        self._answers = NameAnswers(connection)
        self._diagnoses: list[Diagnosis] = []
        self._oversized: list[Oversized] | None = None
        rules = rules_of(request.settings)
        owners = load_owners(connection, library.finder.canonical)
        self._tidiness = Tidiness(library, rules, owners, NameReader(self._answers).read)
        self._kinds: Collection[str] = ()
        self._within: Sequence[str] = ()

    @property
    def tidiness(self) -> Tidiness:
        """What is untidy in the video tree."""
        return self._tidiness

    def _repairer(self) -> Repair:
        if self._repair is None:
            self._repair = make_repair(self._request, self._connection, self.library)
        return self._repair

    def diagnose(self, links: Sequence[BadLink], track: Track) -> Sequence[Diagnosis]:
        """Return of each broken link which file it may have meant, as `repair-links` decides it."""
        self._diagnoses = self._repairer().planner.diagnose_all(links, lambda them: track(them, len(them)))
        return self._diagnoses

    # The report

    def look_ahead(self, kinds: Collection[str], within: Sequence[str]) -> None:
        """Let folders that are too large be reported as --fix for these kinds in these places would split them."""
        self._kinds, self._within = kinds, within

    def oversized(self) -> Sequence[Oversized]:
        """Return the folders with too many entries, and what --fix would make of them."""
        if self._oversized is None:
            repairs = [
                self._repairer().planner.relink(item.link, item.chosen)
                for item in self._diagnoses
                if item.chosen and is_chosen(item.link.path, self._within)
            ]
            wishes = CleanupWishes(frozenset(self._kinds), self._within)
            self._oversized = foresee_splits(self._tidiness, Plan(tuple(repairs)), wishes)
        return self._oversized

    def counts(self, kinds: Collection[str]) -> Callable[[], Mapping[str, int]]:
        """Return what gives the report's own counts once the checks of these kinds have run."""

        def counted() -> Mapping[str, int]:
            if INDEX not in kinds:
                return {}
            return {"links": self._tidiness.link_count, "unjudged_links": self._tidiness.unjudged}

        return counted

    def is_fixable(self, kinds: Collection[str], within: Sequence[str]) -> bool:
        """Return whether --fix would do anything about what checks of these kinds found in these places."""
        tidying = self._tidiness
        found: dict[str, Callable[[], Iterable[str]]] = {
            BROKEN_SYMLINK: lambda: (item.link.path for item in self._diagnoses if item.chosen or self._is_shown(item)),
            "misplaced_symlink": lambda: (item.path for item in tidying.misplaced() if not item.doubt),
            "duplicate_symlink": lambda: (item.keep for item in tidying.duplicates() if not item.doubt),
            "oversized_dir": lambda: (item.path for item in self._oversized or () if not item.doubt),
            "empty_dir": tidying.empty_dirs,
        }
        return any(is_chosen(path, within) for kind in kinds if kind in found for path in found[kind]())

    def doubtful_broken(self, within: Sequence[str]) -> bool:
        """Return whether a broken link was found in these places that nothing certain repairs."""
        return any(not item.chosen and is_chosen(item.link.path, within) for item in self._diagnoses)

    # The plan

    def plan(self, kinds: Collection[str], within: Sequence[str], delete_after: timedelta | None) -> Plan:
        """Return the one plan that tidies all of these kinds in these places.

        A broken link whose very file a healthy one beside it shows goes as its duplicate. `delete_after`: those that
        nothing certain repairs go when their file is missing for so long.
        """
        repairs, deletable = Plan(), dict[str, str]()
        broken = [link for link in self.library.bad_links if link.state == BROKEN and is_chosen(link.path, within)]
        if BROKEN_SYMLINK in kinds and broken:
            planner = self._repairer().planner
            found = planner.diagnose_asked(broken)
            superseded = {item.link.path: item.reason for item in found if self._is_shown(item)}
            repairs = planner.plan_of([item for item in found if item.link.path not in superseded], with_ghosts=False)
            if delete_after is not None:
                deletable, staying = find_deletable(
                    self.library,
                    repairs.unresolved,
                    planner.knowledge.remembered,
                    delete_after,
                    planner.knowledge.scans,
                    is_asked=self._request.dry_run or is_interactive(),
                )
                repairs = Plan(repairs.changes, tuple(staying))
            deletable |= superseded
        return plan_cleanup(self._tidiness, repairs, CleanupWishes(frozenset(kinds), within, deletable))

    def _is_shown(self, item: Diagnosis) -> bool:
        """Return whether the link that supersedes a broken one is healthy, and of its version: a duplicate."""
        link = item.superseded_by
        if not link or any(bad.path == link for bad in self.library.bad_links):
            return False
        shown = self._repairer().planner.expectation_of(link)
        return not any(map(is_other_version, item.wanted.releases[:1], shown.releases[:1]))

    def notes(self, kinds: Collection[str]) -> Sequence[str]:
        """Return what the checks of these kinds would have to say that is no finding."""
        return self._tidiness.misplaced_notes() if "misplaced_symlink" in kinds else ()

    def save_answers(self) -> None:
        """Keep what guessit said of names, where the catalogue can be written; say so when names were left unread."""
        self._answers.save()
        if self._repair is not None:
            self._repair.save_answers(self._request)
