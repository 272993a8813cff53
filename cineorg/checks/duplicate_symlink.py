"""Links of one folder that reach the same file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding
from ..plugin_host.hookspecs import CLEANUP, check

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track


@check(
    "duplicate_symlink",
    command=CLEANUP,
    label="Duplicate links",
    suggestion="cleanup --fix",
    columns=("target", "keep", "remove"),
    order=40,
)
def duplicate_symlink(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every such file and folder.

    The longest name stays, for it says most. A finding's path is one of the links that can go.

    Where their names speak of different things nothing can: `remove` is empty, and the path is the first of them.
    """
    found = context.tidiness.duplicates()
    yield context.library.coverage_of_links()
    for item in track(found, len(found)):
        others = sorted(item.remove)
        fields = {"target": item.target, "keep": item.keep, "remove": [] if item.doubt else others}
        if item.doubt:
            names = ", ".join(posixpath.basename(path) for path in others)
            yield Finding("duplicate_symlink", item.keep, f"{item.doubt}: {names}", fields)
        else:
            yield Finding("duplicate_symlink", others[0], "another link in this folder reaches the same file", fields)
