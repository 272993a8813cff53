"""Ages as users write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cineorg.clock import read_age


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("0", timedelta()),
        ("000", timedelta()),
        ("0d", timedelta()),
        ("999999w", timedelta(weeks=999999)),
    ],
)
def test_an_age_is_read(text: str, age: timedelta) -> None:
    assert read_age(text) == age


@pytest.mark.parametrize("text", ["", "7", "-1d", "7 d", "1m", "7D", "7d ", "٣d", "1d2h", "1.5d", "9999999w"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no age; say"):
        read_age(text)
