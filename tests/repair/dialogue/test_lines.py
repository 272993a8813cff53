"""What a session shows: safe for any terminal, folders shortened in the middle, names whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.changes import Candidate
from cineorg.repair.diagnosis import Diagnosis
from cineorg.repair.dialogue.lines import Screen, columns, shortened, summary
from cineorg.trees.links import BROKEN, BadLink

NASTY = "a\x1b]0;owned\x07\x1b[2J\nb\u202ec\udcff"


@pytest.mark.parametrize(
    ("folder", "width", "shown"),
    [
        ("Films/Drame", 40, "Films/Drame"),
        ("Séries/Séries TV/K/Kaamelott (2005)/Saison 01", 40, "Séries/…/K/Kaamelott (2005)/Saison 01"),
        ("Séries/Séries TV/K/Kaamelott (2005)/Saison 01", 36, "Séries/…/Kaamelott (2005)/Saison 01"),
        ("Séries/Séries TV/K/Kaamelott (2005)/Saison 01", 20, "Séries/…/Saison 01"),
        ("/mnt/nas/volume1/Films/Drame", 20, "/mnt/…/Films/Drame"),
        ("Un.très.long.dossier.S01.1080p-GRP", 20, "Un.trè…S01.1080p-GRP"),
        ("日本語/日本語日本語", 12, "日…語日本語"),
        ("e\u0301/e\u0301", 3, "e\u0301/e\u0301"),
    ],
)
def test_a_folder_is_shortened_in_its_middle(folder: str, width: int, shown: str) -> None:
    assert shortened(folder, width) == shown


@given(st.text("ab é日e\u0301/.", max_size=60), st.integers(0, 70))
def test_a_shortened_folder_fits(folder: str, width: int) -> None:
    text = shortened(folder, width)
    assert columns(text) <= max(width, 3)
    assert text == folder or "…" in text


@given(st.text(max_size=200), st.text(max_size=60), st.integers(1, 200))
def test_nothing_steers_the_terminal(name: str, folder: str, width: int) -> None:
    name = name.replace("/", "") or "x"
    screen = Screen(width, "/v", ("/s",))
    candidate = Candidate(f"/s/{folder}/{name}", 88.5, f"called {name}")
    link = BadLink(f"/v/{folder}/{name}", f"/s/{name}", f"/s/{name}", BROKEN, "")
    item = Diagnosis(link, reason=name, chosen=candidate)
    lines = [*screen.link(item, 1, 2), *screen.candidates([candidate], 1, 1), *screen.certain([item])]
    lines += screen.taken(candidate.path, [item])
    for char in "".join(lines):
        assert char.isprintable() or unicodedata.category(char) == "Zs", lines


def test_names_stay_whole_on_a_narrow_terminal() -> None:
    name = "Kaamelott.S01E01.FRENCH.1080p.WEB-DL.DDP5.1.x264-A.VERY.LONG.GROUP.mkv"
    screen = Screen(40, "/v", ("/s",))
    folder = "Séries/Kaamelott.S01.COMPLETE.FRENCH.1080p.WEB-DL"
    item = Diagnosis(BadLink(f"/v/Séries/x/{name}", f"/s/{folder}/{name}", f"/s/{folder}/{name}", BROKEN, ""))
    lines = [*screen.link(item, 1, 1), *screen.candidates([Candidate(f"/s/{folder}/{name}", 97.0, "x")], 1, None)]
    assert sum(name in line for line in lines) == 3
    assert all(columns(line) <= 40 or name in line for line in lines), lines


def test_several_roots_are_told_apart() -> None:
    screen = Screen(80, "/v", ("/s", "/t"))
    shown = screen.candidates([Candidate("/s/Films/a.mkv", 97.0, ""), Candidate("/t/Films/a.mkv", 97.0, "")], 1, None)
    assert [line.strip() for line in shown if " in " in line] == ["in /s/Films", "in /t/Films"]


def test_a_nasty_name_is_shown_not_obeyed() -> None:
    screen = Screen(80, "/v", ("/s",))
    [line, *_] = screen.candidates([Candidate(f"/s/Films/{NASTY}", 97.0, "")], 1, 1)
    assert line == "*  1.  a\\x1b]0;owned\\x07\\x1b[2J\\x0ab\\u202ec\ufffd"


@pytest.mark.parametrize(
    ("counts", "left", "text"),
    [
        ({"rules": 0, "hand": 0, "series": 0, "removed": 0}, 3, "Confirmed: nothing; 3 left as they are."),
        ({"rules": 4, "hand": 2, "series": 7, "removed": 1}, 1,
         "Confirmed: 4 certain, 2 by hand, 7 with their series, 1 to delete; 1 left as it is."),
    ],
)  # fmt: skip
def test_the_summary(counts: dict[str, int], left: int, text: str) -> None:
    assert summary(counts, left) == text
