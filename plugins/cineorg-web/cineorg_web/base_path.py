"""The path below which a reverse proxy shows the page, whether it takes that off before it asks us or not."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


def checked_base(text: str) -> str:
    """Return a base path without its last slash, "" for the root; raises ValueError for what is no path."""
    base = text.strip().rstrip("/")
    if base and (not _PATH.fullmatch(base) or {".", ".."} & set(base.split("/"))):
        raise ValueError("a base path is such as /cineorg: letters, digits and . _ ~ - between slashes")
    return base


class BelowBase:
    """Hands requests on without the base path."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if scope["type"] == "http" and self._base and path == self._base:
            await RedirectResponse(f"{self._base}/", 308)(scope, receive, send)
            return
        if self._base and path.startswith(f"{self._base}/"):
            scope = {**scope, "path": path[len(self._base) :]}
        await self._app(scope, receive, send)
