"""The distribution: found as a plugin, installed whole, and its page says what the program says."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cineorg_probe import __version__, model
from cineorg_probe.command import command
from cineorg_probe.settings import ProbeSettings
from probe_helpers import DISTRIBUTION, Library, as_if_installed, environment, need

PAGE = DISTRIBUTION / "man" / "cineorg-probe.1"
TEXT = re.sub(r"\\f[BIPR]", "", PAGE.read_text("utf-8").replace("\\-", "-"))
SHARED = {"--storage", "--video", "--db", "--config", "--timeout", "--format", "--json", "--jsonl", "--tsv", "--print0",
          "--no-headers", "--limit", "--progress", "--quiet", "--verbose"}  # fmt: skip


def listed(env: dict[str, str]) -> tuple[set[str], str]:
    """Return what `cineorg plugins` lists of this package, and stderr."""
    line = [sys.executable, "-m", "cineorg", "plugins", "--tsv", "--no-headers"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=True, cwd="/")
    rows = [row.split("\t") for row in done.stdout.splitlines()]
    return {" ".join(row[:5]) for row in rows if row[4] == "package cineorg-probe"}, done.stderr


EXPECTED = {
    f"check unreadable_video probe {__version__} package cineorg-probe",
    f"command probe probe {__version__} package cineorg-probe",
}


def test_the_entry_point_makes_the_package_a_plugin(tmp_path: Path) -> None:
    assert listed(environment(PYTHONPATH=as_if_installed(tmp_path / "site"))) == (EXPECTED, "")


@pytest.mark.slow
def test_the_distribution_installs(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="70.1")  # the first that builds wheels by itself
    pytest.importorskip("pip")
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(DISTRIBUTION, source, ignore=shutil.ignore_patterns("tests", "build", "*.egg-info", "__pycache__"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, capture_output=True)
    assert (target / "cineorg_probe" / "py.typed").exists()
    assert (target / "share" / "man" / "man1" / PAGE.name).read_bytes() == PAGE.read_bytes()
    assert listed(environment(PYTHONPATH=str(target))) == (EXPECTED, "")


def test_help_loads_nothing_of_what_only_a_run_needs() -> None:
    code = (
        "import sys; from cineorg_probe import plugin; plugin.register_checks(list().append);"
        " plugin.register_commands(list().append);"
        " print([name for name in ('sqlite3', 'subprocess', 'json', 'cineorg.trees.census') if name in sys.modules])"
    )
    env = environment(PYTHONPATH=str(DISTRIBUTION))
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert "sqlite3" not in done.stdout
    assert "cineorg.trees.census" not in done.stdout


def test_help_has_the_examples(library: Library) -> None:
    done = subprocess.run(library.command("probe", "--help"), env=library.env, capture_output=True, check=True)
    assert b"cineorg probe --jobs 2 --max-time 1h" in done.stdout


def test_the_page_has_every_option_and_no_other() -> None:
    own = {opt for option in command.params if isinstance(option, click.Option) for opt in option.opts}
    own = {opt for opt in own if opt.startswith("--")} - SHARED
    section = TEXT.split(".SH OPTIONS\n")[1].split("\n.SH ")[0]
    assert set(re.findall(r"^\.BI? (--[a-z-]+)", section, re.MULTILINE)) == own


def test_the_page_has_every_fault_setting_and_exit_code() -> None:
    faults = {model.EMPTY, model.NOT_A_FILE, model.NOT_A_VIDEO, model.NO_VIDEO_STREAM, model.TRUNCATED, model.DURATION}
    reported = TEXT.split(".SH WHAT IS REPORTED\n")[1].split("\n.SS ")[0]
    assert set(re.findall(r"^\.TP\n\.B ([a-z_]+)$", reported, re.MULTILINE)) == faults
    settings = TEXT.split(".SH SETTINGS\n")[1].split("\n.SH ")[0]
    names = {field.name for field in dataclasses.fields(ProbeSettings)}
    assert set(re.findall(r"^\.TP\n\.B ([a-z_]+)$", settings, re.MULTILINE)) == names
    assert set(re.findall(r"^([a-z_]+) = ", settings, re.MULTILINE)) == names
    status = TEXT.split(".SH EXIT STATUS\n")[1]
    assert re.findall(r"^\.B ([0-9]+)$", status, re.MULTILINE) == ["0", "1", "2", "3", "130"]


@pytest.mark.parametrize("reader", [("mandoc", "-Tlint", "-Wwarning"), ("groff", "-man", "-ww", "-k", "-Tutf8")])
def test_the_page_is_good_roff(reader: tuple[str, ...]) -> None:
    need(reader[0])
    shown = subprocess.run([*reader, str(PAGE)], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "WARNING" not in shown.stdout
