"""Reports that other programs have made of this library, a nightly job or somebody in a shell, as results."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cineorg.plugin import ReportShape, Settings, kept_rows, kept_shape

from .analysis import Analysis
from .result import Run
from .sqlite_format import SqliteFormat


def adopt(analysis: Analysis, settings: Settings, kept: Sequence[Mapping[str, Any]]) -> None:
    """Give an analysis the last of the kept reports of its command, if that is newer than its result."""
    layout = kept_shape(settings, analysis.kind)
    if not kept or not layout or analysis.is_running:
        return
    document, result = kept[-1], analysis.result
    if result is not None and str(document["checked_at"]) <= str(result.frame["checked_at"]):
        return
    shape = ReportShape(
        command=analysis.kind,
        lists=("issues",),
        columns=tuple(layout["columns"]),
        roots=settings.roots(),
        titles=layout["titles"],
    )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    path = os.path.join(analysis.folder.scratch, f"adopted-{analysis.kind}-{stamp}")
    try:
        analysis.folder.prepare()
        with open(path, "xb") as file:
            writer = SqliteFormat().open(file, shape)
            for row in kept_rows(settings, analysis.kind):
                writer.row("issues", row)
            writer.finish(document)
        run = Run(str(document["checked_at"]), 0.0, [])
        analysis.take(analysis.folder.keep(analysis.kind, path, stamp, run, result))
    except (OSError, sqlite3.Error, ValueError):
        if os.path.exists(path):
            os.unlink(path)
