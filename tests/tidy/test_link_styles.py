"""Texts of links, worked out on paper."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.trees.link_text import absolute_text, in_style_of, is_chosen, relative_text

FOLDER = "/v/Films/Drame"
PARTS = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=5).filter(
    lambda part: part not in (".", "..")
)
PATHS = st.lists(PARTS, min_size=1, max_size=6).map(lambda parts: "/" + "/".join(parts))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/s/f.mkv", "/s/f.mkv"),
        ("//s/./f.mkv", "/s/f.mkv"),
        ("f.mkv", "/v/Films/Drame/f.mkv"),
        ("./f.mkv", "/v/Films/Drame/f.mkv"),
        ("../../../s/f.mkv", "/s/f.mkv"),
        ("../../../../../s/f.mkv", "/s/f.mkv"),
        ("../Action/../f.mkv", "/v/Films/f.mkv"),  # Action is known to be no link
        ("../Other/../f.mkv", None),
        ("/s/x/../f.mkv", None),
        ("/v/../s/f.mkv", "/s/f.mkv"),  # above the link's own folder nothing is a link
        ("..", "/v/Films"),
    ],
)
def test_absolute(target: str, expected: str | None) -> None:
    assert absolute_text(FOLDER, target, {"/v/Films/Action"}.__contains__) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/s/f.mkv", "../../../s/f.mkv"),
        ("/v/Films/Drame/f.mkv", "f.mkv"),
        ("/v/Films/Action/f.mkv", "../Action/f.mkv"),
        ("/v/Films/Drame", "."),
        ("/v/Films/Drame2/f", "../Drame2/f"),
    ],
)
def test_relative(path: str, expected: str) -> None:
    assert relative_text(FOLDER, path) == expected
    assert in_style_of("../x", FOLDER, path) == expected
    assert in_style_of("/x", FOLDER, path) == path


@given(PATHS, PATHS)
def test_relative_and_back(folder: str, path: str) -> None:
    text = relative_text(folder, path)
    assert absolute_text(folder, text, lambda _: False) == path
    assert os.path.normpath(f"{folder}/{text}") == os.path.normpath(path)


def test_chosen() -> None:
    assert is_chosen("/v/a", ())
    assert is_chosen("/v/a/b", ("/w", "/v/a"))
    assert not is_chosen("/v/ab", ("/v/a",))
