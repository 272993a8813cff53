"""What was told before: for each report and kind the findings, as short digests, in one file a library.

It is a convenience: where it cannot be read everything is new, where it cannot be written it will be again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress

from cineorg.plugin import Settings, state_path, to_bytes

Told = dict[str, dict[str, list[str]]]  # command → kind → digests


def digest(path: str) -> str:
    """Return what stands for the path of a finding."""
    return hashlib.blake2b(to_bytes(path), digest_size=8).hexdigest()


def load(settings: Settings) -> Told:
    """Return what was told before."""
    try:
        with open(_path(settings), encoding="ascii") as file:
            told: Told = json.load(file)
        is_right = isinstance(told, dict) and all(
            isinstance(kinds, dict) and all(isinstance(found, list) for found in kinds.values())
            for kinds in told.values()
        )
        return told if is_right else {}
    except (OSError, ValueError):
        return {}


def save(settings: Settings, told: Told) -> None:
    """Remember what has been told, whole or not at all."""
    path = _path(settings)
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False, encoding="ascii") as file:
            json.dump(told, file)
        os.replace(file.name, path)


def _path(settings: Settings) -> str:
    return state_path(settings, "notify") + ".json"
