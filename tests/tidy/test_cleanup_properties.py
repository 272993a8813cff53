"""Random libraries, tidied for real: no link is lost or tied to another file, twice is once, undo gives all back."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tidy_world import KINDS, World

from cineorg.changes import Move, Plan, Relink, RemoveLink, SetFilePath

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

TITLES = [
    "Sabrina", "Sa", "S", "Terminator", "Thelma et Louise", "Tiny", "American Beauty", "American Pie", "American",
    "Alien", "Aliens", "Alien 3", "V", "2012", "[REC]", "(500) jours ensemble", "Œdipe roi", "Élisa", "Брат",
    "L'Été meurtrier", "Le Parrain", "Zodiac", "Amélie", "A", "Les", "Rocky II", "Rocky III", "Se7en", "Dexter",
    "Le Cabaret\tdu\nnéant", "-x", "Zz", "M le maudit", "Matrix",
]  # fmt: skip
GENRES = [None, [], ["Drame"], ["Comédie", "Drame"], ["Drama", "Action"], ["Western"], ["Animation"], ["Sport"]]
FILM_FOLDERS = ["Drame", "Comédie", "Western", "À trier", "Films pour enfants"]
SHELVES = [
    "A-F", "S-Z", "S", "A", "#", "Sa-Te", "Ti-Zz", "Aa-Ce", "L-Ma", "Ma-Z", "American", "Alien", "V", "Coffret", "M",
    "Alien (1979)", "Matrix (1999)", "Ant-Man", "Rocky", "Zz-Z",
]  # fmt: skip
SERIES_FOLDERS = ["Séries TV", "Mangas", "Animation", "À voir"]
SHOWS = ["Dexter (2006)", "Dexter", "V", "Kaamelott", "Animé (1999)", "Zone"]
STYLES = [
    "{t} ({y})",
    "{t} ({y}) 1080p",
    "{t} Begins",
    "{t} ({y}) 2",
    "{t} ({y}) VF BluRay x265",
    "{t}",
    "x9-1",
    "Zulu (1964)",
    "{t} ({o})",
]
EXTENSIONS = [".mkv", ".mkv", ".mkv", ".avi", ".srt", ".fr.srt", "-poster.jpg", ""]
ODD = ["", "", "", "", "\udcff", " (2)"]


def spelled(draw: st.DrawFn, text: str) -> str:
    return unicodedata.normalize("NFD" if draw(st.integers(0, 9)) == 0 else "NFC", text)


@st.composite
def film_places(draw: st.DrawFn) -> str:
    parts = ["Films"]
    if draw(st.integers(0, 7)):
        parts.append(draw(st.sampled_from(FILM_FOLDERS)))
    parts += draw(st.lists(st.sampled_from(SHELVES), max_size=3))
    return spelled(draw, "/".join(parts))


@st.composite
def show_places(draw: st.DrawFn) -> str:
    parts = ["Séries"]
    if draw(st.integers(0, 7)):
        parts.append(draw(st.sampled_from(SERIES_FOLDERS)))
    parts += draw(st.lists(st.sampled_from(["A-F", "S", "#", "V"]), max_size=1))
    if draw(st.integers(0, 5)):
        parts.append(draw(st.sampled_from(SHOWS)))
    parts += draw(st.sampled_from([[], ["Saison 01"], ["Season 1"], ["Spéciaux"]]))
    return spelled(draw, "/".join(parts))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Draw films, series, links to their files, and what else lies about."""
    films = [
        (f"Films/f{i}.mkv", draw(st.sampled_from(TITLES)), draw(st.integers(1998, 2001)), draw(st.sampled_from(GENRES)))
        for i in range(draw(st.integers(1, 10)))
    ]
    shows = [
        (draw(st.sampled_from(SHOWS)).partition(" (")[0], draw(st.sampled_from([None, 1999, 2006])),
         draw(st.sampled_from([None, [], ["Anime"], ["animation"]])), draw(st.integers(1, 4)))
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    links: dict[str, str] = {}
    for file, title, year, _ in films:
        for _ in range(draw(st.integers(1, 4))):
            style = draw(st.sampled_from(STYLES)).format(t=title, y=year, o=year + 5)
            name = spelled(draw, style) + draw(st.sampled_from(ODD)) + draw(st.sampled_from(EXTENSIONS))
            place = draw(film_places() if draw(st.integers(0, 9)) else show_places())
            links[f"{place}/{name}"] = file
    for number, (title, _, _, episodes) in enumerate(shows):
        for episode in range(1, episodes + 1):
            name = spelled(draw, f"{title} - S01E{episode:02}") + draw(st.sampled_from(["", " 1080p"])) + ".mkv"
            links[f"{draw(show_places())}/{name}"] = f"Séries/s{number}e{(episode + 1) // 2}.mkv"
    paths = sorted(links)
    # Names that links may wait for until something comes to stand there.
    names = sorted({path.rpartition("/")[2] for path in paths})
    ends = [*paths, *(f"Films/{folder}/{name}" for folder in FILM_FOLDERS[:3] for name in names)]
    targets = {path: draw(targets_of(path, file, ends)) for path, file in links.items()}
    anywhere = film_places() | show_places()
    return {
        "films": [film for film in films if draw(st.integers(0, 6))],
        "shows": shows,
        "stored": sorted({*(film[0] for film in films), *links.values(), "Films/new.mkv"}),
        "links": targets,
        "folders": draw(st.lists(anywhere, max_size=3)),
        "files": draw(st.lists(anywhere.map(lambda place: place + "/Alien.nfo"), max_size=1))
        + draw(st.lists(st.sampled_from(paths).map(lambda path: path.rpartition(".")[0] + ".nfo"), max_size=1)),
        "ignored": draw(st.lists(anywhere.map(lambda place: place + "/@eaDir/x"), max_size=1)),
        "repaired": draw(st.lists(st.sampled_from(paths), max_size=2, unique=True)),
        "deleted": draw(st.lists(st.sampled_from(paths), max_size=2, unique=True)),
        "layout": "none" if draw(st.integers(0, 4)) == 0 else "genres",
        "max_per_dir": draw(st.integers(0, 6)),
        "kinds": draw(st.sampled_from([KINDS, KINDS, KINDS]) | st.sets(st.sampled_from(sorted(KINDS)))),
        "within": draw(
            st.lists(st.sampled_from([*paths, "Films", "Films/Drame"]), max_size=draw(st.sampled_from([0, 0, 2])))
        ),
    }


@st.composite
def targets_of(draw: st.DrawFn, path: str, file: str, others: list[str]) -> str:
    kind = draw(st.integers(0, 19))
    up = "../" * path.count("/")
    if kind < 4:
        return f"{up}../storage/{file}"
    if kind == 4:
        return "@/Films/gone.mkv"
    if kind == 5:
        return f"$/{draw(st.sampled_from(others))}"  # a link to a link, perhaps to itself
    if kind == 6:
        return f"{up}{draw(st.sampled_from(others))}"
    if kind == 7:
        return f"$/{draw(st.sampled_from(others)).rpartition('/')[0]}"  # to a folder of the video tree
    if kind == 8:
        return "@/Films"
    if kind == 9:  # into a folder of the video tree and out of it again
        folder = draw(st.sampled_from(others)).rpartition("/")[0]
        return f"{up}{folder}/{'../' * (folder.count('/') + 1)}../storage/{file}"
    return f"@/{file}"


def build(base: Path, drawn: dict[str, Any]) -> World | None:
    world = World(base, layout=drawn["layout"], max_per_dir=drawn["max_per_dir"])
    world.add(dict.fromkeys(drawn["stored"], 1), {})
    for place in drawn["folders"]:
        os.makedirs(f"{world.disk.video}/{place}", exist_ok=True)
    entries: dict[str, Any] = dict.fromkeys([*drawn["files"], *drawn["ignored"]], 1)
    entries |= drawn["links"]
    for path, entry in entries.items():
        try:
            world.add({}, {path: entry})
        except OSError:
            continue  # a part of this path is something else already
    for file, title, year, genres in drawn["films"]:
        world.film(file, title, year, genres)
    for number, (title, year, genres, episodes) in enumerate(drawn["shows"]):
        files = {f"Séries/s{number}e{(each + 1) // 2}.mkv": (1, each) for each in range(1, episodes + 1)}
        world.series(title, year, genres, files)
    return world


def repairs_for(world: World, wanted: list[str]) -> Plan:
    """Return repairs of those of the wanted links that are broken, as certain as any, and their rows."""
    bad = {link.path: link for link in world.tidying().library.bad_links}
    found = [bad[path] for each in wanted if (path := f"{world.disk.video}/{each}") in bad]
    new = f"{world.disk.storage}/Films/new.mkv"
    changes = [Relink(link.path, link.target, new, 100.0, "", if_broken=True) for link in found]
    known = world.disk.rows("SELECT file_path FROM movies WHERE id = 1")
    rows = [SetFilePath("movies", 1, path, new) for (path,) in known]
    return Plan((*changes, *(rows if changes else [])))


@EXAMPLES
@given(worlds())
def test_a_random_library_is_tidied_once_and_for_all(drawn: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as base:
        world = build(Path(base), drawn)
        check(world, drawn)


def check(world: World, drawn: dict[str, Any]) -> None:
    before = world.tree()
    ends = {path: end_of(world, path) for path in world.links()}
    repairs = repairs_for(world, drawn["repaired"])
    wanted = {"kinds": drawn["kinds"], "within": drawn["within"]}
    deleted = {path: "missing" for path in drawn["deleted"] if before.get(path) and end_of(world, path) is None}
    plan = world.plan(repairs=repairs, delete_broken=deleted, **wanted)
    event(f"moves {min(5, sum(isinstance(each, Move) for each in plan.changes))}")
    assert world.tree() == before
    assert not world.apply(plan.changes)
    after = world.tree()

    removed = {world.below(each.path): each for each in plan.changes if isinstance(each, RemoveLink)}
    moved = {world.below(each.path): world.below(each.new_path) for each in plan.changes if isinstance(each, Move)}
    steps = Counter((each.op, each.path) for each in plan.changes if not isinstance(each, SetFilePath))
    assert set(steps.values()) <= {1}
    stayed = {moved.get(path, path): path for path in ends if path not in removed}
    assert sorted(stayed) == world.links()
    relinked = {world.below(each.path): each.new_target for each in plan.changes if isinstance(each, Relink)}
    for path, origin in stayed.items():
        wanted_end = relinked.get(origin, ends[origin])
        if wanted_end is not None:
            assert end_of(world, path) == wanted_end, (origin, path)
    for path in removed:
        if path in deleted:
            assert ends[path] is None
        else:  # another name for the same file stays
            wanted_end = ends[path] or f"{world.disk.storage}/Films/new.mkv"
            assert ends[path] or path in drawn["repaired"]
            assert wanted_end in {end_of(world, other) for other in stayed}
    for path, origin in stayed.items():
        if ends[origin] is None and origin not in relinked:
            assert end_of(world, path) is None or len(relinked) > 0, (origin, path)
    files = {path for path, entry in before.items() if entry == "file"}
    assert {path for path, entry in after.items() if entry == "file"} == files

    again = world.plan(**wanted)
    assert not again.changes, (plan.changes, again.changes)
    if plan.changes:
        assert not world.undo()
        assert world.tree() == before


def end_of(world: World, path: str) -> str | None:
    full = f"{world.disk.video}/{path}"
    return os.path.realpath(full) if os.path.exists(full) else None
