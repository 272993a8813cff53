"""Each man page is good roff and says of its subject what the code says: no more, no less."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser

import click
import pytest
from documents import MAN, page, pages
from helpers import REPOSITORY

from cineorg import errors
from cineorg.commands.group import COMMANDS, build_group
from cineorg.commands.shared.options import request_options
from cineorg.plugin_host import registry
from cineorg.plugin_host.contract import COMMON_KINDS
from cineorg.plugin_host.hookspecs import command_of

NAMES = [each.name for each in pages()]
PLUGIN_PAGES = [str(path.relative_to(MAN.parent)) for path in sorted(MAN.parent.glob("plugins/*/man/*.[157]"))]
SOURCES = "".join(
    path.read_text("utf-8") for path in (REPOSITORY / "cineorg").rglob("*.py") if path.name != "testing.py"
)
EXIT_CODES = {str(getattr(errors, name)) for name in dir(errors) if name.startswith("EXIT_")}


def command_named(name: str) -> click.Command:
    group = build_group()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def flags(command: click.Command) -> set[str]:
    """Return every spelling of every option."""
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {flag for each in options for flag in (*each.opts, *each.secondary_opts)} | {"-h", "--help"}


def shared_flags() -> set[str]:
    @click.command()
    @request_options(changes=True)
    def anything() -> None: ...

    return flags(anything)


def named_flags(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w/-])--?[a-z0-9][a-z0-9-]*", text))


def installed(program: str) -> bool:
    if shutil.which(program):
        return True
    assert not os.environ.get("CINEORG_TESTS_NEED_TOOLS")
    return False


def test_there_is_a_page_for_each_command_and_no_other() -> None:
    others = {"cineorg.1", "cineorg.toml.5", "cineorg-json.5", "cineorg-plugins.7"}
    assert set(NAMES) == {*others, *(f"cineorg-{name}.1" for name in COMMANDS)}


def test_every_page_is_installed() -> None:
    setup = ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    wanted = {f"share/man/man{section}": f"man/*.{section}" for section in {name[-1] for name in NAMES}}
    assert dict(setup["options.data_files"]) == wanted


def test_generated_parts_are_current() -> None:
    done = subprocess.run([sys.executable, MAN / "generate.py", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", NAMES + PLUGIN_PAGES)
def test_a_page_is_good_roff(name: str) -> None:
    # The pages of plugins are written by hand, with lines as long as they come: a matter of style to mandoc.
    level = "warning" if name in PLUGIN_PAGES else "all"
    checkers = {"mandoc": ["mandoc", "-Tlint", "-W", level], "groff": ["groff", "-man", "-ww", "-Tutf8"]}
    there = [program for program in checkers if installed(program)]
    if not there:
        pytest.skip("neither mandoc nor groff is installed")
    path = MAN.parent / name if name in PLUGIN_PAGES else MAN / name
    for program in there:
        shown = subprocess.run([*checkers[program], str(path)], capture_output=True, check=False)
        assert shown.stderr == b""
        assert shown.returncode == 0
        assert program == "groff" or shown.stdout == b"", shown.stdout.decode()


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_a_page_has_lost_its_beginning(name: str) -> None:
    text = (MAN / name).read_text("utf-8")
    prose = re.sub(r"^\.(EX|nf)$.*?^\.(EE|fi)$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^ .*", prose, re.MULTILINE) == []
    for part in page(name).parts.values():
        assert [tag for tag, words in part.entries.items() if words and not words.strip(" .,;\n")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_what_readers_look_for(name: str) -> None:
    sections = list(dict.fromkeys(section for section, _ in page(name).parts if section))
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]
    if not name.endswith(".1"):
        wanted = ["NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO"]
    assert [section for section in sections if section in wanted] == wanted
    assert all(part.text.strip() or part.blocks or (part.title, sub) in headings(name)
               for (_, sub), part in page(name).parts.items() if part.title)  # fmt: skip
    assert "TODO" not in page(name).text


def headings(name: str) -> set[tuple[str, str]]:
    """Return the sections that consist of subsections alone."""
    return {(section, "") for section, subsection in page(name).parts if subsection}


@pytest.mark.parametrize("name", NAMES)
def test_other_pages_that_a_page_names_exist(name: str) -> None:
    for named, section in re.findall(r"\b(cineorg[\w.-]*) ?\((\d)\)", page(name).text):
        assert f"{named}.{section}" in NAMES


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_the_options_of_its_command(name: str) -> None:
    text = "\n".join(part.text for part in page(f"cineorg-{name}.1").section("OPTIONS"))
    assert named_flags(text) == flags(command_named(name)) | named_flags_of_help(name)


def named_flags_of_help(name: str) -> set[str]:
    """Return the options that the help of a command's options names: they are other commands' as well."""
    return {
        flag
        for each in command_named(name).params
        if isinstance(each, click.Option)
        for flag in named_flags(each.help or "")
    }


def test_the_main_page_has_the_options_that_commands_share() -> None:
    listed = [named_flags(tag) for tag in page("cineorg.1").entries("OPTIONS")]
    assert set().union(*listed) == shared_flags()


@pytest.mark.parametrize("name", NAMES)
def test_options_and_commands_that_a_page_names_exist(name: str) -> None:
    known = {flag for each in COMMANDS for flag in flags(command_named(each))} | {"--version"}
    assert named_flags(page(name).text) <= known
    for command in re.findall(r"\bcineorg ([a-z][a-z-]*)(?= --?[a-z]|$)", page(name).text, re.MULTILINE):
        assert command in COMMANDS, command


def test_the_main_page_has_the_exit_codes() -> None:
    assert set(page("cineorg.1").entries("EXIT STATUS")) == EXIT_CODES


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_has_no_exit_code_that_nobody_knows(name: str) -> None:
    codes = set(page(f"cineorg-{name}.1").entries("EXIT STATUS"))
    assert {"0", "2", "130"} <= codes | ({"130"} if name == "demo" else set())
    assert codes <= EXIT_CODES
    # 4 comes from guards and from the catalogue's lock alone.
    changes = "--dry-run" in flags(command_named(name))
    assert ("4" in codes) == (changes or name == "scan")


@pytest.mark.parametrize("command", ["integrity", "cleanup"])
def test_a_report_has_its_kinds_on_its_page(command: str) -> None:
    checks = registry.load_plugins().checks
    kinds = {check.type for check, origin in checks if command_of(check) == command and origin.origin == "built-in"}
    assert set(page(f"cineorg-{command}.1").entries("KINDS OF FINDINGS")) == kinds | set(COMMON_KINDS)


def test_the_environment_is_on_the_main_page() -> None:
    used = set(re.findall(r"\b_?CINEORG_[A-Z_]+\b|\bXDG_[A-Z]+_HOME\b|\bNO_COLOR\b|(?<=\")COLUMNS(?=\")", SOURCES))
    listed = {name for tag in page("cineorg.1").entries("ENVIRONMENT") for name in tag.split(", ")}
    assert listed == used
