"""Folders of the video tree with too many entries to look through, and how they could be divided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding
from ..plugin_host.hookspecs import CLEANUP, check

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track


@check(
    "oversized_dir",
    command=CLEANUP,
    label="Folders with too many entries",
    suggestion="cleanup --fix",
    columns=("count", "max", "ranges", "range_counts"),
    order=50,
)
def oversized_dir(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every folder that has more entries than it may.

    `ranges` are the subdivisions that --fix would make, `range_counts` how many entries each would get.

    Both are empty where the folder cannot be divided; a folder of episodes is never too large.
    """
    found = context.oversized()
    yield context.tidiness.coverage_of_folders()
    for item in track(found, len(found)):
        details = [f"{item.count} entries, more than {item.max}", *filter(None, [item.doubt])]
        if item.leaving:
            details.append(f"{item.leaving} of them would leave it")
        if item.coming:
            details.append(f"{item.coming} others would come to it")
        fields = {"count": item.count, "max": item.max, "ranges": list(item.ranges)}
        yield Finding(
            "oversized_dir", item.path, "; ".join(details), {**fields, "range_counts": list(item.range_counts)}
        )
