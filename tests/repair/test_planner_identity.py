"""A file that moved is followed by what it is; where that leaves a doubt, or its name objects, nothing is done."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from helpers import Library, make_file

LINK, OLD = "Films/Drame/Heat (1995).mkv", "Films/Heat.1995.mkv"


@pytest.fixture
def scanned(library: Library) -> Library:
    """Return a library of thirty films, one of which is `LINK`, that was scanned."""
    library.films(30).add({OLD: 5000}, {LINK: f"@/{OLD}"})
    library.scan()
    return library


def repaired(library: Library, link: str = LINK) -> str | None:
    """Repair and return the file, below storage, that the link has got, None if it is as before."""
    before = os.readlink(library.link(link))
    library.report("repair-links", "--auto")
    after = os.readlink(library.link(link))
    end = os.path.normpath(os.path.join(os.path.dirname(library.link(link)), after))
    return None if after == before else os.path.relpath(end, library.storage)


def reason(library: Library, link: str = LINK) -> str:
    """Return why a link stays as it is."""
    report = library.report("repair-links", "-n", code=1)
    return next(row["reason"] for row in report["unresolved"] if row["path"] == library.link(link))


@pytest.mark.parametrize("scans_again", [True, False])
@pytest.mark.parametrize("new", ["Films/moved/Heat.1995.mkv", "Films/x93k.mkv", "Films/Chaleur (1995).avi"])
def test_follows_a_file_whatever_it_is_called_now(new: str, scans_again: bool, scanned: Library) -> None:
    scanned.move(OLD, new)
    if scans_again:
        scanned.scan()
    assert repaired(scanned) == new
    assert scanned.rows("SELECT file_path FROM movies WHERE title = 'Heat'") == [(scanned.stored(new),)]


def test_follows_a_file_through_many_scans(scanned: Library) -> None:
    places = [OLD, "Films/a.mkv", "Films/b.mkv", OLD, "Films/c.mkv"]
    for old, new in itertools.pairwise(places):
        scanned.move(old, new)
        scanned.scan()
    scanned.move("Films/c.mkv", "Films/d.mkv")  # the last one is known by no scan yet
    assert repaired(scanned) == "Films/d.mkv"


def test_names_decide_where_the_file_has_another_size_now(scanned: Library) -> None:
    scanned.move(OLD, "Films/x.mkv")
    scanned.scan()
    make_file(scanned.stored("Films/x.mkv"), 6000)
    assert repaired(scanned) is None


def test_another_file_under_the_name_that_the_file_had_in_between(library: Library) -> None:
    library.films(30).add(
        {f"Séries/Show/{number}.mkv": 5000 + number for number in (5, 6)},
        {
            f"Séries/TV/Show (2010)/Saison 01/Show - S01E0{number}.mkv": f"@/Séries/Show/{number}.mkv"
            for number in (5, 6)
        },
    )
    library.scan()
    library.move("Séries/Show/5.mkv", "Séries/Show/x5.mkv")
    library.move("Séries/Show/6.mkv", "Séries/Show/x6.mkv")
    library.scan()
    library.move("Séries/Show/x5.mkv", "Séries/Show/x4.mkv")
    library.move("Séries/Show/x6.mkv", "Séries/Show/x5.mkv")
    library.scan()
    assert repaired(library, "Séries/TV/Show (2010)/Saison 01/Show - S01E06.mkv") == "Séries/Show/x5.mkv"
    left = library.report("repair-links", "-n", code=1)["unresolved"]
    assert [row["path"] for row in left] == [library.link("Séries/TV/Show (2010)/Saison 01/Show - S01E05.mkv")]


def test_another_part_of_an_episode_is_known_by_its_file(library: Library) -> None:
    names = [f"Show (2010) - S02E01 - pt{part}.mkv" for part in (1, 2)]
    library.films(30).add(
        {f"Séries/Show/{name}": 5000 + number for number, name in enumerate(names)},
        {f"Séries/TV/Show (2010)/Saison 02/{name}": f"@/Séries/Show/{name}" for name in names},
    )
    library.scan()
    os.unlink(library.stored(f"Séries/Show/{names[1]}"))
    library.move(f"Séries/Show/{names[0]}", "Séries/Show/show.2010.s02e01.part2.mkv")
    library.scan()
    assert repaired(library, f"Séries/TV/Show (2010)/Saison 02/{names[1]}") is None


def test_two_files_have_stood_there(scanned: Library) -> None:
    scanned.move(OLD, "Films/x.mkv")
    scanned.scan()
    make_file(scanned.stored(OLD), 7000)
    scanned.scan()
    scanned.move(OLD, "Films/y.mkv")
    scanned.scan()
    assert repaired(scanned) is None
    assert reason(scanned) == f"2 files have stood at {scanned.stored(OLD)} and moved on"


def test_the_file_that_stood_there_last_is_gone(scanned: Library) -> None:
    scanned.move(OLD, "Films/x.mkv")
    scanned.scan()
    make_file(scanned.stored(OLD), 7000)
    scanned.scan()
    os.unlink(scanned.stored(OLD))
    scanned.scan()
    assert repaired(scanned) is None


def test_a_copy_that_was_there_before_is_another_file(library: Library) -> None:
    library.films(30).add({OLD: 5000, "Films/copy.mkv": 5000}, {LINK: f"@/{OLD}"})
    os.utime(library.stored("Films/copy.mkv"), ns=(0, os.stat(library.stored(OLD)).st_mtime_ns))
    library.scan()
    os.unlink(library.stored(OLD))
    assert repaired(library) is None


@pytest.mark.parametrize("scans_again", [True, False])
def test_two_files_that_could_be_it(scanned: Library, scans_again: bool) -> None:
    mtime_ns = os.stat(scanned.stored(OLD)).st_mtime_ns
    os.unlink(scanned.stored(OLD))
    for name in ("x", "y"):
        make_file(scanned.stored(f"Films/{name}.mkv"), 5000, mtime_ns)
    if scans_again:
        scanned.scan()
    assert repaired(scanned) is None


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("Films/Heat.1986.mkv", "Heat (1986), not Heat (1995)"),
        ("Films/Heat.2.1995.mkv", "Heat 2 (1995), not Heat (1995)"),
    ],
)
def test_a_new_name_that_says_another_film(new: str, says: str, scanned: Library) -> None:
    scanned.move(OLD, new)
    assert repaired(scanned) is None
    assert says in reason(scanned)


def test_files_whose_numbers_were_swapped(library: Library) -> None:
    folder = "Séries/Séries TV/Lost/Saison 01/"
    for number in (1, 2):
        library.add(
            {f"Séries/a/Lost.S01E0{number}.mkv": 9000 + number},
            {f"{folder}Lost - S01E0{number}.mkv": f"@/Séries/a/Lost.S01E0{number}.mkv"},
        )
    library.films(30)
    library.scan()
    library.move("Séries/a/Lost.S01E01.mkv", "Séries/b/Lost.S01E02.mkv")
    library.move("Séries/a/Lost.S01E02.mkv", "Séries/b/Lost.S01E01.mkv")
    library.report("repair-links", "--auto")
    for number in (1, 2):
        target = os.readlink(library.link(f"{folder}Lost - S01E0{number}.mkv"))
        # By its name, or not at all: never the file of the other number.
        assert os.path.basename(target) == f"Lost.S01E0{number}.mkv"


def test_a_link_that_was_wrong_before_is_not_made_wrong_again(library: Library) -> None:
    link = "Séries/Séries TV/Kaamelott/Saison 04/Kaamelott - S04E02.mkv"
    library.films(30).add({"Séries/a/Kaamelott.S04E021.mkv": 9000}, {link: "@/Séries/a/Kaamelott.S04E021.mkv"})
    library.scan()
    library.move("Séries/a/Kaamelott.S04E021.mkv", "Séries/b/Kaamelott.S04E021.mkv")
    assert repaired(library, link) is None
    assert "its old name said S04E21, not S04E02" in reason(library, link)


def test_a_ghost_row_follows_its_file_without_any_link(scanned: Library) -> None:
    os.unlink(scanned.link(LINK))
    scanned.move(OLD, "Films/x.mkv")
    scanned.scan()
    report = scanned.report("repair-links", "--auto", code=0)
    assert [row["op"] for row in report["changes"]] == ["set_file_path"]
    assert scanned.rows("SELECT file_path FROM movies WHERE title = 'Heat'") == [(scanned.stored("Films/x.mkv"),)]
    scanned.run("undo", "--yes")
    assert scanned.rows("SELECT file_path FROM movies WHERE title = 'Heat'") == [(scanned.stored(OLD),)]


def test_a_new_release_takes_the_place_of_the_old_one(library: Library) -> None:
    old, new = "Films/Heat.1995.720p.mkv", "Films/Heat.1995.2160p.mkv"
    library.films(30).add({old: 5000}, {LINK: f"@/{old}"})
    library.scan()
    os.unlink(library.stored(old))
    make_file(library.stored(new), 8000)
    library.scan()
    assert repaired(library) == new


def test_the_other_twin_that_was_there_all_along_is_the_film_as_well(library: Library) -> None:
    old, twin = "Films/Heat.1995.720p.mkv", "Films/Heat.1995.2160p.mkv"
    library.films(30).add({old: 5000, twin: 8000}, {LINK: f"@/{old}"})
    library.scan()
    os.unlink(library.stored(old))
    library.scan()
    assert repaired(library) == twin


def test_an_episode_that_was_stored_beside_the_old_file_may_be_another_series(library: Library) -> None:
    link = "Séries/Séries TV/Ghosts (2019)/Saison 01/Ghosts (2019) - S01E01.mkv"
    old, other = (f"Séries/{place}/Ghosts/Ghosts.S01E01.720p.mkv" for place in ("UK", "US"))
    library.films(30).add({old: 5000, other: 8000}, {link: f"@/{old}"})
    library.scan()
    os.unlink(library.stored(old))
    library.scan()
    assert repaired(library, link) is None
    assert "it was stored beside the old file" in reason(library, link)


def test_the_links_of_one_double_file_share_its_new_place(library: Library) -> None:
    folder = "Séries/Séries TV/Lost (2004)/Saison 01/"
    links = [f"{folder}Lost (2004) - S01E0{number}.mkv" for number in (1, 2)]
    library.films(30).add({"Séries/a/lost 1 und 2.mkv": 5000}, dict.fromkeys(links, "@/Séries/a/lost 1 und 2.mkv"))
    library.scan()
    library.move("Séries/a/lost 1 und 2.mkv", "Séries/b/x93k.mkv")
    library.report("repair-links", "--auto", code=0)
    assert [os.readlink(library.link(link)) for link in links] == [library.stored("Séries/b/x93k.mkv")] * 2


def test_a_double_file_whose_new_name_holds_one_of_its_episodes(library: Library) -> None:
    folder = "Séries/Séries TV/Lost (2004)/Saison 01/"
    links = [f"{folder}Lost (2004) - S01E0{number}.mkv" for number in (1, 2)]
    library.films(30).add({"Séries/a/lost 1 und 2.mkv": 5000}, dict.fromkeys(links, "@/Séries/a/lost 1 und 2.mkv"))
    library.scan()
    library.move("Séries/a/lost 1 und 2.mkv", "Séries/b/Lost.S01E02.mkv")
    assert repaired(library, links[1]) == "Séries/b/Lost.S01E02.mkv"
    assert "that says S01E02, not S01E01" in reason(library, links[0])


def test_a_row_does_not_follow_a_file_that_is_another_film(library: Library) -> None:
    library.films(30).add({OLD: 5000}, {LINK: f"@/{OLD}"})
    library.scan()
    library.move(OLD, "Films/Collateral.2004.mkv")
    library.scan()
    assert repaired(library) is None
    assert library.rows("SELECT file_path FROM movies WHERE title = 'Heat'") == [(library.stored(OLD),)]


@pytest.mark.parametrize("is_relative", [True, False])
def test_keeps_the_style_of_the_link(is_relative: bool, scanned: Library) -> None:
    link = scanned.link(LINK)
    os.unlink(link)
    os.symlink(f"../../../storage/{OLD}" if is_relative else scanned.stored(OLD), link)
    scanned.move(OLD, "Films/x.mkv")
    assert repaired(scanned) == "Films/x.mkv"
    assert os.readlink(link).startswith("../") == is_relative
    assert os.path.exists(link)


def test_a_relative_link_below_a_video_root_that_is_a_link(library: Library, tmp_path: Path) -> None:
    deep = tmp_path / "far" / "away" / "video"
    deep.parent.mkdir(parents=True)
    os.rename(library.video, deep)
    os.symlink(deep, library.video)
    library.films(30).add({OLD: 5000}, {LINK: f"../../../../../storage/{OLD}"})
    assert os.path.exists(library.link(LINK))
    library.scan()
    library.move(OLD, "Films/x.mkv")
    library.report("repair-links", "--auto", code=0)
    assert os.readlink(library.link(LINK)) == "../../../../../storage/Films/x.mkv"
    assert os.path.exists(library.link(LINK))


def test_no_name_wins_over_what_was_given_by_hand(scanned: Library) -> None:
    scanned.add({"Films/Chaleur.1995.mkv": 9000})
    scanned.run("repair-links", scanned.link(LINK), "--to", scanned.stored("Films/Chaleur.1995.mkv"), "-y")
    os.unlink(scanned.stored("Films/Chaleur.1995.mkv"))
    scanned.move(OLD, "Films/moved/Heat.1995.mkv")
    assert repaired(scanned) is None
    assert reason(scanned) == f"it was given {scanned.stored('Films/Chaleur.1995.mkv')} by hand, which is gone"


@pytest.mark.parametrize("scans_again", [True, False])
def test_another_name_of_the_same_inode_is_the_same_file(scans_again: bool, library: Library) -> None:
    library.films(30).add({OLD: 5000, "Films/seed": None}, {LINK: f"@/{OLD}"})
    os.link(library.stored(OLD), library.stored("Films/seed/ht-x264.mkv"))
    library.scan()
    os.remove(library.stored(OLD))
    if scans_again:
        library.scan()
    assert repaired(library) == "Films/seed/ht-x264.mkv"


@pytest.mark.parametrize("folders", [("Action", "Drame"), ("Drame", "Action")])
def test_a_link_over_another_broken_one_waits_for_it(folders: tuple[str, str], library: Library) -> None:
    here, there = (f"Films/{folder}/Heat (1995).mkv" for folder in folders)
    library.films(30).add({"Films/Heat.1995.mkv": 5000}, {here: "@/Films/gone.mkv"})
    os.makedirs(os.path.dirname(library.link(there)), exist_ok=True)
    os.symlink(library.link(here), library.link(there))
    planned = library.report("repair-links", "--auto", "-n", code=1)
    done = library.report("repair-links", "--auto", code=1)
    assert [change["path"] for change in planned["changes"]] == [library.link(here)]
    assert [(change["path"], change["status"]) for change in done["changes"]] == [(library.link(here), "done")]
    assert "leads over" in planned["unresolved"][0]["reason"]
    assert library.integrity("--only", "broken_symlink")["summary"]["broken_symlinks"] == 0
