"""Every test is away from the user's own settings, and can import `helpers`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# pytest imports test files by path and leaves sys.path alone, so that `helpers` must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from cineorg import testing

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
def away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return an empty home folder; nothing of the user's environment reaches the code or a child process."""
    folder = tmp_path_factory.mktemp("home")
    with testing.away_from_home(folder):
        yield folder
    gc.enable()  # commands that walk a library turn it off


@pytest.fixture
def library(tmp_path: Path) -> testing.Library:
    """Return an empty library: two folders and the place of a catalogue."""
    return testing.Library(tmp_path)
