"""Changes, and what stays unresolved, as people review them: by folder, before → after, each reason once.

What is the same for several rows that follow one another stands in a line above them that says how many they are, and
they stand deeper than it: so it cannot be read as one of them. Of two paths what differs is what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from .cells import cell, count, visible
from .changed_paths import changed_paths
from .headings import counted
from .report_words import PLAIN_STATUS
from .terminal import Terminal, columns_of, shortened_path, wrapped

Row = Mapping[str, Any]
_MOST_CANDIDATES = 5
_FOLDER_OPS = ("make_dir", "remove_dir")
_ROW_OPS = ("set_file_path",)
MOVED = "move"
_NOUNS = {
    "make_dir": "folders",
    "remove_dir": "folders",
    "set_file_path": "rows",
    MOVED: "entries",
    "unresolved": "cases",
}
_LEAST_FOLDER = 24  # columns for the folder of a new file before its name is left out


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Draws changes for a terminal; paths are relative to the roots, `common` is what the heading says of all rows."""

    terminal: Terminal
    roots: tuple[str, ...] = ()
    common: tuple[str, ...] = ()

    def lines(self, kind: str, rows: Sequence[Row]) -> Iterator[str]:
        """Yield the rows of one kind, those of one folder (or two, or a table) below its name, in their order.

        Folders come in the order of their first rows: what a subdivision takes is told once, although moves that are
        sorted by path go now to one range and now to another.
        """
        chunks: dict[tuple[str, ...], list[Row]] = {}
        place_of = self._place_of(kind)
        for row in rows:
            chunks.setdefault(place_of(row), []).append(row)
        for place, chunk in chunks.items():
            if place:
                yield from self._heading(place)
            wide = max(len(str(row.get("id", ""))) for row in chunk)
            for note, run in groupby(chunk, partial(self._note, kind)):
                yield from self._run(kind, note, list(run), wide)

    def _run(self, kind: str, note: tuple[str, ...], rows: Sequence[Row], wide: int) -> Iterator[str]:
        """Yield rows that share their reason; it stands above them if they are several, else below the one."""
        folders = self._shared_folders(kind, rows)
        is_group = len(rows) > 1 and bool(note or folders)
        if is_group:
            yield from self._group_lines(kind, note, folders, len(rows))
        indent = 4 if is_group else 2
        for row in rows:
            yield from self._item(kind, row, indent, wide, with_folders=not folders)
            if not is_group:
                yield from self._prose("  ".join(note), indent + 2, _style_of(kind))
            yield from self._candidates(row)
            yield from self._outcome(kind, row)

    def _group_lines(self, kind: str, note: tuple[str, ...], folders: tuple[str, ...], number: int) -> Iterator[str]:
        """Yield how many rows share what: the reason, then the folders if they are the same as well."""
        lead = f"{counted(number, _NOUNS.get(kind, 'links'))}: "
        for line in wrapped(", ".join(note), self.terminal.room(2 + columns_of(lead))):
            yield "  " + self.terminal.paint((lead + line).rstrip(), _style_of(kind))
            lead = " " * columns_of(lead)
        if folders:
            yield from self._pair(folders[0], folders[1], 2)

    def _shared_folders(self, kind: str, rows: Sequence[Row]) -> tuple[str, ...]:
        """Return the folders from which and to which all of several rows lead their link; () if they differ."""
        pairs = set()
        for before, after in (_ends(kind, row) for row in rows):
            if not (before and after) or before[:1] != after[:1]:
                return ()
            pairs.add((self._folder_in(before), self._folder_in(after)))
        pair = pairs.pop() if len(rows) > 1 and len(pairs) == 1 else ()
        return pair if pair and pair[0] != pair[1] else ()

    def _place_of(self, kind: str) -> Callable[[Row], tuple[str, ...]]:
        if kind in _FOLDER_OPS:
            return lambda _: ()  # one is made in another: their order counts
        if kind in _ROW_OPS:
            return lambda row: (str(row.get("table")),)
        if kind == MOVED:
            return lambda row: (self._folder(row, "path"), self._folder(row, "new_path"))
        return lambda row: (self._folder(row, "path"),)

    def _folder(self, row: Row, key: str) -> str:
        return self._folder_in(row.get(key))

    def _folder_in(self, path: Any) -> str:
        folder = self._text("path", path).rpartition("/")[0]
        return folder + "/" if folder else "./"

    def _heading(self, place: tuple[str, ...]) -> Iterator[str]:
        """Yield the folder, or the folder before and after."""
        if len(place) == 2 and place[0] != place[1]:
            yield from self._pair(place[0], place[1], 0, "place", "place")
            return
        yield self.terminal.paint(shortened_path(place[0], self.terminal.room(0)), "place")

    def _item(self, kind: str, row: Row, indent: int, wide: int, *, with_folders: bool) -> Iterator[str]:
        """Yield what a row is about; `wide`: the columns of the widest id."""
        lead, room = " " * indent, self.terminal.room(indent)
        if kind in _FOLDER_OPS:
            path = self._text("path", row.get("path"))
            yield lead + self.terminal.paint_path(shortened_path(path + "/", room))
            return
        before, after = _ends(kind, row)
        if kind in _ROW_OPS:
            number = f"{row.get('id', ''):>{wide}}  "
            if with_folders:
                yield from self._transition(before, after, indent, number)
            else:
                yield from self._new_name(before, after, lead + number, indent + len(number))
            return
        name = _name_of(row, "path") or _name_of(row, "new_path")  # of a season only the folder before is said
        yield lead + self.terminal.paint(shortened_path(name, room), "name")
        if kind == "relink" and with_folders:
            yield from self._transition(before, after, indent + 2)
        elif kind == "relink":
            if visible(before.rpartition("/")[2]) != visible(after.rpartition("/")[2]):
                yield from self._new_name(before, after, lead + "  → ", indent + 4)
        elif kind == MOVED and (new_name := _name_of(row, "new_path")) != name:
            yield f"{lead}  → {self.terminal.paint(shortened_path(new_name, self.terminal.room(indent + 4)), 'new')}"
        elif target := self._text("target", row.get("old_target") or row.get("target")):
            yield f"{lead}  → {self.terminal.paint_path(shortened_path(target, self.terminal.room(indent + 4)))}"

    def _new_name(self, before: str, after: str, lead: str, used: int) -> Iterator[str]:
        """Yield the name of the new file, whose folder has been said."""
        name = visible(after.rpartition("/")[2] or before.rpartition("/")[2])
        yield lead + self.terminal.paint(shortened_path(name, self.terminal.room(used)), "new")

    def _transition(self, old: str, new: str, indent: int, lead: str = "") -> Iterator[str]:
        """Yield a path before and after: of the old one only the folder, or only the name, if that alone changes.

        Paths of two styles (absolute, relative to the link) are told apart by their first character, so that both
        stay as they are.
        """
        before, after = visible(old), visible(new)
        used, name = indent + columns_of(lead), ""
        if before[:1] == after[:1] or not (before and after):
            before, after = self._text("target", old), self._text("target", new)
            folders, name = before.rpartition("/")[::2]
            new_folders, new_name = after.rpartition("/")[::2]
            if folders == new_folders and self.terminal.fits(f"{name} → {after}", used):
                before = name
            elif folders == new_folders:
                before, after = name, new_name
            elif name == new_name and folders:
                before, after = folders + "/", new_folders + "/" * bool(new_folders)
            name = name if name == new_name and after != new_name and after.endswith("/") else ""
        yield from self._pair(before, after or "nothing", used, lead=" " * indent + lead, name=name)

    def _pair(
        self,
        before: str,
        after: str,
        used: int,
        old_style: str = "old",
        new_style: str = "",
        lead: str = "",
        name: str = "",
    ) -> Iterator[str]:
        """Yield two paths beside one another, or where they are too wide below one another.

        `name`: that of the new file, which is the old one's; it is left out where there is no room for it.
        """
        lead, paint = lead or " " * used, self.terminal.paint
        shown = partial(paint, style=new_style) if new_style else partial(self.terminal.paint_path, style="new")
        if before and self.terminal.fits(f"{before} → {after}{name}", used):
            yield f"{lead}{paint(before, old_style)} → {shown(after + name)}"
            return
        room, room_after = self.terminal.room(used), self.terminal.room(used + 2)
        if name and room_after - columns_of(name) >= min(_LEAST_FOLDER, columns_of(after)):
            room_after -= columns_of(name)
        else:
            name = ""
        if before:
            before, after = changed_paths(before, after, room, room_after)
            yield lead + paint(before, old_style)
            lead = " " * used
        else:
            after = shortened_path(after, room_after)
        yield f"{lead}→ {shown(after + name)}"

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

    def _note(self, kind: str, row: Row) -> tuple[str, ...]:
        """Return why a change is right, or why there is none, as far as the heading does not say it."""
        keys = ("reason",) if kind == "unresolved" else ("score", "evidence")
        return tuple(filter(None, (self._text(key, row.get(key)) for key in keys if key not in self.common)))

    def _outcome(self, kind: str, row: Row) -> Iterator[str]:
        """Yield what became of a change that was not made."""
        status = str(row.get("status") or "")
        if kind != "unresolved" and status and status not in PLAIN_STATUS and "status" not in self.common:
            reason = "" if "reason" in self.common else self._text("reason", row.get("reason"))
            yield from self._prose(": ".join(filter(None, [visible(status), reason])), 4, "failure")

    def _prose(self, text: str, indent: int, style: str) -> Iterator[str]:
        if text:
            yield from (
                " " * indent + self.terminal.paint(line, style) for line in wrapped(text, self.terminal.room(indent))
            )

    def _text(self, key: str, value: Any) -> str:
        return cell(key, value, self.roots)


def _ends(kind: str, row: Row) -> tuple[str, str]:
    """Return what a link, or a row of the catalogue, says before and after."""
    keys = {"relink": ("old_target", "new_target"), "set_file_path": ("old", "new")}.get(kind, ())
    before, after = (str(row.get(key) or "") for key in keys) if keys else ("", "")
    return before, after


def _name_of(row: Row, key: str) -> str:
    return visible(str(row.get(key, "")).rpartition("/")[2])


def _style_of(kind: str) -> str:
    return "reason" if kind == "unresolved" else "faint"
