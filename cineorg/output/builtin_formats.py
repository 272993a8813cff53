"""The built-in formats, registered through the same hook as anybody's."""

from __future__ import annotations

from collections.abc import Callable

from .. import hookimpl
from . import FORMATS
from .report_shape import Format


@hookimpl
def register_formats(register: Callable[[Format], None]) -> None:
    """Register table, tsv, json, jsonl, csv, markdown and html."""
    for each in FORMATS:
        register(each)
