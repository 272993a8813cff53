"""Folders of the video tree with too many entries to look through, and how they could be divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..plugin_host.hookspecs import Check


class OversizedDir:
    """`ranges` are the subdivisions that --fix would make, `range_counts` how many entries each would get.

    Both are empty where the folder cannot be divided; a folder of episodes is never too large.
    """

    type: ClassVar[str] = "oversized_dir"
    command: ClassVar[str] = "cleanup"
    label: ClassVar[str] = "Folders with too many entries"
    summary_key: ClassVar[str] = "oversized_dirs"
    suggestion: ClassVar[str] = "cleanup --fix"
    columns: ClassVar[tuple[str, ...]] = ("count", "max", "ranges", "range_counts")
    needs_catalogue: ClassVar[bool] = False

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
        """Yield a finding for every folder that has more entries than it may."""
        found = context.oversized()
        yield context.tidiness.coverage_of_folders()
        for item in track(found, len(found)):
            details = [f"{item.count} entries, more than {item.max}", *filter(None, [item.doubt])]
            if item.leaving:
                details.append(f"{item.leaving} of them would leave it")
            if item.coming:
                details.append(f"{item.coming} others would come to it")
            fields = {"count": item.count, "max": item.max, "ranges": list(item.ranges)}
            yield Finding(self.type, item.path, "; ".join(details), {**fields, "range_counts": list(item.range_counts)})


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(OversizedDir())
