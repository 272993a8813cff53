"""Where cineorg keeps what it may forget, such as its last reports: below `$XDG_STATE_HOME`, by library."""

from __future__ import annotations

import hashlib
import os

from .configuration import Settings


def state_path(settings: Settings, kind: str) -> str:
    """Return `$XDG_STATE_HOME/cineorg/KIND/LIBRARY`, a name of its own for each library."""
    base = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):  # as the XDG base directory specification has it, such a value counts as none
        base = os.path.expanduser("~/.local/state")
    library = "\0".join([*settings.storage, "", settings.video, settings.db])
    return os.path.join(base, "cineorg", kind, hashlib.sha256(os.fsencode(library)).hexdigest()[:16])
