"""`apply`, `history` and `undo` as scripts use them: what is refused before anything is done, and what follows."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from helpers import Library, snapshot

LINK, OLD, NEW = "Films/Drame/Heat (1995).mkv", "Films/Heat.1995.mkv", "Films/moved/Heat.1995.mkv"


@pytest.fixture
def damaged(library: Library) -> Library:
    """Return a scanned library in which one film has moved since."""
    library.films(30).add({OLD: 5000}, {LINK: f"@/{OLD}"})
    library.scan()
    library.move(OLD, NEW)
    return library


def relink(library: Library, **changed: str) -> bytes:
    """Return the line that gives the film its file back."""
    row = {"op": "relink", "path": library.link(LINK), "old_target": library.stored(OLD)}
    return json.dumps(row | {"new_target": library.stored(NEW)} | changed).encode() + b"\n"


def file_path_of_heat(library: Library) -> str:
    return str(library.rows("SELECT file_path FROM movies WHERE title = 'Heat'")[0][0])


def test_the_row_follows_its_link(damaged: Library) -> None:
    assert file_path_of_heat(damaged) == damaged.stored(OLD)
    result = damaged.run("apply", "-y", "-", "--json", stdin=relink(damaged))
    assert [row["op"] for row in result.json["changes"]] == ["relink", "set_file_path"]
    assert file_path_of_heat(damaged) == damaged.stored(NEW)
    damaged.run("undo", "-y")
    assert (os.readlink(damaged.link(LINK)), file_path_of_heat(damaged)) == (damaged.stored(OLD), damaged.stored(OLD))


def test_a_row_does_not_leave_a_file_that_is_there(damaged: Library) -> None:
    shutil.copyfile(damaged.stored(NEW), damaged.stored(OLD))
    result = damaged.run("apply", "-y", "-", "--json", stdin=relink(damaged))
    assert [row["op"] for row in result.json["changes"]] == ["relink"]
    assert file_path_of_heat(damaged) == damaged.stored(OLD)


def test_a_row_follows_to_no_file_that_is_something_else(damaged: Library) -> None:
    damaged.add({"Films/Some.Other.Film.2003.mkv": 777})
    other = damaged.stored("Films/Some.Other.Film.2003.mkv")
    result = damaged.run("apply", "-y", "-", "--json", stdin=relink(damaged, new_target=other))
    assert [row["op"] for row in result.json["changes"]] == ["relink"]
    assert file_path_of_heat(damaged) == damaged.stored(OLD)


def test_each_row_once(damaged: Library) -> None:
    plan = damaged.run("repair-links", "-n", "--jsonl").out
    result = damaged.run("apply", "-y", "-", "--json", stdin=plan)
    assert [row["op"] for row in result.json["changes"]] == ["relink", "set_file_path"]
    assert result.json["summary"]["done"] == 2


REFUSED = {
    "no JSON": b"{",
    "a list": b"[]",
    "an unknown op": b'{"op": "chmod", "path": "/x"}',
    "a field too few": b'{"op": "relink", "path": "/x"}',
    "a path outside": b'{"op": "remove_link", "path": "/etc/mtab", "old_target": "x"}',
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_line_is_refused_with_its_number_and_nothing_is_done(damaged: Library, line: bytes) -> None:
    before = snapshot(damaged.video)
    result = damaged.run("apply", "-y", "-", stdin=relink(damaged) + line + b"\n")
    assert (result.code, result.out) == (2, b"")
    assert "line 2" in result.err
    assert snapshot(damaged.video) == before


def test_nothing_under_storage_and_nothing_through_a_linked_folder(damaged: Library) -> None:
    os.symlink(damaged.stored("Films"), damaged.link("Films/through"))
    for path in (
        damaged.stored(NEW),
        damaged.link("Films/through/moved/Heat.1995.mkv"),
        damaged.link("Films/../x.mkv"),
    ):
        line = json.dumps({"op": "remove_link", "path": path, "old_target": "x"}).encode()
        assert damaged.run("apply", "-y", "-", stdin=line).code == 2
    assert os.path.exists(damaged.stored(NEW))


def test_the_offline_guard_holds_for_plans_from_outside_too(damaged: Library) -> None:
    os.rename(damaged.storage, damaged.storage + ".away")
    os.mkdir(damaged.storage)
    line = json.dumps({"op": "remove_link", "path": damaged.link(LINK), "old_target": damaged.stored(OLD)}).encode()
    result = damaged.run("apply", "-y", "-", stdin=line)
    assert result.code == 4
    assert "--accept" in result.err
    assert os.path.islink(damaged.link(LINK))


def test_what_has_changed_since_is_skipped(damaged: Library) -> None:
    plan = relink(damaged)
    os.unlink(damaged.link(LINK))
    os.symlink(damaged.stored("elsewhere.mkv"), damaged.link(LINK))
    result = damaged.run("apply", "-y", "-", "--json", stdin=plan)
    assert [row["status"] for row in result.json["changes"] if row["op"] == "relink"] == ["skipped"]
    assert os.readlink(damaged.link(LINK)) == damaged.stored("elsewhere.mkv")


def test_a_link_that_is_whole_again_is_left(damaged: Library) -> None:
    plan = damaged.run("repair-links", "-n", "--jsonl").out
    removal = {"op": "remove_link", "path": damaged.link(LINK), "old_target": damaged.stored(OLD), "if_broken": True}
    shutil.copyfile(damaged.stored(NEW), damaged.stored(OLD))
    for lines in (plan, json.dumps(removal).encode()):
        changes = damaged.run("apply", "-y", "-", "--json", stdin=lines).json["changes"]
        assert (changes[0]["status"], changes[0]["reason"]) == ("skipped", "it is not broken any more")
        assert os.readlink(damaged.link(LINK)) == damaged.stored(OLD)
    os.unlink(damaged.stored(OLD))
    assert damaged.run("apply", "-y", "-", "--json", stdin=plan).json["changes"][0]["status"] == "done"


def test_without_consent_nothing_is_done(damaged: Library) -> None:
    result = damaged.run("apply", "-", stdin=relink(damaged))
    assert result.code == 2
    assert os.readlink(damaged.link(LINK)) == damaged.stored(OLD)


def test_too_many_changes_are_refused_and_still_shown(damaged: Library) -> None:
    result = damaged.run("apply", "-y", "-", "--max-changes", "0", stdin=relink(damaged))
    assert (result.code, result.out) == (4, b"")
    shown = damaged.run("apply", "-n", "-", "--max-changes", "0", "--json", stdin=relink(damaged))
    assert shown.code == 4
    assert shown.json["summary"]["planned"] == 2
    assert os.readlink(damaged.link(LINK)) == damaged.stored(OLD)


def test_history_lists_batches_and_their_steps(damaged: Library) -> None:
    assert damaged.report("history", code=0)["batches"] == []
    damaged.run("apply", "-y", "-", stdin=relink(damaged))
    damaged.run("undo", "-y")
    batches = damaged.report("history", code=0)["batches"]
    assert [(row["id"], row["command"], row["undoes"], row["done"]) for row in batches] == [
        (1, "apply", None, 2), (2, "undo", 1, 2)
    ]  # fmt: skip
    steps = damaged.report("history", "1", code=0)["changes"]
    assert [(row["op"], row["status"]) for row in steps] == [("relink", "done"), ("set_file_path", "done")]
    assert damaged.run("history", "7").code == 2


def test_undo_with_nothing_to_undo(damaged: Library) -> None:
    result = damaged.run("undo", "-y")
    assert (result.code, "nothing" in result.err) == (0, True)
    assert damaged.run("undo", "9", "-y").code == 2


def test_undo_leaves_what_was_changed_since(damaged: Library) -> None:
    damaged.run("apply", "-y", "-", stdin=relink(damaged))
    os.unlink(damaged.link(LINK))
    os.symlink("by hand", damaged.link(LINK))
    result = damaged.run("undo", "-y", "--json")
    assert result.code == 1
    assert {row["op"]: row["status"] for row in result.json["changes"]}["relink"] == "skipped"
    assert os.readlink(damaged.link(LINK)) == "by hand"
