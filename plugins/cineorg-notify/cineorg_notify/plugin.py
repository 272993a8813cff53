"""The hook after every report, and `cineorg notify` for one that comes by a pipe."""

from __future__ import annotations

import json
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
    Request,
    hookimpl,
    request_options,
    terminal_text,
)

from . import memory, message
from .news import News, news_of
from .sending import VARIABLE, addresses, is_wanted, send

if TYPE_CHECKING:
    from cineorg.plugin import Settings


@hookimpl
def register_commands(register: Callable[[click.Command], None]) -> None:
    """Register `cineorg notify`."""
    register(command)


@hookimpl
def report_made(report: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """Send a notice if a report has something new; yields a line for each service that did not take it."""
    table = settings.plugin.get("notify", {})
    urls = addresses(table, os.environ)
    if urls and is_wanted(str(report["command"]), table):
        yield from _deliver(news_of(report, memory.load(settings)), urls, settings)


@click.command(
    "notify",
    cls=Command,
    short_help="Send a notice if a report has something new.",
    examples=(
        ("cineorg integrity --json | cineorg notify", "Send what is new in a report."),
        ("cineorg repair-links --auto --json | cineorg notify", "Send what was repaired and what needs a person."),
        ("cineorg integrity --json | cineorg notify --dry-run", "Show the notice, send nothing."),
    ),
)
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--subject", metavar="TEXT", help="Send what comes as it is, under this subject.")
@click.option("-n", "--dry-run", is_flag=True, help="Print the notice, send nothing.")
@request_options()
def command(request: Request, file: Any, subject: str | None) -> int:
    """Read a report as JSON from FILE, or stdin, and send a notice if it has something new.

    New is what no notice had before. Nothing is sent if nothing is new. Where to: the addresses, as apprise has them,
    in CINEORG_NOTIFY_URLS (several: joined by blanks) or in `urls` of the table [plugin.notify]. Exit code 3: a
    service did not take it; what it said comes again the next time. With --subject the text that comes is the notice.
    """
    if subject is not None:
        return _send_text(request, subject, file.read().decode("utf-8", "replace"))
    try:
        report = json.load(file)
        news = news_of(report if isinstance(report, dict) else {}, memory.load(request.settings))
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise InputError(f"{file.name}: {error}; give the --json output of a command") from None
    if request.dry_run:
        if news:
            click.echo(f"{message.title(news)}\n{message.body(news, request.settings)}")
        return EXIT_OK
    return _told(request, list(_deliver(news, _addresses(request), request.settings)))


def _send_text(request: Request, subject: str, text: str) -> int:
    if request.dry_run:
        for line in (subject, *text.splitlines()):
            click.echo(terminal_text(line))
        return EXIT_OK
    return _told(request, send(_addresses(request), subject, text))


def _addresses(request: Request) -> list[str]:
    urls = addresses(request.settings.plugin.get("notify", {}), os.environ)
    if not urls:
        raise ConfigError(f"nobody is to be told: set {VARIABLE}, or `urls` in [plugin.notify]")
    return urls


def _told(request: Request, problems: list[str]) -> int:
    for problem in problems:
        request.warn(problem)
    return EXIT_INCOMPLETE if problems else EXIT_OK


def _deliver(news: News, urls: list[str], settings: Settings) -> Iterator[str]:
    """Send news, and remember them if all were sent; yields a line for each service that did not take them."""
    problems = send(urls, message.title(news), message.body(news, settings)) if news else []
    if not problems:
        memory.save(settings, news.told)
    yield from problems
