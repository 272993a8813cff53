"""Only the paths, as raw bytes, each ended by NUL: the one byte that no path can hold. For `xargs -0`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from .. import paths
from ..findings import COMMON_KINDS
from .report_shape import ReportShape


class Print0Format:
    """What `-0` gives; it has a flag of its own and is no choice of `--format`."""

    name = "print0"
    help = "only the paths, each ended by NUL"

    def open(self, out: BinaryIO, shape: ReportShape) -> Print0Writer:
        del shape  # the same for every command
        return Print0Writer(out)


class Print0Writer:
    """Writes each path when it comes; a row without one (a change of a catalogue row) is left out.

    So is what could not be judged: after `--only broken_symlink -0 | xargs -0` nobody can tell a link whose disk is
    away, or the disk's own folder, from a broken link.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._left_out = 0

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        del name  # every list has paths
        path = row.get("path")
        if row.get("type") in COMMON_KINDS:
            self._left_out += 1
        elif path:
            self._out.write(paths.to_bytes(path) + b"\0")

    def finish(self, document: Mapping[str, Any]) -> None:
        """Write no frame around paths, but say on stderr what is not among them."""
        del document
        if self._left_out:
            print(f"cineorg: {self._left_out} paths that could not be judged are left out", file=sys.stderr)
