"""A folder shown at another place by a FUSE process of ours, which a test may stop: then no call on it returns."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Whatever is installed; each in the foreground, with as little kept in the kernel as it can be told.
PROGRAMS = {
    "bindfs": ["-f", "-o", "attr_timeout=0,entry_timeout=0,negative_timeout=0"],
    "mergerfs": ["-f", "-o", "cache.attr=0,cache.entry=0,cache.negative_entry=0,cache.files=off"],
}


class FuseMount:
    """What a FUSE process shows at `path`."""

    def __init__(self, path: str, process: subprocess.Popen[bytes]) -> None:
        self.path, self._process = path, process

    def stop(self) -> None:
        """Let it answer no more: it is there, and every call waits."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def fuse_mounted(folder: str | Path, path: str | Path, program: str = "") -> Iterator[FuseMount]:
    """Show `folder` at `path`; skips the test where no such program is installed, or mounting is not allowed."""
    found = program or next(filter(shutil.which, PROGRAMS), "")
    if not found or not shutil.which(found):
        pytest.skip(f"none of {', '.join(PROGRAMS)} is installed")
    os.makedirs(path, exist_ok=True)
    device = os.stat(path).st_dev
    words = [found, *PROGRAMS[found], os.fspath(folder), os.fspath(path)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if os.stat(path).st_dev != device:
                break
            if process.poll() is not None:
                pytest.skip(f"{found} cannot mount here")
            time.sleep(0.02)
        yield FuseMount(os.fspath(path), process)
    finally:
        process.send_signal(signal.SIGCONT)
        subprocess.run(["umount", "-l", path], check=False, stderr=subprocess.DEVNULL)
        process.terminate()
        process.wait(10)
