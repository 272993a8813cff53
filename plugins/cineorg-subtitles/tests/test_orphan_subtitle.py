"""The check as a user meets it: `cineorg integrity` on a real tree, the plugin found as a file or as a package."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

import cineorg

DISTRIBUTION = Path(__file__).parent.parent
MODULE = DISTRIBUTION / "cineorg_subtitles" / "orphan_subtitle.py"
try:
    IS_INSTALLED = bool(distribution("cineorg-subtitles"))
except PackageNotFoundError:
    IS_INSTALLED = False

# Each case is a folder of its own: its entries, and those of them that are orphans.
CASES: dict[str, tuple[str, str]] = {
    "same name": ("Film (2001).mkv|Film (2001).srt", ""),
    "no video at all": ("Film (2001).srt", "Film (2001).srt"),
    "every kind": ("a.srt|b.ass|c.ssa|d.sub|e.vtt|f.sup|g.nfo|h.txt|i.jpg|j.smi|k.ttml|l.lrc",
                   "a.srt|b.ass|c.ssa|d.sub|e.vtt|f.sup|j.smi|k.ttml|l.lrc"),
    "every kind has its video": (
        "a.srt|a.mkv|b.ass|b.mp4|c.ssa|c.avi|d.sub|d.ts|e.vtt|e.m4v|f.sup|f.webm",
        "",
    ),
    "upper case": ("FILM.MKV|film.SRT|other.Fr.SRT", "other.Fr.SRT"),
    "language": ("Film.mkv|Film.fr.srt|Film.eng.srt|Film.English.ass|Film.français.srt|Film_fr.srt|Film [fr].srt", ""),
    "flags": ("Film (2001).mkv|Film (2001).fr.forced.srt|Film (2001).en.sdh.srt|Film (2001).forced.srt", ""),
    "more flags": ("Film.mkv|Film.en.cc.srt|Film.en.hi.srt|Film.default.en.srt|Film.en[sdh].srt", ""),
    "region and script": (
        "Show - S01E01.mkv|Show - S01E01.en-US.sdh.srt|Show - S01E01.pt_BR.srt|Show - S01E01.es-419.srt"
        "|Show - S01E01.zh-Hant-TW.srt|Show - S01E01-fr.srt",
        "",
    ),
    "region without a language": ("Film.mkv|Film.XQ.srt", "Film.XQ.srt"),
    "track number": ("film.mkv|film.2.eng.srt|film.eng.2.srt|film.forced.03.srt", ""),
    "number alone": ("Rocky.mkv|Rocky.2.srt", "Rocky.2.srt"),
    "sequel": ("Rocky.mkv|Rocky 2.srt|Rocky 2.fr.srt", "Rocky 2.srt|Rocky 2.fr.srt"),
    "longer title": ("Alien.mkv|Alien Resurrection.srt|Alien.Resurrection.fr.srt",
                     "Alien Resurrection.srt|Alien.Resurrection.fr.srt"),
    "shorter title": ("Alien Resurrection.mkv|Alien.srt", "Alien.srt"),
    "other episode": ("Show - S01E01.mkv|Show - S01E02.mkv|Show - S01E03.fr.srt", "Show - S01E03.fr.srt"),
    "near number": ("Show - S04E021.mkv|Show - S04E02.srt", "Show - S04E02.srt"),
    "another language in the video's name": ("Film.fr.mkv|Film.fr.srt|Film.fr.en.srt|Film.en.srt", "Film.en.srt"),
    "release name": ("Film.2001.1080p-GRP.mkv|Film.2001.1080p-GRP.eng.srt|Film.2001.720p-OLD.srt",
                     "Film.2001.720p-OLD.srt"),
    "brackets at the end": ("Film [1080p].mkv|Film [1080p].fr.srt", ""),
    "only a language": ("Film.mkv|English.srt|fr.forced.srt", ""),
    "only a language, two videos": ("A.mkv|B.mkv|English.srt", "English.srt"),
    "pair": ("Film.mkv|Film.sub|Film.idx|Gone.SUB|Gone.IDX", "Gone.IDX|Gone.SUB"),
    "index of something else": ("pack.idx|pack.pack|Other.srt", "Other.srt"),
    "subs folder": ("Film.mkv|B.mkv|Subs/Film.fr.srt|Subs/2_English.srt|Subs/Other.srt|Subs/Film.sub|Subs/Film.idx",
                    "Subs/Other.srt"),
    "subtitles folder": ("Film.mkv|SUBTITLES/Film.fr.srt|Subtitles/French.srt", ""),
    "subs folder without video": ("readme.txt|Subs/English.srt|Subs/Film.srt", "Subs/English.srt|Subs/Film.srt"),
    "video in the subs folder": ("Subs/Film.mkv|Subs/Film.fr.srt", ""),
    "folder an episode": ("S.E01.mkv|S.E03.mkv|Subs/S.E01/2_English.srt|Subs/S.E02/2_English.srt|Subs/English/any.srt",
                          "Subs/S.E02/2_English.srt"),
    "another folder": ("Film.mkv|Extra/Film.srt", "Extra/Film.srt"),
    "a folder named as a video": ("Film.mkv/a.nfo|Film.srt", "Film.srt"),
    "no name": (".srt|Film.mkv", ".srt"),
    "odd characters": ("a\tb\n'\"\\.mkv|a\tb\n'\"\\.fr.srt|\x1b[31m.srt", "\x1b[31m.srt"),
    "not UTF-8": ("caf\udce9.mkv|caf\udce9.fr.srt|gar\udce7on.srt", "gar\udce7on.srt"),
    "dotless": ("İstanbul.mkv|İstanbul.tr.srt|İzmir.tr.srt", "İzmir.tr.srt"),
    "255 bytes": (f"{'n' * 251}.mkv|{'n' * 251}.srt|{'m' * 251}.srt", f"{'m' * 251}.srt"),
    "decomposed": (
        f"{unicodedata.normalize('NFD', 'Amélie')}.mkv|{unicodedata.normalize('NFC', 'Amélie')}.fr.srt"
        f"|{unicodedata.normalize('NFD', 'Été')}.srt",
        f"{unicodedata.normalize('NFD', 'Été')}.srt",
    ),
}  # fmt: skip


def corpus() -> dict[str, tuple[str, str]]:
    """Return the cases of `names.txt` in the form of CASES, named by their videos."""
    cases: dict[str, tuple[str, str]] = {}
    text = (Path(__file__).parent / "names.txt").read_text()
    for block in text.split("\n\n"):
        videos, *subtitles = [line for line in block.splitlines() if line and not line.startswith("#")] or [""]
        names = [line.removeprefix("  ! ").strip() for line in subtitles]
        orphans = [name for name, line in zip(names, subtitles, strict=True) if line.startswith("  ! ")]
        if videos:
            cases[videos] = "|".join([videos.replace(" | ", "|"), *names]), "|".join(orphans)
    return cases


CASES |= corpus()


def environment(**changes: str) -> dict[str, str]:
    """Return an environment in which cineorg can be imported and nobody's settings are seen."""
    names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
    path = [changes.pop("PYTHONPATH", ""), str(Path(cineorg.__file__).parent.parent), names.get("PYTHONPATH", "")]
    return (
        names
        | {"PYTHONPATH": ":".join(filter(None, path)), "XDG_CONFIG_HOME": "/nonexistent"}
        | {
            "CINEORG_LOAD_PLUGINS": "subtitles"  # what else is installed is no part of what is tested
        }
        | changes
    )


def run(arguments: Iterable[str], env: dict[str, str]) -> tuple[int, dict[str, Any], str]:
    """Run cineorg and return its exit code, its JSON document and stderr."""
    command = [sys.executable, "-m", "cineorg", *arguments, "--json"]
    done = subprocess.run(command, env=env, capture_output=True, check=False, cwd="/")
    text = done.stderr.decode("utf-8", "replace")
    assert done.stdout, text
    return done.returncode, json.loads(done.stdout), text


class Library:
    """Two roots, and the command run on them with the plugin."""

    def __init__(self, base: Path) -> None:
        self.base, self.storage, self.video = base, base / "storage", base / "video"
        (self.video / "Films").mkdir(parents=True)
        self.add(self.storage / "Films", "kept.mkv")  # storage without a single video counts as offline
        self.env = environment() if IS_INSTALLED else environment(CINEORG_PLUGINS_DIR=str(MODULE.parent))

    def add(self, folder: Path, *names: str) -> None:
        """Make empty files below a folder."""
        for name in names:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "xb"):
                pass

    def check(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Run the one check."""
        roots = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.base / "none.db")]
        return run(["integrity", *roots, "--only", "orphan_subtitle", *arguments], self.env)

    def orphans(self) -> list[str]:
        """Return the paths of the orphans, below the base folder, in the order of the report."""
        return [exact(issue)[len(str(self.base)) + 1 :] for issue in self.check()[1]["issues"]]


def exact(row: dict[str, Any]) -> str:
    """Return a row's path with the bytes that it has on disk."""
    import base64

    return os.fsdecode(base64.b64decode(row["path_b64"])) if "path_b64" in row else str(row["path"])


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture(scope="module", params=["storage", "video"])
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    """Return a tree's name and the orphans found in it, all cases being in it as folders."""
    library = Library(tmp_path_factory.mktemp(request.param))
    for number, (entries, _) in enumerate(CASES.values()):
        library.add(library.base / request.param / "Films" / str(number), *entries.split("|"))
    return request.param, library.orphans()


@pytest.mark.parametrize("name", CASES)
def test_an_orphan_is_a_subtitle_that_no_video_is_named_like(name: str, judged: tuple[str, list[str]]) -> None:
    tree, orphans = judged
    folder = f"{tree}/Films/{list(CASES).index(name)}/"
    expected = sorted(filter(None, CASES[name][1].split("|")))
    assert [path[len(folder) :] for path in orphans if path.startswith(folder)] == expected


def test_links_count_as_videos_even_broken_ones(library: Library) -> None:
    films = library.video / "Films"
    library.add(films, "A.fr.srt", "B.fr.srt", "C.srt")
    library.add(library.storage / "Films", "a.mkv")
    (films / "A.mkv").symlink_to(library.storage / "Films" / "a.mkv")
    (films / "B.mkv").symlink_to("/nonexistent/b.mkv")
    (films / "D.srt").symlink_to("/nonexistent/d.srt")
    assert library.orphans() == ["video/Films/C.srt", "video/Films/D.srt"]


def test_a_finding_says_what_is_missing_and_ends_with_1(library: Library) -> None:
    library.add(library.video / "Films" / "Drame", "Film (2001).fr.forced.srt")
    code, document, errors = library.check()
    path = str(library.video / "Films" / "Drame" / "Film (2001).fr.forced.srt")
    details = "no video of its name beside it"
    assert document["issues"] == [
        {"type": "orphan_subtitle", "path": path, "details": details, "wanted": "Film (2001)"}
    ]  # fmt: skip
    assert document["summary"] == {"total": 1, "orphan_subtitles": 1}
    assert (code, errors) == (1, "")


def test_a_library_without_orphans_ends_with_0(library: Library) -> None:
    library.add(library.video / "Films", "Film.mkv", "Film.srt")
    library.add(library.storage / "Other", "out of scope.srt")
    library.add(library.storage / "Films" / "@eaDir", "ignored.srt")
    code, document, errors = library.check()
    assert (code, document["summary"], errors) == (0, {"total": 0, "orphan_subtitles": 0}, "")


def test_progress_counts_the_folders(library: Library) -> None:
    library.add(library.video / "Films" / "A", "A.srt")
    events = [json.loads(line) for line in library.check("--progress", "json")[2].splitlines()]
    last = [event for event in events if event["label"] == "Orphan subtitles"][-1]
    assert (last["done"], last["total"]) == (3, 3)  # Films of both trees, and A


def test_nothing_is_said_of_what_could_not_be_read(library: Library) -> None:
    films = library.storage / "Films"
    library.add(films, "Closed/Film.mkv", "Closed/Subs/Film.srt", "Open/Lost.srt")
    if os.geteuid() == 0:
        pytest.skip("root may read everything; the test below sees to the logic")
    (films / "Closed").chmod(0)
    try:
        code, document, _ = library.check()
    finally:
        (films / "Closed").chmod(0o755)
    assert [issue["path"] for issue in document["issues"] if issue["type"] == "orphan_subtitle"] == [
        str(films / "Open/Lost.srt")
    ]
    assert (code, document["complete"]) == (3, False)


def test_a_folder_that_was_not_read_to_its_end_may_hold_the_video(library: Library) -> None:
    films = str(library.storage / "Films")
    library.add(library.storage / "Films", "Half/A.srt", "Half/Subs/A.srt", "Odd/B.srt", "Whole/C.srt")
    driver = f"""
import sys
from cineorg.trees import census, tree_walk
from cineorg.commands.group import main
take = tree_walk.take_census
def take_partly(*arguments, **options):
    taken = take(*arguments, **options)
    taken.unreadable += [census.Unreadable({films + "/Half"!r}, "input/output error"),
                         census.Unreadable({films + "/Odd/entry"!r}, "input/output error")]
    return taken
import cineorg.trees.library
cineorg.trees.library.take_census = take_partly
sys.exit(main(sys.argv[1:]))
"""
    roots = ["--storage", str(library.storage), "--video", str(library.video), "--db", str(library.base / "none.db")]
    command = [sys.executable, "-c", driver, "integrity", *roots, "--only", "orphan_subtitle", "--json"]
    done = subprocess.run(command, env=library.env, capture_output=True, check=False)
    found = [issue["path"] for issue in json.loads(done.stdout)["issues"] if issue["type"] == "orphan_subtitle"]
    assert (found, done.returncode) == ([films + "/Whole/C.srt"], 3)


def test_nothing_is_said_of_a_place_that_is_offline(library: Library) -> None:
    library.add(library.storage / "Films", *(f"{number}/Film{number}.mkv" for number in range(40)))
    library.add(library.storage / "Films", *(f"{number}/Film{number}.fr.srt" for number in range(40)))
    roots = ["--storage", str(library.storage), "--video", str(library.video), "--db", str(library.base / "c.db")]
    assert run(["scan", *roots], library.env)[0] == 0
    # Half of the pool has gone, with the videos; the subtitles lie on the other half.
    for number in range(30):
        (library.storage / "Films" / str(number) / f"Film{number}.mkv").unlink()
    code, document, _ = run(["integrity", *roots, "--only", "orphan_subtitle"], library.env)
    assert {issue["type"] for issue in document["issues"]} == {"offline_target"}
    assert (code, document["summary"]["orphan_subtitles"]) == (3, 0)


@pytest.mark.skipif(IS_INSTALLED, reason="the installed package registers the check first")
def test_the_file_alone_is_a_plugin(tmp_path: Path) -> None:
    shutil.copy(MODULE, tmp_path)
    shutil.copy(MODULE.with_name("words.txt"), tmp_path)
    _, document, errors = run(["plugins"], environment(CINEORG_PLUGINS_DIR=str(tmp_path)))
    assert listed(document) == [("subtitle check", f"file {tmp_path / MODULE.name}")]
    assert errors == ""


def test_the_entry_point_makes_the_package_a_plugin(tmp_path: Path) -> None:
    setup = configparser.ConfigParser()
    setup.read(DISTRIBUTION / "setup.cfg")
    info = tmp_path / "cineorg_subtitles-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: cineorg-subtitles\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[cineorg]{setup['options.entry_points']['cineorg']}\n")
    _, document, errors = run(["plugins"], environment(PYTHONPATH=f"{tmp_path}:{DISTRIBUTION}"))
    assert listed(document) == [("subtitle check", "package cineorg-subtitles")]
    assert errors == ""


@pytest.mark.slow
def test_the_distribution_installs(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="70.1")  # the first that builds wheels by itself
    pytest.importorskip("pip")
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(DISTRIBUTION, source, ignore=shutil.ignore_patterns("tests", "build", "*.egg-info", "__pycache__"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True, capture_output=True)
    assert {"py.typed", "words.txt"} <= set(os.listdir(target / "cineorg_subtitles"))
    _, document, errors = run(["plugins"], environment(PYTHONPATH=str(target)))
    assert listed(document) == [("subtitle check", "package cineorg-subtitles")]
    assert [row["version"] for row in document["plugins"] if row["name"] == "orphan_subtitle"] == ["0.1.0"]
    assert errors == ""


def listed(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what `cineorg plugins` lists of this plugin: what it is, and its origin; problems as they are."""
    return [
        (row["details"] if row["type"] == "problem" else f"subtitle {row['type']}", row["origin"])
        for row in document["plugins"]
        if "subtitle" in row["name"] + row["plugin"]
    ]
