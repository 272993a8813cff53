"""Writes what can be generated: title, synopsis, options and examples of the man pages, and the lists of commands.

    python man/generate.py           writes the files anew
    python man/generate.py --check   writes nothing; names what is not current and ends with 1

In a page everything is written by hand but its first line and what stands between a line `.\\" begin NAME` and the
next line `.\\" end`. Lines written by hand are only made fit for every roff: long ones are folded, letters beyond ASCII
and the dashes of options become escapes, and so does in an example all that would not be copied as it stands.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import settings_parts
from roff import WIDTH, ascii_only, escaped, in_example, prose, tagged, unspaced, wrapped

from cineorg import __version__
from cineorg.commands.group import COMMANDS, SECTIONS, build_group
from cineorg.commands.shared.options import request_options

ROOT = Path(__file__).resolve().parent.parent
DATE = "2026-11-22"  # of the version; it changes when the version does
END = '.\\" end'
README_PART = re.compile(r"<!-- begin (\w+) -->\n.*?<!-- end \1 -->\n", re.DOTALL)
UNBROKEN = ".nh\n.ad l\n"  # names of commands and options are to be found whole, with blanks as they are
WIDEST_EXAMPLE = 70
NEW_PAGE = """.TH
.\\" begin head
.\\" end
.SH DESCRIPTION
.\\" begin options
.\\" end
.SH EXIT STATUS
.SH EXAMPLES
.\\" begin examples
.\\" end
.SH SEE ALSO
.BR cineorg (1)
"""


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
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "man").glob("*.[157]")}
    for name in COMMANDS:
        pages.setdefault(f"cineorg-{name}.1", NEW_PAGE)
    for name, text in sorted(pages.items()):
        yield ROOT / "man" / name, page(name, text)
    readme = ROOT / "README.md"
    yield readme, README_PART.sub(readme_part, readme.read_text("utf-8"))


def readme_part(match: re.Match[str]) -> str:
    """Return one generated part of README.md, with its two marks."""
    text = {"commands": readme_commands, "settings": settings_parts.readme_file}[match[1]]()
    return f"<!-- begin {match[1]} -->\n{text}<!-- end {match[1]} -->\n"


def readme_commands() -> str:
    """Return the table of all commands."""
    return "| | command | |\n| --- | --- | --- |\n" + "".join(
        f"| {section if number == 0 else ''} | [`{name}`](man/cineorg-{name}.1) | {text} |\n"
        for section, commands in SECTIONS.items()
        for number, (name, text) in enumerate(commands.items())
    )


def page(file_name: str, text: str) -> str:
    """Return a page with its title and its generated parts made anew."""
    title, _, section = file_name.rpartition(".")
    body = text.partition("\n")[2]
    command = title.removeprefix("cineorg-")
    if section == "1" and command in COMMANDS:
        body = re.sub(r'^\.\\" begin (\w+)\n.*?^\.\\" end\n', lambda match: part(match[1], command), body, flags=_PART)
    elif title in ("cineorg", "cineorg.toml"):
        body = re.sub(r'^\.\\" begin (\w+)\n.*?^\.\\" end\n', lambda match: other_part(match[1]), body, flags=_PART)
    title_line = f'.TH {escaped(title.upper())} {section} {DATE} "cineorg {__version__}" "cineorg manual"\n{UNBROKEN}'
    return title_line + made_fit(body.removeprefix(UNBROKEN))


_PART = re.MULTILINE | re.DOTALL


def made_fit(body: str) -> str:
    """Return lines of roff as every roff reads them."""
    body = re.sub(r'^(\.S[HS] .*\n(?:\.\\".*\n)*)\.PP\n', r"\1", body, flags=re.MULTILINE)
    lines = []
    in_block = False
    for line in body.splitlines():
        in_block = line == ".EX" or (in_block and line != ".EE")
        if in_block and line != ".EX":
            lines.append(in_example(_EXAMPLE_ESCAPE.sub(_unescaped, line)))
        elif line.startswith('.\\"'):
            lines.append(line)
        else:
            lines += folded(_HYPHENATED.sub(r"\g<1>\-", _DASHES.sub(lambda match: match[0].replace("-", "\\-"), line)))
    return ascii_only("\n".join(lines) + "\n")


_DASHES = re.compile(r"(?<![\\\w-])--?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?![a-z])")
_HYPHENATED = re.compile(
    rf"\b(cineorg|{'|'.join(name.rpartition('-')[0] for name in COMMANDS if '-' in name)})-(?=[a-z])"
)
_PLAIN = {"-": "-", "e": "\\", "(aq": "'", "(ga": "`", "(ha": "^", "(ti": "~", "&": ""}
_EXAMPLE_ESCAPE = re.compile(r"\\(?:(-|e|&|\((?:aq|ga|ha|ti))|\[u([0-9A-F]{4,6})\])")


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[2], 16)) if match[2] else _PLAIN[match[1]]


def folded(line: str) -> list[str]:
    """Return a line of text as lines that are not too long; requests, and text with blanks of its own, stay."""
    if len(line) <= WIDTH or line.startswith((".", "'", " ")):
        return [line]
    return wrapped(line).splitlines()


def part(kind: str, name: str) -> str:
    """Return one generated part of a command's page, with its two marks."""
    command = command_named(name)
    makers = {"head": head, "options": options, "examples": examples}
    return f'.\\" begin {kind}\n{makers[kind](command, name)}{END}\n'


def other_part(kind: str) -> str:
    """Return one generated part of cineorg.1 or cineorg.toml.5, with its two marks."""
    if kind == "settings":
        options = {each: list(command_named(each).params) for each in COMMANDS}
        text = settings_parts.entries({name: {each.name or "" for each in own} for name, own in options.items()})
    elif kind == "defaults":
        text = settings_parts.default_file()
    elif kind == "variables":
        text = settings_parts.variables()
    elif kind == "commands":
        text = "".join(
            f".SS {section}\n"
            + "".join(tagged(f".BR cineorg\\-{escaped(name)} (1)", words) for name, words in commands.items())
            for section, commands in SECTIONS.items()
        )
    else:
        shared = shared_options(changes=kind == "change_options")
        names = {signature(each) for each in shared_options(changes=False)}
        text = "".join(
            option_entry(each) for each in shared if kind == "shared_options" or signature(each) not in names
        )
    return f'.\\" begin {kind}\n{text}{END}\n'


def command_named(name: str) -> click.Command:
    """Return a built-in command."""
    group = build_group()
    command = group.get_command(click.Context(group, info_name="cineorg"), name)
    if command is None:
        raise LookupError(f"the table names the command {name}, which does not exist")
    return command


def head(command: click.Command, name: str) -> str:
    """Return NAME and SYNOPSIS."""
    arguments = [argument_of(each) for each in command.params if isinstance(each, click.Argument)]
    words = COMMANDS[name].rstrip(".")
    synopsis = " ".join(["[\\fIoption\\fP]...", *(re.sub("[A-Z]+", r"\\fI\g<0>\\fP", escaped(a)) for a in arguments)])
    return (
        f".SH NAME\ncineorg\\-{escaped(name)} \\- {escaped(words[0].lower() + words[1:])}\n"
        f".SH SYNOPSIS\n.B cineorg {escaped(name)}\n{synopsis}\n"
    )


def options(command: click.Command, name: str) -> str:
    """Return OPTIONS: the command's own with their help, those of every command by name."""
    del name  # the words are the options' own
    every = {signature(each) for each in shared_options(changes=False)}
    all_of_them = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    own = [each for each in all_of_them if signature(each) not in every]
    names = ", ".join(f"\\%\\fB{unspaced(signature(each))}\\fP" for each in all_of_them if signature(each) in every)
    help_names = "\\%\\fB\\-h,\u00a0\\-\\-help\\fP"
    common = f"{help_names}, {names}" if names else help_names
    own_text = "".join(map(option_entry, own))
    return (
        f".SH OPTIONS\n{own_text}.SS Options of every command\n{wrapped(common + '.')}"
        ".PP\nThey are explained in\n.BR cineorg (1).\n"
    )


def examples(command: click.Command, name: str) -> str:
    """Return the examples that the command declares for its `--help`."""
    del name  # an example has it
    text = ""
    for line, words in getattr(command, "examples", ()):
        if len(line) > WIDEST_EXAMPLE:
            line = line.replace(" | ", " |\n>     ", 1)
        text += f".PP\n{prose(words.rstrip('.') + ':')}.PP\n.EX\n$ {in_example(line)}\n.EE\n"
    return text


def shared_options(*, changes: bool) -> list[click.Option]:
    """Return the options that commands share."""

    @click.command()
    @request_options(changes=changes)
    def anything() -> None: ...

    return [each for each in anything.params if isinstance(each, click.Option)]


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
    return tagged(f".B {escaped(signature(option))}", text)


def argument_of(argument: click.Argument) -> str:
    """Return an argument as the synopsis has it."""
    name = argument.metavar or (argument.name or "").upper()
    dots = "..." if argument.nargs != 1 and not name.endswith("...") else ""
    return (name if argument.required or name.startswith("[") else f"[{name}]") + dots


if __name__ == "__main__":
    sys.exit(main())
