"""Which episode links are wrong, which file they get, and what is left alone."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest
from helpers import Library

from cineorg.catalogue.film_and_episode_rows import EpisodeFile
from cineorg.catalogue.registration import TitleRow
from cineorg.changes import Plan, Relink, SetFilePath
from cineorg.repair.episode_numbers import EpisodeIndex, read_episode, told_apart
from cineorg.repair.wrong_episodes import CatalogueView, plan_bad_links
from cineorg.settings.configuration import Settings
from cineorg.trees.library import load_library

S = "Séries/Séries TV"


NOTHING_KNOWN = CatalogueView()


def planned(library: Library, view: CatalogueView = NOTHING_KNOWN, within: Sequence[str] = ()) -> Plan:
    settings = Settings(storage=(library.storage,), video=library.video)
    return plan_bad_links(load_library(settings, {}), view, within)


def outcome(library: Library, plan: Plan) -> tuple[dict[str, str], dict[str, str]]:
    """Return the new files and the reasons, by the link's name, paths below storage."""
    new = {}
    for change in plan.changes:
        assert isinstance(change, Relink)
        new[os.path.basename(change.path)] = change.new_target.removeprefix(library.storage + "/Séries/")
    return new, {os.path.basename(item.path): item.reason for item in plan.unresolved}


def make(library: Library, files: str, links: str) -> Library:
    """Make stored files (below Séries, one a line) and links: `name -> file`, in the folder that the name says."""
    stored = {f"Séries/{file.strip()}": 10 + number for number, file in enumerate(files.strip().splitlines())}
    shown = {}
    for line in filter(None, links.strip().splitlines()):
        name, _, file = (part.strip() for part in line.partition("->"))
        says = read_episode(name, [])
        assert says is not None
        work = says.work
        year = f" ({work.year})" if work.year else ""
        shown[f"{S}/{work.title}{year}/Saison {work.season:02}/{name}"] = f"@/Séries/{file}"
    return library.add(stored, shown)


KAAMELOTT = """
Kaamelott/Saison 04/Kaamelott.S04E001.mkv
Kaamelott/Saison 04/Kaamelott.S04E002.mkv
Kaamelott/Saison 04/Kaamelott.S04E021.mkv
Kaamelott/Saison 04/Kaamelott.S04E022-E023.mkv
Kaamelott/Saison 05/Kaamelott.S05E002.mkv
"""
E = "Kaamelott (2005) - S{:02}E{:02}.mkv"


@pytest.mark.parametrize(
    ("files", "links", "new", "unresolved"),
    [
        pytest.param(
            KAAMELOTT,
            """
            Kaamelott (2005) - S04E01.mkv -> Kaamelott/Saison 04/Kaamelott.S04E021.mkv
            Kaamelott (2005) - S04E02.mkv -> Kaamelott/Saison 04/Kaamelott.S04E021.mkv
            Kaamelott (2005) - S04E21.mkv -> Kaamelott/Saison 04/Kaamelott.S04E021.mkv
            Kaamelott (2005) - S04E09.mkv -> Kaamelott/Saison 04/Kaamelott.S04E021.mkv
            """,
            {
                E.format(4, 1): "Kaamelott/Saison 04/Kaamelott.S04E001.mkv",
                E.format(4, 2): "Kaamelott/Saison 04/Kaamelott.S04E002.mkv",
            },
            {E.format(4, 9): "looked for Kaamelott S04E09 in"},
            id="numbers are no substrings",
        ),
        pytest.param(
            KAAMELOTT,
            """
            Kaamelott (2005) - S04E22.mkv -> Kaamelott/Saison 04/Kaamelott.S04E022-E023.mkv
            Kaamelott (2005) - S04E23.mkv -> Kaamelott/Saison 04/Kaamelott.S04E022-E023.mkv
            Kaamelott (2005) - S04E22-E24.mkv -> Kaamelott/Saison 04/Kaamelott.S04E022-E023.mkv
            """,
            {},
            {},
            id="a file of several episodes is right for each of them",
        ),
        pytest.param(
            KAAMELOTT,
            "Kaamelott (2005) - S04E23.mkv -> Kaamelott/Saison 04/Kaamelott.S04E021.mkv",
            {E.format(4, 23): "Kaamelott/Saison 04/Kaamelott.S04E022-E023.mkv"},
            {},
            id="a file of several episodes is found for one",
        ),
        pytest.param(
            KAAMELOTT,
            "Kaamelott (2005) - S05E02.mkv -> Kaamelott/Saison 04/Kaamelott.S04E002.mkv",
            {E.format(5, 2): "Kaamelott/Saison 05/Kaamelott.S05E002.mkv"},
            {},
            id="another season, nobody shares it",
        ),
        pytest.param(
            """
            Lost/Lost.S01E01.mkv
            Lost/Lost.S01E02.720p.mkv
            Lost/Lost.S01E02.1080p.mkv
            """,
            """
            Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv
            Lost (2004) - S01E02 - Title - 1080p.mkv -> Lost/Lost.S01E01.mkv
            """,
            {"Lost (2004) - S01E02 - Title - 1080p.mkv": "Lost/Lost.S01E02.1080p.mkv"},
            {"Lost (2004) - S01E02.mkv": "2 files fit equally"},
            id="twins are told apart by the link's own tags",
        ),
        pytest.param(
            "Lost/Lost.S01E01.mkv\nLost/Saison 01/02.mkv\nLost/S01E0203.mkv\nLost/Lost.S01E02-sample.mkv",
            "Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv",
            {},
            {"Lost (2004) - S01E02.mkv": "looked for Lost S01E02"},
            id="weak and refused numbers and samples are never taken",
        ),
        pytest.param(
            "Lost/Saison 01/a-cryptic-name.mkv\nLost/Saison 01/Lost.S01E02.mkv",
            "Lost (2004) - S01E02.mkv -> Lost/Saison 01/a-cryptic-name.mkv",
            {},
            {},
            id="a target whose name says nothing cannot be wrong",
        ),
        pytest.param(
            "Lost/a-cryptic-name.mkv\nLost/Lost.S01E02.mkv\nLost/two-in-one.mkv",
            """
            Lost (2004) - S01E02.mkv -> Lost/a-cryptic-name.mkv
            Lost (2004) - S01E12.mkv -> Lost/a-cryptic-name.mkv
            Lost (2004) - S02E01.mkv -> Lost/two-in-one.mkv
            Lost (2004) - S02E02.mkv -> Lost/two-in-one.mkv
            """,
            {},
            {
                "Lost (2004) - S01E02.mkv": "own numbers cannot be told",
                "Lost (2004) - S01E12.mkv": "own numbers cannot be told",
            },
            id="nobody knows whose a cryptic file is",
        ),
        pytest.param(
            "Lost/Lost.S01E01.mkv\nLost/Saison 03/Lost.S01E02.mkv",
            "Lost (2004) - S03E02.mkv -> Lost/Saison 03/Lost.S01E02.mkv",
            {},
            {},
            id="a file that its own folder contradicts decides nothing",
        ),
        pytest.param(
            """
            Dexter/Dexter.S01E01.mkv
            Dexter/Dexter.S01E02.mkv
            Lost/Lost.S01E01.mkv
            Lost/Lost.S01E02.mkv
            """,
            """
            Dexter (2006) - S01E01.mkv -> Lost/Lost.S01E01.mkv
            Dexter (2006) - S01E02.mkv -> Dexter/Dexter.S01E02.mkv
            Lost (2004) - S01E01.mkv -> Lost/Lost.S01E01.mkv
            """,
            {"Dexter (2006) - S01E01.mkv": "Dexter/Dexter.S01E01.mkv"},
            {},
            id="the file of another series",
        ),
        pytest.param(
            """
            Money Heist/Money.Heist.S01E01.mkv
            Money Heist/Money.Heist.S01E02.mkv
            Money Heist/Money.Heist.S01E03.mkv
            """,
            """
            La Casa de Papel (2017) - S01E01.mkv -> Money Heist/Money.Heist.S01E01.mkv
            La Casa de Papel (2017) - S01E03.mkv -> Money Heist/Money.Heist.S01E02.mkv
            """,
            {},
            {"La Casa de Papel (2017) - S01E03.mkv": "looked for La Casa de Papel S01E03"},
            id="one link under another title proves nothing",
        ),
        pytest.param(
            """
            Money Heist/Money.Heist.S01E01.mkv
            Money Heist/Money.Heist.S01E02.mkv
            Money Heist/Money.Heist.S01E03.mkv
            Papel/La.Casa.de.Papel.S02E01.mkv
            Papel/La.Casa.de.Papel.S02E02.mkv
            """,
            """
            La Casa de Papel (2017) - S01E01.mkv -> Money Heist/Money.Heist.S01E01.mkv
            La Casa de Papel (2017) - S01E02.mkv -> Money Heist/Money.Heist.S01E02.mkv
            La Casa de Papel (2017) - S02E01.mkv -> Papel/La.Casa.de.Papel.S02E01.mkv
            La Casa de Papel (2017) - S02E02.mkv -> Papel/La.Casa.de.Papel.S02E02.mkv
            La Casa de Papel (2017) - S01E03.mkv -> Money Heist/Money.Heist.S01E02.mkv
            """,
            {},
            {"La Casa de Papel (2017) - S01E03.mkv": "looked for La Casa de Papel S01E03"},
            id="half of the links are not most of them",
        ),
        pytest.param(
            """
            Money Heist/Money.Heist.S01E01.mkv
            Money Heist/Money.Heist.S01E02.mkv
            Money Heist/Money.Heist.S01E03.mkv
            """,
            """
            La Casa de Papel (2017) - S01E01.mkv -> Money Heist/Money.Heist.S01E01.mkv
            La Casa de Papel (2017) - S01E02.mkv -> Money Heist/Money.Heist.S01E02.mkv
            La Casa de Papel (2017) - S01E03.mkv -> Money Heist/Money.Heist.S01E02.mkv
            """,
            {"La Casa de Papel (2017) - S01E03.mkv": "Money Heist/Money.Heist.S01E03.mkv"},
            {},
            id="the title under which most of its files are stored is its own",
        ),
        pytest.param(
            "Lost.S01.1080p/Lost.S01E01.mkv\nLost.S02.1080p/Lost.S02E01.mkv\nOther/Lost.Girl.S02E01.mkv",
            "Lost (2004) - S02E01.mkv -> Lost.S01.1080p/Lost.S01E01.mkv",
            {"Lost (2004) - S02E01.mkv": "Lost.S02.1080p/Lost.S02E01.mkv"},
            {},
            id="another folder of the same title",
        ),
        pytest.param(
            """
            BSG 1978/Battlestar.Galactica.1978.S01E02.mkv
            BSG 2004/Battlestar.Galactica.2004.S01E01.mkv
            BSG 2004/Battlestar.Galactica.2004.S01E02.mkv
            """,
            """
            Battlestar Galactica (1978) - S01E01.mkv -> BSG 1978/Battlestar.Galactica.1978.S01E02.mkv
            Battlestar Galactica (2004) - S01E01.mkv -> BSG 2004/Battlestar.Galactica.2004.S01E02.mkv
            """,
            {"Battlestar Galactica (2004) - S01E01.mkv": "BSG 2004/Battlestar.Galactica.2004.S01E01.mkv"},
            {"Battlestar Galactica (1978) - S01E01.mkv": "looked for"},
            id="a series of the same name and another year",
        ),
        pytest.param(
            "\n".join(f"Futurama/Futurama.S01E{number:02}.mkv" for number in range(1, 6)),
            "\n".join(
                f"Futurama (1999) - S01E{number:02}.mkv -> Futurama/Futurama.S01E{number % 5 + 1:02}.mkv"
                for number in range(1, 6)
            ),
            {},
            {f"Futurama (1999) - S01E{number:02}.mkv": "numbered otherwise" for number in range(1, 6)},
            id="a series that is numbered otherwise",
        ),
        pytest.param(
            "\n".join(f"Futurama/Futurama.S01E{number:02}.mkv" for number in range(1, 7)),
            "\n".join(
                f"Futurama (1999) - S01E{number:02}.mkv -> Futurama/Futurama.S01E{number + 1:02}.mkv"
                for number in range(1, 6)
            ),
            {},
            {f"Futurama (1999) - S01E{number:02}.mkv": "numbered otherwise" for number in range(1, 6)},
            id="a series that is one number off, to its first episode",
        ),
        pytest.param(
            "Lost/Lost.S01E04.The.Constant.720p.mkv\nLost/Lost.S01E05.mkv",
            "Lost (2004) - S01E05 - The Constant.mkv -> Lost/Lost.S01E04.The.Constant.720p.mkv",
            {},
            {"Lost (2004) - S01E05 - The Constant.mkv": "the same episode title"},
            id="the same episode title is a contradiction",
        ),
        pytest.param(
            "Lost/Lost.S01E04.The.Constant.720p.mkv\nLost/Lost.S01E05.The.Constant.mkv",
            "Lost (2004) - S01E05 - The Constant.mkv -> Lost/Lost.S01E04.The.Constant.720p.mkv",
            {"Lost (2004) - S01E05 - The Constant.mkv": "Lost/Lost.S01E05.The.Constant.mkv"},
            {},
            id="its own title beside its own numbers goes before its title beside others",
        ),
        pytest.param(
            "Lost/Lost.S05E19E25.mkv\nLost/Lost.S05E21.mkv\nLost/Lost.S01E02_03.mkv\nLost/Lost.S01E05 et 06.mkv",
            """
            Lost (2004) - S05E21.mkv -> Lost/Lost.S05E19E25.mkv
            Lost (2004) - S05E25.mkv -> Lost/Lost.S05E19E25.mkv
            Lost (2004) - S01E03.mkv -> Lost/Lost.S01E02_03.mkv
            Lost (2004) - S01E06.mkv -> Lost/Lost.S01E05 et 06.mkv
            """,
            {},
            {},
            id="what may lie in a file is not wrong",
        ),
        pytest.param(
            "MythBusters/MythBusters.S07E01.mkv",
            "MythBusters (2003) - S2009E01.mkv -> MythBusters/MythBusters.S07E01.mkv",
            {},
            {},
            id="seasons counted by years",
        ),
        pytest.param(
            "Lost/Lost.S00E01.mkv\nLost/Lost.S01E02.mkv\nLost/Lost.S01E02-E03.mkv",
            "Lost (2004) - S01E02.mkv -> Lost/Lost.S00E01.mkv",
            {"Lost (2004) - S01E02.mkv": "Lost/Lost.S01E02.mkv"},
            {},
            id="a file of just these episodes goes first",
        ),
        pytest.param(
            "Lost/Lost.S01E01.mkv\nLost/Lost.S01E02a.mkv\nLost/Lost.S01E02b.mkv",
            """
            Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv
            Lost (2004) - S01E02b.mkv -> Lost/Lost.S01E01.mkv
            """,
            {"Lost (2004) - S01E02b.mkv": "Lost/Lost.S01E02b.mkv"},
            {"Lost (2004) - S01E02.mkv": "looked for Lost S01E02"},
            id="one part is not the episode",
        ),
        pytest.param(
            "Lost/Lost.S01E01.mkv\nDownloads/Lost/Saison 01/S01E02.mkv",
            "Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv",
            {},
            {"Lost (2004) - S01E02.mkv": "looked for Lost S01E02"},
            id="elsewhere, a folder's title is too little",
        ),
        pytest.param(
            "Lost (2004)/Saison 01/S01E01.mkv\nLost (2004)/Saison 01/S01E02.mkv",
            "Lost (2004) - S01E02.mkv -> Lost (2004)/Saison 01/S01E01.mkv",
            {"Lost (2004) - S01E02.mkv": "Lost (2004)/Saison 01/S01E02.mkv"},
            {},
            id="in the series' own folder it is enough",
        ),
        pytest.param(
            "UK/The.Office.S01E01.mkv\nUS/The.Office.S01E02.mkv",
            """
            The Office (2001) - S01E02.mkv -> UK/The.Office.S01E01.mkv
            The Office (2005) - S01E02.mkv -> US/The.Office.S01E02.mkv
            """,
            {},
            {"The Office (2001) - S01E02.mkv": "looked for The Office S01E02 in"},
            id="a title that two series share says nothing elsewhere",
        ),
        pytest.param(
            """
            BSG/Battlestar.Galactica.1978.S01E01.mkv
            BSG/Battlestar.Galactica.1978.S01E02.mkv
            BSG/Battlestar.Galactica.2004.S01E01.mkv
            BSG/Battlestar.Galactica.2004.S01E02.mkv
            """,
            """
            Battlestar Galactica (1978) - S01E01.mkv -> BSG/Battlestar.Galactica.1978.S01E01.mkv
            Battlestar Galactica (1978) - S01E02.mkv -> BSG/Battlestar.Galactica.1978.S01E01.mkv
            Battlestar Galactica (2004) - S01E01.mkv -> BSG/Battlestar.Galactica.1978.S01E01.mkv
            Battlestar Galactica (2004) - S01E02.mkv -> BSG/Battlestar.Galactica.2004.S01E01.mkv
            """,
            {
                "Battlestar Galactica (1978) - S01E02.mkv": "BSG/Battlestar.Galactica.1978.S01E02.mkv",
                "Battlestar Galactica (2004) - S01E01.mkv": "BSG/Battlestar.Galactica.2004.S01E01.mkv",
                "Battlestar Galactica (2004) - S01E02.mkv": "BSG/Battlestar.Galactica.2004.S01E02.mkv",
            },
            {},
            id="years tell two series of one name apart",
        ),
        pytest.param(
            "\n".join(f"Futurama/Futurama.S01E{number:02}.mkv" for number in range(1, 11)),
            "\n".join(
                f"Futurama (1999) - S01E{number:02}.mkv -> Futurama/Futurama.S01E{number % 3 + 1:02}.mkv"
                if number < 4
                else f"Futurama (1999) - S01E{number:02}.mkv -> Futurama/Futurama.S01E{number:02}.mkv"
                for number in range(1, 11)
            ),
            {
                f"Futurama (1999) - S01E{number:02}.mkv": f"Futurama/Futurama.S01E{number:02}.mkv"
                for number in (1, 2, 3)
            },
            {},
            id="a few astray are wrong, not numbered otherwise",
        ),
        pytest.param(
            "Dexter/Dexter.S01E01.mkv\nLost/Lost.S01E04.The.Constant.720p.mkv",
            """
            Dexter (2006) - S01E01 - The Constant.mkv -> Lost/Lost.S01E04.The.Constant.720p.mkv
            Lost (2004) - S01E04.mkv -> Lost/Lost.S01E04.The.Constant.720p.mkv
            """,
            {"Dexter (2006) - S01E01 - The Constant.mkv": "Dexter/Dexter.S01E01.mkv"},
            {},
            id="the same episode title in another series is none",
        ),
        pytest.param(
            "Lost/Lost.S01E01.mkv\nLost/Lost.S00E01.mkv",
            "Lost (2004) - S00E01.mkv -> Lost/Lost.S01E01.mkv",
            {"Lost (2004) - S00E01.mkv": "Lost/Lost.S00E01.mkv"},
            {},
            id="specials",
        ),
    ],
)
def test_links(library: Library, files: str, links: str, new: dict[str, str], unresolved: dict[str, str]) -> None:
    found, reasons = outcome(library, planned(make(library, files, links)))
    assert found == new
    assert reasons.keys() == unresolved.keys()
    assert all(part in reasons[name] for name, part in unresolved.items()), reasons


def test_films_in_several_folders_are_normal(library: Library) -> None:
    library.films(2).films(1, genre="Action")
    assert planned(library) == Plan()


LOST = "Lost/Lost.S01E01.mkv\nLost/Lost.S01E02.mkv\nLost/Lost.S01E03.mkv"


def test_the_style_of_the_link_is_kept(library: Library) -> None:
    make(library, LOST, "Lost (2004) - S01E01.mkv -> Lost/Lost.S01E01.mkv")
    link = library.link(f"{S}/Lost (2004)/Saison 01/Lost (2004) - S01E02.mkv")
    os.symlink("../../../../../storage/Séries/Lost/Lost.S01E01.mkv", link)
    change = planned(library).changes[0]
    assert isinstance(change, Relink)
    assert change.new_target == "../../../../../storage/Séries/Lost/Lost.S01E02.mkv"
    assert os.path.samefile(
        os.path.join(os.path.dirname(link), change.new_target), library.stored("Séries/Lost/Lost.S01E02.mkv")
    )


def test_a_title_of_a_folder_accuses_nobody(library: Library) -> None:
    make(
        library,
        "Dexter/Dexter.S01E01.mkv\nDexter/Dexter.S01E02.mkv\nLost/Lost.S01E01.mkv",
        """
        Lost (2004) - S01E01.mkv -> Lost/Lost.S01E01.mkv
        Dexter (2006) - S01E02.mkv -> Dexter/Dexter.S01E02.mkv
        """,
    ).add(video={f"{S}/Dexter (2006)/Saison 01/S01E01.mkv": "@/Séries/Lost/Lost.S01E01.mkv"})
    assert planned(library) == Plan()


def test_series_of_one_name_are_told_apart_by_their_year() -> None:
    own, other = (read_episode(name, []) for name in ("Lost.S01E02.mkv", "Lost.1977.S01E02.mkv"))
    assert own is not None
    assert other is not None
    assert (own.label_beside(other), other.label_beside(own)) == ("Lost S01E02", "Lost (1977) S01E02")
    elsewhere = read_episode("Lost.1977.S02E02.mkv", [])
    assert elsewhere is not None
    assert elsewhere.label_beside(own) == "Lost S02E02"


def test_a_pinned_link_is_left_alone(library: Library) -> None:
    make(library, LOST, "Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv")
    link = library.link(f"{S}/Lost (2004)/Saison 01/Lost (2004) - S01E02.mkv")
    assert planned(library).changes
    assert planned(library, CatalogueView(pinned={link})) == Plan()


def test_only_the_chosen_links(library: Library) -> None:
    make(
        library,
        LOST,
        """
        Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv
        Lost (2004) - S02E02.mkv -> Lost/Lost.S01E01.mkv
        """,
    )
    plan = planned(library, within=[library.link(f"{S}/Lost (2004)/Saison 02")])
    assert not plan.changes
    assert len(plan.unresolved) == 1


SERIES = (TitleRow(1, "Lost", "Lost", 2004), TitleRow(2, "Dexter", None, 2006))


def row_changes(plan: Plan) -> list[tuple[int, str | None, str | None]]:
    found = [change for change in plan.changes if isinstance(change, SetFilePath)]
    assert all(change.table == "episodes" for change in found)
    return [(c.id, os.path.basename(c.old or ""), os.path.basename(c.new or "")) for c in found]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((5, 1, 1, 2, "Lost.S01E01.mkv"), [(5, "Lost.S01E01.mkv", "Lost.S01E02.mkv")]),
        ((5, 1, 1, 2, "Lost.S01E02.mkv"), []),  # right already
        ((5, 1, 1, 2, "Lost.S01E03.mkv"), []),  # not the file that the link led to
        ((5, 1, 1, 1, "Lost.S01E01.mkv"), []),  # the right row of that file
        ((5, 1, 2, 2, "Lost.S01E01.mkv"), []),  # another season
        ((5, 2, 1, 2, "Lost.S01E01.mkv"), []),  # another series
    ],
)
def test_rows(library: Library, row: tuple[int, int, int, int, str], expected: list[tuple[int, str, str]]) -> None:
    make(library, LOST, "Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv")
    file = EpisodeFile(*row[:4], library.stored(f"Séries/Lost/{row[4]}"))
    assert row_changes(planned(library, CatalogueView(SERIES, [file]))) == expected


def test_rows_of_two_series_of_one_name_stay(library: Library) -> None:
    make(library, LOST, "Lost - S01E02.mkv -> Lost/Lost.S01E01.mkv")
    file = EpisodeFile(5, 1, 1, 2, library.stored("Séries/Lost/Lost.S01E01.mkv"))
    both = (*SERIES, TitleRow(3, "Lost", None, 2010))
    assert row_changes(planned(library, CatalogueView(both, [file]))) == []
    assert row_changes(planned(library, CatalogueView(SERIES, [file]))) != []


def test_the_catalogue_knows_other_titles(library: Library) -> None:
    make(
        library,
        "Money Heist/Money.Heist.S01E01.mkv\nMoney Heist/Money.Heist.S01E02.mkv",
        "La Casa de Papel (2017) - S01E02.mkv -> Money Heist/Money.Heist.S01E01.mkv",
    )
    assert outcome(library, planned(library))[0] == {}
    view = CatalogueView([TitleRow(1, "La Casa de Papel", "Money Heist", 2017)])
    assert outcome(library, planned(library, view))[0] == {
        "La Casa de Papel (2017) - S01E02.mkv": "Money Heist/Money.Heist.S01E02.mkv"
    }


def test_the_catalogue_knows_another_series_that_no_link_shows(library: Library) -> None:
    make(
        library,
        "Dexter/Dexter.S01E01.mkv\nLost/Lost.S01E01.mkv",
        "Dexter (2006) - S01E01.mkv -> Lost/Lost.S01E01.mkv",
    )
    assert planned(library) == Plan()
    assert outcome(library, planned(library, CatalogueView(SERIES)))[0] == {
        "Dexter (2006) - S01E01.mkv": "Dexter/Dexter.S01E01.mkv"
    }


def test_a_translation_is_no_other_series(library: Library) -> None:
    """Even when the catalogue has two rows: nothing is stored under the link's own title, so nothing is known."""
    make(
        library,
        "Money Heist/Money.Heist.S01E01.mkv",
        "La Casa de Papel (2017) - S01E01.mkv -> Money Heist/Money.Heist.S01E01.mkv",
    )
    view = CatalogueView([TitleRow(1, "La Casa de Papel", None, 2017), TitleRow(2, "Money Heist", None, 2017)])
    assert planned(library, view) == Plan()


def test_the_catalogues_row_finds_the_file_elsewhere(library: Library) -> None:
    make(
        library,
        "Lost/Lost.S01E01.mkv\nNew/perdus.S01E02.mkv\nNew/perdus.mkv",
        "Lost (2004) - S01E02.mkv -> Lost/Lost.S01E01.mkv",
    )
    old, new = library.stored("Séries/Lost/old.mkv"), library.stored("Séries/New/perdus.S01E02.mkv")
    view = CatalogueView(SERIES, [EpisodeFile(5, 1, 1, 2, old)], moved={old: new}.get)
    assert outcome(library, planned(library, view))[0] == {"Lost (2004) - S01E02.mkv": "New/perdus.S01E02.mkv"}
    for other in ("perdus.mkv", "perdus.S01E03.mkv", "Dexter.S01E02.mkv"):
        make(library, f"New/{other}", "") if other != "perdus.mkv" else None
        wrong = CatalogueView(SERIES, [EpisodeFile(5, 1, 1, 2, library.stored(f"Séries/New/{other}"))])
        assert planned(library, wrong).changes == (), other


STORED = {  # how a series' episodes are stored: by season and episode
    "Alpha Base (2001)": "Alpha Base/Saison {0:02}/Alpha.Base.S{0:02}E{1:03}.mkv",
    "Alpha Base II (2009)": "Alpha.Base.II.S{0:02}.1080p/alpha.base.ii.{0}x{1:02}.1080p.mkv",
    "Der Fluss (2003)": "The River/The.River.S{0:02}E{1:02}.mkv",
    "Gamma (1978)": "Gamma/Gamma.1978.S{0:02}E{1:02}.mkv",
    "Gamma (2004)": "Gamma/Gamma.2004.S{0:02}E{1:02}.mkv",
    "Delta (2011)": "Delta (2011)/Season {0}/S{0:02}E{1:02}.mkv",
}


@pytest.mark.parametrize("seed", range(5))
def test_random_ties_are_never_mended_wrongly(library: Library, seed: int) -> None:
    """Each changed link gets just its own file, no right one is touched, and the second run finds nothing to change."""
    chance = random.Random(seed)
    right = {
        f"{S}/{title}/Saison {season:02}/{title} - S{season:02}E{episode:02}.mkv": "Séries/"
        + path.format(season, episode)
        for title, path in STORED.items()
        for season in (1, 2)
        for episode in range(1, 13)
    }
    files = {name: 10 + number for number, name in enumerate(right.values()) if chance.random() > 0.1}
    tied = {
        link: chance.choice(sorted(files)) if file not in files or chance.random() < 0.15 else file
        for link, file in right.items()
    }
    library.add(files, {link: f"@/{file}" for link, file in tied.items()})
    plan = planned(library)
    mended = {change.path: change.new_target for change in plan.changes if isinstance(change, Relink)}
    for path, target in mended.items():
        assert target == library.stored(right[os.path.relpath(path, library.video)])
        os.unlink(path)
        os.symlink(target, path)
    wrong = {link for link, file in tied.items() if file != right[link] and right[link] in files}
    assert len(wrong) > 5
    assert {library.link(link) for link in wrong} >= mended.keys()
    assert len(mended) >= 0.9 * len(wrong)
    again = planned(library)
    assert not again.changes
    assert {item.path for item in again.unresolved} <= {item.path for item in plan.unresolved}


@pytest.mark.parametrize(
    ("name", "folders", "label"),
    [
        ("Kaamelott (2005) - S04E021.mkv", ["Kaamelott", "Saison 04"], "Kaamelott S04E21"),
        ("S04E02.mkv", ["Séries", "Kaamelott (2005)", "Saison 04"], "Kaamelott S04E02"),
        ("Show.1x02-x03.mkv", [], "Show S01E02E03"),
        ("Kaamelott - S04E02.mkv", ["Kaamelott", "Saison 03"], None),
        ("Show - S01E0102.mkv", [], None),
        ("Show - 09.mkv", ["Show", "Saison 01"], None),
        ("Film (2001).mkv", [], None),
    ],
)
def test_read_episode(name: str, folders: list[str], label: str | None) -> None:
    says = read_episode(name, folders)
    assert (says.label() if says else None) == label


def test_tags_tell_twins_apart_only_when_they_do() -> None:
    index = EpisodeIndex((path, ["Lost"]) for path in ("/s/Lost.S01E02.720p.WEB.mkv", "/s/Lost.S01E02.1080p.WEB.mkv"))
    wanted = read_episode("Lost - S01E02.mkv", [])
    assert wanted is not None
    both = index.find(["lost"], wanted)
    assert len(both) == 2
    assert len(told_apart("Lost - S01E02 - Title - 720p.mkv", both)) == 1
    # One tag in common on either side, but the resolution decides.
    mixed = EpisodeIndex((path, ["Lost"]) for path in ("/s/Lost.S01E02.720p.WEB.mkv", "/s/Lost.S01E02.1080p.HDTV.mkv"))
    one = told_apart("Lost - S01E02 - Title - 1080p WEB.mkv", mixed.find(["lost"], wanted))
    assert [item.path for item in one] == ["/s/Lost.S01E02.1080p.HDTV.mkv"]
    for name in ("Lost - S01E02.mkv", "Lost - S01E02 - Title - 2160p.mkv", "Lost - S01E02 - Title - WEB.mkv"):
        assert len(told_apart(name, both)) == 2, name
