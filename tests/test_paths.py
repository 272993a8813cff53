"""The border between bytes and text: what goes out can be had back, and a terminal obeys none of it."""

from __future__ import annotations

import json
import os
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg import paths

any_bytes = st.binary(max_size=300)
memory_text = any_bytes.map(os.fsdecode)


def unescaped(cell: bytes) -> bytes:
    """Return a TSV cell's value, read by the rules of the contract and no code of ours."""
    result = bytearray()
    rest = iter(cell)
    for byte in rest:
        plain = {ord("t"): b"\t", ord("n"): b"\n", ord("r"): b"\r", ord("\\"): b"\\"}
        result += plain[next(rest)] if byte == ord("\\") else bytes([byte])
    return bytes(result)


@given(any_bytes)
def test_any_bytes_survive_as_text(raw: bytes) -> None:
    assert paths.to_bytes(paths.to_text(raw)) == raw


@given(any_bytes)
def test_valid_text_is_what_decodes_strictly(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert not paths.is_valid_text(os.fsdecode(raw))
    else:
        assert paths.is_valid_text(os.fsdecode(raw))


@given(any_bytes)
def test_readable_text_can_be_encoded_and_differs_only_where_it_must(raw: bytes) -> None:
    text = os.fsdecode(raw)
    assert paths.readable(text) == raw.decode("utf-8", "replace")
    assert (paths.readable(text) == text) is paths.is_valid_text(text)


@given(memory_text)
def test_base64_gives_the_text_back(text: str) -> None:
    encoded = paths.encode_b64(text)
    assert encoded.isascii()
    assert paths.decode_b64(encoded) == text


@pytest.mark.parametrize("text", ["a", "ab!=", "é", "L3YvYQ", "L3Yv\nYQ=="])
def test_what_is_not_base64_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        paths.decode_b64(text)


def test_json_fields_leave_valid_text_alone() -> None:
    fields = {"path": "/Séries/a\n", "size": 3, "candidate": None, "keep": ["a", "b"], "sure": True}
    assert paths.json_fields(fields) == fields


def test_json_fields_put_exact_bytes_directly_behind() -> None:
    got = paths.json_fields({"path": "/a\udcff", "size": 3})
    assert list(got.items()) == [("path", "/a\ufffd"), ("path_b64", "L2H/"), ("size", 3)]


def test_json_fields_keep_the_places_of_a_list() -> None:
    got = paths.json_fields({"remove": ["/a", "/\udcff", None, 3, ["\udcff"]]})
    assert got["remove"] == ["/a", "/\ufffd", None, 3, ["\ufffd"]]
    assert got["remove_b64"] == ["L2E=", "L/8=", None, None, ["/w=="]]


def test_json_fields_go_into_mappings_and_lists_of_them() -> None:
    got = paths.json_fields({"library": {"video": "/\udcff"}, "candidates": ({"path": "/\udcfe"},)})
    assert got == {
        "library": {"video": "/\ufffd", "video_b64": "L/8="},
        "candidates": [{"path": "/\ufffd", "path_b64": "L/4="}],
    }


@given(st.dictionaries(st.sampled_from("abc"), memory_text | st.lists(memory_text)))
def test_json_fields_are_json_in_utf8(fields: dict[str, Any]) -> None:
    text = json.dumps(paths.json_fields(fields), ensure_ascii=False).encode("utf-8")
    got = json.loads(text)
    for name, value in fields.items():
        encoded = got.get(name + "_b64", got[name])
        if encoded is got[name]:
            assert got[name] == value
        elif isinstance(value, str):
            assert paths.decode_b64(encoded) == value
        else:
            assert [*map(paths.decode_b64, encoded)] == value


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a b", b"a b"),
        ("a\tb", b"a\\tb"),
        ("a\nb", b"a\\nb"),
        ("a\r\nb", b"a\\r\\nb"),
        ("a\\b", b"a\\\\b"),
        ("a\\tb", b"a\\\\tb"),
        ('"a"', b'"a"'),
        ("-n", b"-n"),
        ("é\udcff", b"\xc3\xa9\xff"),
        ("\x1b[31m", b"\x1b[31m"),
    ],
)
def test_tsv_escapes_four_characters_and_no_other(text: str, cell: bytes) -> None:
    assert paths.tsv_value(text) == cell


@given(any_bytes)
def test_a_tsv_cell_holds_any_bytes_on_one_line(raw: bytes) -> None:
    cell = paths.tsv_value(os.fsdecode(raw))
    assert not set(cell) & set(b"\t\n\r")
    assert unescaped(cell) == raw


@given(st.lists(any_bytes, min_size=1))
def test_a_tsv_list_can_be_taken_apart(raws: list[bytes]) -> None:
    cell = paths.tsv_value([*map(os.fsdecode, raws)])
    assert not set(cell) & set(b"\t\n\r")
    assert [*map(unescaped, unescaped(cell).split(b"\t"))] == raws


def test_tsv_spells_other_values_as_json_does() -> None:
    values: list[Any] = [None, True, False, 0, 71.5, 10**20, []]
    values += [["a b", "c"], (1, None, 2), {"a": [1, "\udcff"]}]
    assert [*map(paths.tsv_value, values)] == [
        b"",
        b"true",
        b"false",
        b"0",
        b"71.5",
        b"100000000000000000000",
        b"",
        b"a b\\tc",
        b"1\\t\\t2",
        '{"a": [1, "\ufffd"], "a_b64": [null, "/w=="]}'.encode(),
    ]


@given(memory_text | st.text())
def test_terminal_text_holds_nothing_that_is_obeyed(text: str) -> None:
    shown = paths.terminal_text(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Séries/日本 (2001).mkv", "Séries/日本 (2001).mkv"),
        ("no\u00a0break", "no\u00a0break"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd\x7f", "a\\x0ab\\x09c\\x0dd\\x7f"),
        ("\x9b", "\\x9b"),
        ("\u202emkv", "\\u202emkv"),
        ("\U000e0001", "\\U000e0001"),
        ("\udcff", "\ufffd"),
        ("\ud800", "\\ud800"),
        ("", ""),
    ],
)
def test_terminal_text_shows_what_it_does_not_pass(text: str, shown: str) -> None:
    assert paths.terminal_text(text) == shown


@pytest.mark.parametrize(
    ("path", "root", "inside"),
    [
        ("/video", "/video", True),
        ("/video/a", "/video", True),
        ("/video/a", "/video/", True),
        ("/video2/a", "/video", False),
        ("/vide", "/video", False),
        ("/a", "/", True),
        ("/", "/", True),
    ],
)
def test_inside_means_whole_names(path: str, root: str, inside: bool) -> None:
    assert paths.is_inside(path, root) is inside


@pytest.mark.parametrize(
    ("path", "relative"),
    [
        ("/video/Films/a", "Films/a"),
        ("/video/deep/a", "a"),
        ("/video", "/video"),
        ("/video2/a", "/video2/a"),
        ("/slash/a", "a"),
        ("../a", "../a"),
        ("", ""),
    ],
)
def test_relative_to_takes_the_longest_root_that_holds_the_path(path: str, relative: str) -> None:
    assert paths.relative_to(path, ("/video", "/video/deep", "/slash/")) == relative


def test_relative_to_the_root_of_all() -> None:
    assert paths.relative_to("/a/b", ("/",)) == "a/b"


def test_nfc_makes_composed_and_decomposed_equal_and_keeps_bytes_that_are_no_text() -> None:
    assert paths.nfc("e\u0301\udcff") == "\u00e9\udcff"
    assert paths.nfc("plain") == "plain"
