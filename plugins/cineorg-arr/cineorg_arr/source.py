"""Which links are unresolved: from a report of `cineorg repair-links`, or from its dry run as a child process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import cineorg.plugin
from cineorg.plugin import (
    EXIT_FINDINGS,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_REFUSED,
    Candidate,
    InputError,
    Settings,
    Unresolved,
    decode_b64,
    to_bytes,
)

from .settings import NAMES, variables

_COMMAND = "repair-links"


@dataclass(frozen=True, slots=True)
class Source:
    """The unresolved links, sorted by path; `is_complete`: the whole library could be looked at."""

    links: tuple[Unresolved, ...]
    is_complete: bool


def run_planner(settings: Settings, options: Iterable[str]) -> Source:
    """Return what the dry run of `repair-links --auto` leaves unresolved; what it says on stderr is shown.

    `options` are added to its command line. Raises InputError if it makes no report, KeyboardInterrupt if it was
    interrupted.
    """
    command = [*_python(), "-m", "cineorg", _COMMAND, "--auto", "--dry-run", "--json", *options]
    for root in settings.storage:
        command += ["--storage", root]
    for name, value in (("--video", settings.video), ("--db", settings.db)):
        command += [name, value] if value else []
    if os.path.exists(settings.config):
        command += ["--config", settings.config]
    done = subprocess.run(command, env=_without_keys(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if done.returncode in (EXIT_INTERRUPTED, -signal.SIGINT):
        raise KeyboardInterrupt
    if done.returncode not in (EXIT_OK, EXIT_FINDINGS, EXIT_INCOMPLETE, EXIT_REFUSED) or not done.stdout:
        raise InputError(f"`cineorg {_COMMAND}` made no report (exit code {done.returncode}); nothing was asked")
    source = read_report(done.stdout, f"the report of {_COMMAND}")
    # What it refuses rests on a disk that is away, or on more changes than anybody would expect.
    return Source(source.links, source.is_complete and done.returncode != EXIT_REFUSED)


def _python() -> list[str]:
    """Return how to call Python so that a file named `cineorg` in the present folder is not taken for ours."""
    ours = os.path.dirname(os.path.dirname(os.path.realpath(cineorg.plugin.__file__)))
    return [sys.executable] if ours == os.path.realpath(os.curdir) else [sys.executable, "-P"]


def _without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    keys = {variables(service)[1] for service in NAMES}
    return {name: value for name, value in environment.items() if name not in keys}


def read_report(content: bytes, where: str) -> Source:
    """Return the unresolved links of a report, JSON or JSON lines; raises InputError if it is none or was cut."""
    try:
        text = content.decode()
        documents = [json.loads(text)] if _is_one(text) else _lines_of(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not the JSON of `cineorg {_COMMAND} --json`: {error}") from None
    if len(documents) == 1 and isinstance(documents[0], dict) and "unresolved" in documents[0]:
        frame, rows = documents[0], documents[0]["unresolved"]
    else:
        frame = documents[-1] if documents and isinstance(documents[-1], dict) else {}
        if frame.get("type") != "summary":
            raise InputError(f"{where} is no report of `cineorg {_COMMAND}`, or was cut: its last line is missing")
        rows = [row for row in documents if isinstance(row, dict) and row.get("type") == "unresolved"]
    if frame.get("command") != _COMMAND:
        raise InputError(f"{where} is not a report of `cineorg {_COMMAND}` but of {frame.get('command')!r}")
    try:
        links = {item.path: item for item in map(_unresolved, rows)}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise InputError(f"{where} has an unresolved link that cannot be read: {error}") from None
    return Source(tuple(links[path] for path in sorted(links)), frame.get("complete") is True)


def _lines_of(text: str) -> list[Any]:
    # A name may hold what str.splitlines() takes for the end of a line.
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _is_one(text: str) -> bool:
    """Whether this is one document and not lines of them: those have a whole object in the first line."""
    first = text.lstrip().partition("\n")[0].strip()
    return not (first.startswith("{") and first.endswith("}")) or "\n" not in text.strip()


def _unresolved(row: Mapping[str, Any]) -> Unresolved:
    path = _text(row, "path")
    if not path.startswith("/"):
        raise ValueError(f"{path!r} is no absolute path")
    candidates = tuple(
        Candidate(_text(item, "path"), float(item["score"]), _words(item, "evidence"))
        for item in row.get("candidates") or ()
    )
    return Unresolved(path, _text(row, "target"), _words(row, "reason"), candidates)


def _text(row: Mapping[str, Any], name: str) -> str:
    encoded = row.get(f"{name}_b64")
    value = decode_b64(encoded) if encoded else row[name]
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(f"its {name} is no path")
    to_bytes(value)  # JSON can spell half of a character, which no path can be
    return value


def _words(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name, "")).encode("utf-8", "replace").decode()
