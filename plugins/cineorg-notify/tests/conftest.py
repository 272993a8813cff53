"""Fixtures: a library with broken links, one of which can be repaired, and a service that notices arrive at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# pytest imports test files by path and leaves sys.path alone, so that this must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent))

from notify_library import NotifyLibrary, Service


@pytest.fixture
def service() -> Iterator[Service]:
    """Return a service; it ends with the test."""
    started = Service()
    yield started
    started.end()


@pytest.fixture
def library(tmp_path: Path, service: Service) -> NotifyLibrary:
    """Return a library whose notices arrive at the service."""
    return NotifyLibrary(tmp_path, service.url)
