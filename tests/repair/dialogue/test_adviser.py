"""What follows from a confirmed file, what speaks against one, and what a search finds, in real trees."""

from __future__ import annotations

import os
import posixpath
from dataclasses import replace

import pytest
from helpers import Library

from cineorg.catalogue.file_moves import Knowledge, Remembered
from cineorg.catalogue.knowledge import stat_file
from cineorg.changes import Candidate
from cineorg.names import NameReader
from cineorg.repair.diagnosis import Diagnosis
from cineorg.repair.dialogue.adviser import PlannerDesk
from cineorg.repair.dialogue.decisions import BY_HAND
from cineorg.repair.planner import RepairPlanner
from cineorg.settings.configuration import Settings
from cineorg.trees.library import load_library

NOW = "2026-02-10 12:00:00.000000"
SHOW = "Séries/Séries TV/Show (2001)"
ONE = f"{SHOW}/Saison 01/Show (2001) - S01E01.mkv"


class Table:
    """A desk over a real library, and what is asked of it by short names."""

    def __init__(self, library: Library, knowledge: Knowledge | None = None) -> None:
        settings = Settings(storage=(library.storage,), video=library.video)
        loaded = load_library(settings, {})
        planner = RepairPlanner(loaded, knowledge or Knowledge(), NameReader({}), min_score=90.0, stat=stat_file)
        self.library = library
        self.items = planner.diagnose_all([link for link in loaded.bad_links if link.state == "broken"])
        self.desk = PlannerDesk(planner, self.items)

    def item(self, name: str) -> Diagnosis:
        """Return the diagnosis of the link whose name holds `name`."""
        [found] = [item for item in self.items if name in posixpath.basename(item.link.path)]
        return found

    def confirmed(self, name: str, file: str) -> Diagnosis:
        """Return the link with a file of Séries chosen by hand."""
        candidate = Candidate(self.library.stored(f"Séries/{file}"), 100.0, "chosen by hand")
        return replace(self.item(name), rule=BY_HAND, chosen=candidate, reason="")

    def follow(self, name: str, file: str, given: list[Diagnosis] | None = None) -> dict[str, str]:
        """Return which links follow the confirmed one: numbers → file below Séries."""
        confirmed = self.confirmed(name, file)
        done = {confirmed.link.path, *(item.link.path for item in given or [])}
        others = [item for item in self.items if item.link.path not in done]
        found = self.desk.rest_of_series(confirmed, others, given or [])
        start = len(self.library.stored("Séries/"))
        return {item.wanted.numbers: item.chosen.path[start:] for item in found if item.chosen}


def make(library: Library, links: str, *files: str) -> Library:
    """Make broken links of Show by their numbers, and stored files below Séries."""
    shown = {}
    for numbers in links.split():
        season = numbers[1:3]
        shown[f"{SHOW}/Saison {season}/Show (2001) - {numbers}.mkv"] = f"@/Séries/gone/Show.{numbers}.mkv"
    return library.add({f"Séries/{file}": 100 + number for number, file in enumerate(files)}, shown)


TWO = "S01E01 S01E02"


@pytest.mark.parametrize(
    ("links", "files", "expected"),
    [
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show S01E02.mkv"],
                     {"S01E02": "a/Le Show S01E02.mkv"}, id="the title of the confirmed file counts"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "b/Le Show S01E02.mkv"], {}, id="another folder"),
        pytest.param("S01E01 S01E02 S02E01",
                     ["S/Saison 01/Le Show S01E01.mkv", "S/Saison 01/Le Show S01E02.mkv", "S/S02/Le Show S02E01.mkv"],
                     {"S01E02": "S/Saison 01/Le Show S01E02.mkv", "S02E01": "S/S02/Le Show S02E01.mkv"},
                     id="seasons of one series folder"),
        pytest.param("S01E01 S01E02 S01E03", ["a/Le Show S01E01.mkv", "a/Le Show S01E02-E03.mkv"],
                     {"S01E02": "a/Le Show S01E02-E03.mkv", "S01E03": "a/Le Show S01E02-E03.mkv"},
                     id="a file of several episodes"),
        pytest.param("S01E01 S01E02-E03", ["a/Le Show S01E01.mkv", "a/Le Show S01E02.mkv"], {},
                     id="a file that holds only a part"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show Bis S01E02.mkv"], {}, id="another title in the folder"),
        pytest.param(TWO, ["a/Le Show (1980) S01E01.mkv", "a/Le Show (2010) S01E02.mkv"], {}, id="another year"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show S01E02.1080p.mkv", "a/Le Show S01E02.720p.mkv"], {},
                     id="two files of its numbers"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show S01E021.mkv"], {}, id="numbers are no substrings"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show S02E02.mkv"], {}, id="another season"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/02.mkv"], {}, id="a weak name"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Sample/Le Show S01E02.mkv", "a/Le Show S01E02-sample.mkv"], {},
                     id="samples"),
        pytest.param(TWO, ["a/Le Show S01E01.mkv", "a/Le Show S01E02-part1.mkv"], {}, id="a part"),
    ],
)  # fmt: skip
def test_the_rest_of_a_series(library: Library, links: str, files: list[str], expected: dict[str, str]) -> None:
    table = Table(make(library, links, *files))
    assert table.follow("S01E01", files[0]) == expected


def test_a_file_of_other_numbers_places_nothing(library: Library) -> None:
    table = Table(make(library, TWO, "a/Le Show S01E02.mkv", "a/Le Show S01E07.mkv"))
    assert table.follow("S01E01", "a/Le Show S01E07.mkv") == {}


def test_a_link_that_contradicts_its_old_file_does_not_follow(library: Library) -> None:
    make(library, "S01E01", "a/Le Show S01E01.mkv", "a/Le Show S01E02.mkv")
    library.add({}, {f"{SHOW}/Saison 01/Show (2001) - S01E02.mkv": "@/Séries/gone/Show.S01E09.mkv"})
    assert Table(library).follow("S01E01", "a/Le Show S01E01.mkv") == {}


def test_a_file_of_another_link_does_not_follow(library: Library) -> None:
    make(library, TWO, "a/Le Show S01E01.mkv", "a/Le Show S01E02.mkv")
    library.add(
        {}, {"Séries/Séries TV/Other (1990)/Saison 01/Other (1990) - S01E02.mkv": "@/Séries/a/Le Show S01E02.mkv"}
    )
    table = Table(library)
    assert table.follow("Show (2001) - S01E01", "a/Le Show S01E01.mkv") == {}
    item = table.item("Show (2001) - S01E02")
    candidate = Candidate(library.stored("Séries/a/Le Show S01E02.mkv"), 90.0, "")
    assert "is the file of" in table.desk.objection(item, candidate, [])


def test_two_folders_chosen_by_hand_leave_it_to_the_user(library: Library) -> None:
    make(
        library,
        "S01E01 S01E02 S01E03 S01E04",
        *(f"{folder}/Le Show S01E0{n}.mkv" for folder in "ab" for n in (1, 2, 3)),
    )
    library.add({"Séries/b/Le Show S01E04.mkv": 1})
    table = Table(library)
    first = table.confirmed("S01E01", "a/Le Show S01E01.mkv")
    assert table.follow("S01E02", "b/Le Show S01E02.mkv", [first]) == {"S01E04": "b/Le Show S01E04.mkv"}


@pytest.mark.parametrize(
    ("link", "file", "objection"),
    [
        (ONE, "Séries/x/Show.S01E02.mkv", "episode S01E01 / S01E02"),
        (ONE, "Séries/x/Show.S02E01.mkv", "season 1 / 2"),
        (ONE, "Séries/x/Saison 01/02.mkv", "episode S01E01 / S01E02"),
        (ONE, "Séries/x/Show.S01E01E02.mkv", ""),
        (f"{SHOW}/Saison 01/Show (2001) - S01E01-E02.mkv", "Séries/x/Show.S01E02.mkv", ""),
        (ONE, "Films/x/abc.mkv", ""),
        (ONE, "Films/x/Heat.1995.1080p.mkv", "kind episode / film"),
        ("Films/Drame/Heat (1995).mkv", "Films/x/Heat.1995.mkv", ""),
        ("Films/Drame/Heat (1995).mkv", "Films/x/Chaleur.1995.mkv", ""),
        ("Films/Drame/Heat (1995).mkv", "Films/x/Heat.2013.1080p.mkv", "year 1995 / 2013"),
        ("Films/Drame/Heat (1995).mkv", "Séries/x/Heat.S01E02.mkv", "kind film / episode"),
        ("Films/Drame/Heat (1995).srt", "Films/x/Heat.1995.mkv", "the link is no video"),
    ],
)  # fmt: skip
def test_what_speaks_against_a_file(library: Library, link: str, file: str, objection: str) -> None:
    library.add({file: 1, "Films/other.mkv": 2, "Séries/other.mkv": 3}, {link: "@/Films/gone/nothing"})
    table = Table(library)
    [item] = table.items
    said = table.desk.objection(item, Candidate(library.stored(file), 50.0, ""), [])
    assert objection in said
    assert bool(objection) == bool(said)


def test_a_file_given_to_another_link_just_now(library: Library) -> None:
    names = ("Alpha (1990)", "Beta (1990)")
    library.add(
        {"Films/x/abc.mkv": 1}, {f"Films/Drame/{name}.mkv": f"@/Films/gone/{name}.mkv" for name in names}
    )  # fmt: skip
    table = Table(library)
    candidate = Candidate(library.stored("Films/x/abc.mkv"), 50.0, "")
    given = replace(table.item("Alpha"), rule=BY_HAND, chosen=candidate)
    assert table.desk.objection(table.item("Beta"), candidate, []) == ""
    assert "names something else" in table.desk.objection(table.item("Beta"), candidate, [given])


def test_a_search_shows_fitting_numbers_first(library: Library) -> None:
    files = ["x/Le.Show.S01E01.mkv", "x/Le.Show.S01E02.mkv", "x/Le.Show.S02E02.mkv", "x/Le Show - Bonus track.mkv"]
    table = Table(make(library, "S01E02", *files))
    found = table.desk.search(table.items[0], "le show")
    start = len(library.stored("Séries/"))
    assert [item.path[start:] for item in found] == [files[1], files[3], files[0], files[2]]
    assert all(item.score < 90 for item in found)
    assert found[2].evidence == "Le Show, numbers differ: S01E02 / S01E01"
    assert table.desk.search(table.items[0], "nothing like it") == []


def test_a_search_with_a_word_too_many_finds_all_the_same(library: Library) -> None:
    library.add({"Films/x/Nosferatu.1922.mkv": 1}, {"Films/Drame/Gone (1922).mkv": "@/Films/gone.mkv"})
    table = Table(library)
    [found] = table.desk.search(table.items[0], "Nosferatu le vampire")
    assert os.path.basename(found.path) == "Nosferatu.1922.mkv"


@pytest.mark.parametrize(
    ("missing_since", "words", "is_recent"),
    [
        (None, "no scan has ever seen", True),
        ("", "the last scan still saw its file", True),
        ("2026-02-10 01:00:00.000000", "2026-02-10T01:00:00+00:00 (1 scan has missed it, less than a day)", True),
        ("2026-02-09 01:00:00.000000", "2 scans have missed it, 1 day)", True),
        ("2026-02-04 01:00:00.000000", "7 scans have missed it, 6 days)", True),
        ("2026-02-03 01:00:00.000000", "8 scans have missed it, 7 days)", False),
    ],
)
def test_since_when_it_is_missing(library: Library, missing_since: str | None, words: str, is_recent: bool) -> None:
    known = None if missing_since is None else Remembered(1, 2, missing_since)
    library.add({"Films/a.mkv": 1}, {"Films/Drame/Gone (1922).mkv": "@/Films/gone.mkv"})
    daily = [f"2026-02-{day:02} 01:00:00.000000" for day in range(1, 11)]
    table = Table(library, Knowledge(remembered=lambda path: known, scans=daily))
    absence = table.desk.absence(table.items[0])
    assert words in absence.words
    assert absence.is_recent == is_recent
