"""`cineorg serve`: its options, and where the page may be bound."""

from __future__ import annotations

import os
from typing import Any

import click

from cineorg.plugin import Command

_LIBRARY = ("storage", "video", "db", "config")


@click.command(
    "serve",
    cls=Command,
    short_help="Show the maintenance page in a browser.",
    examples=(
        ("cineorg serve --open", "Show the page in the browser of this machine."),
        ("cineorg serve --port 0 --config demo-library/cineorg.toml", "Use any free port; the address is printed."),
        ("cineorg serve --base-path /cineorg", "Be shown by a reverse proxy below a path of its own."),
        ("cineorg serve --host 0.0.0.0 --allow-remote", "Let the tablet on the sofa see the page, too."),
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address or name to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    metavar="PORT",
    help="Port to listen on; 0: any that is free.",
)
@click.option(
    "--base-path",
    default="",
    metavar="PATH",
    callback=lambda context, parameter, value: _base(value),
    help="Path below which a reverse proxy shows the page.",
)
@click.option("--allow-remote", is_flag=True, help="Let other machines see the page.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--storage",
    type=click.Path(file_okay=False),
    metavar="DIR",
    multiple=True,
    help="Root of the stored files (repeatable).",
)
@click.option("--video", type=click.Path(file_okay=False), metavar="DIR", help="Root of the links.")
@click.option("--db", type=click.Path(), metavar="FILE", help="The catalogue: a path or sqlite:///PATH.")
@click.option("--config", type=click.Path(), metavar="FILE", help="TOML file with settings.")
def command(host: str, port: int, base_path: str, allow_remote: bool, open_page: bool, **library: Any) -> int:
    """Show the maintenance page in a browser.

    The page runs `cineorg integrity` and `cineorg cleanup` on the library, shows how far they are and what they find,
    and where in the library it is. It changes nothing: it names the commands that would. The page's address is
    printed on stdout; Ctrl-C ends the server. Only this machine can see the page, unless --allow-remote is given;
    then everybody can who reaches HOST, for there is no password.
    """
    from cineorg.plugin import load_settings

    from .serving import Bind, serve

    settings = load_settings(library, os.environ)
    return serve(settings, library_flags(library), Bind(host, port, allow_remote, base_path), open_page)


def _base(value: str) -> str:
    from .base_path import checked_base

    try:
        return checked_base(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def library_flags(library: dict[str, Any]) -> list[str]:
    """Return the options that name the library as they were given, for the commands that the page runs and names."""
    flags: list[str] = []
    for name in _LIBRARY:
        value = library[name]
        for each in value if isinstance(value, tuple) else filter(None, [value]):
            flags += [f"--{name}", each]
    return flags
