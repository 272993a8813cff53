"""What `--help` says: the commands by what they are for, and examples that can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from helpers import run_command

from cineorg.commands.group import COMMANDS, EXAMPLES, SECTIONS, build_group
from cineorg.commands.shared.help_examples import Command

PLUGIN = """
import click
from cineorg import hookimpl
from cineorg.commands.shared.help_examples import Command

@hookimpl
def register_commands(register):
    register(click.Command("zz-greet", help="Say hello. And more."))
    register(Command("aa-wave", help="Wave.", examples=(("cineorg aa-wave", "Wave once."),)))
"""


def command_named(name: str) -> click.Command:
    group = build_group()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def examples_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the examples of a command, or with "" those of the group."""
    if not name:
        return EXAMPLES
    command = command_named(name)
    assert isinstance(command, Command)
    return command.examples


def help_of(name: str) -> list[str]:
    result = run_command([*filter(None, [name]), "--help"])
    assert result.code == 0
    return result.out.decode().rstrip("\n").split("\n")


def calls(line: str) -> Iterator[list[str]]:
    """Yield the words of each call of cineorg in a line of shell."""
    words = shlex.split(line)
    while words:
        end = words.index("|") if "|" in words else len(words)
        if words[0] == "cineorg":
            yield words[1:end]
        words = words[end + 1 :]


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_ends_with_two_or_three_examples(name: str) -> None:
    examples = examples_of(name)
    assert len(examples) in (2, 3)
    lines = help_of(name)
    end = lines[lines.index("Examples:") + 1 :]
    assert [line[2:] for line in end if re.match("  [^ ]", line)] == [line for line, _ in examples]
    assert " ".join(line.strip() for line in end if line.startswith("      ")) == " ".join(text for _, text in examples)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_an_example_uses_what_exists_and_shows_its_own_command(name: str) -> None:
    for line, sentence in examples_of(name):
        assert sentence.endswith(".")
        used = list(calls(line))
        assert not name or name == "demo" or name in [words[0] for words in used], line
        for command, *words in used:
            known = {flag for each in command_named(command).params for flag in (*each.opts, *each.secondary_opts)}
            assert {word for word in words if re.match("--?[a-z]", word)} <= known | {"--help"}, line


def test_the_group_shows_each_command_once_under_what_it_is_for() -> None:
    lines = help_of("")
    title, seen = "", []
    for line in lines[: lines.index("Examples:")]:
        if re.fullmatch("[A-Z].*:", line):
            title = line[:-1]
        elif (found := re.match(r"  ([a-z-]+) +(\S.*)", line)) and title != "Options":
            seen.append((title, *found.groups()))
    assert seen == [(title, name, words) for title, section in SECTIONS.items() for name, words in section.items()]
    assert len({line.index(words) for line in lines for _, name, words in seen if line.startswith(f"  {name} ")}) == 1


def test_plugins_have_a_group_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "greeting.py").write_text(PLUGIN, "utf-8")
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(tmp_path))
    monkeypatch.setattr("cineorg.commands.group._registry", None)
    lines = help_of("")
    start = lines.index("From plugins:")
    assert [line.split(maxsplit=1) for line in lines[start + 1 : start + 3]] == [
        ["aa-wave", "Wave."],
        ["zz-greet", "Say hello."],
    ]
    assert help_of("aa-wave")[-2:] == ["  cineorg aa-wave", "      Wave once."]
    assert "Examples:" not in help_of("zz-greet")
