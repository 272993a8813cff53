"""`cineorg status`: what the library is at a glance, and with --settings how it is set up."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from helpers import Library, Result, run_command

from cineorg.settings.configuration import SETTINGS

UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def status(library: Library, *arguments: str) -> dict[str, Any]:
    return library.run("status", "--json", *arguments).json


def only(rows: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    (found,) = [row for row in rows if fields.items() <= row.items()]
    return found


@pytest.fixture
def whole(library: Library) -> Library:
    """Return a scanned library of eight films, a series of one episode and a file that no link shows."""
    library.films(8).add({"Séries/Kaamelott.S04E02.mkv": 3000, "Films/Alone.1999.mkv": 5000})
    library.add(None, {"Séries/Kaamelott (2005)/Saison 4/Kaamelott - S04E02.mkv": "@/Séries/Kaamelott.S04E02.mkv"})
    library.scan()
    return library


def test_what_a_whole_library_holds(whole: Library) -> None:
    document = status(whole)
    (counts,) = document["counts"]
    sizes = whole.rows("SELECT sum(size_bytes) FROM cineorg_files")
    expected = {"films": 8, "series": 1, "episodes": 1, "files": 10, "links": 9, "size": sizes[0][0]}
    assert {name: counts[name] for name in expected} == expected
    assert counts["complete"] is True
    assert UTC_TIME.fullmatch(counts["scanned_at"])
    places = [(row["path"], row["kind"], row["state"], row["files"]) for row in document["places"]]
    assert places == [(whole.storage, "storage", "online", 10), (whole.video, "video", "online", 9)]
    for row in document["places"]:
        assert row["free"] > 0
        assert UTC_TIME.fullmatch(row["scanned_at"])
    assert (document["reports"], document["findings"], document["batches"]) == ([], [], [])
    assert not {"settings", "left_out", "plugins"} & set(document)


def test_the_last_report_and_batches(whole: Library) -> None:
    whole.move("Films/Films.0.2001.mkv", "Films/moved.mkv")
    whole.run("integrity")
    alone = only(status(whole)["findings"], kind="orphan_file")
    assert (alone["command"], alone["findings"]) == ("integrity", 2)
    assert alone["size"] == 5000 + os.path.getsize(whole.stored("Films/moved.mkv"))
    assert only(status(whole)["findings"], kind="broken_symlink")["size"] is None
    whole.run("repair-links", "--auto")
    whole.run("integrity")
    whole.run("acknowledge", whole.stored("Films/Alone.1999.mkv"))
    whole.run("cleanup")
    document = status(whole)
    assert [row["kind"] for row in document["findings"] if row["command"] == "integrity"] == ["orphan_file"]
    assert [row["command"] for row in document["reports"]] == ["integrity", "cleanup"]
    assert document["summary"]["acknowledged"] == document["counts"][0]["acknowledged"] == 1
    (batch,) = document["batches"]
    history = whole.report("history")["batches"]
    assert [batch] == history


def test_only_the_last_batches_are_shown(whole: Library) -> None:
    for number in range(7):
        whole.move("Films/Films.0.2001.mkv" if not number else f"Films/m{number}.mkv", f"Films/m{number + 1}.mkv")
        whole.scan()
        assert whole.run("repair-links", "--auto").code == 0
    assert [row["id"] for row in status(whole)["batches"]] == [3, 4, 5, 6, 7]


def empty(path: str) -> None:
    os.rename(path, path + ".away")
    os.mkdir(path)


AWAY: dict[str, tuple[Callable[[str], None], str]] = {
    "it is gone": (lambda path: os.rename(path, path + ".away"), "no such file"),
    "it is empty": (empty, "is empty"),
    "one of its folders is gone": (lambda path: os.rename(f"{path}/Films", path + ".away"), "Films no such folder"),
    "it is a file": (lambda path: (os.rename(path, path + ".away"), open(path, "w").close())[1], "not a directory"),
}


@pytest.mark.parametrize("case", AWAY)
def test_a_storage_root_is_offline(case: str, whole: Library) -> None:
    damage, words = AWAY[case]
    damage(whole.storage)
    result = whole.run("status", "--json")
    storage, video = result.json["places"]
    assert result.code == 3
    assert storage["state"] != "online"
    assert words in storage["reason"]
    assert (video["state"], video["reason"]) == ("online", "")
    assert storage["files"] == 10
    assert (result.json["complete"], result.json["summary"]["away"]) == (False, 1)


def test_a_volume_outside_the_roots_is_offline(library: Library) -> None:
    outside = library.base / "outside"
    outside.mkdir()
    (outside / "Else.2003.mkv").write_bytes(b"x")
    library.films(2).add(None, {"Films/Drame/Else (2003).mkv": str(outside / "Else.2003.mkv")}).scan()
    volumes = [row for row in status(library)["places"] if row["kind"] == "volume"]
    assert [(row["state"], row["files"]) for row in volumes] == [("online", 1)]
    outside.rename(library.base / "away")
    volumes = [row for row in status(library)["places"] if row["kind"] == "volume"]
    assert [(row["state"], row["files"], row["free"]) for row in volumes] == [("offline", 1, None)]


@pytest.mark.parametrize("arguments", [(), ("--settings",)])
def test_without_a_catalogue_it_says_so(arguments: tuple[str, ...], library: Library) -> None:
    library.films(2)
    result = library.run("status", "--json", *arguments)
    assert result.code == 0
    assert f"there is no catalogue at {library.db}" in result.err
    assert result.json["counts"][0]["scanned_at"] is None
    assert [row["state"] for row in result.json["places"]] == ["online", "online"]
    assert not os.path.exists(library.db)


def test_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    for name in [name for name in os.environ if name.startswith("CINEORG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(library.base / "none"))
    result = run_command(["status", "--json", "--db", library.db])
    assert (result.code, result.json["places"]) == (0, [])


def test_every_setting_with_its_origin(whole: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    config = whole.base / "own.toml"
    config.write_text('jobs = 3\nextensions = ["mkv", "avi"]\ntype_folders = { Anime = "Mangas" }\n')
    monkeypatch.setenv("CINEORG_TIMEOUT", "7")
    settings = status(whole, "--settings", "--config", str(config))["settings"]
    assert [row["name"] for row in settings] == list(SETTINGS)
    for name, value, origin, source in (
        ("jobs", 3, "file", str(config)),
        ("extensions", ["avi", "mkv"], "file", str(config)),
        ("type_folders", {"Anime": "Mangas"}, "file", str(config)),
        ("timeout", 7, "environment", "CINEORG_TIMEOUT"),
        ("video", whole.video, "flag", "--video"),
        ("storage", [whole.storage], "flag", "--storage"),
        ("layout", "genres", "default", ""),
    ):
        row = only(settings, name=name)
        assert (row["value"], row["origin"], row["source"]) == (value, origin, source)


def test_folders_that_are_passed_over(whole: Library) -> None:
    whole.add({"Photos/2001/a.mkv": 10, "Photos/b.jpg": 10, "@eaDir/c.mkv": 10, "@eaDir/d/e.mkv": 10})
    whole.add(None, {"Concerts/f.mkv": "/nowhere/f.mkv"})
    left_out = status(whole, "--settings")["left_out"]
    found = [(row["path"], row["reason"], row["files"]) for row in left_out]
    assert found == [
        (whole.stored("@eaDir"), "ignored", 2),
        (whole.stored("Photos"), "out of scope", 1),
        (whole.link("Concerts"), "out of scope", 1),
    ]


def test_plugins_that_were_found_and_those_that_fail(whole: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = whole.base / "plugins"
    folder.mkdir()
    (folder / "good.py").write_text(
        'import click\nfrom cineorg.plugin import hookimpl\n__version__ = "2.1"\n'
        '@hookimpl\ndef register_commands(register):\n    register(click.Command("greet", help="Say hello."))\n'
    )
    (folder / "torn.py").write_text("1 / 0")
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(folder))
    plugins = status(whole, "--settings")["plugins"]
    good, torn = only(plugins, name="good"), only(plugins, name="torn")
    assert (good["type"], good["version"], good["details"]) == ("plugin", "2.1", "")
    assert torn["type"] == "problem"
    assert "ZeroDivisionError" in torn["details"]


def test_a_table_says_how_old_a_scan_is(whole: Library) -> None:
    with closing(sqlite3.connect(whole.db)) as connection, connection:
        connection.execute("UPDATE cineorg_places SET scanned_at = datetime('now', '-3 hours', '-5 minutes')")
        connection.execute("UPDATE cineorg_scans SET finished_at = datetime('now', '-50 hours')")
    out = whole.run("status", "--format", "table").out.decode()
    assert "(3 h ago)" in out
    assert "(2 d ago)" in out
    assert "Times are local" in out


@pytest.mark.parametrize("name", "table json jsonl tsv csv markdown html".split())
def test_every_format_has_every_part(name: str, whole: Library) -> None:
    whole.run("integrity")
    result: Result = whole.run("status", "--settings", "--format", name, "-v")
    assert result.code == 0
    text = result.out.decode()
    for word in ("online", "integrity", "orphan", "season_word", "Saison"):
        assert word in text, word


def test_a_list_of_a_setting_is_one_line_of_a_table(whole: Library) -> None:
    out = whole.run("status", "--settings", "--format", "table").out.decode()
    assert "Séries, Series, TV, TV Shows" in out
