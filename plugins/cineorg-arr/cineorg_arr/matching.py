"""Which entry of Radarr or Sonarr a link means. Pure; in doubt none.

An id that both sides know decides, unless the year or another id contradicts it; of a series, the year or the title
must confirm it. Otherwise title and year must both be the same, and of one entry only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from cineorg.plugin import LOOSE, SAME_TITLE, Work, WorkIndex, closest, numbers_text, other_ids

from .claims import Doubt, Wanted
from .entries import Entry, Episode
from .rows import EPISODE

_YEARS_APART = 1  # a film has the year of its first showing in one list, that of its release in another


class Shelf:
    """The entries of one service, to be looked up."""

    def __init__(self, name: str, entries: Iterable[Entry]) -> None:
        self._name = name
        self._by_id: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._index: WorkIndex[Entry] = WorkIndex()
        for entry in entries:
            for pair in entry.ids:
                self._by_id[pair].append(entry)
            self._index.add(entry, Work(titles=tuple(entry.titles)))

    def find(self, wanted: Wanted) -> tuple[Entry, str]:
        """Return the entry that is wanted, with the evidence; raises Doubt."""
        called = self._called(wanted)
        if wanted.is_year_guessed and len(called) > 1:
            raise Doubt(f"no year in its name, and {self._name} has several of this title: {_listed(called)}")
        shared = {entry.id: (entry, pair) for pair in sorted(wanted.ids) for entry in self._by_id.get(pair, ())}
        if len(shared) > 1:
            raise Doubt(
                f"its ids are those of several in {self._name}: {_listed(entry for entry, _ in shared.values())}"
            )
        if shared:
            entry, (kind, value) = next(iter(shared.values()))
            said = f"{kind} {value} is {entry.described()} in {self._name}"
            if _is_contradicted(wanted, entry):
                raise Doubt(f"{said}, and its other ids are not that one's")
            if wanted.year and entry.years:
                if min(abs(wanted.year - year) for year in entry.years) > _YEARS_APART:
                    raise Doubt(f"{said}, and it should be of {wanted.year}")
            elif wanted.kind == EPISODE and entry not in called:  # the id may be that of the episode
                raise Doubt(f"{said}, which neither its title nor a year confirms")
            return entry, f"same {kind} id {value}"
        return self._by_words(wanted, called), "same title and year"

    def _called(self, wanted: Wanted) -> list[Entry]:
        called = {
            entry.id: entry
            for entry, work in self._index.named(wanted.titles)
            if closest(wanted.titles, work.titles)[0] in (SAME_TITLE, LOOSE)
        }
        return list(called.values())

    def _by_words(self, wanted: Wanted, called: Sequence[Entry]) -> Entry:
        if wanted.year is None:
            raise Doubt(f"{self._name} does not know its id, and no year is known")
        same = [entry for entry in called if wanted.year in entry.years]
        found = [entry for entry in same if not other_ids(tuple(wanted.ids), tuple(entry.ids))]
        if len(found) == 1:
            return found[0]
        if found:
            raise Doubt(f"{self._name} has several of this title and year: {_listed(found)}")
        if same:
            raise Doubt(f"{self._name} has {_listed(same)} with another id")
        others = f"; it has {_listed(called)}" if called else ""
        raise Doubt(f"{self._name} does not have “{wanted.titles[0]}” ({wanted.year}){others}; add it there")


def _is_contradicted(wanted: Wanted, entry: Entry) -> bool:
    """Return whether any id that is wanted is of a kind that the entry has, and not its."""
    kinds = {kind for kind, _ in entry.ids}
    return any(kind in kinds for kind, _ in wanted.ids - entry.ids)


def _listed(entries: Iterable[Entry]) -> str:
    return ", ".join(sorted(entry.described() for entry in entries))


def find_episodes(wanted: Wanted, episodes: Sequence[Episode]) -> list[Episode]:
    """Return the episodes that are wanted, in their order; raises Doubt if one of them is not known for certain."""
    if wanted.date and not wanted.episodes:
        found = [item for item in episodes if item.air_date == wanted.date]
        if len(found) != 1:
            raise Doubt(f"Sonarr knows {len(found) or 'no'} episodes of {wanted.date}")
        return found
    found = []
    for number in wanted.episodes:
        place = (wanted.season or 0, number)
        own = [item for item in episodes if (item.season, item.number) == place]
        if any(item.scene == place and item not in own for item in episodes):
            raise Doubt(f"Sonarr has two numberings, and {_said(place)} is another episode in each")
        if len(own) != 1:
            raise Doubt(f"Sonarr does not know {_said(place)} of it")
        if wanted.date and own[0].air_date and wanted.date != own[0].air_date:
            raise Doubt(f"its name says {wanted.date}, and Sonarr has {_said(place)} on {own[0].air_date}")
        found += own
    return found


def _said(place: tuple[int, int]) -> str:
    return numbers_text(place[0], (place[1],))
