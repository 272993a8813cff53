"""Broken links as findings: what is broken, what cannot be judged, and what the finding says of it."""

from __future__ import annotations

import pytest

from cineorg.census import Census
from cineorg.checks.broken_symlink import BrokenSymlink
from cineorg.config import Settings
from cineorg.library import Library
from cineorg.links import BROKEN, OFFLINE, UNKNOWN, BadLink, Finder

FINDINGS = {
    BROKEN: ("broken_symlink", ["type", "path", "details", "target"]),
    OFFLINE: ("offline_target", ["type", "path", "details", "target", "reason"]),
    UNKNOWN: ("unreadable", ["type", "path", "details", "target", "reason"]),
}


@pytest.mark.parametrize("state", FINDINGS)
def test_each_state_has_a_kind_of_its_own(state: str) -> None:
    kind, keys = FINDINGS[state]
    census = Census()
    link = BadLink("/v/a", "../s/a", "/s/a", state, "why")
    library = Library(Settings(), census, Finder(census), bad_links=[link])
    (finding,) = BrokenSymlink().find(library, lambda items, total=None: items)
    assert finding.type == kind
    assert list(finding.row()) == keys
    assert finding.row()["target"] == "../s/a"  # as written in the link
    assert "why" in str(finding.row())
