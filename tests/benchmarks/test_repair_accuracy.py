"""A small run of the repair benchmark: no wrong link, whatever is known, and next to none missed."""

from __future__ import annotations

import pytest
from benchmarks.repair_accuracy import SCANS, run


@pytest.mark.parametrize("scan", SCANS)
def test_no_link_is_wrong(scan: str) -> None:
    tally = run([], 150, 7, scan, share=0.15)
    assert tally.wrong == []
    assert tally.right >= 10
    assert tally.missed_share <= (0.05 if scan == "none" else 0.01), tally.missed


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_no_link_is_wrong_among_names_that_are_easily_confused(seed: int) -> None:
    tally = run([], 150, seed, "none", share=0.5, mean=True)
    assert tally.wrong == []
    assert tally.right >= 10
