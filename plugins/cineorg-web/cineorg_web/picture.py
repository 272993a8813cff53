"""The picture of the library: which rectangles stand for which folders, with which words. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from .folders import Folder
from .numbers import count_text
from .treemap import NOWHERE, Rectangle, squarify

_MOST_CELLS, _LEAST_INNER_CELLS, _MOST_CELLS_IN_ALL = 18, 3, 56
_GAP, _HEADING_HEIGHT, _LEAST_GROUP = 3.0, 26.0, (110.0, 84.0)
_LABEL_HEIGHT, _SECOND_LINE_HEIGHT, _BADGE_CHAR_WIDTH = 24.0, 46.0, 7.0
# Widths of letters as a share of their height, generous: the browser's font is not known here.
_FONT_SIZE, _INNER_FONT_SIZE = 13.0, 11.0  # the inner one is 12 and not bold
_NARROW_CHARS, _WIDTHS = frozenset(" .,:;'!|()[]ijltfrI"), (0.44, 0.68, 0.82, 1.05)
_LONGEST_NAME = 80
_NARROW, _WIDE_RATIO, _NARROW_RATIO = 600, 0.42, 1.25
_LEAST_WIDTH, _MOST_WIDTH = 280, 1400


@dataclass
class Cell:
    """A rectangle: a folder (`key`), what lies directly in one, or several small ones together (no `key`)."""

    name: str
    key: str
    entries: int
    size_bytes: int
    faults: int
    place: Rectangle = NOWHERE
    inner: list[Cell] = field(default_factory=list)
    has_more: bool = False
    is_inner: bool = False

    @property
    def label(self) -> str:
        """The name as far as there is room for it, "" where there is none."""
        if self.place.height < _LABEL_HEIGHT:
            return ""
        room = self.place.width - 16 - self.badge_width
        room /= _INNER_FONT_SIZE if self.is_inner else _FONT_SIZE
        if _text_width(self.name) <= room:
            return self.name
        fitting = next((end for end in range(len(self.name), 2, -1) if _text_width(self.name[:end] + "…") <= room), 0)
        return self.name[:fitting].rstrip() + "…" if fitting else ""

    @property
    def badge(self) -> str:
        """The number of findings, "" for none."""
        return count_text(self.faults) if self.faults else ""

    @property
    def badge_width(self) -> float:
        """The width of the badge with its margin; 0 where there is none or no room for it."""
        width = len(self.badge) * _BADGE_CHAR_WIDTH + 14 if self.badge else 0
        return width if width + 8 <= self.place.width and self.place.height >= 22 else 0

    @property
    def has_second_line(self) -> bool:
        """Whether there is room for the size below the name."""
        return (
            bool(self.label) and not self.inner and self.place.height >= _SECOND_LINE_HEIGHT and self.place.width >= 72
        )

    @property
    def fault_level(self) -> int:
        """0: no findings, 1: few for what lies there, 2: some, 3: at least every fifth entry."""
        if not self.faults:
            return 0
        share = self.faults / max(1, self.entries)
        return 3 if share >= 0.2 else 2 if share >= 0.05 else 1


@dataclass(frozen=True)
class Picture:
    """A drawing of one folder; `list` has its cells as a table has them, the largest first."""

    width: int
    height: int
    cells: list[Cell]


def draw(folder: Folder, tree: str, width: int) -> Picture:
    """Return the picture of a folder; areas are sizes for stored files and numbers for links."""
    width = min(max(width, _LEAST_WIDTH), _MOST_WIDTH)
    height = round(width * (_NARROW_RATIO if width < _NARROW else _WIDE_RATIO))
    by_size = tree == "files" and folder.size_bytes > 0
    cells = _cells_of(folder, by_size, _MOST_CELLS)
    _lay(cells, by_size, Rectangle(0, 0, width, height))
    children = {child.key: child for child in folder.children.values()}
    groups = [cell for cell in cells if cell.has_more and _is_roomy(cell.place)]
    for cell in groups:
        most = min(_MOST_CELLS, max(_LEAST_INNER_CELLS, (_MOST_CELLS_IN_ALL - len(cells)) // len(groups)))
        cell.inner = _cells_of(children[cell.key], by_size, most)
        for inner in cell.inner:
            inner.is_inner = True
        _lay(cell.inner, by_size, cell.place.within(_GAP, _HEADING_HEIGHT))
    return Picture(width, height, cells)


def _is_roomy(place: Rectangle) -> bool:
    return place.width >= _LEAST_GROUP[0] and place.height >= _LEAST_GROUP[1]


def _cells_of(folder: Folder, by_size: bool, most: int) -> list[Cell]:
    """Return the cells of a folder, the largest first; the smallest are put together."""
    children = list(folder.children.values())
    cells = [
        Cell(
            _short(child.name), child.key, child.entries, child.size_bytes, child.faults, has_more=bool(child.children)
        )
        for child in children
    ]
    own = Cell(
        "in this folder" if children else _short(folder.name),
        "",
        folder.entries - sum(cell.entries for cell in cells),
        folder.size_bytes - sum(cell.size_bytes for cell in cells),
        folder.faults - sum(cell.faults for cell in cells),
    )
    if own.entries > 0 or own.faults > 0:
        cells.append(own)
    cells.sort(key=lambda cell: (-_weight(cell, by_size), cell.name))
    shown, rest = (cells, []) if len(cells) <= most else (cells[: most - 1], cells[most - 1 :])
    if rest:
        entries, size, faults = (
            sum(getattr(cell, name) for cell in rest) for name in ("entries", "size_bytes", "faults")
        )
        shown.append(Cell(f"{len(rest)} smaller", "", entries, size, faults))
    return shown


def _text_width(text: str) -> float:
    """Return about how wide a name is in bold type, as a multiple of the font's size."""
    narrow, normal, capital, square = _WIDTHS
    widths = (
        square if unicodedata.east_asian_width(char) in "WF"
        else narrow if char in _NARROW_CHARS
        else capital if char.isupper() or char in "mwMW@%&…"
        else normal
        for char in text
    )  # fmt: skip
    return sum(widths)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _weight(cell: Cell, by_size: bool) -> float:
    return float(max(1, cell.size_bytes if by_size else cell.entries))


def _lay(cells: list[Cell], by_size: bool, area: Rectangle) -> None:
    weights = [_weight(cell, by_size) for cell in cells]
    least = sum(weights) / 400  # the smallest must still be seen
    for cell, place in zip(cells, squarify([max(least, weight) for weight in weights], area), strict=True):
        across, down = min(_GAP, place.width / 2), min(_GAP, place.height / 2)
        cell.place = Rectangle(
            round(place.x + across / 2, 1),
            round(place.y + down / 2, 1),
            round(place.width - across, 1),
            round(place.height - down, 1),
        )
