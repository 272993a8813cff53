"""How titles are parted into ranges."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.tidy.letter_ranges import LAST, free_gaps, key_number, label, size_within, split


def number(text: str) -> int:
    found = key_number(text.lower())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("sabrina", "Sa"), ("s", "Sa"), ("zz", "Zz"), ("брат", None), ("mи", None), ("", None), ("2012", None)],
)
def test_the_key_of_a_title(letters: str, expected: str | None) -> None:
    found = key_number(letters)
    assert (None if found is None else label(found)) == expected


def test_the_gaps_between_what_is_taken() -> None:
    taken = [(number("aa"), number("cz")), (number("sa"), number("te")), (number("b"), number("bb"))]
    gaps = free_gaps(0, LAST, taken)
    assert [(label(low), label(high)) for low, high in gaps] == [("Da", "Rz"), ("Tf", "Zz")]
    assert free_gaps(0, LAST, [(0, LAST)]) == []
    assert free_gaps(0, -1, []) == []


@pytest.mark.parametrize(
    ("titles", "bounds", "most", "expected"),
    [
        # one key a word, as often as it stands there
        ("sa se te ti zo", "s z", 3, "Sa-Te:3 Ti-Zz:2"),
        ("sa se te ti zo", "s z", 50, "Sa-Te:3 Ti-Zz:2"),  # two groups at least
        ("aa aa aa bb cc cc", "a c", 3, "Aa-Aa:3 Bb-Cz:3"),
        ("aa bb cc dd ee ff", "a z", 2, "Aa-Bb:2 Cc-Dd:2 Ee-Zz:2"),
        ("ma ma ma ma mb", "m m", 2, "Ma-Ma:4 Mb-Mz:1"),  # one key cannot be cut
        ("ma ma ma", "m m", 2, "Ma-Mz:3"),
        ("da ea fa", "d f", 1, "Da-Da:1 Ea-Ea:1 Fa-Fz:1"),
        ("aa ab ac ad", "a a", 3, "Aa-Ab:2 Ac-Az:2"),  # even, not 3 and 1
        ("", "a z", 2, ""),
    ],
)
def test_ranges(titles: str, bounds: str, most: int, expected: str) -> None:
    counts = {number(key): len(list(same)) for key, same in itertools.groupby(titles.split())}
    first, last = bounds.split()
    low, high = number(first), key_number(last, "z")
    assert high is not None
    assert " ".join(f"{each.name}:{each.titles}" for each in split(counts, (low, high), most, 2)) == expected


@given(
    st.dictionaries(st.integers(0, LAST), st.integers(1, 40), min_size=1, max_size=40),
    st.integers(1, 60),
    st.integers(1, 4),
)
def test_ranges_cover_all_and_are_as_even_as_can_be(counts: dict[int, int], most: int, wanted: int) -> None:
    ranges = split(counts, (0, LAST), most, wanted)
    assert ranges[0].first == 0
    assert ranges[-1].last == LAST
    assert all(one.first <= one.last < other.first for one, other in itertools.pairwise(ranges))
    for each in ranges:
        inside = [key for key in counts if each.first <= key <= each.last]
        assert each.titles == sum(counts[key] for key in inside)
        assert each.titles <= most or len(inside) == 1 or each.titles <= max(each.titles for each in ranges)
    assert sum(each.titles for each in ranges) == sum(counts.values())
    assert len(ranges) >= min(wanted, len(counts))
    sizes = [counts[key] for key in sorted(counts)]
    if len(sizes) <= 8:
        assert max(each.titles for each in ranges) == least_largest(sizes, len(ranges))


def least_largest(sizes: list[int], groups: int) -> int:
    """Return the smallest largest group of all ways to cut, by trying them all."""
    best = sum(sizes)
    for cuts in itertools.combinations(range(1, len(sizes)), groups - 1):
        edges = [0, *cuts, len(sizes)]
        best = min(best, max(sum(sizes[a:b]) for a, b in itertools.pairwise(edges)))
    return best


@pytest.mark.parametrize(
    ("gaps", "most", "room", "expected"),
    [
        ([[1, 1, 1, 1]], 2, 2, 2),
        ([[1] * 60], 1, 59, 8),  # 60 ranges of 1 do not fit: 8 of 8
        ([[1] * 60], 1, 60, 1),
        ([[1] * 60], 1, 5, 12),
        ([[1] * 60], 1, -9, 30),  # two at least
        ([[9], [1, 1, 1, 1]], 1, 3, 2),  # one that cannot be cut, and two
        ([[], []], 3, 0, 3),
    ],
)
def test_ranges_are_larger_where_there_is_no_room_for_many(
    gaps: list[list[int]], most: int, room: int, expected: int
) -> None:
    assert size_within([dict(enumerate(sizes)) for sizes in gaps], most, room) == expected


@given(
    st.lists(st.dictionaries(st.integers(0, LAST), st.integers(1, 40), min_size=1, max_size=80), max_size=4),
    st.integers(1, 60),
    st.integers(-3, 60),
)
def test_no_more_ranges_than_there_is_room_for(gaps: list[dict[int, int]], most: int, room: int) -> None:
    size = size_within(gaps, most, room)
    made = [split(counts, (0, LAST), size, 1) for counts in gaps]
    assert sum(map(len, made)) <= max(room, 2, len(gaps))
    assert size >= most
