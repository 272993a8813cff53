"""`cineorg restore` on real trees: links that vanished come back, and nothing else is touched."""

from __future__ import annotations

import os
import shutil

import pytest
from helpers import Library, snapshot

EPISODE = "Séries/Séries TV/Dark (2017)/Saison 01/Dark (2017) - S01E01.mkv"


@pytest.fixture
def scanned(library: Library) -> Library:
    library.films(30)
    library.add(
        {"Séries/Dark/S01/Dark.S01E01.mkv": 10},
        {EPISODE: "../../../../../storage/Séries/Dark/S01/Dark.S01E01.mkv"},
    )
    library.scan()
    return library


def links(library: Library) -> dict[str, str]:
    return {
        os.path.join(folder, name): os.readlink(os.path.join(folder, name))
        for folder, _, names in os.walk(library.video)
        for name in names
    }


@pytest.mark.parametrize("rescans", [0, 1])
def test_a_folder_removed_by_a_slip_comes_back_whole(scanned: Library, rescans: int) -> None:
    before, stored = links(scanned), snapshot(scanned.storage)
    shutil.rmtree(scanned.link("Séries/Séries TV"))
    for _ in range(rescans):
        scanned.scan("--accept", scanned.link("Séries"), code=None)
    report = scanned.report("restore", "--yes", code=0)
    assert links(scanned) == before
    assert snapshot(scanned.storage) == stored
    assert [change["op"] for change in report["changes"]] == ["make_dir"] * 3 + ["make_link"]
    assert scanned.report("restore", "--yes", code=0)["changes"] == []


def test_the_dry_run_and_undo_leave_what_is_there(scanned: Library) -> None:
    os.remove(scanned.link("Films/Drame/Films no3 (2001).mkv"))
    now = links(scanned)
    planned = scanned.report("restore", "--dry-run", code=0)["changes"]
    assert [change["path"] for change in planned] == [scanned.link("Films/Drame/Films no3 (2001).mkv")]
    assert links(scanned) == now
    scanned.report("restore", "--yes", code=0)
    scanned.report("undo", "--yes", code=0)
    assert links(scanned) == now


def test_links_that_we_removed_ourselves_stay_away(scanned: Library) -> None:
    path = scanned.link("Films/Drame/Films no3 (2001).mkv")
    line = f'{{"op": "remove_link", "path": "{path}", "old_target": "{os.readlink(path)}"}}\n'
    assert scanned.run("apply", "--yes", "-", stdin=line.encode()).code == 0
    assert scanned.report("restore", "--yes", code=0)["changes"] == []


def test_what_stands_at_its_place_is_never_replaced(scanned: Library) -> None:
    taken, through = scanned.link("Films/Drame/Films no3 (2001).mkv"), scanned.link("Séries/Séries TV")
    os.remove(taken)
    os.mkdir(taken)
    shutil.rmtree(through)
    os.symlink(scanned.link("Films"), through)
    report = scanned.report("restore", "--yes", code=1)
    assert report["changes"] == []
    assert [item["path"] for item in report["unresolved"]] == [
        taken,
        f"{through}/Dark (2017)/Saison 01/Dark (2017) - S01E01.mkv",
    ]


def test_as_of_goes_further_back_than_two_scans(scanned: Library) -> None:
    path = scanned.link("Films/Drame/Films no3 (2001).mkv")
    os.remove(path)
    scanned.scan()
    scanned.scan()
    assert scanned.report("restore", "--dry-run", code=0)["changes"] == []
    scanned.rows("UPDATE cineorg_links SET missing_since = '2030-01-01' WHERE missing_since IS NOT NULL")
    report = scanned.report("restore", "--as-of", "2029-12-31T12:00", "--yes", code=0)
    assert [change["path"] for change in report["changes"]] == [path]
    assert os.path.lexists(path)


def test_an_inventory_brings_links_with_its_paths_mapped(scanned: Library, tmp_path) -> None:
    inventory = tmp_path / "inventory.jsonl"
    inventory.write_bytes(scanned.run("scan", "--jsonl").out.replace(scanned.storage.encode(), b"/elsewhere"))
    shutil.rmtree(scanned.link("Films/Drame"))
    report = scanned.report(
        "restore", "--from", str(inventory), "--map", f"/elsewhere={scanned.storage}", "--yes", code=0
    )
    assert len(report["changes"]) == 31
    assert os.path.exists(scanned.link("Films/Drame/Films no3 (2001).mkv"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as-of", "yesterday-ish"], "is not a time"),
        (["--map", "/a=/b"], "--map goes with --from"),
        (["--as-of", "2026-01-01", "--from", "-"], "exclude each other"),
    ],
)
def test_wrong_usage_is_one_line(scanned: Library, arguments: list[str], words: str) -> None:
    result = scanned.run("restore", "--yes", *arguments)
    assert result.code == 2
    assert words in result.err
    assert result.err.count("\n") == 1
