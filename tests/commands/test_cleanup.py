"""`cineorg cleanup`, the report: what is untidy in small libraries, in every format, with every exit code."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from cleanup_library import found, give_genres, many, shelve
from helpers import Library, finish, mounted, snapshot, unprivileged
from plugin_sources import GOOD, write

KEYS = "total links broken_symlinks misplaced_symlinks duplicate_symlinks oversized_dirs empty_dirs unjudged_links"
DRAMA, COMEDY = "Films/Drame", "Films/Comédie"
SERIES = "Séries/Séries TV/Columbo (1971)/Saison 01"


class World(NamedTuple):
    """A library and what is untidy in it: links with their genres, other entries, options, config."""

    links: Mapping[str, str]
    expected: Mapping[str, list[str]]
    extra: Mapping[str, str | int | None] = {}
    options: tuple[str, ...] = ()
    config: str = ""


BRAZIL = f"{DRAMA}/Brazil (1985).mkv"
AWAY = f"{COMEDY}/Brazil (1985).mkv"
WORLDS = {
    "nothing": World({BRAZIL: "Drame"}, {}),
    "no genre at all": World({BRAZIL: "", f"{COMEDY}/Playtime (1967).mkv": "Comédie"}, {}),
    "misplaced": World({AWAY: "Drame"}, {"misplaced_symlink": [AWAY]}),
    "misplaced, no layout": World({AWAY: "Drame"}, {}, config='layout = "none"'),
    "misplaced, other folders": World(
        {AWAY: "Drame"}, {}, config='[genre_folders]\nDrame = "Comédie"', options=("--only", "misplaced_symlink")
    ),
    "a second genre": World({AWAY: "Drame,Comédie", BRAZIL: "Drame,Comédie"}, {}),
    "unknown to the catalogue": World({AWAY: "?"}, {}),
    "beside a subdivision": World(
        {BRAZIL: "Drame", f"{DRAMA}/A-F/Alien (1979).mkv": "Drame"}, {"misplaced_symlink": [BRAZIL]}
    ),
    "a series of another type": World(
        {f"{SERIES}/Columbo (1971) - S01E01.mkv": "Anime"}, {"misplaced_symlink": ["Séries/Séries TV/Columbo (1971)"]}
    ),
    "duplicates": World(
        {BRAZIL: "Drame", f"{DRAMA}/Brazil (1985) VO 1080p.mkv": "Drame"}, {"duplicate_symlink": [BRAZIL]}
    ),
    "two folders are no duplicates": World({BRAZIL: "Drame", f"{COMEDY}/Brazil (1985) VO.mkv": "Drame"}, {}),
    "episodes that share a file": World(
        {f"{SERIES}/Columbo (1971) - S01E01.mkv": "Drame"},
        {},
        {f"{SERIES}/Columbo (1971) - S01E02.mkv": "@/Séries/Columbo.1971.S01E01.mkv"},
    ),
    "50 entries": World(dict.fromkeys(many(DRAMA, 50), "Drame"), {}),
    "51 entries": World(dict.fromkeys(many(DRAMA, 51), "Drame"), {"oversized_dir": [DRAMA]}),
    "51 entries, skipped": World(dict.fromkeys(many(DRAMA, 51), "Drame"), {}, options=("--skip-subdivide",)),
    "51 entries, 60 allowed": World(dict.fromkeys(many(DRAMA, 51), "Drame"), {}, options=("--max-per-dir", "60")),
    "51 entries, any number": World(dict.fromkeys(many(DRAMA, 51), "Drame"), {}, config="max_per_dir = 0"),
    "10 entries, 9 allowed": World(
        dict.fromkeys(many(DRAMA, 10), "Drame"), {"oversized_dir": [DRAMA]}, options=("--max-per-dir", "9")
    ),
    "60 episodes": World({f"{SERIES}/Columbo (1971) - S01E{n:02}.mkv": "Drame" for n in range(1, 61)}, {}),
    "empty folders": World(
        {BRAZIL: "Drame"},
        {"empty_dir": ["Films/Western", "Films/Western/A-F"]},
        {"Films/Western/A-F": None, "Séries": None},
    ),
    "a folder that only looks empty": World({BRAZIL: "Drame"}, {}, {"Films/Western/@eaDir/x.jpg": 3}),
    "broken": World({BRAZIL: "Drame"}, {"broken_symlink": ["Films/Drame/Gone (2001).mkv"]},
                    {"Films/Drame/Gone (2001).mkv": "@/Films/Gone.2001.mkv"}),
    "broken, skipped": World({BRAZIL: "Drame"}, {}, {"Films/Drame/Gone (2001).mkv": "@/Films/Gone.2001.mkv"},
                             options=("--skip-repair",)),
    "English": World(
        {"Movies/Comedies/Brazil (1985).mkv": "Comedy", "Movies/Drama/Alien (1979).mkv": "Comedy"},
        {"misplaced_symlink": ["Movies/Drama/Alien (1979).mkv"]},
        config='[genre_folders]\nDrama = "Drama"\nComedy = "Comedies"',
    ),
    "flat": World(
        dict.fromkeys(many("Films", 60), "Drame"), {"oversized_dir": ["Films"]}, config='layout = "none"'
    ),
}  # fmt: skip


def made(library: Library, world: World) -> Library:
    """Make a world, scanned."""
    shelve(library, world.links, scan=False)
    library.add(None, world.extra)
    library.scan()
    give_genres(library, world.links)
    if world.config:
        library.write_config(world.config)
    return library


def untouched(library: Library) -> tuple[object, ...]:
    """Return what a report must leave as it is."""
    return snapshot(library.video), snapshot(library.storage), Path(library.db).read_bytes()


@pytest.mark.parametrize("case", WORLDS)
def test_what_is_untidy_is_found(case: str, library: Library) -> None:
    world = WORLDS[case]
    made(library, world)
    before = untouched(library)
    report = library.report("cleanup", *world.options)
    assert found(report, library) == world.expected
    total = sum(map(len, world.expected.values()))
    assert report["summary"]["total"] == total
    assert library.run("cleanup", *world.options).code == (1 if total else 0)
    assert library.run("cleanup", *world.options, "--exit-zero").code == 0
    assert untouched(library) == before


@pytest.fixture
def untidy(library: Library) -> Library:
    """Return a library with a fault of every kind, one link that leads to nowhere, and one that can be repaired."""
    links = {AWAY: "Drame", f"{DRAMA}/M (1931).mkv": "Drame", f"{DRAMA}/M (1931) VO.mkv": "Drame"}
    links |= dict.fromkeys(many("Films/Western", 51), "Western") | {f"{DRAMA}/Moved (1990).mkv": "Drame"}
    made(library, World(links, {}, {"Films/SF": None, f"{DRAMA}/Gone (2001).mkv": "@/Films/Gone.2001.mkv"}))
    library.move("Films/Moved.1990.mkv", "Films/new/m.mkv")
    return library


def test_the_document_is_the_contracts(untidy: Library) -> None:
    document = untidy.report("cleanup", code=1)
    head = "command version checked_at library complete has_issues summary coverage issues suggestions"
    assert list(document) == head.split()
    assert (document["command"], document["complete"], document["has_issues"]) == ("cleanup", True, True)
    assert list(document["summary"]) == KEYS.split()
    assert list(document["summary"].values()) == [6, 56, 2, 1, 1, 1, 1, 0]
    rows = {row["path"].rpartition("/")[2]: row for row in document["issues"]}
    kinds = [row["type"] for row in document["issues"]]
    assert kinds == ["broken_symlink"] * 2 + [
        "misplaced_symlink", "duplicate_symlink", "oversized_dir", "empty_dir"
    ]  # fmt: skip
    keys = ["type", "path", "details"]
    gone, moved = rows["Gone (2001).mkv"], rows["Moved (1990).mkv"]
    assert list(gone) == list(moved) == [*keys, "target", "candidate", "score", "evidence"]
    assert (gone["candidate"], gone["score"], gone["evidence"]) == (None, None, "")
    assert (moved["target"], moved["candidate"]) == (
        untidy.stored("Films/Moved.1990.mkv"), untidy.stored("Films/new/m.mkv")
    )  # fmt: skip
    assert moved["score"] == 100
    assert "same size" in moved["evidence"]
    misplaced = {"path": untidy.link(AWAY), "expected_dir": untidy.link(DRAMA)}
    assert rows["Brazil (1985).mkv"].items() >= misplaced.items()
    assert list(rows["Brazil (1985).mkv"]) == [*keys, "expected_dir"]
    assert list(rows["M (1931).mkv"].items())[3:] == [
        ("target", untidy.stored("Films/M.1931.mkv")),
        ("keep", untidy.link(f"{DRAMA}/M (1931) VO.mkv")),
        ("remove", [untidy.link(f"{DRAMA}/M (1931).mkv")]),
    ]
    western = rows["Western"]
    assert list(western) == [*keys, "count", "max", "ranges", "range_counts"]
    assert (western["count"], western["max"]) == (51, 50)
    assert len(western["ranges"]) == len(western["range_counts"]) >= 2
    assert sum(western["range_counts"]) == 51
    assert list(rows["SF"]) == keys


def test_the_next_command_is_told_with_what_narrows_the_report(untidy: Library) -> None:
    flags = " ".join(untidy.flags())

    def suggested(*arguments: str) -> list[str]:
        return [
            line.replace(flags, "FLAGS") for line in untidy.run("cleanup", "--json", *arguments).json["suggestions"]
        ]

    assert suggested() == ["cineorg cleanup FLAGS --fix", "cineorg repair-links FLAGS"]
    assert suggested("--skip-repair", "--max-per-dir", "40") == [
        "cineorg cleanup FLAGS --fix --skip-repair --max-per-dir 40"
    ]
    assert suggested("--skip", "empty_dir", untidy.link(DRAMA)) == [
        f"cineorg cleanup FLAGS --fix --skip empty_dir {untidy.link(DRAMA)}",
        f"cineorg repair-links FLAGS {untidy.link(DRAMA)}",
    ]
    assert suggested(untidy.link(f"{DRAMA}/Gone (2001).mkv"))[0].startswith("cineorg repair-links")
    assert suggested("--only", "index") == []


def test_places_and_kinds_narrow_the_report(untidy: Library) -> None:
    def kinds(*arguments: str) -> list[str]:
        return sorted(found(untidy.report("cleanup", *arguments), untidy))

    assert kinds(untidy.link(COMEDY)) == ["misplaced_symlink"]
    assert kinds(untidy.link(DRAMA)) == ["broken_symlink", "duplicate_symlink"]
    assert kinds("--only", "empty_dir", "--only", "oversized_dir") == ["empty_dir", "oversized_dir"]
    assert kinds("--skip", "empty_dir", "--skip", "broken_symlink", "--skip-subdivide") == [
        "duplicate_symlink", "misplaced_symlink"
    ]  # fmt: skip
    only = untidy.report("cleanup", "--only", "empty_dir")
    assert only["summary"] == {"total": 1, "empty_dirs": 1}
    assert kinds("--min-score", "100") == kinds()


def test_every_format_has_the_same_issues(untidy: Library) -> None:
    issues = untidy.report("cleanup")["issues"]
    *lines, last = untidy.run("cleanup", "--jsonl").lines
    assert (lines, last["type"], last["complete"]) == (issues, "summary", True)
    header, *cells = untidy.run("cleanup", "--tsv").out.decode().split("\n")[:-1]
    columns = "type path details target candidate score evidence expected_dir keep remove count max ranges range_counts"
    assert header.split("\t") == [*columns.split(), "reason"]
    assert [cell.split("\t")[1] for cell in cells] == [issue["path"] for issue in issues]
    assert untidy.run("cleanup", "--only", "empty_dir").out.decode().startswith(header)
    paths = untidy.run("cleanup", "-0").out.split(b"\0")[:-1]
    assert [os.fsdecode(path) for path in paths] == [issue["path"] for issue in issues]
    table = untidy.run("cleanup", "--format", "table", "--limit", "0").out.decode()
    assert all(issue["path"].rpartition("/")[2] in table for issue in issues)
    assert "Try: cineorg cleanup" in table


def test_progress_has_six_phases_and_counts_the_index(untidy: Library) -> None:
    result = untidy.run("cleanup", "--json", "--progress", "json")
    events = [json.loads(line) for line in result.err.splitlines()]
    assert {event["phases"] for event in events} == {6}
    labels = {event["phase"]: event["label"] for event in events}
    assert list(labels) == [0, 1, 2, 3, 4, 5, 6]
    assert labels[1] == "Index of links"
    index = [event for event in events if event["phase"] == 1]
    assert index[0]["done"] == 0 < index[-1]["done"] == index[-1]["total"]
    broken = [event for event in events if event["phase"] == 2]
    assert broken[0]["done"] == 0 < broken[-1]["done"] == broken[-1]["total"]


def test_the_report_waits_for_no_writer(untidy: Library) -> None:
    expected = untidy.report("cleanup")["issues"]
    with open(f"{untidy.db}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert untidy.report("cleanup", code=1)["issues"] == expected
        refused = untidy.run("cleanup", "--fix")
        assert refused.code == 4
        assert refused.out == b""


def test_a_library_that_was_never_scanned_is_told_what_to_do(library: Library) -> None:
    library.films(2).add(None, {"Films/SF": None})
    for arguments in ([], ["--fix"], ["--dry-run"]):
        result = library.run("cleanup", *arguments)
        assert (result.code, result.out) == (2, b"")
        assert "cineorg scan" in result.err
    assert found(library.report("cleanup", "--only", "empty_dir", code=1), library) == {"empty_dir": ["Films/SF"]}
    assert not Path(library.db).exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--yes"], "--yes goes with --fix"),
        (["--delete-broken"], "--delete-broken goes with --fix"),
        (["--fix", "--missing-for", "7d"], "--missing-for goes with --delete-broken"),
        (["--fix", "--delete-broken", "--missing-for", "soon"], "'soon' is no age; say e.g. 12h, 7d, 2w, or 0"),
        (["--fix", "--delete-broken", "--skip-repair"], "broken links are left out by another option"),
        (["--fix", "--delete-broken", "--only", "empty_dir"], "broken links are left out by another option"),
        (["--only", "ghost_entry"], "there is no check 'ghost_entry'; known are index, broken_symlink, misplaced_"),
        (["--max-per-dir", "-1"], "--max-per-dir"),
        (["--min-score", "101"], "--min-score"),
        (["/nowhere"], "lies in none of the library's roots"),
        (["--fix", "@/Films/nowhere"], "does not exist"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(arguments: list[str], error: str, untidy: Library) -> None:
    before = snapshot(untidy.video)
    result = untidy.run("cleanup", *[word.replace("@", untidy.video) for word in arguments])
    assert (result.code, result.out) == (2, b"")
    assert error in result.err
    assert snapshot(untidy.video) == before


def test_a_stored_path_is_none_of_cleanups(untidy: Library) -> None:
    result = untidy.run("cleanup", untidy.storage)
    assert result.code == 2


def test_where_nothing_is_nothing_could_be_looked_at(untidy: Library) -> None:
    report = untidy.report("cleanup", untidy.link("Films/Dramme"), code=3)
    assert [(row["type"], row["details"]) for row in report["issues"]] == [
        ("unreadable", "could not be looked at: nothing is there")
    ]


def test_what_is_offline_is_not_judged(untidy: Library) -> None:
    shutil.move(untidy.storage, untidy.storage + ".away")
    os.mkdir(untidy.storage)
    report = untidy.report("cleanup", code=3)
    kinds = found(report, untidy)
    assert set(kinds) == {"offline_target", "oversized_dir", "empty_dir"}
    assert (report["complete"], report["summary"]["broken_symlinks"]) == (False, 0)
    before = snapshot(untidy.video)
    fixed = untidy.run("cleanup", "--fix", "--json", "--delete-broken", "--missing-for", "0", "--skip", "empty_dir")
    assert fixed.code == 3
    assert fixed.json["changes"] == []
    assert snapshot(untidy.video) == before


def test_a_folder_that_cannot_be_read_makes_the_report_incomplete(untidy: Library) -> None:
    os.chmod(untidy.link(DRAMA), 0)
    try:
        child = untidy.start("cleanup", "--json", prefix=unprivileged())
        result = finish(child)
    finally:
        os.chmod(untidy.link(DRAMA), 0o755)
    assert result.code == 3
    kinds = found(result.json, untidy)
    assert kinds["unreadable"] == [DRAMA]
    assert DRAMA not in kinds.get("empty_dir", [])


def test_a_mount_point_is_not_an_empty_folder(untidy: Library) -> None:
    with mounted(untidy.link("Films/SF")):
        assert "empty_dir" not in found(untidy.report("cleanup"), untidy)


def test_names_of_any_bytes_pass_through(library: Library) -> None:
    odd = "Films/Comédie/Caf\udce9\nnoir (1950).mkv"
    library.add({"Films/Café.noir.1950.mkv": 5}, {odd: "@/Films/Café.noir.1950.mkv"})
    library.scan()
    library.rows("DELETE FROM movies")
    statement = "INSERT INTO movies (title, year, genres_json, file_path) VALUES ('Café noir', 1950, ?, ?)"
    library.rows(statement, '["Drame"]', library.stored("Films/Café.noir.1950.mkv"))
    (row,) = library.report("cleanup")["issues"]
    assert (row["type"], row["path"]) == ("misplaced_symlink", library.link(odd).replace("\udce9", "\ufffd"))
    assert "path_b64" in row
    assert library.run("cleanup", "-0").out == os.fsencode(library.link(odd)) + b"\0"


def test_a_plugins_check_is_a_phase_of_cleanup(
    untidy: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = GOOD.replace("    columns", '    command = "cleanup"\n    suggestion = "explain"\n    columns')
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {"own.py": source}))
    report = untidy.report("cleanup", code=1)
    assert list(report["summary"]) == [*KEYS.split()[:-1], "extras", "unjudged_links"]
    assert "extra" in found(report, untidy)
    assert [line.split()[1] for line in report["suggestions"]] == ["explain", "cleanup", "repair-links"]
    assert untidy.report("cleanup", "--only", "extra")["summary"] == {"total": 1, "extras": 1}
    assert untidy.run("integrity", "--only", "extra").code == 2
    assert untidy.report("cleanup", "--fix", "--only", "extra", code=0)["changes"] == []


def test_folders_that_the_configuration_does_not_know(library: Library) -> None:
    places = {"Movies/Western/Brazil (1985).mkv": "Comedy", "Movies/Comedy/Alien (1979).mkv": "Drama"}
    made(library, World(places, {}))
    for options in ((), ("--fix", "-n")):
        result = library.run("cleanup", *options)
        assert result.code == 0
        assert 'genre_folders = { "Comedy" = "Comedy" }' in result.err
        assert result.err.count("Movies") == 1
    assert library.run("cleanup", "-q").err == ""
    assert library.run("cleanup", "--only", "empty_dir").err == ""
    library.write_config('layout = "none"')
    assert library.run("cleanup").err == ""
