"""What is untidy: small libraries with rows, and what is said of them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from tidy_world import World

from cineorg.tidy.subdivisions import Stems

Film = tuple[str, str, int | None, list[str] | None]
DRAMA: Film = ("a.mkv", "Amadeus", 1984, ["Drame"])
COMEDY: Film = ("a.mkv", "Amadeus", 1984, ["Comédie", "Drame"])

# video tree (name → target's name below storage/Films, None: a folder) → what is misplaced: path → place, and doubt
MISPLACED: dict[str, tuple[list[Film], dict[str, str | None], dict[str, str]]] = {
    "at home": ([DRAMA], {"Drame/Amadeus (1984).mkv": "a"}, {}),
    "in a foreign folder": (
        [DRAMA],
        {"Western/Amadeus (1984).mkv": "a", "Drame": None},
        {"Western/Amadeus (1984).mkv": "Drame"},
    ),
    "beside the genres": ([DRAMA], {"Amadeus (1984).mkv": "a", "Drame": None}, {"Amadeus (1984).mkv": "Drame"}),
    "its folder does not exist": (
        [("a.mkv", "Le Train", 1953, ["western"])],
        {"Drame/Le Train (1953).mkv": "a"},
        {"Drame/Le Train (1953).mkv": "Western/T"},
    ),
    "its folder does not exist, no letter": (
        [("a.mkv", "2012", 2009, ["Action"])],
        {"Drame/2012 (2009).mkv": "a"},
        {"Drame/2012 (2009).mkv": "Action & Aventure/#"},
    ),
    "first genre by the table, not by the row": (
        [("a.mkv", "Amadeus", 1984, ["Drama", "COMEDY"])],
        {"Drame/Amadeus (1984).mkv": "a", "Comédie": None},
        {"Drame/Amadeus (1984).mkv": "Comédie"},
    ),
    "a second genre": ([COMEDY], {"Drame/Amadeus (1984).mkv": "a", "Comédie/Amadeus (1984).mkv": "a"}, {}),
    "a second folder, foreign": ([COMEDY], {"Western/Amadeus (1984).mkv": "a", "Comédie/Amadeus (1984).mkv": "a"}, {}),
    "two foreign folders": (
        [DRAMA],
        {"Western/Amadeus (1984).mkv": "a", "SF/Amadeus (1984).mkv": "a", "Drame": None},
        {"SF/Amadeus (1984).mkv": "Drame"},
    ),
    "beside the genres, and at home": (
        [DRAMA],
        {"Amadeus (1984) HD.mkv": "a", "A-F/Amadeus (1984).mkv": "a", "Drame/Amadeus (1984).mkv": "a"},
        {"Amadeus (1984) HD.mkv": "Drame", "A-F/Amadeus (1984).mkv": "Drame"},
    ),
    "beside the genres, and in a foreign one": (
        [DRAMA],
        {"Amadeus (1984).mkv": "a", "Western/Amadeus (1984).mkv": "a", "Drame": None},
        {"Amadeus (1984).mkv": "Drame"},
    ),
    "beside the genres, in doubt, and in a foreign one": (
        [DRAMA],
        {"Zulu (1964).mkv": "a", "Western/Amadeus (1984).mkv": "a", "Drame": None},
        {"Zulu (1964).mkv": "Drame ? its name says 1964, the catalogue 1984", "Western/Amadeus (1984).mkv": "Drame"},
    ),
    "in a folder of the owner's beside the genres, and at home": (
        [DRAMA],
        {"À voir/Amadeus (1984).mkv": "a", "Drame/Amadeus (1984).mkv": "a"},
        {},
    ),
    "own genres only": (
        [("a.mkv", "Amadeus", 1984, ["Comédie", "Drame", "Western"])],
        {"Drame/Amadeus (1984).mkv": "a", "Western/Amadeus (1984).mkv": "a", "Comédie": None},
        {},
    ),
    "no genre": (
        [("a.mkv", "Amadeus", 1984, [])],
        {"SF/Amadeus (1984).mkv": "a", "Drame": None},
        {"SF/Amadeus (1984).mkv": "Drame"},
    ),
    "genres not known": ([("a.mkv", "Amadeus", 1984, None)], {"SF/Amadeus (1984).mkv": "a"}, {}),
    "genres not known, beside a subdivision": (
        [("a.mkv", "Amadeus", 1984, None)],
        {"SF/Amadeus (1984).mkv": "a", "SF/A-F": None},
        {"SF/Amadeus (1984).mkv": "SF/A-F"},
    ),
    "beside a subdivision": (
        [DRAMA],
        {"Drame/Amadeus (1984).mkv": "a", "Drame/A-F/Aa-Ce": None},
        {"Drame/Amadeus (1984).mkv": "Drame/A-F/Aa-Ce"},
    ),
    "in the wrong subdivision": (
        [DRAMA],
        {"Drame/G-Z/Amadeus (1984).mkv": "a", "Drame/A-F": None},
        {"Drame/G-Z/Amadeus (1984).mkv": "Drame/A-F"},
    ),
    "in a subdivision, and there is no right one": (
        [DRAMA],
        {"Drame/G-Z/Amadeus (1984).mkv": "a"},
        {"Drame/G-Z/Amadeus (1984).mkv": "Drame"},
    ),
    "in a folder of the owner's": ([DRAMA], {"Drame/À revoir/Amadeus (1984).mkv": "a", "Drame/A-F": None}, {}),
    "ranges that overlap": (
        [("a.mkv", "Matrix", 1999, ["Drame"])],
        {"Drame/Matrix (1999).mkv": "a", "Drame/L-Ma": None, "Drame/Ma-Z": None},
        {"Drame/Matrix (1999).mkv": "Drame/L-Ma ? it fits L-Ma and Ma-Z equally"},
    ),
    "in one of the ranges that overlap": (
        [("a.mkv", "Matrix", 1999, ["Drame"])],
        {"Drame/Ma-Z/Matrix (1999).mkv": "a", "Drame/L-Ma": None},
        {},
    ),
    "a folder of its own": (
        [DRAMA],
        {"Western/Amadeus (1984)/Amadeus (1984).mkv": "a", "Drame": None},
        {"Western/Amadeus (1984)": "Drame"},
    ),
    "a folder of its own, at home": ([DRAMA], {"Drame/Amadeus/Amadeus (1984).mkv": "a"}, {}),
    "a name that contradicts the row": (
        [DRAMA],
        {"Western/Zulu (1964).mkv": "a", "Drame": None},
        {"Western/Zulu (1964).mkv": "Drame ? its name says 1964, the catalogue 1984"},
    ),
    "a title that is another": (
        [DRAMA],
        {"Western/Zulu (1984).mkv": "a", "Drame": None},
        {"Western/Zulu (1984).mkv": "Drame ? its name says Zulu, the catalogue Amadeus"},
    ),
    "not in the catalogue": ([], {"Western/Amadeus (1984).mkv": "a"}, {}),
    "nobody sorts by genre": ([DRAMA], {"Mes films/Amadeus (1984).mkv": "a"}, {}),
    "rows that disagree": (
        [DRAMA, ("a.mkv", "Zulu", 1964, ["Western"])],
        {"SF/Amadeus (1984).mkv": "a", "Drame": None},
        {},
    ),
    "another spelling of the genre folder": (
        [COMEDY],
        {unicodedata.normalize("NFD", "Comédie/Amadeus (1984).mkv"): "a"},
        {},
    ),
}  # fmt: skip


def films_world(base: Path, films: list[Film], video: dict[str, str | None], **settings: Any) -> World:
    world = World(base, **settings)
    for name, title, year, genres in films:
        world.film(f"Films/{name}", title, year, genres)
    targets = {f"Films/{name}": None if end is None else f"@/Films/{end}.mkv" for name, end in video.items()}
    files = {f"Films/{end}.mkv": 1 for end in video.values() if end}
    return world.add(files, {name: end for name, end in targets.items() if end is None}).add(
        {}, {name: end for name, end in targets.items() if end is not None}
    )


@pytest.mark.parametrize("case", MISPLACED)
def test_misplaced_films(case: str, tmp_path: Path) -> None:
    films, video, expected = MISPLACED[case]
    world = films_world(tmp_path, films, video)
    found = world.tidying().misplaced()
    root = f"{world.disk.video}/Films/"
    said = {
        each.path.removeprefix(root): each.expected_dir.removeprefix(root) + (f" ? {each.doubt}" if each.doubt else "")
        for each in found
    }
    assert said == expected


SCHEMES = {
    # folders below Films, each with a film of genre Comedy → whether it is judged, what the owner is told to write
    "the configuration's": ("Drame Western SF", True, ""),
    "one of his own": ("Drame Western Divers", True, ""),
    "as many": ("Drame Divers", True, ""),
    "more of his own": ("Drame Divers Favoris", False, "config file, or"),
    "English, with one by chance": ("Western Comedy", False, 'genre_folders = { "Comedy" = "Comedy" }'),
    "English": ("Western Comedy Drama Sci-Fi", False, 'genre_folders = { "Comedy" = "Comedy", "Drama" = "Drama" }'),
    "none of the configuration's": ("Comedy Drama", False, None),
    "letters and folders of films": ("Western A-F Zulu(1964) #", True, ""),
}


@pytest.mark.parametrize("case", SCHEMES)
def test_roots_that_are_sorted_otherwise(case: str, tmp_path: Path) -> None:
    names, is_judged, told = SCHEMES[case]
    world = films_world(
        tmp_path,
        [("z.mkv", "Zoo", 2001, ["Comedy"])],
        {f"{name}/Zoo (2001).mkv": "z" if number == 0 else "y" for number, name in enumerate(names.split())},
    )
    tidying = world.tidying()
    assert [each.expected_dir for each in tidying.misplaced()] == [f"{world.disk.video}/Films/Comédie/Z"] * is_judged
    notes = tidying.misplaced_notes()
    assert len(notes) == bool(told)
    assert all(told in note for note in notes)


OTHER_SHOWS = {
    # in Séries TV the folder of another series of that title, what lies outside → where that is expected, and doubt
    "a folder without a year": ("Zone", "Mangas/Zone (2001)/Saison 01/x.mkv", "Séries TV", ""),
    "a folder of the same name": (
        "Zone", "Mangas/Zone/Saison 01/x.mkv", "Séries TV", "another series lies in Séries TV/Zone",
    ),
    "an episode": ("Zone", "Zone - S01E01.mkv", "Séries TV/Zone (2001)/Saison 01", ""),
    "an episode, and its folder's name is taken": (
        "Zone (2001)", "Zone - S01E01.mkv", "Séries TV/Zone (2001)", "another series lies in Séries TV/Zone (2001)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER_SHOWS)
def test_another_series_of_that_title(case: str, tmp_path: Path) -> None:
    folder, path, place, doubt = OTHER_SHOWS[case]
    world = World(tmp_path).series("Zone", 2001, ["Drama"], {"Séries/a.mkv": (1, 1)})
    world.series("Zone", 1959, ["Drama"], {"Séries/b.mkv": (1, 1)})
    links = {f"Séries/{path}": "@/Séries/a.mkv", f"Séries/Séries TV/{folder}/Saison 01/y.mkv": "@/Séries/b.mkv"}
    world.add({"Séries/a.mkv": 1, "Séries/b.mkv": 1}, links)
    root = f"{world.disk.video}/Séries/"
    found = {each.path.removeprefix(root): each for each in world.tidying().misplaced()}
    outside = [each for name, each in found.items() if path.startswith(name)]
    assert [(each.expected_dir, each.doubt) for each in outside] == [
        (root + place, doubt.replace("Séries TV/", f"{root}Séries TV/"))
    ]


def test_folders_of_series_are_no_types(tmp_path: Path) -> None:
    world = World(tmp_path).series("Dexter", 2006, ["Anime"], SHOW).add(dict.fromkeys(SHOW, 1), {})
    links = {f"{show}/x{number}.mkv": "e2" for number, show in enumerate(["Dallas", "Dynasty", "Derrick"])}
    links["Séries TV/Dexter (2006)/Saison 01/Dexter - S01E01.mkv"] = "e1"
    world.add({}, {f"Séries/{name}": f"@/Séries/{end}.mkv" for name, end in links.items()})
    assert world.below(world.tidying().misplaced()[-1].path) == "Séries/Séries TV/Dexter (2006)"
    assert world.tidying().misplaced_notes() == []


def test_without_a_layout_nothing_is_misplaced(tmp_path: Path) -> None:
    world = films_world(tmp_path, [DRAMA], {"Western/Amadeus (1984).mkv": "a", "Drame": None}, layout="none")
    assert world.tidying().misplaced() == []


def test_tables_of_the_configuration(tmp_path: Path) -> None:
    video = {"Comedies/Amadeus (1984).mkv": "a", "Plays": None}
    world = films_world(tmp_path, [DRAMA], video, genre_folders={"DRAME": "Plays", "Comedy": "Comedies"})
    assert [each.expected_dir for each in world.tidying().misplaced()] == [f"{world.disk.video}/Films/Plays"]


SHOW = {"Séries/e1.mkv": (1, 1), "Séries/e2.mkv": (1, 2)}
SERIES: dict[str, tuple[tuple[str, int | None, list[str] | None], dict[str, str | None], dict[str, str]]] = {
    "at home": (
        ("Dexter", 2006, ["Crime"]),
        {"Séries TV/Dexter (2006)/Saison 01/Dexter (2006) - S01E01.mkv": "e1"},
        {},
    ),
    "of another type": (
        ("Dexter", 2006, ["Anime"]),
        {"Séries TV/Dexter (2006)/Saison 01/Dexter (2006) - S01E01.mkv": "e1"},
        {"Séries TV/Dexter (2006)": "Mangas"},
    ),
    "type not known": (
        ("Dexter", 2006, None),
        {"Animation/Dexter (2006)/Saison 01/Dexter (2006) - S01E01.mkv": "e1"},
        {},
    ),
    "beside a subdivision": (
        ("Dexter", 2006, []),
        {"Séries TV/Dexter/Saison 01/Dexter - S01E01.mkv": "e1", "Séries TV/A-F": None},
        {"Séries TV/Dexter": "Séries TV/A-F"},
    ),
    "an episode outside": (
        ("Dexter", 2006, []),
        {"Séries TV/Dexter - S01E01.mkv": "e1"},
        {"Séries TV/Dexter - S01E01.mkv": "Séries TV/Dexter (2006)/Saison 01"},
    ),
    "an episode outside, and the folder is there": (
        ("Dexter", 2006, []),
        {
            "Séries TV/Dexter - S01E01.mkv": "e1",
            "Séries TV/dexter/Season 1/Dexter - S01E02.mkv": "e2",
        },
        {"Séries TV/Dexter - S01E01.mkv": "Séries TV/dexter/Season 1"},
    ),
    "in a second type": (
        ("Dexter", 2006, ["Anime", "Animation"]),
        {
            "Animation/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
            "Mangas/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
        },
        {},
    ),
    "in a second type, and not all is at home": (
        ("Dexter", 2006, ["Anime", "Animation"]),
        {
            "Animation/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
            "Animation/Dexter (2006)/Saison 01/Dexter - S01E02.mkv": "e2",
            "Mangas/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
        },
        {"Animation/Dexter (2006)": "Mangas"},
    ),
    "in a foreign type, and at home": (
        ("Dexter", 2006, []),
        {
            "Animation/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
            "Séries TV/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
        },
        {"Animation/Dexter (2006)": "Séries TV"},
    ),
    "in two foreign types": (
        ("Dexter", 2006, []),
        {
            "Animation/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
            "Mangas/Dexter/Saison 01/Dexter - S01E01.mkv": "e1",
            "Séries TV": None,
        },
        {"Animation/Dexter (2006)": "Séries TV", "Mangas/Dexter": "Séries TV"},
    ),
    "an episode in a folder of the owner's, and at home": (
        ("Dexter", 2006, []),
        {
            "À voir/Dexter - S01E01.mkv": "e1",
            "Séries TV/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
        },
        {},
    ),
    "an episode beside the types, and at home": (
        ("Dexter", 2006, []),
        {
            "Dexter - S01E01 - HD.mkv": "e1",
            "Séries TV/Dexter (2006)/Saison 01/Dexter - S01E01.mkv": "e1",
        },
        {"Dexter - S01E01 - HD.mkv": "Séries TV/Dexter (2006)/Saison 01"},
    ),
    "two folders of it at home": (
        ("Dexter", 2006, []),
        {
            "Mangas/Dexter [2006]/Saison 01/Dexter - S01E01.mkv": "e1",
            "Séries TV/Dexter/Saison 01/Dexter - S01E02.mkv": "e2",
            "Séries TV/Dexter (2006)/Saison 01/Dexter - S01E02.mkv": "e2",
        },
        {"Mangas/Dexter [2006]": "Séries TV ? it has two folders there: Dexter and Dexter (2006)"},
    ),
    "a folder of another name": (
        ("Dexter", 2006, ["Anime"]),
        {"Séries TV/Zorro (1957)/Saison 01/Dexter - S01E01.mkv": "e1"},
        {"Séries TV/Zorro (1957)": "Mangas ? its name says 1957, the catalogue 2006"},
    ),
}


@pytest.mark.parametrize("case", SERIES)
def test_misplaced_series(case: str, tmp_path: Path) -> None:
    (title, year, genres), video, expected = SERIES[case]
    world = World(tmp_path).series(title, year, genres, SHOW)
    world.add(dict.fromkeys(SHOW, 1), {f"Séries/{name}": None for name, end in video.items() if end is None})
    world.add({}, {f"Séries/{name}": f"@/Séries/{end}.mkv" for name, end in video.items() if end})
    root = f"{world.disk.video}/Séries/"
    said = {
        each.path.removeprefix(root): each.expected_dir.removeprefix(root) + (f" ? {each.doubt}" if each.doubt else "")
        for each in world.tidying().misplaced()
    }
    assert said == expected


# names of links in one folder, those to a second file after a bar → what is kept, what goes, and what is in doubt
DUPLICATES = {
    "the longest stays": ("Zulu (1964).mkv, Zulu (1964) 1080p.mkv", "Zulu (1964) 1080p.mkv < Zulu (1964).mkv"),
    "another file": ("Zulu (1964).mkv | Zulu (1964) 1080p.mkv", ""),
    "another kind of file": ("Zulu (1964).mkv, Zulu (1964).avi", ""),
    "no videos": ("poster.jpg, Zulu-fanart.jpg", ""),
    "episodes of one file": ("Dexter - S01E01.mkv, Dexter - S01E02.mkv", ""),
    "an episode within another": ("Dexter - S01E01.mkv, Dexter - S01E01-E02.mkv", ""),
    "the same episode": (
        "Dexter - S01E01.mkv, Dexter - S01E01 - Pilot.mkv, Dexter - S01E02.mkv",
        "Dexter - S01E01 - Pilot.mkv < Dexter - S01E01.mkv",
    ),
    "other years": ("Zulu (1964).mkv, Zulu (1979) HD.mkv", "Zulu (1979) HD.mkv < Zulu (1964).mkv ?"),
    "other films": ("Zulu (1964).mkv, Alien (1964) HD.mkv", "Alien (1964) HD.mkv < Zulu (1964).mkv ?"),
    "sequels": ("Rocky II (1979).mkv, Rocky III (1979) HD.mkv", "Rocky III (1979) HD.mkv < Rocky II (1979).mkv ?"),
    "parts": ("Zulu (1964) cd1.mkv, Zulu (1964) cd2 HD.mkv", "Zulu (1964) cd2 HD.mkv < Zulu (1964) cd1.mkv ?"),
    "three": ("Zulu.mkv, Zulu (1964).mkv, Zulu (1964) HD.mkv", "Zulu (1964) HD.mkv < Zulu (1964).mkv Zulu.mkv"),
    "titles that begin alike": ("Alien.mkv, Alien Resurrection HD.mkv", "Alien Resurrection HD.mkv < Alien.mkv ?"),
    "a word that only the shorter has": (
        "Zulu (1964) Hugo.mkv, Zulu (1964) 1080p x264.mkv",
        "Zulu (1964) 1080p x264.mkv < Zulu (1964) Hugo.mkv ?",
    ),
    "tags that only the shorter has": (
        "Zulu (1964) VF HDLight.mkv, Zulu (1964) 1080p BluRay x264-Hugo.mkv",
        "Zulu (1964) 1080p BluRay x264-Hugo.mkv < Zulu (1964) VF HDLight.mkv",
    ),
    "an edition that only the shorter has": (
        "Zulu (1964) Final Cut.mkv, Zulu (1964) 1080p BluRay.mkv",
        "Zulu (1964) 1080p BluRay.mkv < Zulu (1964) Final Cut.mkv ?",
    ),
    "a year that only the shorter has": (
        "Zulu (1964).mkv, Zulu 1080p BluRay.mkv",
        "Zulu 1080p BluRay.mkv < Zulu (1964).mkv ?",
    ),
    "another spelling": (
        "L'Odyssee (2016).mkv, L.Odyssée.2016.FRENCH.1080p.mkv",
        "L.Odyssée.2016.FRENCH.1080p.mkv < L'Odyssee (2016).mkv",
    ),
    "another marker": ("Dexter - 1x01.mkv, Dexter - S01E01 HD.mkv", "Dexter - S01E01 HD.mkv < Dexter - 1x01.mkv"),
    "bare codes": (
        "x/Show (2001)/Saison 01/ht-bb1.mkv, x/Show (2001)/Saison 01/ht-bb2.mkv",
        "ht-bb1.mkv < ht-bb2.mkv ?",
    ),
    "bare numbers": ("Zulu (1964) 1.mkv, Zulu (1964) 2.mkv", "Zulu (1964) 1.mkv < Zulu (1964) 2.mkv ?"),
    "one bare number": ("Zulu (1964).mkv, Zulu (1964) 2.mkv", "Zulu (1964) 2.mkv < Zulu (1964).mkv ?"),
    "bare letters": ("Zulu (1964) A.mkv, Zulu (1964) B.mkv", "Zulu (1964) A.mkv < Zulu (1964) B.mkv ?"),
    "channels": (
        "Zulu (1964).mkv, Zulu (1964) DTS-HD.MA.7.1 H.264.mkv",
        "Zulu (1964) DTS-HD.MA.7.1 H.264.mkv < Zulu (1964).mkv",
    ),
    "a number in an episode's title": (
        "Dexter - S01E01.mkv, Dexter - S01E01 - Room 7.mkv",
        "Dexter - S01E01 - Room 7.mkv < Dexter - S01E01.mkv",
    ),
}


@pytest.mark.parametrize("case", DUPLICATES)
def test_duplicates(case: str, tmp_path: Path) -> None:
    names, expected = DUPLICATES[case]
    world = World(tmp_path, layout="none").add({"Films/f0.mkv": 1, "Films/f1.mkv": 1}, {})
    for number, group in enumerate(names.split(" | ")):
        world.add({}, {f"Films/{name}": f"@/Films/f{number}.mkv" for name in group.split(", ")})
    assert duplicates_in(world) == expected


# title and year of the row, names → as above
DUPLICATES_OF_ROWS = {
    "the shorter is right": ("Batman", 1989, "Batman.mkv, Batman Begins HD.mkv", "Batman Begins HD.mkv < Batman.mkv ?"),
    "so with its year": (
        "Alien", 1979, "Alien (1979).mkv, Alien Resurrection (1979).mkv",
        "Alien Resurrection (1979).mkv < Alien (1979).mkv ?",
    ),
    "as long as the other": (
        "Rocky", 1976, "Rocky (1976).mkv, Rocky Balboa.mkv", "Rocky (1976).mkv < Rocky Balboa.mkv ?",
    ),
    "the longer is right": (
        "Batman Begins", 2005, "Batman.mkv, Batman Begins HD.mkv", "Batman Begins HD.mkv < Batman.mkv"
    ),
    "the longer is the sequel": ("Alien 3", 1992, "Alien.mkv, Alien 3 (1992).mkv", "Alien 3 (1992).mkv < Alien.mkv ?"),
    "the longer has another year": (
        "Batman", 1989, "Batman.mkv, Batman (2022) HD.mkv", "Batman (2022) HD.mkv < Batman.mkv ?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DUPLICATES_OF_ROWS)
def test_duplicates_of_a_known_film(case: str, tmp_path: Path) -> None:
    title, year, names, expected = DUPLICATES_OF_ROWS[case]
    world = World(tmp_path, layout="none").film("Films/f.mkv", title, year, [])
    world.add({"Films/f.mkv": 1}, {f"Films/{name}": "@/Films/f.mkv" for name in names.split(", ")})
    assert duplicates_in(world) == expected


def duplicates_in(world: World) -> str:
    return "; ".join(
        f"{os.path.basename(each.keep)} < {' '.join(map(os.path.basename, each.remove))}" + " ?" * bool(each.doubt)
        for each in world.tidying().duplicates()
    )


# what lies beside two names of one film → why the shorter one stays
UNTOUCHABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a file of its own": ({"Zulu (1964).nfo": 1}, "a file that is no link is named after it: Zulu (1964).nfo"),
    "a file of the other's": ({"Zulu (1964) HD.nfo": 1}, ""),
    "a link to it": ({"x": "$/Films/Zulu (1964).mkv"}, "another link leads through it"),
    "a link to the other": ({"x": "$/Films/Zulu (1964) HD.mkv"}, ""),
    "a link to its subtitles": (
        {"Zulu (1964).srt": "@/Films/s.srt", "x": "$/Films/Zulu (1964).srt"},
        "another link leads through VIDEO/Films/Zulu (1964).srt",
    ),
    "its subtitles": ({"Zulu (1964).srt": "@/Films/s.srt"}, ""),
}


@pytest.mark.parametrize("case", UNTOUCHABLE)
def test_duplicates_that_cannot_be_taken_away(case: str, tmp_path: Path) -> None:
    beside, reason = UNTOUCHABLE[case]
    names = dict.fromkeys(["Zulu (1964).mkv", "Zulu (1964) HD.mkv"], "@/Films/f.mkv")
    world = World(tmp_path, layout="none").add({"Films/f.mkv": 1, "Films/s.srt": 1}, {})
    world.add({}, {f"Films/{name}": target for name, target in (names | beside).items()})
    (found,) = world.tidying().duplicates()
    assert found.doubt == reason.replace("VIDEO", world.disk.video)


def test_two_known_titles_of_one_film_are_no_contradiction(tmp_path: Path) -> None:
    world = World(tmp_path, layout="none").film("Films/f.mkv", "Les 400 Coups", 1959, [], "The 400 Blows")
    names = ["Films/Les 400 Coups (1959).mkv", "Films/The 400 Blows (1959) HD.mkv"]
    world.add({"Films/f.mkv": 1}, dict.fromkeys(names, "@/Films/f.mkv"))
    assert [each.doubt for each in world.tidying().duplicates()] == [""]


def test_empty_folders(tmp_path: Path) -> None:
    world = World(tmp_path).add(
        {"Films/f.mkv": 1},
        {
            "Films/a/b/c": None,
            "Films/a/d": None,
            "Films/e/@eaDir/x": 1,
            "Films/f/note.txt": 1,
            "Films/g/h.mkv": "@/Films/gone.mkv",
            "Films/i": None,
            "Films/i.lnk": "$/Films/i",
            "Séries": None,
            "Autres/x": None,
        },
    )
    found = [world.below(path) for path in world.tidying().empty_dirs()]
    assert found == ["Films/a/b/c", "Films/a/b", "Films/a/d", "Films/a"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["Films/Drame/G-L", "Films/Western/X"]),
        ({"layout": "none"}, ["Films/Drame/A-F", "Films/Drame/G-L", "Films/Western/X"]),
        ({"layout": "none", "max_per_dir": 2}, ["Films/Drame/G-L", "Films/Western/X"]),
    ],
)
def test_a_folder_where_something_belongs_is_not_empty(
    settings: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    video = {"Drame/Amadeus (1984).mkv": "a", "Drame/A-F": None, "Drame/G-L": None, "Western/X": None}
    world = films_world(tmp_path, [DRAMA], video | {"Western/Zulu (1964).mkv": "b"}, **settings)
    assert [world.below(path) for path in world.tidying().empty_dirs()] == expected


def test_links_are_counted(tmp_path: Path) -> None:
    world = films_world(tmp_path, [DRAMA], {"Drame/Amadeus (1984).mkv": "a", "Drame/Zulu (1964).mkv": "b"})
    world.add({}, {"Films/Drame/Zulu (1964).srt": "@/Films/b.mkv", "Films/gone.mkv": "@/gone.mkv"})
    tidying = world.tidying()
    tidying.index()
    assert (tidying.link_count, tidying.unjudged) == (4, 1)


OVERSIZED: dict[str, tuple[str, int, str]] = {
    # folders (with "/") and films in Films/Drame, most entries → path: ranges with counts, lower, doubt
    "fits": ("Aa Bb", 2, ""),
    "two halves": ("Aa Bb Cc Dd", 3, "Drame: Aa-Bb 2 Cc-Zz 2"),
    "a range": ("S-Z/Sabrina S-Z/Se7en S-Z/Terminator S-Z/Tiny S-Z/Zodiac", 4, "Drame/S-Z: Sa-Te 3 Ti-Zz 2"),
    "a letter": ("S/Sabrina S/Se7en S/Solaris", 2, "Drame/S: Sa-Se 2 So-Sz 1"),
    "subdivisions that exist": ("A-F/ Aa Bb Gg", 3, "Drame: +2"),
    "gaps between them": ("A-C/ M-Z/ Dd Ee Ff Gg", 3, "Drame: Da-Ee 2 Ff-Lz 2"),
    "digits": ("2012 300 Aa Bb", 3, "Drame: +2"),
    "digits and letters": ("2012 300 Aa Ab Bb Bc", 3, "Drame: Aa-Ab 2 Bb-Zz 2+2"),
    "no limit": ("2012 300 Aa Ab Bb Bc", 0, ""),
    "episodes": ("S01E01 S01E02 S01E03", 2, ""),
    "as many as fit": ("Aa Bb Cc Dd Ee Ff Gg Hh", 3, "Drame: Aa-Cc 3 Dd-Ff 3 Gg-Zz 2"),
    # five are more than the folder may hold: fewer, to be parted in their turn
    "more than fit": ("Aa Bb Cc Dd Ee Ff Gg Hh Ii", 2, "Drame: Aa-Ee 5 Ff-Zz 4"),
    "more than fit, between others": (
        "A-C/ M-Z/ Da Db Dc Dd De Df Dg Dh Di Dj Dk",
        4,
        "Drame: Da-Df 6 Dg-Lz 5",
    ),
    # what cannot be parted
    "one key": ("S/Sabrina S/Sacco S/Salome", 2, "Drame/S: ? all titles begin with the same two letters"),
    "digits in their folder": (
        "#/2012 #/300 #/12",
        2,
        "Drame/#: ? titles that begin with a digit or a sign are not split further",
    ),
    "another script": ("Брат Война Москва", 2, "Drame: ? titles in another script are not split by letters"),
    "one word": (
        "American/American.Beauty American/American.Pie American/American.Psycho",
        2,
        "Drame/American: ? all titles begin with the same word",
    ),
    "folders": ("Coffret/ Intégrale/ Saga/ Aa", 2, "Drame: ? its other entries are no titles"),
    "ranges that overlap": ("L-Ma/ Ma-Z/ Ma Mab Mac", 4, "Drame: ? no subdivision is the one for its titles"),
    "what most of them are": (
        "Aa Ab Брат Война Москва",
        2,
        "Drame: ? titles in another script are not split by letters",
    ),
}


@pytest.mark.parametrize("case", OVERSIZED)
def test_oversized(case: str, tmp_path: Path) -> None:
    names, most, expected = OVERSIZED[case]
    world = World(tmp_path, max_per_dir=most).add({"Films/f.mkv": 1}, {})
    for name in names.split():
        link = f"Films/Drame/{name}.mkv" if "E0" in name else f"Films/Drame/{name} (2001).mkv"
        world.add({}, {f"Films/Drame/{name}": None} if name.endswith("/") else {link: "@/Films/f.mkv"})
    found = [
        f"{world.below(each.path).removeprefix('Films/')}: "
        + " ".join(f"{name} {count}" for name, count in zip(each.ranges, each.range_counts, strict=True))
        + (f"+{each.leaving}" if each.leaving else "")
        + (f"? {each.doubt.removeprefix('it cannot be split: ')}" if each.doubt else "")
        for each in world.tidying().oversized()
    ]
    assert "; ".join(found) == expected


FLAT = {
    # entries, settings → oversized folders
    "films": (["Films/Aa", "Films/Bb", "Films/Cc"], {}, ["Films"]),
    "films, no layout": (["Films/Aa", "Films/Bb", "Films/Cc"], {"layout": "none"}, ["Films"]),
    "films, sorted by genre": (["Films/Aa", "Films/Bb", "Films/Cc", "Films/Drame/"], {}, []),
    "films, a folder of the owner's": (["Films/Aa", "Films/Bb", "Films/Cc", "Films/Mes films/"], {}, ["Films"]),
    "series": ([f"Séries/{title} (2001)/Saison 01/S01E01" for title in ("Aa", "Bb", "Cc")], {}, ["Séries"]),
    "roots in a scoped folder": (
        ["Aa", "Bb", "Cc", "Films/Aa", "Films/Bb", "Films/Cc"],
        {"scope": ("Films", "Séries", ".")},
        ["Films"],
    ),
}


@pytest.mark.parametrize("case", FLAT)
def test_a_root_is_parted_where_nobody_sorts_by_genre_or_type(case: str, tmp_path: Path) -> None:
    entries, settings, expected = FLAT[case]
    world = World(tmp_path, max_per_dir=2, **settings).add({"Films/f.mkv": 1}, {})
    for name in entries:
        is_folder = name.endswith("/")
        world.add({}, {name: None} if is_folder else {f"{name} (2001).mkv": "@/Films/f.mkv"})
    assert [world.below(each.path) for each in world.tidying().oversized() if each.ranges] == expected


def test_what_is_named_after_what_is_worked_out_once_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, max_per_dir=10).add({"Films/f.mkv": 1}, {})
    for number in range(30):
        entries = {f"Zulu {number} (1964).mkv": "@/Films/f.mkv", f"Zulu {number} (1964).nfo": 1}
        world.add({}, {f"Films/Drame/{name}": entry for name, entry in entries.items()})
    made: list[int] = []
    monkeypatch.setattr("cineorg.tidy.tree_snapshot.Stems", lambda videos: made.append(1) or Stems(videos))
    assert "a file that is no link is named after it: Zulu " in world.tidying().oversized()[0].doubt
    assert len(made) == 1
