"""All that the page shows, for one library: the analyses, their results, and the picture of the library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from cineorg.plugin import Settings, state_path

from .analysis import Analysis, Bell
from .folders import FolderSums
from .result_folder import ResultFolder

KINDS = ("integrity", "cleanup")
_HEARTBEAT_S = 15.0  # a stream that is silent for longer is cut by some proxies
_PAUSE_S = 0.1  # no page needs to be told more often


class Maintenance:
    """Lives as long as the server; `flags` name the library as the user named it."""

    def __init__(self, settings: Settings, flags: list[str]) -> None:
        self.settings, self.flags = settings, flags
        self.folder = ResultFolder(state_path(settings, "web"))
        self.bell = Bell()
        self.analyses = {kind: Analysis(kind, flags, self.folder, self.bell, self.folder.load(kind)) for kind in KINDS}
        self.sums = FolderSums(settings)
        self._is_over = False

    async def events(self) -> AsyncIterator[str]:
        """Yield server-sent events: each analysis as it is now, and again whenever it has changed.

        An event has the whole state, so whoever comes late, or is slow, misses nothing that counts.
        """
        sent: dict[str, str] = {}
        while not self._is_over:
            change = self.bell.next()
            for kind, analysis in self.analyses.items():
                text = json.dumps(analysis.snapshot())
                if sent.get(kind) != text:
                    sent[kind] = text
                    yield f"event: analysis\ndata: {text}\n\n"
            try:
                await asyncio.wait_for(change.wait(), _HEARTBEAT_S)
                await asyncio.sleep(_PAUSE_S)
            except TimeoutError:
                yield ": nothing new\n\n"

    async def stop(self) -> None:
        """End what runs, and the streams of events."""
        self._is_over = True
        self.bell.ring()
        await asyncio.gather(*(analysis.stop() for analysis in self.analyses.values()))

    def close(self) -> None:
        """Give the folder of the results back."""
        self.folder.close()
