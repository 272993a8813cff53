"""A link to a folder follows its folder, and never goes to another one's."""

from __future__ import annotations

import os

import pytest
from helpers import Library, make_tree

OLD = "Séries/Show.S01.1080p-GRP"
LINK = "Séries/Séries TV/Show (2010)/Saison 01"
EPISODES = ("show.s01e01.mkv", "show.s01e02.mkv", "show.s01e03.mkv")


def target(library: Library, link: str) -> str:
    return os.path.relpath(
        os.path.join(os.path.dirname(library.link(link)), os.readlink(library.link(link))), library.storage
    )


@pytest.fixture
def shown(library: Library) -> Library:
    """Return a library with one link to a season's folder of three episodes."""
    return library.films(12).add(
        {f"{OLD}/{name}": 5000 + number for number, name in enumerate(EPISODES)}, {LINK: f"@/{OLD}"}
    )


@pytest.mark.parametrize("scans_again", [True, False])
@pytest.mark.parametrize("new", ["Séries/Show Season 1 [GRP]", "Séries/Show/Saison 1", "Séries/x"])
def test_follows_a_renamed_folder(shown: Library, new: str, scans_again: bool) -> None:
    shown.scan()
    shown.move(OLD, new)
    if scans_again:
        shown.scan()
    shown.report("repair-links", "--auto", code=0)
    assert target(shown, LINK) == new
    assert shown.integrity()["summary"]["broken_symlinks"] == 0


def test_follows_files_that_were_renamed_on_the_way(shown: Library) -> None:
    shown.scan()
    for number, name in enumerate(EPISODES, 1):
        shown.move(f"{OLD}/{name}", f"Séries/Show/Saison 1/Show - S01E0{number}.mkv")
    os.rmdir(shown.stored(OLD))
    shown.report("repair-links", "--auto", code=0)
    assert target(shown, LINK) == "Séries/Show/Saison 1"


def test_follows_a_disc(library: Library) -> None:
    library.films(12).add({"Films/D/BDMV/STREAM/00001.m2ts": 5000}, {"Films/Drame/Film (2001)": "@/Films/D"}).scan()
    library.move("Films/D", "Films/Film (2001)")
    library.report("repair-links", "--auto", code=0)
    assert target(library, "Films/Drame/Film (2001)") == "Films/Film (2001)"


@pytest.mark.parametrize(
    ("moves", "reason"),
    [
        ({EPISODES[0]: "a/x.mkv", EPISODES[1]: "b/x.mkv", EPISODES[2]: "b/y.mkv"}, "2 folders"),
        ({EPISODES[0]: "a/1.mkv", EPISODES[1]: "a/2.mkv", EPISODES[2]: ""}, "1 of its 3 files are gone"),
        ({name: f"dump/{name}" for name in EPISODES}, "with 1 others"),
        ({name: f"Show.S02.1080p-GRP/{name}" for name in EPISODES}, "the link says season 1"),
    ],
)
def test_left_with_its_candidates(shown: Library, moves: dict[str, str], reason: str) -> None:
    shown.add({"Séries/dump/other.s01e01.mkv": 7000}).scan()
    for old, new in moves.items():
        shown.move(f"{OLD}/{old}", f"Séries/{new}") if new else os.remove(shown.stored(f"{OLD}/{old}"))
    os.rmdir(shown.stored(OLD))
    report = shown.report("repair-links", "--auto", code=1)
    assert target(shown, LINK) == OLD
    assert reason in report["unresolved"][0]["reason"]
    assert report["unresolved"][0]["candidates"]


@pytest.mark.parametrize(
    ("stored", "is_scanned", "found"),
    [
        ({f"moved/Show.S01.1080p-GRP/{name}": 9000 for name in EPISODES}, True, "moved/Show.S01.1080p-GRP"),
        ({"moved/Show.S01.1080p-GRP/show.s01e01.mkv": 9000}, True, None),
        ({f"{place}/Show.S01.1080p-GRP/{name}": 9000 for place in "ab" for name in EPISODES}, True, None),
        ({f"moved/Show.S01.1080p-GRP/{name}": 9000 for name in EPISODES}, False, "moved/Show.S01.1080p-GRP"),
        ({"moved/Show.S01.1080p-GRP/readme.txt": 9000}, False, None),
    ],
)
def test_one_folder_of_its_name_and_content(
    shown: Library, stored: dict[str, int], is_scanned: bool, found: str | None
) -> None:
    shown.scan() if is_scanned else None
    for name in EPISODES:
        os.remove(shown.stored(f"{OLD}/{name}"))
    os.rmdir(shown.stored(OLD))
    make_tree(shown.storage, {f"Séries/{name}": size + number for number, (name, size) in enumerate(stored.items())})
    shown.report("repair-links", "--auto")
    assert target(shown, LINK) == (f"Séries/{found}" if found else OLD)


def test_a_folder_that_says_too_little_is_only_shown(library: Library) -> None:
    library.films(12).add({"Séries/a/Saison 1/e1.mkv": 5000}, {LINK: "@/Séries/Show/Saison 1"})
    report = library.report("repair-links", "-n", code=1)
    assert [item["path"] for item in report["unresolved"][0]["candidates"]] == [library.stored("Séries/a/Saison 1")]


def test_by_hand(shown: Library) -> None:
    shown.add(
        {"Séries/x/e1.mkv": 7000, "Films/y/Film.mkv": 7001}, {"Films/Drame/Y (2001).mkv": "@/Films/none.mkv"}
    ).scan()
    shown.report("repair-links", shown.link(LINK), "--to", shown.stored("Séries/x"), "-y", code=0)
    assert target(shown, LINK) == "Séries/x"
    shown.report("undo", "-y", code=0)
    assert target(shown, LINK) == OLD
    refused = shown.run("repair-links", shown.link("Films/Drame/Y (2001).mkv"), "--to", shown.stored("Films/y"), "-y")
    assert refused.code == 2
    assert "not a file" in refused.err


def test_explain_says_where_a_folder_went(shown: Library) -> None:
    shown.scan()
    shown.move(OLD, "Séries/x")
    said = shown.run("explain", shown.link(LINK)).out.decode()
    assert shown.stored("Séries/x") in said
    assert "3 of the 3 files that lay in it" in said


@pytest.mark.parametrize(
    ("new", "is_found"),
    [
        ("Séries/Other/Season 1", False),
        ("Séries/Show (2015)/Season 2", False),
        ("Séries/V2/Show/Season 1", True),
        ("Séries/The Show/Season 1", True),
        ("Séries/Season 1", True),  # says no other title
    ],
)
def test_a_season_folder_of_the_same_files_is_not_another_series(library: Library, new: str, *, is_found: bool) -> None:
    link = "Séries/Séries TV/Show/Saison 01"
    library.films(12).add({f"Séries/Show/Season 1/0{i}.mkv": 90 + i for i in (1, 2)}, {link: "@/Séries/Show/Season 1"})
    library.scan()
    for i in (1, 2):
        os.remove(library.stored(f"Séries/Show/Season 1/0{i}.mkv"))
    library.add({f"{new}/0{i}.mkv": 190 + i for i in (1, 2)})
    library.report("repair-links", "--auto")
    os.rmdir(library.stored("Séries/Show/Season 1"))
    library.report("repair-links", "--auto")
    assert target(library, link) == (new if is_found else "Séries/Show/Season 1")
