"""The hook after every batch, and `cineorg refresh` by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from cineorg.plugin import (
    EXIT_INCOMPLETE,
    EXIT_OK,
    Command,
    ConfigError,
    InputError,
    Report,
    ReportShape,
    Request,
    hookimpl,
    is_inside,
    request_options,
)

from .folders import as_seen, changed_folders
from .settings import NAMES, load_servers, variables

if TYPE_CHECKING:
    from cineorg.plugin import Settings

_COLUMNS = ("type", "path", "server", "seen_as", "status", "reason")


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Register `cineorg refresh`."""
    register(command)


@hookimpl
def batch_applied(batch: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """Tell the servers which folders a batch has changed; yields a line for each that could not be told."""
    folders = changed_folders(batch["changes"], settings.video)
    servers = load_servers(settings.plugin.get("refresh", {}), os.environ) if folders else []
    if not servers:
        return
    from .servers import tell  # a command that changes nothing pays for no network library

    for server in servers:
        failures = [reason for reason in tell(server, folders).values() if reason]
        if failures:
            yield f"{server.name} was not told of {_counted(len(failures))}: {failures[0]}"


@click.command(
    "refresh",
    cls=Command,
    short_help="Tell media servers to look at folders again.",
    examples=(
        ("cineorg refresh --dry-run", "List what would be told, and by what name each server knows it."),
        ("cineorg refresh", "Let every server look at the whole tree of links again."),
        ("cineorg refresh video/Films/Drame", "Let them look at one folder."),
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("-n", "--dry-run", is_flag=True, help="List what would be told, tell nobody.")
@request_options()
def command(request: Request, paths: tuple[str, ...]) -> int:
    """Tell Jellyfin, Emby, Plex and Kodi to look at folders of links again, at all of them without PATH.

    After each batch of changes, and after its undoing, this happens by itself, for the folders that have changed.
    Addresses and keys: CINEORG_JELLYFIN_URL and CINEORG_JELLYFIN_API_KEY (or EMBY, PLEX, KODI), or the table
    [plugin.refresh] of the config file. Nothing is changed in the library. Exit code 3: a server could not be told.
    """
    folders = [_folder(path, request.settings.video) for path in paths] or [request.settings.video]
    servers = load_servers(request.settings.plugin.get("refresh", {}), os.environ)
    if not servers:
        names = ", ".join(variables(server)[0] for server in NAMES)
        raise ConfigError(f"no media server is known: set one of {names}, or its keys in [plugin.refresh]")
    shape = ReportShape(
        command="refresh",
        lists=("folders",),
        columns=_COLUMNS,
        roots=request.settings.roots(),
        headers=request.headers,
        limit=request.limit,
        titles={"folder": "Folders"},
    )
    report = Report(request.output, request.out(), shape, request.settings)
    states = {"told": 0, "planned": 0, "failed": 0}
    for server in servers:
        if request.dry_run:
            said: Mapping[str, str] = dict.fromkeys(folders, "")
        else:
            from .servers import tell

            said = tell(server, folders)
        for folder, reason in said.items():
            state = "failed" if reason else "planned" if request.dry_run else "told"
            states[state] += 1
            values = ("folder", folder, server.id, as_seen(folder, server.places), state, reason)
            report.row("folders", dict(zip(_COLUMNS, values, strict=True)))
    complete = not states["failed"]
    summary = {"total": sum(states.values()), **states}
    report.finish(complete=complete, dry_run=request.dry_run, summary=summary, folders=[])
    return EXIT_OK if complete else EXIT_INCOMPLETE


def _folder(path: str, video: str) -> str:
    """Return a folder of the video tree, spelled as the root was given."""
    found = os.path.abspath(path)
    real, root = os.path.realpath(found), os.path.realpath(video) if video else ""
    if not video or not (is_inside(found, video) or is_inside(real, root)):
        raise InputError(f"{path} does not lie in the video root {video}; name a folder of links")
    return found if is_inside(found, video) else video + real[len(root) :]


def _counted(number: int) -> str:
    return "1 folder" if number == 1 else f"{number} folders"
