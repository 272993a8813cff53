"""`cineorg fix-bad-links` on a real library: the run, the second run, and back again."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

from helpers import Library, mounted, snapshot

SEASON = "Séries/Séries TV/Kaamelott (2005)/Saison 04"
STORED = "Séries/Kaamelott/Saison 04"


def name(number: int) -> str:
    return f"{SEASON}/Kaamelott (2005) - S04E{number:02}.mkv"


def stored(number: int) -> str:
    return f"{STORED}/Kaamelott.S04E{number:03}.mkv"


def make(library: Library) -> None:
    """Episodes 1, 2, 10, 21 and 22; then the links of 1, 2 and 10 are tied to the file of 21, and so are their rows."""
    numbers = (1, 2, 10, 21, 22)
    library.add(
        {stored(number): 100 + number for number in numbers},
        {name(number): "@/" + stored(number) for number in numbers},
    ).scan()
    os.unlink(library.stored(stored(10)))
    for number in (1, 2, 10):
        os.unlink(library.link(name(number)))
        target = library.stored(stored(21))
        os.symlink(os.path.relpath(target, library.link(SEASON)) if number == 2 else target, library.link(name(number)))
    library.rows("UPDATE episodes SET file_path = ? WHERE episode_number IN (1, 2)", library.stored(stored(21)))
    library.scan()


def targets(library: Library) -> dict[str, str]:
    folder = library.link(SEASON)
    return {each: os.readlink(f"{folder}/{each}") for each in sorted(os.listdir(folder))}


def rows(library: Library) -> list[tuple[Any, ...]]:
    return library.rows("SELECT episode_number, file_path FROM episodes ORDER BY id")


def test_fix_apply_again_and_undo(library: Library) -> None:
    make(library)
    before, before_rows, storage = targets(library), rows(library), snapshot(library.storage)
    planned = library.report("fix-bad-links", "-n", code=1)
    assert targets(library) == before
    done = library.report("fix-bad-links", "-y", code=1)
    assert [row | {"status": ""} for row in planned["changes"]] == [row | {"status": ""} for row in done["changes"]]
    assert [row["op"] for row in done["changes"]] == ["relink", "relink", "set_file_path", "set_file_path"]
    assert {row["status"] for row in done["changes"]} == {"done"}
    assert [row["path"] for row in done["unresolved"]] == [library.link(name(10))]
    after = targets(library)
    assert after[os.path.basename(name(1))] == library.stored(stored(1))
    assert after[os.path.basename(name(2))] == os.path.relpath(library.stored(stored(2)), library.link(SEASON))
    assert after[os.path.basename(name(10))] == before[os.path.basename(name(10))]
    assert dict(rows(library))[1] == library.stored(stored(1))
    assert dict(rows(library))[2] == library.stored(stored(2))
    assert dict(rows(library))[21] == library.stored(stored(21))

    again = library.report("fix-bad-links", "-y", code=1)
    assert again["changes"] == []
    assert len(again["unresolved"]) == 1
    assert library.run("fix-bad-links", "-y", "--exit-zero").code == 0
    library.report("undo", "-y", code=0)
    assert (targets(library), rows(library), snapshot(library.storage)) == (before, before_rows, storage)


def test_the_plan_goes_through_apply(library: Library) -> None:
    make(library)
    plan = library.run("fix-bad-links", "-n", "--jsonl").out
    library.run("apply", "-y", "-", stdin=plan)
    assert targets(library)[os.path.basename(name(1))] == library.stored(stored(1))
    assert [line for line in plan.splitlines() if json.loads(line).get("op") == "relink"]


def test_nothing_to_do_is_exit_zero(library: Library) -> None:
    library.add({stored(1): 10}, {name(1): "@/" + stored(1)}).scan()
    assert library.report("fix-bad-links", "-n", code=0)["summary"]["total"] == 0


def test_links_gone_astray_in_number_are_no_witnesses(library: Library) -> None:
    make(library)
    for number in (21, 22, 10):
        os.unlink(library.link(name(number)))
    assert library.report("fix-bad-links", "-y", code=3)["changes"] == []
    library.scan("--accept", library.video)
    assert library.report("fix-bad-links", "-n", code=0)["changes"]


def test_a_file_that_moved_out_of_the_series_folder_is_known_by_identity(library: Library) -> None:
    make(library)
    library.rows("UPDATE episodes SET file_path = ? WHERE episode_number = 1", library.stored(stored(1)))
    library.move(stored(1), "Séries/Autres/kml.s04e01.mkv")
    library.scan()
    library.report("fix-bad-links", "-y", code=1)
    assert targets(library)[os.path.basename(name(1))] == library.stored("Séries/Autres/kml.s04e01.mkv")


def test_what_stands_in_an_offline_place_is_left_alone(library: Library) -> None:
    make(library)
    before = targets(library)
    with mounted(library.storage):
        report = library.report("fix-bad-links", "-y", code=3)
    assert report["changes"] == report["unresolved"] == []
    assert targets(library) == before


def test_half_a_mount_is_no_place_to_search(library: Library) -> None:
    make(library)
    library.films(30).scan()
    shutil.rmtree(library.stored("Films"))
    before = targets(library)
    report = library.report("fix-bad-links", "-y", code=3)
    assert report["changes"] == report["unresolved"] == []
    assert targets(library) == before


def test_consent_and_paths(library: Library) -> None:
    make(library)
    assert library.run("fix-bad-links").code == 2
    assert library.run("fix-bad-links", "-n", library.storage).code == 2
    report = library.report("fix-bad-links", "-n", library.link(name(2)), code=0)
    assert [row["path"] for row in report["changes"] if row["op"] == "relink"] == [library.link(name(2))]


def test_too_many_at_once(library: Library) -> None:
    make(library)
    before = targets(library)
    result = library.run("fix-bad-links", "-y", "--max-changes", "1")
    assert result.code == 4
    assert targets(library) == before
