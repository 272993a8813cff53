"""What the video tree shows and the catalogue lacks: never a second row for the same thing, nothing overwritten."""

from __future__ import annotations

import unicodedata

import pytest
from helpers import Library

from cineorg.catalogue.registration import EpisodeRow, Registrar, Registration, ShownLink, TitleRow

SHOW = ("Séries", "Séries TV", "Show (2010)", "Saison 01")


def register(
    links: list[tuple[str, str]],
    movies: list[TitleRow] = [],  # noqa: B006
    series: list[TitleRow] = [],  # noqa: B006
    episodes: dict[tuple[int, int, int], EpisodeRow] | None = None,
    kind: str = "film",
    folders: tuple[str, ...] = ("Films", "Drame"),
) -> Registration:
    registrar = Registrar(movies, series, episodes or {})
    for name, file in links:
        registrar.add(ShownLink("/v/" + name, folders, name, file), kind)
    return registrar.result


FILMS: dict[str, tuple[TitleRow | None, str, bool]] = {
    # the row that is there, the link's name, whether a row is added
    "nothing there": (None, "Alien (1979).mkv", True),
    "the same": (TitleRow(1, "Alien", None, 1979), "Alien (1979).mkv", False),
    "case and accents": (TitleRow(1, "AMÉLIE", None, 2001), "Amelie (2001).mkv", False),
    "an article": (TitleRow(1, "The Matrix", None, 1999), "Matrix (1999).mkv", False),
    "decomposed": (TitleRow(1, "Amélie", None, 2001), unicodedata.normalize("NFD", "Amélie (2001).mkv"), False),
    "original title": (TitleRow(1, "Le Huitième Passager", "Alien", 1979), "Alien (1979).mkv", False),
    "other year": (TitleRow(1, "Solaris", None, 1972), "Solaris (2002).mkv", True),
    "row without a year": (TitleRow(1, "Solaris", None, None), "Solaris (2002).mkv", False),
    "a sequel": (TitleRow(1, "Rocky II", None, 1979), "Rocky III (1982).mkv", True),
    "numbers in another spelling": (TitleRow(1, "Saw 6", None, 2009), "Saw VI (2009).mkv", False),
    "written together": (TitleRow(1, "Spider-Man", None, 2002), "Spiderman (2002).mkv", False),
    "the year beside, which may be it": (TitleRow(1, "Heat", None, 1995), "Heat (1996).mkv", False),
    "a slip, which may be it": (TitleRow(1, "Harry Potter", None, 2001), "Harry Poter (2001).mkv", False),
    "an id under another title": (
        TitleRow(1, "Souvenirs", None, 2000, (("tmdb", "77"),)),
        "Memento (2000) {tmdb-77}.mkv",
        False,
    ),
    "another id of the same title": (
        TitleRow(1, "Heat", None, 1995, (("tmdb", "1"),)),
        "Heat (1995) {tmdb-949}.mkv",
        True,
    ),
    "a remake": (TitleRow(1, "Heat", None, 1986), "Heat (1995).mkv", True),
    "no year in the name": (None, "Alien.mkv", False),
    "an episode among films": (None, "Show (2010) - S01E01 - T.mkv", False),
    "a trailer": (None, "Alien (1979)-trailer.mkv", False),
    "a title that is no text": (None, "caf\udce9 (1999).mkv", False),
}


@pytest.mark.parametrize("case", FILMS)
def test_films(case: str) -> None:
    row, name, is_added = FILMS[case]
    found = register([(name, "/s/a.mkv")], movies=[row] if row else [])
    assert bool(found.films) is is_added
    assert not found.series
    assert not found.episodes


def test_the_pieces_of_a_film_make_one_row() -> None:
    found = register([("Alien (1979) - cd1.mkv", "/s/a"), ("Alien (1979) - cd2.mkv", "/s/b")])
    assert len(found.films) == 1


@pytest.mark.parametrize(
    ("name", "number"),
    [("The Good Doctor (2017)", 0), ("Good Doctor (2017)", 0), ("Good Doctor", 0), ("Good Doctor (2013)", 1)],
)
def test_a_series_is_added_only_if_no_row_may_be_it(name: str, number: int) -> None:
    rows = [TitleRow(1, "The Good Doctor", None, 2017)]
    links = [(f"{name} - S01E01.mkv", "/s/a")]
    found = register(links, series=rows, kind="episode", folders=("Séries", "Séries TV", name, "Saison 01"))
    assert len(found.series) == number
    assert bool(found.not_understood) is (name == "Good Doctor")


def test_two_links_of_one_film_make_one_row() -> None:
    found = register([("Alien (1979) 1080p.mkv", "/s/a"), ("Alien (1979).mkv", "/s/b"), ("ALIEN (1979).mkv", "/s/c")])
    assert [tuple(film) for film in found.films] == [("Alien", 1979, "/s/a")]


def test_each_episode_of_a_file_of_several() -> None:
    links = [("Show (2010) - S01E01-E03 - Three.mkv", "/s/a"), ("Show (2010) - S01E04.mkv", "/s/b")]
    found = register(links, kind="episode", folders=SHOW)
    assert found.series == [("Show", 2010)]
    assert [(row.series, row.is_new, row.season, row.episode, row.file_path) for row in found.episodes] == [
        (0, True, 1, 1, "/s/a"),
        (0, True, 1, 2, "/s/a"),
        (0, True, 1, 3, "/s/a"),
        (0, True, 1, 4, "/s/b"),
    ]
    assert found.episodes[3].title == "Episode 4"


def test_rows_that_are_there() -> None:
    rows = {(7, 1, 1): EpisodeRow(11, True), (7, 1, 2): EpisodeRow(12, False)}
    links = [(f"Show (2010) - S01E0{n}.mkv", f"/s/{n}") for n in (1, 2, 3)]
    links.append(("Show (2010) - S01E02 - again.mkv", "/s/other"))
    found = register(links, series=[TitleRow(7, "SHOW", None, 2010)], episodes=rows, kind="episode", folders=SHOW)
    assert found.series == []
    assert found.filled == [(12, "/s/2")]
    assert [(row.series, row.is_new, row.episode) for row in found.episodes] == [(7, False, 3)]


SERIES: dict[str, tuple[list[TitleRow], str, str]] = {
    "another year is another series": ([TitleRow(7, "Show", None, 1990)], "Show (2010) - S01E01.mkv", "new"),
    "without a year, the one there is": ([TitleRow(7, "Show", None, 1990)], "Show - S01E01.mkv", "7"),
    "without a year, two": (
        [TitleRow(7, "Show", None, 1990), TitleRow(8, "Show", None, 2010)],
        "Show - S01E01.mkv",
        "nothing",
    ),
    "two rows of one title and year": (
        [TitleRow(7, "Show", None, 2010), TitleRow(8, "Show", None, 2010)],
        "Show (2010) - S01E01.mkv",
        "nothing",
    ),
    "row without a year": ([TitleRow(7, "Show", None, None)], "Show (2010) - S01E01.mkv", "7"),
    "original title": ([TitleRow(7, "Das Ding", "Show", 2010)], "Show (2010) - S01E01.mkv", "7"),
    "no numbers": ([], "Show (2010) - Pilot.mkv", "nothing"),
    "a film among series": ([], "Alien (1979).mkv", "nothing"),
}


@pytest.mark.parametrize("case", SERIES)
def test_series(case: str) -> None:
    rows, name, expected = SERIES[case]
    found = register([(name, "/s/a")], series=rows, kind="episode", folders=("Séries", "Séries TV"))
    if expected == "nothing":
        assert not found.episodes
        assert found.not_understood == ["/v/" + name]
    else:
        assert [(str(row.series), row.is_new) for row in found.episodes] == [
            ("0", True) if expected == "new" else (expected, False)
        ]


def test_three_digit_episodes_are_numbers() -> None:
    links = [(f"Show (2010) - S04E{number}.mkv", f"/s/{number}") for number in ("02", "021", "102")]
    found = register(links, kind="episode", folders=(*SHOW[:-1], "Saison 04"))
    assert [(row.season, row.episode, row.file_path) for row in found.episodes] == [
        (4, 2, "/s/02"),
        (4, 21, "/s/021"),
        (4, 102, "/s/102"),
    ]


def test_only_healthy_links_of_videos_are_registered(library: Library) -> None:
    library.films(30).add(
        {"Films/sub.srt": 1, "Films/real.mkv": 1},
        {
            "Films/Drame/Gone (2005).mkv": "@/Films/none.mkv",
            "Films/Drame/Sub (2005).srt": "@/Films/sub.srt",
            "Films/Drame/Chain (2005).mkv": "Way (2005).mkv",
            "Films/Drame/Way (2005).mkv": "@/Films/real.mkv",
            "Films/Drame/Odd \udce9 (2005).mkv": "@/Films/real.mkv",
        },
    )
    report = library.scan(code=0)
    titles = {title for (title,) in library.rows("SELECT title FROM movies WHERE year = 2005")}
    assert titles == {"Chain", "Way"}
    assert report["summary"]["films_added"] == 32
    assert report["summary"]["not_understood"] == 1
    result = library.run("scan", "-v")
    assert "its name was not understood" not in result.err  # the file has a row now


def test_names_that_were_not_understood_are_told_to_who_asks(library: Library) -> None:
    library.add({"Films/a.mkv": 1}, {"Films/Drame/no year.mkv": "@/Films/a.mkv"})
    assert library.run("scan").err == ""
    assert f"not understood: {library.link('Films/Drame/no year.mkv')}" in library.run("scan", "-v").err


def test_no_register(library: Library) -> None:
    library.films(5).scan("--no-register", code=0)
    assert library.rows("SELECT count(*) FROM movies") == [(0,)]
    assert library.scan(code=0)["summary"]["films_added"] == 5
    assert library.scan(code=0)["summary"]["films_added"] == 0


def test_a_stored_path_that_is_not_utf8(library: Library) -> None:
    """It is a BLOB in the application's column, and found again by every reader."""
    library.add({"Films/caf\udce9.mkv": 7}, {"Films/Drame/Café (1999).mkv": "@/Films/caf\udce9.mkv"})
    library.scan(code=0)
    assert library.rows("SELECT typeof(file_path), file_size_bytes FROM movies") == [("blob", 7)]
    assert library.integrity(code=0)["summary"]["total"] == 0
    assert library.scan(code=0)["summary"]["films_added"] == 0
