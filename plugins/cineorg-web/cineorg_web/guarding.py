"""Who may ask for what: the right host, the right method, a request of our own page; and the headers of every answer.

Host: a page elsewhere can make its own name resolve to this machine (DNS rebinding) and would then read ours; so only
names that are ours are answered. Origin: a page elsewhere can send a form here without reading the answer; so what
starts something must come from our page, or from a program, which sends neither header.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?", re.IGNORECASE)
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    # Not no-referrer: with that a browser sends `Origin: null` with our own form.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, names: frozenset[str], any_address: bool) -> None:
        """Answer requests for the hosts `names`; with `any_address` for every IP address as well.

        An address cannot be made to point here by somebody else, as a name can.
        """
        self._app, self._names, self._any_address = app, names, any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # a websocket: the server refuses what nobody accepts

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return PlainTextResponse("This address is not one that the page answers to.\n", 421)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET, HEAD and POST.\n", 405, {"allow": "GET, HEAD, POST"})
        if method == "POST" and not _is_same_site(headers, hosts[0]):
            return PlainTextResponse("An analysis can only be started or ended from the page itself.\n", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        name = host_name(host)
        return name in self._names or (self._any_address and _is_address(name))


def host_name(host: str) -> str:
    """Return the name in a Host header, in lower case and without port, brackets and final dot; "" if it is none."""
    match = _HOST.fullmatch(host)
    return match.group(1).strip("[]").rstrip(".").lower() if match else ""


def own_names(host: str, more: Iterable[str]) -> frozenset[str]:
    """Return the names under which a server that is bound to `host`, reachable from elsewhere, may be asked for."""
    machine = socket.gethostname().lower()
    short = machine.partition(".")[0]
    names = {host, machine, short, f"{short}.local", socket.getfqdn(), *more}
    return LOOPBACK_NAMES | {name.rstrip(".").lower() for name in names if name}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_same_site(headers: Headers, host: str) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    return origin is None or origin.lower() in (f"http://{host}".lower(), f"https://{host}".lower())
