"""JSON and JSON lines: the contract's keys in its order, exact bytes beside readable text, nothing cut."""

from __future__ import annotations

import io
import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cineorg import paths
from cineorg.output import ReportShape
from cineorg.output.json_document import JsonFormat
from cineorg.output.jsonl import JsonlFormat

SHAPE = ReportShape("repair-links", ("changes", "unresolved"), ("op", "path"), ("/video",))
DOCUMENT: dict[str, Any] = {
    "command": "repair-links",
    "version": "0.1.0",
    "checked_at": "2026-01-31T20:15:00+00:00",
    "library": {"storage": ["/storage/caf\udce9", "/other"], "video": "/video", "db": "/db"},
    "complete": False,
    "dry_run": True,
    "batch": None,
    "summary": {"total": 2, "done": 1, "unresolved": 1},
    "changes": [],
    "unresolved": [],
    "suggestions": ["cineorg scan --accept '/storage/caf\udce9'"],
}
CHANGE = {"op": "relink", "path": "/video/\udcff", "old_target": "a", "new_target": "b", "score": 71.5}
UNRESOLVED = {
    "path": "/video/u",
    "target": "../gone\udcff",
    "reason": "two files fit",
    "candidates": [{"path": "/storage/\udcfe", "score": 88, "evidence": "same title"}],
}


def document(*rows: tuple[str, dict[str, Any]]) -> Any:
    out = io.BytesIO()
    writer = JsonFormat().open(out, SHAPE)
    for name, row in rows:
        writer.row(name, row)
    writer.finish(DOCUMENT)
    return json.loads(out.getvalue().decode("utf-8"))


def lines(*rows: tuple[str, dict[str, Any]]) -> list[Any]:
    out = io.BytesIO()
    writer = JsonlFormat().open(out, SHAPE)
    for name, row in rows:
        writer.row(name, row)
    writer.finish(DOCUMENT)
    return [json.loads(line) for line in out.getvalue().decode("utf-8").removesuffix("\n").split("\n")]


@pytest.mark.parametrize("rows", [[], [("unresolved", UNRESOLVED), ("changes", CHANGE), ("changes", CHANGE)]])
def test_keys_keep_the_order_of_the_contract(rows: list[tuple[str, dict[str, Any]]]) -> None:
    got = document(*rows)
    plain = [key for key in got if not key.endswith("_b64")]
    assert plain == list(DOCUMENT)


def test_each_row_stands_in_its_own_list_in_the_order_it_came() -> None:
    second = {**CHANGE, "path": "/video/2"}
    got = document(("unresolved", UNRESOLVED), ("changes", CHANGE), ("changes", second))
    assert [row["path"] for row in got["changes"]] == ["/video/\ufffd", "/video/2"]
    assert [row["path"] for row in got["unresolved"]] == ["/video/u"]


def test_values_that_are_no_text_keep_their_type() -> None:
    got = document(("changes", {"op": "set_file_path", "id": 3, "old": None, "score": 71.5, "sure": True}))
    assert got["changes"] == [{"op": "set_file_path", "id": 3, "old": None, "score": 71.5, "sure": True}]
    assert got["complete"] is False
    assert got["batch"] is None


def test_exact_bytes_stand_directly_beside_what_is_readable() -> None:
    got = document(("changes", CHANGE))["changes"][0]
    assert list(got) == ["op", "path", "path_b64", "old_target", "new_target", "score"]
    assert paths.decode_b64(got["path_b64"]) == "/video/\udcff"


def test_exact_bytes_are_there_at_every_depth() -> None:
    got = document(("unresolved", UNRESOLVED))
    assert paths.decode_b64(got["unresolved"][0]["target_b64"]) == "../gone\udcff"
    assert paths.decode_b64(got["unresolved"][0]["candidates"][0]["path_b64"]) == "/storage/\udcfe"
    assert [*map(paths.decode_b64, got["library"]["storage_b64"])] == ["/storage/caf\udce9", "/other"]
    assert [*map(paths.decode_b64, got["suggestions_b64"])] == DOCUMENT["suggestions"]


def test_names_are_written_as_they_are_read() -> None:
    out = io.BytesIO()
    writer = JsonFormat().open(out, SHAPE)
    writer.row("changes", {"op": "make_dir", "path": "/video/Séries"})
    writer.finish(DOCUMENT)
    assert '"/video/Séries"'.encode() in out.getvalue()


def test_a_row_is_a_line() -> None:
    out = io.BytesIO()
    writer = JsonFormat().open(out, SHAPE)
    for number in range(3):
        writer.row("changes", {"op": "make_dir", "path": f"/video/{number}"})
    writer.finish(DOCUMENT)
    assert sum(b'"make_dir"' in line for line in out.getvalue().split(b"\n")) == 3


def test_nothing_is_written_before_the_end() -> None:
    out = io.BytesIO()
    JsonFormat().open(out, SHAPE).row("changes", CHANGE)
    assert out.getvalue() == b""


def test_rows_without_a_place_are_an_error() -> None:
    writer = JsonFormat().open(io.BytesIO(), SHAPE)
    with pytest.raises(KeyError):
        writer.row("issues", {"type": "x"})
    writer.row("changes", CHANGE)
    with pytest.raises(ValueError, match="changes"):
        writer.finish({"command": "repair-links", "unresolved": []})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("fmt", [JsonFormat(), JsonlFormat()])
def test_a_number_that_json_lacks_is_an_error(fmt: JsonFormat | JsonlFormat, number: float) -> None:
    writer = fmt.open(io.BytesIO(), SHAPE)
    with pytest.raises(ValueError, match="not JSON compliant"):
        writer.row("changes", {"op": "relink", "score": number})


def test_jsonl_writes_each_row_at_once_and_in_one_piece() -> None:
    pieces: list[bytes] = []

    class Recorder(io.BytesIO):
        def write(self, data: Any) -> int:
            pieces.append(bytes(data))
            return len(data)

    writer = JsonlFormat().open(Recorder(), SHAPE)
    for count in range(1, 4):
        writer.row("changes", CHANGE)
        assert len(pieces) == count
        assert json.loads(pieces[-1])["op"] == "relink"
        assert pieces[-1].endswith(b"}\n")


def test_jsonl_ends_with_the_frame_without_its_lists() -> None:
    *_, last = lines(("changes", CHANGE))
    plain = [key for key in last if not key.endswith("_b64")]
    assert plain[:3] == ["type", "complete", "command"]
    assert set(plain) == (set(DOCUMENT) | {"type"}) - {"changes", "unresolved"}
    assert last["type"] == "summary"
    assert last["complete"] is False
    assert last["summary"] == DOCUMENT["summary"]


def test_jsonl_without_rows_is_the_last_line_alone() -> None:
    assert [row["type"] for row in lines()] == ["summary"]


def test_jsonl_names_the_kind_of_every_row_first() -> None:
    change, unresolved, _ = lines(("changes", CHANGE), ("unresolved", UNRESOLVED))
    assert next(iter(change.items())) == ("op", "relink")
    assert next(iter(unresolved.items())) == ("type", "unresolved")
    assert paths.decode_b64(unresolved["candidates"][0]["path_b64"]) == "/storage/\udcfe"


memory_text = st.binary(max_size=40).map(os.fsdecode)
values = st.recursive(
    memory_text | st.none() | st.booleans() | st.integers() | st.floats(-1e300, 1e300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


def original(value: Any) -> Any:
    """Return what a parsed JSON value stands for, exact bytes first, as a reader of the contract would."""
    if isinstance(value, list):
        return [original(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: item for key, item in value.items() if not key.endswith("_b64")}
    return {key: merged(item, value.get(key + "_b64")) for key, item in plain.items()}


def merged(value: Any, encoded: Any) -> Any:
    """Return `value` with the strings in it replaced by those that `encoded` holds in the same places."""
    if isinstance(value, str):
        return value if encoded is None else paths.decode_b64(encoded)
    if isinstance(value, list) and encoded is not None:
        return [merged(item, exact) for item, exact in zip(value, encoded, strict=True)]
    return original(value)


@settings(deadline=None)
@given(row=st.dictionaries(st.sampled_from(["path", "target", "remove", "ranges"]), values))
def test_any_row_can_be_had_back(row: dict[str, Any]) -> None:
    assert original(document(("changes", row))["changes"][0]) == row
    *rest, _ = lines(("changes", {"op": "x", **row}))
    assert original(rest[0]) == {"op": "x", **row}
