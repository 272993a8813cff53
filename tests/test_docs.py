"""README.md says what the program does: every command, option and setting. Its examples are run by tests/docs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from helpers import REPOSITORY

from cineorg import __version__, errors
from cineorg.commands.group import COMMANDS, build_group
from cineorg.settings.configuration import SETTINGS
from cineorg.settings.sources import load_settings

README = (REPOSITORY / "README.md").read_text("utf-8")


def command_named(name: str) -> click.Command:
    group = build_group()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def shell_blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def set_up_commands() -> list[str]:
    section = README.partition("## Two commands to begin with\n")[2].partition("\n## ")[0]
    return [block.strip() for block in shell_blocks(section)]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    command = command_named(name)
    assert command.name == name
    assert command.short_help == COMMANDS[name]
    assert len(command.help or "") > len(COMMANDS[name])
    undocumented = [each.name for each in command.params if isinstance(each, click.Option) and not each.help]
    assert undocumented == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_readme_and_has_a_page(name: str) -> None:
    assert f"| [`{name}`](man/cineorg-{name}.1) |" in README
    assert (REPOSITORY / "man" / f"cineorg-{name}.1").is_file()


def test_there_are_exactly_two_set_up_commands_of_one_line_each() -> None:
    commands = set_up_commands()
    assert len(commands) == 2
    assert not any("\n" in command for command in commands)
    assert all(command.startswith("python3 -m venv .venv && ") for command in commands)
    demo, tests = commands
    assert " . .venv/bin/activate && cineorg demo " in demo  # so that `cineorg` can be typed afterwards
    assert "cineorg integrity" in demo
    assert "-m pytest" in tests
    assert sum("-m venv" in block for block in shell_blocks(README)) == 2


def test_ci_takes_the_test_command_from_the_readme() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    found = re.search(r"<<'PYTHON'\n(.*?)^PYTHON$", script, re.MULTILINE | re.DOTALL)
    assert found is not None
    done = subprocess.run(
        [sys.executable, "-"], input=found[1], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == set_up_commands()[1]
    assert set_up_commands()[1] not in script


def test_the_readme_has_a_config_file_with_every_key(tmp_path: Path) -> None:
    text = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(text) == 1
    (tmp_path / "config.toml").write_text(text[0], "utf-8")
    settings = load_settings({"config": str(tmp_path / "config.toml")}, {})
    assert settings.video == "/srv/video"
    assert settings.plugins == (str(tmp_path / "plugins"),)
    assert sorted(tomllib.loads(text[0])) == sorted(SETTINGS)
    for key, line in re.findall(r"^(\w+) = (.*)$", text[0], re.MULTILINE):
        assert set(re.findall(r"CINEORG_[A-Z_]+", line)) == set(filter(None, [SETTINGS[key].environment]))


def test_the_readme_has_the_exit_codes() -> None:
    table = README.partition("\n### Exit codes\n")[2].partition("\n### ")[0]
    codes = {str(getattr(errors, name)) for name in dir(errors) if name.startswith("EXIT_")}
    assert set(re.findall(r"^\| (\d+) \|", table, re.MULTILINE)) == codes


def test_the_readme_has_every_plugin_and_what_it_brings() -> None:
    table = README.partition("\n## Plugins\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| \[`([\w-]+)`\]\(plugins/\1\) \| (.*) \|$", table, re.MULTILINE))
    assert sorted(rows) == sorted(path.name for path in (REPOSITORY / "plugins").iterdir() if path.is_dir())
    for name, words in rows.items():
        sources = "".join(path.read_text("utf-8") for path in (REPOSITORY / "plugins" / name).rglob("*.py"))
        brought = re.findall(r"`(?:cineorg )?([a-z]+[_-]?[a-z]*)`", words)
        assert all(f'"{each}"' in sources for each in brought if each != "ffprobe"), words
        own = "".join(path.read_text("utf-8") for path in (REPOSITORY / "plugins" / name).glob("cineorg_*/*.py"))
        assert ("def register_commands" in own) == ("`cineorg " in words), words
        assert ("def register_checks" in own or "@check(" in own) == ("check `" in words), words


def test_what_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("https://") or (REPOSITORY / target).exists(), target


def test_commands_that_the_readme_names_exist() -> None:
    plugins = "".join(path.read_text("utf-8") for path in (REPOSITORY / "plugins").rglob("cineorg_*/*.py"))
    text = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    for words in re.findall(r"`cineorg ([^`]+)`", text):
        name, *arguments = words.split()
        if name in COMMANDS:
            known = {flag for each in command_named(name).params for flag in (*each.opts, *each.secondary_opts)}
            assert {word for word in arguments if word.startswith("-")} <= known, words
        elif name != "help":
            assert f'"{name}"' in plugins, words


def test_the_version_has_a_section_in_the_changes() -> None:
    assert f"\n### {__version__}\n" in README.partition("\n## Changes\n")[2]
