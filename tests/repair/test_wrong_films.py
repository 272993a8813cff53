"""Which film links are wrong by certain facts, and which file they get."""

from __future__ import annotations

import os
from collections.abc import Collection

import pytest
from helpers import Library

from cineorg.changes import Plan, Relink
from cineorg.repair.wrong_episodes import CatalogueView, plan_bad_links
from cineorg.settings.configuration import Settings
from cineorg.trees.library import load_library


def planned(library: Library, pinned: Collection[str] = ()) -> Plan:
    settings = Settings(storage=(library.storage,), video=library.video)
    return plan_bad_links(load_library(settings, {}), CatalogueView(pinned=pinned))


def outcome(plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """Return the new files and the reasons, by the link's name."""
    relinks = [change for change in plan.changes if isinstance(change, Relink)]
    new = {os.path.basename(change.path): os.path.basename(change.new_target) for change in relinks}
    return new, {os.path.basename(item.path): item.reason for item in plan.unresolved}


CASES = {
    "title and year": (
        {"Heat (1995).mkv": "Collateral.2004.1080p.mkv"},
        ["Heat.1995.1080p.mkv"],
        {"Heat (1995).mkv": "Heat.1995.1080p.mkv"},
        {},
    ),
    "no file of its own": (
        {"Heat (1995).mkv": "Collateral.2004.1080p.mkv"},
        [],
        {},
        {"Heat (1995).mkv": "it leads to Collateral (2004) (title Heat / Collateral; year 1995 / 2004)"},
    ),
    "a remake": (
        {"Heat (1995).mkv": "Heat.1986.mkv"}, ["Heat.1995.mkv"], {"Heat (1995).mkv": "Heat.1995.mkv"}, {},
    ),
    "a sequel of the year after": (
        {"Saw V (2008).mkv": "Saw.VI.2009.mkv"}, ["Saw.5.2008.mkv"], {"Saw V (2008).mkv": "Saw.5.2008.mkv"}, {},
    ),
    "ids": (
        {"Heat (1995) {tmdb-949}.mkv": "Hitze.1996.{tmdb-1}.mkv"}, [], {}, {"Heat (1995) {tmdb-949}.mkv": "tmdb-949"},
    ),
    "two files fit": (
        {"Heat (1995).mkv": "Collateral.2004.mkv"}, ["Heat.1995.720p.mkv", "Heat.1995.1080p.mkv"], {},
        {"Heat (1995).mkv": "2 files fit equally"},
    ),
    "two files, told apart by the link": (
        {"Heat (1995) 1080p.mkv": "Collateral.2004.mkv"}, ["Heat.1995.720p.mkv", "Heat.1995.1080p.mkv"],
        {"Heat (1995) 1080p.mkv": "Heat.1995.1080p.mkv"}, {},
    ),
    "a translation of the same year": (
        {"58 minutes pour vivre (1990).mkv": "Die.Hard.2.1990.mkv"}, ["Other.1990.mkv"], {}, {},
    ),
    "a translation of the year after": (
        {"Le Voyage de Chihiro (2001).mkv": "Spirited.Away.2002.mkv"}, [], {}, {},
    ),
    "the year of an edition": (
        {
            "Runner (1982).mkv": "Runner.The.Final.Cut.2007.mkv", "Wars (1977).mkv": "Wars.Special.Edition.1997.mkv",
            "Now (1979).mkv": "Now.Redux.2001.mkv", "City (1927).mkv": "City.Restored.2010.1080p.mkv",
            "Kira (1988).mkv": "Kira.2020.4K.Remaster.mkv", "Blue (1990).mkv": "Blue.1990/Blue.2010.mkv",
        },
        ["Runner.1982.mkv", "Wars.1977.mkv", "Now.1979.mkv", "City.1927.mkv", "Kira.1988.mkv", "Blue.1990.mkv"], {}, {},
    ),
    "another film in an edition": (
        {"Heat (1995).mkv": "Collateral.Final.Cut.2004.mkv", "Runner (1982).mkv": "Runner.Final.Cut.1963.mkv"},
        ["Heat.1995.mkv", "Runner.1982.mkv"],
        {"Heat (1995).mkv": "Heat.1995.mkv", "Runner (1982).mkv": "Runner.1982.mkv"}, {},
    ),
    "a festival's year": ({"Heat (1995).mkv": "Heat.1996.mkv"}, [], {}, {}),
    "a file that says no year": ({"Heat (1995).mkv": "Collateral.mkv"}, [], {}, {}),
    "another spelling": ({"Rocky II (1979).mkv": "rocky.2.1979.720p.mkv"}, [], {}, {}),
    "a year in the title": ({"2001 - A Space Odyssey (1968).mkv": "2001.A.Space.Odyssey.1968.mkv"}, [], {}, {}),
    "an extra": ({"Heat (1995)-trailer.mkv": "Collateral.2004-trailer.mkv"}, [], {}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("links", "more", "new", "unresolved"), CASES.values(), ids=CASES.keys())
def test_films(
    library: Library, links: dict[str, str], more: list[str], new: dict[str, str], unresolved: dict[str, str]
) -> None:
    files = {f"Films/{name}": 10 + number for number, name in enumerate([*links.values(), *more])}
    library.add(files, {f"Films/Drame/{link}": f"@/Films/{file}" for link, file in links.items()})
    found, reasons = outcome(planned(library))
    assert found == new
    assert reasons.keys() == unresolved.keys()
    assert all(part in reasons[name] for name, part in unresolved.items()), reasons


def test_a_pinned_film_is_left_alone(library: Library) -> None:
    library.add(
        {"Films/Heat.1995.mkv": 5, "Films/Collateral.2004.mkv": 6},
        {"Films/Drame/Heat (1995).mkv": "@/Films/Collateral.2004.mkv"},
    )
    link = library.link("Films/Drame/Heat (1995).mkv")
    assert planned(library).changes
    assert planned(library, {link}) == Plan()
