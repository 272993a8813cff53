"""Two paths of one thing: what differs stays, what both share gives way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cineorg.output.changed_paths import changed_paths
from cineorg.output.terminal import columns_of

CASES = [
    # before, after, columns, what is shown of each
    ("a/b/x.mkv", "a/c/x.mkv", 0, "a/b/x.mkv", "a/c/x.mkv"),
    ("a/b/x.mkv", "a/c/x.mkv", 9, "a/b/x.mkv", "a/c/x.mkv"),
    ("aaa/bbb/ccc/dddd/x.mkv", "aaa/bbb/ccc/eeee/x.mkv", 18, "aaa/…/dddd/x.mkv", "aaa/…/eeee/x.mkv"),
    ("aaa/bbb/ccc/dddd/x.mkv", "aaa/bbb/ccc/eeee/x.mkv", 14, "…/dddd/x.mkv", "…/eeee/x.mkv"),
    ("aaa/dddd/long name.mkv", "aaa/eeee/long name.mkv", 14, "…/dddd/…", "…/eeee/…"),
    ("aaa/dddd/mm/nn/x.mkv", "aaa/eeee/mm/nn/x.mkv", 16, "…/dddd/…/x.mkv", "…/eeee/…/x.mkv"),
    ("aaa/bbbb/", "aaa/cccc/", 7, "…/bbbb/", "…/cccc/"),
    ("Films/", "Films/Burlesques/", 10, "Films/", "Burl…ques/"),
    ("same beginning ONE, an end.mkv", "same beginning TWO, an end.mkv", 11, "…ng O…d.mkv", "…ng T…d.mkv"),
]


@pytest.mark.parametrize(("before", "after", "columns", "shown", "shown_after"), CASES)
def test_what_both_share_gives_way(before: str, after: str, columns: int, shown: str, shown_after: str) -> None:
    assert changed_paths(before, after, columns, columns) == (shown, shown_after)


paths = st.lists(st.text("aé日\u0301 .", min_size=1, max_size=24), min_size=1, max_size=5).map("/".join)


@given(before=paths, after=paths, columns=st.integers(12, 60), columns_after=st.integers(12, 60))
def test_what_is_shown_fits_and_tells_both_apart(before: str, after: str, columns: int, columns_after: int) -> None:
    shown, shown_after = changed_paths(before, after, columns, columns_after)
    assert columns_of(shown) <= columns
    assert columns_of(shown_after) <= columns_after
    if columns == columns_after:
        assert (shown == shown_after) == (before == after)
