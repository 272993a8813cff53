"""Libraries to be altered, one for a test or one after the other for tests that try every call."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apply.library import Library


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill needs no fsync to be survived; thousands of them on a busy disk take minutes."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path / "library")
    library.build()
    return library


@pytest.fixture
def new_library(tmp_path: Path) -> Iterator[Callable[[], Library]]:
    """Yield a function that makes the library anew, at the same place; in memory: it is called thousands of times."""
    memory = "/dev/shm"
    base = Path(tempfile.mkdtemp(prefix="cineorg-", dir=memory)) if os.access(memory, os.W_OK) else tmp_path
    library, kept = Library(base / "library"), base / "kept.db"

    def make() -> Library:
        if not kept.exists():
            library.build()
            shutil.copy(library.db, kept)
            return library
        shutil.rmtree(library.base)
        library.build_trees()
        shutil.copy(kept, library.db)
        return library

    yield make
    shutil.rmtree(base)
