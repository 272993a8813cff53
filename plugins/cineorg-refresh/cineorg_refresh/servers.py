"""What each kind of server is asked so that it looks at a folder again. Nothing else here touches the network.

A key travels in a header, to the configured address and no other: redirects are not followed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from . import __version__
from .folders import as_seen
from .settings import Server

_ATTEMPTS, _PAUSE_S = 3, 0.5  # the pause doubles with each attempt
_MOST_BYTES = 8 * 1024 * 1024


class ServerError(Exception):
    """Why a server was not told, in one line without its key."""


Said = Mapping[str, str]  # our folder → "" if the server was told, else why not


def tell(server: Server, folders: Iterable[str]) -> Said:
    """Tell a server to look at folders again; it never raises, and after a failure nothing more is asked of it."""
    seen = {folder: as_seen(folder, server.places) for folder in folders}
    client = _Client(server)
    said: dict[str, str] = {}
    try:
        _WAYS[server.id](client, seen, said)
    except ServerError as error:
        for folder in seen:
            said.setdefault(folder, str(error))
    return said


class _Client:
    """Asks one server; a request that fails by the way is repeated."""

    def __init__(self, server: Server) -> None:
        self._server = server
        retry = urllib3.Retry(
            total=_ATTEMPTS - 1,
            backoff_factor=_PAUSE_S,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=None,  # to be told twice harms no server
            redirect=False,
            raise_on_status=False,
            respect_retry_after_header=False,  # it may be hours: a command is waiting
        )
        headers = {"Accept": "application/json", "User-Agent": f"cineorg-refresh/{__version__}", **_opened(server)}
        self._pool = urllib3.PoolManager(num_pools=1, headers=headers, timeout=server.timeout, retries=retry)

    def ask(self, method: str, resource: str, **what: Any) -> Any:
        """Return the JSON of an answer, None if it has none; raises ServerError."""
        try:
            response = self._pool.request(
                method, f"{self._server.url}/{resource}", redirect=False, preload_content=False, **what
            )
            body = response.read(_MOST_BYTES)
            response.close()
        except HTTPError as error:
            raise ServerError(self._in_words(error)) from None
        if response.status in (401, 403):
            raise ServerError(f"it refuses the key ({response.status}); is {self._server.id}_key right?")
        if response.status not in (200, 202, 204):
            raise ServerError(f"it answers {response.status} to {method} /{resource}")
        try:
            return json.loads(body) if body.strip() else None
        except (ValueError, RecursionError):
            return None

    def _in_words(self, error: HTTPError) -> str:
        reason = getattr(error, "reason", None) or error
        cause = getattr(reason, "__cause__", None)
        words = getattr(cause, "strerror", None) or str(reason).rpartition(": ")[2] or type(reason).__name__
        words = " ".join(words.split()).lower()
        if self._server.key:
            words = words.replace(self._server.key, "[key]")
        return f"{words}; does it run there, and is {self._server.id}_url right?"


def _opened(server: Server) -> dict[str, str]:
    """Return the headers that open a server."""
    if server.id == "kodi":
        secret = base64.b64encode(server.key.encode()).decode()
        return {"Authorization": f"Basic {secret}"} if server.key else {}
    if server.id == "jellyfin":
        return {"Authorization": f'MediaBrowser Token="{server.key}"'}
    return {"X-Plex-Token" if server.id == "plex" else "X-Emby-Token": server.key}


def _tell_emby(client: _Client, seen: Mapping[str, str], said: dict[str, str]) -> None:
    """Jellyfin and Emby take all folders in one call."""
    updates = [{"Path": path, "UpdateType": "Modified"} for path in seen.values()]
    client.ask("POST", "Library/Media/Updated", json={"Updates": updates})
    said.update(dict.fromkeys(seen, ""))


def _tell_plex(client: _Client, seen: Mapping[str, str], said: dict[str, str]) -> None:
    """Plex has sections, and takes one folder of a section a call."""
    answer = client.ask("GET", "library/sections")
    try:
        sections = [
            (str(section["key"]), place["path"].rstrip("/"))
            for section in answer["MediaContainer"].get("Directory", ())
            for place in section.get("Location", ())
        ]
    except (TypeError, KeyError, AttributeError):
        raise ServerError("what it says of its sections cannot be read; is plex_url right?") from None
    for folder, path in seen.items():
        keys = {key for key, place in sections if path == place or path.startswith(f"{place}/")}
        # A folder above all sections, as the root of the links may be, means each of them that lies in it.
        below = {} if keys else {key: place for key, place in sections if place.startswith(f"{path.rstrip('/')}/")}
        if not keys and not below:
            said[folder] = f"none of its sections has {path}; is `map` right?"
            continue
        for key in sorted({*keys, *below}):
            client.ask("GET", f"library/sections/{key}/refresh", fields={"path": below.get(key, path)})
        said[folder] = ""


def _tell_kodi(client: _Client, seen: Mapping[str, str], said: dict[str, str]) -> None:
    """Kodi scans a folder a call, and queues nothing: told twice it ends the first scan, so the calls are in a row."""
    for number, (folder, path) in enumerate(seen.items(), 1):
        parameters = {"directory": f"{path.rstrip('/')}/", "showdialogs": False}
        body = {"jsonrpc": "2.0", "id": number, "method": "VideoLibrary.Scan", "params": parameters}
        answer = client.ask("POST", "jsonrpc", json=body)
        if not isinstance(answer, dict) or answer.get("result") != "OK":
            error = answer.get("error", {}) if isinstance(answer, dict) else {}
            message = error.get("message", "no answer that can be read") if isinstance(error, dict) else error
            raise ServerError(f"it says: {' '.join(str(message).split())[:200]}")
        said[folder] = ""


_WAYS: dict[str, Callable[[_Client, Mapping[str, str], dict[str, str]], None]] = {
    "jellyfin": _tell_emby,
    "emby": _tell_emby,
    "plex": _tell_plex,
    "kodi": _tell_kodi,
}
