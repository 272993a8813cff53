"""The index of the links: which file each one reaches, and which film or series that is. Reports nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding
from ..plugin_host.hookspecs import CLEANUP, check

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track


@check(
    "index",
    command=CLEANUP,
    label="Index of links",
    summary_key="links",
    needs_catalogue=True,
    order=10,
)
def link_index(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Make the index and report nothing.

    What the phases after it look things up in; the report says how many links there are in place of findings.
    """
    context.tidiness.index(track)
    yield Coverage(context.tidiness.link_count, context.tidiness.link_count)
