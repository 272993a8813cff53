"""Addresses and keys: where they may stand, and what is refused, without ever being repeated."""

from __future__ import annotations

from typing import Any

import pytest
from cineorg_arr.settings import load_services

from cineorg.errors import ConfigError

KEY = "0123456789abcdef"
RADARR = {"radarr_url": "http://127.0.0.1:7878", "radarr_key": KEY}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "neither Sonarr nor Radarr is known: set CINEORG_SONARR_URL"),
    "unknown key": ({**RADARR, "radar_key": KEY}, "unknown key 'radar_key'"),
    "no key": ({"radarr_url": "http://h"}, "CINEORG_RADARR_API_KEY (radarr_key in [plugin.arr]) is not"),
    "no address": ({"sonarr_key": KEY}, "CINEORG_SONARR_URL (sonarr_url in [plugin.arr]) is not"),
    "number for a key": ({**RADARR, "radarr_key": 98765432}, "radarr_key in [plugin.arr] must be a text"),
    "line in a key": ({"radarr_url": "http://h", "radarr_key": f"{KEY}\r\nHost: x"}, "is no API key"),
    "blank in a key": ({"radarr_url": "http://h", "radarr_key": f"{KEY} {KEY}"}, "is no API key"),
    "short key": ({"radarr_url": "http://h", "radarr_key": "98765"}, "is no API key"),
    "no scheme": ({"radarr_url": f"nas:7878/{KEY}", "radarr_key": KEY}, "must be an address such as"),
    "other scheme": ({"radarr_url": f"file:///etc/{KEY}", "radarr_key": KEY}, "must be an address such as"),
    "no host": ({"radarr_url": "http:///radarr", "radarr_key": KEY}, "must be an address such as"),
    "query": ({"radarr_url": f"http://h/?apikey={KEY}", "radarr_key": KEY}, "must be an address such as"),
    "bad port": ({"radarr_url": f"http://h:{KEY}x", "radarr_key": KEY}, "must be an address such as"),
    "password": ({"radarr_url": f"http://me:{KEY}@h", "radarr_key": KEY}, "must not hold a user or a password"),
    "time-out of nothing": ({**RADARR, "timeout": 0}, "timeout in [plugin.arr] must be"),
    "time-out that is none": ({**RADARR, "timeout": True}, "timeout in [plugin.arr] must be"),
    "time-out as text": ({**RADARR, "timeout": "30"}, "timeout in [plugin.arr] must be"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_not_repeated(case: str) -> None:
    table, words = WRONG[case]
    with pytest.raises(ConfigError) as error:
        load_services(table, {})
    assert words in str(error.value)
    for secret in (KEY, "98765"):
        assert secret not in str(error.value)


def test_the_environment_is_stronger_than_the_file() -> None:
    environment = {"CINEORG_RADARR_URL": "https://nas.example/radarr/", "CINEORG_SONARR_URL": ""}
    services = load_services(RADARR, environment)
    assert list(services) == ["radarr"]
    assert (services["radarr"].url, services["radarr"].key) == ("https://nas.example/radarr", KEY)


def test_a_service_does_not_show_its_key() -> None:
    service = load_services({**RADARR, "timeout": 3}, {})["radarr"]
    assert KEY not in repr(service) + str(service)
    assert service.redact(f"a {KEY} b") == "a [key] b"
    assert (service.name, service.timeout) == ("Radarr", 3.0)


def test_an_address_may_be_a_number_of_any_kind() -> None:
    for url in ("http://[::1]:7878", "http://192.168.1.2:7878/radarr", "HTTP://NAS:7878"):
        assert load_services({**RADARR, "radarr_url": url}, {})["radarr"].url.lower() == url.lower()
