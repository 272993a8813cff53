"""Ghost entries: rows of the catalogue whose file is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding, Note, unreadable_finding
from ..paths import nfc
from ..plugin_host.hookspecs import check
from ..trees.library import GONE, UNKNOWN

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..trees.library import Library


@check(
    "ghost_entry",
    label="Ghost entries",
    summary_key="ghost_entries",
    suggestion="repair-links --auto",
    columns=("table", "id", "title"),
    needs_catalogue=True,
    order=10,
)
def ghost_entry(context: CheckContext, track: Track) -> Iterable[Finding | Note | Coverage]:
    """Yield a finding for every row whose file is gone; rows into an offline place are passed over.

    A row of `movies` or `episodes` is a ghost when its `file_path` is gone from a place that is believed.
    """
    library, catalogue = context.library, context.catalogue
    if catalogue is None:
        return
    named = catalogue.named_files()
    absent = library.finder.absent(track(named, len(named)))
    impossible = {path for path in absent if "\0" in path}
    if impossible:
        yield Note(f"{len(impossible)} rows name a path that no disk can hold; they are passed over")
    absent -= impossible
    absent -= _spelled_otherwise(library, absent)
    unknown: set[str] = set()
    for row in catalogue.file_rows() if absent else ():
        if row.file_path not in absent:
            continue
        state, reason = library.state_of(row.file_path)
        if state == UNKNOWN:
            unknown.add(row.file_path)
        fields = {"table": row.table, "id": row.id, "title": row.title}
        if state == GONE:
            yield Finding("ghost_entry", row.file_path, f"the row's file is gone: {reason}", fields)
        elif state == UNKNOWN and not library.offline_reason(row.file_path):
            yield unreadable_finding(row.file_path, reason, **fields)
    yield Coverage(len(named) - len(unknown), len(named))


def _spelled_otherwise(library: Library, paths: set[str]) -> set[str]:
    """Return those of `paths` whose file is there under another Unicode form, as a Mac or a NAS stores names."""
    forms = {path: nfc(library.finder.canonical(path)) for path in paths if not path.isascii()}
    if not forms:
        return set()
    stored = {
        nfc(f"{folder}/{name}")
        for tree in library.census.storage
        for folder, entries in library.census.folders_of(tree)
        for name in entries.files
        if not (folder.isascii() and name.isascii())
    }
    return {path for path, form in forms.items() if form in stored}
