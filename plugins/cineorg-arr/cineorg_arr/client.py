"""Speaks to one service, API v3. Nothing else of this plugin touches the network.

The key travels in the header X-Api-Key, to the configured address and no other: redirects are not followed, proxies
of the environment are not used. What comes back is freed from the key before anybody sees it.
"""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Mapping
from typing import Any

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from . import __version__
from .settings import Service

_MOST_BYTES = 512 * 1024 * 1024  # a film takes some 5 KB in Radarr's list
_PATIENCE = 10  # times the time-out, for an answer that comes in drops


class ArrError(Exception):
    """What a service answered, or failed to, in one line without the key.

    `is_final`: no further question to this service is worth its wait.
    """

    def __init__(self, message: str, *, is_final: bool = True) -> None:
        super().__init__(message)
        self.is_final = is_final


class Client:
    """Asks one service; every failure is an ArrError."""

    def __init__(self, service: Service) -> None:
        self._service = service
        timeout = urllib3.Timeout(connect=service.timeout, read=service.timeout)
        headers = {"X-Api-Key": service.key, "Accept": "application/json", "User-Agent": f"cineorg-arr/{__version__}"}
        self._pool = urllib3.PoolManager(num_pools=1, headers=headers, timeout=timeout, retries=False)

    def get(self, resource: str, fields: Mapping[str, int] | None = None) -> Any:
        """Return what `GET /api/v3/RESOURCE` answers."""
        return self._ask("GET", resource, {"fields": {name: str(value) for name, value in (fields or {}).items()}})

    def command(self, name: str, **body: Any) -> Any:
        """Return what `POST /api/v3/command` answers: the command as it was queued."""
        return self._ask("POST", "command", {"json": {"name": name, **body}})

    def _ask(self, method: str, resource: str, what: Mapping[str, Any]) -> Any:
        url = f"{self._service.url}/api/v3/{resource}"
        try:
            response = self._pool.request(method, url, redirect=False, preload_content=False, **what)
            try:
                body = self._read(response)
            finally:
                response.close()
        except HTTPError as error:
            raise ArrError(self._in_words(error)) from None
        text = self._service.redact(body.decode("utf-8", "replace"))
        if response.status not in (200, 201, 202):
            raise self._refusal(response, resource, text)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ArrError(f"what it answers is not JSON; {self._is_it_right()}") from None

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        until = time.monotonic() + _PATIENCE * self._service.timeout
        body = bytearray()
        while chunk := response.read1(65536):
            body += chunk
            if len(body) > _MOST_BYTES:
                raise ArrError(f"its answer has no end; {self._is_it_right()}")
            if time.monotonic() > until:
                raise ArrError(f"its answer was not complete within {_PATIENCE * self._service.timeout:g} s")
        return bytes(body)

    def _is_it_right(self) -> str:
        return f"is {self._service.id}_url right, with the service's URL base?"

    def _in_words(self, error: HTTPError) -> str:
        if isinstance(error, NameResolutionError):
            return f"its host is not known; is {self._service.id}_url right?"
        if isinstance(error, NewConnectionError):
            cause = error.__cause__
            refused = isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED
            reason = "connection refused" if refused else str(getattr(cause, "strerror", "") or cause).lower()
            return f"{self._service.redact(reason)}; does it run there?"
        if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):  # what stands above is a kind of these
            return f"no answer within {self._service.timeout:g} s"
        if isinstance(error, SSLError):
            return f"no safe connection: {self._service.redact(' '.join(str(error).split()))}"
        if isinstance(error, ProtocolError):
            return "it broke off the connection or speaks no HTTP"
        return self._service.redact(f"{type(error).__name__}: {' '.join(str(error).split())}")

    def _refusal(self, response: urllib3.BaseHTTPResponse, resource: str, text: str) -> ArrError:
        status, key = response.status, f"{self._service.id}_key"
        if status in (401, 403):
            return ArrError(f"it refuses the API key ({status}); is {key} right?")
        if 300 <= status < 400:
            return ArrError(f"it sends us elsewhere ({status}), where the key does not go; {self._is_it_right()}")
        said = _message(text)
        if status == 404 and not said:
            return ArrError(f"it knows no /api/v3/{resource} (404); {self._is_it_right()}")
        return ArrError(f"it answers {status}{f': {said}' if said else ''}", is_final=status in (502, 503, 504))


def _message(text: str) -> str:
    """Return what a service says of an error in its JSON, on one line, "" if it says nothing."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if isinstance(answer, list):  # one object for each field that is wrong
        answer = answer[0] if answer else {}
    said = (answer.get("message") or answer.get("errorMessage")) if isinstance(answer, dict) else ""
    return " ".join(said.split())[:200] if isinstance(said, str) else ""
