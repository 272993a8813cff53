"""The check `unreadable_video`: it probes nothing, it reports what `cineorg probe` has kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cineorg.plugin import Coverage, Finding, check

from .model import UNKNOWN, Result, is_same_file

if TYPE_CHECKING:
    from cineorg.plugin import CheckContext, Library, Track


@check(
    "unreadable_video",
    label="Unreadable videos",
    columns=("fault", "duration_seconds", "expected_seconds", "streams"),
)
def unreadable_video(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every faulty file that is as it was probed, and how many of the videos were probed.

    A stored video that could not be played when it was last probed, or lasts far from what the catalogue has.

    Probing takes hours on a library of some size, and may wait for a disk; a report must not. So this reads the one
    file in which results are kept, and asks the disk only about what it is going to report: one `lstat` each.
    """
    library = context.library
    # Every `cineorg --help` loads the plugins, and needs none of this.
    from .judging import expected_durations, find_faults
    from .memory import open_memory
    from .settings import load_probe_settings

    tolerance = load_probe_settings(library.settings).duration_tolerance
    videos = sum(1 for path in library.stored_videos() if not library.offline_reason(path))
    with open_memory(library.settings.db) as memory:
        kept = _Believed(library, track(memory.results()))
        yield from find_faults(kept, expected_durations(library, context.catalogue), tolerance, kept.is_current)
    yield Coverage(kept.number, max(videos, kept.number), "stored videos not probed as yet", ("probe",))


class _Believed:
    """The results that say something about a file which is there, and how many they are (known once all were asked).

    A file that was replaced since shows only when it would be reported; until the next `cineorg probe` it counts as
    probed otherwise.
    """

    def __init__(self, library: Library, results: Iterable[Result]) -> None:
        self._library, self._results = library, results
        self.number = 0

    def __iter__(self) -> Iterator[Result]:
        library = self._library
        for result in self._results:
            path = result.path
            if result.state != UNKNOWN and library.finder.has(path) and not library.offline_reason(path):
                self.number += 1
                yield result

    def is_current(self, result: Result) -> bool:
        """Return whether the file is still the one that was probed; one that is not, counts as not probed."""
        from cineorg.plugin import FileStat

        try:
            now = os.lstat(result.path)
        except OSError:  # it went away while the report was being made: the next one will tell
            return False
        is_current = is_same_file(FileStat(now.st_size, now.st_mtime_ns, None, None), result.stat)
        self.number -= not is_current
        return is_current
