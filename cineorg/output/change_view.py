"""Changes, and what stays unresolved, as people review them: by folder, before → after, each reason once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from .cells import cell, count, visible
from .terminal import Terminal, columns_of, shortened_path, wrapped

Row = Mapping[str, Any]
PENDING = ("planned", "pending")
_PLAIN = ("planned", "done", "pending")  # the heading says as much
_MOST_CANDIDATES = 5
_TITLES = {
    "relink": ("To relink", "Relinked"),
    "move": ("To move", "Moved"),
    "remove_link": ("Links to remove", "Links removed"),
    "make_link": ("Links to put back", "Links put back"),
    "make_dir": ("Folders to make", "Folders made"),
    "remove_dir": ("Folders to remove", "Folders removed"),
    "set_file_path": ("Rows to update", "Rows updated"),
    "unresolved": ("Unresolved", "Unresolved"),
}
_FOLDER_OPS = ("make_dir", "remove_dir")


def title_of(kind: str, rows: Sequence[Row]) -> str:
    """Return the heading of a kind of rows: what is to be done, or was; else the kind's own name."""
    if kind not in _TITLES:
        return kind
    to_do, was_done = _TITLES[kind]
    return to_do if all(row.get("status") in PENDING for row in rows) else was_done


def shows(kind: str) -> bool:
    """Return whether rows of a kind are drawn here rather than as a table."""
    return kind in _TITLES


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Draws changes for a terminal; paths are relative to the roots, `common` is what the heading says of all rows."""

    terminal: Terminal
    roots: tuple[str, ...] = ()
    common: tuple[str, ...] = ()

    def lines(self, kind: str, rows: Sequence[Row]) -> Iterator[str]:
        """Yield the rows of one kind, those of one folder (or two, or a table) below its name, in their order.

        Folders come in the order of their first rows: what a subdivision takes is told once, although moves that are
        sorted by path go now to one range and now to another. Where rows that follow one another have the same
        reason, it stands above them; else below each row.
        """
        chunks: dict[tuple[str, ...], list[Row]] = {}
        place_of = self._place_of(kind)
        for row in rows:
            chunks.setdefault(place_of(row), []).append(row)
        for place, chunk in chunks.items():
            if place:
                yield from self._heading(place)
            runs = [(note, list(run)) for note, run in groupby(chunk, partial(self._note, kind))]
            above = len(runs) < len(chunk)
            wide = max(len(str(row.get("id", ""))) for row in chunk)
            for note, run in runs:
                if above and note:
                    yield from self._prose(note, 2, _style_of(kind))
                for row in run:
                    yield from self._item(kind, row, wide)
                    if not above:
                        yield from self._prose(note, 4, _style_of(kind))
                    yield from self._candidates(row)
                    yield from self._outcome(kind, row)

    def _place_of(self, kind: str) -> Callable[[Row], tuple[str, ...]]:
        if kind in _FOLDER_OPS:
            return lambda _: ()  # one is made in another: their order counts
        if kind == "set_file_path":
            return lambda row: (str(row.get("table")),)
        if kind == "move":
            return lambda row: (self._folder(row, "path"), self._folder(row, "new_path"))
        return lambda row: (self._folder(row, "path"),)

    def _folder(self, row: Row, key: str) -> str:
        folder = self._text(key, row.get(key)).rpartition("/")[0]
        return folder + "/" if folder else "./"

    def _heading(self, place: tuple[str, ...]) -> Iterator[str]:
        """Yield the folder, or the folder before and after."""
        line = " → ".join(place)
        if self.terminal.fits(line, 0):
            yield self.terminal.paint(line, "place")
            return
        for number, folder in enumerate(place):
            arrow = "→ " if number else ""
            yield arrow + self.terminal.paint(shortened_path(folder, self.terminal.room(len(arrow))), "place")

    def _item(self, kind: str, row: Row, wide: int) -> Iterator[str]:
        """Yield what a row is about; `wide`: the columns of the widest id."""
        if kind in _FOLDER_OPS:
            path = self._text("path", row.get("path"))
            yield "  " + self.terminal.paint_path(shortened_path(path + "/", self.terminal.room(2)))
            return
        if kind == "set_file_path":
            yield from self._transition(row.get("old"), row.get("new"), 2, f"{row.get('id', ''):>{wide}}  ")
            return
        name = _name_of(row, "path")
        yield "  " + self.terminal.paint(shortened_path(name, self.terminal.room(2)), "name")
        if kind == "relink":
            yield from self._transition(row.get("old_target"), row.get("new_target"), 4)
        elif kind == "move" and (new_name := _name_of(row, "new_path")) != name:
            yield f"    → {self.terminal.paint(shortened_path(new_name, self.terminal.room(6)), 'new')}"
        elif target := self._text("target", row.get("old_target") or row.get("target")):
            yield f"    → {self.terminal.paint_path(shortened_path(target, self.terminal.room(6)))}"

    def _transition(self, old: str | None, new: str | None, indent: int, lead: str = "") -> Iterator[str]:
        """Yield a path before and after, in one line if it fits; of the old one only what differs."""
        before, after = self._before_after(old, new)
        after = after or "nothing"
        used = indent + columns_of(lead)
        lead = " " * indent + lead
        if before and self.terminal.fits(f"{before} → {after}", used):
            yield f"{lead}{self.terminal.paint(before, 'old')} → {self.terminal.paint_path(after, 'new')}"
            return
        if before:
            yield lead + self.terminal.paint(shortened_path(before, self.terminal.room(used)), "old")
            lead = " " * used
        yield f"{lead}→ {self.terminal.paint_path(shortened_path(after, self.terminal.room(used + 2)), 'new')}"

    def _before_after(self, old: str | None, new: str | None) -> tuple[str, str]:
        """Return both as text: of the old path only the folder, or only the name, if that alone changes.

        Paths of two styles (absolute, relative to the link) are told apart by their first character, so that both
        stay as they are.
        """
        before, after = visible(old or ""), visible(new or "")
        if before[:1] != after[:1] and before and after:
            return before, after
        before, after = self._text("target", old or ""), self._text("target", new or "")
        folders, _, name = before.rpartition("/")
        new_folders, _, new_name = after.rpartition("/")
        if name == new_name and folders:
            return folders + "/", after
        return (name, after) if folders == new_folders else (before, after)

    def _candidates(self, row: Row) -> Iterator[str]:
        candidates = row.get("candidates") or ()
        for candidate in candidates[:_MOST_CANDIDATES]:
            score, evidence = (self._text(key, candidate.get(key)) for key in ("score", "evidence"))
            path = shortened_path(self._text("path", candidate.get("path")), self.terminal.room(11))
            line = f"    {self.terminal.paint(f'{score:>5}', 'new')}  {self.terminal.paint_path(path)}"
            if evidence and self.terminal.fits(evidence, 13 + columns_of(path)):
                yield f"{line}  {self.terminal.paint(evidence, 'faint')}"
            else:
                yield line
                yield from self._prose(evidence, 11, "faint")
        if len(candidates) > _MOST_CANDIDATES:
            yield f"    … and {count(len(candidates) - _MOST_CANDIDATES)} more candidates"

    def _note(self, kind: str, row: Row) -> str:
        """Return why a change is right, or why there is none, as far as the heading does not say it."""
        keys = ("reason",) if kind == "unresolved" else ("score", "evidence")
        return "  ".join(filter(None, (self._text(key, row.get(key)) for key in keys if key not in self.common)))

    def _outcome(self, kind: str, row: Row) -> Iterator[str]:
        """Yield what became of a change that was not made."""
        status = str(row.get("status") or "")
        if kind != "unresolved" and status and not is_plain_status(status) and "status" not in self.common:
            reason = "" if "reason" in self.common else self._text("reason", row.get("reason"))
            yield from self._prose(": ".join(filter(None, [visible(status), reason])), 4, "failure")

    def _prose(self, text: str, indent: int, style: str) -> Iterator[str]:
        if text:
            yield from (
                " " * indent + self.terminal.paint(line, style) for line in wrapped(text, self.terminal.room(indent))
            )

    def _text(self, key: str, value: Any) -> str:
        return cell(key, value, self.roots)


def _name_of(row: Row, key: str) -> str:
    return visible(str(row.get(key, "")).rpartition("/")[2])


def _style_of(kind: str) -> str:
    return "reason" if kind == "unresolved" else "faint"


def is_plain_status(status: Any) -> bool:
    """Return whether a change's status is what its heading says anyway."""
    return status in _PLAIN
