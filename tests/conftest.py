"""Every test is away from the user's own settings, and can import `helpers`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# pytest imports test files by path and leaves sys.path alone, so that `helpers` must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from helpers import Library

# An example that waits for a busy disk is no failure.
settings.register_profile("without clock", deadline=None)
settings.load_profile("without clock")


@pytest.fixture(autouse=True, scope="session")
def nothing_installed() -> Iterator[None]:
    """What happens to be installed beside us is no part of what is tested, in fixtures of whole modules neither."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CINEORG_LOAD_PLUGINS", "")
        yield


@pytest.fixture(autouse=True)
def away_from_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return an empty home folder; nothing of the user's environment reaches the code or a child process."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("CINEORG_", "XDG_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "COLUMNS", "LINES", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("CINEORG_LOAD_PLUGINS", "")
    yield home
    gc.enable()  # commands that walk a library turn it off


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return an empty library: two folders and the place of a catalogue."""
    return Library(tmp_path)
