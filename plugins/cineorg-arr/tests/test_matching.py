"""Which entry of Radarr or Sonarr a link means: what decides, and what leaves a doubt, in which nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from arr_helpers import Arr, Library, Run

MOVIE = "INSERT INTO movies (title, original_title, year, tmdb_id, imdb_id, file_path) VALUES (?, ?, ?, ?, ?, ?)"
Film = tuple[str, int, int, dict[str, Any]]


@dataclass
class Case:
    """A link, the file that it had, the catalogue's films (path below storage), Radarr's; the answer: ids or words."""

    link: str
    films: Sequence[Film]
    answer: list[int] | str
    target: str = "Films/x.mkv"
    rows: Sequence[tuple[Any, ...]] = ()
    candidates: Sequence[tuple[str, float]] = field(default_factory=list)


def film(title: str, year: int, tmdb: int = 0, **rest: Any) -> Film:
    return title, year, tmdb, rest


ALIEN = film("Alien", 1979, 348, imdbId="tt0078748")
ALIENS = film("Aliens", 1986, 679)
FRENCH = "Le Huitième Passager"
X = "Films/x.mkv"

FILMS = {
    "title and year": Case("Alien (1979).mkv", [ALIENS, ALIEN], [101]),
    "other year": Case("Alien (1980).mkv", [ALIEN], "Radarr does not have “Alien” (1980); it has “Alien” (1979); add"),
    "no year": Case("Alien.mkv", [ALIEN], "its name says too little"),
    "year of the folder": Case("Alien (1979)/Alien.mkv", [ALIEN], [100]),
    "accents and articles": Case("Le Prénom (2012).mkv", [film("Prenom", 2012, 1)], [100]),
    "sequel": Case("Rocky II (1979).mkv", [film("Rocky", 1976, 1), film("Rocky 2", 1979, 2)], [101]),
    "sequel of that year": Case("Rocky II (1979).mkv", [film("Rocky III", 1979, 1)], "Radarr does not have “Rocky II”"),
    "close title": Case("Alien (1979).mkv", [film("Allien", 1979, 1)], "Radarr does not have"),
    "twice": Case("Alien (1979).mkv", [ALIEN, film("Alien", 1979, 9)], "several of this title and year: “Alien”"),
    "original title": Case("Alien (1979).mkv", [film(FRENCH, 1979, 348, originalTitle="Alien")], [100]),
    "alternate title": Case(
        f"{FRENCH} (1979).mkv",
        [film("Alien", 1979, 348, alternateTitles=[{"title": FRENCH}, None, {"title": None}])],
        [100],
    ),
    "second year": Case("Alien (1980).mkv", [film("Alien", 1979, 348, secondaryYear=1980)], [100]),
    "id in the name": Case(f"{FRENCH} (1979) {{tmdb-348}}.mkv", [ALIENS, ALIEN], [101]),
    "id in the folder": Case(f"{FRENCH} (1979) [imdbid-tt0078748]/a.mkv", [ALIEN], [100]),
    "id of another year": Case(
        "Alien (1979) {tmdb-679}.mkv", [ALIENS], "tmdb 679 is “Aliens” (1986) in Radarr, and it should be of 1979"
    ),
    "year off by one, same id": Case("Alien (1980) {tmdb-348}.mkv", [ALIEN], [100]),
    "other id, same words": Case("Alien (1979) {tmdb-5}.mkv", [ALIEN], "Radarr has “Alien” (1979) with another id"),
    "ids of two": Case(
        "Alien (1979) {tmdb-679} {imdb-tt0078748}.mkv", [ALIEN, ALIENS], "its ids are those of several in Radarr"
    ),
    "one id of two is another's": Case(
        "Alien (1979) {tmdb-348} {imdb-tt0090605}.mkv", [ALIEN],
        "tmdb 348 is “Alien” (1979) in Radarr, and its other ids are not that one's",
    ),
    "two ids of one kind": Case("Alien (1979) {tmdb-348} {tmdb-5}.mkv", [ALIEN], "its other ids are not that one's"),
    "the old file's title": Case(
        f"{FRENCH} (1979).mkv", [film("The Eighth Passenger", 1979, 348)], [100],
        "Films/The.Eighth.Passenger.1979.1080p.BluRay.x264-GRP.mkv",
    ),
    "the old file of another year": Case(
        "Alien (1979).mkv", [ALIEN], "the link says 1979, its old file 1986", "Films/Aliens.1986.1080p.BluRay.x264.mkv"
    ),
    "the old file a sequel": Case(
        "Rocky (1979).mkv", [film("Rocky", 1979, 1)], "the link says Rocky, its old file Rocky II",
        "Films/Rocky.II.1979.1080p.BluRay.x264-GRP.mkv",
    ),
    "row of the file": Case(f"{FRENCH} (1979).mkv", [ALIENS, ALIEN], [101], X, [(FRENCH, None, 1979, 348, None, X)]),
    "row of the file by imdb": Case("abc.mkv", [ALIEN], [100], X, [(FRENCH, None, 1979, None, "tt0078748", X)]),
    "row of the file without ids": Case("abc.mkv", [ALIEN], [100], X, [(FRENCH, "Alien", 1979, None, "", X)]),
    "row of the file, another year": Case(
        "Alien (1979).mkv", [ALIEN, ALIENS], "do not agree", X, [("Aliens", None, 1986, 679, None, X)]
    ),
    "row of the file, another title, no year": Case(
        "Alien (1979).mkv", [ALIEN, ALIENS], "do not agree", X, [("Brazil", None, None, 68, None, X)]
    ),
    "row of the file with an id that is not there": Case(
        "Alien (1979).mkv", [ALIEN], "Radarr has “Alien” (1979) with another id", X, [("Alien", None, 1979, 5, None, X)]
    ),
    "row and name with different ids": Case(
        "Alien (1979) {tmdb-5}.mkv", [ALIEN], "carry different ids", X, [("Alien", None, 1979, 348, None, X)]
    ),
    "two rows of one file": Case(
        "Alien (1979).mkv", [ALIEN], "of several things", X,
        [("Alien", None, 1979, 348, None, X), ("Aliens", None, 1986, 679, None, X)],
    ),
    "row of the title": Case(f"{FRENCH} (1979).mkv", [ALIENS, ALIEN], [101], X, [(FRENCH, None, 1979, 348, "", None)]),
    "row of the title, original": Case(
        f"{FRENCH} (1979).mkv", [ALIEN], [100], X, [("Alien", FRENCH, 1979, None, None, None)]
    ),
    "row of the title, other year": Case(
        f"{FRENCH} (1979).mkv", [ALIEN], "Radarr does not have", X, [(FRENCH, None, 1986, 348, None, None)]
    ),
    "two rows of the title": Case(
        "Alien (1979).mkv", [ALIEN], "the catalogue knows several of this title and year", X,
        [("Alien", None, 1979, 348, None, None), ("Alien", None, 1979, 5, None, None)],
    ),
    "odd ids in a row": Case("Alien (1979).mkv", [ALIEN], [100], X, [("Alien", None, 1979, 0, "none", X)]),
    "it has a file": Case(
        "Alien (1979).mkv", [film("Alien", 1979, 348, hasFile=True, movieFile={"path": "/data/Alien.mkv"})],
        "Radarr has a file for it: /data/Alien.mkv; refresh it there if that is gone",
    ),
    "not monitored": Case("Alien (1979).mkv", [film("Alien", 1979, 348, monitored=False)], [100]),
    "a stored file may be it": Case(
        "Alien (1979).mkv", [ALIEN], "a stored file may be it; decide with",
        candidates=[("/s/Alien.mkv", 88)],
    ),
    "a stored file of another title": Case("Alien (1979).mkv", [ALIEN], [100], candidates=[("/s/Aline.mkv", 72.5)]),
    "no video": Case("Alien (1979).srt", [ALIEN], "it is no video"),
    "a trailer": Case("Alien (1979)-trailer.mkv", [ALIEN], "it is an extra"),
    "part of a film": Case("Alien (1979) - cd2.mkv", [ALIEN], [100]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILMS)
def test_a_film(library: Library, run: Run, radarr: Arr, name: str) -> None:
    case = FILMS[name]
    for title, year, tmdb, rest in case.films:
        radarr.add_film(title, year, tmdb, **rest)
    for *row, path in case.rows:
        library.execute(MOVIE, *row, str(library.storage / path) if path else None)
    library.broken(f"Films/SF/{case.link}", case.target, case.candidates)
    check(
        run(library.report(), "-y", "--json"),
        case.answer,
        [item for asked in radarr.asked for item in asked["movieIds"]],
    )


def check(result: Any, answer: list[int] | str, asked: list[int]) -> None:
    if isinstance(answer, list):
        assert (result.reasons, asked, result.code) == ([], answer, 0)
    else:
        assert (asked, result.code) == ([], 1)
        assert answer in result.reasons[0]


SHOW = ("Show", 2010, 5, {1: 3, 2: 4}, {})
UK = ("The Office", 2001, 78107, {1: 6}, {})
US = ("The Office (US)", 2005, 73244, {1: 6}, {})
PATH = "Séries/Séries TV/{0}/Saison 01/{0} - S01E02.mkv"
BARE = "Séries/x/ht-bb1.mkv"

SERIES: dict[str, tuple[str, list[Any], list[int] | str]] = {
    "title, year and numbers": (PATH.format("Show (2010)"), [UK, SHOW], [8002]),
    "other year": (PATH.format("Show (2011)"), [SHOW], "Sonarr does not have “Show” (2011); it has “Show” (2010)"),
    "no year": (PATH.format("Show"), [SHOW], "neither its name nor the catalogue says of which year it is"),
    "year in Sonarr's title": (PATH.format("Show (2010)"), [("Show (2010)", *SHOW[1:])], [7002]),
    "namesakes": (PATH.format("Show (2010)"), [("Show", 1978, 1, {1: 3}, {}), ("Show (2010)", *SHOW[1:])], [8002]),
    "another country": (PATH.format("The Office (2005)"), [UK, US], "Sonarr does not have “The Office” (2005)"),
    "the country": (PATH.format("The Office (US) (2005)"), [UK, US], [8002]),
    "no such episode": ("Séries/Show (2010)/Saison 03/Show (2010) - S03E01.mkv", [SHOW], "does not know S03E01 of it"),
    "one of two": ("Séries/Show (2010)/Saison 01/Show (2010) - S01E03-E04.mkv", [SHOW], "does not know S01E04 of it"),
    "special": ("Séries/Show (2010)/Specials/Show (2010) - S00E01.mkv", [("Show", 2010, 5, {0: 1, 1: 2}, {})], [7001]),
    "alternate title": (
        PATH.format("Die Serie (2010)"),
        [("Show", 2010, 5, {1: 3}, {"alternateTitles": [{"title": "Die Serie", "seasonNumber": -1}]})],
        [7002],
    ),
    "alternate title of a season": (
        PATH.format("Die Serie (2010)"),
        [("Show", 2010, 5, {1: 3}, {"alternateTitles": [{"title": "Die Serie", "seasonNumber": 4}]})],
        "Sonarr does not have",
    ),
    "id in the folder": (
        "Séries/La Série (2010) {tvdb-5}/Saison 01/La Série (2010) - S01E02.mkv", [UK, SHOW], [8002]
    ),
    "id that nothing confirms": (
        "Séries/x/y/Saison 01/Autre - S01E02 {tvdb-5}.mkv", [SHOW],
        "tvdb 5 is “Show” (2010) in Sonarr, which neither its title nor a year confirms",
    ),
    "id that the title confirms": ("Séries/x/y/Saison 01/Show - S01E02 {tvdb-5}.mkv", [UK, SHOW], [8002]),
    "day of a daily show": ("Séries/Show (2010)/Show (2010) - 2020-01-03.mkv", [SHOW], [7003]),
    "day without a show": ("Séries/Show (2010)/Show (2010) - 2020-03-01.mkv", [SHOW], "no episodes of 2020-03-01"),
    "numbers only": ("Séries/Show (2010)/Show (2010) - 012.mkv", [SHOW], "its name says too little"),
    "bare code": (BARE, [SHOW], "its name says too little"),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_an_episode(library: Library, run: Run, sonarr: Arr, name: str) -> None:
    link, series, answer = SERIES[name]
    for title, year, tvdb, seasons, rest in series:
        sonarr.add_series(title, year, tvdb, seasons, **rest)
    library.broken(link, "Séries/x.mkv")
    check_episodes(library, run, sonarr, answer)


def check_episodes(library: Library, run: Run, sonarr: Arr, answer: list[int] | str) -> None:
    result = run(library.report(), "-y", "--json")
    check(result, answer, [item for asked in sonarr.asked for item in asked["episodeIds"]])


def add_row(
    library: Library, title: str, year: int | None, tvdb: int | None, path: str, *places: tuple[int, int]
) -> None:
    library.execute("INSERT INTO series (id, title, year, tvdb_id) VALUES (1, ?, ?, ?)", title, year, tvdb)
    statement = (
        "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path) VALUES (1, ?, ?, ?, ?)"
    )
    for season, episode in places:
        library.execute(statement, season, episode, "t", str(library.storage / path))


ROWS: dict[str, tuple[str, tuple[Any, ...], list[int] | str]] = {
    "a bare code": (BARE, ("La Série", 2010, 5, "Séries/b.mkv", (1, 2)), [7002]),
    "a bare code of two": (BARE, ("La Série", 2010, 5, "Séries/b.mkv", (1, 2), (1, 3)), [7002, 7003]),
    "one of the file's two": (PATH.format("Show (2010)"), ("Show", 2010, 5, "Séries/b.mkv", (1, 1), (1, 2)), [7002]),
    "no year in the name": (PATH.format("Show"), ("Show", 2010, None, "Séries/b.mkv", (1, 2)), [7002]),
    "no year anywhere": (PATH.format("Show"), ("Show", None, None, "Séries/b.mkv", (1, 2)), "of which year it is"),
    "an id without a year": (PATH.format("Show"), ("Show", None, 5, "Séries/b.mkv", (1, 2)), [7002]),
    "other numbers": (PATH.format("Show (2010)"), ("Show", 2010, 5, "Séries/b.mkv", (1, 3)), "do not agree"),
    "other season": (PATH.format("Show (2010)"), ("Show", 2010, 5, "Séries/b.mkv", (2, 2)), "do not agree"),
    "two seasons": (BARE, ("Show", 2010, 5, "Séries/b.mkv", (1, 1), (2, 1)), "do not agree"),
    "another series": (PATH.format("Show"), ("Other", None, 9, "Séries/b.mkv", (1, 2)), "do not agree"),
    "row of the title only": (PATH.format("Show"), ("Show", 2010, 5, "Séries/other.mkv", (1, 1)), [7002]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_an_episode_that_the_catalogue_knows(library: Library, run: Run, sonarr: Arr, name: str) -> None:
    link, row, answer = ROWS[name]
    sonarr.add_series("Show", 2010, 5, {1: 3, 2: 4})
    add_row(library, *row)
    library.broken(link, "Séries/b.mkv")
    check_episodes(library, run, sonarr, answer)


def test_two_series_of_one_title_in_the_catalogue_are_a_doubt(library: Library, run: Run, sonarr: Arr) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 3})
    add_row(library, "Show", 2010, 5, "Séries/other.mkv", (1, 1))
    library.execute("INSERT INTO series (id, title, year) VALUES (2, 'Show', 1978)")
    library.broken(PATH.format("Show"), "Séries/b.mkv")
    check_episodes(library, run, sonarr, "the catalogue knows several of this title")


def test_the_year_of_a_namesake_s_row_is_no_year(library: Library, run: Run, sonarr: Arr) -> None:
    sonarr.add_series("Show", 1978, 4, {1: 3})
    sonarr.add_series("Show (2010)", 2010, 5, {1: 3})
    add_row(library, "Show", 1978, 4, "Séries/other.mkv", (1, 1))
    library.broken(PATH.format("Show"), "Séries/b.mkv")
    check_episodes(library, run, sonarr, "no year in its name, and Sonarr has several of this title: “Show” (1978), “")


@pytest.mark.parametrize(
    ("day", "answer"),
    [("2020-01-02", [7002]), ("2020-01-03", "its name says 2020-01-03, and Sonarr has S01E02 on 2020-01-02")],
)
def test_the_day_of_a_daily_show_and_the_row_of_its_file(
    library: Library, run: Run, sonarr: Arr, day: str, answer: list[int] | str
) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 3})
    add_row(library, "Show", 2010, 5, "Séries/b.mkv", (1, 2))
    library.broken(f"Séries/Show (2010)/Show (2010) - {day}.mkv", "Séries/b.mkv")
    check_episodes(library, run, sonarr, answer)


def test_an_episode_that_sonarr_has_a_file_for_is_not_asked_for(library: Library, run: Run, sonarr: Arr) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 3})
    sonarr.episodes[1]["hasFile"] = True
    library.episode("Show (2010)", "S01E02")
    check_episodes(library, run, sonarr, "Sonarr has a file for it; refresh the series there")


@pytest.mark.parametrize(
    ("scene", "answer"), [((1, 3), [7002]), ((1, 2), "has two numberings, and S01E02"), ((None, 2), [7002])]
)
def test_an_episode_that_is_numbered_otherwise_elsewhere(
    library: Library, run: Run, sonarr: Arr, scene: tuple[int | None, int], answer: list[int] | str
) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 3})
    sonarr.episodes[0] |= {"sceneSeasonNumber": scene[0], "sceneEpisodeNumber": scene[1]}
    library.episode("Show (2010)", "S01E02")
    check_episodes(library, run, sonarr, answer)
