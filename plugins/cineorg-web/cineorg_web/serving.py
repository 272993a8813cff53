"""The server: the socket is opened here, so that what keeps it from opening is one line, and Ctrl-C ends all of it."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import os
import signal
import socket
import sys
import webbrowser
from dataclasses import dataclass
from threading import Thread
from types import FrameType
from typing import Any

import click
import uvicorn

from cineorg.plugin import EXIT_OK, CineorgError, ConfigError, RefusedError, Settings, terminal_text

from .app import build_app
from .base_path import BelowBase
from .connections import BACKLOG, LimitedProtocol
from .guarding import LOOPBACK_NAMES, Guard, own_names
from .maintenance import Maintenance

_PATIENCE_S = 3  # for answers under way when the server ends
_SILENCE_S, _MOST_REMEMBERED = 60.0, 50


class AddressError(CineorgError):
    """The address cannot be listened on."""


@dataclass(frozen=True)
class Bind:
    """Where to listen."""

    host: str
    port: int
    allow_remote: bool
    base: str = ""


class _Server(uvicorn.Server):
    """Tells the streams of progress that it is over before it waits for them to end."""

    def __init__(self, config: uvicorn.Config, maintenance: Maintenance) -> None:
        super().__init__(config)
        self._maintenance = maintenance

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._maintenance.stop()
        await super().shutdown(sockets)


def serve(settings: Settings, flags: list[str], bind: Bind, open_page: bool) -> int:
    """Serve the page until a signal ends it; Ctrl-C raises KeyboardInterrupt."""
    signal.signal(signal.SIGTERM, _end)
    hosts = _more_hosts(settings)
    listener = open_socket(bind)
    _log_to_stderr()
    try:
        address = f"{page_address(listener).rstrip('/')}{bind.base}/"
        with contextlib.closing(Maintenance(settings, flags)) as maintenance:
            is_remote = not _is_loopback(listener.getsockname())
            names = own_names(bind.host, hosts) if is_remote else LOOPBACK_NAMES | {bind.host.lower()}
            app = Guard(
                BelowBase(build_app(maintenance, bind.base), bind.base), frozenset(names), any_address=is_remote
            )
            config = uvicorn.Config(
                app,
                access_log=False,
                backlog=BACKLOG,
                http=LimitedProtocol,
                log_config=None,
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_PATIENCE_S,
                ws="none",
            )
            click.echo(address)
            sys.stdout.flush()
            if is_remote:
                click.echo("cineorg: everybody who can reach this address can see the page", err=True)
            if not maintenance.folder.is_kept:
                click.echo(
                    "cineorg: the results of this server are not kept when it ends: "
                    f"{terminal_text(maintenance.folder.why_not)}",
                    err=True,
                )
            click.echo("cineorg: Ctrl-C ends the server", err=True)
            if open_page:
                # The listener is open, so the browser waits until the server answers; it may block, so not here.
                Thread(target=webbrowser.open, args=[address], daemon=True).start()
            _Server(config, maintenance).run(sockets=[listener])
    finally:
        listener.close()
    return EXIT_OK


def _end(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does, with the exit code that a shell gives to a signal."""
    raise SystemExit(128 + number)


def open_socket(bind: Bind) -> socket.socket:
    """Return a listening socket; raises AddressError, or RefusedError where other machines would see the page."""
    shown = terminal_text(bind.host)
    if not bind.host:
        raise AddressError("--host was given an empty value")
    try:
        found = socket.getaddrinfo(bind.host, bind.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(f"--host {shown}: {reason.lower()}; name an address of this machine") from None
    if not bind.allow_remote and not all(_is_loopback(address) for *_, address in found):
        raise RefusedError(
            f"on {shown} other machines could see the page, which has no password; "
            "add --allow-remote if that is what you want"
        )
    problem: OSError | None = None
    for family, kind, protocol, _, address in found:  # localhost is often ::1, too, where there is no IPv6
        try:
            return _listen(socket.socket(family, kind, protocol), address)
        except OSError as error:
            problem = problem if problem and problem.errno == errno.EADDRINUSE else error
    raise AddressError(f"cannot listen on {shown} port {bind.port}: {_why(problem or OSError('no address'))}")


def _listen(listener: socket.socket, address: Any) -> socket.socket:
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program is using that port; name another with --port, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return "only root may; name a port from 1024 on with --port"
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return "that is no address of this machine"
    return (error.strerror or str(error)).lower()


def page_address(listener: socket.socket) -> str:
    """Return the address to type into a browser; for a socket on every address, the one on this machine."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _is_loopback(address: tuple[Any, ...]) -> bool:
    return ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback


def _more_hosts(settings: Settings) -> list[str]:
    table = settings.plugin.get("web", {})
    hosts = table.get("hosts", [])
    if set(table) - {"hosts"} or not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise ConfigError(f'{settings.config}: [plugin.web] has one key, `hosts`, a list of names, e.g. ["nas.lan"]')
    return hosts


class _OneLine(logging.Formatter):
    """A fault of the page itself as one line; CINEORG_DEBUG=1 adds the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        line = f"cineorg: {record.getMessage().splitlines()[0]}" + (f": {error!r}" if error else "")
        debug = error is not None and os.environ.get("CINEORG_DEBUG")
        return f"{terminal_text(line)}\n{self.formatException(record.exc_info)}" if debug else terminal_text(line)  # type: ignore[arg-type]


class _NotAgain(logging.Filter):
    """Lets a message pass once a minute: what goes wrong for every connection must not fill a disk."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        key = f"{record.msg} {type(error).__name__}"[:200]
        is_due = record.created - self._told_at.get(key, 0.0) >= _SILENCE_S
        if is_due:
            self._told_at = {**dict(list(self._told_at.items())[-_MOST_REMEMBERED:]), key: record.created}
        return is_due


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    handler.addFilter(_NotAgain())
    for name in ("uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.ERROR)
