"""Puts into the documents what their examples print now: `python tests/docs/update_examples.py DOCUMENT...`.

A document is a page of man/, or `README.md: SECTION`; without one, all are updated. An example whose output is shown
gets the new one. A line `?` asks for all of it, `?3` for its first three lines; where a line of three dots stands for
lines left out, as many lines stay before and after it as there were. Run `python man/generate.py` after it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from documents import Example, documents, examples_of, path_of, readme  # noqa: E402
from sandbox import COLUMNS, Sandbox, Typed, is_as_shown  # noqa: E402


def main() -> None:
    for document in sys.argv[1:] or documents():
        examples = examples_of(document)
        with tempfile.TemporaryDirectory(prefix="cineorg-") as base:
            update(document, list(zip(examples, Sandbox(Path(base)).type(examples), strict=True)))


def update(document: str, results: list[tuple[Example, Typed]]) -> None:
    """Write the new output into the document's file."""
    path = path_of(document)
    lines = path.read_text("utf-8").split("\n")
    for example, typed in reversed(results):
        for words, code in typed.runs:
            print(f"{document}:{example.line}: {code} {' '.join(words)}")
        if example.output is None or is_as_shown(typed.lines, example.output):
            continue
        new = shortened(typed.lines, example.output)
        first = example.line - 1 + len(example.command.split("\n"))
        lines[first : first + len(example.output)] = new
        print(f"{document}:{example.line}: updated")
        for line in new:
            if len(line) > COLUMNS:
                print(f"{document}:{example.line}: too wide: {line}")
    path.write_text("\n".join(lines), "utf-8")
    readme.cache_clear()  # its lines have other numbers now


def shortened(lines: list[str], shown: list[str]) -> list[str]:
    """Return new lines, cut where those that were shown are cut."""
    if re.fullmatch(r"\?\d+", shown[0]):
        number = int(shown[0][1:])
        return lines if len(lines) <= number else [*lines[:number], "..."]
    if "..." in shown:
        before = shown.index("...")
        after = len(shown) - before - 1
        return [*lines[:before], "...", *lines[len(lines) - after :]]
    return lines


if __name__ == "__main__":
    main()
