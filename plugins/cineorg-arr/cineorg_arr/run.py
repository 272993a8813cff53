"""One run of `request-missing`: find, guard, show, ask, report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cineorg.plugin import EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_OK, RefusedError, terminal_text

from .asking import DONE, FAILED, PLANNED, SKIPPED, WAITING, Finder, Item, ask, choose
from .claims import Reader, end_of
from .client import Client
from .memory import memory_path, remembered, writing
from .rows import EPISODE, FILM, load_rows
from .settings import NAMES, load_services

if TYPE_CHECKING:
    from cineorg.plugin import Request

    from .command import Wishes
    from .source import Source

_COLUMNS = (
    "type path target service id title year season episode evidence status reason asked_at other_links candidates"
).split()
_TITLES = {FILM: "Films to search for", EPISODE: "Episodes to search for", "unresolved": "unknown links"}


@dataclass(frozen=True, slots=True)
class View:
    """What the links are at one moment. `mended`: how many of the report's links are not broken any more."""

    finder: Finder
    items: tuple[Item, ...]
    mended: int

    @property
    def planned(self) -> list[Item]:
        """What is to be asked for."""
        return [item for item in self.items if item.status == PLANNED]

    @property
    def troubles(self) -> list[str]:
        """What a service failed to answer."""
        return [*map(str, self.finder.failed.values()), *self.finder.odd]


def run(request: Request, get_source: Callable[[], Source], wishes: Wishes) -> int:
    """Do what the command is for; return the exit code."""
    services = load_services(request.settings.plugin.get("arr", {}), os.environ)
    source = get_source()
    refusal = None if source.is_complete or wishes.incomplete else _refusal(request)
    if refusal and not request.dry_run:
        raise refusal
    clients = {name: Client(service) for name, service in services.items()}
    view = _look(request, source, clients, wishes)
    if view.planned and not request.dry_run:
        is_agreed = request.yes
        if not is_agreed and _agrees(request, view.planned):
            is_agreed, view = True, _look_again(request, source, clients, wishes, view)
        if is_agreed and view.planned:
            _ask(request, view.planned, clients, memory_path(request.settings.db), wishes)
    waiting = sum(item.reason == WAITING for item in view.items)
    if waiting:
        request.warn(f"{waiting} more wait for the next run; --max-requests N asks for more at once")
    if view.mended:
        request.note(f"{view.mended} links of the report are not broken any more")
    code = _report(request, source, view)
    if refusal:
        raise refusal
    return code


def _refusal(request: Request) -> RefusedError:
    return RefusedError(
        "a part of the library could not be looked at, and what is missing may be there; nothing was asked for;"
        f" if that part does not matter: {request.command_line('request-missing', '--incomplete')}"
    )


def _is_broken(path: str) -> bool:
    """Whether a link still waits for its file; one of another machine, whose folder is not here, is believed."""
    return not os.path.exists(path) and (os.path.islink(path) or not os.path.isdir(os.path.dirname(path)))


def _look(
    request: Request, source: Source, clients: dict[str, Client], wishes: Wishes, told: Sequence[str] = ()
) -> View:
    """Return what the broken links are now, and tell the troubles that were not `told`."""
    links = [link for link in source.links if _is_broken(link.path)]
    rows = load_rows(request.settings.db, {end_of(link) for link in links})
    finder = Finder(clients, Reader(request.settings, rows))
    with request.progress().phase(1, 2, "Looking films and episodes up", len(links)) as tick:
        for link in links:
            finder.add(link)
            tick(1)
    items = sorted(finder.items.values(), key=lambda item: (item.kind == EPISODE, item.links[0].path, item.id))
    choose(items, remembered(memory_path(request.settings.db)), wishes.again, wishes.most)
    view = View(finder, tuple(items), len(source.links) - len(links))
    for trouble in view.troubles:
        if trouble not in told:
            request.warn(trouble)
    return view


def _look_again(request: Request, source: Source, clients: dict[str, Client], wishes: Wishes, agreed: View) -> View:
    """Return what is missing now, for nobody knows how long the user thought; planned is only what he agreed to."""
    view = _look(request, source, clients, wishes, agreed.troubles)
    shown = {(item.key, item.id) for item in agreed.planned}
    for item in view.planned:
        if (item.key, item.id) not in shown:
            item.status, item.reason = SKIPPED, WAITING
    return view


def _agrees(request: Request, planned: Sequence[Item]) -> bool:
    """Show what would be asked for, and ask."""
    shown = planned[: request.limit or None]
    for item in shown:
        click.echo(terminal_text(f"{NAMES[item.service]}: {item.named()}  ({item.evidence})"), err=True)
    if len(planned) > len(shown):
        click.echo(f"… {len(planned) - len(shown)} more, --limit 0 shows all", err=True)
    counts = Counter(item.kind for item in planned)
    what = " and ".join(_counted(counts[kind], kind) for kind in (FILM, EPISODE) if counts[kind])
    return click.confirm(f"Have {what} searched for?", default=False, err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _ask(request: Request, planned: Sequence[Item], clients: dict[str, Client], path: str, wishes: Wishes) -> None:
    with writing(path) as memory, request.progress().phase(2, 2, "Asking", len(planned)) as tick:
        # Another run may have asked while this one was looking.
        choose(planned, memory.last(), wishes.again, wishes.most)
        failed = ask(planned, clients, memory, tick)
    for reason in failed:
        request.warn(reason)


def _report(request: Request, source: Source, view: View) -> int:
    report = request.report(
        "request-missing",
        ("requests", "unresolved"),
        tuple(_COLUMNS),
        titles=_TITLES,
    )
    for item in view.items:
        report.row("requests", item.row())
    unknown = sorted(view.finder.unknown, key=lambda link: link.path)
    for link in unknown:
        report.row("unresolved", link.row())
    states = Counter(item.status for item in view.items)
    summary: dict[str, Any] = {"total": len(view.items) + len(unknown)}
    summary |= {state: states[state] for state in (DONE, PLANNED, SKIPPED, FAILED)}
    summary |= {"unresolved": len(unknown), "no_longer_broken": view.mended}
    complete = source.is_complete and not (states[FAILED] or view.troubles)
    report.finish(complete=complete, dry_run=request.dry_run, summary=summary, requests=[], unresolved=[])
    if not complete:
        return EXIT_INCOMPLETE
    return EXIT_FINDINGS if unknown else EXIT_OK
