"""Files, links and rows of the demo library: made, counted and remembered here."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..settings.configuration import Settings

_FIRST_SIZE_BYTES, _SIZE_STEP_BYTES = 1 << 20, 1009  # no two files are equally large, and all of them are sparse
_FIRST_MTIME_S = 1_577_880_000  # 2020-01-01


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was planted: its kind (as checks name it, where one does), its path, and what happened."""

    kind: str
    path: str
    details: str


@dataclass(slots=True)
class Demo:
    """The library that was made. `normal` has paths that no check may report, each with the reason."""

    settings: Settings
    faults: list[Fault] = field(default_factory=list)
    normal: list[Fault] = field(default_factory=list)
    links: int = 0
    files: int = 0


class FilmRow(NamedTuple):
    """A row of `movies` as the application would have written it."""

    title: str
    original_title: str | None
    year: int
    genre: str
    file_path: str | None


class Builder:
    """Makes files and links and remembers them: `stored` and `links` by title, `targets` by link."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.storage, self.video = demo.settings.storage[0], demo.settings.video
        self.stored: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.rows: list[FilmRow] = []
        self.files = 0

    def store(self, *parts: str, title: str = "") -> str:
        """Make a sparse file below storage; return its path."""
        path = os.path.join(self.storage, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.truncate(_FIRST_SIZE_BYTES + self.files * _SIZE_STEP_BYTES)
        self.files += 1
        self.touch(path, self.files)
        if title:
            self.stored[title] = path
        return path

    def touch(self, path: str, minutes: int) -> None:
        """Give a file the mtime that many minutes after the first of 2020."""
        moment = _FIRST_MTIME_S + 60 * minutes
        os.utime(path, (moment, moment))

    def link(self, target: str, *parts: str, title: str = "", relative: bool = False) -> str:
        """Make a link below the video root, or make one that is there anew; return its path."""
        path = os.path.join(self.video, *parts)
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        if path in self.targets:
            os.unlink(path)
        os.symlink(os.path.relpath(target, folder) if relative else target, path)
        self.targets[path] = target
        if title:
            self.links[title] = path
        return path

    def fault(self, kind: str, path: str, details: str) -> None:
        """Remember what was planted."""
        self.demo.faults.append(Fault(kind, path, details))

    def normal(self, path: str, details: str) -> None:
        """Remember what is right although it may look wrong."""
        self.demo.normal.append(Fault("normal", path, details))

    def shown(self, path: str) -> str:
        """Return a path without the folder of the demo."""
        return os.path.relpath(path, os.path.dirname(self.video))


def dotted(text: str) -> str:
    """Return a title as releases write it."""
    return re.sub(r"[^\w'-]+", ".", text).strip(".")
