"""Widths on a terminal, and paths that are cut to fit: the name whole, folders in the middle gone first."""

from __future__ import annotations

import io
import os
import pty
import termios
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.output.terminal import Terminal, columns_of, least_columns, padded, shortened_path, terminal_of, wrapped

EPISODE = "Séries/Séries TV/Hôtel Nord (2009)/Saison 02/Hôtel Nord - S02E03.mkv"
CASES = [
    (EPISODE, 0, EPISODE),
    (EPISODE, 200, EPISODE),
    (EPISODE, len(EPISODE), EPISODE),
    (EPISODE, len(EPISODE) - 1, "Séries/…/Hôtel Nord (2009)/Saison 02/Hôtel Nord - S02E03.mkv"),
    (EPISODE, 59, "Séries/…/Saison 02/Hôtel Nord - S02E03.mkv"),
    (EPISODE, 41, "Séries/…/Hôtel Nord - S02E03.mkv"),
    (EPISODE, 31, "…/Hôtel Nord - S02E03.mkv"),
    (EPISODE, 23, "Hôtel Nord - S02E03.mkv"),
    (EPISODE, 22, "Hôtel Nord… S02E03.mkv"),
    ("/mnt/nas/Films/A/x.mkv", 18, "/mnt/…/A/x.mkv"),
    ("/mnt/nas/Films/A/x.mkv", 12, "/mnt/…/x.mkv"),
    ("../../../storage/Films/x.mkv", 20, "…/Films/x.mkv"),
    ("a/b/", 3, "b/"),
    ("aaaa/bbbb/cc/", 8, "…/cc/"),
    ("日本/映画/作品.mkv", 12, "…/作品.mkv"),
    ("plain", 4, "p…in"),
]


@pytest.mark.parametrize(("path", "columns", "shown"), CASES)
def test_paths_are_shortened_in_the_middle(path: str, columns: int, shown: str) -> None:
    assert shortened_path(path, columns) == shown


names = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="/"), min_size=1, max_size=12)


@given(folders=st.lists(names, max_size=5), name=names, columns=st.integers(2, 60), absolute=st.booleans())
def test_what_is_shortened_fits_and_keeps_its_name(folders: list[str], name: str, columns: int, absolute: bool) -> None:
    path = "/" * absolute + "/".join([*folders, name])
    shown = shortened_path(path, columns)
    assert columns_of(shown) <= columns
    if columns_of(name) <= columns:
        assert shown.rpartition("/")[2] == name
    if columns >= least_columns(path):
        assert shown in (path, name) or "…" in shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),
        ("👨‍👩‍👧", 2),
        ("❤️", 2),
        ("Ω", 1),
    ],
)
def test_letters_of_any_script_are_as_wide_as_a_terminal_shows_them(text: str, columns: int) -> None:
    assert columns_of(text) == columns
    assert padded(text, 6) == text + " " * (6 - columns)
    assert padded(text, 6, "<shown>", right=True) == " " * (6 - columns) + "<shown>"


@pytest.mark.parametrize(("columns", "lines"), [(0, 1), (40, 1), (12, 2), (7, 4)])
def test_texts_are_wrapped_between_words(columns: int, lines: int) -> None:
    text = "no file with its numbers"
    found = wrapped(text, columns)
    assert " ".join(found) == text
    assert len(found) == lines
    assert not columns or all(columns_of(line) <= columns for line in found)


@pytest.fixture
def terminal() -> Iterator[int]:
    """Yield the slave of a terminal of 97 columns."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (30, 97))
    yield slave
    os.close(master)
    os.close(slave)


TERMINALS = {
    "as it is": ({"TERM": "xterm"}, Terminal(97, True)),
    "no colour": ({"TERM": "xterm", "NO_COLOR": "1"}, Terminal(97, False)),
    "an empty NO_COLOR is none": ({"TERM": "xterm", "NO_COLOR": ""}, Terminal(97, True)),
    "a dumb one": ({"TERM": "dumb"}, Terminal(97, False)),
    "an unknown one": ({}, Terminal(97, False)),
    "COLUMNS": ({"TERM": "xterm", "COLUMNS": "60"}, Terminal(60, True)),
    "COLUMNS that say nothing": ({"TERM": "xterm", "COLUMNS": "0"}, Terminal(97, True)),
}


@pytest.mark.parametrize("case", TERMINALS)
def test_a_terminal_is_asked_for_its_width_and_the_environment_for_colours(case: str, terminal: int) -> None:
    environment, expected = TERMINALS[case]
    with os.fdopen(os.dup(terminal), "wb") as out:
        assert terminal_of(out, environment) == expected


def test_what_is_no_terminal_has_neither_limits_nor_colours() -> None:
    environment = {"TERM": "xterm", "COLUMNS": "60"}
    assert terminal_of(io.BytesIO(), environment) == Terminal(0, False)
    with open(os.devnull, "wb") as out:
        assert terminal_of(out, environment) == Terminal(0, False)
    assert terminal_of(out, environment) == Terminal(0, False)  # closed


def test_a_terminal_that_does_not_know_its_width_has_eighty_columns(terminal: int) -> None:
    termios.tcsetwinsize(terminal, (0, 0))
    with os.fdopen(os.dup(terminal), "wb") as out:
        assert terminal_of(out, {"TERM": "xterm"}).width == 80


def test_colours_stand_around_the_text_and_never_around_nothing() -> None:
    assert Terminal(80, True).paint("x", "new") == "\x1b[32mx\x1b[0m"
    assert Terminal(80, True).paint("", "new") == ""
    assert Terminal(80, False).paint("x", "new") == "x"
    assert Terminal(80, True).paint_path("a/b", "new") == "\x1b[2ma/\x1b[0m\x1b[32mb\x1b[0m"
