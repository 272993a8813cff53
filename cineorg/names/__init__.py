"""What file names say. Pure: no file is opened, and guessit is imported only when a name needs it.

`read_numbers` is the cheap answer wherever episode numbers decide; `read_strict` reads canonical names and clean
releases and declines the rest; `NameReader` reads anything.
"""

from __future__ import annotations

from .episodes import read_numbers
from .extras import is_extra
from .folders import season_of_folder
from .model import NameInfo, from_json, to_json
from .reader import NameReader, cache_key
from .strict import read_strict

__all__ = [
    "NameInfo",
    "NameReader",
    "cache_key",
    "from_json",
    "is_extra",
    "read_numbers",
    "read_strict",
    "season_of_folder",
    "to_json",
]
