"""The last reports are kept, whatever made them: a hundred summaries, and the rows of the latest one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers import Library

from cineorg.catalogue import kept_reports as kept
from cineorg.settings.configuration import Settings
from cineorg.settings.sources import load_settings


@pytest.fixture
def settings(library: Library) -> Settings:
    """Return the settings of a scanned library with one broken link and one orphan."""
    library.films(3).scan()
    os.unlink(library.stored("Films/Films.1.2001.mkv"))
    library.add({"Films/orphan.mkv": 77})
    return load_settings({"storage": (library.storage,), "video": library.video, "db": library.db}, {})


def test_the_document_and_its_rows(library: Library, settings: Settings) -> None:
    shown = library.integrity()
    (document,) = kept.kept_reports(settings, "integrity")
    assert document | {"issues": kept.kept_rows(settings, "integrity")} == shown
    assert kept.kept_reports(settings, "cleanup") == kept.kept_rows(settings, "cleanup") == []


def test_the_latest_is_the_last_and_has_the_rows(library: Library, settings: Settings) -> None:
    library.integrity()
    library.add({"Films/second.mkv": 78})
    library.run("integrity")
    totals = [document["summary"]["orphan_files"] for document in kept.kept_reports(settings, "integrity")]
    assert totals == [1, 2]
    assert len(kept.kept_rows(settings, "integrity")) == 4


@pytest.mark.parametrize("arguments", [["--only", "orphan_file"], ["--skip", "orphan_file"], ["PATH"]])
def test_a_part_is_not_comparable_and_not_kept(arguments: list[str], library: Library, settings: Settings) -> None:
    library.run("integrity", *[library.storage if word == "PATH" else word for word in arguments])
    assert kept.kept_reports(settings, "integrity") == []


def test_a_hundred_are_kept(settings: Settings) -> None:
    for number in range(kept.MOST_KEPT + 5):
        kept.keep_report(settings, {"command": "integrity", "checked_at": "", "n": number}, (), {})
    kept.keep_report(settings, {"command": "cleanup", "checked_at": ""}, (), {})
    found = [document["n"] for document in kept.kept_reports(settings, "integrity")]
    assert found == list(range(5, kept.MOST_KEPT + 5))


def test_names_with_any_bytes_come_back(settings: Settings) -> None:
    row = {"path": "/v/caf\udce9 \u202e.mkv", "details": "d", "value": [1, None, True]}
    kept.keep_report(settings, {"command": "integrity", "checked_at": ""}, [row], {})
    assert kept.kept_rows(settings, "integrity") == [row]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "text", "unwritable"])
def test_what_cannot_be_kept_disturbs_no_report(kind: str, library: Library, settings: Settings) -> None:
    path = Path(kept.reports_path(settings))
    target = library.stored("Films/orphan.mkv")
    path.parent.mkdir(parents=True)
    if kind == "link":
        path.symlink_to(target)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a database " * 100)
    else:
        path.parent.rmdir()
        path.parent.write_text("")
    before = Path(target).read_bytes()
    result = library.run("integrity", "--json")
    assert (result.code, result.json["summary"]["total"], result.err) == (1, 3, "")
    assert Path(target).read_bytes() == before
    assert kept.kept_reports(settings, "integrity") == kept.kept_rows(settings, "integrity") == []
