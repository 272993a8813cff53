"""A home in which shells complete `cineorg`: a library, a plugin, the program on the PATH."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from helpers import REPOSITORY, Library

SECTION = (REPOSITORY / "README.md").read_text("utf-8").partition("### Shell completion\n")[2].partition("\n### ")[0]
PLUGIN = """
import click
from cineorg.plugin import hookimpl

print("a plugin that talks")

class Check:
    type, label, summary_key, suggestion = "zz_odd", "Odd things", "odd_things", ""
    columns, needs_catalogue = (), False

    def find(self, context, track):
        return ()

class Tidy(Check):
    type, summary_key, command = "zz_tidy", "tidy_things", "cleanup"

class Yaml:
    name, help = "yaml", "YAML"

    def open(self, out, layout):
        raise NotImplementedError

@hookimpl
def register_checks(register):
    register(Check())
    register(Tidy())

@hookimpl
def register_formats(register):
    register(Yaml())

@hookimpl
def register_commands(register):
    register(click.Command("zz-greet", help="Say hello."))
"""


class Shells:
    """A home with a library, a plugin, and `cineorg` on the PATH."""

    def __init__(self, folder: Path, library: Library) -> None:
        self.home, self.library = folder, library
        program = folder / "bin" / "cineorg"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cineorg "$@"\n', "utf-8")
        program.chmod(0o755)
        (folder / "plugins").mkdir()
        (folder / "plugins" / "odd.py").write_text(PLUGIN, "utf-8")
        (folder / "plugins" / "broken.py").write_text("import nothing_that_exists\n", "utf-8")
        self.config = folder / "cineorg.toml"
        self.config.write_text(
            f'storage = ["{library.storage}"]\nvideo = "{library.video}"\ndb = "{library.db}"\n'
            f'plugins = ["{folder}/plugins"]\n',
            "utf-8",
        )

    def environment(self, **more: str) -> dict[str, str]:
        """Return what a shell is started with."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        path = f"{self.home}/bin:{os.environ['PATH']}"
        own |= {
            "HOME": str(self.home),
            "PATH": path,
            "PYTHONPATH": str(REPOSITORY),
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
            "CINEORG_LOAD_PLUGINS": "",  # what else is installed is no part of what is tested
        }
        return own | {"CINEORG_CONFIG": str(self.config)} | more

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the home."""
        return subprocess.run(
            words, env=self.environment(**more), cwd=self.home, capture_output=True, text=True, check=False
        )

    def install(self, shell: str) -> None:
        """Run the README's command for a shell."""
        found = re.search(rf"^```{shell}\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
        assert found is not None
        assert found[1].count("\n") == 1
        done = self.run(shell, "-c", found[1])
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def offered(self, line: str) -> list[tuple[str, str]]:
        """Return what is offered at the end of a line: value and help; `<file>` and `<dir>` where the shell does it."""
        *_, word = line.split(" ")
        done = self.run("cineorg", _CINEORG_COMPLETE="fish_complete", COMP_WORDS=line, COMP_CWORD=word)
        assert (done.returncode, done.stderr) == (0, "")
        offers = []
        for each in filter(None, done.stdout.splitlines()):
            kind, _, value = each.partition(",")
            text, _, words = value.partition("\t")
            offers.append((text, words) if kind == "plain" else (f"<{kind}>", ""))
        return offers
