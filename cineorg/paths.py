"""Paths at the border between the kernel's bytes and our text.

Inside the package a path is a `str` made with the surrogateescape handler, so that every name a filesystem
can hold survives; `commands/group.py` makes sure that the filesystem encoding is UTF-8. Only here does it become
something else: bytes (SQLite BLOBs, TSV, `-0`), JSON text with its exact bytes beside it, or text that is
safe on a terminal.
"""

from __future__ import annotations

import base64
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def to_bytes(text: str) -> bytes:
    """Return the exact bytes of a path (or of any text that may hold surrogates of one)."""
    return os.fsencode(text)


def to_text(raw: bytes) -> str:
    """Return the in-memory form of a path's bytes."""
    return os.fsdecode(raw)


def is_valid_text(text: str) -> bool:
    """Return whether the path's bytes are valid UTF-8."""
    try:
        text.encode()  # thirty times as fast as a look at each character, and output asks this of every value
    except UnicodeEncodeError:
        return not any("\udc80" <= char <= "\udcff" for char in text)
    return True


def readable(text: str) -> str:
    """Return the path with U+FFFD for every byte that is not UTF-8."""
    return text if is_valid_text(text) else to_bytes(text).decode("utf-8", "replace")


def encode_b64(text: str) -> str:
    """Return the path's exact bytes in base64, as the `…_b64` fields of the JSON formats hold them."""
    return base64.b64encode(to_bytes(text)).decode("ascii")


def decode_b64(text: str) -> str:
    """Return the path that `encode_b64` was given; raises ValueError on anything else."""
    return to_text(base64.b64decode(text, validate=True))


def json_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return `fields` ready for `json.dumps`.

    A string (or list of strings) with bytes that are not UTF-8 gets U+FFFD in its place and the exact bytes
    in `NAME_b64` directly after it. Nested mappings and lists of mappings are treated the same way.
    """
    return dict(_json_items(fields))


def _json_items(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, str):
            yield name, readable(value)
            if not is_valid_text(value):
                yield name + "_b64", encode_b64(value)
        elif isinstance(value, Mapping):
            yield name, json_fields(value)
        elif isinstance(value, (list, tuple)):
            yield name, [_json_item(item) for item in value]
            if any(map(_needs_b64, value)):
                yield name + "_b64", [_b64_item(item) for item in value]
        else:
            yield name, value


def _json_item(item: Any) -> Any:
    if isinstance(item, str):
        return readable(item)
    if isinstance(item, (list, tuple)):
        return [_json_item(inner) for inner in item]
    return json_fields(item) if isinstance(item, Mapping) else item


def _needs_b64(item: Any) -> bool:
    if isinstance(item, (list, tuple)):
        return any(map(_needs_b64, item))
    return isinstance(item, str) and not is_valid_text(item)


def _b64_item(item: Any) -> Any:
    if isinstance(item, (list, tuple)):
        return [_b64_item(inner) for inner in item]
    return encode_b64(item) if isinstance(item, str) else None


def tsv_value(value: Any) -> bytes:
    """Return one TSV cell: tab, newline, carriage return and backslash escaped, raw bytes otherwise."""
    return to_bytes(_tsv_text(value))


def flat_text(value: Any) -> str:
    """Return a value as the text of one cell, not escaped, with surrogates for bytes that are not UTF-8.

    None is empty, a boolean is `true` or `false`, a mapping is JSON. A list is a TSV line: its items, escaped, with
    tabs between them; a blank would not do as a separator, for names are full of them. So the list `["a b", "c"]` in
    a TSV cell, which is escaped once more as any value is, is written `a b\\tc`.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "\t".join(map(_tsv_text, value))
    if isinstance(value, Mapping):
        import json  # rows with mappings in them are rare, and every command imports this module

        return json.dumps(json_fields(value), ensure_ascii=False)
    return str(value)


def _tsv_text(value: Any) -> str:
    return flat_text(value).translate(_TSV_ESCAPES)


def terminal_text(text: str) -> str:
    """Return the text as a terminal may see it: control, ANSI and bidi codes are shown, never obeyed."""
    if text.isprintable():  # which no surrogate is
        return text
    return "".join(char if _is_harmless(char) else _shown(char) for char in readable(text))


def _is_harmless(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_inside(path: str, root: str) -> bool:
    """Return whether `path` is `root` or lies under it, lexically; both absolute."""
    return path == root or path.startswith(root if root.endswith("/") else root + "/")


def relative_to(path: str, roots: tuple[str, ...]) -> str:
    """Return `path` without the longest of `roots` that holds it, or unchanged."""
    for root in sorted(roots, key=len, reverse=True):
        if path != root and is_inside(path, root):
            return path[len(root.rstrip("/")) + 1 :]
    return path


def nfc(text: str) -> str:
    """Return the text in Unicode's composed form, to compare names that a Mac or a NAS stored decomposed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def describe_kind(mode: int) -> str:
    """Return in words what kind of file a mode of stat(2) belongs to, to follow "is"."""
    kinds = (
        (stat.S_ISDIR, "a folder"), (stat.S_ISLNK, "a link"), (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
    )  # fmt: skip
    return next((words for is_kind, words in kinds if is_kind(mode)), "a regular file")
