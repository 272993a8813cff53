"""Properties that hold for any name, the guard before guessit, the store of its answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cineorg.names import (
    NameInfo,
    NameReader,
    cache_key,
    from_json,
    is_extra,
    read_numbers,
    read_strict,
    season_of_folder,
    to_json,
)
from cineorg.names.guess import read_guess, sane

# Whatever a directory may hold: any bytes but NUL and the slash, as the interpreter decodes them.
FILE_NAMES = st.binary(min_size=1, max_size=120).map(
    lambda raw: os.fsdecode(raw.replace(b"\0", b"0").replace(b"/", b"-"))
)
PIECES = st.sampled_from(
    "S01 E01 E9999 S99 x 1x 1x01 01 1 99 100 999 2011 2012-01-01 - ~ + & , . _ ( ) [ ] { } to à of Season Saison"
    " Episode Ep Part CD Disc v1 D01 french en multi 1080p x264 -GRP the Show 第 话 cap 10.5 {tmdb-1} {edition-"
    " WEB-DL 5.1 PROPER \udcff é week and sample bonus x02 Complete".split(" ")
)
NAMES_OF_PIECES = st.builds(
    lambda pieces, joint: joint.join(pieces), st.lists(PIECES, max_size=14), st.sampled_from(["", " ", ".", "-"])
)


@settings(max_examples=150, deadline=None)
@given(name=FILE_NAMES | NAMES_OF_PIECES, folders=st.lists(FILE_NAMES | PIECES, max_size=3))
@example(name="", folders=[])
@example(name=".mkv", folders=[""])
@example(name="\udcff.mkv", folders=["\udcff"])
def test_any_name_is_read_and_its_reading_survives_json(name: str, folders: list[str]) -> None:
    info = NameReader().read(name, folders)
    assert from_json(to_json(info)) == info
    assert to_json(info).isascii()
    assert info.kind in ("film", "episode", "")
    assert info.source in ("strict", "guessit", "none")
    assert list(info.episodes) == sorted(set(info.episodes))
    if info.strong and info.kind == "episode":
        assert info.date or read_numbers(name)[1] == info.episodes
    if info.strong and info.kind == "film":
        assert info.title and info.year


@settings(max_examples=300, deadline=None)
@given(name=FILE_NAMES | NAMES_OF_PIECES | st.text(max_size=300))
def test_cheap_answers_never_raise(name: str) -> None:
    season, episodes, conflict = read_numbers(name)
    assert not (episodes and conflict)
    assert season is not None or not episodes
    is_extra(name, [name])
    season_of_folder(name)
    read_strict(name, [name])


def marker_of(season: int, first: int, last: int, form: int) -> str:
    """One of the spellings of season and episodes."""
    single = [f"S{season:02}E{first:02}", f"s{season}.e{first}", f"{season}x{first:02}", f"S{season:02} - E{first:03}"]
    ranges = [
        f"S{season:02}E{first:02}-E{last:02}",
        f"S{season:02}E{first:02}-{last:02}",
        f"{season}x{first:02}-x{last:02}",
        f"S{season:02}E{first:02} - S{season:02}E{last:02}",
        f"S{season:02}" + "".join(f"E{number:02}" for number in range(first, last + 1)),
    ]
    return single[form % 4] if first == last else ranges[form]


@settings(max_examples=300, deadline=None)
@given(
    title=st.sampled_from(["Show", "The.100", "24", "Show (2010)", "Warehouse.13", "Mob Psycho 100", "1923"]),
    season=st.integers(0, 60),
    first=st.integers(1, 600),
    width=st.integers(0, 40),
    form=st.integers(0, 4),
    joint=st.sampled_from([" - ", ".", "_", " "]),
    tail=st.sampled_from(["", ".mkv", " - Title.mkv", ".1080p.x264-GRP.mkv", " - 12 Angry Men.mkv", "_x265.mkv"]),
)
def test_generated_markers_are_read_as_generated(
    title: str, season: int, first: int, width: int, form: int, joint: str, tail: str
) -> None:
    assume(form != 2 or not {first, first + width} & {264, 265, 266})  # "1x250-x264" names a codec
    # A bare number that is far higher, or has more digits, begins a title.
    assume(form != 1 or width < 2 or (width <= 12 and not first < 100 <= first + width))
    name = title + joint + marker_of(season, first, first + width, form) + tail
    assert read_numbers(name) == (season, tuple(range(first, first + width + 1)), "")


@pytest.mark.parametrize("first", range(1, 130, 7))
def test_an_episode_is_not_one_whose_digits_it_begins(first: int) -> None:
    assert read_numbers(f"Show S04E{first:03}")[1] == read_numbers(f"Show S04E{first}")[1] == (first,)
    assert read_numbers(f"Show S04E{first}1")[1] == (first * 10 + 1,)


@pytest.mark.parametrize(
    "name",
    [
        "Show.1280x720.mkv", "Show 1920x1080", "Movie.2012.mkv", "Show - 09", "Season 1", "foo.103", "10x10 (2018)",
        "Movie.x264", "Movie.DD5.1.x265", "", "Part 2", "2011-11-15",
    ],
)  # fmt: skip
def test_what_is_no_explicit_marker(name: str) -> None:
    assert read_numbers(name) == (None, (), "")


NASTY = [
    "{.x264.CD.Cap..b.{tmdb-1}.E01.a.E9999",
    "Ep.,.bonus.~.x02.E9999..(.-GRP.01._.a.E9999.S01",
    "s CD {edition- 0 the ep E9999 [ 999 [ a E9999 Show",
    "Show S01E01-E9999",
    "[x] S01E01-E9999",
    "S01E01" * 40,
    "[x] " + "S01E01" * 40,
    "S01-S9999",
    "Show 1x1-9999",
    "Show 1x1-1x9999",
    "S01D01-9999",
    "1e1-e9999",
    "S01-S9999p",
    "E9999-PROPER-(-x264-01-E9999-)-ep-01-+-1280x720-of-E01-&-&",
    "S01-E1080p",
    "Season 1-9999",
    "E1+E9999",
    "Saison.1x.Disc.v1.E01.WEB-DL.1x01.Part.100.to.999.Part.00000.e",
    "(a" * 120,
    "[" * 250,
    "." * 250,
    "1080p " * 40,
    " ".join(str(1990 + number) for number in range(40)),
    "9" * 250,
    "E" + "1" * 5000,
    "a" * 100_000,
    "\ud800\udfff\x00\x1b[31m\n",
    "１２３ S０１E０１",
    "S01E01-" + "-".join(f"{number:02}" for number in range(2, 90)),
    "x02." * 60,
]


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_no_name_takes_more_than_a_moment(name: str) -> None:
    NameReader().read("warm up 2010 foo")
    start = time.perf_counter()
    NameReader().read(name, [name, name])
    NameReader().read(name + ".mkv", ["[group] " + name])
    assert time.perf_counter() - start < 5  # seconds; 0.3 at most when the machine is idle


def test_guard_lets_usual_names_through() -> None:
    for name in ("London.2012.HDTV.x264-2HD", "Show - 001-120", "Show [480-1080]", "Movie.1999-2001.BluRay"):
        assert sane(name)
    for name in ("S01E01-E9999", "S01-S9999", "S01E01" * 9, "", "a" * 256):
        assert not sane(name)


def test_guessit_failing_leaves_the_name_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    import guessit

    def fail(*_: object) -> None:
        raise RuntimeError("rules")

    monkeypatch.setattr(guessit, "guessit", fail)
    assert read_guess("Some Movie") == NameInfo()
    info = NameReader().read("show@site.com S01E02.mkv")
    assert (info.season, info.episodes, info.strong, info.source) == (1, (2,), False, "none")


def test_answers_are_stored_once_and_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import guessit

    store: dict[str, str] = {}
    first = NameReader(store).read("[Group] Show 12 (720p).mkv", ["Show"])
    assert len(store) == 1 and all(key.isascii() for key in store)
    monkeypatch.setattr(guessit, "guessit", lambda *_: pytest.fail("asked again"))
    assert NameReader(store).read("[Group] Show 12 (720p).mkv", ["Show"]) == first
    assert "guessit" in cache_key()


@pytest.mark.parametrize("stored", ["", "{}", "[1]", "null", '{"kind": 1}'])
def test_a_stored_answer_that_is_none_is_read_again(stored: str) -> None:
    with pytest.raises(ValueError):
        from_json(stored)
    store: dict[str, str] = {}
    reader = NameReader(store)
    expected = reader.read("[Group] Show 12 (720p).mkv")
    store[next(iter(store))] = stored
    assert reader.read("[Group] Show 12 (720p).mkv") == expected


def test_strict_names_are_not_stored() -> None:
    store: dict[str, str] = {}
    NameReader(store).read("Title (2010) 1080p.mkv")
    NameReader(store).read("Title (2010) - S01E02.mkv")
    assert not store


@pytest.mark.parametrize(
    ("folder", "season"),
    [
        ("Saison 1", 1), ("Saison 01", 1), ("Season 01", 1), ("season.2", 2), ("S02", 2), ("Staffel 2", 2),
        ("2. Staffel", 2), ("Temporada 1", 1), ("Stagione 3", 3), ("Specials", 0), ("Spéciaux", 0), ("Season 00", 0),
        ("Season 2 - Subtitle", 2), ("Saison 12 Français", 12), ("Season 3 (mkv)", 3), ("Season 2010", 2010),
        ("Season 1-4", None), ("Season 1 - 4", None), ("S01-S03", None), ("Season of the Witch (2011)", None),
        ("S1m0ne", None), ("Show.S01.1080p", None), ("Films", None), ("S", None), ("", None), ("Se7en (1995)", None),
    ],
)  # fmt: skip
def test_season_folders(folder: str, season: int | None) -> None:
    assert season_of_folder(folder) == season


def test_guessit_is_imported_only_when_a_name_needs_it() -> None:
    code = (
        "import sys; from cineorg.names import NameReader, read_strict; r = NameReader();"
        "r.read('Title (2010) - S01E02.mkv', ['Title (2010)']); r.read('Title.2010.1080p.mkv');"
        "print(any(m in sys.modules for m in ('guessit', 'click', 'sqlite3', 'tqdm')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
