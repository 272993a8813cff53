"""Starting is cheap: what `--version`, `--help` and each command's `--help` must not import.

The times themselves are measured by `tests/benchmarks/startup.py`; a list of modules does not depend on the machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import REPOSITORY

from cineorg.commands.group import COMMANDS

PROBE = """
import json, sys
before = set(sys.modules)
from cineorg.commands.group import main
code = main(sys.argv[1:])
json.dump([code, sorted(set(sys.modules) - before)], sys.stderr)
"""
PLUGIN = """
import click
from cineorg.plugin import hookimpl

@hookimpl
def register_commands(register):
    register(click.Command("greet", help="Say hello."))
"""
WORKERS = "guessit rebulk rapidfuzz tabulate tqdm wcwidth".split()
SLOW = [*WORKERS, *"sqlite3 importlib.metadata email zipfile socket concurrent.futures".split()]
OWN = [
    f"cineorg.{name}"
    for name in "apply catalogue checks commands.shared.options names output repair tidy trees".split()
]
BUILDS_ON = {"explain": {"repair-links"}, "link-movies": {"repair-links"}}  # they answer as the other would
ABSENT = {
    "--version": [*SLOW, *OWN, "pluggy", "tomllib", "cineorg.settings.configuration", "cineorg.plugin_host.registry"],
    "--help": [*SLOW, *OWN, "tomllib"],
}


def loaded_modules(*arguments: str, folder: Path, plugins: str = "") -> set[str]:
    """Run the command line in a fresh interpreter; return what it imported."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CINEORG_")}
    environment |= {"XDG_CONFIG_HOME": str(folder / "no-config"), "PYTHONPATH": str(REPOSITORY)}
    environment["CINEORG_LOAD_PLUGINS"] = ""  # what else is installed is no part of what is tested
    if plugins:
        environment["CINEORG_PLUGINS_DIR"] = plugins
    result = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], env=environment, cwd=folder, capture_output=True, check=True
    )
    code, modules = json.loads(result.stderr)
    assert code == 0
    assert result.stdout
    return set(modules)


@pytest.mark.parametrize("option", ABSENT)
def test_what_is_asked_most_imports_least(option: str, tmp_path: Path) -> None:
    assert loaded_modules(option, folder=tmp_path).isdisjoint(ABSENT[option])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_imports_no_worker(name: str, tmp_path: Path) -> None:
    modules = loaded_modules(name, "--help", folder=tmp_path)
    assert modules.isdisjoint([*WORKERS, "importlib.metadata"])
    loaded = {other for other in COMMANDS if f"cineorg.commands.{other.replace('-', '_')}" in modules}
    assert loaded == {name} | BUILDS_ON.get(name, set())


def test_help_with_a_plugin_loads_the_plugin_and_still_no_worker(tmp_path: Path) -> None:
    (tmp_path / "greeting.py").write_text(PLUGIN, "utf-8")
    modules = loaded_modules("--help", folder=tmp_path, plugins=str(tmp_path))
    assert "cineorg_plugin_greeting" in modules
    assert modules.isdisjoint([*SLOW, *OWN])


def test_ctrl_c_while_modules_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text(f"import os\nos.kill(os.getpid(), {int(signal.SIGINT)})\n", "utf-8")
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}
    done = subprocess.run(
        [sys.executable, "-m", "cineorg", "--version"], env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
