"""Speaks to one service, API v3. Nothing else of this plugin touches the network.

The key travels in the header X-Api-Key, to the configured address and no other: redirects are not followed, proxies
of the environment are not used. What comes back is freed from the key before anybody sees it.
"""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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
_MOST_WAITS = 3  # in a run, each no longer than the time-out
_PATIENCE = 10  # times the time-out, for an answer that comes in drops


class ArrError(Exception):
    """What a service answered, or failed to, in one line without the key.

    `is_final`: no further question to this service is worth its wait, or it has forbidden one.
    """

    def __init__(self, message: str, *, is_final: bool = True) -> None:
        super().__init__(message)
        self.is_final = is_final


class Client:
    """Asks one service; every failure is an ArrError. After a final one nothing is asked any more."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._ended: ArrError | None = None
        self._waits = 0
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
        if self._ended is not None:
            raise self._ended
        try:
            return self._answer(method, resource, what)
        except ArrError as error:
            if error.is_final:
                self._ended = error
            raise

    def _answer(self, method: str, resource: str, what: Mapping[str, Any]) -> Any:
        response, text = self._send(method, resource, what)
        while response.status == 429:
            wait_s = _retry_after_s(response.headers.get("Retry-After", ""))
            if wait_s is None or wait_s > self._service.timeout or self._waits == _MOST_WAITS:
                raise ArrError(_too_many(wait_s))
            self._waits += 1
            time.sleep(wait_s)
            response, text = self._send(method, resource, what)
        if response.status not in (200, 201, 202):
            raise self._refusal(response, resource, text)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ArrError(f"what it answers is not JSON; {self._is_it_right()}", is_final=False) from None

    def _send(self, method: str, resource: str, what: Mapping[str, Any]) -> tuple[urllib3.BaseHTTPResponse, str]:
        """Return the response and its text, freed from the key."""
        url = f"{self._service.url}/api/v3/{resource}"
        try:
            response = self._pool.request(method, url, redirect=False, preload_content=False, **what)
            try:
                body = self._read(response)
            finally:
                response.close()
        except HTTPError as error:
            raise ArrError(self._in_words(error)) from None
        return response, self._service.redact(body.decode("utf-8", "replace"))

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
            return f"no safe connection: {self._service.redact(_tls_fault(error))}"
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
            return ArrError(f"it knows no /api/v3/{resource} (404); {self._is_it_right()}", is_final=False)
        return ArrError(f"it answers {status}{f': {said}' if said else ''}", is_final=status in (502, 503, 504))


def _retry_after_s(value: str) -> float | None:
    """Return the seconds that a Retry-After asks for (RFC 9110, 10.2.3: a number, or a date); None if it has none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):  # also of a date without a zone, which cannot be compared
        return None


def _too_many(wait_s: float | None) -> str:
    said = "it answers 429: too many requests"
    if wait_s is None:
        return f"{said}; it is left alone for this run"
    until = datetime.now().astimezone() + timedelta(seconds=wait_s)
    return f"{said}; it asks to be left alone until {until:%Y-%m-%d %H:%M}"


def _tls_fault(error: SSLError) -> str:
    """Return what is wrong, and for a certificate that nobody here knows the way to make it known."""
    text = " ".join(str(error).split())
    if "certificate verify failed" not in text.lower():
        return f"{text}; does it speak TLS (https) there?"
    reason = text.partition("certificate verify failed:")[2].partition("(_ssl")[0].strip() or text
    if "hostname" in reason.lower() or "ip address" in reason.lower():
        return f"its certificate is for another name ({reason.rstrip('.')})"
    return (
        f"its certificate is not trusted ({reason}); if it is your own, put it, or that of its authority, into a file"
        " and name that in SSL_CERT_FILE"
    )


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
