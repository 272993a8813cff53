"""How titles are parted into ranges of letters, as evenly as possible. Pure: knows letters, no folders.

A cut lies only where the two-letter key changes. Two keys are a number from 0 ("aa") to 675 ("zz").
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

LAST = 26 * 26 - 1


class Range(NamedTuple):
    """New bounds, inclusive, as numbers of two-letter keys, and how many titles they take."""

    first: int
    last: int
    titles: int

    @property
    def name(self) -> str:
        """The folder's name, e.g. `Sa-Te`."""
        return f"{label(self.first)}-{label(self.last)}"


def label(number: int) -> str:
    """Return a two-letter key as a folder shows it: 0 is "Aa"."""
    return chr(65 + number // 26) + chr(97 + number % 26)


def key_number(letters: str, pad: str = "a") -> int | None:
    """Return the number of the two-letter key with which letters begin; None if they are not all from a to z."""
    two = letters[:2].ljust(2, pad)
    if not letters or not (two.isascii() and two.isalpha()):
        return None
    return (ord(two[0]) - 97) * 26 + ord(two[1]) - 97


def free_gaps(first: int, last: int, taken: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches of the keys from `first` to `last` that none of the taken ones touches."""
    gaps = []
    for low, high in sorted(taken):
        if low > first:
            gaps.append((first, min(low - 1, last)))
        first = max(first, high + 1)
    gaps.append((first, last))
    return [(low, high) for low, high in gaps if low <= high]


def split(counts: Mapping[int, int], gap: tuple[int, int], most: int, wanted: int) -> list[Range]:
    """Return the ranges into which the titles of one gap are parted, in order; together they cover the gap.

    `counts`: key → how many titles. There are at least `wanted` ranges if there are so many keys, and as many as it
    takes for each that can be to hold `most` titles or fewer.
    """
    keys = sorted(counts)
    sizes = [counts[key] for key in keys]
    if not keys:
        return []
    number = min(len(keys), max(wanted, _fewest(sizes, most)))
    groups = _even(sizes, number)
    ranges = []
    for index, (begin, end) in enumerate(groups):
        low = gap[0] if index == 0 else keys[begin]
        high = gap[1] if index == len(groups) - 1 else keys[end - 1]
        ranges.append(Range(low, high, sum(sizes[begin:end])))
    return ranges


def size_within(gaps: Sequence[Mapping[int, int]], most: int, room: int) -> int:
    """Return how many titles a range should hold at most: `most`, unless that made more than `room` ranges.

    Then there shall be about as many ranges as each of them will have when it is parted in its turn: 3 000 titles,
    50 at most, are 8 ranges of 8 and not 50 of 2. `gaps`: key → how many titles, for each gap.
    """
    sizes = [[counts[key] for key in sorted(counts)] for counts in gaps if counts]
    needed = sum(_fewest(each, most) for each in sizes)
    if needed <= max(2, room):
        return most
    wanted = max(2, len(sizes), min(room, math.isqrt(needed - 1) + 1))
    low, high = most, sum(map(sum, sizes))
    while low < high:
        middle = (low + high) // 2
        fits = sum(_fewest(each, middle) for each in sizes) <= wanted
        low, high = (low, middle) if fits else (middle + 1, high)
    return low


def _fewest(sizes: Sequence[int], most: int) -> int:
    """Return how many groups it takes if no group holds more than `most`, single keys aside."""
    groups, held = 1, 0
    for size in sizes:
        if held and held + size > most:
            groups, held = groups + 1, 0
        held += size
    return groups


def _even(sizes: Sequence[int], number: int) -> list[tuple[int, int]]:
    """Return `number` groups of neighbours, as (begin, end): the largest as small as can be, then all as even.

    By dynamic programming over (groups, end), with the sum of squares as cost. Sizes 3 1 1 3 in two: 3 1 | 1 3.
    """
    low, high = max(sizes), sum(sizes)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _fewest(sizes, middle) <= number else (middle + 1, high)
    total = len(sizes)
    worst = sum(sizes) ** 2 + 1
    costs = [0] + [worst] * total
    cuts: list[list[int]] = []
    for _ in range(number):
        nearer = [worst] * (total + 1)
        origin = [0] * (total + 1)
        for end in range(1, total + 1):
            held, begin = 0, end
            while begin and held + sizes[begin - 1] <= low:
                begin -= 1
                held += sizes[begin]
                cost = costs[begin] + held * held
                if cost < nearer[end]:
                    nearer[end], origin[end] = cost, begin
        costs = nearer
        cuts.append(origin)
    groups, end = [], total
    for origin in reversed(cuts):
        groups.append((origin[end], end))
        end = origin[end]
    return groups[::-1]
