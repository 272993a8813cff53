"""What the table draws below a row where words say less: pure functions from a row to lines."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any


def draw_split(row: Mapping[str, Any]) -> list[str]:
    """Return the split of an oversized folder as a tree, before and after; nothing for a folder that is not split.

    The row has `path`, `count` (the entries in it), `ranges` (the folders to make, e.g. "Sa-Te") and `range_counts`
    (how many entries each gets, in the same order):

        before  S-Z/       63
        after   S-Z/
                ├─ Sa-Te/  31
                └─ Ti-Zz/  32
    """
    ranges: Sequence[str] = row.get("ranges") or ()
    if not ranges:
        return []
    folder = os.path.basename(str(row.get("path", "")).rstrip("/")) + "/"
    counts = [*(row.get("range_counts") or ()), *[""] * len(ranges)][: len(ranges)]
    branches = [*["├─"] * (len(ranges) - 1), "└─"]
    names = [f"{branch} {label}/" for branch, label in zip(branches, ranges, strict=True)]
    numbers = list(map(str, [row.get("count", ""), *counts]))
    wide, high = max(map(len, [folder, *names])), max(map(len, numbers))
    lines = [f"before  {folder:{wide}}  {numbers[0]:>{high}}", f"after   {folder}"]
    lines += [f"        {name:{wide}}  {number:>{high}}" for name, number in zip(names, numbers[1:], strict=True)]
    return [line.rstrip() for line in lines]
