"""The options that every command shares, declared once; a command gets them as one `Request`."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import click

from ...output import FORMATS, PRINT0, Format
from ...output.progress import Progress, open_progress
from ...output.report import Report
from ...output.report_shape import ReportShape
from ...paths import is_inside, terminal_text
from ...settings.configuration import Settings
from ...settings.sources import load_settings
from ...trees.time_limit import real_path, set_time_limit
from .completion import complete_files, complete_formats
from .own_name import program, shell_word
from .setting_options import setting_option, settings_with, typed_settings

Command = Callable[..., Any]
_LIBRARY = (*settings_with("every"), "config")
_SHORT_FORMATS = ("json", "jsonl", "tsv")
_MOST_ROWS = 50  # of a kind, in a table
_OUTPUT = ("format_name", *_SHORT_FORMATS, "print0", "no_headers", "limit", "progress", "quiet", "verbose")
_CHANGE = ("dry_run", "yes", *settings_with("changing"))


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, the same for every command.

    `library_flags` are those given, ready for a shell, `own_flags` the words of the settings that only this command
    and few others have as options; `typed` is the whole command line after `cineorg`.
    """

    settings: Settings
    output: Format
    headers: bool = True
    limit: int = _MOST_ROWS
    progress_mode: str = "auto"
    verbosity: int = 0
    dry_run: bool = False
    yes: bool = False
    library_flags: str = ""
    own_flags: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()

    def progress(self) -> Progress:
        """Return the progress display on stderr."""
        return open_progress(
            "never" if self.verbosity < 0 and self.progress_mode == "auto" else self.progress_mode, sys.stderr
        )

    def shape(self, command: str, lists: tuple[str, ...], columns: Sequence[str], **own: Any) -> ReportShape:
        """Return the shape of a command's report; `own`: what else it has of its own, or otherwise than asked for."""
        shared: dict[str, Any] = {"roots": self.settings.roots(), "headers": self.headers, "limit": self.limit}
        return ReportShape(command, lists, tuple(columns), **shared | {"verbose": self.verbosity > 0} | own)

    def report(self, command: str, lists: tuple[str, ...], columns: Sequence[str], **own: Any) -> Report:
        """Return a report on stdout in the format that was asked for; see `shape`."""
        return Report(self.output, self.out(), self.shape(command, lists, columns, **own), self.settings)

    def out(self) -> BinaryIO:
        """Return stdout for bytes."""
        return sys.stdout.buffer

    def warn(self, message: str) -> None:
        """Tell the user something on stderr, unless he asked for quiet."""
        if self.verbosity >= 0:
            click.echo(f"cineorg: {terminal_text(message)}", err=True)

    def note(self, message: str) -> None:
        """Tell a user who asked for more (-v) something on stderr."""
        if self.verbosity > 0:
            click.echo(f"cineorg: {terminal_text(message)}", err=True)

    def command_line(self, *words: str) -> str:
        """Return a cineorg command on this very library, as the user would type it."""
        command = [words[0], self.library_flags, *map(shell_word, words[1:])]
        return " ".join([program(), *filter(None, command)])

    def without_dry_run(self) -> str:
        """Return the command line as it was typed, but for -n: what does it in earnest."""
        return " ".join([program(), *(shell_word(word) for word in self.typed if word not in ("-n", "--dry-run"))])


def request_options(*own: str, changes: bool = False) -> Callable[[Command], Command]:
    """Return a decorator that adds the shared options and hands the command a `Request` as its first argument.

    `own`: settings that are options of this command as well. With `changes`, those of commands that change something
    come too.
    """

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def handler(**values: Any) -> Any:
            shared = {name: values.pop(name, None) for name in (*own, *_LIBRARY, *_OUTPUT, *_CHANGE)}
            typed = click.get_current_context().find_root().obj or ()
            return function(_make_request(shared, own, typed), **values)

        decorated: Command = handler
        options = [*map(setting_option, own), *_library_options(), *_output_options()]
        for option in reversed([*options, *(_change_options() if changes else ())]):
            decorated = option(decorated)
        return decorated

    return decorate


def options_before_command() -> dict[str, click.Parameter]:
    """Return the shared options by each of their spellings: those that may also stand before the command's name."""

    @click.command()
    @request_options(changes=True)
    def anything(request: Request) -> None:
        """Stand for any command."""

    return {spelling: option for option in anything.params for spelling in option.opts}


def _library_options() -> list[Callable[[Command], Command]]:
    return [
        *map(setting_option, settings_with("every")),
        click.option("--config", metavar="FILE", shell_complete=complete_files, help="TOML file with settings."),
    ]


def _output_options() -> list[Callable[[Command], Command]]:
    return [
        click.option("--format", "format_name", metavar="NAME", shell_complete=complete_formats,
                     help=f"{', '.join(each.name for each in FORMATS)} or a plugin's; default: table on a terminal,"
                          " else tsv."),
        *(click.option(f"--{name}", is_flag=True, help=f"Short for --format {name}.") for name in _SHORT_FORMATS),
        click.option("-0", "--print0", is_flag=True, help="Only the paths, each ended by NUL."),
        click.option("--no-headers", is_flag=True, help="TSV and CSV without their header line."),
        click.option("--limit", type=click.IntRange(min=0), metavar="N",
                     help=f"Rows of a kind for people to read, 0 = all [default: {_MOST_ROWS} in a table]."),
        click.option("--progress", type=click.Choice(["auto", "always", "never", "json"]), default="auto",
                     show_default=True, help="Progress on stderr."),
        click.option("-q", "--quiet", count=True, help="Less on stderr."),
        click.option("-v", "--verbose", count=True, help="More on stderr."),
    ]  # fmt: skip


def _change_options() -> list[Callable[[Command], Command]]:
    return [
        click.option("-n", "--dry-run", is_flag=True, help="Print the plan, change nothing."),
        click.option("-y", "--yes", is_flag=True, help="Ask nothing."),
        *map(setting_option, settings_with("changing")),
    ]


def _make_request(shared: dict[str, Any], own: Sequence[str], typed: Sequence[str]) -> Request:
    flags = {name: shared[name] for name in (*own, *_LIBRARY, *settings_with("changing"))}
    settings = load_settings(flags, os.environ)
    set_time_limit(settings.timeout)
    output = _chosen_format(shared, settings)
    return Request(
        settings=settings,
        output=output,
        headers=not shared["no_headers"],
        limit=_MOST_ROWS * (output.name == "table") if shared["limit"] is None else shared["limit"],
        progress_mode=shared["progress"],
        verbosity=shared["verbose"] - shared["quiet"],
        dry_run=bool(shared["dry_run"]),
        yes=bool(shared["yes"]),
        library_flags=" ".join(map(shell_word, typed_settings(_LIBRARY, flags))),
        own_flags=tuple(typed_settings(own, flags)),
        typed=tuple(typed),
    )


def _chosen_format(shared: dict[str, Any], settings: Settings) -> Format:
    names = {name for name in _SHORT_FORMATS if shared[name]}
    if shared["format_name"]:
        names.add(shared["format_name"])
    if len(names) + bool(shared["print0"]) > 1:
        asked = sorted(f"--{name}" if shared.get(name) else f"--format {name}" for name in names)
        raise click.UsageError(f"{' and '.join(asked + ['-0'] * bool(shared['print0']))} exclude each other")
    if shared["print0"]:
        return PRINT0
    name = next(iter(names), "table" if sys.stdout.isatty() else "tsv")
    known = {each.name: each for each in FORMATS}
    if name not in known:
        from ...plugin_host.registry import load_plugins

        registry = load_plugins(settings.plugins)
        known |= {each.name: each for each, _ in registry.formats}
        if name not in known:
            problems = "".join(f"; {terminal_text(str(problem))}" for problem in registry.problems)
            raise click.UsageError(f"there is no format {name!r}; known are {', '.join(known)}{problems}")
    return known[name]


def spelled_as_root(absolute: str, roots: Sequence[str]) -> str:
    """Return the path with the root that holds it spelled as it was given."""
    if any(is_inside(absolute, root) for root in roots):
        return absolute
    for root in roots:
        real = real_path(root)
        if is_inside(absolute, real):
            return root + absolute[len(real) :]
    return absolute


def chosen_paths(paths: Sequence[str], roots: Sequence[str]) -> tuple[str, ...]:
    """Return PATH arguments as absolute paths spelled as the roots are; raises UsageError for one outside them."""
    chosen = []
    for path in paths:
        absolute = spelled_as_root(os.path.abspath(path), roots)
        if not any(is_inside(absolute, root) for root in roots):
            raise click.UsageError(f"{terminal_text(path)} lies in none of the library's roots: {', '.join(roots)}")
        chosen.append(absolute)
    return tuple(chosen)


def read_maps(maps: Sequence[str]) -> list[tuple[str, str]]:
    """Return the prefixes of `--map OLD=NEW` options; raises UsageError for one that is not two absolute paths."""
    pairs = []
    for each in maps:
        old, separator, new = each.partition("=")
        if not separator or not old.startswith("/") or not new.startswith("/"):
            raise click.UsageError(f"--map {each}: expected OLD=NEW, both absolute")
        pairs.append((old.rstrip("/"), new.rstrip("/")))
    return pairs


def existing_paths(paths: Sequence[str], roots: Sequence[str]) -> tuple[str, ...]:
    """Return `chosen_paths`; raises UsageError for one where nothing is, while its root is there.

    A name that was mistyped must not look like one where nothing is to be done.
    """
    from ...trees.census import is_absent  # commands that read no tree need not load what does

    chosen = chosen_paths(paths, roots)
    for path in chosen:
        if is_absent(path) and not any(is_inside(path, root) and is_absent(root) for root in roots):
            raise click.UsageError(f"{terminal_text(path)} does not exist")
    return chosen
