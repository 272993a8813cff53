"""What a broken link gets by the names alone: the right file, or none with the reason. A wrong one, never."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from helpers import Library


class Case(NamedTuple):
    """A broken link, the file that it had, what is stored now, and what it gets: a file, or none and why."""

    link: str
    old: str
    stored: tuple[str, ...]
    gets: str | None
    reason: str = ""
    healthy: tuple[tuple[str, str], ...] = ()


FILM, SHOW = "Films/Drame/", "Séries/Séries TV/"
KAAMELOTT = SHOW + "Kaamelott (2005)/Saison 04/Kaamelott (2005) - "
OFFICE = SHOW + "The Office (2005)/Saison 01/The Office (2005) - S01E02.mkv"


def film(name: str, old: str, stored: tuple[str, ...], gets: str | None, reason: str = "", **rest: Any) -> Case:
    """Return the case of a film's link; all paths are below Films."""
    below = tuple(f"Films/{path}" for path in stored)
    return Case(FILM + name, f"Films/{old}", below, f"Films/{gets}" if gets else None, reason, **rest)


def show(link: str, old: str, stored: tuple[str, ...], gets: str | None, reason: str = "", **rest: Any) -> Case:
    """Return the case of an episode's link; stored paths are below Séries."""
    below = tuple(f"Séries/{path}" for path in stored)
    return Case(link, f"Séries/{old}", below, f"Séries/{gets}" if gets else None, reason, **rest)


CASES = {
    "another country in brackets": show(
        SHOW + "The Office (US)/Saison 01/The Office (US) - S01E01.mkv", "TO/The.Office.US.S01E01.mkv",
        ("The Office (UK)/Season 1/The Office (UK) - S01E01.mkv",), None,
    ),
    "a country that the link does not say": show(
        SHOW + "The Office (2001)/Saison 01/The Office (2001) - S01E01.mkv", "The Office/The.Office.S01E01.mkv",
        ("The Office (US)/Season 1/The Office (US) - S01E01.mkv",), None,
    ),
    "the same country without brackets": show(
        SHOW + "The Office (US)/Saison 01/The Office (US) - S01E01.mkv", "TO/x.mkv",
        ("TOUS/The.Office.US.S01E01.720p.mkv",), "TOUS/The.Office.US.S01E01.720p.mkv",
    ),
    "subtitles are not the spoken language": film(
        "Ran (1985) VOSTFR.mkv", "Ran.1985.VOSTFR.mkv", ("Ran.1985.FRENCH.mkv",), None, "language vostfr / french"
    ),
    # Numbers are numbers
    "digits of another episode": show(
        KAAMELOTT + "S04E02.mkv", "Kaamelott.S04E02.mkv", ("Kaamelott.S04E021.mkv", "Kaamelott.S04E20.mkv"), None,
        "no stored file has its numbers (S04E02)",
    ),
    "three digits": show(
        KAAMELOTT + "S04E021.mkv", "K.S04E021.mkv", ("x/Kaamelott.S04E02.mkv", "x/Kaamelott.S04E21.mkv"),
        "x/Kaamelott.S04E21.mkv",
    ),
    "another season": show(
        KAAMELOTT + "S04E02.mkv", "Kaamelott.S04E02.mkv", ("Kaamelott.S03E02.mkv",), None, "S04E02"
    ),
    "written 4x02": show(KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott 4x02.mkv",), "Kaamelott 4x02.mkv"),
    "several episodes in one file": show(
        KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott.S04E01-E03.mkv",), "Kaamelott.S04E01-E03.mkv"
    ),
    "its own file before one of several": show(
        KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott.S04E01-E03.mkv", "Kaamelott.S04E02.mkv"),
        "Kaamelott.S04E02.mkv",
    ),
    "only one of its episodes": show(
        KAAMELOTT + "S04E01-E02.mkv", "old.mkv", ("Kaamelott.S04E01.mkv",), None, "S04E01E02 / S04E01"
    ),
    "a number counted through": show(KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott - 02.mkv",), None),
    "numbers refused": show(KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott.S04E0102.mkv",), None),
    "specials": show(
        SHOW + "Kaamelott (2005)/Saison 00/Kaamelott (2005) - S00E02.mkv", "old.mkv",
        ("Kaamelott/Specials/Kaamelott.S00E02.mkv", "Kaamelott.S01E02.mkv"), "Kaamelott/Specials/Kaamelott.S00E02.mkv",
    ),
    "part of an episode": show(KAAMELOTT + "S04E02.mkv", "old.mkv", ("Kaamelott.S04E02b.mkv",), None, "part not said"),
    "link and old file disagree": show(
        KAAMELOTT + "S04E02.mkv", "Kaamelott.S04E021.mkv", ("x/Kaamelott.S04E021.mkv", "x/Kaamelott.S04E02.mkv"), None,
        "the link says S04E02, its old file S04E21",
    ),
    # One title, several series
    "other country": show(OFFICE, "The.Office.US.S01E02.mkv", ("The.Office.UK.S01E02.mkv",), None),
    "other year": show(OFFICE, "old.mkv", ("The.Office.2001.S01E02.mkv",), None, "year 2005 / 2001"),
    "the year is in the folder": show(
        OFFICE, "old.mkv", ("The Office (2001)/The.Office.S01E02.mkv",), None, "year 2005 / 2001"
    ),
    "two series, the file says no year": show(
        OFFICE, "old.mkv", ("The.Office.S01E02.mkv", "The Office (2001)/The Office (2001) S01E01.mkv"), None,
        "several series of this title",
    ),
    "one series, the file says no year": show(OFFICE, "old.mkv", ("The.Office.S01E02.mkv",), "The.Office.S01E02.mkv"),
    "a similar title": show(
        SHOW + "The Good Wife/Saison 01/The Good Wife - S01E01.mkv", "old.mkv", ("The.Good.Life.S01E01.mkv",), None,
        "not certain",
    ),
    "a spin-off": show(
        SHOW + "Star Trek/Saison 01/Star Trek - S01E01.mkv", "old.mkv", ("Star.Trek.Picard.S01E01.mkv",), None
    ),
    "another article": show(
        SHOW + "Le Cedar/Saison 01/Le Cedar - S01E01.mkv", "old.mkv", ("The.Cedar.S01E01.mkv",), None
    ),
    "another series' file of the same name": show(
        SHOW + "Lost/Saison 01/Lost - S01E02.mkv", "Lost/S01E02.mkv", ("Heat/S01E02.mkv",), None
    ),
    "a code that other series have": show(
        SHOW + "Lost/Saison 01/Lost - S01E02.mkv", "Lost.S01.720p/abc-s01e02.mkv", ("Heat.S01.720p/abc-s01e02.mkv",),
        None,
    ),
    # Films
    "sequel": film("Rocky II (1979).mkv", "old.mkv", ("Rocky.III.1982.mkv",), None, "title Rocky II / Rocky III"),
    "sequel of the same year": film("Rocky II (1979).mkv", "old.mkv", ("Rocky.III.1979.mkv",), None, "II / Rocky III"),
    "roman and arabic": film("Rocky II (1979).mkv", "old.mkv", ("Rocky.2.1979.mkv",), "Rocky.2.1979.mkv"),
    "remake": film(
        "Godzilla (1954).mkv", "Godzilla.1954.mkv", ("Godzilla.1998.mkv",), None,
        "the nearest, Godzilla.1998.mkv: year 1954 / 1998"
    ),
    "right among remakes": film(
        "Godzilla (1954).mkv", "old.mkv", ("Godzilla.1998.mkv", "Godzilla.1954.mkv"), "Godzilla.1954.mkv"
    ),
    "year unknown": film("Godzilla (1954).mkv", "old.mkv", ("Godzilla.mkv",), None, "not certain"),
    "link without a year": film("Godzilla.mkv", "old.mkv", ("Godzilla.1954.mkv",), None),
    "its old file said the year": film(
        "Godzilla.mkv", "Godzilla.1954.mkv", ("x/Godzilla (1954).mkv",), "x/Godzilla (1954).mkv"
    ),
    "titles of numbers": film("1917 (2019).mkv", "1917.2019.mkv", ("2012.2009.mkv", "1917.1970.mkv"), None),
    "a number and a year": film("2012 (2009).mkv", "old.mkv", ("2012.2009.1080p.mkv",), "2012.2009.1080p.mkv"),
    "other part": film("Che (2008) - cd1.mkv", "old.mkv", ("Che (2008) - cd2.mkv",), None, "part 1 / 2"),
    "part two": film("Dune Part Two (2024).mkv", "old.mkv", ("Dune Part One (2024).mkv",), None),
    "another cut": film(
        "Blade Runner (1982) {edition-Director's Cut}.mkv", "old.mkv", ("Blade.Runner.1982.Theatrical.mkv",), None,
        "edition Director's Cut / Theatrical",
    ),
    "twins, told apart by the link": film(
        "Foo Bar (2001) 2160p.mkv", "old.mkv", ("Foo.Bar.2001.1080p.mkv", "Foo.Bar.2001.2160p.mkv"),
        "Foo.Bar.2001.2160p.mkv",
    ),
    "twins that nothing tells apart": film(
        "Foo Bar (2001).mkv", "old.mkv", ("Foo.Bar.2001.1080p.mkv", "Foo.Bar.2001.2160p.mkv"), None,
        "2 files fit equally",
    ),
    "the only release, which is another one": film(
        "Foo Bar (2001) 2160p.mkv", "Foo.Bar.2001.2160p.WEB.x265-A.mkv", ("Foo.Bar.2001.480p.DVDRip.XviD-B.avi",),
        "Foo.Bar.2001.480p.DVDRip.XviD-B.avi",
    ),
    "twins, told apart by the old file": film(
        "Foo Bar (2001).mkv", "Foo.Bar.2001.2160p.WEB.mkv",
        ("Foo.Bar.2001.2160p.BluRay.mkv", "Foo.Bar.2001.2160p.WEB.x265.mkv"), "Foo.Bar.2001.2160p.WEB.x265.mkv",
    ),
    "no second link to what the one beside it shows": film(
        "Foo Bar (2001) 1080p.mkv", "Foo.Bar.2001.1080p.mkv", ("Foo.Bar.2001.2160p.mkv",), None,
        "superseded: Foo Bar (2001) 2160p.mkv beside it",
        healthy=(("Films/Drame/Foo Bar (2001) 2160p.mkv", "Films/Foo.Bar.2001.2160p.mkv"),),
    ),
    "the other episode of a double, beside its healthy link": show(
        KAAMELOTT + "S04E02.mkv", "old.mkv", ("x/Kaamelott.S04E01-E02.mkv",), "x/Kaamelott.S04E01-E02.mkv",
        healthy=((KAAMELOTT + "S04E01.mkv", "Séries/x/Kaamelott.S04E01-E02.mkv"),),
    ),
    "a trailer": film("Foo Bar (2001).mkv", "old.mkv", ("Foo.Bar.2001-trailer.mkv",), None, "nothing fits"),
    "the title of its old file": film(
        "Les Évadés (1994).mkv", "Shawshank.Redemption.1994.mkv", ("x/Shawshank Redemption (1994).mkv",),
        "x/Shawshank Redemption (1994).mkv",
    ),
    "other title, same year": film("Les Évadés (1994).mkv", "old.mkv", ("Pulp.Fiction.1994.mkv",), None),
    "a slip of the pen": film(
        "Broadway Danny Rose (1984).mkv", "old.mkv", ("Brodway.Danny.Rose.1984.mkv",), None,
        "title Broadway Danny Rose / Brodway Danny Rose",
    ),
    "other spellings of one title": film(
        "Spider-Man II & Co (2004).mkv", "old.mkv", ("Spiderman.2.et.Co.2004.mkv",), "Spiderman.2.et.Co.2004.mkv"
    ),
    "volume one": film(
        "Kill Bill - Volume 1 (2003).mkv", "old.mkv", ("Kill.Bill.Vol.1.2003.mkv", "Kill.Bill.Vol.2.2004.mkv"),
        "Kill.Bill.Vol.1.2003.mkv",
    ),
    "the year one off, as the old file said": film(
        "Heat (1995).mkv", "Heat.1996.mkv", ("x/Heat (1996) 720p.mkv",), "x/Heat (1996) 720p.mkv"
    ),
    "the year one off": film("Heat (1995).mkv", "old.mkv", ("Heat.1996.720p.mkv",), None, "year 1995 / 1996"),
    "one letter in a short title": film("Hostel (2005).mkv", "old.mkv", ("Hotel.2005.mkv",), None),
    "a plural": film("Bad Monsters (2005).mkv", "old.mkv", ("Bad.Monster.2005.mkv",), None),
    "same id": film(
        "Heat (1995) {tmdb-949}.mkv", "old.mkv", ("Heat. La sfida.1995.{tmdb-949}.mkv",),
        "Heat. La sfida.1995.{tmdb-949}.mkv",
    ),
    "other id": film("Heat (1995) {tmdb-949}.mkv", "old.mkv", ("Heat (1995) {tmdb-1}.mkv",), None, "id"),
    "a film for an episode": show(SHOW + "Heat/Saison 01/Heat - S01E01.mkv", "old.mkv", ("Heat.1995.mkv",), None),
    # Same name elsewhere
    "moved": film("Foo (2001).mkv", "a/Foo.2001.x264-GRP.mkv", ("b/Foo.2001.x264-GRP.mkv",), "b/Foo.2001.x264-GRP.mkv"),
    "a name that says nothing": film("Heat (1995).mkv", "Heat (1995)/movie.mkv", ("Alien (1979)/movie.mkv",), None),
    "a name that says nothing, with its folder": film(
        "Heat (1995).mkv", "Heat (1995)/movie.mkv", ("x/Heat (1995)/movie.mkv", "Alien (1979)/movie.mkv"),
        "x/Heat (1995)/movie.mkv",
    ),
    "its folder came along": film(
        "Heat (1995).mkv", "Heat (1995)/movie.mkv", ("x/Heat (1995)/movie.mkv",), "x/Heat (1995)/movie.mkv"
    ),
    "a disc": film(
        "Heat (1995).mkv", "Heat (1995)/VIDEO_TS/VTS_01_1.vob", ("Alien (1979)/VIDEO_TS/VTS_01_1.vob",), None
    ),
    "an episode by its number alone": show(
        SHOW + "Lost/Saison 01/Lost - S01E02.mkv", "Lost/Saison 01/02.mkv", ("Heat/Saison 01/02.mkv",), None
    ),
    "the same number in another season": show(
        SHOW + "Lost/Saison 01/Lost - S01E02.mkv", "Lost/Saison 01/02.mkv", ("Lost/Saison 02/02.mkv",), None
    ),
    "a code of a release": show(
        SHOW + "Breaking Bad/Saison 01/Breaking Bad - S01E01.mkv", "Breaking.Bad.S01.1080p/ht-bb1.mkv",
        ("x/Breaking.Bad.S01.1080p/ht-bb1.mkv",), "x/Breaking.Bad.S01.1080p/ht-bb1.mkv",
    ),
    "two of the same name": film(
        "Foo (2001).mkv", "a/Foo.2001.mkv", ("b/Foo.2001.mkv", "c/Foo.2001.mkv"), None, "2 files"
    ),
    "a subtitle": film("Foo (2001).srt", "a/Foo.2001.srt", ("b/Foo.2001.srt",), "b/Foo.2001.srt"),
    "a subtitle is not looked for by its title": film("Foo (2001).srt", "a/old.srt", ("b/Foo.2001.srt",), None),
    "the same name in another series of the title": show(
        OFFICE, "The Office (2005)/The.Office.S01E02.mkv", ("The Office (2001)/The.Office.S01E02.mkv",), None,
        "year 2005 / 2001",
    ),
    "the same name, and two series of the title": show(
        OFFICE, "a/The.Office.S01E02.mkv", ("b/The.Office.S01E02.mkv", "The Office (2001)/The.Office.S02E09.mkv"), None,
        "several series of this title",
    ),
    "a release's name, and two series of the title": show(
        OFFICE, "a/The.Office.S01E02.720p.x264-GRP.mkv",
        ("b/The.Office.S01E02.720p.x264-GRP.mkv", "The Office (2001)/The.Office.S02E09.mkv"),
        "b/The.Office.S01E02.720p.x264-GRP.mkv",
    ),
    # Other links
    "the file of another episode's link": show(
        KAAMELOTT + "S04E02.mkv", "old.mkv", ("x/Kaamelott.S04E02.mkv",), None, "which names something else",
        healthy=((KAAMELOTT + "S04E03.mkv", "Séries/x/Kaamelott.S04E02.mkv"),),
    ),
    "the file of the same film's link": film(
        "Foo (2001).mkv", "old.mkv", ("Foo.2001.mkv",), "Foo.2001.mkv",
        healthy=(("Films/SF/Foo (2001).mkv", "Films/Foo.2001.mkv"),),
    ),
    "where its series is": show(
        SHOW + "Lost/Saison 01/Lost - S01E02.mkv", "old.mkv",
        ("Lost 720p/Lost.S01E02.mkv", "Lost 1080p/Lost.S01E02.mkv", "Lost 1080p/Lost.S01E03.mkv"),
        "Lost 1080p/Lost.S01E02.mkv",
        healthy=((SHOW + "Lost/Saison 01/Lost - S01E03.mkv", "Séries/Lost 1080p/Lost.S01E03.mkv"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_by_names(case: Case, library: Library) -> None:
    entries = {path: 1000 + number for number, path in enumerate(case.stored)}
    links = {path: f"@/{target}" for path, target in case.healthy}
    # A root without any video would be taken for an empty mount point.
    library.add(entries | {"Films/Unrelated.Thing.1960.mkv": 7}, links | {case.link: f"@/{case.old}"})
    report = library.report("repair-links", "--auto")
    relinks = {row["path"]: row for row in report["changes"] if row["op"] == "relink"}
    assert set(relinks) == ({library.link(case.link)} if case.gets else set()), report
    if case.gets:
        change = relinks[library.link(case.link)]
        assert change["new_target"] == library.stored(case.gets)
        assert change["score"] >= 90
        assert change["evidence"]
    else:
        assert case.reason in report["unresolved"][0]["reason"], report["unresolved"]


def test_a_candidate_is_shown_with_its_doubt(library: Library) -> None:
    library.add({"Films/Godzilla.1955.mkv": 5}, {"Films/SF/Godzilla (1954).mkv": "@/Films/x.mkv"})
    (row,) = library.report("repair-links", "-n", code=1)["unresolved"]
    (candidate,) = row["candidates"]
    assert candidate["path"] == library.stored("Films/Godzilla.1955.mkv")
    assert candidate["score"] < 90
    assert candidate["evidence"] == "year 1954 / 1955"


def test_two_links_that_name_different_things_get_no_file_in_common(library: Library) -> None:
    # By the names of their old files both would get it; the links' own names differ.
    old = "@/Films/a/Some.Release.2001.1080p.x264-GRP.mkv"
    library.add(
        {"Films/b/Some.Release.2001.1080p.x264-GRP.mkv": 5},
        {"Films/Drame/Alpha Centauri (2001).mkv": old, "Films/Drame/Beta Pictoris (2001).mkv": old},
    )
    report = library.report("repair-links", "-n", code=1)
    assert report["changes"] == []
    assert all("names something else" in row["reason"] for row in report["unresolved"])


def test_the_titles_of_the_catalogue_are_one(library: Library) -> None:
    library.films(3)
    library.add({"Films/Shawshank.Redemption.1994.mkv": 5}, {"Films/Drame/Les Évadés (1994).mkv": "@/Films/x.mkv"})
    library.scan()
    library.rows("INSERT INTO movies (title, original_title, year) VALUES ('Les Évadés', 'Shawshank Redemption', 1994)")
    (change,) = library.report("repair-links", "-n", code=0)["changes"]
    assert change["new_target"] == library.stored("Films/Shawshank.Redemption.1994.mkv")
    library.rows("UPDATE movies SET year = 1995 WHERE original_title IS NOT NULL")
    assert library.report("repair-links", "-n", code=1)["changes"] == []
