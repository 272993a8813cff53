"""Fixtures: a library, a server on it, and a browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

# pytest imports test files by path and leaves sys.path alone, so that `web_library` must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from web_browser import Browser
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
def chromium() -> tuple[str, str]:
    """Return the paths of the browser and its driver.

    Without them the test skips, or fails where the environment says that tools must be there.
    """
    found = [(program, shutil.which(program)) for program in ("chromium", "chromedriver")]
    missing = [program for program, path in found if path is None]
    if missing:
        reason = f"{' and '.join(missing)} not installed (Debian: chromium, chromium-driver)"
        if os.environ.get("CINEORG_TESTS_NEED_TOOLS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return str(found[0][1]), str(found[1][1])


@pytest.fixture
def browse(chromium: tuple[str, str]) -> Iterator[Callable[..., Browser]]:
    """Return a function that opens the page of a server in a browser; no page may have complained in the end."""
    opened: list[Browser] = []
    with tempfile.TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as profiles:

        def start(server: Server, **options: Any) -> Browser:
            opened.append(Browser(chromium, f"{profiles}/{len(opened)}", server, **options))
            return opened[-1]

        try:
            yield start
            assert [browser.complaints() for browser in opened] == [[] for _ in opened]
        finally:
            for browser in opened:
                browser.driver.quit()
