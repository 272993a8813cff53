"""Sends a notice by apprise. An address holds secrets: it is in no message and no log."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from cineorg.plugin import ConfigError

_KEYS = ("urls", "commands")
VARIABLE = "CINEORG_NOTIFY_URLS"


def addresses(table: Mapping[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Return the services' addresses: of the environment, or of [plugin.notify]; raises ConfigError."""
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise ConfigError(f"unknown key {unknown[0]!r} in [plugin.notify]; known are {', '.join(_KEYS)}")
    urls = environment.get(VARIABLE, "").split() or _texts(table, "urls")
    if not all(re.match(r"[a-z][a-z0-9]*://", url, re.IGNORECASE) for url in urls):
        raise ConfigError(f"each of `urls` in [plugin.notify], or of {VARIABLE}, is an address such as ntfy://topic")
    return urls


def is_wanted(command: str, table: Mapping[str, Any]) -> bool:
    """Return whether a command's reports are told without being asked for: all, or those that `commands` names."""
    return "commands" not in table or command in _texts(table, "commands")


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(f"`{key}` in [plugin.notify] must be a list of texts")
    return value


def send(urls: list[str], title: str, body: str) -> list[str]:
    """Send a notice to every address and return a line for each that did not take it."""
    import apprise  # nobody else pays for its 0.3 s

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    problems = []
    for number, url in enumerate(urls, 1):
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            problems.append(f"address {number} of `urls` is none that apprise knows")
            continue
        notifier = apprise.Apprise()
        notifier.add(service)
        if not notifier.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            problems.append(f"{service.service_name} (address {number} of `urls`) did not take the notice")
    return problems
