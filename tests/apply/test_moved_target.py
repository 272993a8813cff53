"""What a relative link must say elsewhere: the kernel is asked whether it reaches the same file."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cineorg.apply.preparation import moved_target


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("/abs/f", "a/x", "b/x", "/abs/f"),
        ("../../s/f", "a/b/x", "c/x", "../../s/f"[3:]),
        ("../../s/f", "a/x", "b/x", "../../s/f"),
        ("../s/f", "x", "a/b/x", "../../../s/f"),
        ("f", "a/x", "a/y", "f"),
        ("f", "a/x", "b/x", "../a/f"),
        ("../b/f", "a/x", "b/x", "f"),
        ("../b/c/../f", "a/x", "b/x", "c/../f"),
        ("./../../s//f/", "a/x", "x", "../s//f/"),
        ("..", "a/b/x", "x", "a"),
        (".", "a/x", "a/b/x", ".."),
        ("..", "a/x", "x", "."),
    ],
)
def test_by_example(text, old, new, expected):
    assert moved_target(text, old.split("/"), new.split("/")) == expected


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A video root two deep, with a linked folder outside it that makes `..` on paper wrong."""
    base = tmp_path_factory.mktemp("moved")
    for folder in ("real/deep/v/a/b", "real/deep/v/a/c", "real/deep/v/d", "real/deep/s/t", "other/w"):
        os.makedirs(base / folder)
    os.symlink(base / "other/w", base / "real/deep/s/l")
    for folder, _, _ in list(os.walk(base)):
        open(os.path.join(folder, "f"), "w", encoding="utf-8").close()
    os.symlink(base / "real/deep/v", base / "alias")
    return base


FOLDERS = st.sampled_from([[], ["a"], ["a", "b"], ["a", "c"], ["d"]])
PARTS = st.sampled_from(["..", ".", "", "a", "b", "c", "d", "f", "s", "t", "l", "deep", "v", "real"])


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=7), FOLDERS, FOLDERS, st.sampled_from(["alias", "real/deep/v"]))
def test_it_reaches_the_same_file(tree, parts, old, new, root):
    text = "/".join(parts)
    if not text or text.startswith("/"):
        return
    moved = moved_target(text, [*old, "x"], [*new, "x"])
    root = os.path.join(tree, root)
    before, after = reached(os.path.join(root, *old), text), reached(os.path.join(root, *new), moved)
    assert before == after or before is None


def reached(folder, text):
    try:
        found = os.stat(os.path.join(folder, text))
    except OSError:
        return None
    return found.st_ino
