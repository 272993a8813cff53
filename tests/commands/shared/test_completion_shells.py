"""Completion in real shells, installed by the README's commands and asked as a user asks: with TAB."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from helpers import Library
from shells import Shells

START = {
    "bash": "PS1='READY> '\nbind 'set enable-bracketed-paste off'\n",
    "zsh": "PROMPT='READY> '\nunset zle_bracketed_paste\nautoload -U compinit && compinit -u\n",
}
LINES = {
    "a command": ("cineorg hist", "cineorg history "),
    "a plugin's command": ("cineorg zz", "cineorg zz-greet "),
    "an option": ("cineorg integrity --onl", "cineorg integrity --only "),
    "a kind": ("cineorg integrity --only orph", "cineorg integrity --only orphan_file "),
    "a kind behind =": ("cineorg integrity --only=orph", "cineorg integrity --only=orphan_file "),
    "a format": ("cineorg scan --format ya", "cineorg scan --format yaml "),
    "a batch": ("cineorg undo ", "cineorg undo 1 "),
    "a file": ("cineorg explain A", "cineorg explain A\\ Film\\ \\(1921\\).mkv "),
    "a file below a folder": ("cineorg integrity 'Un dossier/l", "cineorg integrity 'Un dossier/l'\\''été.mkv"),
    "a folder": ("cineorg demo Un", "cineorg demo Un\\ dossier/"),
}


@pytest.fixture
def home(tmp_path: Path, library: Library) -> Shells:
    """Return a home with a batch in the library, a file and a folder."""
    library.films(4).scan()
    library.move("Films/Films.0.2001.mkv", "Films/renamed.mkv")
    library.run("repair-links", "--auto")
    home = tmp_path / "home"
    (home / "Un dossier").mkdir(parents=True)
    (home / "A Film (1921).mkv").touch()
    (home / "Un dossier" / "l'été.mkv").touch()
    return Shells(home, library)


@pytest.fixture
def terminal(request: pytest.FixtureRequest, home: Shells) -> Iterator[pexpect.spawn[str]]:
    """Yield an interactive shell of the kind that the test names, the completion installed."""
    shell: str = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (home.home / f".{shell}rc").write_text(START[shell], "utf-8")
    home.install(shell)
    child = pexpect.spawn(
        shell, ["-i"], env=home.environment(), cwd=str(home.home), encoding="utf-8", timeout=20, dimensions=(40, 200)
    )
    child.expect_exact("READY> ")
    yield child
    child.close(force=True)


@pytest.mark.parametrize("terminal", START, indirect=True)
def test_tab_in_an_interactive_shell(terminal: pexpect.spawn[str]) -> None:
    for typed, completed in LINES.values():
        terminal.send(typed + "\t")
        terminal.expect_exact(completed)
        terminal.send("\x15\r")
        terminal.expect_exact("READY> ")


FISH = {
    "cineorg hist": "history\tList what was changed, batch by batch.",
    "cineorg zz": "zz-greet\tSay hello.",
    "cineorg integrity --onl": "--only\tOnly this kind of check (repeatable).",
    "cineorg integrity --only orph": "orphan_file\tOrphan files",
    "cineorg integrity --only=orph": "--only=orphan_file\tOrphan files",
    "cineorg scan --format ya": "yaml\tYAML",
    "cineorg explain A": "A Film (1921).mkv",
    "cineorg demo Un": "Un dossier/\tDirectory",
}


def test_fish(home: Shells) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    home.install("fish")
    lines = [*FISH, "cineorg undo "]
    done = home.run("fish", "-c", "for line in $argv; complete -C $line; end", *lines)
    *offered, batch = done.stdout.splitlines()
    assert (offered, done.stderr) == ([*FISH.values()], "")
    assert re.fullmatch(r"1\trepair-links, \d{4}-\d\d-\d\d \d\d:\d\d", batch)
