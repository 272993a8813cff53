"""man/cineorg.toml.5 has every key of the configuration file with its default, and files that can be copied."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest
from documents import page

from cineorg.commands.group import COMMANDS, build_group
from cineorg.settings.configuration import SETTINGS, Settings
from cineorg.settings.sources import load_settings

PAGE = page("cineorg.toml.5")
SECTIONS = [section for section, _ in PAGE.parts if section not in ("", "NAME", "DESCRIPTION", "EXAMPLES", "SEE ALSO")]
FILES = PAGE.other_blocks()
WITH_VALUE = {name for name, setting in SETTINGS.items() if setting.default is not None}


def load(text: str, folder: Path) -> Settings:
    (folder / "config.toml").write_text(text, "utf-8")
    return load_settings({"config": str(folder / "config.toml")}, {})


def entries() -> dict[str, str]:
    return {tag: text for section in SECTIONS for tag, text in PAGE.entries(section).items()}


def test_the_page_has_every_key_and_no_other() -> None:
    assert sorted(entries()) == sorted(SETTINGS)
    settings = {item.name for item in fields(Settings)} - {"config", "origins"}
    assert settings == set(SETTINGS)


@pytest.mark.parametrize("key", SETTINGS)
def test_a_key_says_its_variable_and_its_default(key: str) -> None:
    words = entries()[key]
    assert set(re.findall(r"CINEORG_[A-Z_]+", words)) == set(filter(None, [SETTINGS[key].environment]))
    assert re.search(r"default", words, re.IGNORECASE) or key == "plugin"


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_a_file_of_the_page_is_right(text: str, tmp_path: Path) -> None:
    load(text, tmp_path)


def test_every_key_stands_in_an_example() -> None:
    used = {key for text in FILES for key in tomllib.loads(text)}
    assert used == set(SETTINGS)


def test_the_last_file_has_all_defaults(tmp_path: Path) -> None:
    text = FILES[-1]
    defaults, settings = load("", tmp_path), load(text, tmp_path)
    assert set(tomllib.loads(text)) == WITH_VALUE
    assert settings == defaults
    # The order of a table counts.
    for key in ("genre_folders", "type_folders"):
        assert list(getattr(settings, key).items()) == list(getattr(defaults, key).items())


def test_defaults_in_words_are_the_defaults() -> None:
    settings, words = Settings(), {key: " ".join(text.split()) for key, text in entries().items()}
    for key in ("film_folders", "series_folders", "ignore"):
        assert f"Default: {', '.join(getattr(settings, key))}." in words[key]
    for key in ("default_genre_folder", "default_type_folder", "season_word", "max_per_dir", "layout"):
        assert f"Default: {getattr(settings, key)}." in words[key]
    assert all(ending in words["extensions"].split("Default: ")[1] for ending in settings.extensions)
    assert f"Default: {settings.max_drop:.0%}." in words["max_drop"]
    assert f"Default: {settings.min_score:.0f}." in words["min_score"]
    types = ", ".join(f"{genre} in {folder}" for genre, folder in settings.type_folders.items())
    assert f"Default: {types}." in words["type_folders"]


@pytest.mark.parametrize("key", [key for key, setting in SETTINGS.items() if setting.flag])
def test_a_key_names_its_option_and_who_has_it(key: str) -> None:
    option, group = f"--{key.replace('_', '-')}", build_group()
    commands = [group.get_command(click.Context(group), name) for name in COMMANDS]
    users = {command.name or "" for command in commands if command and any(option in it.opts for it in command.params)}
    words = " ".join(entries()[key].split())
    assert f"As an option: {option} of " in words
    named = {name for name in users if re.search(rf"(?<![\w-]){name}(?![\w-])", words)}
    assert users
    assert named == users or "of every command" in words
