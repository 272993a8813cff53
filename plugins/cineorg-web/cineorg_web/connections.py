"""How many connections there may be at once, and how long a request's head may take.

A server for one household may refuse what is too much; it must not run out of open files, for then every attempt to
accept a connection fails, is logged, and is made again at once.
"""

from __future__ import annotations

import asyncio
import resource
from functools import cache
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol

BACKLOG = 16  # so many may be accepted in one go before the first of them can be refused
_OWN_FILES = 48  # of the server itself: analyses, results, the catalogue, Python
_MOST, _LEAST = 256, 8
_HEAD_SECONDS = 10.0


@cache
def most_connections() -> int:
    """Return how many connections leave enough open files for the server's work."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST
    return max(_LEAST, min(_MOST, soft - _OWN_FILES - BACKLOG))


class LimitedProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, within these limits."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or end it at once where there are too many."""
        super().connection_made(cast("asyncio.Transport", transport))
        if len(self.connections) > most_connections():
            self.transport.abort()
        else:
            self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; the time that a head may take begins with the connection or with its first byte."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()
        elif self._head_timer is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
