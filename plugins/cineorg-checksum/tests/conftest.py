"""A library on a real disk, and the package found although it may not be installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# pytest imports test files by path and leaves sys.path alone: the package may not be installed, the helpers never are.
sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from checksum_helpers import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library without a catalogue and without a film."""
    return Library(tmp_path)
