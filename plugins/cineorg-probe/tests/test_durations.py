"""A file that lasts far from what the catalogue has: the rule, and the catalogue's own rows."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from cineorg_probe.judging import clock, find_faults
from cineorg_probe.model import NOT_A_VIDEO, UNKNOWN, Result
from probe_helpers import Library

from cineorg.trees.census import FileStat

STAT = FileStat(1, 1, 1, 1)
# Seconds of the file, seconds of the catalogue, tolerance, and the words ("": all is well).
RULE: list[tuple[float | None, float | None, float, str]] = [
    (7200, 7200, 0.25, ""),
    (5400, 7200, 0.25, ""),
    (9000, 7200, 0.25, ""),
    (5399, 7200, 0.25, "lasts 1:29:59, 25 % shorter than the catalogue's 2:00:00: cut off, or another file"),
    (60, 7200, 0.25, "lasts 0:01:00, 99 % shorter than the catalogue's 2:00:00: cut off, or another file"),
    (14400, 7200, 0.25, "lasts 4:00:00, 100 % longer than the catalogue's 2:00:00: another cut, more than one film or"
                        " episode, or another file"),
    (6, 120, 0.25, ""),  # a difference of less than two minutes proves nothing
    (6, 127, 0.25, "lasts 0:00:06, 95 % shorter than the catalogue's 0:02:07: cut off, or another file"),
    (7000, 7200, 0.0, "lasts 1:56:40, 3 % shorter than the catalogue's 2:00:00: cut off, or another file"),
    (3700, 7200, 0.5, ""),
    (None, 7200, 0.25, ""),
    (7200, None, 0.25, ""),
]  # fmt: skip
INSERT_FILM = "INSERT INTO movies (title, file_path, duration_seconds) VALUES ('F', ?, ?)"
INSERT_EPISODE = (
    "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path, duration_seconds)"
    " VALUES (1, 1, ?, 'E', ?, ?)"
)


@pytest.mark.parametrize(("lasts", "expected", "tolerance", "words"), RULE)
def test_the_rule(lasts: float | None, expected: float | None, tolerance: float, words: str) -> None:
    result = Result("/a.mkv", STAT, duration_seconds=lasts)
    wanted = {} if expected is None else {"/a.mkv": (expected,)}
    found = list(find_faults([result], wanted, tolerance, lambda _: True))
    assert [finding.details for finding in found] == ([words] if words else [])
    assert all(finding.fields["fault"] == "duration" for finding in found)


def test_a_fault_goes_before_its_duration_and_unknown_is_no_fault() -> None:
    results = [
        Result("/a", STAT, NOT_A_VIDEO, "noise", duration_seconds=1),
        Result("/b", STAT, UNKNOWN, "time-out", duration_seconds=1),
    ]
    found = list(find_faults(results, {"/a": (7200.0,), "/b": (7200.0,)}, 0.25, lambda _: True))
    assert [(finding.path, finding.details, finding.fields["expected_seconds"]) for finding in found] == [
        ("/a", "noise", 7200)
    ]


def test_only_what_would_be_reported_is_looked_at() -> None:
    asked = []

    def is_current(result: Result) -> bool:
        asked.append(result.path)
        return False

    results = [Result("/a", STAT, duration_seconds=1), Result("/b", STAT, NOT_A_VIDEO), Result("/c", STAT, UNKNOWN)]
    assert list(find_faults(results, {}, 0.25, is_current)) == []
    assert asked == ["/b"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00:00"), (59.6, "0:01:00"), (3600, "1:00:00"), (360000, "100:00:00")]
)
def test_the_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.fixture
def scanned(library: Library, videos: Path) -> Library:
    """Return a library of six-second videos, scanned and probed, in which the catalogue expects nothing as yet."""
    for name in ("a.mkv", "b.ts", unicodedata.normalize("NFD", "é.mkv"), "cut.ts"):
        library.add(name, videos / f"whole.{name[-3:].lstrip('.')}", 0.5 if name == "cut.ts" else 1)
    assert library.run("scan").code == 0
    assert library.probe().code == 0
    library.write("DELETE FROM movies", ())
    library.write("INSERT INTO series (id, title) VALUES (?, 'S')", (1,))
    return library


def test_the_catalogue_s_durations_are_compared_without_another_probe(scanned: Library) -> None:
    films = f"{scanned.storage}/Films"
    scanned.write(INSERT_FILM, (f"{films}/a.mkv", 6), (f"{films}/cut.ts", 3600), (f"{films}/é.mkv", 7200))
    checked = scanned.check()
    assert {row["path"][len(films) + 1 :]: row["fault"] for row in checked.json["issues"]} == {
        "cut.ts": "duration",
        unicodedata.normalize("NFD", "é.mkv"): "duration",
    }
    first = checked.json["issues"][0]
    assert first["expected_seconds"] == 3600
    assert 2.5 < first["duration_seconds"] < 3.5
    assert scanned.probe().json["issues"] == checked.json["issues"]
    assert scanned.probe().json["summary"]["probed"] == 0


def test_episodes_that_share_a_file_add_up(scanned: Library) -> None:
    films = f"{scanned.storage}/Films"
    rows = [(number, f"{films}/a.mkv", 130) for number in (1, 2)]  # 260 s together
    scanned.write(INSERT_EPISODE, *rows, (3, f"{films}/b.ts", 80))
    (row,) = scanned.check().json["issues"]
    assert (row["path"], row["expected_seconds"]) == (f"{films}/a.mkv", 260)
    assert row["details"].startswith("lasts 0:00:06, 98 % shorter than the catalogue's 0:04:20")


@pytest.mark.parametrize("seconds", [(6, 400), (300, 6, 300), (126, 126)])
def test_a_row_of_several_may_have_the_whole_file_s_duration(scanned: Library, seconds: tuple[int, ...]) -> None:
    path = f"{scanned.storage}/Films/a.mkv"
    scanned.write(INSERT_EPISODE, *((number, path, lasts) for number, lasts in enumerate(seconds, 1)))
    assert scanned.check().json["issues"] == []


def test_a_row_that_names_the_link_or_the_real_root_counts(scanned: Library) -> None:
    films = f"{scanned.storage}/Films"
    link = scanned.link("a.mkv", f"{films}/a.mkv")
    scanned.write(INSERT_FILM, (link, 7200))
    assert [row["path"] for row in scanned.check().json["issues"]] == [f"{films}/a.mkv"]


def test_two_recordings_in_one_file_are_not_judged(library: Library, videos: Path) -> None:
    library.add("a.ts", (videos / "whole.ts").read_bytes() * 2)
    assert library.run("scan").code == 0
    library.write("DELETE FROM movies", ())
    library.write(INSERT_FILM, (f"{library.storage}/Films/a.ts", 7200))
    assert library.probe().json["issues"] == []


def test_the_tolerance_is_a_setting(scanned: Library) -> None:
    scanned.write(INSERT_FILM, (f"{scanned.storage}/Films/a.mkv", 200))
    assert scanned.check().code == 1
    scanned.config.write_text('[plugin.probe]\nduration_tolerance = "98%"\n')
    assert (scanned.check().code, scanned.probe().code) == (0, 0)
