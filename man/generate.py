"""Writes what can be generated: the head of each command's man page, the lists of commands in cineorg.1 and README.md.

    python man/generate.py           writes the files anew
    python man/generate.py --check   writes nothing; names what is not current and ends with 1

A command's page is generated from its first line to the line HAND; what follows is written by hand and kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cineorg import __version__
from cineorg.cli import COMMANDS, build_group
from cineorg.commands.options import request_options

ROOT = Path(__file__).resolve().parent.parent
HAND = '.\\" From here on the page is written by hand; what stands above comes from man/generate.py.'
BEGIN, END = '.\\" begin generated', '.\\" end generated'
README_BEGIN, README_END = "<!-- begin generated -->", "<!-- end generated -->"


def main() -> int:
    stale = [path for path, text in generated() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" not in sys.argv:
        for path, text in generated():
            path.write_text(text, "utf-8")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not current: run python man/generate.py", file=sys.stderr)
    return int(bool(stale))


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each file with what it should hold."""
    group = build_group()
    context = click.Context(group, info_name="cineorg")
    for name in COMMANDS:
        command = group.get_command(context, name)
        if command is None:
            raise LookupError(f"the table names the command {name}, which does not exist")
        path = ROOT / "man" / f"cineorg-{name}.1"
        yield path, page(command, name) + HAND + "\n" + hand_written(path)
    path = ROOT / "man" / "cineorg.1"
    yield path, between(path, BEGIN, END, "".join(tagged(f"cineorg-{name}(1)", COMMANDS[name]) for name in COMMANDS))
    path = ROOT / "README.md"
    table = "| command | |\n| --- | --- |\n" + "".join(f"| `{name}` | {text} |\n" for name, text in COMMANDS.items())
    yield path, between(path, README_BEGIN, README_END, table)


def hand_written(path: Path) -> str:
    """Return what a page has below its generated part."""
    return path.read_text("utf-8").partition(HAND + "\n")[2] if path.exists() else ""


def between(path: Path, begin: str, end: str, text: str) -> str:
    """Return a file's text with what stands between two lines replaced."""
    before, _, rest = path.read_text("utf-8").partition(begin + "\n")
    _, separator, after = rest.partition(end + "\n")
    if not separator:
        raise LookupError(f"{path} lacks the lines {begin} and {end}")
    return f"{before}{begin}\n{text}{end}\n{after}"


def page(command: click.Command, name: str) -> str:
    """Return NAME, SYNOPSIS, DESCRIPTION and OPTIONS of a command's man page."""
    arguments = [escaped(argument_of(each)) for each in command.params if isinstance(each, click.Argument)]
    shared = shared_options()
    options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    own = [each for each in options if signature(each) not in shared]
    common = [each for each in options if signature(each) in shared]
    lines = [
        f'.TH CINEORG\\-{escaped(name.upper())} 1 "" "cineorg {__version__}" "cineorg"\n',
        f".SH NAME\ncineorg\\-{escaped(name)} \\- {escaped(COMMANDS[name].rstrip('.'))}\n",
        f".SH SYNOPSIS\n.B cineorg {escaped(name)}\n[\\fIoption\\fP]... {' '.join(arguments)}".rstrip() + "\n",
        ".SH DESCRIPTION\n" + paragraphs(command.help or ""),
    ]
    if own:
        lines.append(".SH OPTIONS\n" + "".join(map(option_entry, own)))
    lines.append(".SH OPTIONS OF EVERY COMMAND\n" + "".join(map(option_entry, common)))
    lines.append(tagged("--help", "Show a summary of all this and exit."))
    return "".join(lines)


def shared_options() -> set[str]:
    """Return the options that commands share."""

    @click.command()
    @request_options(changes=True)
    def anything() -> None: ...

    return {signature(each) for each in anything.params if isinstance(each, click.Option)}


def signature(option: click.Option) -> str:
    """Return an option as it is written: its names and the metavar of its value."""
    names = ", ".join(sorted((*option.opts, *option.secondary_opts), key=len))
    if option.is_flag or option.count:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {'|'.join(map(str, option.type.choices))}"
    return f"{names} {option.metavar or option.type.name.upper()}"


def option_entry(option: click.Option) -> str:
    """Return one option with its help."""
    text = option.help or ""
    if option.show_default and not option.is_flag:
        text += f" [default: {option.default}]"
    return tagged(signature(option), text)


def argument_of(argument: click.Argument) -> str:
    """Return an argument as the synopsis has it."""
    name = argument.metavar or (argument.name or "").upper()
    dots = "..." if argument.nargs != 1 and not name.endswith("...") else ""
    return (name if argument.required or name.startswith("[") else f"[{name}]") + dots


def tagged(tag: str, text: str) -> str:
    """Return a tagged paragraph."""
    return f".TP\n.B {escaped(tag)}\n{escaped(text)}\n"


def paragraphs(text: str) -> str:
    """Return the text of a docstring: paragraphs, and those marked with \\b line by line."""
    out = []
    for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", text.strip("\n"))):
        lines = [line.rstrip() for line in paragraph.split("\n")]
        break_before = ".PP\n" if number else ""
        if lines[0].strip() == "\b":
            body = "\n".join(escaped(line) for line in lines[1:])
            out.append(f"{break_before}.nf\n{body}\n.fi\n")
        else:
            out.append(break_before + escaped(" ".join(line.strip() for line in lines)) + "\n")
    return "".join(out)


def escaped(text: str) -> str:
    """Return text that roff prints as it stands, `code` in bold."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`]+)`", r"\\fB\1\\fP", text)
    return "\\&" + text if text[:1] in (".", "'") else text


if __name__ == "__main__":
    sys.exit(main())
