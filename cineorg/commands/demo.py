"""`cineorg demo`: makes the demo library and says what to try on it."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import click

from ..demo import Demo, build_demo
from ..errors import EXIT_OK
from ..paths import readable
from .shared import own_name
from .shared.completion import complete_folders
from .shared.help_examples import Command
from .shared.options import Request, request_options

_OVERRIDING = ("CINEORG_STORAGE_DIR", "CINEORG_VIDEO_DIR", "CINEORG_DATABASE_URL")
_TITLES = {
    "beside_subdivision": "Links beside subdivision folders",
    "broken_symlink": "Broken links",
    "duplicate_symlink": "duplicate links",
    "empty_dir": "Empty folders",
    "film_without_file": "Films whose rows name no file",
    "ghost_entry": "Rows whose file is gone",
    "link_to_link": "Links to links",
    "misplaced_symlink": "Links in the wrong folder",
    "normal": "normal things that may look wrong",
    "orphan_file": "Files that no row names",
    "orphan_subtitle": "Subtitles without a video",
    "oversized_dir": "folders with too many entries",
    "wrong_target": "Links to the wrong file",
}


@click.command(
    "demo",
    cls=Command,
    short_help="Make a small library with every kind of fault.",
    examples=(
        ("cineorg demo demo-library", "Make the library in a new folder and print what to try on it."),
        ("cineorg integrity --config demo-library/cineorg.toml", "See what is wrong with it."),
    ),
)
@click.argument("directory", metavar="DIR", shell_complete=complete_folders)
@request_options()
def command(request: Request, directory: str) -> int:
    """Make a small library with every kind of fault.

    DIR must be empty or not exist. It gets sparse files, links, a catalogue that remembers the library as it was
    before the damage, and a cineorg.toml for --config. What was planted is listed, and what to try on it.
    """
    demo = build_demo(directory)
    commands = commands_to_try(directory, demo, os.environ)
    if request.output.name not in ("table", "json", "jsonl"):
        for line in commands:  # the other formats have no room for them
            request.warn(f"try: {line}")
    report = replace(request, settings=demo.settings).report(
        "demo",
        ("faults",),
        ("type", "path", "details"),
        titles=_TITLES,
    )
    planted = [*demo.faults, *demo.normal]
    for fault in planted:
        report.row("faults", {"type": fault.kind, "path": fault.path, "details": fault.details})
    counts = {"links": demo.links, "files": demo.files, "total": len(demo.faults)}
    report.finish(
        complete=True,
        summary=counts | dict(sorted(Counter(fault.kind for fault in planted).items())),
        faults=[],
        suggestions=commands,
    )
    return EXIT_OK


def commands_to_try(directory: str, demo: Demo, environment: Mapping[str, str]) -> list[str]:
    """Return shell lines that work when pasted where `demo` was called."""
    where = directory if not directory.startswith("-") else os.path.join(".", directory)
    config = f"--config {_quoted(os.path.join(where, 'cineorg.toml'))}"
    storage = os.path.join(where, "storage")
    away = f"mv {_quoted(storage)} {_quoted(storage + '.away')}"
    back = f"mv {_quoted(storage + '.away')} {_quoted(storage)}"
    deleted = next(fault.path for fault in demo.faults if "film of 1920" in fault.details)
    program = own_name.program()
    # The environment is stronger than a config file: a user's own library must never be taken for the demo.
    overriding = [f"-u {name}" for name in _OVERRIDING if environment.get(name)]
    if overriding:
        program = f"env {' '.join(overriding)} {program}"
    return [
        f"{program} integrity {config}",
        f"{program} scan {config}",
        f"{program} repair-links {config} --rewrite "
        f"{_quoted(os.path.join(_base(demo), 'ancien-disque'))}={_quoted(demo.settings.storage[0])} --yes",
        f"{program} repair-links {config} --auto --dry-run",
        f"{program} repair-links {config} --auto",
        f"{program} explain {config} {_quoted(os.path.join(where, os.path.relpath(deleted, _base(demo))))}",
        f"{program} fix-bad-links {config} --yes",
        f"{program} fix-symlinks {config} --flatten --yes",
        f"{program} link-movies {config} --yes",
        f"{program} cleanup {config}",
        f"{program} cleanup {config} --fix --dry-run",
        f"{program} cleanup {config} --fix",
        f"{program} history {config}",
        f"{program} undo {config} --yes",
        f"{away}; {program} integrity {config}; {back}",
    ]


def _base(demo: Demo) -> str:
    return os.path.dirname(demo.settings.video)


def _quoted(path: str) -> str:
    return shlex.quote(readable(path))
