"""What a report says that it looked at: what was away, or was never read, is not said to be well."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import Library

Coverage = dict[str, tuple[int, int]]
LINKS = "Films/Drame"
CHECK = """
from cineorg.plugin import Coverage, hookimpl

class Check:
    type, label, summary_key, suggestion, columns, needs_catalogue = "extra", "Extra", "extras", "", (), False

    def find(self, context, track):
        {body}

@hookimpl
def register_checks(register):
    register(Check())
"""


def coverage(library: Library, command: str, *arguments: str) -> Coverage:
    rows = library.report(command, *arguments)["coverage"]
    return {kind: (row["checked"], row["of"]) for kind, row in rows.items()}


def storage_goes(library: Library) -> None:
    os.rename(library.storage, f"{library.storage} away")


def half_of_it_goes(library: Library) -> None:
    for number in range(10):
        os.unlink(library.stored(f"Films/Films.{number}.2001.mkv"))


def links_go(library: Library) -> None:
    os.rename(library.video, f"{library.video} away")
    os.mkdir(library.video)


def a_loop_comes(library: Library) -> None:
    library.add(None, {f"{LINKS}/long.mkv": "/" + "x" * 300})


def nothing_happens(library: Library) -> None:
    del library


CASES: list[tuple[Callable[[Library], None], Coverage]] = [
    (nothing_happens, {"ghost_entry": (20, 20), "orphan_file": (20, 20), "broken_symlink": (20, 20)}),
    (storage_goes, {"ghost_entry": (0, 20), "orphan_file": (0, 20), "broken_symlink": (0, 20)}),
    (half_of_it_goes, {"ghost_entry": (10, 20), "orphan_file": (10, 20), "broken_symlink": (10, 20)}),
    (links_go, {"ghost_entry": (20, 20), "orphan_file": (20, 20), "broken_symlink": (0, 20)}),
    (a_loop_comes, {"ghost_entry": (20, 20), "orphan_file": (20, 20), "broken_symlink": (20, 21)}),
]


@pytest.mark.parametrize(("change", "expected"), CASES, ids=[change.__name__ for change, _ in CASES])
def test_what_integrity_could_look_at(change: Callable[[Library], None], expected: Coverage, library: Library) -> None:
    library.films(20).scan()
    change(library)
    known = coverage(library, "integrity")
    assert {kind: known[kind] for kind in expected} == expected


def test_what_cleanup_could_look_at(library: Library) -> None:
    library.films(5).scan("--no-register")
    kinds = ("index", "broken_symlink", "duplicate_symlink")
    known = coverage(library, "cleanup")
    assert {kind: known[kind] for kind in kinds} == dict.fromkeys(kinds, (5, 5))
    assert known["empty_dir"] == known["oversized_dir"] == (2, 2)  # Films and Films/Drame
    assert known["misplaced_symlink"] == (0, 5)  # the catalogue knows none of their films
    library.scan()
    assert coverage(library, "cleanup")["misplaced_symlink"] == (5, 5)
    library.write_config('layout = "none"\n')
    assert coverage(library, "cleanup")["misplaced_symlink"] == (0, 5)
    storage_goes(library)
    assert coverage(library, "cleanup")["broken_symlink"] == (0, 5)


def test_only_what_was_asked_for_is_covered(library: Library) -> None:
    library.films(2).scan()
    assert coverage(library, "integrity", "--only", "broken_symlink") == {"broken_symlink": (2, 2)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return ()", (6, 6)),  # three links and three stored videos: all that it was given
        ("return list(track(range(7)))[:0]", (7, 7)),
        ("yield Coverage(2, 9)", (2, 9)),
        ("yield Coverage(1, 9); yield Coverage(2, 9)", (2, 9)),
        ("raise ValueError", (0, 0)),
        ("for n in track(range(9), 9): 1 / (4 - n)", (3, 9)),
        ("yield Coverage(3, 2)", (0, 0)),
        ("yield Coverage('1', 2)", (0, 0)),
        ("yield Coverage(-1, 2)", (0, 0)),
        ("yield Coverage(1, 2, 'left', 'plugins')", (0, 0)),
    ],
)
def test_what_a_plugin_could_look_at(
    body: str, expected: tuple[int, int], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.films(3)
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "extra.py").write_text(CHECK.replace("{body}", body))
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(tmp_path / "plugins"))
    report = library.report("integrity", "--only", "extra")
    row = report["coverage"]["extra"]
    assert (row["checked"], row["of"]) == expected or row["checked"] < row["of"] == expected[1]
    assert report["complete"] == (expected != (0, 0) and "track(range(9)" not in body)


def test_the_rest_is_named_with_the_command_for_this_very_library(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.films(3)
    (tmp_path / "plugins").mkdir()
    body = 'yield Coverage(1, 4, "things were left", ("plugins", "--json"))'
    (tmp_path / "plugins" / "extra.py").write_text(CHECK.replace("{body}", body))
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(tmp_path / "plugins"))
    result = library.run("integrity", "--only", "extra", "--json")
    command = " ".join(["cineorg plugins", *library.flags(), "--json"])
    assert result.err == f"cineorg: 3 of 4 things were left; run `{command}`\n"
    assert result.json["coverage"] == {"extra": {"checked": 1, "of": 4, "command": command}}
