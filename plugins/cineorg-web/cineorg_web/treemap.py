"""Squarified treemaps: rectangles whose areas are as given, each as near to a square as may be. Pure.

The way is that of Bruls, Huizing and van Wijk (Squarified Treemaps, 2000): fill the shorter side with a row of the
largest that are left, as long as its worst rectangle gets no longer. Worked example: weights 6 6 4 3 2 2 1 on 6 x 4
give a first row of the two sixes, each 3 x 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Rectangle(NamedTuple):
    """A place in a drawing."""

    x: float
    y: float
    width: float
    height: float

    def within(self, margin: float, top: float) -> Rectangle:
        """Return what is left without a margin on every side but the upper one, which is `top`."""
        return Rectangle(
            self.x + margin,
            self.y + top,
            max(0.0, self.width - 2 * margin),
            max(0.0, self.height - top - margin),
        )


NOWHERE = Rectangle(0, 0, 0, 0)


def squarify(weights: Sequence[float], area: Rectangle) -> list[Rectangle]:
    """Return a rectangle for each weight, in their order; weights are positive and fall."""
    total = sum(weights)
    if not weights or total <= 0 or area.width <= 0 or area.height <= 0:
        return [Rectangle(area.x, area.y, 0, 0) for _ in weights]
    scale = area.width * area.height / total
    sizes = [weight * scale for weight in weights]
    placed: list[Rectangle] = []
    while len(placed) < len(sizes):
        left = sizes[len(placed) :]
        number = _row_length(left, min(area.width, area.height))
        row, area = _lay_row(left[:number], area)
        placed += row
    return placed


def _row_length(sizes: Sequence[float], side: float) -> int:
    """Return how many of the sizes make the best row along a side."""
    number, total, best = 0, 0.0, float("inf")
    for size in sizes:
        total += size
        worst = max(side * side * sizes[0] / total**2, total**2 / (side * side * size))
        if worst > best:
            break
        number, best = number + 1, worst
    return max(1, number)


def _lay_row(sizes: Sequence[float], area: Rectangle) -> tuple[list[Rectangle], Rectangle]:
    """Return the rectangles of one row, and the area that it leaves."""
    x, y, width, height = area
    placed = []
    if width >= height:
        thickness = min(width, sum(sizes) / height)
        for size in sizes:
            length = size / thickness
            placed.append(Rectangle(x, y, thickness, length))
            y += length
        return placed, Rectangle(x + thickness, area.y, max(0.0, width - thickness), height)
    thickness = min(height, sum(sizes) / width)
    for size in sizes:
        length = size / thickness
        placed.append(Rectangle(x, y, length, thickness))
        x += length
    return placed, Rectangle(area.x, y + thickness, width, max(0.0, height - thickness))
