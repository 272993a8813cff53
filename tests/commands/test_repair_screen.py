"""What a session shows: safe for any terminal, folders shortened in the middle, names whole."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.changes import Candidate
from cineorg.commands.repair_screen import Screen, summary
from cineorg.output.terminal import columns_of
from cineorg.repair.diagnosis import Diagnosis
from cineorg.trees.links import BROKEN, BadLink

NASTY = "a\x1b]0;owned\x07\x1b[2J\nb\u202ec\udcff"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_help_fits_the_terminal(width: int) -> None:
    lines = Screen(width, "/v", ("/s",)).help()
    assert max(map(len, lines)) <= width
    said = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert said == ["Enter", "s", "S", "/title", "m", "d", "u", "q", "Ctrl-C"]


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
    assert all(columns_of(line) <= 40 or name in line for line in lines), lines


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
