"""The one plan of a clean-up: where each link ends, by which changes, and what stays with which reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tidy_world import KINDS, World

from cineorg.changes import Change, Move, Plan, Relink, RemoveLink, SetFilePath

Film = tuple[str, str, Sequence[str] | None]  # file, title, genres; every year is 2001


def make(base: Path, films: Sequence[Film], links: dict[str, str], **settings: Any) -> World:
    """Make films below `Films` in both roots; a link's target is a file's name, or None or a text for others."""
    world = World(base, **{"max_per_dir": 4, **settings})
    for file, title, genres in films:
        world.film(f"Films/{file}", title, 2001, genres)
    world.add({f"Films/{file}": 1 for file, _, _ in films}, {})
    for name, target in links.items():
        entry = target if target.startswith(("@", "$", ".")) else f"@/Films/{target}"
        world.add({}, {f"Films/{name}": None if target == "/" else 1 if target == "file" else entry})
    return world


def films_named(titles: str, genres: Sequence[str]) -> list[Film]:
    return [(f"{title}.mkv", title, genres) for title in titles.split()]


def links_in(folder: str, titles: str) -> dict[str, str]:
    return {f"{folder}/{title} (2001).mkv": f"{title}.mkv" for title in titles.split()}


def tidy(world: World, **wishes: Any) -> Plan:
    """Plan, apply, and make sure that all was done, that nothing is left to do, and that `undo` gives all back."""
    before = world.tree()
    plan = world.plan(**wishes)
    assert world.apply(plan.changes) == []
    after = world.tree()
    wishes.pop("repairs", None)
    wishes.pop("delete_broken", None)
    assert world.plan(**wishes).changes == ()
    if plan.changes:
        assert world.undo() == []
        assert world.tree() == before
        assert world.apply(plan.changes) == []
    assert world.tree() == after
    moved = Counter(each.path for each in plan.changes if isinstance(each, Move))
    assert set(moved.values()) <= {1}
    return plan


def films_in(world: World) -> list[str]:
    return [path.removeprefix("Films/") for path in world.links()]


def ops(changes: Sequence[Change]) -> str:
    return " ".join(f"{number} {op}" for op, number in sorted(Counter(each.op for each in changes).items()))


def test_a_link_goes_straight_into_the_subdivision_that_is_to_be_made(tmp_path: Path) -> None:
    titles = "Aa Bb Cc Dd"
    films = [*films_named(titles, ["Drame"]), ("Ee.mkv", "Ee", ["Drame"])]
    world = make(tmp_path, films, links_in("Drame", titles) | {"Western/Ee (2001).mkv": "Ee.mkv"})
    plan = tidy(world)
    assert films_in(world) == [
        "Drame/Aa-Cc/Aa (2001).mkv", "Drame/Aa-Cc/Bb (2001).mkv", "Drame/Aa-Cc/Cc (2001).mkv",
        "Drame/Dd-Zz/Dd (2001).mkv", "Drame/Dd-Zz/Ee (2001).mkv",
    ]  # fmt: skip
    assert ops(plan.changes) == "2 make_dir 5 move 1 remove_dir"
    assert plan.unresolved == ()


def test_neighbours_that_are_too_large_are_parted_as_one(tmp_path: Path) -> None:
    first, last = "Aa Bb Cc Dd Ee", "Sa Se Ta Ti Fargo Bob"
    films = films_named(f"{first} {last}", ["Drame"])
    world = make(tmp_path, films, links_in("Drame/A-F", first) | links_in("Drame/S-Z", last))
    tidy(world)
    where = {os.path.basename(path)[:-11]: os.path.dirname(path) for path in films_in(world)}
    assert where["Fargo"] == where["Ee"] == "Drame/A-F/Dd-Fz"
    assert where["Bob"] == where["Aa"] == "Drame/A-F/Aa-Cc"
    assert {where[title] for title in ("Sa", "Se", "Ta", "Ti")} == {"Drame/S-Z"}  # four are not too many


def test_nested_folders_are_parted_until_all_are_small(tmp_path: Path) -> None:
    titles = " ".join(f"{a}{b}" for a in "ABCDEF" for b in "abcdef")
    world = make(tmp_path, films_named(titles, ["Drame"]), links_in("Drame", titles))
    tidy(world)
    assert len(films_in(world)) == 36
    for folder, folders, files in os.walk(f"{world.disk.video}/Films/Drame"):
        assert len(folders) + len(files) <= 4, folder


@pytest.mark.parametrize("folder", ["", "Drame"])
def test_thousands_of_films_in_one_folder_are_parted_until_all_folders_are_small(folder: str, tmp_path: Path) -> None:
    world = World(tmp_path, max_per_dir=10).add({"Films/a.mkv": 1}, {})
    titles = [f"{a}{b}x {number}" for a in "ABCDEFGHIJKMN" for b in "aeiou" for number in range(9)]
    world.add({}, {os.path.join("Films", folder, f"{title} (2001).mkv"): "@/Films/a.mkv" for title in titles})
    assert tidy(world, kinds={"oversized_dir"}).unresolved == ()
    assert len(world.links()) == len(titles)
    for path, folders, files in os.walk(f"{world.disk.video}/Films"):
        assert len(folders) + len(files) <= 10, path


def test_names_that_are_taken(tmp_path: Path) -> None:
    films: list[Film] = [("a.mkv", "Zulu", ["Drame"]), ("b.mkv", "Zulu", ["Drame"])]
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv",
        "Western/Zulu (2001).mkv": "b.mkv",
        "Western/Zulu (2001).fr.srt": "b.srt",
    }
    world = make(tmp_path, films, links)
    world.add({"Films/b.srt": 1}, {})
    tidy(world)
    assert films_in(world) == [
        "Drame/Zulu (2001) (2).fr.srt", "Drame/Zulu (2001) (2).mkv", "Drame/Zulu (2001).mkv",
    ]  # fmt: skip


def test_a_name_that_a_file_has_is_nobodys(tmp_path: Path) -> None:
    links = {"Western/Zulu (2001).mkv": "a.mkv", "Drame/Zulu (2001).mkv": "file"}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    plan = tidy(world)
    assert ops(plan.changes) == ""
    assert [each.reason for each in plan.unresolved] == [
        f"belongs in {world.disk.video}/Films/Drame, but something else is called Zulu (2001).mkv"
        f" in {world.disk.video}/Films/Drame"
    ]


def test_the_same_file_under_the_same_name_is_one_link(tmp_path: Path) -> None:
    links = {"Drame/S-Z/Zulu (2001).mkv": "a.mkv", "Drame/A-F/Zulu (2001).mkv": "a.mkv"}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    assert ops(tidy(world).changes) == "1 remove_dir 1 remove_link"
    assert films_in(world) == ["Drame/S-Z/Zulu (2001).mkv"]


def test_a_link_to_the_name_that_stays_is_no_reason_against_it(tmp_path: Path) -> None:
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv", "Drame/Zulu (2001) HD.mkv": "a.mkv",
        "Drame/also.lnk": "$/Films/Drame/Zulu (2001) HD.mkv",
    }  # fmt: skip
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    plan = tidy(world)
    assert ops(plan.changes) == "1 remove_link"
    assert plan.unresolved == ()
    assert films_in(world) == ["Drame/Zulu (2001) HD.mkv", "Drame/also.lnk"]


def test_subtitles_of_a_duplicate_go_over_to_the_link_that_stays(tmp_path: Path) -> None:
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv", "Drame/Zulu (2001) HD.mkv": "a.mkv",
        "Drame/Zulu (2001).fr.srt": "fr.srt", "Drame/Zulu (2001)-poster.jpg": "p.jpg",
        "Drame/Zulu (2001).en.srt": "en.srt", "Drame/Zulu (2001) HD.en.srt": "en.srt",
        "Drame/Zulu (2001).de.srt": "de.srt", "Drame/Zulu (2001) HD.de.srt": "de2.srt",
    }  # fmt: skip
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links, max_per_dir=9)
    world.add(dict.fromkeys(["Films/fr.srt", "Films/en.srt", "Films/de.srt", "Films/de2.srt", "Films/p.jpg"], 1), {})
    plan = tidy(world)
    assert ops(plan.changes) == "3 move 2 remove_link"
    assert films_in(world) == [
        "Drame/Zulu (2001) HD-poster.jpg", "Drame/Zulu (2001) HD.de (2).srt", "Drame/Zulu (2001) HD.de.srt",
        "Drame/Zulu (2001) HD.en.srt", "Drame/Zulu (2001) HD.fr.srt", "Drame/Zulu (2001) HD.mkv",
    ]  # fmt: skip
    assert os.readlink(world.disk.link("Films/Drame/Zulu (2001) HD.de (2).srt")).endswith("/de.srt")


def test_a_duplicate_whose_subtitles_have_no_place_stays(tmp_path: Path) -> None:
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv", "Drame/Zulu (2001) HD.mkv": "a.mkv",
        "Drame/Zulu (2001).fr.srt": "fr.srt", "Drame/Zulu (2001) HD.fr.srt": "/",
    }  # fmt: skip
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    world.add({"Films/fr.srt": 1}, {"Films/Drame/Zulu (2001) HD.fr.srt/x.nfo": 1})
    plan = tidy(world)
    assert plan.changes == ()
    (left,) = plan.unresolved
    assert left.path == world.disk.link("Films/Drame/Zulu (2001).mkv")
    assert "something else is called Zulu (2001) HD.fr.srt" in left.reason


def test_removals_name_the_link_that_stays_in_the_end(tmp_path: Path) -> None:
    # The first goes for the second, which has its name in another folder; that one goes for the third.
    links = {
        "Drame/S-Z/Zulu (2001).mkv": "a.mkv", "Drame/A-F/Zulu (2001).mkv": "a.mkv",
        "Drame/S-Z/Zulu (2001) HD.mkv": "a.mkv",
    }  # fmt: skip
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    plan = tidy(world)
    stays = world.disk.link("Films/Drame/S-Z/Zulu (2001) HD.mkv")
    assert [each.keep for each in plan.changes if isinstance(each, RemoveLink)] == [stays, stays]
    assert films_in(world) == ["Drame/S-Z/Zulu (2001) HD.mkv"]


@pytest.mark.parametrize("target", ["../Drame/Zulu (2001).mkv", "$/Films/Drame/Zulu (2001).mkv", "more.mkv"])
def test_no_broken_link_becomes_whole_by_a_move(target: str, tmp_path: Path) -> None:
    links = {"Drame": "/", "Western/Zulu (2001).mkv": "a.mkv", "SF/other.mkv": target.replace("more", "./more")}
    links |= {"SF/more.mkv": "../Drame/Zulu (2001).mkv"} if target == "more.mkv" else {}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    tidy(world)
    assert "Drame/Zulu (2001) (2).mkv" in films_in(world)
    assert not os.path.exists(world.disk.link("Films/SF/other.mkv"))


def test_no_broken_link_becomes_whole_by_a_new_folder(tmp_path: Path) -> None:
    links = {"Drame/Zulu (2001).mkv": "a.mkv", "Drame/other": "../Western"}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Western"])], links)
    plan = tidy(world)
    assert plan.changes == ()
    assert "a broken link leads to" in plan.unresolved[0].reason


def test_no_folder_is_made_through_which_a_broken_link_would_reach_a_file(tmp_path: Path) -> None:
    films: list[Film] = [("a.mkv", "Zulu", ["Drame"]), ("b.mkv", "Brazil", ["Comédie"])]
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv",
        "Drame/Brazil (2001).mkv": "b.mkv",
        "Drame/Other (2001).mkv": "../Comédie/../../../storage/Films/a.mkv",
    }
    world = make(tmp_path, films, links)
    plan = tidy(world)
    assert plan.changes == ()
    assert "a broken link leads to" in plan.unresolved[0].reason


SHOWS_JOINED: dict[str, tuple[dict[str, str], list[str]]] = {
    # links of a series below Séries, files by their number → where they end
    "one season, two words for it": (
        {"Mangas/Zone (2001)/Season 1/Zone - S01E01.mkv": "1",
         "Séries TV/Zone (2001)/Saison 01/Zone - S01E02.mkv": "2"},
        ["Zone (2001)/Saison 01/Zone - S01E01.mkv", "Zone (2001)/Saison 01/Zone - S01E02.mkv"],
    ),
    "the folder of the series has another name": (
        {"Mangas/Zone/Season 1/Zone - S01E01.mkv": "1", "Séries TV/Zone (2001)/Saison 01/Zone - S01E02.mkv": "2"},
        ["Zone (2001)/Saison 01/Zone - S01E01.mkv", "Zone (2001)/Saison 01/Zone - S01E02.mkv"],
    ),
    "a season that is not there": (
        {"Mangas/Zone/Season 2/Zone - S02E01.mkv": "3", "Séries TV/Zone (2001)/Saison 01/Zone - S01E02.mkv": "2"},
        ["Zone (2001)/Saison 01/Zone - S01E02.mkv", "Zone (2001)/Season 2/Zone - S02E01.mkv"],
    ),
    "episodes without a season's folder": (
        {"Mangas/Zone/Zone - S01E01.mkv": "1", "Séries TV/Zone (2001)/Zone - S01E02.mkv": "2"},
        ["Zone (2001)/Zone - S01E01.mkv", "Zone (2001)/Zone - S01E02.mkv"],
    ),
    "one name for two files": (
        {"Mangas/Zone/Season 1/Zone - S01E01.mkv": "1", "Séries TV/Zone (2001)/Saison 1/Zone - S01E01.mkv": "2"},
        ["Zone (2001)/Saison 1/Zone - S01E01 (2).mkv", "Zone (2001)/Saison 1/Zone - S01E01.mkv"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWS_JOINED)
def test_a_series_goes_into_its_folder(case: str, tmp_path: Path) -> None:
    links, expected = SHOWS_JOINED[case]
    files = {"Séries/1.mkv": (1, 1), "Séries/2.mkv": (1, 2), "Séries/3.mkv": (2, 1)}
    world = World(tmp_path).series("Zone", 2001, ["Drama"], files).add(dict.fromkeys(files, 1), {})
    world.add({}, {f"Séries/{path}": f"@/Séries/{file}.mkv" for path, file in links.items()})
    tidy(world)
    assert [path.removeprefix("Séries/Séries TV/") for path in world.links()] == expected
    assert not os.path.exists(f"{world.disk.video}/Séries/Mangas")


def test_a_series_with_two_folders_is_joined_with_neither(tmp_path: Path) -> None:
    files = {f"Séries/{number}.mkv": (1, number) for number in (1, 2, 3)}
    world = World(tmp_path).series("Zone", 2001, ["Drama"], files).add(dict.fromkeys(files, 1), {})
    places = ["Mangas/Zone [2001]", "Séries TV/Zone", "Séries TV/Zone (2001)"]
    names = [f"Séries/{place}/Saison 01/Zone - S01E0{number}.mkv" for number, place in enumerate(places, 1)]
    world.add({}, {name: f"@/Séries/{number}.mkv" for number, name in enumerate(names, 1)})
    plan = tidy(world)
    assert plan.changes == ()
    assert "it has two folders there: Zone and Zone (2001)" in plan.unresolved[0].reason


def test_a_folder_of_one_title_goes_with_all_in_it(tmp_path: Path) -> None:
    show = {"Séries/e1.mkv": (1, 1), "Séries/e2.mkv": (2, 1)}
    world = World(tmp_path).series("Zone", 2001, ["Anime"], show)
    folder = "Séries/Séries TV/Zone (2001)"
    world.add(
        {**dict.fromkeys(show, 1), "Séries/x.jpg": 1},
        {
            f"{folder}/Saison 01/Zone (2001) - S01E01.mkv": "../../../../../storage/Séries/e1.mkv",
            f"{folder}/Saison 02/Zone (2001) - S02E01.mkv": "@/Séries/e2.mkv",
            f"{folder}/Saison 02/Zone (2001) - S02E02.mkv": "@/Séries/gone.mkv",
            f"{folder}/Saison 03": None,
            f"{folder}/poster.jpg": "@/Séries/x.jpg",
        },
    )
    tidy(world)
    home = "Séries/Mangas/Zone (2001)"
    assert world.links() == [
        f"{home}/Saison 01/Zone (2001) - S01E01.mkv",
        f"{home}/Saison 02/Zone (2001) - S02E01.mkv",
        f"{home}/Saison 02/Zone (2001) - S02E02.mkv",
        f"{home}/poster.jpg",
    ]
    assert os.path.exists(f"{world.disk.video}/{home}/Saison 01/Zone (2001) - S01E01.mkv")
    assert not os.path.exists(f"{world.disk.video}/Séries/Séries TV")


def test_what_lies_beside_the_genres_joins_its_link_at_home(tmp_path: Path) -> None:
    links = {"Zulu (2001).mkv": "a.mkv", "Drame/Zulu (2001).mkv": "a.mkv", "Western/Zulu (2001).mkv": "a.mkv"}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    assert ops(tidy(world).changes) == "1 remove_link"
    assert films_in(world) == ["Drame/Zulu (2001).mkv", "Western/Zulu (2001).mkv"]


NOT_MOVED_INTO = {
    # folder of Drame whose name may mean a subdivision → what lies in it
    "Ant-Man": "Ant-Man.mkv",
    "M": "M.mkv",
    "A-M": "A-M (2001).mkv",
    "Mother": "Mother II (2001).mkv",
}


@pytest.mark.parametrize("name", NOT_MOVED_INTO)
def test_a_film_s_own_folder_takes_no_other_film_in(name: str, tmp_path: Path) -> None:
    own = f"Drame/{name}/{NOT_MOVED_INTO[name]}"
    films = [*films_named("Avatar Mother", ["Drame"]), ("own.mkv", name, ["Drame"])]
    world = make(tmp_path, films, links_in("Drame", "Avatar Mother") | {own: "own.mkv"})
    assert tidy(world).changes == ()


STAYS: dict[str, tuple[dict[str, str], str]] = {
    # entries below Films/Western → why the film that belongs in Drame stays there
    "a file beside it": ({"Zulu (2001).mkv": "a.mkv", "Zulu (2001).nfo": "file"}, "is named after it: Zulu (2001).nfo"),
    "a file in its folder": ({"Zulu (2001)/Zulu.mkv": "a.mkv", "Zulu (2001)/x.nfo": "file"}, "is in it: x.nfo"),
    "a link through it": (
        {"Zulu (2001).mkv": "a.mkv", "Zulu - too.mkv": "$/Films/Western/Zulu (2001).mkv"},
        "another link leads through it",
    ),
    "a link to its folder": (
        {"Zulu (2001)/Zulu.mkv": "a.mkv", "Other": "$/Films/Western/Zulu (2001)"},
        "another link leads to it or through it",
    ),
    "another title": ({"Alien (2001).mkv": "a.mkv"}, "its name says Alien, the catalogue Zulu"),
}


@pytest.mark.parametrize("case", STAYS)
def test_what_cannot_be_moved_whole_stays(case: str, tmp_path: Path) -> None:
    entries, reason = STAYS[case]
    links = {f"Western/{name}": target for name, target in entries.items()}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], {"Drame": "/", **links})
    plan = world.plan(kinds={"misplaced_symlink"})
    assert plan.changes == ()
    assert reason in plan.unresolved[0].reason


def broken(world: World, name: str, new: str, *, rows: bool = True) -> Plan:
    """Return the repair of a broken link, with the row of film 1."""
    path, storage = f"{world.disk.video}/Films/{name}", world.disk.storage
    row = SetFilePath("movies", 1, f"{storage}/Films/a.mkv", f"{storage}/Films/{new}")
    relink = Relink(path, os.readlink(path), f"{storage}/Films/{new}", 100.0, "", if_broken=True)
    return Plan((row, relink) if rows else (relink,))


def test_a_repaired_link_goes_where_its_new_file_belongs(tmp_path: Path) -> None:
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], {"Drame": "/", "Western/Zulu (2001).mkv": "a.mkv"})
    os.rename(world.disk.stored("Films/a.mkv"), world.disk.stored("Films/new.mkv"))
    plan = tidy(world, repairs=broken(world, "Western/Zulu (2001).mkv", "new.mkv"))
    assert ops(plan.changes) == "1 move 1 relink 1 remove_dir 1 set_file_path"
    assert os.path.exists(world.disk.link("Films/Drame/Zulu (2001).mkv"))


def test_of_two_names_the_link_stays_that_needs_no_repair(tmp_path: Path) -> None:
    links = {"Drame/Zulu (2001) 1080p.mkv": "@/Films/gone.mkv", "Drame/Zulu (2001).mkv": "a.mkv"}
    world = make(tmp_path, [("a.mkv", "Zulu", ["Drame"])], links)
    plan = tidy(world, repairs=broken(world, "Drame/Zulu (2001) 1080p.mkv", "a.mkv", rows=False))
    # It is repaired before it goes: only so can be seen that both reach one file.
    assert ops(plan.changes) == "1 move 1 relink 1 remove_link"
    assert [each.keep for each in plan.changes if isinstance(each, RemoveLink)] == [
        world.disk.link("Films/Drame/Zulu (2001).mkv")
    ]
    assert films_in(world) == ["Drame/Zulu (2001) 1080p.mkv"]


def test_broken_links_that_may_go_take_their_empty_folder_along(tmp_path: Path) -> None:
    world = make(tmp_path, [], {"Drame/A/Zulu (2001).mkv": "gone.mkv", "Drame/A/Alien (2001).mkv": "gone2.mkv"})
    world.add({"Films/other.mkv": 1}, {})
    plan = tidy(world, delete_broken={"Films/Drame/A/Zulu (2001).mkv": "missing for 9 days"})
    assert films_in(world) == ["Drame/A/Alien (2001).mkv"]
    assert [each.evidence for each in plan.changes] == ["missing for 9 days"]
    tidy(world, delete_broken={"Films/Drame/A/Alien (2001).mkv": "missing for 9 days"})
    assert world.tree() == {"Films": "/"}


def test_links_into_an_empty_storage_are_not_deleted(tmp_path: Path) -> None:
    world = make(tmp_path, [], {"Drame/A/Zulu (2001).mkv": "gone.mkv"})
    assert world.plan(delete_broken={"Films/Drame/A/Zulu (2001).mkv": "missing for 9 days"}).changes == ()


def test_only_what_was_named_is_taken(tmp_path: Path) -> None:
    films: list[Film] = [("a.mkv", "Zulu", ["Drame"]), ("b.mkv", "Alien", ["Drame"])]
    links = {
        "Western/Zulu (2001).mkv": "a.mkv",
        "SF/Alien (2001).mkv": "b.mkv",
        "Drame": "/",
        "SF/x": "/",
        "Western/x": "/",
    }
    world = make(tmp_path, films, links)
    tidy(world, within=["Films/SF"])
    assert films_in(world) == ["Drame/Alien (2001).mkv", "Western/Zulu (2001).mkv"]
    assert world.tree().keys() >= {"Films/Western/x"}
    assert "Films/SF" not in world.tree()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_kinds_that_were_named_are_fixed(kind: str, tmp_path: Path) -> None:
    titles = "Aa Bb Cc Dd Ee"
    films = [*films_named(titles, ["Drame"]), ("z.mkv", "Zulu", ["Western"])]
    links = links_in("Drame", titles) | {
        "SF/x": "/", "Animation/Zulu (2001).mkv": "z.mkv", "Animation/Zulu (2001) HD.mkv": "z.mkv", "Western/Y": "/",
    }  # fmt: skip
    world = make(tmp_path, films, links)
    expected = {
        "misplaced_symlink": "1 move",
        "duplicate_symlink": "1 remove_link",
        "oversized_dir": "2 make_dir 5 move",
        "empty_dir": "3 remove_dir",
    }
    plan = tidy(world, kinds={kind})
    assert ops(plan.changes) == expected[kind]
    assert plan.unresolved == ()


@pytest.mark.parametrize("own", ["Collections/Saga", "A voir", "Noir"])
def test_a_folder_that_no_table_knows_is_its_owners_order(own: str, tmp_path: Path) -> None:
    films: list[Film] = [("a.mkv", "Zulu", ["Western"]), ("b.mkv", "Alien", ["Western"])]
    links = {
        "Drame/Zulu (2001).mkv": "a.mkv",
        f"{own}/Zulu (2001).mkv": "a.mkv",
        f"{own}/Alien (2001).mkv": "b.mkv",
        "Western": "/",
        "SF/x": "/",
    }
    world = make(tmp_path, films, links)
    tidy(world)
    assert films_in(world) == sorted([f"{own}/Alien (2001).mkv", f"{own}/Zulu (2001).mkv", "Western/Zulu (2001).mkv"])
