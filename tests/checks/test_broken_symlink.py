"""Broken links as findings: what is broken, what cannot be judged, and what the finding says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

from cineorg.checks.broken_symlink import broken_symlink, broken_symlink_with_candidate
from cineorg.findings import Finding
from cineorg.plugin_host.check_context import CheckContext, Track
from cineorg.repair.diagnosis import Diagnosis
from cineorg.settings.configuration import Settings
from cineorg.trees.census import Census, Folder, Tree
from cineorg.trees.library import Library
from cineorg.trees.links import BROKEN, OFFLINE, UNKNOWN, BadLink, Finder

T = TypeVar("T")

FINDINGS = {
    BROKEN: ("broken_symlink", ["type", "path", "details", "target"]),
    OFFLINE: ("offline_target", ["type", "path", "details", "target", "reason"]),
    UNKNOWN: ("unreadable", ["type", "path", "details", "target", "reason"]),
}


def census_of(*paths: str) -> Census:
    """Return a video tree with these links in its root."""
    folder = Folder(links={path.rpartition("/")[2]: "x" for path in paths})
    return Census([Tree("/v", "/v", False, ["/v"])], {"/v": folder})


@pytest.mark.parametrize("state", FINDINGS)
def test_each_state_has_a_kind_of_its_own(state: str) -> None:
    kind, keys = FINDINGS[state]
    census = census_of("/v/a")
    link = BadLink("/v/a", "../s/a", "/s/a", state, "why")
    library = Library(Settings(), census, Finder(census), bad_links=[link])
    _, finding = broken_symlink.find(CheckContext(library), lambda items, total=None: items)
    assert isinstance(finding, Finding)
    assert finding.type == kind
    assert list(finding.row()) == keys
    assert finding.row()["target"] == "../s/a"  # as written in the link
    assert "why" in str(finding.row())


def test_with_candidates_the_search_is_what_is_counted() -> None:
    steps: list[str] = []

    def track(items: Iterable[T], total: int | None = None) -> Iterator[T]:
        steps.append(f"of {total}")
        for item in items:
            yield item
            steps.append("counted")

    class Context(CheckContext):
        def diagnose(self, links: Sequence[BadLink], track: Track) -> list[Diagnosis]:
            found = []
            for link in track(links, len(links)):
                steps.append("searched")
                found.append(Diagnosis(link))
            return found

    census = census_of("/v/a", "/v/b", "/v/c", "/v/d")
    bad = [BadLink(f"/v/{state}{n}", "x", "/s/x", state, "why") for state in (BROKEN, OFFLINE) for n in range(2)]
    library = Library(Settings(), census, Finder(census), bad_links=bad)
    _, *findings = broken_symlink_with_candidate.find(Context(library), track)
    assert [finding.type for finding in findings if isinstance(finding, Finding)] == ["broken_symlink"] * 2 + [
        "offline_target"
    ] * 2
    assert steps == ["of 2", *["searched", "counted"] * 2]
