"""How cineorg was called, so that what it prints to be typed can be typed in the same shell."""

from __future__ import annotations

import os
import shlex
import shutil
import sys

from ...paths import to_bytes


def program() -> str:
    """Return how to call cineorg again: from a virtual environment it may not be on the PATH."""
    called = sys.argv[0]
    folder, name = os.path.split(called)
    if name != "cineorg" or not folder:
        return "cineorg"  # `python -m cineorg`, as other programs call it: its reader has the command
    found = shutil.which("cineorg")
    return "cineorg" if found and os.path.realpath(found) == os.path.realpath(called) else shell_word(called)


def shell_word(word: str) -> str:
    """Return a word as a shell takes it, in characters that a terminal shows and lets one copy.

    What is not printable, or not UTF-8, is spelled `$'\\ooo'` as POSIX.1-2024 has it (and bash, zsh, ksh before).
    """
    if word.isprintable():  # which no surrogate is
        return shlex.quote(word)
    return "$'" + "".join(_shell_byte(byte) for byte in to_bytes(word)) + "'"


def _shell_byte(byte: int) -> str:
    char = chr(byte)
    return char if (char.isalnum() and char.isascii()) or char in "/ ._-+=:,()[]" else f"\\{byte:03o}"
