"""The index of the links: which file each one reaches, and which film or series that is. Reports nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..plugin_host.hookspecs import Check


class LinkIndex:
    """What the phases after it look things up in; the report says how many links there are in place of findings."""

    type: ClassVar[str] = "index"
    command: ClassVar[str] = "cleanup"
    label: ClassVar[str] = "Index of links"
    summary_key: ClassVar[str] = "links"
    suggestion: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    needs_catalogue: ClassVar[bool] = True

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
        """Make the index and report nothing."""
        context.tidiness.index(track)
        yield Coverage(context.tidiness.link_count, context.tidiness.link_count)


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(LinkIndex())
