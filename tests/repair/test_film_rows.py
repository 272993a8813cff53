"""Which row gets which file: by title, original title and year, and never by a guess."""

from __future__ import annotations

import pytest
from benchmarks.film_linking import find, make_cases

from cineorg.catalogue.film_and_episode_rows import FilmRow
from cineorg.changes import SetFilePath
from cineorg.names import NameReader
from cineorg.repair.film_rows import FilmLink, MoviePlan, plan_movies
from cineorg.repair.film_titles import FilmIndex

READER = NameReader()


def film(row_id: int, title: str, year: int | None, original: str | None = None, file: str | None = None) -> FilmRow:
    return FilmRow(row_id, title, original, year, file)


def link(name: str, file: str = "/s/f.mkv", folder: str = "Films/Drame", state: str = "") -> FilmLink:
    return FilmLink(f"/v/{folder}/{name}", file, tuple(folder.split("/")), name, file, state, "why")


def planned(links: list[FilmLink], rows: list[FilmRow], named: tuple[str, ...] = ()) -> MoviePlan:
    found = plan_movies(links, rows, [*named, *(row.file_path for row in rows if row.file_path)], READER.read)
    assert sum(found.counts.values()) == len(links)
    return found


def given(found: MoviePlan) -> dict[int, str | None]:
    return {change.id: change.new for change in found.plan.changes if isinstance(change, SetFilePath)}


@pytest.mark.parametrize(
    ("name", "title", "year", "original"),
    [
        ("Inception (2010).mkv", "Inception", 2010, None),
        ("Jaws (1975) 1080p.mkv", "Les Dents de la mer", 1975, "Jaws"),
        ("Soeur Sourire (2009).mkv", "Sœur Sourire", 2009, None),
        ("Matrix, The (1999).mkv", "The Matrix", 1999, None),
        ("Matrix (1999).mkv", "The Matrix", 1999, None),
        ("Tom et Jerry (2021).mkv", "Tom & Jerry", 2021, None),
        ("FaceOff (1997).mkv", "Face/Off", 1997, None),
        ("Rocky 2 (1979).mkv", "Rocky II", 1979, None),
        ("2012 (2009).mkv", "2012", 2009, None),
        ("1917.2019.MULTi.1080p.BluRay.x264-GRP.mkv", "1917", 2019, None),
        ("Cam (2018).mkv", "Cam", 2018, None),
        ("[REC]² (2009).mkv", "[REC]²", 2009, None),
        ("(500) jours ensemble (2009).mkv", "(500) jours ensemble", 2009, None),
        ("L.Odyssée.de.Pi.2012.mkv", "L'Odyssée de Pi", 2012, None),
    ],
)
def test_found(name: str, title: str, year: int, original: str | None) -> None:
    assert given(planned([link(name)], [film(1, title, year, original)])) == {1: "/s/f.mkv"}


def test_the_folder_helps() -> None:
    found = planned([link("Inception.mkv", folder="Films/SF/Inception (2010)")], [film(1, "Inception", 2010)])
    assert given(found) == {1: "/s/f.mkv"}


def test_exact_goes_before_folded() -> None:
    rows = [film(1, "Les Ring", 2002), film(2, "Ring", 2002), film(3, "The Ring", 2002)]
    assert given(planned([link("Ring (2002).mkv")], rows)) == {2: "/s/f.mkv"}
    assert given(planned([link("The Ring (2002).mkv")], rows)) == {3: "/s/f.mkv"}


@pytest.mark.parametrize(
    ("links", "rows", "reason"),
    [
        ([link("Ring (2002).mkv")], [film(1, "Le Ring", 2002), film(2, "The Ring", 2002)], "2 films fit"),
        ([link("A (2002).mkv", "/s/1"), link("A (2002) 1080p.mkv", "/s/2")], [film(1, "A", 2002)], "2 files fit"),
        ([link("Solaris (1971).mkv")], [film(1, "Solaris", 1972)], "the link says 1971, the catalogue"),
        ([link("Solaris (1973).mkv")], [film(1, "Solaris", 1972)], "the link says 1973, the catalogue"),
        ([link("Solaris (1972).mkv")], [film(1, "Solaris", None)], "(no year)"),
        ([link("Solarys (1972).mkv")], [film(1, "Solaris", 1972)], "the link says “Solarys”, the catalogue"),
        ([link("Solaris.mkv")], [film(1, "Solaris", 1972)], "no year"),
        ([link("A (2001).mkv", folder="Films/A (2002)")], [film(1, "A", 2001)], "its folder 2002"),
        ([link("Film (2001) cd1.mkv")], [film(1, "Film", 2001)], "part 1"),
        ([link("A (2002).mkv", "/s/x")], [film(1, "A", 2002), film(2, "B", 2002, file="/s/x")], "already"),
        ([link("A (2002).mkv"), link("B (2002).mkv")], [film(1, "A", 2002), film(2, "B", 2002)], "same file"),
        ([link("Dexter (2006) - S01E02.mkv")], [film(1, "Dexter", 2006)], "does not say"),
        ([link("A (2002).mkv")], [film(1, "A", 2002), film(2, "A", 2002, file="/s/other")], "another file"),
    ],
)
def test_never_guessed(links: list[FilmLink], rows: list[FilmRow], reason: str) -> None:
    found = planned(links, rows)
    assert given(found) == {}
    assert len(found.plan.unresolved) == len(links) == found.counts["unresolved"]
    assert all(reason in item.reason for item in found.plan.unresolved), found.plan.unresolved


def test_candidates_are_shown() -> None:
    twins = planned([link("A (2002).mkv", "/s/1"), link("A (2002) 1080p.mkv", "/s/2")], [film(1, "A", 2002)])
    assert [[each.path for each in item.candidates] for item in twins.plan.unresolved] == [["/s/1", "/s/2"]] * 2
    near = planned([link("Solaris (1973).mkv")], [film(7, "Solaris", 1972)])
    assert "7 “Solaris” (1972)" in near.plan.unresolved[0].candidates[0].evidence


def test_a_film_in_two_genre_folders() -> None:
    found = planned([link("A (2002).mkv"), link("A (2002).mkv", folder="Films/Action")], [film(1, "A", 2002)])
    assert given(found) == {1: "/s/f.mkv"}
    assert found.counts["linked"] == 2


def test_rows_with_a_file_stay() -> None:
    same = planned([link("A (2002).mkv")], [film(1, "A", 2002, file="/s/f.mkv")])
    other = planned([link("A (2002).mkv")], [film(1, "A", 2002, file="/s/gone.mkv")])
    double = planned([link("A (2002).mkv")], [film(1, "A", 2002), film(2, "A", 2002, file="/s/f.mkv")])
    for found in (same, other, double):
        assert given(found) == {}
        assert found.counts["already_linked"] == 1
    assert [row.id for row in other.other_files] == [1]
    assert same.other_files == double.other_files == []


def test_counts_come_in_the_order_of_the_report() -> None:
    links = [
        link("A (2002).mkv"),
        link("New (2003).mkv", "/s/n.mkv"),
        link("Remake (1990).mkv", "/s/r.mkv"),
        link("B (2002).mkv", "", state="broken"),
    ]
    found = planned(links, [film(1, "A", 2002), film(2, "B", 2002), film(3, "Remake", 1960)])
    assert list(found.counts.items()) == [
        ("linked", 1), ("already_linked", 0), ("not_in_catalogue", 2), ("unresolved", 0), ("broken", 1),
        ("found_in_storage", 0),
    ]  # fmt: skip


def test_what_is_offline_neither_links_nor_lets_a_twin_link() -> None:
    links = [link("A (2002).mkv", "/s/1"), link("A (2002) 2160p.mkv", "", state="offline")]
    found = planned(links, [film(1, "A", 2002)])
    assert given(found) == {}
    assert found.counts["offline"] == 1
    assert "cannot be judged now" in found.plan.unresolved[0].reason


def test_an_empty_file_path_is_expected_as_it_stands() -> None:
    change = planned([link("A (2002).mkv")], [film(1, "A", 2002, file="")]).plan.changes[0]
    assert isinstance(change, SetFilePath)
    assert change.old == ""


def test_verbatim_titles_need_the_whole_head_and_the_year() -> None:
    index = FilmIndex([film(1, "Cam", 2018), film(2, "", 2018)])
    assert index.find_verbatim("Cam (2018) 1080p") is not None
    for stem in ("Web Cam (2018)", "Cam (2017)", "Cam 2018", " (2018)", "-(2018)"):
        assert index.find_verbatim(stem) is None


def test_realistic_spellings() -> None:
    """Every film in every spelling finds its row or none; no near-miss finds any."""
    rows, cases = make_cases(1)
    found = [(case, find(rows, case, READER)) for case in cases]
    assert [case.name for case, row_id in found if row_id not in (None, case.row_id)] == []
    meant = [(case, row_id) for case, row_id in found if case.row_id]
    assert sum(row_id == case.row_id for case, row_id in meant) >= 0.99 * len(meant)
