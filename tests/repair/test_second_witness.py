"""What the names leave open, a second thing that both say may close; one that is only alike may not."""

from __future__ import annotations

import os

import pytest

from cineorg.testing import Library

SHOW = "Séries/Show/Saison 02/Show - S02"
FILES = "Séries/Show/Season 2"


@pytest.mark.parametrize(
    ("link", "files", "found"),
    [
        # The name alone says too little, and the episode's title says the rest.
        (f"{SHOW}E05 - Le Grand Bal.mkv", [f"{FILES}/05 - Le Grand Bal.mkv"], 0),
        (f"{SHOW}E05 - Le Grand Bal.mkv", [f"{FILES}/05 - La Chute.mkv"], None),
        (f"{SHOW}E05 - Episode 5.mkv", [f"{FILES}/05 - Episode 5.mkv"], None),
        (f"{SHOW}E05 - Le Grand Bal.mkv", ["Séries/Show/Season 3/05 - Le Grand Bal.mkv"], None),
        (f"{SHOW}E05 - Le Grand Bal.mkv", [f"{FILES}/06 - Le Grand Bal.mkv"], None),
        # A film's name that holds a date may be the film of that name, and only that one.
        ("Films/Fahrenheit 9-11 (2004).mkv", ["Films/Fahrenheit.9.11.2004.mkv"], 0),
        ("Films/2 22 (2017).mkv", ["Films/2.22.2017.1080p.BluRay.mkv"], 0),
        ("Films/Fahrenheit 451 (2004).mkv", ["Films/Fahrenheit.9.11.2004.mkv"], None),
        # Of two that may both be it, the one that says so.
        (
            "Séries/Who (2005)/Saison 01/Who (2005) - S01E01.mkv",
            ["Séries/Who.2005.S01E01.mkv", "Séries/Who.S01E01.mkv"],
            0,
        ),
        # Episodes of another series of the title, without a folder of their own, are heard.
        (f"{SHOW}E05.mkv", ["Séries/Show.2019.S02E05.mkv", "Séries/Show.2005.S01E01.mkv"], None),
        ("Séries/Show (2005)/x - S02E05.mkv", ["Séries/Show.S02E05.mkv", "Séries/Show.2019.S02E05.mkv"], None),
        (f"{SHOW}E05.mkv", ["Séries/Show.2019.S02E05.mkv", "Séries/Show.2019.S01E01.mkv"], 0),
        (f"{SHOW}E05.mkv", ["Séries/Show.2019.S02E05.mkv", "Séries/Show.S01E01.2005.mkv"], 0),  # shown then
        (f"{SHOW}E05.mkv", ["Séries/Show.2019.S02E05.mkv", "Séries/Shows.2005.S01E01.mkv"], 0),
        (f"{SHOW}E05.mkv", ["Séries/Show.2019.S02E05.mkv", "Films/Show.2005.mkv"], 0),
        # A raised number is one.
        ("Films/Alien³ (1992).mkv", ["Films/Alien.3.1992.mkv"], 0),
        ("Films/Alien³ (1992).mkv", ["Films/Alien.1992.mkv"], None),
    ],
)
def test_a_second_witness_closes_a_point(library: Library, link: str, files: list[str], found: int | None) -> None:
    library.films(3).add(dict.fromkeys(files, 5), {link: "@/gone.mkv"})
    library.run("repair-links", "--auto", "--yes")
    assert os.readlink(library.link(link)) == library.stored("gone.mkv" if found is None else files[found])


@pytest.mark.parametrize(
    ("healthy", "is_found"),
    [
        ({1: "01 - a", 2: "02 - b"}, True),
        ({1: "01 - a"}, False),  # one may be chance
        ({1: "01 - a", 2: "02 - b", 3: "04 - d"}, False),  # the folder counts otherwise
    ],
)
def test_a_folder_whose_numbers_other_links_confirm(library: Library, healthy: dict[int, str], is_found: bool) -> None:
    for number, name in healthy.items():
        library.add({f"{FILES}/{name}.mkv": 20 + number}, {f"{SHOW}E{number:02}.mkv": f"@/{FILES}/{name}.mkv"})
    library.films(3).add({f"{FILES}/05 - e.mkv": 5}, {f"{SHOW}E05.mkv": "@/gone.mkv"})
    library.run("repair-links", "--auto", "--yes")
    assert os.readlink(library.link(f"{SHOW}E05.mkv")) == library.stored(
        f"{FILES}/05 - e.mkv" if is_found else "gone.mkv"
    )
