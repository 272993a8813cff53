"""Findings that are known: counted apart, listed with --all, and back as soon as they change."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from helpers import Library, make_file

BROKEN = "Films/Drame/Films no1 (2001).mkv"


@pytest.fixture
def faulty(library: Library) -> Library:
    """Return a scanned library with a broken link, its ghost, and an orphan."""
    library.films(3).scan()
    os.unlink(library.stored("Films/Films.1.2001.mkv"))
    return library.add({"Films/orphan.mkv": 77})


def shown(library: Library, *arguments: str) -> list[str]:
    return sorted(issue["type"] for issue in library.integrity(*arguments)["issues"])


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def acknowledge_all(library: Library) -> dict[str, Any]:
    found = library.run("integrity", "--jsonl")
    done = library.run("acknowledge", "-", "--json", stdin=found.out)
    assert done.code == 0, done.err
    return done.json


def test_what_a_pipe_lets_through_is_known_from_then_on(faulty: Library) -> None:
    assert shown(faulty) == ["broken_symlink", "ghost_entry", "orphan_file"]
    document = acknowledge_all(faulty)
    assert document["summary"] == {"total": 3, "acknowledged": 3, "known": 0, "forgotten": 0}
    report = faulty.run("integrity", "--json")
    assert (report.code, report.json["issues"], report.json["has_issues"]) == (0, [], False)
    assert report.json["suggestions"] == []
    summary = report.json["summary"]
    assert (summary["total"], summary["broken_symlinks"], summary["acknowledged"]) == (0, 0, 3)


def test_all_lists_what_is_known_and_says_so(faulty: Library) -> None:
    acknowledge_all(faulty)
    done = faulty.run("integrity", "--all", "--json")
    assert done.code == 0
    assert [issue["acknowledged"] for issue in done.json["issues"]] == [True] * 3
    assert done.json["summary"]["total"] == 0
    header, *rows = faulty.run("integrity", "--all", "--tsv").out.decode().splitlines()
    assert header.split("\t")[-1] == "acknowledged"
    assert {row.split("\t")[-1] for row in rows} == {"true"}


def test_cleanup_knows_the_broken_link_that_integrity_found(faulty: Library) -> None:
    acknowledge_all(faulty)
    report = faulty.run("cleanup", "--only", "broken_symlink", "--json")
    assert (report.code, report.json["issues"], report.json["summary"]["acknowledged"]) == (0, [], 1)


def test_places_and_kinds_are_acknowledged_by_looking(faulty: Library) -> None:
    done = faulty.run("acknowledge", faulty.link("Films"), "--json")
    assert [(row["type"], row["status"]) for row in done.json["findings"]] == [("broken_symlink", "acknowledged")]
    assert shown(faulty) == ["ghost_entry", "orphan_file"]
    done = faulty.run("acknowledge", "--kind", "orphan_file", "--json")
    assert [row["path"] for row in done.json["findings"]] == [faulty.stored("Films/orphan.mkv")]
    assert shown(faulty) == ["ghost_entry"]
    again = faulty.run("acknowledge", "--kind", "orphan_file", "--json").json
    assert again["summary"] == {"total": 1, "acknowledged": 0, "known": 1, "forgotten": 0}
    assert faulty.run("acknowledge", faulty.link("Films/Drame/Films no2 (2001).mkv")).code == 1


def relink(library: Library) -> None:
    os.unlink(library.link(BROKEN))
    os.symlink(library.stored("Films/elsewhere.mkv"), library.link(BROKEN))


def rename_link(library: Library) -> None:
    os.rename(library.link(BROKEN), library.link("Films/Drame/Other (2001).mkv"))


def loop(library: Library) -> None:
    os.symlink("Films.1.2001.mkv", library.stored("Films/Films.1.2001.mkv"))


def grow(library: Library) -> None:
    make_file(library.stored("Films/orphan.mkv"), 99)


@pytest.mark.parametrize(
    ("change", "kind"),
    [(relink, "broken_symlink"), (rename_link, "broken_symlink"), (loop, "broken_symlink"), (grow, "orphan_file")],
)
def test_a_finding_that_changes_is_reported_again(faulty: Library, change: Any, kind: str) -> None:
    acknowledge_all(faulty)
    change(faulty)
    assert kind in shown(faulty)


def test_what_is_known_is_listed_and_forgotten(faulty: Library) -> None:
    acknowledge_all(faulty)
    listed = faulty.run("acknowledge", "--list", "--json").json["findings"]
    assert [row["type"] for row in listed] == ["ghost_entry", "orphan_file", "broken_symlink"]
    assert all(row["acknowledged_at"] for row in listed)
    only = faulty.run("acknowledge", "--list", "--kind", "orphan_file", "--json").json["findings"]
    assert [(row["path"], row["size"]) for row in only] == [(faulty.stored("Films/orphan.mkv"), 77)]
    assert faulty.run("acknowledge", "--forget", "--dry-run", faulty.storage).code == 0
    assert shown(faulty) == []
    assert faulty.run("acknowledge", "--forget", faulty.storage, "--json").json["summary"]["forgotten"] == 2
    assert shown(faulty) == ["ghost_entry", "orphan_file"]
    found = faulty.run("integrity", "--all", "--jsonl")
    assert faulty.run("acknowledge", "--forget", "-", stdin=found.out).code == 0
    assert shown(faulty) == ["broken_symlink", "ghost_entry", "orphan_file"]


def test_a_dry_run_and_a_read_only_look_write_nothing(faulty: Library) -> None:
    found = faulty.run("integrity", "--jsonl").out
    assert faulty.run("acknowledge", "-n", "-", stdin=found).code == 0
    assert shown(faulty) == ["broken_symlink", "ghost_entry", "orphan_file"]


def test_what_could_not_be_looked_at_stays_told(faulty: Library) -> None:
    os.rename(faulty.storage, faulty.storage + ".away")
    found = faulty.run("integrity", "--jsonl")
    assert found.code == 3
    done = faulty.run("acknowledge", "-", "--json", stdin=found.out)
    assert done.json["summary"]["total"] == 0
    assert faulty.run("integrity").code == 3


def test_names_with_any_bytes_are_known(library: Library) -> None:
    library.films(1).scan()
    library.add({"Films/caf\udce9 \n.mkv": 5})
    acknowledge_all(library)
    assert shown(library) == []


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        ([], b""),
        (["--list", "--forget"], b""),
        (["-", "video"], b""),
        (["--kind", "nonsense"], b""),
        (["-"], b"no json\n"),
        (["-"], lines({"type": "orphan_file", "path": "/a", "path_b64": "***"})),
    ],
)
def test_wrong_usage_changes_nothing(faulty: Library, arguments: list[str], stdin: bytes) -> None:
    assert faulty.run("acknowledge", *arguments, stdin=stdin).code == 2


def test_lines_that_are_no_findings_are_passed_over(faulty: Library) -> None:
    stream = lines({"op": "relink", "path": "/a"}, {"type": "summary"}, {"type": "x", "path": 5}) + b"[]\n\n"
    assert faulty.run("acknowledge", "-", "--json", stdin=stream).json["summary"]["total"] == 0


def test_new_shows_what_the_last_report_did_not_have(faulty: Library) -> None:
    assert shown(faulty, "--new") == ["broken_symlink", "ghost_entry", "orphan_file"], "there was no report before"
    assert shown(faulty, "--new") == []
    faulty.add({"Films/second.mkv": 78})
    done = faulty.run("integrity", "--new", "--json")
    assert (done.code, done.json["summary"]["total"]) == (1, 1)
    assert [issue["path"] for issue in done.json["issues"]] == [faulty.stored("Films/second.mkv")]
    assert faulty.run("integrity", "--new").code == 0
    assert len(shown(faulty)) == 4, "a report of what is new is kept whole"
    relink(faulty)
    assert shown(faulty, "--new") == ["broken_symlink"]


def test_each_report_has_its_own_last_one(faulty: Library) -> None:
    faulty.integrity()
    report = faulty.run("cleanup", "--new", "--json")
    assert [issue["type"] for issue in report.json["issues"]] == ["broken_symlink"]
    assert faulty.run("cleanup", "--new", "--json").json["issues"] == []


@pytest.mark.parametrize("flag", ["--new", "--all"])
def test_cleanup_takes_them_for_its_report_only(faulty: Library, flag: str) -> None:
    assert faulty.run("cleanup", flag, "--fix").code == 2


def test_the_plural_of_the_summary_is_a_kind(faulty: Library) -> None:
    assert shown(faulty, "--only", "broken_symlinks") == ["broken_symlink"]
    assert shown(faulty, "--skip", "broken_symlinks", "--skip", "ghost_entries") == ["orphan_file"]
    report = faulty.report("cleanup", "--skip", "broken_symlinks")
    assert "broken_symlinks" not in report["summary"]


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        rb'{"type": "broken_symlink", "path": "\ud800"}',
        rb'{"type": "\udc00", "path": "/x"}',
        rb'{"type": "x", "path": "/x", "reason": {"a": "\ud800"}}',
        b'{"type": "x", "path": "/x", "size": 1e400}',
        b'{"type": "x", "path": "/x", "size": NaN}',
        b"\xff",
    ],
)
def test_a_line_that_no_report_prints_changes_nothing(faulty: Library, line: bytes) -> None:
    done = faulty.run("acknowledge", "-", stdin=lines({"type": "orphan_file", "path": "/x"}) + line + b"\n")
    assert done.code == 2
    assert done.err == "cineorg: line 2: not JSON; each line must be one finding; nothing was changed\n"
    assert faulty.report("acknowledge", "--list")["findings"] == []
