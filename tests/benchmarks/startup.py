"""How long a command takes to start, against `python -c "import click"`. Run by hand; prints medians and ratios.

    python tests/benchmarks/startup.py [--runs 40] [--plugins]

The commands take turns, so that a busy moment of the machine hits them all alike. Goals: `--version` at most 1.3 times
the import of click, `--help` at most twice. With `--plugins` one plugin file is found that adds a check and a command;
packages that are installed and have entry points are found in any case, as they are for users.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLUGIN = """
import click
from cineorg.plugin import hookimpl

@hookimpl
def register_commands(register):
    register(click.Command("greet", help="Say hello."))
"""
GOALS = {"--version": 1.3, "--help": 2.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--plugins", action="store_true", help="with a plugin file that adds a command")
    chosen = parser.parse_args()
    python = [sys.executable]
    commands = {
        "nothing": [*python, "-c", "pass"],
        "import click": [*python, "-c", "import click"],
        **{
            words: [*python, "-m", "cineorg", *words.split()]
            for words in ("--version", "--help", "scan --help", "integrity --help")
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_CONFIG_HOME=folder)
        environment.pop("CINEORG_PLUGINS_DIR", None)
        if chosen.plugins:
            Path(folder, "greeting.py").write_text(PLUGIN, "utf-8")
            environment["CINEORG_PLUGINS_DIR"] = folder
        interleaved(commands, environment, 2)  # the first runs write .pyc files
        times = interleaved(commands, environment, chosen.runs)
    base = statistics.median(times["import click"])
    for name, values in times.items():
        median = statistics.median(values)
        goal = f"  goal {GOALS[name]}" if name in GOALS else ""
        print(f"{name:20} {median * 1000:7.1f} ms  {median / base:5.2f} × import click{goal}")
    return int(any(statistics.median(times[name]) > goal * base for name, goal in GOALS.items()))


def interleaved(commands: dict[str, list[str]], environment: dict[str, str], runs: int) -> dict[str, list[float]]:
    """Return the seconds of each run of each command, in turns."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name] += measured(command, environment, 1)
    return times


def measured(command: list[str], environment: dict[str, str], runs: int) -> list[float]:
    """Return the seconds of each run."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - begin)
    return times


if __name__ == "__main__":
    sys.exit(main())
