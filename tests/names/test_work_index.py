"""Rows of the catalogue, found by ids and by titles in any spelling."""

from __future__ import annotations

import pytest

from cineorg.names.comparison import Witness
from cineorg.names.work import EPISODE, FILM, Work
from cineorg.names.work_index import WorkIndex

FILMS = WorkIndex(
    [
        (1, Work(FILM, ("Saw 6",), 2009)),
        (2, Work(FILM, ("Le Fabuleux Destin d'Amélie Poulain", "Amélie"), 2001, ids=(("tmdb", "194"),))),
        (3, Work(FILM, ("Spider-Man",), 2002)),
        (4, Work(FILM, ("Heat",), 1995)),
        (5, Work(FILM, ("Heat",), 1986)),
        (6, Work(FILM, ("The Thing",))),
        (7, Work(FILM, ("Harry Potter à l'école des sorciers",), 2001)),
        (8, Work(FILM, ("Twin",), 1990)),
        (9, Work(FILM, ("Twin",), 1990)),
        (10, Work(FILM, ("Heaven",), 1995)),
    ]
)
SERIES = WorkIndex(
    [
        (1, Work(EPISODE, ("Fargo",), 2014)),
        (2, Work(EPISODE, ("Doctor Who",), 1963)),
        (3, Work(EPISODE, ("Doctor Who",), 2005)),
        (4, Work(EPISODE, ("The Good Doctor",), 2017)),
        (5, Work(EPISODE, ("La Casa de Papel", "Money Heist"), 2017, ids=(("tvdb", "327417"),))),
    ]
)


def film(title: str, year: int | None = None, *ids: tuple[str, str]) -> Work:
    return Work(FILM, (title,), year, ids=ids)


def episode(title: str, year: int | None = None, **more: object) -> Work:
    return Work(EPISODE, (title,), year, season=1, episodes=(2,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("work", "same", "maybe"),
    [
        (film("Saw VI", 2009), [1], []),
        (film("Saw V", 2009), [], []),
        (film("Amélie", 2001), [2], []),
        (film("amelie", 2001), [2], []),
        (film("Le destin d'Amélie", 2001, ("tmdb", "194")), [2], []),
        (film("Amélie", 2001, ("tmdb", "195")), [], []),
        (film("Spiderman", 2002), [3], []),
        (film("Heat", 1995), [4], []),
        (film("Heat", 1996), [], [4]),
        (film("Heat"), [], [4, 5]),
        (film("Thing", 1982), [], [6]),
        (film("Harry Poter à l'école des sorciers", 2001), [], [7]),
        (film("Harry Poter à l'école des sorciers", 2011), [], []),
        (film("Twin", 1990), [8, 9], []),
        (film("Collateral", 2004), [], []),
        (episode("Fargo"), [1], []),
        (episode("Fargo", 2014), [1], []),
        (episode("Fargo", 1996), [], []),
        (episode("Doctor Who"), [], [2, 3]),
        (episode("Doctor Who", 2005), [3], []),
        (episode("Good Doctor"), [], [4]),
        (episode("Good Doctor", 2017), [4], []),
        (episode("Money Heist"), [5], []),
        (episode("Casa", ids=(("tvdb", "327417"),)), [5], []),
        (episode("Far"), [], []),
    ],
)
def test_find(work: Work, same: list[int], maybe: list[int]) -> None:
    index = FILMS if work.kind == FILM else SERIES
    assert index.find(work) == (same, maybe)


def test_a_witness_is_heard() -> None:
    assert FILMS.find(film("Heat", 1996), Witness(frozenset({1995}))) == ([4], [])


def test_a_row_that_is_added_is_found() -> None:
    index: WorkIndex[int] = WorkIndex()
    assert index.find(film("Saw VI", 2009)) == ([], [])
    index.add(7, film("Saw 6", 2009))
    assert index.find(film("Saw VI", 2009)) == ([7], [])
    assert len(index) == 1 and [key for key, _ in index] == [7]


def test_what_bears_a_title_is_listed_whatever_its_year() -> None:
    assert [key for key, _ in SERIES.named(["Doctor Who"])] == [2, 3]
    assert SERIES.places_of(["Doctor Who", "The Fargo"]) == {(1963, ""), (2005, ""), (2014, "")}
