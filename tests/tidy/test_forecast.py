"""What the report says of folders that are too large is what the plan does with them."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from tidy_world import KINDS, World

from cineorg.changes import Plan, Relink
from cineorg.tidy.faults import Oversized
from cineorg.tidy.forecast import foresee_splits
from cineorg.tidy.rules import CleanupWishes

GENRES = ("Drame", "Comédie", "Western")
VOWELS = "aeiou"


def foreseen(world: World, repairs: Plan | None = None, **wishes: Any) -> dict[str, Oversized]:
    found = foresee_splits(world.tidying(), repairs or Plan(), CleanupWishes(**{"kinds": KINDS, **wishes}))
    return {world.below(each.path): each for each in found}


def said(each: Oversized) -> str:
    ranges = " ".join(f"{name} {count}" for name, count in zip(each.ranges, each.range_counts, strict=True))
    return f"{each.count} -{each.leaving} +{each.coming}: {ranges}"


def sorted_halves(base: Path) -> World:
    """Make a range with 65 films, and 53 beside it of which 26 belong in it."""
    world = World(base).add({"Films/f.mkv": 1}, {})
    names = [f"A-M/{a}{b}m" for a in "ABCDEFGHIJKLM" for b in VOWELS]
    names += [f"{a}{b}x" for a in "ABCDEFGHIJKLM" for b in "ae"] + [f"{a}em" for a in "NOPQRSTUVWXYZ"]
    names += [f"{a}am" for a in "NOPQRSTUVWXYZ"]
    for number, name in enumerate(names):
        world.film(f"Films/{number}.mkv", name.rpartition("/")[2], 2001, ["Drame"])
        world.add({f"Films/{number}.mkv": 1}, {f"Films/Drame/{name} (2001).mkv": f"@/Films/{number}.mkv"})
    return world


def test_what_leaves_a_folder_and_what_comes_to_it_counts(tmp_path: Path) -> None:
    world = sorted_halves(tmp_path)
    whole = {"Films/Drame": "53 -26 +0: ", "Films/Drame/A-M": "65 -0 +26: Aa-Ge 46 Gi-Mz 45"}
    assert {path: said(each) for path, each in foreseen(world).items()} == whole
    alone = foreseen(world, kinds=frozenset({"oversized_dir"}))
    assert {path: said(each) for path, each in alone.items()} == whole  # they fit the range all the same
    chosen = foreseen(world, within=(f"{world.disk.video}/Films/Drame/A-M",))
    assert said(chosen["Films/Drame/A-M"]) == "65 -0 +0: Aa-Gi 33 Go-Mz 32"


def test_links_that_will_be_repaired_count(tmp_path: Path) -> None:
    world = World(tmp_path, max_per_dir=3).add({"Films/f.mkv": 1}, {})
    names = [f"Films/Drame/{title} (2001).mkv" for title in ("Aa", "Bb", "Cc", "Dd")]
    world.add({}, {name: "@/Films/f.mkv" if name != names[0] else "@/Films/gone.mkv" for name in names})
    assert said(foreseen(world)["Films/Drame"]) == "4 -0 +0: Aa-Cc 2 Dd-Zz 1"
    broken = f"{world.disk.video}/{names[0]}"
    repair = Relink(broken, os.readlink(broken), f"{world.disk.storage}/Films/f.mkv", 100.0, "", if_broken=True)
    assert said(foreseen(world, Plan((repair,)))["Films/Drame"]) == "4 -0 +0: Aa-Bb 2 Cc-Zz 2"


def test_nothing_is_foreseen_where_nothing_is_too_large(tmp_path: Path) -> None:
    world = World(tmp_path).add({"Films/f.mkv": 1}, {"Films/Drame/Aa (2001).mkv": "@/Films/f.mkv"})
    assert foreseen(world) == {}


def scattered(base: Path, choose: random.Random) -> World:
    """Make films of three genres, some in the wrong folder or beside a subdivision, some linked twice."""
    world = World(base, max_per_dir=choose.choice([6, 10]))
    for number in range(choose.randint(60, 120)):
        title = f"{choose.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}{choose.choice(VOWELS)}{choose.choice('mnrstx')}x"
        genre = choose.choice(GENRES)
        world.film(f"Films/{number}.mkv", title, 2001, [genre])
        world.add({f"Films/{number}.mkv": 1}, {})
        folder = genre if choose.random() < 0.8 else choose.choice(GENRES)
        place = f"Films/{folder}{choose.choice(['', '', '/A-M', '/N-Z', '/A-M/Aa-Fz' * (title < 'G')])}"
        for name in [f"{title} (2001).mkv", *[f"{title} (2001) HD.mkv"] * (choose.random() < 0.1)]:
            if not os.path.lexists(f"{world.disk.video}/{place}/{name}"):
                world.add({}, {f"{place}/{name}": f"@/Films/{number}.mkv"})
    return world


@pytest.mark.parametrize("seed", range(10))
def test_the_report_says_what_the_plan_does(seed: int, tmp_path: Path) -> None:
    world = scattered(tmp_path, random.Random(seed))
    found = foreseen(world)
    assert found
    before = world.tree()
    assert world.apply(world.plan().changes) == []
    after = world.tree()
    for path, each in found.items():
        below = [name.removeprefix(f"{path}/").split("/")[0] for name in world.links() if name.startswith(f"{path}/")]
        made = {name for name in below if "-" in name and f"{path}/{name}" not in before and after[f"{path}/{name}"]}
        said_counts = dict(zip(each.ranges, each.range_counts, strict=True))
        assert {name: below.count(name) for name in made} == said_counts, path
