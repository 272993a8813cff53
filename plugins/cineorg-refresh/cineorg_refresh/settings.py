"""Where the media servers are and what opens them: environment > table [plugin.refresh] of the config file.

A key is never repeated, not in an error and not in a repr.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cineorg.plugin import ConfigError

NAMES = {"jellyfin": "Jellyfin", "emby": "Emby", "plex": "Plex", "kodi": "Kodi"}
KEYLESS = frozenset({"kodi"})  # it may be without a password
DEFAULT_TIMEOUT_S = 10.0
_TABLE = "[plugin.refresh]"
_KEY = re.compile(r"[\x21-\x7e]{4,}")
_KEYS = (*(f"{name}_{what}" for name in NAMES for what in ("url", "key", "map")), "map", "timeout")


@dataclass(frozen=True, slots=True)
class Server:
    """One media server: `url` has no slash at its end, `places` maps our folders to what it calls them."""

    id: str
    url: str = field(repr=False)
    key: str = field(repr=False)
    places: Mapping[str, str]
    timeout: float

    @property
    def name(self) -> str:
        """The name for people."""
        return NAMES[self.id]


def variables(server: str) -> tuple[str, str]:
    """Return the environment variables of a server's address and key."""
    return f"CINEORG_{server.upper()}_URL", f"CINEORG_{server.upper()}_API_KEY"


def load_servers(table: Mapping[str, Any], environment: Mapping[str, str]) -> list[Server]:
    """Return the servers that are configured; raises ConfigError where one is half configured, or wrongly."""
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise ConfigError(f"unknown key {unknown[0]!r} in {_TABLE} of the config file; known are {', '.join(_KEYS)}")
    timeout = _timeout(table.get("timeout", DEFAULT_TIMEOUT_S))
    common = _places(table.get("map", {}), "map")
    servers = []
    for server in NAMES:
        url, key = (_value(table, environment, server, what) for what in ("url", "key"))
        if url[0] and (key[0] or server in KEYLESS):
            places = common | _places(table.get(f"{server}_map", {}), f"{server}_map")
            servers.append(Server(server, _checked_url(*url), _checked_key(*key), places, timeout))
        elif url[0] or key[0]:
            missing = "key" if url[0] else "url"
            variable = variables(server)[missing == "key"]
            raise ConfigError(
                f"{(url if url[0] else key)[1]} is set and {variable} ({server}_{missing} in {_TABLE}) is not"
            )
    return servers


def _value(table: Mapping[str, Any], environment: Mapping[str, str], server: str, what: str) -> tuple[str, str]:
    """Return a setting, "" if there is none, and where it stands."""
    variable = variables(server)[what == "key"]
    if environment.get(variable):
        return environment[variable], variable
    name = f"{server}_{what}"
    value = table.get(name, "")
    if not isinstance(value, str):
        raise ConfigError(f"{name} in {_TABLE} must be a text")
    return value, f"{name} in {_TABLE}"


def _checked_url(url: str, where: str) -> str:
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        parts = parse_url(url.strip())
    except LocationParseError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.host or parts.query or parts.fragment:
        raise ConfigError(f"{where} must be an address such as http://127.0.0.1:8096 or https://nas.example/jellyfin")
    if parts.auth:
        raise ConfigError(f"{where} must not hold a user or a password")
    return parts.url.rstrip("/")


def _checked_key(key: str, where: str) -> str:
    key = key.strip()
    # It becomes a line of the request: what could end that line would be a header of somebody else's making.
    if key and not _KEY.fullmatch(key):
        raise ConfigError(f"{where} is no key: at least 4 letters and digits, without blanks")
    return key


def _places(value: Any, name: str) -> dict[str, str]:
    is_right = isinstance(value, dict) and all(
        isinstance(seen, str) and ours.startswith("/") and seen for ours, seen in value.items()
    )
    if not is_right:
        raise ConfigError(f'{name} in {_TABLE} must be a table of folders, e.g. {{ "/srv/video" = "/media/video" }}')
    return dict(value)


def _timeout(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 600:
        raise ConfigError(f"timeout in {_TABLE} must be a number of seconds up to 600")
    return float(value)
