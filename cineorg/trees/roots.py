"""Whether the roots of a library can be what the user meant, before anything is read."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..errors import ConfigError
from ..paths import is_inside, nfc
from ..settings.configuration import Settings
from .offline import Place
from .time_limit import ask_or, real_path


def check_roots(settings: Settings, before: Mapping[str, Place]) -> None:
    """Raise ConfigError when the roots cannot be what the user meant."""
    if not settings.video:
        raise ConfigError("no video root: give --video DIR, CINEORG_VIDEO_DIR, or `video` in the config file")
    known = settings.video in before
    if not known and not ask_or(os.path.isdir, settings.video, True):  # one that is silent is told of by the walk
        what = "is not a folder" if os.path.lexists(settings.video) else "does not exist"
        raise ConfigError(f"the video root {settings.video} {what}; name the folder of your links with --video")
    _check_overlap(settings)
    for root in settings.storage:
        if ask_or(os.path.isfile, root, False):
            raise ConfigError(f"the storage root {root} is not a folder; name the folder of your files with --storage")


def _check_overlap(settings: Settings) -> None:
    """Raise ConfigError when a folder would be walked twice, once for each of two roots."""
    scope = {nfc(name).casefold() for name in settings.scoped_folders()}
    real = [(root, real_path(root)) for root in settings.roots()]
    for outer_place, (outer, outer_real) in enumerate(real):
        for inner_place, (inner, inner_real) in enumerate(real):
            if inner_place == outer_place or not is_inside(inner_real, outer_real):
                continue
            below = nfc(inner_real[len(outer_real.rstrip("/")) + 1 :]).casefold()
            if not below or "." in scope or any(is_inside(below, name) or is_inside(name, below) for name in scope):
                raise ConfigError(f"the roots {outer} and {inner} lie in one another; each folder may be in one only")
