"""The table: grouped, counted, limited, relative to the roots, whole, and nothing steers the terminal."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest

from cineorg.output import ReportShape
from cineorg.output.table import TableFormat

SHAPE = ReportShape(
    "cleanup",
    ("issues", "unresolved"),
    ("type", "path"),
    ("/video", "/storage"),
    titles={"broken_symlink": "Broken links"},
)
EMPTY = {"issues": [], "unresolved": [], "complete": True, "summary": {"total": 0}}


def shown(*rows: Mapping[str, Any], shape: ReportShape = SHAPE, name: str = "issues", **frame: Any) -> list[str]:
    out = io.BytesIO()
    writer = TableFormat().open(out, shape)
    for row in rows:
        writer.row(name, row)
    writer.finish({**EMPTY, **frame})
    text = out.getvalue().decode()
    assert text.endswith("\n")
    return text.removesuffix("\n").split("\n")


def broken(path: str, **fields: Any) -> dict[str, Any]:
    return {"type": "broken_symlink", "path": path, "details": "", **fields}


def test_rows_are_grouped_in_the_order_in_which_kinds_first_came() -> None:
    lines = shown(broken("/video/b"), {"type": "empty_dir", "path": "/video/d"}, broken("/video/a"))
    assert lines == [
        "2 broken links",
        "  b",
        "  a",
        "",
        "1 empty dir",
        "  d",
        "",
        "Summary: total 0",
    ]


@pytest.mark.parametrize(("limit", "rows", "left_out"), [(2, 2, 3), (0, 5, 0), (5, 5, 0), (4, 4, 1)])
def test_limit_holds_for_each_kind_and_says_what_it_left_out(limit: int, rows: int, left_out: int) -> None:
    shape = ReportShape("cleanup", ("issues",), ("type", "path"), ("/video",), limit=limit)
    issues = [{"type": kind, "path": f"/video/{kind}{number}"} for kind in ("x", "y") for number in range(5)]
    lines = shown(*issues, shape=shape)
    for kind, plural in (("x", "xes"), ("y", "ies")):
        assert [line for line in lines if line.startswith(f"  {kind}")] == [
            f"  {kind}{number}" for number in range(rows)
        ]
        assert f"5 {plural}" in lines
    notes = [line for line in lines if "more" in line]
    assert notes == ([f"… and {left_out} more (--limit 0)"] * 2 if left_out else [])


def test_of_what_is_newest_the_last_rows_are_shown() -> None:
    shape = ReportShape("history", ("batches",), ("type",), (), limit=2, newest=True)
    lines = shown(*({"type": "batch", "id": number} for number in range(1, 2001)), shape=shape, name="batches")
    assert lines[:4] == ["2 000 batches", "… 1 998 earlier (--limit 0)", "    id", "  1999"]


def test_numbers_have_a_blank_before_each_three_digits() -> None:
    lines = shown(*[broken("/video/a", n=n) for n in range(3901)], summary={"total": 3901, "files": 1234567, "gone": 0})
    assert lines[0] == "3 901 broken links"
    assert lines[-3] == "… and 3 851 more (--limit 0)"
    assert lines[-1] == "Summary: total 3 901, files 1 234 567"


def test_columns_are_the_rows_own_without_those_that_are_empty() -> None:
    lines = shown(
        broken("/video/a", target="/storage/x", candidate=None, remove=[], score=0),
        broken("/video/b", target="", evidence="same size"),
    )
    assert lines[1].split() == ["path", "target", "score", "evidence"]


def test_a_row_without_fields_is_counted() -> None:
    assert shown({"type": "odd"}) == ["1 odd", "", "Summary: total 0"]


def test_titles_that_look_like_numbers_stay_as_they_are() -> None:
    names = ("1917", "1e5", "007", "2.50", "nan")
    lines = shown(*(broken(f"/video/{name}", target=name) for name in names))
    assert [line.split() for line in lines[2:7]] == [[name, name] for name in names]


def test_numbers_stand_to_the_right_and_texts_to_the_left() -> None:
    lines = shown(broken("/video/a", score=100, note="x"), broken("/video/b", score=5, note="long"))
    assert lines[1:4] == ["  path  score  note", "  a       100  x", "  b         5  long"]


def test_paths_are_relative_to_their_root_in_every_field() -> None:
    row = broken("/video/Films/a", target="/storage/b/c", keep="../d", remove=["/video/e", "/elsewhere/f"])
    assert shown(row)[2].split() == ["Films/a", "b/c", "../d", "e,", "/elsewhere/f"]


def test_no_path_is_wrapped_or_cut_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    long = "/".join(["x" * 255] * 16)
    assert shown(broken("/video/" + long, target=long))[2] == f"  {long}  {long}"


def test_blanks_at_the_ends_of_a_name_are_visible() -> None:
    assert shown(broken("/video/ a b  "))[1] == "  \\x20a b\\x20\\x20"
    assert shown(broken(" "))[1] == "  \\x20"


@pytest.mark.parametrize(
    "row",
    [
        broken("/video/\x1b[31m"),
        broken("/video/a", remove=["\x1b[31m"]),
        broken("/video/a", ranges=[{"\x1b[31m": "\x1b[31m"}]),
        broken("/video/a", plugin={"name": "\x1b[31m\x9b"}),
        {"type": "\x1b[31m", "path": "a"},
        {"type": "x", "\x1b[31m": "a"},
    ],
)
def test_no_part_of_a_row_steers_the_terminal(row: dict[str, Any]) -> None:
    text = "\n".join(shown(row))
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "[31m" in text


def test_no_part_of_the_frame_steers_the_terminal() -> None:
    lines = shown(
        summary={"\x1b[1m": "\x1b[2m"},
        suggestions=["\x1b[3m"],
        errors=[{"plugin": "\x1b[4m", "error": "\x1b[5m\nx"}],
    )
    assert len(lines) == 4
    assert [mark for mark in "12345" if f"\\x1b[{mark}m" in "".join(lines)] == list("12345")
    assert "\x1b" not in "".join(lines)


def unresolved(count: int) -> dict[str, Any]:
    candidates = [
        {"path": f"/storage/c{number}", "score": 90.5 - number, "evidence": f"title {number}"}
        for number in range(count)
    ]
    return {"path": "/video/u", "target": "/gone/x", "reason": "two files fit", "candidates": candidates}


def test_unresolved_rows_show_reason_and_candidates() -> None:
    assert shown(unresolved(2), name="unresolved") == [
        "1 unresolved case",
        "./",
        "  u",
        "    → /gone/x",
        "    two files fit",
        "     90.5  c0  title 0",
        "     89.5  c1  title 1",
        "",
        "Summary: total 0",
    ]


def test_unresolved_rows_show_five_candidates_at_most() -> None:
    lines = shown(unresolved(7), name="unresolved")
    assert [line.split()[1] for line in lines[5:10]] == ["c0", "c1", "c2", "c3", "c4"]
    assert lines[10] == "    … and 2 more candidates"
    assert not any("more" in line for line in shown(unresolved(5), name="unresolved"))


def test_an_empty_report_is_one_line() -> None:
    assert shown() == ["Nothing found."]
    assert shown(summary={"total": 0, "ghost_entries": 0}) == ["Nothing found."]


def test_an_empty_report_still_says_what_was_not_looked_at() -> None:
    assert shown(complete=False) == [
        "Nothing found.",
        "Incomplete: not everything could be looked at or done.",
    ]


def test_an_empty_report_still_shows_what_was_counted() -> None:
    assert shown(summary={"files": 7, "gone": 0}) == ["Nothing found.", "Summary: files 7"]


def test_a_plan_without_changes_says_so() -> None:
    assert shown(changes=[]) == ["Nothing to change."]


def test_the_end_says_what_it_comes_to_and_what_to_try() -> None:
    lines = shown(
        broken("/video/a"),
        complete=False,
        dry_run=True,
        summary={"total": 1, "broken_symlinks": 1},
        errors=[{"plugin": "subtitles", "error": "left out: no such key"}],
        suggestions=["cineorg repair-links --auto", "cineorg scan"],
    )
    assert lines[3:] == [
        "Summary: total 1, broken symlinks 1",
        "Incomplete: not everything could be looked at or done.",
        "Dry run: nothing was changed.",
        "Plugin subtitles: left out: no such key",
        "Try: cineorg repair-links --auto",
        "Try: cineorg scan",
    ]


def test_what_to_type_next_stands_where_nothing_else_is_suggested() -> None:
    shape = ReportShape("undo", ("issues",), ("type",), (), next_commands=("cineorg undo 2 --dry-run",))
    assert shown(broken("a"), shape=shape)[-1] == "Try: cineorg undo 2 --dry-run"
    assert shown(broken("a"), shape=shape, suggestions=["cineorg scan"])[-1] == "Try: cineorg scan"


def test_what_all_rows_of_a_kind_say_stands_in_the_heading() -> None:
    rows = [broken(f"/video/{name}", details="no such file", score=90.0, note="x") for name in "ab"]
    assert shown(*rows)[:4] == ["2 broken links: no such file, score 90", "  path  note", "  a     x", "  b     x"]
    rows[1]["details"] = "a loop"
    assert shown(*rows)[:2] == ["2 broken links: score 90", "  path  details       note"]
    # One row says for itself what it has to say.
    assert shown(rows[0])[:2] == ["1 broken link", "  path  details       score  note"]


def test_the_heading_says_nothing_that_holds_for_the_rows_shown_alone() -> None:
    shape = ReportShape("cleanup", ("issues",), ("type",), (), limit=2)
    rows = [broken(str(number), details="a loop" if number == 9 else "gone") for number in range(10)]
    assert shown(*rows, shape=shape)[:3] == ["10 broken symlinks", "  path  details", "  0     gone"]


def test_a_drawing_stands_below_its_row() -> None:
    shape = ReportShape(
        "cleanup", ("issues",), ("type",), ("/video",), drawings={"empty_dir": lambda row: [f"├ {row['n']}", "└ \x1b"]}
    )
    rows = [{"type": "empty_dir", "path": f"/video/{n}", "n": n} for n in (1, 2)]
    assert shown(*rows, broken("c"), shape=shape)[:10] == [
        "2 empty dirs",
        "  path  n",
        "  1     1",
        "    ├ 1",
        "    └ \\x1b",
        "  2     2",
        "    ├ 2",
        "    └ \\x1b",
        "",
        "1 broken symlink",
    ]


def test_a_record_has_a_field_a_line() -> None:
    shape = ReportShape("explain", ("link",), ("type",), ("/video",), records=("link",))
    row = {
        "type": "link",
        "path": "/video/a/b",
        "first_seen": "2026-01-31 20:15:00.123456",
        "reason": "",
        "state": "ok",
    }
    assert shown(row, shape=shape, name="link")[:4] == [
        "link",
        "  path        a/b",
        "  first seen  2026-01-31 20:15:00",
        "  state       ok",
    ]


def test_a_complete_report_does_not_say_incomplete() -> None:
    assert not any("ncomplete" in line for line in shown(broken("/video/a")))


def test_only_the_rows_that_will_be_shown_are_kept() -> None:
    shape = ReportShape("cleanup", ("issues",), ("type",), (), limit=3)
    writer = TableFormat().open(io.BytesIO(), shape)
    for number in range(1000):
        writer.row("issues", broken(str(number)))
    assert sum(len(group.rows) for _, group in writer._groups) == 3
