"""Links of one folder that reach the same file."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..plugin_host.hookspecs import Check


class DuplicateSymlink:
    """The longest name stays, for it says most. A finding's path is one of the links that can go.

    Where their names speak of different things nothing can: `remove` is empty, and the path is the first of them.
    """

    type: ClassVar[str] = "duplicate_symlink"
    command: ClassVar[str] = "cleanup"
    label: ClassVar[str] = "Duplicate links"
    summary_key: ClassVar[str] = "duplicate_symlinks"
    suggestion: ClassVar[str] = "cleanup --fix"
    columns: ClassVar[tuple[str, ...]] = ("target", "keep", "remove")
    needs_catalogue: ClassVar[bool] = False

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
        """Yield a finding for every such file and folder."""
        found = context.tidiness.duplicates()
        yield context.library.coverage_of_links()
        for item in track(found, len(found)):
            others = sorted(item.remove)
            fields = {"target": item.target, "keep": item.keep, "remove": [] if item.doubt else others}
            if item.doubt:
                names = ", ".join(posixpath.basename(path) for path in others)
                yield Finding(self.type, item.keep, f"{item.doubt}: {names}", fields)
            else:
                yield Finding(self.type, others[0], "another link in this folder reaches the same file", fields)


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(DuplicateSymlink())
