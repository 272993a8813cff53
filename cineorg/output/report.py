"""One report from its first row to its last line: counts what passes, and ends in the contract's document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from .. import __version__
from ..clock import now_iso
from ..findings import COMMON_KINDS, Finding
from ..settings.configuration import Settings
from .report_shape import Format, ReportShape

__all__ = ["COMMON_KINDS", "FLAT", "Report"]
FLAT = ("tsv", "csv")  # rows and nothing around them


class Report:
    """Writes rows as they come; `counts` has how many of each type or op passed."""

    def __init__(
        self,
        output: Format,
        out: BinaryIO,
        shape: ReportShape,
        settings: Settings,
        *,
        only_what_was_checked: bool = False,
    ) -> None:
        """`only_what_was_checked`: findings that say that something could not be looked at are counted, not written."""
        self._only_what_was_checked = only_what_was_checked
        self.left_out = 0
        self._shape, self._settings = shape, settings
        self._writer = output.open(out, shape)
        self._out = out
        self._started = now_iso()
        self.counts: Counter[str] = Counter()

    def row(self, name: str, row: Mapping[str, Any]) -> None:
        """Write one row of the list `name`."""
        self.counts[str(row.get("type") or row.get("op") or name)] += 1
        self._writer.row(name, row)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Write findings as rows of `issues`."""
        for finding in findings:
            if self._only_what_was_checked and finding.type in COMMON_KINDS:
                self.counts[finding.type] += 1
                self.left_out += 1
            else:
                self.row("issues", finding.row())
        self._out.flush()

    def finish(self, *, complete: bool, **rest: Any) -> dict[str, Any]:
        """End the report and return its document; `rest` follows `complete` in it, the row lists, empty, among it."""
        document = {
            "command": self._shape.command,
            "version": __version__,
            "checked_at": self._started,
            "library": {
                "storage": list(self._settings.storage),
                "video": self._settings.video,
                "db": self._settings.db,
            },
            "complete": complete,
            **rest,
        }
        self._writer.finish(document)
        self._out.flush()
        return document
