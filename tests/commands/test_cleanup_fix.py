"""`cineorg cleanup --fix`: one plan, one batch, one undo; nothing lost, nothing done twice."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest
from cleanup_library import found, give_genres, many, ops, shelve
from helpers import REPOSITORY, Library, run_command, snapshot

from cineorg.testing import tree

DRAMA, COMEDY = "Films/Drame", "Films/Comédie"
AWAY = f"{COMEDY}/Brazil (1985).mkv"
GONE = f"{DRAMA}/Gone (2001).mkv"


@pytest.fixture
def untidy(library: Library) -> Library:
    """Return a library in which every phase has something to do, and one broken link stays."""
    links = {AWAY: "Drame", f"{DRAMA}/M (1931).mkv": "Drame", f"{DRAMA}/M (1931) VO.mkv": "Drame"}
    links |= dict.fromkeys(many("Films/Western", 60), "Western") | {f"{COMEDY}/Moved (1990).mkv": "Drame"}
    links |= {f"Séries/Séries TV/Akira (1988)/Saison 01/Akira (1988) - S01E{n:02}.mkv": "Anime" for n in (1, 2)}
    shelve(library, links, scan=False)
    library.add({"Films/Gone.2001.mkv": 7}, {"Films/SF/A": None, GONE: "@/Films/Gone.2001.mkv"})
    library.scan()
    give_genres(library, links)
    library.move("Films/Moved.1990.mkv", "Films/new/m.mkv")
    os.unlink(library.stored("Films/Gone.2001.mkv"))
    return library


def test_every_link_goes_straight_to_its_place_in_one_batch(untidy: Library) -> None:
    before, stored = tree(untidy.video), snapshot(untidy.storage)
    planned = untidy.report("cleanup", "--fix", "--dry-run", code=1)
    assert (planned["dry_run"], planned["batch"]) == (True, None)
    assert tree(untidy.video) == before
    fixed = untidy.report("cleanup", "--fix", code=1)
    head = "command version checked_at library complete dry_run batch summary changes unresolved"
    assert list(fixed) == head.split()
    assert (fixed["command"], fixed["batch"]) == ("cleanup", 1)
    assert [row | {"status": ""} for row in planned["changes"]] == [row | {"status": ""} for row in fixed["changes"]]
    assert {row["status"] for row in fixed["changes"]} == {"done"}
    after = tree(untidy.video)
    # Each link of before is there once, with the file it had, but the duplicate and the one that was repaired.
    reached = sorted(text for text in before.values() if text != "/")
    reached.remove(untidy.stored("Films/M.1931.mkv"))
    reached[reached.index(untidy.stored("Films/Moved.1990.mkv"))] = untidy.stored("Films/new/m.mkv")
    assert sorted(text for text in after.values() if text != "/") == sorted(reached)
    for path in (f"{DRAMA}/Brazil (1985).mkv", f"{DRAMA}/Moved (1990).mkv", f"{DRAMA}/M (1931) VO.mkv", GONE,
                 "Séries/Mangas/Akira (1988)/Saison 01/Akira (1988) - S01E02.mkv"):  # fmt: skip
        assert path in after
    for path in (COMEDY, "Films/SF", "Séries/Séries TV"):
        assert path not in after
    western = [path for path in after if path.startswith("Films/Western/") and after[path] == "/"]
    assert len(western) >= 2
    assert all(sum(each.startswith(path + "/") for each in after) <= 50 for path in western)
    moved = [op[1] for op in ops(fixed, untidy) if op[0] == "move"]
    assert len(moved) == len(set(moved)) == 64
    assert snapshot(untidy.storage) == stored
    assert untidy.report("cleanup", "--fix", code=1)["changes"] == []
    (left,) = untidy.report("cleanup", code=1)["issues"]
    assert left["path"] == untidy.link(GONE)
    undone = untidy.report("undo", "--yes", code=0)
    assert {row["status"] for row in undone["changes"]} == {"done"}
    assert tree(untidy.video) == before


def test_the_catalogue_follows_the_links(untidy: Library) -> None:
    moved = untidy.link(AWAY)
    untidy.rows("INSERT INTO video_files (path, symlink_path, filename, size_bytes) VALUES ('x', ?, 'x', 1)", moved)
    untidy.report("cleanup", "--fix")
    assert untidy.rows("SELECT symlink_path FROM video_files") == [(untidy.link(f"{DRAMA}/Brazil (1985).mkv"),)]
    assert untidy.rows("SELECT file_path FROM movies WHERE title = 'Moved'") == [(untidy.stored("Films/new/m.mkv"),)]


def test_the_plan_is_given_back_to_apply(untidy: Library, tmp_path: Path) -> None:
    plan = untidy.run("cleanup", "-n", "--jsonl")
    assert plan.lines[-1]["type"] == "summary"
    applied = untidy.run("apply", "--yes", "--json", stdin=plan.out)
    assert {row["status"] for row in applied.json["changes"]} == {"done"}
    assert set(found(untidy.report("cleanup"), untidy)) == {"broken_symlink"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--only", "empty_dir"], {"remove_dir"}),
        (["--only", "duplicate_symlink"], {"remove_link"}),
        (["--only", "broken_symlink"], {"relink"}),
        (["--only", "oversized_dir"], {"make_dir", "move"}),
        (["--skip-repair", "--skip-subdivide"], {"move", "remove_link", "make_dir", "remove_dir"}),
        (["--only", "index"], set()),
        (["@/Films/SF"], {"remove_dir"}),
        (["@/Films/Western/Aax 0 (1950).mkv"], set()),
    ],
)
def test_only_what_is_asked_for_is_done(arguments: list[str], expected: set[str], untidy: Library) -> None:
    arguments = [word.replace("@", untidy.video) for word in arguments]
    fixed = untidy.report("cleanup", "--fix", *arguments)
    assert {op[0] for op in ops(fixed, untidy)} == expected
    left = [untidy.link(GONE)] if "broken_symlink" in arguments else []
    assert [row["path"] for row in fixed["unresolved"]] == left


def test_other_ways_to_say_what_is_too_much_and_what_is_certain(untidy: Library) -> None:
    assert not [op for op in ops(untidy.report("cleanup", "-n", "--max-per-dir", "60"), untidy) if "Western" in op[1]]
    assert not [op for op in ops(untidy.report("cleanup", "-n", "--max-per-dir", "0"), untidy) if "Western" in op[1]]
    small = ops(untidy.report("cleanup", "-n", "--max-per-dir", "20"), untidy)
    assert len([op for op in small if op[0] == "make_dir" and "Western" in op[1]]) >= 3


def test_what_is_certain_is_up_to_the_user(library: Library) -> None:
    shelve(library, {f"{DRAMA}/Brazil (1985).mkv": "Drame"})
    os.unlink(library.stored("Films/Brazil.1985.mkv"))
    library.add({"Films/new/Brazil.1985.1080p.mkv": 99})
    path, file = library.link(f"{DRAMA}/Brazil (1985).mkv"), library.stored("Films/new/Brazil.1985.1080p.mkv")
    (issue,) = library.report("cleanup")["issues"]
    assert (issue["details"], issue["candidate"]) == ("can be repaired", file)
    (issue,) = library.report("cleanup", "--min-score", "100")["issues"]
    assert issue["details"] != "can be repaired"
    assert (issue["candidate"], issue["score"] < 100) == (file, True)
    left = library.report("cleanup", "--fix", "--min-score", "100", code=1)
    assert left["changes"] == []
    assert [(row["path"], row["candidates"][0]["path"]) for row in left["unresolved"]] == [(path, file)]
    assert ops(library.report("cleanup", "--fix", code=0), library) == [("relink", f"{DRAMA}/Brazil (1985).mkv")]


def test_a_library_that_is_tidy_makes_no_batch(library: Library) -> None:
    shelve(library, {f"{DRAMA}/Brazil (1985).mkv": "Drame"})
    fixed = library.report("cleanup", "--fix", code=0)
    assert (fixed["batch"], fixed["changes"], fixed["unresolved"]) == (None, [], [])


# Deleting


def age(library: Library, name: str, days: float) -> None:
    """Let scans, one a day and one just now, have missed a stored file for so many days."""
    now = datetime.now(UTC)
    times = [now - timedelta(days=days - passed) for passed in range(int(days) + 1)] + [now]
    since, *later = [time.strftime("%Y-%m-%d %H:%M:%S.%f") for time in times]
    statement = "UPDATE cineorg_files SET missing_since = ?, last_seen = ?, first_seen = '2000-01-01' WHERE path = ?"
    library.rows(statement, since, since, os.fsencode(library.stored(name)))
    library.rows("DELETE FROM cineorg_scans")
    for time in (since, *later):
        library.rows("INSERT INTO cineorg_scans (started_at, finished_at, complete) VALUES (?, ?, 1)", time, time)


@pytest.mark.parametrize(
    ("days", "arguments", "is_deleted", "reason"),
    [
        (None, [], False, "not deleted: the last scan still saw its file"),
        (6.9, [], False, "not deleted: its file is missing since the scan of"),
        (7.1, [], True, ""),
        (7.1, ["--missing-for", "2w"], False, "scans have missed it, 7 days)"),
        (14.1, ["--missing-for", "2w"], True, ""),
        (0.6, ["--missing-for", "12h"], True, ""),
        (0.4, ["--missing-for", "12h"], False, "2 scans have missed it, less than a day)"),
        (None, ["--missing-for", "0"], False, "not deleted: the last scan still saw its file"),
        (0.1, ["--missing-for", "0"], True, ""),
    ],
)
def test_broken_links_go_when_scans_have_missed_their_files_for_long(
    days: float | None, arguments: list[str], is_deleted: bool, reason: str, untidy: Library
) -> None:
    if days is not None:
        age(untidy, "Films/Gone.2001.mkv", days)
    before = tree(untidy.video)
    fixed = untidy.report("cleanup", "--fix", "--delete-broken", *arguments, code=0 if is_deleted else 1)
    assert (GONE in tree(untidy.video)) != is_deleted
    (unresolved,) = fixed["unresolved"] or [None]
    assert (unresolved is None) == is_deleted
    if unresolved:
        assert reason in unresolved["reason"]
    else:
        (removed,) = [row for row in fixed["changes"] if row.get("path") == untidy.link(GONE)]
        assert (removed["op"], removed["if_broken"]) == ("remove_link", True)
    assert f"{DRAMA}/Moved (1990).mkv" in tree(untidy.video)  # what can be repaired is repaired
    untidy.report("undo", "--yes", code=0)
    assert tree(untidy.video) == before


def test_what_no_scan_has_recorded_does_not_age(library: Library) -> None:
    shelve(library, {f"{DRAMA}/Brazil (1985).mkv": "Drame"})
    library.add(None, {
        GONE: "@/Films/Never.2001.mkv",
        f"{DRAMA}/Loop (2002).mkv": "Loop (2002).mkv",
        f"{DRAMA}/Unplugged (2003).mkv": f"{library.base}/disk/u.mkv",
    })  # fmt: skip
    kept = library.report("cleanup", "--fix", "--delete-broken", "--missing-for", "1h", code=1)
    assert kept["changes"] == []
    assert all("no scan has ever seen its file" in row["reason"] for row in kept["unresolved"])
    # At once, where a person sees the plan; but a disk that is not plugged in looks the same as a file that is gone.
    unasked = library.report("cleanup", "--fix", "--delete-broken", "--missing-for", "0", code=1)
    assert unasked["changes"] == []
    gone = library.report("cleanup", "--fix", "--dry-run", "--delete-broken", "--missing-for", "0", code=1)
    assert ops(gone, library) == [
        ("remove_link", GONE), ("remove_link", f"{DRAMA}/Loop (2002).mkv")
    ]  # fmt: skip
    assert [row["path"] for row in gone["unresolved"]] == [library.link(f"{DRAMA}/Unplugged (2003).mkv")]


def test_nothing_is_deleted_while_storage_is_away(untidy: Library) -> None:
    age(untidy, "Films/Gone.2001.mkv", 30)
    shutil.rmtree(untidy.storage)
    os.mkdir(untidy.storage)
    before = tree(untidy.video)
    result = untidy.run("cleanup", "--fix", "--delete-broken", "--missing-for", "0", "--json")
    assert result.code == 3
    assert not [op for op in ops(result.json, untidy) if op[0] != "remove_dir"]
    assert {path: text for path, text in tree(untidy.video).items() if text != "/"} == {
        path: text for path, text in before.items() if text != "/"
    }


ODD_ONE = f"{DRAMA}/M (1931).mkv"


def test_no_link_goes_while_most_of_the_video_tree_is_away(untidy: Library) -> None:
    age(untidy, "Films/Gone.2001.mkv", 30)
    shutil.move(untidy.link("Films/Western"), f"{untidy.video}.away")
    result = untidy.run("cleanup", "--fix", "--delete-broken", "--json")
    assert [op for op in ops(result.json, untidy) if op[0] == "remove_link"] == []
    left = {row["path"]: row["reason"] for row in result.json["unresolved"]}
    for path in (ODD_ONE, GONE):
        assert "lost" in left[untidy.link(path)]


def test_no_link_goes_while_one_that_leads_through_it_may_be_unread(
    untidy: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(untidy, "Films/Gone.2001.mkv", 30)
    real = os.scandir

    def scandir(path: str) -> Any:
        if path == untidy.link("Films/SF/A"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = untidy.run("cleanup", "--fix", "--delete-broken", "--json")
    assert result.code == 3
    assert [op for op in ops(result.json, untidy) if op[0] == "remove_link"] == []
    left = {row["path"]: row["reason"] for row in result.json["unresolved"]}
    for path in (ODD_ONE, GONE):
        assert f"{untidy.link('Films/SF/A')} could not be read" in left[untidy.link(path)]


@pytest.mark.parametrize("is_dry", [True, False])
def test_the_link_that_stays_for_another_must_be_there(untidy: Library, is_dry: bool) -> None:
    plan = untidy.run("cleanup", "-n", "--jsonl", "--only", "duplicate_symlink").out
    row = json.loads(plan.splitlines()[0])
    assert (row["op"], row["path"]) == ("remove_link", untidy.link(ODD_ONE))
    assert row["keep"] == untidy.link(f"{DRAMA}/M (1931) VO.mkv")
    os.unlink(row["keep"])
    result = untidy.run("apply", "-n" if is_dry else "-y", "--json", stdin=plan)
    (change,) = result.json["changes"]
    assert (change["status"], change["keep"]) == ("skipped", row["keep"])
    assert "nothing is there any more" in change["reason"]
    assert os.path.islink(untidy.link(ODD_ONE))


# Guards and consent


def test_too_many_changes_are_refused(untidy: Library) -> None:
    before = tree(untidy.video)
    result = untidy.run("cleanup", "--fix", "--max-changes", "10")
    assert (result.code, result.out) == (4, b"")
    assert "--max-changes 65" in result.err
    assert tree(untidy.video) == before
    planned = untidy.run("cleanup", "--fix", "--dry-run", "--max-changes", "10", "--json")
    assert planned.code == 4
    assert len(planned.json["changes"]) > 60
    assert untidy.run("cleanup", "--fix", "--max-changes", "65").code == 1


def test_what_changes_between_plan_and_step_is_left_alone(untidy: Library) -> None:
    plan = untidy.run("cleanup", "-n", "--jsonl").out
    os.unlink(untidy.link(AWAY))
    untidy.add({"Films/Gone.2001.mkv": 7}, None)
    result = untidy.run("apply", "--yes", "--json", stdin=plan)
    skipped = [row["path"] for row in result.json["changes"] if row["status"] == "skipped"]
    assert untidy.link(AWAY) in skipped
    assert result.json["summary"]["failed"] == 0


def type_at(library: Library, answer: str, *arguments: str) -> tuple[int, str]:
    """Run `cleanup --fix` in a terminal, answer its question, and return the exit code and the screen."""
    words = [sys.executable, "-m", "cineorg", "cleanup", "--fix", *library.flags(), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "NO_COLOR": "1"}
    child = pexpect.spawn("/bin/sh", ["-c", f"exec {shlex.join(words)}"], env=environment, encoding="utf-8",
                          codec_errors="backslashreplace", timeout=60, dimensions=(50, 100))  # fmt: skip
    screen = ""
    if answer:
        child.expect(r"do it\? \[y/N/look\] ")
        screen = str(child.before)
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus, screen + str(child.before)


def test_on_a_terminal_it_asks_after_the_summary(untidy: Library) -> None:
    before = tree(untidy.video)
    code, screen = type_at(untidy, "n")
    assert code == 1
    assert "ove 64 links" in screen
    assert tree(untidy.video) == before
    code, screen = type_at(untidy, "y")
    assert code == 1
    assert tree(untidy.video) != before
    untidy.report("undo", "--yes")
    code, screen = type_at(untidy, "", "--yes")
    assert code == 1
    assert "do it?" not in screen
    assert tree(untidy.video) != before


# The demo library


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the report of a demo library in the folder `lib`."""
    monkeypatch.chdir(tmp_path)
    report: dict[str, Any] = json.loads(run_command(["demo", "lib", "--json"]).out)
    return report


def test_the_demo_shows_what_was_planted_and_is_tidied(demo: dict[str, Any]) -> None:
    config = ["--config", "lib/cineorg.toml"]
    report = run_command(["cleanup", *config, "--json"]).json
    planted: dict[str, set[str]] = {}
    for fault in demo["faults"]:
        planted.setdefault(fault["type"], set()).add(fault["path"])
    shown: dict[str, set[str]] = {}
    for issue in report["issues"]:
        shown.setdefault(issue["type"], set()).add(issue["path"])
    assert shown["broken_symlink"] == planted["broken_symlink"]
    assert shown["misplaced_symlink"] == planted["misplaced_symlink"] | planted["beside_subdivision"]
    assert shown["oversized_dir"] == planted["oversized_dir"]
    assert shown["empty_dir"] >= planted["empty_dir"]
    (double,) = [issue for issue in report["issues"] if issue["type"] == "duplicate_symlink"]
    assert double["keep"] in planted["duplicate_symlink"]
    fixed = run_command(["cleanup", *config, "--fix", "--json"]).json
    assert {row["status"] for row in fixed["changes"]} == {"done"}
    left = run_command(["cleanup", *config, "--json"]).json
    assert {issue["type"] for issue in left["issues"]} == {"broken_symlink"}
    assert [issue["path"] for issue in left["issues"]] == [row["path"] for row in fixed["unresolved"]]
    assert run_command(["cleanup", *config, "--fix", "--json"]).json["changes"] == []


@pytest.mark.parametrize(("options", "phases"), [(["--dry-run"], 1), (["--yes"], 2)])
def test_progress_numbers_every_phase_once(untidy: Library, options: list[str], phases: int) -> None:
    result = untidy.run("cleanup", "--fix", "--json", "--progress", "json", *options)
    events = [json.loads(line) for line in result.err.splitlines()]
    assert {event["phases"] for event in events} == {phases}
    labels = {(event["phase"], event["label"]): None for event in events}
    expected = [(0, "Reading both trees"), (1, "Working out the plan"), (2, "Applying")]
    assert list(labels) == expected[: phases + 1]


def test_the_report_shows_the_subdivisions_that_are_made(untidy: Library) -> None:
    shelve(untidy, dict.fromkeys(many("Films/Comédie", 10, start=60), "Western"))
    (full,) = [issue for issue in untidy.report("cleanup")["issues"] if issue["type"] == "oversized_dir"]
    plan = untidy.report("cleanup", "--fix", "--dry-run", code=1)["changes"]
    made = [row["path"] for row in plan if row["op"] == "make_dir" and row["path"].startswith(full["path"])]
    assert made == [f"{full['path']}/{name}" for name in full["ranges"]]
    moved = [os.path.dirname(row["new_path"]) for row in plan if row["op"] == "move"]
    assert full["range_counts"] == [moved.count(path) for path in made]
    assert (full["count"], sum(full["range_counts"])) == (60, 70)


@pytest.mark.parametrize("is_healthy", [True, False])
def test_a_superseded_link_goes_as_a_duplicate(is_healthy: bool, library: Library) -> None:
    old, new = "Films/Drame/Heat (1995) 1080p.mkv", "Films/Drame/Heat (1995) 2160p.mkv"
    file = "Films/Heat.1995.2160p.mkv"
    library.films(30).add({file: 5000}, {old: "@/Films/Heat.1995.1080p.mkv"})
    library.add(video={new: f"@/{file}" if is_healthy else "@/Films/gone.mkv"}).scan()
    left = library.report("repair-links", "-n", code=1)
    assert [item["path"] for item in left["unresolved"]] == [library.link(old)]
    report = library.report("cleanup", "--fix", "-y", "--only", "broken_symlink", code=0 if is_healthy else 1)
    removed = [change["path"] for change in report["changes"] if change["op"] == "remove_link"]
    assert removed == ([library.link(old)] if is_healthy else [])
    assert os.path.lexists(library.link(new))
    library.report("undo", "-y", code=0)
    assert os.readlink(library.link(old)) == library.stored("Films/Heat.1995.1080p.mkv")


@pytest.mark.parametrize(
    ("broken", "healthy", "goes"),
    [
        ("Heat (1995) 1080p.mkv", "Heat (1995).mkv", True),
        ("Heat (1995) VF 1080p.mkv", "Heat (1995) MULTi.mkv", True),
        ("Heat (1995) VF.mkv", "Heat (1995) VOSTFR.mkv", False),
        ("Heat (1995) VF.mkv", "Heat (1995).mkv", False),
        ("Heat (1995) Director's Cut.mkv", "Heat (1995).mkv", False),
        ("Heat (1995) Director's Cut.mkv", "Heat (1995) Director's Cut 2160p.mkv", True),
        ("Heat (1995) 3D.mkv", "Heat (1995).mkv", False),
    ],
)
def test_a_link_to_another_version_is_no_duplicate(broken: str, healthy: str, library: Library, *, goes: bool) -> None:
    folder, file = "Films/Drame", "Films/Heat.1995.mkv"
    library.films(30).add({file: 5000}, {f"{folder}/{healthy}": f"@/{file}", f"{folder}/{broken}": "@/Films/gone.mkv"})
    library.scan()
    library.report("cleanup", "--fix", "-y", "--only", "broken_symlink", code=0 if goes else 1)
    assert os.path.lexists(library.link(f"{folder}/{broken}")) is not goes
