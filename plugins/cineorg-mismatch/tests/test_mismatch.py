"""The checks as a user meets them: `cineorg integrity` on a real tree and a real catalogue."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

import cineorg

DISTRIBUTION = Path(__file__).parent.parent
try:
    IS_INSTALLED = bool(distribution("cineorg-mismatch"))
except PackageNotFoundError:
    IS_INSTALLED = False

# Link → the stored file that it leads to, and whether that is for certain another's.
LINKS: dict[str, tuple[str, str, bool]] = {
    "another film": ("Films/Drame/Heat (1995).mkv", "Films/Collateral.2004.1080p.mkv", True),
    "its own film": ("Films/Drame/Heat (1995).mkv", "Films/Heat.1995.1080p.mkv", False),
    "a translation": ("Films/Drame/Les Dents de la mer (1975).mkv", "Films/Jaws.1975.mkv", False),
    "a festival's year": ("Films/Drame/Heat (1995).mkv", "Films/Heat.1996.mkv", False),
    "a remake": ("Films/Drame/Heat (1995).mkv", "Films/Heat.1986.mkv", True),
    "another sequel, a year apart": ("Films/Drame/Rocky II (1979).mkv", "Films/Rocky.III.1980.mkv", True),
    "a code": ("Films/Drame/Heat (1995).mkv", "Films/ht-95.mkv", False),
    "another episode": (
        "Séries/Séries TV/Show (2001)/Saison 01/Show (2001) - S01E02 - A.mkv", "Séries/Show/Show.S01E03.mkv", True,
    ),
    "another season": (
        "Séries/Séries TV/Show (2001)/Saison 01/Show (2001) - S01E02 - A.mkv", "Séries/Show/Show.S02E02.mkv", True,
    ),
    "one of several episodes": (
        "Séries/Séries TV/Show (2001)/Saison 01/Show (2001) - S01E02 - A.mkv", "Séries/Show/Show.S01E01-E03.mkv", False,
    ),
    "perhaps one of several": (
        "Séries/Séries TV/Show (2001)/Saison 01/Show (2001) - S01E02 - A.mkv", "Séries/Show/Show.S01E01E03.mkv", False,
    ),
}  # fmt: skip

# A film's row (title, original title, year, duration, measured duration), its file, the expected score; 0: no finding.
FILMS: dict[str, tuple[str, str | None, int | None, int | None, float | None, str, float]] = {
    "its own": ("Heat", None, 1995, None, None, "Heat.1995.mkv", 0),
    "another year": ("Heat", None, 1995, None, None, "Heat.1986.mkv", 95),
    "another film": ("Heat", None, 1995, None, None, "Collateral.2004.mkv", 95),
    "an episode": ("Heat", None, 1995, None, None, "Show.S01E02.720p.mkv", 95),
    "the title of another row": ("Heat", None, 1995, None, None, "Casino.1995.mkv", 90),
    "a translation": ("Les Dents de la mer", None, 1975, None, None, "Jaws.1975.mkv", 0),
    "its original title": ("Les Dents de la mer", "Jaws", 1975, None, None, "Jaws.1975.mkv", 0),
    "a festival's year": ("Heat", None, 1995, None, None, "Heat.1996.mkv", 0),
    "no year": ("Heat", None, None, None, None, "Heat.1995.mkv", 0),
    "a name that says nothing": ("Heat", None, 1995, None, None, "ht-95.mkv", 0),
    "the right length": ("Heat", None, 1995, 10000, 9600.0, "Heat.1995.mkv", 0),
    "just the length of another": ("Heat", None, 1995, 10000, 8500.0, "Heat.1995.mkv", 70),
    "far too long": ("Heat", None, 1995, 6000, 12000.0, "Heat.1995.mkv", 70),
    "another cut": ("Heat", None, 1995, 6000, 12000.0, "Heat.1995.Extended.Cut.1080p.mkv", 0),
    "a translation of another length": ("Les Dents de la mer", None, 1975, 6000, 12000.0, "Jaws.1975.mkv", 70),
}
# Season and episode of rows that name one file, that file, and which of them are mismatched.
EPISODES: dict[str, tuple[list[tuple[int, int]], str, list[int]]] = {
    "its own": ([(1, 2)], "Show.S01E02.mkv", []),
    "another number": ([(1, 2)], "Show.S01E03.mkv", [2]),
    "another season": ([(1, 2)], "Show.S02E02.mkv", [2]),
    "a number that is longer": ([(1, 2)], "Show.S01E021.mkv", [2]),
    "all of several": ([(1, 1), (1, 2), (1, 3)], "Show.S01E01-E03.mkv", []),
    "one that the file may hold": ([(1, 2)], "Show.S01E01E03.mkv", []),
    "one too many": ([(1, 1), (1, 4)], "Show.S01E01-E03.mkv", [4]),
    "another series of the catalogue": ([(1, 2)], "Other.Show.S01E02.mkv", [2]),
    "a title that nobody knows": ([(1, 2)], "Le.Spectacle.S01E02.mkv", []),
    "a film": ([(1, 2)], "Heat.1995.1080p.mkv", [2]),
}


class Library:
    """Two roots and a catalogue below one folder."""

    def __init__(self, base: Path) -> None:
        self.storage, self.video, self.db = base / "storage", base / "video", base / "c.db"
        self.storage.mkdir()
        (self.video / "Films").mkdir(parents=True)
        names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        site = "" if IS_INSTALLED else as_if_installed(base / "site")
        path = [site, str(Path(cineorg.__file__).parent.parent), names.get("PYTHONPATH", "")]
        self.env = names | {"CINEORG_LOAD_PLUGINS": "mismatch", "XDG_CONFIG_HOME": "/nonexistent",
                            "PYTHONPATH": ":".join(filter(None, path))}  # fmt: skip

    def store(self, name: str) -> str:
        path = self.storage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * (len(name) + sum(map(ord, name))))
        return str(path)

    def link(self, name: str, target: str) -> str:
        path = self.video / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
        return str(path)

    def run(self, command: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        roots = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.db)]
        line = [sys.executable, "-m", "cineorg", command, *roots, *arguments]
        return subprocess.run(line, env=self.env, capture_output=True, text=True, check=False, input=stdin)

    def scan(self) -> None:
        done = self.run("scan", "--no-register", "-q")
        assert done.returncode == 0, done.stderr

    def report(self, *kinds: str) -> dict[str, Any]:
        only = [word for kind in kinds for word in ("--only", kind)]
        done = self.run("integrity", *only, "--json")
        assert done.returncode in (0, 1), done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def execute(self, sql: str, *values: object) -> int:
        with closing(sqlite3.connect(self.db)) as connection, connection:
            return connection.execute(sql, values).lastrowid or 0

    def film(self, title: str, original: str | None, year: int | None, seconds: int | None, path: str | None) -> int:
        return self.execute(
            "INSERT INTO movies (title, original_title, year, duration_seconds, file_path) VALUES (?, ?, ?, ?, ?)",
            title, original, year, seconds, path,
        )  # fmt: skip

    def episode(self, series: int, season: int, number: int, path: str) -> None:
        self.execute(
            "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path) VALUES (?, ?, ?, '', ?)",
            series, season, number, path,
        )  # fmt: skip


def as_if_installed(folder: Path) -> str:
    """Return a search path on which the package is found with its entry point, as pip would leave it."""
    setup = configparser.ConfigParser()
    setup.read(DISTRIBUTION / "setup.cfg")
    info = folder / "cineorg_mismatch-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: cineorg-mismatch\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[cineorg]{setup['options.entry_points']['cineorg']}\n")
    return f"{folder}:{DISTRIBUTION}"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.mark.parametrize("case", LINKS)
def test_a_link_is_wrong_only_where_that_is_certain(library: Library, case: str) -> None:
    name, file, is_wrong = LINKS[case]
    link = library.link(name, library.store(file))
    library.scan()
    report = library.report("wrong_target")
    assert [issue["path"] for issue in report["issues"]] == ([link] if is_wrong else [])
    planned = json.loads(library.run("fix-bad-links", "--dry-run", "--json").stdout)
    assert bool(planned["unresolved"]) == is_wrong, "the command that mends it sees the same"
    assert report["coverage"]["wrong_target"] == {"checked": 1, "of": 1}


def test_a_wrong_link_has_both_sides_and_is_mended_by_what_is_suggested(library: Library) -> None:
    right, other = library.store("Films/Heat.1995.mkv"), library.store("Films/Collateral.2004.mkv")
    link = library.link("Films/Drame/Heat (1995).mkv", other)
    library.scan()
    report = library.report("wrong_target")
    (issue,) = report["issues"]
    assert {key: issue[key] for key in ("says", "file_says", "target", "file", "score")} == {
        "says": "Heat (1995)",
        "file_says": "Collateral (2004)",
        "target": other,
        "file": other,
        "score": 95.0,
    }
    assert "Heat (1995)" in issue["details"]
    (suggestion,) = report["suggestions"]
    assert " fix-bad-links " in suggestion
    assert library.run("fix-bad-links", "--yes").returncode == 0
    assert os.readlink(link) == right
    assert library.report("wrong_target")["issues"] == []


def test_a_link_that_was_chosen_by_hand_is_not_reported(library: Library) -> None:
    library.store("Films/Heat.1995.mkv")
    other = library.store("Films/Collateral.2004.mkv")
    link = library.link("Films/Drame/Heat (1995).mkv", str(library.storage / "Films/gone.mkv"))
    library.scan()
    assert library.run("repair-links", link, "--to", other, "--yes").returncode == 0
    assert library.report("wrong_target")["issues"] == []


@pytest.mark.parametrize("case", FILMS)
def test_a_film_row_is_mismatched_only_where_that_is_certain(library: Library, case: str) -> None:
    title, original, year, seconds, measured, name, score = FILMS[case]
    path = library.store(f"Films/{name}")
    library.scan()
    library.film("Casino", None, 1995, None, None)
    row = library.film(title, original, year, seconds, path)
    if measured:
        sql = "INSERT INTO video_files (path, filename, size_bytes, duration_seconds) VALUES (?, ?, 1, ?)"
        library.execute(sql, path, name, measured)
    report = library.report("mismatched_row")
    found = [(issue["table"], issue["id"], issue["path"], issue["score"]) for issue in report["issues"]]
    assert found == ([("movies", row, path, score)] if score else [])
    assert report["summary"]["mismatched_rows"] == len(found)


@pytest.mark.parametrize("case", EPISODES)
def test_an_episode_row_is_mismatched_only_where_that_is_certain(library: Library, case: str) -> None:
    numbers, name, expected = EPISODES[case]
    path = library.store(f"Séries/Files/{name}")
    library.scan()
    series = library.execute("INSERT INTO series (title, year) VALUES ('Show', 2001)")
    library.execute("INSERT INTO series (title, year) VALUES ('Other Show', 2005)")
    for season, number in numbers:
        library.episode(series, season, number, path)
    found = [issue["says"] for issue in library.report("mismatched_row")["issues"]]
    assert found == [f"Show S01E{number:02}" for number in expected]


def test_a_series_that_may_be_numbered_otherwise_says_so(library: Library) -> None:
    paths = [library.store(f"Séries/Show/Show.S02E{number:02}.mkv") for number in range(1, 5)]
    library.scan()
    series = library.execute("INSERT INTO series (title, year) VALUES ('Show', 2001)")
    for number, path in enumerate(paths, 14):
        library.episode(series, 1, number, path)
    issues = library.report("mismatched_row")["issues"]
    assert [issue["score"] for issue in issues] == [50.0] * 4


@pytest.mark.parametrize("has_file", [True, False])
def test_the_command_of_a_row_mends_it(library: Library, has_file: bool) -> None:
    right = library.store("Films/Rock'n'Roll.1995.mkv") if has_file else None
    other = library.store("Films/Col\\lateral 'n' more.2004.mkv")
    library.scan()
    row = library.film("Rock'n'Roll", None, 1995, None, other)
    (issue,) = library.report("mismatched_row")["issues"]
    assert issue["new"] == right
    before, _, after = issue["command"].partition("cineorg apply")
    roots = f"--storage '{library.storage}' --video '{library.video}' --db '{library.db}'"
    line = f"{before} {sys.executable} -m cineorg apply {roots} {after}"
    done = subprocess.run(["sh", "-c", line], env=library.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(library.db)) as connection:
        assert connection.execute("SELECT file_path FROM movies WHERE id = ?", (row,)).fetchone() == (right,)
    assert library.report("mismatched_row")["issues"] == []


def test_a_file_that_is_gone_is_another_checks_matter(library: Library) -> None:
    library.store("Films/Heat.1995.mkv")
    library.scan()
    library.film("Heat", None, 1995, None, str(library.storage / "Films/Collateral.2004.mkv"))
    report = library.report("mismatched_row")
    assert report["issues"] == []
    assert report["coverage"]["mismatched_row"] == {"checked": 0, "of": 1}


def test_the_demo_has_exactly_the_wrong_links_that_it_was_given(tmp_path: Path, library: Library) -> None:
    folder = tmp_path / "demo"
    line = [sys.executable, "-m", "cineorg", "demo", str(folder), "--json"]
    made = subprocess.run(line, env=library.env, capture_output=True, text=True, check=True)
    wanted = {fault["path"] for fault in json.loads(made.stdout)["faults"] if fault["type"] == "wrong_target"}
    line = [sys.executable, "-m", "cineorg", "integrity", "--config", str(folder / "cineorg.toml"), "--json"]
    done = subprocess.run(line, env=library.env, capture_output=True, text=True, check=False)
    issues = json.loads(done.stdout)["issues"]
    assert {issue["path"] for issue in issues if issue["type"] == "wrong_target"} == wanted
    assert [issue for issue in issues if issue["type"] == "mismatched_row"] == []


@pytest.mark.slow
def test_the_distribution_installs(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="70.1")  # the first that builds wheels by itself
    pytest.importorskip("pip")
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(DISTRIBUTION, source, ignore=shutil.ignore_patterns("tests", "build", "*.egg-info", "__pycache__"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, capture_output=True)
    assert (target / "cineorg_mismatch" / "py.typed").exists()
    page = DISTRIBUTION / "man" / "cineorg-mismatch.7"
    assert (target / "share" / "man" / "man7" / page.name).read_bytes() == page.read_bytes()
