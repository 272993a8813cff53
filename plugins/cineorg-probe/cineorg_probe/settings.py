"""The plugin's settings: an option of the command is stronger than the table [plugin.probe] of the config file."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cineorg.plugin import MAX_JOBS, ConfigError, Settings

TABLE = "probe"
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)")


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """`ffprobe`: name or path; `timeout`: seconds a file; `duration_tolerance`: a share of what is expected."""

    ffprobe: str = "ffprobe"
    jobs: int = 4
    timeout: float = 30.0
    duration_tolerance: float = 0.25


def load_probe_settings(settings: Settings, flags: Mapping[str, Any] | None = None) -> ProbeSettings:
    """Return the settings; `flags` has the options that were given (None: not given). Raises ConfigError."""
    values = dict(settings.plugin.get(TABLE, {}))
    known = [field.name for field in fields(ProbeSettings)]
    for name, value in values.items():
        if name not in known:
            raise ConfigError(
                f"{settings.config}: unknown key {name!r} in [plugin.{TABLE}]; known are {', '.join(known)}"
            )
        try:
            values[name] = _READERS[name](value, os.path.dirname(settings.config))
        except TypeError as error:
            raise ConfigError(
                f"{settings.config}: the key {name!r} in [plugin.{TABLE}] must be {error}, not {value!r}"
            ) from None
    values |= {name: value for name, value in (flags or {}).items() if value is not None}
    return ProbeSettings(**values)


def seconds_of(text: str) -> float:
    """Return the seconds that `30`, `30s`, `5m`, `2h` or `1d` mean; raises ValueError for anything else, and for 0."""
    found = _TIME.fullmatch(text)
    value = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not value or not math.isfinite(value):
        raise ValueError(f"{text!r} is no time: expected seconds, or a number with s, m, h or d such as 90s or 2h")
    return value


def _program(value: Any, base: str) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise TypeError("the name or the path of a program")
    return os.path.join(base, os.path.expanduser(value)) if "/" in value else value


def _jobs(value: Any, base: str) -> int:
    del base
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_JOBS:
        raise TypeError(f"a whole number from 1 to {MAX_JOBS}")
    return value


def _time(value: Any, base: str) -> float:
    del base
    try:
        return seconds_of("" if isinstance(value, bool) else str(value))
    except ValueError:
        raise TypeError('seconds, or a time such as "90s" or "5m"') from None


def _share(value: Any, base: str) -> float:
    del base
    try:
        if isinstance(value, str) and value.endswith("%"):
            value = float(value[:-1]) / 100
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
            raise ValueError
        return float(value)
    except ValueError:
        raise TypeError('a share such as 0.25 or "25%"') from None


_READERS = {"ffprobe": _program, "jobs": _jobs, "timeout": _time, "duration_tolerance": _share}
