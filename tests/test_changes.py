"""Changes and findings as JSON: any bytes round-trip, and what is no change is refused with a reason."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg import paths
from cineorg.changes import (
    Candidate,
    Change,
    ChangeError,
    MakeDir,
    Move,
    Relink,
    RemoveDir,
    RemoveLink,
    SetFilePath,
    Unresolved,
    change_from_json,
    change_row,
)
from cineorg.findings import Finding, offline_finding, unreadable_finding

any_path = st.binary(min_size=1, max_size=255).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)
evidence = st.binary(max_size=60).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)
score = st.none() | st.floats(0, 100) | st.integers(0, 100)
# What each field of a change may hold; a new kind of change is tried as soon as `Change` knows it.
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "path": any_path,
    "target": any_path,
    "old_target": any_path,
    "new_target": any_path,
    "new_path": any_path,
    "table": st.sampled_from(["movies", "episodes"]),
    "id": st.integers(1, 2**63 - 1),
    "old": st.none() | any_path,
    "new": st.none() | any_path,
    "score": score,
    "evidence": evidence,
    "if_broken": st.booleans(),
    "keep": st.just("") | any_path,
    "size": st.none() | st.integers(0, 2**62),
    "mtime_ns": st.none() | st.integers(-(2**62), 2**62),
}
KINDS: dict[str, type[Change]] = {kind.op: kind for kind in get_args(Change)}
RELINK = {"op": "relink", "path": "/video/a", "old_target": "b", "new_target": "c"}
SET = {"op": "set_file_path", "table": "movies", "id": 1, "old": None, "new": "/storage/a"}


def through_json(row: dict[str, Any]) -> Any:
    """Return the row as someone who reads a line of `--jsonl` gets it."""
    return json.loads(json.dumps(paths.json_fields(row), ensure_ascii=False).encode("utf-8"))


def test_every_op_of_the_contract_is_tried() -> None:
    assert set(KINDS) >= {"relink", "move", "remove_link", "make_dir", "remove_dir", "set_file_path"}


def drawn(data: st.DataObject, kind: type[Change]) -> Change:
    """Return any change of this kind."""
    return kind(**{item.name: data.draw(FIELDS[item.name], item.name) for item in fields(kind)})


@pytest.mark.parametrize("op", KINDS)
@given(data=st.data())
def test_every_change_round_trips_any_bytes(op: str, data: st.DataObject) -> None:
    change = drawn(data, KINDS[op])
    row = through_json(change_row(change))
    assert row["op"] == op
    assert change_from_json(row) == change


@pytest.mark.parametrize("op", KINDS)
@given(data=st.data())
def test_status_and_reason_do_not_change_the_change(op: str, data: st.DataObject) -> None:
    change = drawn(data, KINDS[op])
    row = change_row(change, status="failed", reason="no space left")
    assert (row["status"], row["reason"]) == ("failed", "no space left")
    assert change_from_json(through_json(row)) == change


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (Relink("/a", "b", "c", 100.0), "op path old_target new_target score evidence status"),
        (Relink("/a", "b", "c", 0), "op path old_target new_target score evidence status"),
        (Relink("/a", "b", "c"), "op path old_target new_target evidence status"),
        (Move("/a", "/b"), "op path new_path evidence status"),
        (RemoveLink("/a", "b"), "op path old_target evidence status"),
        (RemoveLink("/a", "b", if_broken=True), "op path old_target evidence if_broken status"),
        (RemoveLink("/a", "b", keep="/c"), "op path old_target evidence keep status"),
        (MakeDir("/a"), "op path evidence status"),
        (RemoveDir("/a"), "op path evidence status"),
        (SetFilePath("movies", 1, None, "/a"), "op table id old new evidence status"),
    ],
)
def test_rows_have_the_contracts_fields_in_its_order(change: Change, keys: str) -> None:
    assert " ".join(change_row(change)) == keys


def test_exact_bytes_win_over_their_readable_twin() -> None:
    row = {**RELINK, "path": "/video/caf\ufffd", "path_b64": paths.encode_b64("/video/caf\udce9")}
    assert change_from_json(row) == Relink("/video/caf\udce9", "b", "c")


def test_exact_bytes_alone_are_enough() -> None:
    row = {"op": "make_dir", "path_b64": paths.encode_b64("/video/\udce9")}
    assert change_from_json(row) == MakeDir("/video/\udce9")


def test_other_keys_are_ignored() -> None:
    annotated = {**RELINK, "note": "checked by me", "status": "done"}
    assert change_from_json(annotated) == Relink("/video/a", "b", "c")


def test_a_row_may_lose_its_path() -> None:
    assert change_from_json({**SET, "new": None}) == SetFilePath("movies", 1, None, None)


@pytest.mark.parametrize("field", ["path", "old_target", "new_target"])
def test_a_missing_field_is_named(field: str) -> None:
    row = {key: value for key, value in RELINK.items() if key != field}
    with pytest.raises(ChangeError, match=f"relink: the field '{field}' is missing"):
        change_from_json(row)


@pytest.mark.parametrize("op", [None, "", "delete", 3, ["relink"], {}])
def test_an_unknown_op_is_refused_with_those_that_are_known(op: Any) -> None:
    with pytest.raises(ChangeError, match=r"unknown op .*relink, move"):
        change_from_json({**RELINK, "op": op})
    with pytest.raises(ChangeError, match="unknown op"):
        change_from_json({"type": "summary", "complete": True})


@pytest.mark.parametrize("value", ["", "a\0b", None, 3, True, ["/a"], {"path": "/a"}])
@pytest.mark.parametrize("field", ["path", "old_target", "new_target"])
def test_a_path_must_be_one(field: str, value: Any) -> None:
    with pytest.raises(ChangeError, match=f"relink: the field '{field}' cannot be"):
        change_from_json({**RELINK, field: value})


@pytest.mark.parametrize("raw", [b"", b"a\0b"])
def test_exact_bytes_must_be_a_path_too(raw: bytes) -> None:
    with pytest.raises(ChangeError, match="the field 'path' cannot be"):
        change_from_json({**RELINK, "path_b64": paths.encode_b64(os.fsdecode(raw))})


@pytest.mark.parametrize("encoded", ["a", "!!!!", "é", 3, ["L2E="], {}])
def test_what_is_not_base64_is_refused_rather_than_left_out(encoded: Any) -> None:
    with pytest.raises(ChangeError, match="relink: path_b64 is not base64"):
        change_from_json({**RELINK, "path_b64": encoded})


@pytest.mark.parametrize("value", [None, "1", 1.0, True, [1]])
def test_an_id_must_be_a_whole_number(value: Any) -> None:
    with pytest.raises(ChangeError, match="set_file_path: the field 'id' cannot be"):
        change_from_json({**SET, "id": value})


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_a_condition_is_true_or_false(value: Any) -> None:
    with pytest.raises(ChangeError, match="relink: the field 'if_broken' cannot be"):
        change_from_json({**RELINK, "if_broken": value})


@pytest.mark.parametrize("value", ["90", True, [90]])
def test_a_score_must_be_a_number(value: Any) -> None:
    with pytest.raises(ChangeError, match="relink: the field 'score' cannot be"):
        change_from_json({**RELINK, "score": value})


@pytest.mark.parametrize("table", ["sqlite_master", "movies; DROP TABLE movies", "Movies"])
def test_only_the_known_tables_can_be_changed(table: str) -> None:
    with pytest.raises(ChangeError, match="movies and episodes"):
        change_from_json({**SET, "table": table})


def test_changes_are_plain_values() -> None:
    change = Relink("/a", "b", "c")
    assert change == Relink("/a", "b", "c")
    assert len({change, Relink("/a", "b", "c")}) == 1
    with pytest.raises(AttributeError):
        change.path = "/b"  # type: ignore[misc]


def test_every_field_of_a_change_is_in_its_row() -> None:
    change = Relink("/a", "b", "c", 90.0, "same size", if_broken=True, size=1, mtime_ns=2)
    assert {item.name for item in fields(change)} < set(change_row(change))


def test_an_unresolved_row_is_the_contracts() -> None:
    row = Unresolved("/a", "b", "two fit", (Candidate("/c", 71.5, "same title"),)).row()
    assert list(row) == ["path", "target", "reason", "candidates"]
    assert row["candidates"] == [{"path": "/c", "score": 71.5, "evidence": "same title"}]
    assert list(row["candidates"][0]) == ["path", "score", "evidence"]


def test_a_finding_row_has_its_own_fields_last() -> None:
    row = Finding("broken_symlink", "/a", "gone", {"target": "b", "candidate": None}).row()
    assert list(row.items()) == [
        ("type", "broken_symlink"),
        ("path", "/a"),
        ("details", "gone"),
        ("target", "b"),
        ("candidate", None),
    ]


def test_what_could_not_be_judged_says_why() -> None:
    assert offline_finding("/a", "empty", "the root is empty", target="b").row() == {
        "type": "offline_target",
        "path": "/a",
        "details": "the root is empty",
        "target": "b",
        "reason": "empty",
    }
    row = unreadable_finding("/a", "Permission denied").row()
    assert (row["type"], row["reason"]) == ("unreadable", "Permission denied")
    assert "Permission denied" in row["details"]
