"""`cineorg integrity`: the contract to the letter, in every format, with every exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from helpers import Library, Result, finish, kinds, snapshot

from cineorg import __version__

NAMES = {
    "tab": "a\tb.mkv",
    "newline": "a\nb.mkv",
    "return": "a\rb.mkv",
    "quotes": "a'b\"c.mkv",
    "backslash": "a\\nb.mkv",
    "not UTF-8": "caf\udce9 \udcff.mkv",
    "255 bytes": "é" * 125 + "x.mkv",
    "decomposed": "e\u0301.mkv",
    "escape": "\x1b[31mred.mkv",
    "blank": " a .mkv",
}


@pytest.fixture
def faulty(library: Library) -> Library:
    """Return a scanned library with one fault of each kind, and each fault's own fields."""
    library.films(30).scan()
    os.unlink(library.stored("Films/Films.3.2001.mkv"))
    return library.add({"Films/orphan.mkv": 77})


def test_the_document(faulty: Library) -> None:
    result = faulty.run("integrity", "--json")
    assert result.code == 1
    document = result.json
    assert list(document) == [
        "command", "version", "checked_at", "library", "complete", "has_issues", "summary", "coverage", "issues",
        "suggestions",
    ]  # fmt: skip
    assert document["command"] == "integrity"
    assert document["version"] == __version__
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", document["checked_at"])
    assert list(document["library"].items()) == [
        ("storage", [faulty.storage]),
        ("video", faulty.video),
        ("db", faulty.db),
    ]
    assert (document["complete"], document["has_issues"]) == (True, True)
    assert list(document["summary"].items())[:4] == [
        ("total", 3),
        ("ghost_entries", 1),
        ("orphan_files", 1),
        ("broken_symlinks", 1),
    ]
    gone, link = faulty.stored("Films/Films.3.2001.mkv"), faulty.link("Films/Drame/Films no3 (2001).mkv")
    ghost, orphan, broken = document["issues"]
    (row_id,) = faulty.rows("SELECT id FROM movies WHERE file_path = ?", gone)
    assert list(ghost.items()) == [
        ("type", "ghost_entry"),
        ("path", gone),
        ("details", ghost["details"]),
        ("table", "movies"),
        ("id", row_id[0]),
        ("title", "Films no3"),
    ]
    assert list(orphan) == ["type", "path", "details", "size", "linked", "version_of"]
    assert (orphan["path"], orphan["size"]) == (faulty.stored("Films/orphan.mkv"), 77)
    assert list(broken) == ["type", "path", "details", "target"]
    assert (broken["path"], broken["target"]) == (link, gone)
    flags = " ".join(faulty.flags())
    assert document["suggestions"] == [
        f"cineorg repair-links {flags} --auto",
        f"cineorg link-orphans {flags} --dry-run",
    ]


def test_nothing_found(library: Library) -> None:
    library.films(3).scan()
    result = library.run("integrity", "--json")
    assert result.code == 0
    assert (result.json["has_issues"], result.json["issues"], result.json["suggestions"]) == (False, [], [])
    assert library.run("integrity", "--tsv").out.count(b"\n") == 1
    assert library.run("integrity", "--tsv", "--no-headers").out == b""
    assert library.run("integrity", "-0").out == b""
    assert b"Nothing found." in library.run("integrity", "--format", "table").out
    assert [line["type"] for line in library.run("integrity", "--jsonl").lines] == ["summary"]


def test_json_lines(faulty: Library) -> None:
    result = faulty.run("integrity", "--jsonl")
    assert result.code == 1
    assert [line["type"] for line in result.lines] == ["ghost_entry", "orphan_file", "broken_symlink", "summary"]
    assert list(result.lines[-1])[:2] == ["type", "complete"]
    assert result.lines[:-1] == faulty.integrity()["issues"]


def test_tsv_columns_are_the_same_whatever_is_found(faulty: Library) -> None:
    header = b"type\tpath\tdetails\ttable\tid\ttitle\tsize\tlinked\tversion_of\ttarget\treason\n"
    result = faulty.run("integrity")  # not a terminal: TSV
    assert result.out.startswith(header)
    assert {line.count(b"\t") for line in result.out.splitlines()} == {10}
    assert faulty.run("integrity", "--only", "orphan_file").out.startswith(header)
    assert faulty.run("integrity", "--no-headers").out == result.out[len(header) :]


def read_tsv(out: bytes) -> list[dict[str, str]]:
    """Return TSV as `jq @tsv` means it."""
    escapes = {b"\\t": b"\t", b"\\n": b"\n", b"\\r": b"\r", b"\\\\": b"\\"}
    lines = [
        [os.fsdecode(re.sub(rb"\\.", lambda found: escapes[found[0]], cell)) for cell in line.split(b"\t")]
        for line in out.split(b"\n")[:-1]
    ]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.fixture
def oddly_named(library: Library) -> Library:
    """Return a library in which every odd name is a stored file, a row, an orphan and a broken link."""
    library.films(60).add(
        {f"Films/{name}": 10 + number for number, name in enumerate(NAMES.values())},
        {f"Films/Drame/Title{number} (1999) {name}": f"@/Films/{name}" for number, name in enumerate(NAMES.values())
         if len(os.fsencode(name)) < 200},
    )  # fmt: skip
    library.scan(code=0)
    for name in NAMES.values():
        os.rename(library.stored(f"Films/{name}"), library.stored(f"Films/o{os.path.basename(name)[1:]}"))
    return library


def paths_of(result: Result, how: str) -> list[str]:
    import base64

    if how == "-0":
        return [os.fsdecode(raw) for raw in result.out.split(b"\0")[:-1]]
    if how == "--tsv":
        return [row["path"] for row in read_tsv(result.out)]
    rows = result.json["issues"] if how == "--json" else result.lines[:-1]
    return [os.fsdecode(base64.b64decode(row["path_b64"])) if "path_b64" in row else row["path"] for row in rows]


@pytest.mark.parametrize("how", ["--json", "--jsonl", "--tsv", "-0"])
def test_names_of_any_bytes_in_every_format(how: str, oddly_named: Library) -> None:
    result = oddly_named.run("integrity", how)
    assert result.code == 1
    stored = [oddly_named.stored(f"Films/{name}") for name in NAMES.values()]
    linked = [
        oddly_named.link(f"Films/Drame/Title{number} (1999) {name}")
        for number, name in enumerate(NAMES.values())
        if len(os.fsencode(name)) < 200
    ]
    ghosts = [path for path in stored if len(os.fsencode(os.path.basename(path))) < 200]
    orphans = [oddly_named.stored(f"Films/o{name[1:]}") for name in NAMES.values()]
    understood = {row[0] for row in oddly_named.rows("SELECT file_path FROM movies")}
    assert len(understood) == 60 + len(ghosts), "every odd name is to be in the catalogue"
    assert paths_of(result, how) == sorted(ghosts) + sorted(orphans) + sorted(linked)


def test_names_of_any_bytes_on_a_terminal(oddly_named: Library) -> None:
    out = oddly_named.run("integrity", "--format", "table", "--limit", "0").out.decode()
    assert "\x1b" not in out
    assert "\r" not in out
    assert "\t" not in out


def test_print0_goes_with_xargs(faulty: Library) -> None:
    faulty.add(video={"Films/-rf \n.mkv": "@/Films/none.mkv"})
    child = faulty.start("integrity", "--only", "broken_symlink", "-0")
    listed = subprocess.run(
        ["xargs", "-0", "ls", "-d", "--"], stdin=child.stdout, capture_output=True, check=True
    ).stdout  # fmt: skip
    assert finish(child).code == 1
    assert listed.count(b".mkv") == 2


def test_print0_has_nothing_that_could_not_be_judged(library: Library) -> None:
    """Else `-0 --only broken_symlink | xargs -0 rm` would remove every link of a disk that is away."""
    library.films(30).add(video={"Films/broken.mkv": "nowhere.mkv"}).scan()
    os.rename(library.storage, f"{library.storage}.away")
    result = library.run("integrity", "-0", "--only", "broken_symlink")
    assert (result.code, result.out) == (3, os.fsencode(library.link("Films/broken.mkv")) + b"\0")
    assert result.err == "cineorg: 31 paths that could not be judged are left out\n"
    assert library.run("integrity", "-0", "--only", "orphan_file").out == b""


def test_the_table(library: Library) -> None:
    library.films(1).add(video={f"Films/{number:03}.mkv": "@/Films/none.mkv" for number in range(60)}).scan()
    out = library.run("integrity", "--format", "table").out.decode()
    assert "60 broken links: no such file\n" in out
    assert "… and 10 more (--limit 0)" in out
    assert "Films/049.mkv" in out
    assert library.video + "/Films/0" not in out  # relative to the root
    assert "Films/050.mkv" not in out
    assert "… " not in library.run("integrity", "--format", "table", "--limit", "0").out.decode()
    assert "… and 57 more" in library.run("integrity", "--format", "table", "--limit", "3").out.decode()
    assert "Try: cineorg repair-links" in out


CODES: dict[str, tuple[list[str], int]] = {
    "found": ([], 1),
    "exit zero": (["--exit-zero"], 0),
    "only what is not there": (["--only", "ghost_entry", "--skip", "ghost_entry"], 0),
    "a healthy part": (["Séries"], 0),
}


@pytest.mark.parametrize("case", CODES)
def test_exit_codes(case: str, faulty: Library) -> None:
    arguments, code = CODES[case]
    faulty.add(video={"Séries/x": None})
    arguments = [faulty.link(word) if word == "Séries" else word for word in arguments]
    assert faulty.run("integrity", *arguments, "--json").code == code


def test_exit_zero_does_not_hide_what_could_not_be_looked_at(faulty: Library) -> None:
    os.rename(faulty.storage, faulty.storage + ".away")
    assert faulty.run("integrity", "--exit-zero").code == 3


SELECTIONS: dict[str, tuple[list[str], list[str]]] = {
    "only one": (["--only", "orphan_file"], ["orphan_files"]),
    "only two": (["--only", "orphan_file", "--only", "ghost_entry"], ["ghost_entries", "orphan_files"]),
    "skip one": (["--skip", "orphan_file"], ["ghost_entries", "broken_symlinks"]),
}


@pytest.mark.parametrize("case", SELECTIONS)
def test_only_and_skip(case: str, faulty: Library) -> None:
    arguments, phases = SELECTIONS[case]
    report = faulty.integrity(*arguments, code=1)
    kinds = [key for key in report["summary"] if key != "total"]
    assert [key for key in kinds if key in ("ghost_entries", "orphan_files", "broken_symlinks")] == phases
    assert kinds == phases or "--skip" in arguments
    assert report["summary"]["total"] == len(report["issues"]) == len(phases)


def test_an_unknown_kind_is_an_error_that_names_those_there_are(faulty: Library) -> None:
    for option in ("--only", "--skip"):
        result = faulty.run("integrity", option, "broken_link", "--json")
        assert (result.code, result.out) == (2, b"")
        assert "ghost_entry, orphan_file, broken_symlink" in result.err


def test_paths(faulty: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty.add(video={"Films/Action/x.mkv": "@/Films/none.mkv", "Films/Action2/y.mkv": "@/Films/none.mkv"})
    assert kinds(faulty.integrity(faulty.link("Films/Action"), code=1)) == {
        "broken_symlink": [faulty.link("Films/Action/x.mkv")]
    }
    monkeypatch.chdir(faulty.link("Films"))
    assert len(faulty.integrity("Action", "Action2/", code=1)["issues"]) == 2
    assert kinds(faulty.integrity("Action/x.mkv", code=1)) == {"broken_symlink": [faulty.link("Films/Action/x.mkv")]}
    assert set(kinds(faulty.integrity(faulty.storage, code=1))) == {"ghost_entry", "orphan_file"}
    for outside in ("/etc", "..", faulty.video + "2"):
        result = faulty.run("integrity", outside if outside != ".." else faulty.link(".."))
        assert result.code == 2
        assert "lies in none of the library's roots" in result.err


def test_broken_links_need_no_catalogue(library: Library) -> None:
    library.films(3).add(video={"Films/x.mkv": "@/Films/none.mkv"})
    assert kinds(library.integrity("--only", "broken_symlink", code=1)) == {
        "broken_symlink": [library.link("Films/x.mkv")]
    }
    assert not os.path.exists(library.db)
    result = library.run("integrity")
    assert (result.code, result.out) == (2, b"")
    assert f"run `cineorg scan {' '.join(library.flags())}` first" in result.err


def test_it_changes_nothing(faulty: Library) -> None:
    before = snapshot(faulty.storage), snapshot(faulty.video)
    dumped = faulty.rows("SELECT name, sql FROM sqlite_master"), faulty.rows("SELECT * FROM cineorg_files")
    with open(faulty.db, "rb") as file:
        raw = file.read()
    for how in ("--json", "--tsv", "-0"):
        faulty.run("integrity", how)
    assert (snapshot(faulty.storage), snapshot(faulty.video)) == before
    assert (faulty.rows("SELECT name, sql FROM sqlite_master"), faulty.rows("SELECT * FROM cineorg_files")) == dumped
    with open(faulty.db, "rb") as file:
        assert file.read() == raw


def test_the_same_tree_gives_the_same_output(faulty: Library) -> None:
    faulty.add(video={f"Films/{number}.mkv": "@/Films/none.mkv" for number in (3, 1, 2)})
    assert faulty.run("integrity").out == faulty.run("integrity").out
    paths = [issue["path"] for issue in faulty.integrity("--only", "broken_symlink")["issues"]]
    assert paths == sorted(paths)


def test_an_empty_catalogue_is_explained(library: Library) -> None:
    """Thousands of orphans mean that nobody has registered them, and the report says so."""
    library.films(3).scan("--no-register")
    report = library.integrity(code=1)
    assert all(issue["details"].startswith("the catalogue names no file at all") for issue in report["issues"])
    assert all(issue["linked"] for issue in report["issues"])


def test_progress_events(faulty: Library) -> None:
    result = faulty.run("integrity", "--json", "--progress", "json")
    events = [json.loads(line) for line in result.err.splitlines()]
    assert all(list(event) == ["event", "phase", "phases", "label", "done", "total"] for event in events)
    assert {event["event"] for event in events} == {"progress"}
    phases = list(dict.fromkeys((event["phase"], event["label"]) for event in events))
    assert phases[:4] == [
        (0, "Reading both trees"),
        (1, "Ghost entries"),
        (2, "Orphan files"),
        (3, "Broken links"),
    ]
    assert {event["phases"] for event in events} == {len(phases) - 1}
    last = {event["phase"]: event for event in events}
    assert last[2]["done"] == last[2]["total"] == 30
    assert result.json["summary"]["total"] == 3


def test_progress_on_no_terminal_is_silence(faulty: Library) -> None:
    assert faulty.run("integrity").err == ""
    assert faulty.run("integrity", "--progress", "never").err == ""
    assert "Reading both trees" in faulty.run("integrity", "--progress", "always").err


def test_a_path_where_nothing_is_is_no_path_where_all_is_well(faulty: Library) -> None:
    gone, typo = faulty.stored("Films/Films.3.2001.mkv"), faulty.link("Filmz")
    assert kinds(faulty.integrity(gone, code=1)) == {"ghost_entry": [gone]}
    assert faulty.run("integrity", faulty.link("Films/Drame/Films no1 (2001).mkv")).code == 0
    report = faulty.integrity(typo, gone, "--exit-zero", code=3)
    assert kinds(report) == {"ghost_entry": [gone], "unreadable": [typo]}
    assert report["complete"] is False


@pytest.mark.parametrize("name", ["tsv", "csv"])
def test_rows_of_one_kind_are_of_that_kind_only(name: str, library: Library) -> None:
    """What `cut -f2` gives to the next program is a list of broken links, whatever is away."""
    library.films(3).add(video={"Films/gone.mkv": "@/Films/none.mkv", "Films/away.mkv": "/mnt/no-such-disk/a.mkv"})
    library.run("scan")
    result = library.run("integrity", "--format", name, "--no-headers", "--only", "broken_symlinks")
    rows = result.out.decode().splitlines()
    assert [row.replace(",", "\t").split("\t")[:2] for row in rows] == [
        ["broken_symlink", library.link("Films/gone.mkv")]
    ]
    assert result.code == 3
    assert "that could not be checked are left out" in result.err
    assert len(library.run("integrity", "--json", "--only", "broken_symlink").json["issues"]) > 1
