"""Links whose target is gone; links that cannot be judged are told apart from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Finding, offline_finding
from ..links import BROKEN, OFFLINE, BadLink

if TYPE_CHECKING:
    from ..hookspecs import Check, Track
    from ..library import Library


class BrokenSymlink:
    """Only "no such file" in a place that is believed is broken; all else is `offline_target` or `unreadable`."""

    type: ClassVar[str] = "broken_symlink"
    label: ClassVar[str] = "Broken links"
    summary_key: ClassVar[str] = "broken_symlinks"
    suggestion: ClassVar[str] = "repair-links --auto"
    columns: ClassVar[tuple[str, ...]] = ("target",)
    needs_catalogue: ClassVar[bool] = False

    def find(self, library: Library, track: Track) -> Iterable[Finding]:
        """Yield a finding for every link that is not healthy."""
        for link in track(library.bad_links, len(library.bad_links)):
            yield _finding(link)


def _finding(link: BadLink) -> Finding:
    if link.state == BROKEN:
        return Finding("broken_symlink", link.path, link.reason, {"target": link.target})
    if link.state == OFFLINE:
        return offline_finding(link.path, link.reason, "its target cannot be judged", target=link.target)
    details = f"its target could not be looked at: {link.reason}"
    return Finding("unreadable", link.path, details, {"target": link.target, "reason": link.reason})


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(BrokenSymlink())
