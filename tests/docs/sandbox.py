"""A terminal in which the examples of a document are typed, one after another, in the folder of a fresh demo library.

Documents call its trees /mnt/nas and /srv/video, or the whole /srv/media; here they lie elsewhere, so each command is
typed with the real paths, and what it prints is read with the documents' own. `STAND_INS` are programs that are not
what they seem, with the reason.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect
from documents import Example
from helpers import REPOSITORY

from cineorg.demo import build_demo

COLUMNS = 73  # a terminal of 80, less the margin of a man page
STAND_INS = {
    "ssh": "there is no other machine: the command runs on this one",
    "pip": "a test installs nothing: the package is made findable where it lies",
}
_MARK = "\x1e"
_PROMPT = r"\[[yY]/[nN]\]:? |\[Y/n/look\] |\[y/N/look\] |\? help(?: \[1\])? > "
_CINEORG = """#!{python}
import json, os, subprocess, sys
words = sys.argv[1:]
code = subprocess.run([sys.executable, "-m", "cineorg", *words]).returncode
with open({log!r}, "a") as log:
    log.write(json.dumps([words, code]) + "\\n")
sys.exit(code)
"""
_SSH = '#!/bin/sh\nshift\nexec sh -c "$*"\n'
_PIP = """#!{python}
import configparser, os, sys
for folder in sys.argv[2:]:
    setup = configparser.ConfigParser()
    setup.read(os.path.join({repository!r}, folder, "setup.cfg"))
    name = setup["metadata"]["name"]
    info = os.path.join({site!r}, name.replace("-", "_") + "-0.dist-info")
    os.makedirs(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write(f"Metadata-Version: 2.1\\nName: {{name}}\\nVersion: 0\\n")
    with open(os.path.join(info, "entry_points.txt"), "w") as file:
        file.write("[cineorg]\\n" + setup["options.entry_points"]["cineorg"])
    package = name.replace("-", "_")
    os.symlink(os.path.join({repository!r}, folder, package), os.path.join({site!r}, package))
"""


@dataclass
class Typed:
    """What came of one example: what the terminal showed, its exit code, and (words, exit code) of each `cineorg`."""

    lines: list[str]
    code: int
    runs: list[tuple[list[str], int]]


class Sandbox:
    """A home, a demo library, and the commands that examples use."""

    def __init__(self, base: Path) -> None:
        self.base, self.work = base, base / "demo"
        demo = self.work
        for folder in ("bin", "home/.config/cineorg", "site", "remote"):
            (base / folder).mkdir(parents=True)
        build_demo(str(demo))
        os.symlink(demo / "storage", base / "remote" / "media")
        os.symlink(demo / "video", base / "remote" / "video")
        self._names = [
            ("/mnt/nas", str(demo / "storage")),
            ("/srv/video", str(demo / "video")),
            ("/srv/cineorg.db", str(demo / "cineorg.db")),
            ("/mnt/old", str(demo / "ancien-disque")),
            ("/mnt/new", str(demo / "storage")),
            ("/srv/media", str(demo)),
            ("/volume1", str(base / "remote")),
            ("/home/ann", str(base / "home")),
        ]
        config = base / "home/.config/cineorg/config.toml"
        config.write_text(self._here('storage = ["/mnt/nas"]\nvideo = "/srv/video"\ndb = "/srv/cineorg.db"\n'))
        self._log = base / "log"
        self._log.touch()
        values = {"python": sys.executable, "log": str(self._log),
                  "repository": str(REPOSITORY), "site": str(base / "site")}  # fmt: skip
        for name, script in (("cineorg", _CINEORG), ("ssh", _SSH), ("pip", _PIP)):
            (base / "bin" / name).write_text(script.format(**values) if "{" in script else script, "utf-8")
            (base / "bin" / name).chmod(0o755)
        for name in ("man", "plugins", "tests"):
            os.symlink(REPOSITORY / name, self.work / name)

    def type(self, examples: Sequence[Example]) -> list[Typed]:
        """Type all the examples into one shell and return what came of each."""
        script = self.base / "script"
        script.write_text("".join(map(self._typed, examples)), "utf-8")
        answers = [each for example in examples for each in self._answers(example)]
        child = pexpect.spawn(
            "bash", ["--norc", str(script)], cwd=str(self.work), env=self._environment(examples),
            dimensions=(24, COLUMNS), encoding="utf-8", codec_errors="surrogateescape", echo=False, timeout=120,
        )  # fmt: skip
        shown = ""
        while child.expect([_PROMPT, pexpect.EOF]) == 0:
            answer = answers.pop(0) if answers else "q" if child.after.endswith("> ") else "y"
            child.sendline(answer)
            shown += child.before + child.after + answer + "\n"
        shown += child.before
        child.close()
        parts = re.findall(rf"(.*?)\n?{_MARK}(\d+) (\d+)\n", shown.replace("\r\n", "\n"), re.DOTALL)
        assert len(parts) == len(examples), shown
        runs = [json.loads(line) for line in self._log.read_text().splitlines()]
        typed, first = [], 0
        for text, code, last in parts:
            lines = [line.rstrip() for line in self._there(text).splitlines()]
            while lines and not lines[-1]:
                lines.pop()
            typed.append(Typed(lines, int(code), [(words, code) for words, code in runs[first : int(last)]]))
            first = int(last)
        return typed

    def _typed(self, example: Example) -> str:
        command = self._here(example.command)
        if command.startswith("#!"):
            path = self.base / f"script-{example.line}"
            path.write_text(command + "\n", "utf-8")
            path.chmod(0o755)
            command = str(path)
        mark = f"printf '\\n{_MARK}%d %d\\n' $? $(wc -l <{shlex.quote(str(self._log))})"
        return f"{command}\n{mark}\n"

    def _answers(self, example: Example) -> list[str]:
        return re.findall(rf"(?:{_PROMPT})(.*)$", "\n".join(example.output or []), re.MULTILINE)

    def _environment(self, examples: Sequence[Example]) -> dict[str, str]:
        installed = re.findall(r"pip install \S*cineorg-(\w+)", "\n".join(each.command for each in examples))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        return kept | {
            "PATH": f"{self.base / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": f"{REPOSITORY}:{self.base / 'site'}",
            "HOME": str(self.base / "home"),
            "NO_COLOR": "1",
            "TQDM_DISABLE": "1",  # bars come and go
            "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
            "CINEORG_LOAD_PLUGINS": ",".join(installed),  # what else is installed is no part of what is tested
        }

    def _here(self, text: str) -> str:
        for name, real in self._names:
            text = re.sub(re.escape(name) + r"(?![\w-])", lambda _, real=real: real, text)  # type: ignore[misc]
        return text

    def _there(self, text: str) -> str:
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)  # jq has colours of its own
        for name, real in self._names:
            text = text.replace(real, name)
        return text


def normal(line: str) -> str:
    """Return a line without what differs from run to run: times and versions."""
    line = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00)?", "TIME", line)
    return re.sub(r"\b\d+\.\d+\.\d+\b", "VERSION", line).rstrip()


def is_as_shown(lines: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether lines are those of a document, where a line of three dots stands for any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(normal(line)) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(normal(line) + "\n" for line in lines)) is not None
