"""Libraries in memory where there is some: these tests are about what is written, not about how long a disk takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import Library


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder, in memory if possible."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="cineorg-", dir="/dev/shm") as base:
        yield Path(base)


@pytest.fixture
def library(in_memory: Path) -> Library:
    """Return an empty library."""
    return Library(in_memory)
