"""`cineorg explain` of a row, run for the page: one at a time, for each looks at the whole library."""

from __future__ import annotations

import subprocess
import sys
import threading

from cineorg.plugin import terminal_text

_PATIENCE_S, _MOST_LINES = 120.0, 400
_lock = threading.Lock()


def explain(words: list[str]) -> str:
    """Return what a cineorg command prints as a table, or why it does not."""
    command = [sys.executable, "-P", "-m", "cineorg", words[0], "--format", "table", "--limit", "0", *words[1:]]
    with _lock:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE_S
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {_PATIENCE_S:g} s"
    text = (done.stdout or done.stderr).decode("utf-8", "replace")
    return "\n".join(map(terminal_text, text.splitlines()[:_MOST_LINES]))
