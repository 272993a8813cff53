"""`cineorg` and `python -m cineorg`: Ctrl-C has its exit code even while the command's modules are being loaded."""

from __future__ import annotations

import sys

from .errors import EXIT_INTERRUPTED


def run() -> None:
    """Run the command line as a program and exit with its code."""
    try:
        from .commands.group import main

        code = main()
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    run()
