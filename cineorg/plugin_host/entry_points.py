"""Entry points of installed packages, read from their files.

The standard library's `importlib.metadata` answers the same question, but importing it costs half as much as all of
click (email, zipfile, socket: 17 ms of 29), and every `--help` would pay for it. What it also knows, zipped packages
and custom finders, no plugin needs.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple


class EntryPoint(NamedTuple):
    """One line of a package's `entry_points.txt`: `value` is `module` or `module:attribute`."""

    name: str
    value: str
    package: str
    version: str

    def load(self) -> Any:
        """Import and return the object; raises whatever the import raises."""
        module, _, attributes = self.value.partition("[")[0].strip().partition(":")
        found: Any = importlib.import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            found = getattr(found, attribute)
        return found


def find_entry_points(group: str, search_path: Iterable[str]) -> list[EntryPoint]:
    """Return the entry points of `group`, sorted by name, of the packages in the folders of `search_path`.

    Of a package that is there twice the first counts, as for the import itself.
    """
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in search_path:
        for info in _info_folders(folder or "."):
            text = _read(os.path.join(info, "entry_points.txt"))
            # Most packages have none of ours: only the others are looked at any closer.
            lines = list(_lines_of(group, text)) if f"[{group}]" in text.replace(" ", "") else []
            if not lines:
                continue
            package, version = _identify(info)
            if package.casefold() not in seen:
                seen.add(package.casefold())
                found += [EntryPoint(name, value, package, version) for name, value in lines]
    return sorted(found)


def _info_folders(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:  # not a folder (a zip file), or not there: nothing can be imported from it as plain files
        return []
    return [os.path.join(folder, name) for name in sorted(names) if name.endswith((".dist-info", ".egg-info"))]


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:  # most packages have no entry points
        return ""


def _lines_of(group: str, text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif section == group and line and line[0] not in "#;":
            name, separator, value = line.partition("=")
            if separator:
                yield name.strip(), value.strip()


def _identify(info: str) -> tuple[str, str]:
    """Return the package's name and version as its metadata say."""
    head = (_read(os.path.join(info, "METADATA")) or _read(os.path.join(info, "PKG-INFO"))).partition("\n\n")[0]
    fields = dict(line.split(": ", 1) for line in reversed(head.splitlines()) if ": " in line)
    stem = os.path.basename(info).rpartition(".")[0]
    return fields.get("Name", stem.partition("-")[0]), fields.get("Version", stem.partition("-")[2])
