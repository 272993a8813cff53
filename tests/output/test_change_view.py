"""Changes as people review them: by folder, before → after, each reason once, and no line wider than the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cineorg.output.change_view import ChangeView
from cineorg.output.grid import Grid
from cineorg.output.terminal import Terminal, columns_of

ROOTS = ("/storage", "/video")
WIDE, NARROW = Terminal(), Terminal(60)


def lines(kind: str, *rows: dict[str, Any], terminal: Terminal = WIDE, common: tuple[str, ...] = ()) -> list[str]:
    return list(ChangeView(terminal, ROOTS, common).lines(kind, rows))


def relink(path: str, old: str, new: str, **fields: Any) -> dict[str, Any]:
    return {"op": "relink", "path": path, "old_target": old, "new_target": new, "status": "planned", **fields}


def test_relinks_stand_below_their_folder() -> None:
    rows = [
        relink("/video/Films/A/x.mkv", "/storage/Films/old.mkv", "/storage/New/new.mkv", evidence="same title, 1927"),
        relink("/video/Films/B/y.mkv", "/storage/Films/y.mkv", "/storage/Films/N/y.mkv", score=97.5, evidence="size"),
    ]
    assert lines("relink", *rows) == [
        "Films/A/",
        "  x.mkv",
        "    Films/old.mkv → New/new.mkv",
        "    same title, 1927",
        "Films/B/",
        "  y.mkv",
        "    Films/ → Films/N/y.mkv",
        "    97.5  size",
    ]


def test_a_season_that_was_moved_is_one_name_below_its_folders() -> None:
    row = {"path": "/storage/Lost S02/", "new_path": "/storage/Lost/Saison 02/S02E01-E12 (12 episodes)"}
    assert lines("move", row) == ["Lost S02/ → Lost/Saison 02/", "  S02E01-E12 (12 episodes)"]


BEFORE_AFTER = [
    ("/storage/a/x", "/storage/b/x", "a/ → b/x"),
    ("/storage/a/x", "/storage/a/y", "x → a/y"),
    ("/storage/a/x", "/storage/b/y", "a/x → b/y"),
    ("/storage/a/x", "../../storage/a/x", "/storage/a/x → ../../storage/a/x"),
    ("../../storage/a/x", "/storage/a/x", "../../storage/a/x → /storage/a/x"),
    ("/elsewhere/x", "/storage/b/x", "/elsewhere/ → b/x"),
    ("x", "y", "x → y"),
    (None, "/storage/a/x", "→ a/x"),
    ("/storage/a/x", None, "a/x → nothing"),
    ("/storage/a/\x1b", "/storage/b/ ", "a/\\x1b → b/\\x20"),
]


@pytest.mark.parametrize(("old", "new", "shown"), BEFORE_AFTER)
def test_before_and_after(old: str | None, new: str | None, shown: str) -> None:
    row = {"op": "set_file_path", "table": "movies", "id": 7, "old": old, "new": new, "status": "planned"}
    assert lines("set_file_path", row) == ["movies", f"  7  {shown}"]


def test_before_and_after_are_two_lines_where_one_is_too_narrow() -> None:
    row = relink("/video/Films/x.mkv", f"/storage/Films/{'a' * 30}.mkv", f"/storage/{'Folder/' * 8}{'b' * 40}.mkv")
    assert lines("relink", row, terminal=NARROW)[2:] == [
        f"    Films/{'a' * 30}.mkv",
        f"    → Folder/…/{'b' * 40}.mkv",
    ]


def test_a_reason_of_rows_that_follow_one_another_is_said_once() -> None:
    rows = [
        {
            "op": "set_file_path",
            "table": "movies",
            "id": number,
            "old": None,
            "new": f"/storage/{number}",
            "evidence": why,
        }
        for number, why in [(9, "title"), (10, "title"), (11, "words")]
    ]
    assert lines("set_file_path", *rows) == [
        "movies",
        "  2 rows: title",
        "     9  → 9",
        "    10  → 10",
        "  11  → 11",
        "    words",
    ]
    assert lines("set_file_path", *rows, common=("evidence",)) == ["movies", "   9  → 9", "  10  → 10", "  11  → 11"]


def test_moves_stand_below_both_folders_and_a_new_name_beside_the_old_one() -> None:
    rows = [
        {"op": "move", "path": f"/video/A/{name}", "new_path": f"/video/A/B/{new}"}
        for name, new in [("x", "x"), ("y", "z")]
    ]
    assert lines("move", *rows) == ["A/ → A/B/", "  x", "  y", "    → z"]
    long = {"op": "move", "path": f"/video/{'A' * 40}/x", "new_path": f"/video/{'A' * 40}/B/x"}
    assert lines("move", long, terminal=NARROW) == [f"{'A' * 40}/", f"→ {'A' * 40}/B/", "  x"]


def test_moves_between_two_folders_stand_together_although_others_lie_between_them() -> None:
    rows = [
        {"op": "move", "path": f"/video/A/{name}", "new_path": f"/video/A/{shelf}/{name}", "evidence": "sorted"}
        for name, shelf in [("Cid", "A-F"), ("La Mer", "M-Z"), ("Le Bal", "A-F"), ("Le Roi", "M-Z")]
    ]
    assert lines("move", *rows) == [
        "A/ → A/A-F/",
        "  2 entries: sorted",
        "    Cid",
        "    Le Bal",
        "A/ → A/M-Z/",
        "  2 entries: sorted",
        "    La Mer",
        "    Le Roi",
    ]


def test_folders_of_several_files_are_said_once_and_only_new_names_beside_them() -> None:
    rows = [
        relink(
            "/video/Films/A/x.mkv", "/storage/Films/x.mkv", "/storage/New/x.mkv", score=100.0, evidence="same inode"
        ),
        relink(
            "/video/Films/A/y.mkv", "/storage/Films/y.mkv", "/storage/New/z.mkv", score=100.0, evidence="same inode"
        ),
        relink("/video/Films/A/z.mkv", "/storage/Films/z.mkv", "/storage/New/z.mkv", score=98.0, evidence="by name"),
    ]
    assert lines("relink", *rows) == [
        "Films/A/",
        "  2 links: 100, same inode",
        "  Films/ → New/",
        "    x.mkv",
        "    y.mkv",
        "      → z.mkv",
        "  z.mkv",
        "    Films/ → New/z.mkv",
        "    98  by name",
    ]


def test_what_several_share_stands_above_them_and_they_stand_deeper() -> None:
    why = "same size and mtime, same inode as at the scan of 2026-11-27T22:41:50+00:00"
    rows = [relink(f"/video/A/{name}", f"/gone/{name}", f"/storage/{name}", evidence=why) for name in "xy"]
    shown = lines("relink", *rows, terminal=Terminal(44))
    group = [line for line in shown if line.startswith(("  2 links: ", " " * 11))]
    assert " ".join(line.strip() for line in group).startswith("2 links: same size and mtime, same inode as")
    assert shown[-2:] == ["    x", "    y"]
    assert shown[0] == "A/"


def test_folders_stay_in_the_order_in_which_they_are_made() -> None:
    paths = ["/video/A/B", "/video/C", "/video/A/B/D", "/video/A/E"]
    rows = [{"op": "make_dir", "path": path, "evidence": "needed"} for path in paths]
    assert lines("make_dir", *rows, common=("evidence",)) == ["  A/B/", "  C/", "  A/B/D/", "  A/E/"]


def test_folders_and_removed_links() -> None:
    assert lines("make_dir", {"op": "make_dir", "path": "/video/A/B"}, {"op": "make_dir", "path": "/video/C"}) == [
        "  A/B/",
        "  C/",
    ]
    row = {"op": "remove_link", "path": "/video/A/x", "old_target": "/storage/x", "evidence": "a second link"}
    assert lines("remove_link", row) == ["A/", "  x", "    → x", "    a second link"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("planned", None),
        ("done", None),
        ("pending", None),
        ("failed", "failed: disk full"),
        ("skipped", "skipped: disk full"),
    ],
)
def test_only_what_was_not_done_is_told(status: str, said: str | None) -> None:
    row = relink("/video/x", "/storage/a", "/storage/b", reason="disk full") | {"status": status}
    assert lines("relink", row)[3:] == ([f"    {said}"] if said else [])


names = st.text("aé日\u0301.", min_size=1, max_size=30)


folders = st.lists(names, max_size=4)


@given(shared=folders, old=names, new=names, end=folders, width=st.integers(40, 90))
def test_the_part_of_a_path_that_changed_can_be_read(
    shared: list[str], old: str, new: str, end: list[str], width: int
) -> None:
    assume(old != new)
    paths = ["/storage/" + "/".join([*shared, changed, *end, "film.mkv"]) for changed in (old, new)]
    row = {"op": "move", "path": paths[0], "new_path": paths[1]}
    *places, name = lines("move", row, terminal=Terminal(width))
    before, _, after = "".join(places).partition("→ ")
    assert before.strip() != after
    assert name == "  film.mkv"


CHANGES = ("relink", "move", "remove_link", "make_dir", "set_file_path", "unresolved")
paths = st.lists(st.text("aé日\u0301 .", min_size=1, max_size=24), min_size=1, max_size=5).map(
    lambda parts: "/video/" + "/".join(parts)
)
rows = st.fixed_dictionaries(
    dict.fromkeys(["path", "old_target", "new_target", "new_path", "old", "new", "target"], paths),
    optional={"evidence": st.text("a b", max_size=90), "reason": st.text("a b", max_size=90), "size": st.integers(0)},
)  # fmt: skip


@given(kind=st.sampled_from((*CHANGES, "")), items=st.lists(rows, max_size=4), width=st.integers(40, 130))
def test_no_line_is_wider_than_the_terminal(kind: str, items: list[dict[str, Any]], width: int) -> None:
    items = [item | {"candidates": [{"path": item["new"], "score": 60.5, "evidence": "why"}]} for item in items]
    terminal = Terminal(width)
    shown = (
        ChangeView(terminal, ROOTS).lines(kind, items)
        if kind
        else Grid(terminal, ROOTS).lines([{key: item[key] for key in item if key != "candidates"} for item in items])
    )
    assert [line for line in shown if columns_of(line) > width] == []
