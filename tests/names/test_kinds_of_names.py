"""Kinds of names that were once read wrongly or not at all, one table for each kind."""

from __future__ import annotations

import unicodedata

import pytest

from cineorg.names import NameReader, is_extra, read_numbers, read_strict
from cineorg.names.episodes import find_marker

NFD = unicodedata.normalize("NFD", "Épisode")


@pytest.mark.parametrize(
    ("name", "season", "certain", "possible"),
    [
        ("Show S05E19E25", 5, (19, 25), (19, 20, 21, 22, 23, 24, 25)),
        ("Show-S03E07-42-720p.HDTV-GRP", 3, (7,), (7, 42)),
        ("Show S04E02-100 jours", 4, (2,), (2, 100)),
        ("Show 8x01_02", 8, (1, 2), ()),
        ("Show_S02E04_11_27", 2, (4,), (4, 11)),
        ("Show S01E02 et 03", 1, (2, 3), ()),
        ("Show S01E02 et E03 VF", 1, (2, 3), ()),
        ("Show.S07E11.and.E12", 7, (11, 12), ()),
        ("Show S01E02and03and04 - Title", 1, (2, 3, 4), ()),
        ("Show S01E02to04 - Title", 1, (2, 3, 4), ()),
        ("Show S01E01 à E03", 1, (1, 2, 3), ()),
        ("Show S01E01 & 02", 1, (1, 2), ()),
        ("Show.S01E01.&.02.720p", 1, (1, 2), ()),
        ("Show.S01E01.02.720p", 1, (1,), (1, 2)),
        ("Show.S01E01.02.Days.720p", 1, (1,), ()),
        ("Show.S01E01.03.720p", 1, (1,), ()),
        ("Show_S01E01_+_02", 1, (1, 2), ()),
        ("Show S05E53 - Ep.129", 5, (53,), (53, 129)),
        ("Show - S15E06-E08 - Title", 15, (6, 7, 8), ()),
        ("Show.S01E05-06.720p", 1, (5, 6), ()),
        ("Show - S11E10 - 418-427", 11, (10,), ()),
        ("Show S02E05-12 Angry Men", 2, (5,), (5, 12)),
        ("Show S02E05-06 Angry Men", 2, (5, 6), ()),
        ("Show S02E05-08 Angry Men", 2, (5, 6, 7, 8), ()),
        ("Show S02E05-12 - Title", 2, (5, 6, 7, 8, 9, 10, 11, 12), ()),
        ("Show 2x05-12 of 12", 2, (5,), (5, 12)),
        ("Show S01E02 and E05", 1, (2, 5), ()),
        ("Show S01E01 au 03", 1, (1, 2, 3), ()),
        ("Show 1x02und03", 1, (2, 3), ()),
        ("Show [1x05][1x06]", 1, (5, 6), ()),
        ("Show [S01E05][E06]", 1, (5, 6), ()),
        ("Show Saison 1 Épisodes 2 et 3", 1, (2, 3), ()),
        ("Show Season 5 Episodes 1-10", 5, tuple(range(1, 11)), ()),
        ("Show S01E04 One S01E05 Two", 1, (4, 5), ()),
        ("Show S01E04 One S01E07 Two", 1, (4,), (4, 7)),
    ],
)
def test_certain_and_possible_numbers(
    name: str, season: int, certain: tuple[int, ...], possible: tuple[int, ...]
) -> None:
    marker = find_marker(name)
    assert marker is not None
    assert (marker.season, marker.episodes, marker.possible) == (season, certain, possible)


@pytest.mark.parametrize(
    ("name", "season", "episodes"),
    [
        ("Show S01 Épisode 04 VF.avi", 1, (4,)),
        (f"Show S01 {NFD} 04 VF.avi", 1, (4,)),
        ("Show S01 Ép.05 VF.avi", 1, (5,)),
        ("Show S03 - EP14 VOSTFR [1080p].mkv", 3, (14,)),
        ("Show Saison 1 Épisode 2.avi", 1, (2,)),
        ("Show [S01] [E06] VF.avi", 1, (6,)),
        ("Show 1ª Temporada Capítulo 3.avi", 1, (3,)),
        ("Show Temporada 2 Cap 4.avi", 2, (4,)),
        ("Show T01E02.avi", 1, (2,)),
        ("Show [Cap.102].avi", 1, (2,)),
        ("Show [Cap.102_104].avi", 1, (2, 3, 4)),
        ("Show Staffel 2 Folge 3.avi", 2, (3,)),
        ("Show Stagione 1 Episodio 2.avi", 1, (2,)),
        ("Show Seizoen 1 Afl. 5.avi", 1, (5,)),
        ("Show 第1季 第2集.mkv", 1, (2,)),
        ("Show 2.Sezon.7.Bölüm.mkv", 2, (7,)),
        ("Show 2. Staffel 3. Folge.mkv", 2, (3,)),
        ("Show 1ère saison épisode 2.avi", 1, (2,)),
        ("Show 2nd Season Episode 3.mkv", 2, (3,)),
        ("Show Temporada 1 Cap.102.avi", 1, (2,)),
        ("Show - Temporada 1 [Cap.103].avi", 1, (3,)),
        ("Show T2 Cap 03.avi", 2, (3,)),
        ("Show 第三季 第十二集.mkv", 3, (12,)),
        ("Show 시즌2 3화.mkv", 2, (3,)),
        ("Show sæson 1 afsnit 2.mkv", 1, (2,)),
        ("Show S02 #03.mkv", 2, (3,)),
        ("Show série 1 épisode 2.avi", 1, (2,)),
        ("Шоу Сезон 15. Эпизод 09.avi", 15, (9,)),
    ],
)
def test_markers_of_many_languages(name: str, season: int, episodes: tuple[int, ...]) -> None:
    info = NameReader().read(name)
    assert (info.kind, info.season, info.episodes) == ("episode", season, episodes)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("[VARYG] An Adventurer's Day at Age 29 S01E03 1080p WEB.mkv", "An Adventurer's Day at Age 29"),
        ("[EMBER] Frieren - S01E03 [1080p] [HEVC WEBRip].mkv", "Frieren"),
        ("【喵萌】 Show S01E03.mkv", "Show"),
        ("[ www.site.com ] - Revenge.2008.720p.x264-GRP.mkv", "Revenge"),
        ("www.site.sbs - Lucky Man (2023) 720p.mkv", "Lucky Man"),
        ("1337x.to - Revenge.2008.720p.X264-GRP", "Revenge"),
        ("(tracker.net) Revenge.2008.720p.X264-GRP", "Revenge"),
        ("165-166.Show.s08e014-015.mkv", "Show"),
        ("www.Torrent9.uno - Lucky.Man.2016.FRENCH.BDRip.avi", "Lucky Man"),
        ("some-site.ws_Show.S01E03.mkv", "Show"),
        ("{Group} Show S01E03.mkv", "Show"),
        ("(Group) Show S01E03.mkv", "Show"),
        ("[Group][Show][S01E03][1080p].mkv", "Show"),
        ("【Group】【番組】【S01E03】.mkv", "番組"),
        ("(500) Days of Summer (2009).mkv", "(500) Days of Summer"),
        ("FR - Lucky Man (2023).mkv", "Lucky Man"),
        ("It - Chapter Two (2019).mkv", "It - Chapter Two"),
        ("Talk.to.Me.2022.1080p.mkv", "Talk to Me"),
        ("[REC] (2007).mkv", "[REC]"),
        ("[REC] 2 (2009).mkv", "[REC] 2"),
        ("[REC]² (2009).mkv", "[REC]²"),
        ("Mr. Robot - S01E01.mkv", "Mr. Robot"),
    ],
)
def test_what_stands_in_front_is_no_title(name: str, title: str) -> None:
    info = read_strict(name)
    assert info is not None
    assert (info.title, info.strong) == (title, True)


@pytest.mark.parametrize("name", ["grp-show.s01e02.720p.mkv", "dimension-show.s01e02.mkv", "165.Show One S01E02.mkv"])
def test_what_may_be_a_code_in_front_makes_no_strong_reading(name: str) -> None:
    assert not NameReader().read(name).strong


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Show.INTEGRALE.S01E03.FRENCH.mkv", "Show"),
        ("Show - Intégrale - S01E03.mkv", "Show"),
        ("Show.COMPLETE.S01E03.mkv", "Show"),
        ("Show.FiNAL.S08E06.mkv", "Show"),
        ("Show.VF.S01E03.avi", "Show"),
        ("Show.FRENCH.2010.S01E03.mkv", "Show"),
        ("Show VOSTFR (2010).mkv", "Show"),
        ("Show Saison 1 S01E03.mkv", "Show"),
        ("Show S01 - 1x03.mkv", "Show"),
        ("Show 2 - 1x03.mkv", "Show 2"),
        ("Show - 012 - S02E03.mkv", "Show"),
        ("Show - 313-315 - S16E03-05.mkv", "Show"),
        ("Show - 08 (S01E08).mkv", "Show"),
        ("Room 104 - S01E04.mkv", "Room 104"),
        ("The.4400.S01E03.mkv", "The 4400"),
        ("LOST.FRENCH.S01E03.mkv", "LOST"),
        ("The Final (2010).mkv", "The Final"),
        ("The French Village S01E03.mkv", "The French Village"),
        ("A.Complete.Unknown.2024.mkv", "A Complete Unknown"),
        ("11.22.63.S01E03.mkv", "11 22 63"),
        ("11-22-63 (2016) - S01E03.mkv", "11-22-63"),
    ],
)
def test_tags_seasons_and_counts_beside_a_title_are_none_of_it(name: str, title: str) -> None:
    info = read_strict(name)
    assert info is not None
    assert info.strong
    assert title in (info.title, *info.alt_titles)


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("A.Quiet.Place.Part.II.2020.1080p.UHD.BluRay.DD+7.1.DoVi.X265-GRP", "A Quiet Place Part II", 2020),
        (
            "Guardians.of.the.Galaxy.Vol.3.2023.BluRay.1080p.DTS-HD.MA.7.1.x264-GRP",
            "Guardians of the Galaxy Vol 3",
            2023,
        ),
        ("The.Bone.Collector.1999.2160p.UHD.BluRay.x265-GRP", "The Bone Collector", 1999),
        ("Movie.Title.Extended.Edition.2010.1080p.BluRay.x264-GRP", "Movie Title", 2010),
        ("Casino.10TH.ANNiVERSARY.1995.iNTERNAL.DVDRiP.XViD-GRP", "Casino", 1995),
        ("Alien DC (1979) [1080p].mkv", "Alien", 1979),
        ("Final Cut (2022).mkv", "Final Cut", 2022),
        ("Battle Royale (Batoru Rowaiaru) (2000).mkv", "Battle Royale", 2000),
        ("Blade Runner 2049 (2017).mkv", "Blade Runner 2049", 2017),
    ],
)
def test_a_films_title_is_all_before_the_year_but_its_edition(name: str, title: str, year: int) -> None:
    info = NameReader().read(name)
    assert (info.kind, info.title, info.year, info.strong) == ("film", title, year, True)


@pytest.mark.parametrize(
    ("name", "year", "country"),
    [
        ("Hunter.X.Hunter.S01E04.2011.720p.BluRay.x264-GRP.mkv", 2011, ""),
        ("Hunter.X.Hunter.S01E04.The.Title.2011.720p.BluRay.x264-GRP.mkv", 2011, ""),
        ("1883.S01E01.1883.2160p.WEB-DL.mkv", None, ""),
        ("Gameshow.S20E09.2016-01-19.mkv", None, ""),
        ("Show.S01E04.2011.A.Space.Oddity.720p.mkv", None, ""),
        ("Hunted.S01E03.AU.720p.HDTV.x264-GRP.mkv", None, "AU"),
        ("Hunted.AU.S01E02.720p.HDTV.x264-GRP.mkv", None, "AU"),
        ("The Office (US) - S01E01.mkv", None, "US"),
        ("The Office (2005) (US) - S01E01.mkv", 2005, "US"),
        ("House.of.Cards.UK.S01E01.mkv", None, "GB"),
        ("This Is Us - S01E01.mkv", None, ""),
        ("this.is.us.s01e01.720p.mkv", None, ""),
        ("hunted.s01e03.au.720p.hdtv-grp.mkv", None, "AU"),
        ("house.of.cards.uk.s01e01.mkv", None, "GB"),
        ("Show - S01E04 - 1984.mkv", None, ""),
        ("Show - S01E04 - Summer of 1984 1080p.mkv", None, ""),
        ("Show 1x04 (2011) Title.mkv", 2011, ""),
    ],
)
def test_what_stands_behind_the_numbers_is_heard(name: str, year: int | None, country: str) -> None:
    info = NameReader().read(name)
    assert (info.year, info.country) == (year, country)


@pytest.mark.parametrize(
    ("name", "date", "strong"),
    [
        ("Show.2011.11.15.Guest.720p.mkv", "2011-11-15", True),
        ("Show - 2011-11-15 - Guest.mkv", "2011-11-15", True),
        ("Show - 15.11.2011 - Guest.mkv", "2011-11-15", True),
        ("Show.20111115.720p.mkv", "2011-11-15", True),
        ("Show du 15.11.2011.avi", "2011-11-15", True),
        ("Show November 15, 2011.mkv", "2011-11-15", True),
        ("Show - 15 de noviembre de 2011.mkv", "2011-11-15", True),
        ("Show 4th December 2020 WEBRip h264-GRP", "2020-12-04", True),
        ("Show.01.02.2011.720p.mkv", "2011-02-01", False),  # the second of January elsewhere
    ],
)
def test_a_date_in_any_spelling(name: str, date: str, strong: bool) -> None:
    info = NameReader().read(name)
    assert (info.kind, info.title, info.date, info.strong) == ("episode", "Show", date, strong)


@pytest.mark.parametrize(
    "name", ["Show Season S01 2014 2160p.mkv", "Show s01-s02 2015-2017 1080p.mkv", "Show - 1ª Temporada 2019 1080p.mkv"]
)
def test_a_season_is_no_film(name: str) -> None:
    info = NameReader().read(name)
    assert not (info.strong and info.kind == "film")


def test_titles_like_dates_and_numbers_before_dates() -> None:
    read = NameReader().read
    assert (read("12.01.2010 (2012).mkv").title, read("12.01.2010 (2012).mkv").year) == ("12 01 2010", 2012)
    assert (read("11.22.63 (2016).mkv").title, read("11.22.63 (2016) - S01E02.mkv").title) == ("11 22 63", "11 22 63")
    info = read("The Soup - 11x41 - October 8, 2014.mp4")
    assert (info.season, info.episodes, info.date) == (11, (41,), "")


@pytest.mark.parametrize(
    ("name", "part", "title"),
    [
        ("Show.S01E02.Part.2.1080p.WEB.x264-GRP.mkv", None, "Part 2"),
        ("Show - S08 - E01 - Back In The Red - Part 01.avi", None, "Back In The Red - Part 01"),
        ("Show S01E01-part-1.mkv", 1, ""),
        ("Show S01E01-pt2.mkv", 2, ""),
        ("Show S01E01 cd1.avi", 1, ""),
    ],
)
def test_a_part_in_a_title_is_no_piece_of_a_file(name: str, part: int | None, title: str) -> None:
    info = NameReader().read(name)
    assert (info.part, info.episode_title) == (part, title)


RELEASE, FILM, SEASON = "Show.S14E10.720p.HDTV.x264-GRP", "The Title (2010)", "Saison 01"


@pytest.mark.parametrize(
    ("name", "folders", "strong", "answer"),
    [
        ("abc.xyz.ae24.mkv", ["Séries", RELEASE], True, ("Show", 14, (10,))),
        ("4f1c9b2ad83e4d6f.mkv", ["Séries", RELEASE], True, ("Show", 14, (10,))),
        ("main.mkv", ["Films", FILM], True, ("The Title", None, ())),
        ("00001.m2ts", ["Films", FILM], True, ("The Title", None, ())),
        ("00800.m2ts", ["Films", FILM, "BDMV", "STREAM"], True, ("The Title", None, ())),
        ("VTS_01_1.VOB", ["Films", FILM, "VIDEO_TS"], True, ("The Title", None, ())),
        ("kYxWpQz.mkv", ["Films", FILM], True, ("The Title", None, ())),
        ("grp-ttl.mkv", ["Films", FILM], True, ("The Title", None, ())),
        ("tttl.mkv", ["Films", FILM], True, ("The Title", None, ())),
        ("1410.mkv", ["Séries", RELEASE], True, ("Show", 14, (10,))),
        ("abc.mkv", ["Films", "The.Title.2010.1080p.BluRay.x264-GRP"], None, ("", None, ())),
    ],
)
def test_a_code_alone_in_the_folder_of_its_release_is_read_as_that(
    name: str, folders: list[str], strong: bool | None, answer: tuple[str, int | None, tuple[int, ...]]
) -> None:
    info = NameReader().read(name, folders, is_alone=True)
    if strong is not None:
        assert (info.strong, (info.title, info.season, info.episodes)) == (strong, answer)
    assert not NameReader().read(name, folders).strong, "with a second video beside it nobody knows which it is"


@pytest.mark.parametrize(
    "name", "300 1917 9 Se7en S1m0ne X-Men U-571 k-19 8mm wall-e JFK RRR Z Tenet Up Ali eXistenZ TheFilm".split()
)
def test_a_short_title_is_no_code_of_another_film(name: str) -> None:
    assert not NameReader().read(f"{name}.mkv", ["Films", "Heat (1995)"], is_alone=True).strong


def test_numbers_behind_a_code_are_those_of_the_folder() -> None:
    read = NameReader().read
    info = read("ghost-s14e10.mkv", ["Séries", RELEASE])
    assert (info.title, info.season, info.episodes, info.strong) == ("Show", 14, (10,), True)
    assert read("ghost-s14e11.mkv", ["Séries", RELEASE]).title != "Show"
    assert read("Ghost.Story.S14E10.mkv", ["Séries", RELEASE]).title == "Ghost Story"


def test_the_folder_of_a_disc_is_a_piece_of_its_film() -> None:
    info = NameReader().read("film.avi", ["Films", FILM, "CD2"], is_alone=True)
    assert (info.title, info.year, info.part, info.strong) == ("The Title", 2010, 2, True)


@pytest.mark.parametrize("folder", [SEASON, "S01", "Specials"])
def test_a_folder_of_a_season_is_no_release(folder: str) -> None:
    assert not NameReader().read("main.mkv", ["Séries", "Show (2010)", folder], is_alone=True).strong


def test_a_bilingual_title_is_two_titles() -> None:
    info = NameReader().read("一人之下.The.Outcast.S01E03.1080p.WEB.mkv")
    assert {info.title, *info.alt_titles} == {"The Outcast", "一人之下"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Avatar.2009.Making.Of.1080p.BluRay.x264.mkv", True),
        ("Film (2009) - Making-of.mkv", True),
        ("Film - Bêtisier.mkv", True),
        ("Film (2009) - Gag Reel.mkv", True),
        ("Film - Scènes coupées.mkv", True),
        (unicodedata.normalize("NFD", "Film (2009) - Scènes coupées.mkv"), True),
        ("Film (2009) - Le making of.mkv", True),
        ("Film (2009) - Coulisses du tournage.mkv", True),
        ("Film (2009) - Interview de la monteuse.mkv", True),
        ("Le making of de Film (2009).mkv", True),
        ("Film (2009) - Bonus 2.mkv", True),
        ("Film.2009.BONUS.1080p.mkv", True),
        ("Film (2009) - Blooper Reel.mkv", True),
        ("Film (2009) - Escenas eliminadas.mkv", True),
        ("Film (2009) - Gelöschte Szenen.mkv", True),
        ("Film (2009) - Dietro le quinte.mkv", True),
        ("Film (2009) - Bastidores.mkv", True),
        ("Film (2009) - Verwijderde scènes.mkv", True),
        ("Show.S00E03.Behind.the.Scenes.1080p.mkv", False),
        ("Show - 0x04 - Making of.mkv", False),
        ("Scenes from a Marriage (1973).mkv", False),
        ("The.Interview.2014.1080p.mkv", False),
        ("Life.Behind.the.Scenes.2012.1080p.mkv", False),
        ("The Making of a Legend (1988).mkv", False),
        ("The Big Short (2015).mkv", False),
        ("Making Of (2023).mkv", False),
        ("Les Coulisses (2010).mkv", False),
        ("Interview with the Vampire (1994).mkv", False),
        ("Show - S01E05 - The Trailer.mkv", False),
    ],
)
def test_extras(name: str, expected: bool) -> None:
    assert is_extra(name) is expected


@pytest.mark.parametrize(
    "folder",
    [
        "Extras", "Bonus", "BONUS DVD", "DVD 2 Bonus", "Scènes coupées", unicodedata.normalize("NFD", "Bêtisier"),
        "Coulisses", "Bandes-annonces", "Escenas eliminadas", "Bonusmaterial", "Dietro le quinte", "Sample",
    ],
)  # fmt: skip
def test_folders_of_extras(folder: str) -> None:
    assert is_extra("Clip.mkv", ["Film (2009)", folder])
    assert not is_extra(f"{folder} - S01E02.mkv", [folder, "Saison 01"])


@pytest.mark.parametrize(
    ("name", "title", "season", "episodes"),
    [
        ("Show EP01 - Name.mkv", "Show", None, (1,)),
        ("Serie Folge 5.mkv", "Serie", None, (5,)),
        ("Show 第5話.mkv", "Show", None, (5,)),
        ("Show 3화.mkv", "Show", None, (3,)),
        ("Show - Ep 3v2 [1080p].mkv", "Show", None, (3,)),
        ("Show E1E2.mkv", "Show", None, (1, 2)),
        ("Show 2nd Season EP04.mkv", "Show", 2, (4,)),
    ],
)
def test_episodes_counted_without_a_season_are_weak(
    name: str, title: str, season: int | None, episodes: tuple[int, ...]
) -> None:
    info = NameReader().read(name, [])
    assert (info.kind, info.title, info.season, info.episodes) == ("episode", title, season, episodes)
    assert info.strong == (season is not None)


@pytest.mark.parametrize("name", ["S01{tmdb-1}E01.mkv", "Show {tmdb-1} S01E01.mkv"])
def test_ids_are_no_part_of_numbers(name: str) -> None:
    info = read_strict(name, [])
    assert info is not None
    assert (info.season, info.episodes) == (1, (1,))
    assert read_numbers(name) == (1, (1,), "")
