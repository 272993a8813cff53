"""Settings: flag > environment > file > default, and a file that is wrong in anything is refused by name."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from helpers import Library, run_command

from cineorg.errors import ConfigError
from cineorg.settings.configuration import SETTINGS, Settings
from cineorg.settings.sources import database_path, default_config_path, load_settings, plugin_directories
from cineorg.settings.values import MAX_JOBS


def settings_of(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "given.toml"
    file.write_text(text, "utf-8")
    return load_settings({"config": str(file)}, os.environ)


def test_defaults(away_from_home: Path) -> None:
    settings = load_settings({}, os.environ)
    assert settings.storage == ()
    assert settings.video == ""
    assert settings.db == str(away_from_home / "data/cineorg/cineorg.db")
    assert settings.config == str(away_from_home / "config/cineorg/config.toml")
    assert settings.scoped_folders() == ("Films", "Movies", "Séries", "Series", "TV", "TV Shows")
    assert settings.max_drop == 0.25


KEYS: dict[str, tuple[str, str, str, str]] = {
    # setting, environment variable, value, the value in TOML
    "video": ("CINEORG_VIDEO_DIR", "/env", 'video = "/file"', "/file"),
    "db": ("CINEORG_DATABASE_URL", "/env", 'db = "/file"', "/file"),
}


@pytest.mark.parametrize("name", KEYS)
def test_flag_beats_environment_beats_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variable, value, line, in_file = KEYS[name]
    assert getattr(settings_of(tmp_path, line), name) == in_file
    monkeypatch.setenv(variable, value)
    assert getattr(settings_of(tmp_path, line), name) == value
    flags = {"config": str(tmp_path / "given.toml"), name: "/flag"}
    assert getattr(load_settings(flags, os.environ), name) == "/flag"
    monkeypatch.setenv(variable, "")
    assert getattr(settings_of(tmp_path, line), name) == in_file


def test_several_storage_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(tmp_path, 'storage = ["/a", "b"]').storage == ("/a", str(tmp_path / "b"))
    assert settings_of(tmp_path, 'storage = "/a"').storage == ("/a",)
    monkeypatch.setenv("CINEORG_STORAGE_DIR", "/c::/d:")
    assert settings_of(tmp_path, 'storage = ["/a"]').storage == ("/c", "/d")
    monkeypatch.setenv("CINEORG_STORAGE_DIR", ":")
    assert settings_of(tmp_path, 'storage = ["/a"]').storage == ("/a",)
    assert load_settings({"storage": ("/e", "/f/../f/", "/e")}, os.environ).storage == ("/e", "/f")


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, away_from_home: Path) -> None:
    """In the file they begin beside it, elsewhere in the working directory."""
    settings = settings_of(tmp_path, 'video = "v"\ndb = "sub/c.db"\nstorage = ["~/films"]\nplugins = ["p"]')
    assert settings.video == str(tmp_path / "v")
    assert settings.db == str(tmp_path / "sub/c.db")
    assert settings.storage == (str(away_from_home / "films"),)
    assert settings.plugins == (str(tmp_path / "p"),)
    monkeypatch.chdir(away_from_home)
    monkeypatch.setenv("CINEORG_VIDEO_DIR", "v")
    monkeypatch.setenv("CINEORG_CONFIG", str(tmp_path / "given.toml"))
    assert load_settings({}, os.environ).video == str(away_from_home / "v")


def test_what_plugins_are_told_is_theirs_to_judge(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "[plugin.arr]\nurl = 'x'\n[plugin.web]\nport = 1")
    assert settings.plugin == {"arr": {"url": "x"}, "web": {"port": 1}}


WRONG = {
    # TOML, words that the error must have
    "unknown key": ('vidoe = "/a"', ["vidoe", "did you mean 'video'"]),
    "unknown key, nothing near": ("colour = true", ["colour", "known are"]),
    "a table": ("[cineorg]\nvideo = 'a'", ["cineorg"]),
    "text for list": ("storage = 3", ["storage", "list of texts", "3"]),
    "empty list": ("storage = []", ["storage", "list of texts"]),
    "list of numbers": ("scope = [1]", ["scope", "list of texts"]),
    "list for text": ("video = ['a']", ["video", "a text"]),
    "empty text": ("video = ''", ["video", "a text"]),
    "no path": ('video = "a\\u0000b"', ["video", "a text"]),
    "no path in a list": ('storage = ["a\\u0000b"]', ["storage", "list of texts"]),
    "bool for number": ("jobs = true", ["jobs", "whole number"]),
    "too many jobs": (f"jobs = {MAX_JOBS + 1}", ["jobs", str(MAX_JOBS)]),
    "negative": ("jobs = -1", ["jobs", "whole number"]),
    "time that is no number": ("timeout = nan", ["timeout", "seconds"]),
    "time as a word": ("timeout = 'soon'", ["timeout", "seconds"]),
    "share over one": ("max_drop = 25", ["max_drop", "0.25"]),
    "share that is none": ("max_drop = 'x%'", ["max_drop", "25%"]),
    "no share": ("max_drop = nan", ["max_drop", "0.25"]),
    "score over 100": ("min_score = 101", ["min_score", "0 to 100"]),
    "limit": ("max_changes = 'many'", ["max_changes", "500"]),
    "scope outside": ("scope = ['../Films']", ["scope", "below the roots"]),
    "scope absolute": ("scope = ['/Films']", ["scope", "below the roots"]),
    "plugin settings outside a table": ("plugin.web = 3", ["plugin", "tables"]),
    "layout that is none": ("layout = 'flat'", ["layout", "genres"]),
    "folders that are no table": ("genre_folders = 'Drame'", ["genre_folders", "table"]),
    "folders that are none": ("type_folders = {Anime = 'a/b'}", ["type_folders", "table"]),
    "no folders": ("genre_folders = {}", ["genre_folders", "table"]),
    "folder that is a path": ("default_genre_folder = '..'", ["default_genre_folder", "name of a folder"]),
    "season word that is a path": ("season_word = 'a/b'", ["season_word", "name of a folder"]),
    "folder that is a number": ("default_type_folder = 3", ["default_type_folder", "a text"]),
    "negative size": ("max_per_dir = -1", ["max_per_dir", "no limit"]),
    "not TOML": ("jobs = 1\nvideo", ["not TOML"]),
    "nested without end": (f"jobs = {'[' * 100_000}", ["too deep"]),
    "not UTF-8": (b"video = '\xff'", ["not TOML"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_an_error_that_names_file_key_and_expectation(case: str, library: Library) -> None:
    text, words = WRONG[case]
    library.write_config("")
    path = Path(default_config_path())
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = library.run("integrity", "--json")
    assert result.code == 2
    assert result.out == b""
    for word in [str(path), *words]:
        assert word in result.err, result.err
    assert result.err.count("\n") == 1
    assert not os.path.exists(library.db)


RIGHT: dict[str, tuple[str, str, Any]] = {
    "scope": ("scope = ['Films/', './Kids//Films']", "scope", ("Films", "Kids/Films")),
    "share as text": ("max_drop = '10%'", "max_drop", 0.1),
    "share as whole number": ("max_drop = 1", "max_drop", 1.0),
    "extensions": ("extensions = ['.MKV', 'mp4']", "extensions", frozenset({"mkv", "mp4"})),
    "ignore nothing": ("ignore = []", "ignore", ()),
    "jobs": ("jobs = 4", "jobs", 4),
    "seconds": ("timeout = 2.5", "timeout", 2.5),
    "no limit of time": ("timeout = 0", "timeout", 0.0),
    "no limit of a folder": ("max_per_dir = 0", "max_per_dir", 0),
    "folders in order": ("genre_folders = {b = 'B', a = 'A'}", "genre_folders", {"b": "B", "a": "A"}),
    "limit": ("max_changes = 500", "max_changes", "500"),
    "limit as share": ("max_changes = '2.5%'", "max_changes", "2.5%"),
    "url": ("db = 'sqlite:////srv/c.db'", "db", "/srv/c.db"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_a_file_may_say(case: str, tmp_path: Path) -> None:
    text, name, value = RIGHT[case]
    assert getattr(settings_of(tmp_path, text), name) == value


@pytest.mark.parametrize("name", SETTINGS)
def test_the_example_of_a_setting_reaches_it(name: str, tmp_path: Path) -> None:
    setting = SETTINGS[name]
    settings = settings_of(tmp_path, f"{name} = {setting.example}")
    value = setting.read(tomllib.loads(f"it = {setting.example}")["it"])
    if setting.is_path:
        value = tuple(str(tmp_path / each) for each in value) if setting.is_list else str(tmp_path / value)
    assert getattr(settings, name) == value
    assert settings.origins == dict.fromkeys(SETTINGS, "default") | {name: "file"}


def test_a_setting_says_where_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEORG_VIDEO_DIR", "/v")
    (tmp_path / "c.toml").write_text("video = '/a'\ndb = '/b'\njobs = 2", "utf-8")
    origins = load_settings({"config": str(tmp_path / "c.toml"), "db": "/c", "min_score": None}, os.environ).origins
    given = {name: origin for name, origin in origins.items() if origin != "default"}
    assert given == {"video": "environment", "db": "flag", "jobs": "file"}


TYPED = {
    "jobs": ("8", 8, "257", "a whole number from 0 to 256"),
    "min_score": ("92.5", 92.5, "101", "a number from 0 to 100"),
    "max_per_dir": ("0", 0, "-1", "no limit"),
    "max_changes": ("7", "7", "many", "a number such as 500"),
}


@pytest.mark.parametrize("name", TYPED)
def test_an_option_is_read_as_the_file_is(name: str) -> None:
    right, value, wrong, expected = TYPED[name]
    assert SETTINGS[name].from_text(right) == value
    with pytest.raises(TypeError, match=expected):
        SETTINGS[name].from_text(wrong)
    command = {"jobs": "scan"}.get(name, "cleanup")
    result = run_command([command, f"--{name.replace('_', '-')}", wrong])
    assert (result.code, result.out) == (2, b"")
    assert f"{wrong!r} is not " in result.err
    assert expected in result.err


URLS = {
    "sqlite:///rel.db": "rel.db",
    "sqlite:////abs/c.db": "/abs/c.db",
    "sqlite+pysqlite:////c.db?timeout=3": "/c.db",
    "plain.db": "plain.db",
    "/with?odd#name%20.db": "/with?odd#name%20.db",
}


@pytest.mark.parametrize("url", URLS)
def test_database_urls(url: str) -> None:
    assert database_path(url) == URLS[url]


@pytest.mark.parametrize("url", ["postgresql://host/db", "sqlite://", "sqlite:///", "mysql:///a"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite:///PATH"):
        database_path(url)


@pytest.mark.parametrize("flag", ["--storage", "--video", "--db", "--config"])
def test_an_empty_flag_is_refused(flag: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--storage "$UNSET"` must not take the working directory, nor any other place, for what was meant."""
    monkeypatch.chdir(library.base)
    result = run_command(["scan", *library.flags(), flag, ""])
    assert result.code == 2
    assert flag in result.err


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_a_config_file_that_was_asked_for_must_be_there(
    how: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(library.base / "none.toml")
    if how == "environment":
        monkeypatch.setenv("CINEORG_CONFIG", missing)
    result = library.run("integrity", *(["--config", missing] if how == "flag" else []))
    assert (result.code, missing in result.err) == (2, True)


def test_a_config_file_that_is_a_folder(library: Library) -> None:
    result = library.run("integrity", "--config", library.video)
    assert result.code == 2
    assert "Is a directory" in result.err


def test_a_key_that_missed_its_plugins_table_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        settings_of(tmp_path, "[plugin]\nradarr_key = 'abcdef0123456789'")
    assert "e.g. [plugin.web]" in str(error.value)
    assert "abcdef" not in str(error.value)


def test_plugin_folders_of_a_wrong_file_are_none(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("plugins = 3")
    assert plugin_directories({**os.environ, "CINEORG_CONFIG": str(tmp_path / "c.toml")}) == ()
    (tmp_path / "c.toml").write_text("plugins = ['p']")
    assert plugin_directories({**os.environ, "CINEORG_CONFIG": str(tmp_path / "c.toml")}) == (str(tmp_path / "p"),)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="is a named pipe"):
        load_settings({"config": str(tmp_path / "pipe")}, {})
    assert load_settings({"config": os.devnull}, {}).jobs == 0
