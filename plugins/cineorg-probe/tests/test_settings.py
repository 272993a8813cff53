"""[plugin.probe]: each key once, a wrong one is an error that says where and what."""

from __future__ import annotations

import pytest
from cineorg_probe.settings import ProbeSettings, load_probe_settings, seconds_of
from probe_helpers import FakeFfprobe, Library

from cineorg.errors import ConfigError
from cineorg.settings.configuration import Settings


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("30s", 30), ("0.5", 0.5), ("5m", 300), ("1.5h", 5400), ("1d", 86400)],
)
def test_a_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0h", "-1", "5 m", "1w", "h", "1e3", "nan", "inf", "٣", "9" * 400])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        seconds_of(text)


def settings_with(**table: object) -> Settings:
    return Settings(config="/etc/cineorg.toml", plugin={"probe": table, "web": {"port": 1}})


def test_settings_of_the_file_stand_above_the_defaults_and_below_options() -> None:
    assert load_probe_settings(Settings(config="/x")) == ProbeSettings()
    table = settings_with(ffprobe="bin/ffprobe", jobs=2, timeout="1m", duration_tolerance="10%")
    assert load_probe_settings(table) == ProbeSettings("/etc/bin/ffprobe", 2, 60, 0.1)
    given = load_probe_settings(table, {"jobs": 9, "timeout": None})
    assert (given.jobs, given.timeout) == (9, 60)
    assert load_probe_settings(settings_with(ffprobe="ffprobe6", timeout=2)) == ProbeSettings("ffprobe6", timeout=2)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("jobs", 0, "a whole number from 1 to"),
        ("jobs", True, "a whole number from 1 to"),
        ("jobs", "4", "a whole number from 1 to"),
        ("timeout", 0, "seconds, or a time such as"),
        ("timeout", True, "seconds, or a time such as"),
        ("timeout", [1], "seconds, or a time such as"),
        ("timeout", "soon", "seconds, or a time such as"),
        ("ffprobe", "", "the name or the path of a program"),
        ("ffprobe", 1, "the name or the path of a program"),
        ("duration_tolerance", "a lot", "a share such as"),
        ("duration_tolerance", -0.1, "a share such as"),
        ("duration_tolerance", float("nan"), "a share such as"),
        ("duration_tolerance", [], "a share such as"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object, expected: str) -> None:
    with pytest.raises(ConfigError, match=f"/etc/cineorg.toml: the key '{key}' in .plugin.probe. must be {expected}"):
        load_probe_settings(settings_with(**{key: value}))


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ConfigError, match=r"unknown key 'job' in .plugin.probe.; known are ffprobe, jobs, timeout,"):
        load_probe_settings(settings_with(job=4))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--file-timeout", "soon"), "Invalid value for '--file-timeout': 'soon' is no time"),
        (("--max-time", "0"), "Invalid value for '--max-time': '0' is no time"),
        (("--jobs", "0"), "Invalid value for '--jobs'"),
    ],
)
def test_a_wrong_option_is_wrong_usage(arguments: tuple[str, ...], words: str, library: Library) -> None:
    result = library.run("probe", *arguments)
    assert (result.code, result.out) == (2, b"")
    assert words in result.err


def test_the_file_s_settings_reach_the_command_and_the_check(library: Library) -> None:
    path = library.add("a.mkv", b"noise")
    fake = FakeFfprobe(library.base / "bin", "exec sleep 60")
    library.config.write_text(f'[plugin.probe]\nffprobe = "{fake.folder}/ffprobe"\ntimeout = 0.5\n')
    (row,) = library.probe().json["issues"]
    assert (row["path"], row["reason"]) == (path, "ffprobe gave no answer within 0.5 s")
    library.config.write_text("[plugin.probe]\nduration_tolerance = 'x'\n")
    assert library.run("probe").code == 2
    assert "duration_tolerance" in library.check().json["errors"][0]["error"]
