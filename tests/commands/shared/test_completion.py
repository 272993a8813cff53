"""What a TAB offers, what it loads, and that it is silent; the shells themselves: test_completion_shells.py."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from helpers import Library, snapshot
from plugin_sources import built_in_checks
from shells import Shells

from cineorg.commands.group import COMMANDS
from cineorg.output import FORMATS

PROBE = """
import json, sys
before = set(sys.modules)
from cineorg.commands.group import main
try:
    main()
except SystemExit:
    pass
json.dump(sorted(set(sys.modules) - before), sys.__stderr__)
"""


@pytest.fixture
def shells(tmp_path: Path, library: Library) -> Shells:
    library.films(4).scan()
    home = tmp_path / "home"
    home.mkdir()
    return Shells(home, library)


@pytest.fixture
def batches(shells: Shells) -> Shells:
    """Return a library in which two batches were done."""
    library = shells.library
    name = os.listdir(library.stored("Films"))[0]
    library.move(f"Films/{name}", "Films/renamed.mkv")
    library.run("repair-links", "--auto")
    library.run("undo", "--yes")
    return shells


# What is offered


def names(offers: list[tuple[str, str]]) -> list[str]:
    return [name for name, _ in offers]


KINDS = [*built_in_checks("integrity"), "zz_odd"]
OFFERS: Mapping[str, list[str]] = {
    "cineorg ": [*COMMANDS, "zz-greet"],
    "cineorg zz": ["zz-greet"],
    "cineorg repair": ["repair-links"],
    "cineorg nothing-of-the-kind": [],
    "cineorg integrity --onl": ["--only"],
    "cineorg integrity --only ": KINDS,
    "cineorg integrity --skip o": ["orphan_file"],
    "cineorg integrity --only orphan_file --only ": [kind for kind in KINDS if kind != "orphan_file"],
    "cineorg integrity --only=g": ["--only=ghost_entry"],
    "cineorg integrity --format ": [*(each.name for each in FORMATS), "yaml"],
    "cineorg integrity --progress ": ["auto", "always", "never", "json"],
    "cineorg integrity ": ["<file>"],
    "cineorg integrity a b": ["<file>"],
    "cineorg scan --storage ": ["<dir>"],
    "cineorg scan --config ": ["<file>"],
    "cineorg scan --from ": ["<file>"],
    "cineorg scan --accept ": ["<dir>"],
    "cineorg demo ": ["<dir>"],
    "cineorg explain ": ["<file>"],
    "cineorg apply ": ["<file>"],
    "cineorg repair-links link --to ": ["<file>"],
    "cineorg history ": [],
    "cineorg zz-greet --h": ["--help"],
}


@pytest.mark.parametrize("line", OFFERS)
def test_what_is_offered(line: str, shells: Shells) -> None:
    offers = names(shells.offered(line))
    assert [offer for offer in offers if not offer.startswith("<")] == [
        name for name in OFFERS[line] if not name.startswith("<")
    ]
    assert ("<file>" in offers, "<dir>" in offers) == ("<file>" in OFFERS[line], "<dir>" in OFFERS[line])


def test_cleanup_has_kinds_of_its_own(shells: Shells) -> None:
    offers = dict(shells.offered("cineorg cleanup --only "))
    assert {"broken_symlink", "misplaced_symlink", "duplicate_symlink", "oversized_dir", "empty_dir"} <= offers.keys()
    assert offers["zz_tidy"] == "Odd things"
    assert offers.keys().isdisjoint({"ghost_entry", "zz_odd"})


def test_commands_are_offered_with_their_words(shells: Shells) -> None:
    offers = dict(shells.offered("cineorg "))
    assert {name: offers[name] for name in COMMANDS} == COMMANDS
    assert offers["zz-greet"] == "Say hello."


@pytest.mark.parametrize("command", ["history", "undo"])
def test_batches_are_offered_last_first_with_command_and_date(command: str, batches: Shells) -> None:
    offers = batches.offered(f"cineorg {command} ")
    assert names(offers) == ["2", "1"]
    assert [re.sub(r"\d", "9", words) for _, words in offers] == [
        "undo, 9999-99-99 99:99",
        "repair-links, 9999-99-99 99:99",
    ]
    assert names(batches.offered(f"cineorg {command} 1")) == ["1"]
    assert batches.offered(f"cineorg {command} 1 ") == []


def test_batches_are_those_of_the_library_that_is_named(batches: Shells, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert batches.offered(f"cineorg history --db {other} ") == []
    shutil.copy(batches.library.db, other)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("DELETE FROM cineorg_batches WHERE id = 2")
        connection.commit()
    assert names(batches.offered(f"cineorg history --db {other} ")) == ["1"]
    assert names(batches.offered(f"cineorg history --db sqlite:///{other} ")) == ["1"]


# It is silent, quick, and writes nothing


def spoil_database(shells: Shells) -> None:
    Path(shells.library.db).write_bytes(b"no database at all" * 100)


def spoil_schema(shells: Shells) -> None:
    with closing(sqlite3.connect(shells.library.db)) as connection:
        connection.execute("DROP TABLE cineorg_batches")


def spoil_config(shells: Shells) -> None:
    shells.config.write_text("no toml at all = = =", "utf-8")


def lose_database(shells: Shells) -> None:
    os.unlink(shells.library.db)


def lose_config(shells: Shells) -> None:
    shells.config.unlink()


@pytest.mark.parametrize("spoil", [spoil_database, spoil_schema, spoil_config, lose_database, lose_config])
@pytest.mark.parametrize("line", ["cineorg history ", "cineorg integrity --only g", "cineorg integrity --format js"])
def test_it_is_silent_on_any_error(spoil: Callable[[Shells], None], line: str, batches: Shells) -> None:
    spoil(batches)
    offers = names(batches.offered(line))
    assert offers == {"g": ["ghost_entry"], "js": ["json", "jsonl"]}.get(line.rpartition(" ")[2], offers)
    assert not (offers and line == "cineorg history ")


def test_a_defect_is_no_traceback(shells: Shells) -> None:
    done = shells.run("cineorg", _CINEORG_COMPLETE="bash_complete", COMP_WORDS="cineorg ", COMP_CWORD="no number")
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("line", ["cineorg history ", "cineorg undo ", "cineorg integrity --only ", "cineorg "])
def test_nothing_is_written(line: str, batches: Shells) -> None:
    for each in (batches.library.base, batches.home):
        for path in list(each.rglob("__pycache__")):
            shutil.rmtree(path)
    before = snapshot(batches.library.base)
    batches.run(
        "cineorg", _CINEORG_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="2", PYTHONDONTWRITEBYTECODE="1"
    )
    assert snapshot(batches.library.base) == before


def test_a_catalogue_that_is_being_written_is_read_as_it_stands(batches: Shells) -> None:
    with closing(sqlite3.connect(batches.library.db, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE cineorg_batches SET command = 'x'")
        assert [words.partition(",")[0] for _, words in batches.offered("cineorg history ")] == ["undo", "repair-links"]


HEAVY = "guessit rebulk rapidfuzz tqdm wcwidth importlib.metadata email zipfile".split()
LOADED = {"cineorg ": [], "cineorg history ": ["history"], "cineorg integrity --only ": ["integrity"]}


@pytest.mark.parametrize("line", LOADED)
def test_it_loads_only_what_it_asks(line: str, batches: Shells) -> None:
    words = line.split(" ")
    done = batches.run(
        sys.executable, "-c", PROBE,
        _CINEORG_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1), CINEORG_CONFIG="/dev/null",
    )  # fmt: skip
    modules = set(json.loads(done.stderr))
    assert modules.isdisjoint(HEAVY)
    assert [name for name in COMMANDS if f"cineorg.commands.{name.replace('-', '_')}" in modules] == LOADED[line]
    assert ("sqlite3" in modules) <= (line != "cineorg ")
