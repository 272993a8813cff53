"""Fixtures: a library, a server on it, and a browser."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

# pytest imports test files by path and leaves sys.path alone, so that `web_library` must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from web_library import Server, WebLibrary


@pytest.fixture
def library(tmp_path: Path) -> Iterator[WebLibrary]:
    """Return an empty library."""
    with ExitStack() as stack:
        yield WebLibrary(tmp_path, stack)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server on a library with faults, which has been analysed; for tests that only read."""
    with ExitStack() as stack:
        server = WebLibrary(tmp_path_factory.mktemp("served"), stack).with_faults().serve()
        server.analyse("integrity")
        yield server


@pytest.fixture
def chromium() -> str:
    """Return the browser's path; without one the test skips, or fails where the tests' tools must be there."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            reason = f"{program} is not installed (Debian: chromium, chromium-driver)"
            if os.environ.get("CINEORG_TESTS_NEED_TOOLS"):
                pytest.fail(reason)
            pytest.skip(reason)
    return str(shutil.which("chromium"))
