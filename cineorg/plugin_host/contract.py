"""What a plugin hands over, held against the contract before anything rests on it.

Each `fault_of_…` returns in words what is wrong, or "". A format of a plugin is wrapped: it may fail, the command
that writes through it goes on.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from ..errors import PluginError
from ..findings import COMMON_KINDS, Coverage, Finding
from .hookspecs import CLEANUP, INTEGRITY, command_of

if TYPE_CHECKING:
    from ..output.report_shape import Format, ReportShape, Writer
    from .hookspecs import Check

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_RESERVED_TYPES = {*COMMON_KINDS, "summary"}
_RESERVED_KEYS = {*COMMON_KINDS.values(), "total"}
_ROW_KEYS = ("type", "path", "details")


def fault_of_check(check: Any) -> str:
    """Return what keeps an object from being a `hookspecs.Check`."""
    if isinstance(check, type):
        return "it is a class; register an instance of it"
    for attribute, expected in (("type", str), ("label", str), ("summary_key", str), ("suggestion", str),
                                ("columns", tuple), ("needs_catalogue", bool)):  # fmt: skip
        if not hasattr(check, attribute):
            return f"it has no attribute {attribute!r}"
        if not isinstance(getattr(check, attribute), expected):
            return f"its {attribute!r} is {getattr(check, attribute)!r}, not a {expected.__name__}"
    if not callable(getattr(check, "find", None)):
        return "it has no method 'find'"
    if not _KEY.fullmatch(check.type) or check.type in _RESERVED_TYPES:
        return f"its 'type' cannot be {check.type!r}"
    if not _KEY.fullmatch(check.summary_key) or check.summary_key in _RESERVED_KEYS:
        return f"its 'summary_key' cannot be {check.summary_key!r}"
    if command_of(check) not in (INTEGRITY, CLEANUP):
        return f"its 'command' is {check.command!r}, neither {INTEGRITY!r} nor {CLEANUP!r}"
    if not check.label.strip():
        return "its 'label' is empty"
    if not all(isinstance(column, str) and _KEY.fullmatch(column) for column in check.columns):
        return f"its 'columns' cannot be {check.columns!r}"
    return ""


def fault_of_format(item: Any) -> str:
    """Return what keeps an object from being a `Format` of `output.report_shape`."""
    if isinstance(item, type):
        return "it is a class; register an instance of it"
    for attribute in ("name", "help"):
        if not isinstance(getattr(item, attribute, None), str):
            return f"it has no text {attribute!r}"
    if not _NAME.fullmatch(item.name):
        return f"its 'name' cannot be {item.name!r}"
    return "" if callable(getattr(item, "open", None)) else "it has no method 'open'"


def fault_of_command(command: Any) -> str:
    """Return what keeps an object from being a subcommand."""
    import click

    if not isinstance(command, click.Command):
        return "it is no click command; is @click.command missing?"
    return "" if _NAME.fullmatch(command.name or "") else f"its name cannot be {command.name!r}"


def fault_of_finding(item: Any, check: Check) -> str:
    """Return what keeps something that `check` yielded out of the report."""
    if not isinstance(item, Finding):
        return f"it yielded {_short(item)}, which is no Finding"
    if item.type != check.type and item.type not in COMMON_KINDS:
        return f"it yielded a finding of the type {_short(item.type)}, which is not its own"
    for name, value in (("path", item.path), ("details", item.details)):
        if not isinstance(value, str) or not _is_writable(value):
            return f"it yielded a finding whose {name} is {_short(value)}"
    if not item.path or "\0" in item.path:
        return f"it yielded a finding whose path is {_short(item.path)}"
    if not isinstance(item.fields, Mapping):
        return f"it yielded a finding whose fields are {_short(item.fields)}"
    for name, value in item.fields.items():
        if not isinstance(name, str) or not _is_writable(name) or name in _ROW_KEYS:
            return f"it yielded a finding with a field named {_short(name)}"
        if not _is_writable(value):
            return f"it yielded a finding whose field {name} is {_short(value)}"
    return ""


def fault_of_coverage(item: Coverage) -> str:
    """Return what keeps a `Coverage` that a check yielded out of the report."""
    numbers = (item.checked, item.of)
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        return f"it yielded a coverage of {_short(item.checked)} of {_short(item.of)}"
    if not 0 <= item.checked <= item.of < 1 << 63:
        return f"it yielded a coverage of {item.checked} of {item.of}"
    words = (item.rest, *item.command) if isinstance(item.command, tuple) else (None,)
    if not all(isinstance(word, str) and _is_writable(word) for word in words):
        return f"it yielded a coverage with the words {_short(words)}"
    return ""


def _is_writable(value: Any) -> bool:
    """Whether every format can write the value: what JSON knows, text being UTF-8 or a path's raw bytes."""
    if isinstance(value, str):
        if value.isascii():
            return True
        try:
            os.fsencode(value)
        except UnicodeEncodeError:  # a lone surrogate that stands for no byte
            return False
        return True
    if value is None:
        return True
    if isinstance(value, int):
        return value.bit_length() <= 64  # beyond that readers of JSON disagree, and Python refuses to print some
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_writable(key) for key in value) and all(
            map(_is_writable, value.values())
        )
    return isinstance(value, (list, tuple)) and all(map(_is_writable, value))


def _short(value: Any) -> str:
    text = describe_value(value)
    return text if len(text) <= 60 else text[:59] + "…"


def describe_value(value: Any) -> str:
    """Return any object in one line, even one that cannot say what it is."""
    try:
        return " ".join(repr(value).split())
    except Exception as error:
        return f"{type(value).__name__} object (its repr raises {type(error).__name__})"


def describe(error: BaseException) -> str:
    """Return an exception as one line, with its type; valid UTF-8 whatever it says."""
    try:
        text = " ".join(str(error).split()).encode("utf-8", "backslashreplace").decode()
    except Exception:  # its own __str__ is what is broken
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class GuestFormat:
    """A plugin's format, wrapped: what it raises is told once, at the end, with the plugin's name."""

    def __init__(self, guest: Format, plugin: str) -> None:
        self._guest, self._plugin = guest, plugin
        self.name, self.help = guest.name, guest.help

    def open(self, out: BinaryIO, shape: ReportShape) -> Writer:
        """Return the guest's writer, wrapped."""
        return _GuestWriter(self._guest, self._plugin, out, shape)


class _GuestWriter:
    """Stops asking the guest once it has raised, so that changes under way are not cut off by their report."""

    def __init__(self, guest: Format, plugin: str, out: BinaryIO, shape: ReportShape) -> None:
        self._what = f"the plugin {plugin}: its format {guest.name} failed"
        self._stream = _Stream(out)
        self._error = ""
        self._writer: Writer | None = None
        with self._contained():
            self._writer = guest.open(cast(BinaryIO, self._stream), shape)
            if not hasattr(self._writer, "row"):
                raise TypeError("open did not return a writer")

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        if self._writer and not self._error:
            with self._contained():
                self._writer.row(name, row)

    def finish(self, document: Mapping[str, Any]) -> None:
        """End the report; raises PluginError, once all else is done, if the guest raised anywhere."""
        if self._writer and not self._error:
            with self._contained():
                self._writer.finish(document)
        if self._error:
            raise PluginError(f"{self._what}: {self._error}; the report is cut short")

    @contextmanager
    def _contained(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            if error is self._stream.error:
                raise  # not the guest's fault: the reader has gone, the disk is full
            self._error = describe(error)


class _Stream:
    """The report's stream: it remembers its own errors, and a TextIOWrapper thrown away does not close it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._out.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        try:
            self._out.flush()
        except OSError as error:
            self.error = error
            raise

    def close(self) -> None:
        self.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)
