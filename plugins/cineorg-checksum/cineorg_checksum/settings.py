"""The plugin's settings: an option of the command is stronger than the table [plugin.checksum] of the config file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cineorg.plugin import MAX_JOBS, ConfigError, Settings, read_age

TABLE = "checksum"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")


@dataclass(frozen=True, slots=True)
class ChecksumSettings:
    """`jobs`: files at a time. `again`: the age, as `read_age` reads it, at which a reading is to be repeated."""

    jobs: int = 1
    again: str = "90d"


def load_checksum_settings(settings: Settings, flags: Mapping[str, Any]) -> ChecksumSettings:
    """Return the settings; `flags` has the options that were given (None: not given). Raises ConfigError."""
    values = dict(settings.plugin.get(TABLE, {}))
    known = [field.name for field in fields(ChecksumSettings)]
    for name, value in values.items():
        where = f"{settings.config}: the key {name!r} in [plugin.{TABLE}]"
        if name not in known:
            raise ConfigError(f"{where} is unknown; known are {', '.join(known)}")
        if name == "jobs" and not (type(value) is int and 1 <= value <= MAX_JOBS):
            raise ConfigError(f"{where} must be a whole number from 1 to {MAX_JOBS}, not {value!r}")
        if name == "again" and not _is_age(value):
            raise ConfigError(f'{where} must be an age such as "12h", "30d", "4w" or "0", not {value!r}')
    values |= {name: value for name, value in flags.items() if value is not None}
    return ChecksumSettings(**values)


def _is_age(value: Any) -> bool:
    try:
        return isinstance(value, str) and read_age(value) is not None
    except ValueError:
        return False


def seconds_of(text: str) -> float:
    """Return the seconds that `90s`, `45m`, `2h` or `1d` mean; raises ValueError for anything else, and for 0."""
    found = _TIME.fullmatch(text)
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not seconds or not math.isfinite(seconds):
        raise ValueError(f"{text!r} is no time; say e.g. 90s, 45m, 2h")
    return seconds
