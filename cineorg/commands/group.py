"""The command group: a subcommand's module is loaded when it runs, and every exit has a code of the contract."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, CineorgError
from .interruption import watch_for_interrupts
from .shared.help_examples import Examples, write_examples

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# The words stand here too, so that `--help` need not load every module; a test compares them with the commands' own.
SECTIONS: dict[str, dict[str, str]] = {
    "Look": {
        "scan": "See what is new, changed, moved or gone, and remember it.",
        "integrity": "List broken links, orphan files and rows without a file.",
        "status": "Show roots, counts, the last reports and batches.",
        "explain": "Say what is known of a link or file and what would be done.",
        "acknowledge": "Accept findings, so that reports leave them out.",
    },
    "Repair": {
        "repair-links": "Give broken links their files back.",
        "fix-bad-links": "Give links that play the wrong episode or film their own.",
        "link-movies": "Give the catalogue's films the path of their file.",
        "link-orphans": "Make links for stored files that no link shows.",
    },
    "Tidy": {
        "cleanup": "List what is untidy among the links, or tidy it.",
        "fix-symlinks": "Make links of one style, and move them into subdivisions.",
    },
    "History": {
        "history": "List what was changed, batch by batch.",
        "undo": "Undo the last batch of changes, or any other.",
        "restore": "Make lost links again.",
    },
    "Others": {
        "apply": "Carry out a plan: changes given as JSON lines.",
        "plugins": "List what plugins add: checks, commands, formats.",
        "demo": "Make a small library with every kind of fault.",
    },
}
COMMANDS: dict[str, str] = {name: words for section in SECTIONS.values() for name, words in section.items()}
EXAMPLES: Examples = (
    ("cineorg demo demo-library", "Make a library to try everything on; it prints what to try."),
    ("cineorg integrity", "Say what is wrong in your own; `cineorg scan` comes first."),
    ("cineorg repair-links --help", "Show the options of a command."),
)


_OWN_OPTIONS = ("-h", "--help", "-V", "--version")  # of the group; all others are its commands'


class _ReaderGone(Exception):
    """Whoever read our output has closed the pipe (`| head`)."""


class CineorgGroup(click.Group):
    """Finds a built-in command in its module, any other among the plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the built-in commands in the order of the documentation, then the plugins' by name."""
        return [*COMMANDS, *sorted(str(command.name) for command, _ in _plugin_registry().commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, loading its module."""
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"cineorg.commands.{cmd_name.replace('-', '_')}")
            command: click.Command = module.command
            return command
        plugin_command: click.Command | None = _plugin_registry().command(cmd_name)
        return plugin_command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; one that there is not gets the names that are like it."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from .misspelling import did_you_mean

            ctx.fail(f"there is no command {args[0]!r}{did_you_mean(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands (built-in ones without loading them) or options that begin with what is typed."""
        from click.shell_completion import CompletionItem  # no other run needs it

        guests = {str(command.name): command.get_short_help_str() for command, _ in _plugin_registry().commands}
        commands = COMMANDS | dict(sorted(guests.items()))
        found = [CompletionItem(name, help=words) for name, words in commands.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a plugin's own command raises is told with the plugin's name."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGone from error  # click would make exit code 1 of it, which says "findings"
        except (click.ClickException, click.exceptions.Exit, click.Abort, CineorgError, OSError):
            raise
        except Exception as error:
            name = ctx.invoked_subcommand
            if name is None or name in COMMANDS or os.environ.get("CINEORG_DEBUG"):
                raise
            raise _plugin_registry().failure_of(name, error) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are for, with their first lines, without loading the built-in ones."""
        guests = sorted(
            (str(command.name), command.get_short_help_str(70)) for command, _ in _plugin_registry().commands
        )
        sections = SECTIONS | ({"From plugins": dict(guests)} if guests else {})
        width = max(len(name) for section in sections.values() for name in section)
        for title, section in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), words) for name, words in section.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the commands."""
        write_examples(EXAMPLES, formatter)


def _plugin_registry() -> Any:
    """Return what plugins add, loaded once a process; problems are told on stderr."""
    global _registry
    if _registry is None:
        from ..plugin_host.registry import load_plugins
        from ..settings.sources import plugin_directories

        _registry = load_plugins(plugin_directories(os.environ), tuple(COMMANDS), built_in=False)
        for problem in _registry.problems:
            _tell(str(problem))
    return _registry


_registry: Any = None


def build_group() -> click.Group:
    """Return the command group."""

    @click.group(cls=CineorgGroup, context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(__version__, "-V", "--version", prog_name="cineorg", message="%(prog)s %(version)s")
    def group() -> None:
        """Keep a film and series library made of symbolic links consistent.

        Nothing is changed unless you ask for it; storage never is. Begin with `cineorg scan`, then `cineorg
        integrity`. `cineorg help COMMAND` explains a command; its options may also stand before its name.
        """

    return group


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no traceback reaches the user."""
    if arguments is None:
        _open_standard_streams()
        _ensure_utf8()
        watch_for_interrupts()
    words = sys.argv[1:] if arguments is None else list(arguments)
    instruction = os.environ.get("_CINEORG_COMPLETE", "")
    if instruction:
        from .shared.completion_shells import register

        register()
    if not instruction.endswith("_complete"):
        return _run(words)
    # What were told on stderr now would stand in the middle of the line that is being typed.
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        return _run(words)


def _run(words: list[str]) -> int:
    try:
        if words[:1] == ["help"]:
            words = [*words[1:], "--help"]
        elif words and words[0].startswith("-") and words[0] not in _OWN_OPTIONS:
            from .early_options import behind_command

            words = behind_command(words)
        code = build_group().main(args=words, prog_name="cineorg", standalone_mode=False, obj=tuple(words))
        sys.stdout.flush()
        return code if isinstance(code, int) else EXIT_OK
    except (BrokenPipeError, _ReaderGone):
        # The reader has gone (`| head`); what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return EXIT_USAGE
    except click.ClickException as error:
        return _fail(_in_one_line(error), EXIT_USAGE)
    except CineorgError as error:
        return _fail(str(error), error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{(error.strerror or str(error)).lower()}", EXIT_USAGE)
    except Exception as error:
        if os.environ.get("CINEORG_DEBUG"):
            raise
        return _fail(
            f"internal error, please report it with what CINEORG_DEBUG=1 shows: {type(error).__name__}: {error}",
            EXIT_USAGE,
        )


def _in_one_line(error: click.ClickException) -> str:
    """Return what click would say in four lines: what is wrong, with which command, and where its help is."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    command = context.command_path.partition(" ")[2]
    see = " See" if message.endswith("?") else "; see"
    return f"{command + ': ' if command else ''}{message}{see} `{context.command_path} --help`"


def _fail(message: str, code: int) -> int:
    _tell(message)
    return code


def _tell(message: str) -> None:
    from ..paths import terminal_text

    click.echo(f"cineorg: {terminal_text(message)}", err=True)


def _open_standard_streams() -> None:
    """Give a closed stdin, stdout or stderr (`>&-`) an end that takes everything: a file must not get its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _ensure_utf8() -> None:
    """Start again in UTF-8 mode where the locale would decode names otherwise: names in the catalogue are UTF-8."""
    if sys.getfilesystemencoding().lower() != "utf-8" and not sys.flags.utf8_mode:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, "PYTHONUTF8": "1"})
