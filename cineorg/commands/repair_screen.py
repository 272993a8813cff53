"""What a session shows, as lines for a terminal of some width. Pure.

Nothing that a name holds can steer the terminal. A folder that is too long is shortened in its middle; the name of a
file never is, for its end is what tells it from others.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from ..changes import Candidate
from ..clock import with_local_times
from ..output.terminal import columns_of, shortened_path, wrapped
from ..paths import relative_to, terminal_text
from ..repair.diagnosis import Diagnosis
from ..repair.dialogue.decisions import HAND, REMOVED, RULES, SERIES

NARROWEST = 40
_INDENT = " " * 7
_CUT = "…"
_MOST_LISTED = 12

_HELP = (
    ("", "A number gives the link that file. What speaks against it is said first, and asked once more. When the link"
         " is an episode, the other episodes of its series follow, each that has exactly one file of its own numbers"
         " beside that one."),
    ("Enter", "takes number 1 where it is certain"),
    ("s", "skips this link: it stays as it is"),
    ("S", "skips all that is left of this series"),
    ("/title", "searches the stored files for a title"),
    ("m", "shows more candidates"),
    ("d", "deletes the link; asks once more"),
    ("u", "undoes the last answer, and what followed from it"),
    ("q", "ends here and does what was confirmed so far; so does Ctrl-D"),
    ("Ctrl-C", "ends here and does nothing, unless you then say so"),
    ("", "Nothing is done before the end. Then all is one batch, which `cineorg undo` undoes."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """How to show paths: the width in columns, and the roots that are left out of them."""

    width: int
    video: str
    storage: tuple[str, ...]

    def help(self) -> list[str]:
        """Return what may be answered, and what it does."""
        lines = []
        for answer, text in _HELP:
            lead = f"  {answer:<8} " if answer else ""
            for number, line in enumerate(wrapped(text, max(self.width, NARROWEST) - len(lead))):
                lines.append(f"{' ' * len(lead) if number else lead}{line}")
        return lines

    def link(self, item: Diagnosis, number: int, total: int) -> list[str]:
        """Return what is known of a link: its name, folder, old target, and why it is asked about."""
        path = relative_to(item.link.path, (self.video,))
        # A relative target is shown from the root that it leads into; `..` tells nobody anything.
        target = item.link.target if item.link.target.startswith("/") else item.link.end
        return [
            "",
            f"{number} of {total}: {terminal_text(posixpath.basename(path))}",
            *self._labelled("in", self._folder(posixpath.dirname(path), len(_INDENT))),
            *self._labelled("was", self._path(relative_to(target, self.storage), len(_INDENT))),
            *self._wrapped("why", item.reason or "certain"),
        ]

    def candidates(self, candidates: Sequence[Candidate], first: int, default: int | None) -> list[str]:
        """Return the candidates, numbered from `first`: name and score, then folder and evidence."""
        lines: list[str] = []
        for number, item in enumerate(candidates, first):
            mark = "*" if number == default else " "
            lines.append(f"{mark}{number:>3}.  {terminal_text(posixpath.basename(item.path))}")
            lines += self._labelled("", f"in {self._folder(self._folder_of(item.path), len(_INDENT) + 3)}")
            lines += self._wrapped("", f"{_score(item.score)} %: {item.evidence}")
        return lines

    def certain(self, items: Sequence[Diagnosis]) -> list[str]:
        """Return one block for each link that is certain: its name, its file's, and the evidence."""
        lines = []
        for item in items:
            if item.chosen is not None:
                lines.append(f"  {terminal_text(posixpath.basename(item.link.path))}")
                lines.append(f"    -> {terminal_text(posixpath.basename(item.chosen.path))}")
                lines += self._labelled("", f"in {self._folder(self._folder_of(item.chosen.path), len(_INDENT) + 3)}")
                lines += self._wrapped("", f"{_score(item.chosen.score)} %: {item.chosen.evidence}")
        return lines

    def taken(self, path: str, others: Sequence[Diagnosis]) -> list[str]:
        """Return that a link gets the file at `path`, and which other episodes of its series follow."""
        lines = [f"  -> {terminal_text(posixpath.basename(path))}"]
        if others:
            what = "1 other episode" if len(others) == 1 else f"{len(others)} other episodes"
            numbers = [item.wanted.numbers for item in others]
            listed = numbers if len(numbers) <= _MOST_LISTED else [*numbers[: _MOST_LISTED - 1], _CUT, numbers[-1]]
            lines += self._wrapped("", f"{what} of this series likewise: {', '.join(listed)}")
        return lines

    def _folder_of(self, path: str) -> str:
        # With several roots, two files may have the same place below theirs.
        folder = posixpath.dirname(path)
        return relative_to(folder, self.storage) if len(self.storage) == 1 else folder

    def _path(self, path: str, used: int) -> str:
        """Return a path with its folder shortened so that the whole fits, if that suffices."""
        folder, name = posixpath.split(path)
        shown = terminal_text(name)
        if not folder:
            return shown
        room = max(self.width - used - columns_of(shown) - 1, 12)
        return f"{shortened_path(terminal_text(folder), room).rstrip('/')}/{shown}"

    def _folder(self, folder: str, used: int) -> str:
        return shortened_path(terminal_text(folder) or ".", max(self.width - used, 1))

    def _labelled(self, label: str, text: str) -> list[str]:
        return [f"  {label:<5}{text}"]

    def _wrapped(self, label: str, text: str) -> list[str]:
        """Return a sentence over as many lines as it needs, times in it as they are here."""
        room = max(self.width, NARROWEST) - len(_INDENT)
        lines = wrapped(terminal_text(with_local_times(text)), room)
        return [f"  {label if not number else '':<5}{line}" for number, line in enumerate(lines)]


def summary(counts: dict[str, int], left: int) -> str:
    """Return how many links the answers change, and how."""
    words = {RULES: "certain", HAND: "by hand", SERIES: "with their series", REMOVED: "to delete"}
    said = [f"{counts[key]} {text}" for key, text in words.items() if counts[key]]
    return f"Confirmed: {', '.join(said) or 'nothing'}; {left} left as {'it is' if left == 1 else 'they are'}."


def _score(score: float) -> str:
    return f"{score:.0f}" if score == int(score) else f"{score:.1f}"
