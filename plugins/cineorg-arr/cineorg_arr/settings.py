"""Where Sonarr and Radarr are and what opens them: environment > table [plugin.arr] of the config file.

A key is never repeated, not in an error and not in a repr; nor is an address, which may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cineorg.plugin import ConfigError

RADARR, SONARR = "radarr", "sonarr"
NAMES = {RADARR: "Radarr", SONARR: "Sonarr"}
DEFAULT_TIMEOUT_S = 30.0
_TABLE = "[plugin.arr]"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,}")
_KEYS = ("sonarr_url", "sonarr_key", "radarr_url", "radarr_key", "timeout")


@dataclass(frozen=True, slots=True)
class Service:
    """One service: `url` has no slash at its end, `timeout` is in seconds without any answer."""

    id: str
    url: str = field(repr=False)
    key: str = field(repr=False)
    timeout: float = DEFAULT_TIMEOUT_S

    @property
    def name(self) -> str:
        """Return the name for people."""
        return NAMES[self.id]

    def redact(self, text: str) -> str:
        """Return a text without the key, should it be in there."""
        return text.replace(self.key, "[key]")


def variables(service: str) -> tuple[str, str]:
    """Return the environment variables of a service's address and key."""
    return f"CINEORG_{service.upper()}_URL", f"CINEORG_{service.upper()}_API_KEY"


def load_services(table: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Service]:
    """Return the services that are configured, by id; raises ConfigError, also if there is none."""
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise ConfigError(f"unknown key {unknown[0]!r} in {_TABLE} of the config file; known are {', '.join(_KEYS)}")
    timeout = _timeout(table.get("timeout", DEFAULT_TIMEOUT_S))
    services = {}
    for service in (RADARR, SONARR):
        url, key = (_value(table, environment, service, which) for which in ("url", "key"))
        if url[0] and key[0]:
            services[service] = Service(service, _checked_url(*url), _checked_key(*key), timeout)
        elif url[0] or key[0]:
            missing = variables(service)[1 if url[0] else 0]
            name = f"{service}_{'key' if url[0] else 'url'}"
            raise ConfigError(f"{(url if url[0] else key)[1]} is set and {missing} ({name} in {_TABLE}) is not")
    if not services:
        names = " and ".join(f"{variables(service)[0]} with {variables(service)[1]}" for service in (SONARR, RADARR))
        raise ConfigError(f"neither Sonarr nor Radarr is known: set {names}, or their keys in {_TABLE}")
    return services


def _value(table: Mapping[str, Any], environment: Mapping[str, str], service: str, which: str) -> tuple[str, str]:
    """Return a setting, "" if there is none, and where it stands."""
    variable = variables(service)[which == "key"]
    if environment.get(variable):
        return environment[variable], variable
    name = f"{service}_{which}"
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
        raise ConfigError(f"{where} must be an address such as http://127.0.0.1:8989 or https://nas.example/sonarr")
    if parts.auth:
        raise ConfigError(f"{where} must not hold a user or a password")
    return parts.url.rstrip("/")


def _checked_key(key: str, where: str) -> str:
    key = key.strip()
    # It becomes a line of the request: what could end that line would be a header of somebody else's making.
    if not _KEY.fullmatch(key):
        raise ConfigError(f"{where} is no API key: at least 8 letters and digits, without blanks")
    return key


def _timeout(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 3600:
        raise ConfigError(f"timeout in {_TABLE} must be a number of seconds up to 3600")
    return float(value)
