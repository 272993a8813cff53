"""The documentation says what the program does: every command, option and setting, and the README's own commands."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from helpers import REPOSITORY

from cineorg import __version__, config, errors
from cineorg.cli import COMMANDS, build_group

README = (REPOSITORY / "README.md").read_text("utf-8")
MANUAL = (REPOSITORY / "man" / "cineorg.1").read_text("utf-8")
PAGES = sorted(path for path in (REPOSITORY / "man").iterdir() if path.suffix in (".1", ".7"))


def command_named(name: str) -> click.Command:
    group = build_group()
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "man" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    assert f"cineorg {name}" in README or f"| `{name}` |" in README
    page = REPOSITORY / "man" / f"cineorg-{name}.1"
    assert ".SH EXIT STATUS" in page.read_text("utf-8")


def test_generated_parts_are_current() -> None:
    stale = [str(path) for path, text in load_generator().generated() if path.read_text("utf-8") != text]
    assert stale == [], "run python man/generate.py"


def test_no_page_is_left_of_a_command_that_is_gone() -> None:
    assert {path.stem for path in PAGES} == {"cineorg", "cineorg-plugins", *(f"cineorg-{name}" for name in COMMANDS)}


def test_every_option_of_a_command_is_on_its_page() -> None:
    for name in COMMANDS:
        page = (REPOSITORY / "man" / f"cineorg-{name}.1").read_text("utf-8").replace("\\-", "-")
        for option in command_named(name).params:
            if isinstance(option, click.Option):
                assert all(re.search(rf"^\.B .*{re.escape(flag)}\b", page, re.MULTILINE) for flag in option.opts)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_is_good_roff(page: Path) -> None:
    if shutil.which("man") is None and shutil.which("groff") is None:
        pytest.skip("neither man nor groff is installed")
    reader = ["groff", "-man", "-ww", "-k", "-Tutf8"] if shutil.which("groff") else ["man", "--warnings", "-l"]
    shown = subprocess.run([*reader, str(page)], capture_output=True, check=True)
    assert shown.stderr == b""
    assert shown.stdout


def test_there_are_exactly_two_set_up_commands_of_one_line_each() -> None:
    commands = set_up_commands()
    assert len(commands) == 2
    assert not any("\n" in command for command in commands)
    assert all(command.startswith("python3 -m venv .venv && ") for command in commands)
    demo, tests = commands
    assert "cineorg demo" in demo
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


@pytest.mark.parametrize("key", config._KEYS)
def test_a_setting_is_in_the_readme_and_in_the_manual(key: str) -> None:
    assert re.search(rf"^{key} = ", README, re.MULTILINE)
    assert re.search(rf"^\.BR? .*\b{key}\b", MANUAL.partition(".SH SETTINGS")[2], re.MULTILINE)
    variable = config._KEYS[key].environment
    assert variable in README
    assert variable in MANUAL


def test_the_readme_has_a_config_file_that_is_right(tmp_path: Path) -> None:
    text = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(text) == 1
    (tmp_path / "config.toml").write_text(text[0], "utf-8")
    settings = config.load_settings({"config": str(tmp_path / "config.toml")}, {})
    assert settings.video == "/srv/video"
    assert settings.plugins == (str(tmp_path / "plugins"),)


@pytest.mark.parametrize("name", sorted(name for name in dir(errors) if name.startswith("EXIT_")))
def test_an_exit_code_is_documented(name: str) -> None:
    code = getattr(errors, name)
    assert re.search(rf"^\| {code} \|", README, re.MULTILINE)
    assert f".B {code}\n" in MANUAL.partition(".SH EXIT STATUS")[2]


def test_the_environment_is_in_the_manual() -> None:
    sources = "".join(path.read_text("utf-8") for path in (REPOSITORY / "cineorg").rglob("*.py"))
    named = set(re.findall(r"\bCINEORG_[A-Z_]+\b", sources))
    assert named
    assert {name for name in named if name not in MANUAL} == set()


def test_the_version_has_a_section_in_the_changes() -> None:
    assert f"\n### {__version__}\n" in README.partition("\n## Changes\n")[2]


def test_shell_examples_use_commands_and_options_that_exist() -> None:
    for block in shell_blocks(README):
        for line in block.replace("\\\n", " ").splitlines():
            for words in re.findall(r"(?:^|[\s|($/])cineorg ([a-z][^|&;)#]*)", line.partition("#")[0]):
                name, *arguments = words.split()
                assert name in COMMANDS, line
                known = {flag for each in command_named(name).params for flag in (*each.opts, *each.secondary_opts)}
                used = {word.partition("=")[0] for word in arguments if re.match(r"--?[a-z0]", word)}
                assert used <= known | {"--help"}, line
