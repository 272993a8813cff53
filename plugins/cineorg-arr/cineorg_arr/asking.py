"""What is asked of which service in one run: each film and episode once, none too often, no more than the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cineorg.plugin import Unresolved

from .claims import Doubt, Reader, Wanted
from .client import ArrError, Client
from .entries import Entry, Episode, read_episodes, read_films, read_series
from .matching import Shelf, find_episodes
from .memory import Key, Memory, is_recent
from .rows import EPISODE, FILM
from .settings import NAMES, RADARR, SONARR

PLANNED, DONE, SKIPPED, FAILED = "planned", "done", "skipped", "failed"
WAITING = "left for the next run"
_COMMANDS = {RADARR: ("MoviesSearch", "movieIds"), SONARR: ("EpisodeSearch", "episodeIds")}
SERVICES = {FILM: RADARR, EPISODE: SONARR}
_SHOWN = "%Y-%m-%d %H:%M UTC"


@dataclass(slots=True)
class Item:
    """One film or episode to ask for. `id` is the service's own number, `thing` what is remembered; `links` wait."""

    kind: str
    id: int
    thing: str
    title: str
    year: int | None
    evidence: str
    season: int | None = None
    episode: int | None = None
    links: list[Unresolved] = field(default_factory=list)
    status: str = PLANNED
    reason: str = ""
    asked_at: datetime | None = None

    @property
    def service(self) -> str:
        """The id of the service that is asked."""
        return SERVICES[self.kind]

    @property
    def key(self) -> Key:
        """Under which it is remembered."""
        return self.service, self.thing

    def named(self) -> str:
        """Return it for people, and for the memory."""
        numbers = f" S{self.season:02}E{self.episode:02}" if self.season is not None else ""
        return f"{self.title}{f' ({self.year})' if self.year else ''}{numbers}"

    def row(self) -> dict[str, Any]:
        """Return it as the report shows it."""
        row: dict[str, Any] = {"type": self.kind, "path": self.links[0].path, "target": self.links[0].target}
        row |= {"service": self.service, "id": self.id, "title": self.title, "year": self.year}
        if self.kind == EPISODE:
            row |= {"season": self.season, "episode": self.episode}
        row |= {"evidence": self.evidence, "status": self.status}
        if self.reason:
            row["reason"] = self.reason
        row["asked_at"] = self.asked_at.isoformat(timespec="seconds") if self.asked_at else None
        row["other_links"] = [link.path for link in self.links[1:]]
        return row


class Finder:
    """Finds what the links are in the services' lists, which are fetched when first needed.

    `failed` has each service that could not be asked, with the reason; of `odd` series, only the series.
    """

    def __init__(self, clients: Mapping[str, Client], reader: Reader) -> None:
        self._clients, self._reader = clients, reader
        self._shelves: dict[str, Shelf] = {}
        self._episodes: dict[int, list[Episode] | ArrError] = {}
        self.failed: dict[str, ArrError] = {}
        self.odd: list[str] = []
        self.items: dict[tuple[str, int], Item] = {}
        self.unknown: list[Unresolved] = []

    def add(self, link: Unresolved) -> None:
        """Find one link: it joins `items`, or `unknown` with the reason."""
        try:
            wanted = self._reader.read(link)
            items = self._find(wanted)
        except (Doubt, ArrError) as error:
            self.unknown.append(Unresolved(link.path, link.target, str(error), link.candidates))
            return
        for item in items:
            self.items.setdefault((item.kind, item.id), item).links.append(link)

    def _find(self, wanted: Wanted) -> list[Item]:
        service = SERVICES[wanted.kind]
        if service not in self._clients:
            raise Doubt(f"{NAMES[service]} is not configured")
        entry, evidence = self._shelf(service).find(wanted)
        if wanted.kind == FILM:
            if entry.file:
                raise Doubt(f"Radarr has a file for it: {entry.file}; refresh it there if that is gone")
            return [Item(FILM, entry.id, _thing(entry, "tmdb"), entry.title, entry.year, evidence)]
        found = find_episodes(wanted, self._episodes_of(entry))
        if any(item.has_file for item in found):
            raise Doubt("Sonarr has a file for it; refresh the series there if that is gone")
        return [_episode_item(entry, item, evidence) for item in found]

    def _shelf(self, service: str) -> Shelf:
        if service in self.failed:
            raise self.failed[service]
        if service not in self._shelves:
            resource, read = ("movie", read_films) if service == RADARR else ("series", read_series)
            try:
                self._shelves[service] = Shelf(NAMES[service], read(self._clients[service].get(resource)))
            except ArrError as error:
                raise self._give_up(service, error) from None
        return self._shelves[service]

    def _episodes_of(self, series: Entry) -> list[Episode]:
        if series.id not in self._episodes:
            try:
                answer = self._clients[SONARR].get("episode", {"seriesId": series.id})
                self._episodes[series.id] = read_episodes(answer)
            except ArrError as error:
                if error.is_final:
                    raise self._give_up(SONARR, error) from None
                self._episodes[series.id] = ArrError(f"Sonarr, asked for the episodes of {series.described()}: {error}")
                self.odd.append(str(self._episodes[series.id]))
        episodes = self._episodes[series.id]
        if isinstance(episodes, ArrError):
            raise episodes
        return episodes

    def _give_up(self, service: str, error: ArrError) -> ArrError:
        self.failed[service] = ArrError(f"{NAMES[service]}: {error}")
        return self.failed[service]


def _episode_item(series: Entry, episode: Episode, evidence: str) -> Item:
    thing = f"{_thing(series, 'tvdb')} S{episode.season:02}E{episode.number:02}"
    item = Item(EPISODE, episode.id, thing, series.title, series.year, evidence)
    item.season, item.episode = episode.season, episode.number
    return item


def _thing(entry: Entry, kind: str) -> str:
    return next((f"{kind} {value}" for name, value in sorted(entry.ids) if name == kind), f"id {entry.id}")


def choose(items: Iterable[Item], last: Mapping[Key, datetime], again: timedelta, most: int) -> None:
    """Skip what was asked for less than `again` ago, and what is more than `most`: those never asked for go first."""
    now = datetime.now(UTC)
    due = []
    for item in items:
        item.asked_at = last.get(item.key)
        if item.asked_at and is_recent(item.asked_at, now, again):
            item.status, item.reason = SKIPPED, f"asked for on {item.asked_at.strftime(_SHOWN)}"
        else:
            due.append(item)
    never = datetime.min.replace(tzinfo=UTC)
    due.sort(key=lambda item: (item.asked_at or never, item.links[0].path, item.id))
    for item in due[most:]:
        item.status, item.reason = SKIPPED, WAITING


def ask(items: Sequence[Item], clients: Mapping[str, Client], memory: Memory, tick: Callable[[int], None]) -> list[str]:
    """Ask for what is planned and remember it; return what services said against it, each once.

    A command for each: a service carries one out id by id, and the first that fails (an episode that is gone there)
    ends it, silently, for all behind it. How fast its indexers may be asked it knows itself.
    """
    failed: dict[str, None] = {}
    for item in items:
        if item.status != PLANNED:
            continue
        name, ids = _COMMANDS[item.service]
        try:
            clients[item.service].command(name, **{ids: [item.id]})
        except ArrError as error:
            item.status, item.reason = FAILED, f"{NAMES[item.service]}: {error}"
            failed[item.reason] = None
        else:
            item.status, item.asked_at = DONE, datetime.now(UTC).replace(microsecond=0)
            memory.add(item.service, [(item.thing, item.named())], item.asked_at)
        tick(1)
    return list(failed)
