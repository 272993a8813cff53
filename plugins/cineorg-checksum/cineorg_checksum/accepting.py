"""`cineorg checksum --accept FILE`: the owner knows that a file is damaged, and keeps it as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cineorg.plugin import EXIT_OK, InputError, Request, existing_paths, now_text, spelled_as_root

from .check import is_as_found
from .judging import accept
from .store import open_store


def accept_files(request: Request, files: Sequence[str]) -> int:
    """Take damaged files, or those that links lead to, as they are from now on; all of them or none.

    Raises InputError for one that is not known to be damaged, or is another than the one that was read.
    """
    paths = [_stored(path, request) for path in existing_paths(files, request.settings.roots())]
    with open_store(request.settings.db, write=True) as store:
        records = []
        for path in dict.fromkeys(paths):
            record = store.record(path)
            if record is None or not record.fault:
                raise InputError(f"{path} is not known to be damaged; nothing was accepted")
            if not is_as_found(record):
                again = request.command_line("checksum", path)
                raise InputError(f"{path} has changed since it was read; run `{again}` first")
            records.append(record)
        store.keep(accept(record, now_text()) for record in records)
    report = request.report(
        "checksum",
        ("accepted",),
        ("type", "path", "details"),
        titles={"accepted": "accepted files"},
    )
    for record in records:
        report.row("accepted", {"type": "accepted", "path": record.path, "details": f"was reported as {record.fault}"})
    report.finish(complete=True, summary={"total": len(records)}, accepted=[])
    return EXIT_OK


def _stored(path: str, request: Request) -> str:
    """Return the stored file that a path names, itself or by a link."""
    return spelled_as_root(os.path.realpath(path), request.settings.storage) if os.path.islink(path) else path
