"""The check `damaged_file`: it reads no file, it reports what `cineorg checksum` has found."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cineorg.plugin import Coverage, Finding, check

if TYPE_CHECKING:
    from cineorg.plugin import CheckContext, Track

    from .model import Record

KIND = "damaged_file"


@check(
    KIND,
    label="Damaged files",
    summary_key="damaged_files",
    columns=("fault", "size", "recorded_size", "intact_size", "recorded_at", "since"),
)
def damaged_file(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every damaged file, and how many of the videos were ever read.

    A stored video that was not what it had been when it was last read, and was not touched since.

    To read a library takes days; a report must not. So this reads the one file in which the digests are kept, and
    asks the disk only about what it is going to report: one `lstat` each.
    """
    library = context.library
    from .store import open_store  # every `cineorg --help` loads the plugins, and needs none of this

    with open_store(library.settings.db) as store:
        damaged = store.damaged()
        read = store.paths()
    for record in track(damaged, len(damaged)):
        if library.finder.has(record.path) and not library.offline_reason(record.path) and is_as_found(record):
            yield finding_of(record)
    videos = [path for path in library.stored_videos() if not library.offline_reason(path)]
    known = sum(path in read for path in videos)
    yield Coverage(known, len(videos), "stored videos were never read", ("checksum",))


def is_as_found(record: Record) -> bool:
    """Return whether a damaged file is still the one that was read; one that was changed since is to be read anew."""
    try:
        now = os.lstat(record.path)
    except OSError:  # it went away while the report was being made: the next one will tell
        return False
    return (now.st_size, now.st_mtime_ns) == (record.expected.size_bytes, record.expected.mtime_ns)


def finding_of(record: Record) -> Finding:
    """Return a damaged file as a finding."""
    from .model import ROT, intact_bytes

    first, found = record.first, record.found
    assert found is not None
    if record.fault == ROT:
        details = "its content has changed, its size and time have not"
    else:
        details = f"cut off: {found.stat.size_bytes} of {first.stat.size_bytes} bytes are left"
    fields = {
        "fault": record.fault,
        "size": found.stat.size_bytes,
        "recorded_size": first.stat.size_bytes,
        "intact_size": intact_bytes(record),
        "recorded_at": first.read_at[:19],
        "since": found.read_at[:19],
        "digest": found.digest.hex(),
        "recorded_digest": first.digest.hex(),
    }
    return Finding(KIND, record.path, details, fields)
