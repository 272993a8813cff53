"""Wrong targets: links that say one film or episode and lead to the file of another.

Found are the links that `fix-bad-links` finds, by the same comparison; this check only tells of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cineorg.plugin import Coverage, Finding, check, find_wrong_links

if TYPE_CHECKING:
    from cineorg.plugin import CheckContext, Track


@check(
    "wrong_target",
    label="Links to another film's or episode's file",
    suggestion="fix-bad-links --dry-run",
    columns=("says", "file_says", "score", "target", "file"),
    needs_catalogue=True,
)
def wrong_target(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every such link; links set by hand are left alone.

    A healthy link has a wrong target when ids, title and year, or episode numbers say so for certain.
    """
    if context.catalogue is None:
        return
    series, pinned = context.catalogue.titles("series"), context.catalogue.pinned_links()
    for link in track(find_wrong_links(context.library, series, pinned)):
        fields = {
            "says": link.says,
            "file_says": link.file_says,
            "score": link.score,
            "target": link.target,
            "file": link.file,
        }
        details = f"it says {link.says} and leads to {link.file_says} ({link.reason})"
        yield Finding("wrong_target", link.path, details, fields)
    yield context.library.coverage_of_links()
