"""Fixtures: a library with a broken link that can be repaired, and media servers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# pytest imports test files by path and leaves sys.path alone, so that these must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from media_server import MediaServer
from refresh_library import RefreshLibrary


@pytest.fixture
def library(tmp_path: Path) -> RefreshLibrary:
    """Return the library."""
    return RefreshLibrary(tmp_path)


@pytest.fixture
def start() -> Iterator[Callable[..., MediaServer]]:
    """Return a function that starts a media server; all end with the test."""
    started: list[MediaServer] = []

    def begin(kind: str, **options: dict[str, str]) -> MediaServer:
        started.append(MediaServer(kind, **options))
        return started[-1]

    yield begin
    for server in started:
        assert server.refused == []
        server.end()
