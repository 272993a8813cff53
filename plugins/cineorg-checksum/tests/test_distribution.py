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
from checksum_helpers import DISTRIBUTION, Library, as_if_installed, environment, need
from cineorg_checksum import __version__, model
from cineorg_checksum.check import damaged_file
from cineorg_checksum.command import command
from cineorg_checksum.settings import ChecksumSettings

PAGE = DISTRIBUTION / "man" / "cineorg-checksum.1"
TEXT = re.sub(r"\\f[BIPR]", "", PAGE.read_text("utf-8").replace("\\-", "-"))
SHARED = {"--storage", "--video", "--db", "--config", "--timeout", "--format", "--json", "--jsonl", "--tsv", "--print0",
          "--no-headers", "--limit", "--progress", "--quiet", "--verbose"}  # fmt: skip
EXPECTED = {
    f"check damaged_file checksum {__version__} package cineorg-checksum",
    f"command checksum checksum {__version__} package cineorg-checksum",
}


def section(title: str) -> str:
    return TEXT.split(f".SH {title}\n")[1].split("\n.SH ")[0]


def listed(env: dict[str, str]) -> tuple[set[str], str]:
    """Return what `cineorg plugins` lists of this package, and stderr."""
    line = [sys.executable, "-m", "cineorg", "plugins", "--tsv", "--no-headers"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=True, cwd="/")
    rows = [row.split("\t") for row in done.stdout.splitlines()]
    return {" ".join(row[:5]) for row in rows if row[4] == "package cineorg-checksum"}, done.stderr


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
    assert (target / "cineorg_checksum" / "py.typed").exists()
    assert (target / "share" / "man" / "man1" / PAGE.name).read_bytes() == PAGE.read_bytes()
    assert listed(environment(PYTHONPATH=str(target))) == (EXPECTED, "")


def test_help_loads_nothing_of_what_only_a_run_needs() -> None:
    code = (
        "import sys; from cineorg_checksum import plugin; plugin.register_checks([].append);"
        " plugin.register_commands([].append);"
        " print({'sqlite3', 'blake3', 'cineorg.trees.census', 'concurrent.futures'} & set(sys.modules))"
    )
    env = environment(PYTHONPATH=str(DISTRIBUTION))
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_help_has_the_examples(library: Library) -> None:
    assert b"cineorg checksum --max-time 2h" in library.run("checksum", "--help", code=0).out


def test_the_page_has_every_option_and_no_other() -> None:
    own = {opt for option in command.params if isinstance(option, click.Option) for opt in option.opts}
    own = {opt for opt in own if opt.startswith("--")} - SHARED
    assert set(re.findall(r"^\.BI? (--[a-z-]+)", section("OPTIONS"), re.MULTILINE)) == own


def test_the_page_has_every_fault_column_count_setting_and_exit_code(library: Library) -> None:
    faults = re.findall(r"^\.TP\n\.B ([a-z_]+)$", section("WHAT IS REPORTED"), re.MULTILINE)
    assert set(faults) == {model.ROT, model.TRUNCATED}
    for name in (*damaged_file.columns, "digest", "recorded_digest"):
        assert re.search(rf"^\.BR? {name}\b", section("WHAT IS REPORTED"), re.MULTILINE), name
    names = [field.name for field in dataclasses.fields(ChecksumSettings)]
    assert re.findall(r"^\.TP\n\.B ([a-z_]+)$", section("SETTINGS"), re.MULTILINE) == names
    assert re.findall(r"^([a-z_]+) = ", section("SETTINGS"), re.MULTILINE) == names
    status = section("EXIT STATUS")
    assert re.findall(r"^\.B ([0-9]+)$", status, re.MULTILINE) == ["0", "1", "2", "3", "4", "130"]
    library.add("a.mkv")
    counts = set(library.checksum().json["summary"]) - {"total", "damaged_files", "bytes_read"}
    assert {name for name in counts if not re.search(rf"^\.BR? {name}\b", status, re.MULTILINE)} == set()


def test_the_defaults_on_the_page_are_those_of_the_program() -> None:
    default = ChecksumSettings()
    assert f'jobs = {default.jobs}\nagain = "{default.again}"' in section("SETTINGS")
    helps = {option.name: option.help or "" for option in command.params if isinstance(option, click.Option)}
    assert f"[default: {default.again}]" in helps["again"]
    assert f"[default: {default.jobs}]" in helps["jobs"]


@pytest.mark.parametrize("reader", [("mandoc", "-Tlint", "-Wwarning"), ("groff", "-man", "-ww", "-k", "-Tutf8")])
def test_the_page_is_good_roff(reader: tuple[str, ...]) -> None:
    need(reader[0])
    shown = subprocess.run([*reader, str(PAGE)], capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "WARNING" not in shown.stdout
