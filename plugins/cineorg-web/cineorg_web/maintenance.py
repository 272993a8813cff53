"""All that the page shows, for one library: the analyses, their results, and the picture of the library."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator

from cineorg.plugin import Settings, kept_reports, state_path

from . import reports
from .analysis import Analysis, Bell
from .disks import Disks
from .folders import FolderSums
from .result import Result
from .result_folder import ResultFolder
from .trends import trends
from .watching import Seen, Watch

KINDS = ("integrity", "cleanup")
_HEARTBEAT_S = 15.0  # a stream that is silent for longer is cut by some proxies
_PAUSE_S = 0.1  # no page needs to be told more often
_LOOK_S = 1.0  # how often what others have done is looked for


class Maintenance:
    """Lives as long as the server; `flags` name the library as the user named it."""

    def __init__(self, settings: Settings, flags: list[str]) -> None:
        self.settings, self.flags = settings, flags
        self.folder = ResultFolder(state_path(settings, "web"))
        self.bell = Bell()
        self.analyses = {kind: Analysis(kind, flags, self.folder, self.bell, self.folder.load(kind)) for kind in KINDS}
        self.sums = FolderSums(settings)
        self.disks = Disks()
        self.trends: dict[str, dict[str, list[int]]] = {}
        self._watch = Watch(settings)
        self._adopting = threading.Lock()
        self._adopted = ""
        self._is_over = False

    def look(self) -> Seen:
        """Return what is known of the library now; a report that others have made since takes its place here."""
        seen = self._watch.look()
        with self._adopting:
            if seen.token != self._adopted:
                self._adopted = seen.token
                for kind, analysis in self.analyses.items():
                    kept = kept_reports(self.settings, kind)
                    self.trends[kind] = trends(kept)
                    reports.adopt(analysis, self.settings, kept)
        return seen

    def results(self) -> list[Result]:
        """Return the results that there are."""
        return [result for analysis in self.analyses.values() if (result := analysis.result) is not None]

    async def events(self) -> AsyncIterator[str]:
        """Yield server-sent events: each analysis as it is now, and again whenever it has changed.

        An event has the whole state, so whoever comes late, or is slow, misses nothing that counts.
        """
        sent: dict[str, str] = {}
        spoken_at = time.monotonic()
        while not self._is_over:
            change = self.bell.next()
            seen = await asyncio.to_thread(self.look)
            if sent.get("library") != seen.token:
                sent["library"] = seen.token
                yield f"event: library\ndata: {json.dumps(seen.token)}\n\n"
            for kind, analysis in self.analyses.items():
                result = analysis.result
                since = seen.changes_since(result.frame["checked_at"]) if result else []
                text = json.dumps(analysis.snapshot() | {"since": " and ".join(since)})
                if sent.get(kind) != text:
                    sent[kind] = text
                    yield f"event: analysis\ndata: {text}\n\n"
                    spoken_at = time.monotonic()
            try:
                await asyncio.wait_for(change.wait(), _LOOK_S)
                await asyncio.sleep(_PAUSE_S)
            except TimeoutError:
                if time.monotonic() - spoken_at >= _HEARTBEAT_S:
                    spoken_at = time.monotonic()
                    yield ": nothing new\n\n"

    async def stop(self) -> None:
        """End what runs, and the streams of events."""
        self._is_over = True
        self.bell.ring()
        await asyncio.gather(*(analysis.stop() for analysis in self.analyses.values()))

    def close(self) -> None:
        """Give the folder of the results back."""
        self.folder.close()
