"""Links that lie in another folder than their film's genre or their series' type and title say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding, Note
from ..plugin_host.hookspecs import CLEANUP, check

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track


@check(
    "misplaced_symlink",
    command=CLEANUP,
    label="Links in the wrong folder",
    suggestion="cleanup --fix",
    columns=("expected_dir",),
    needs_catalogue=True,
    order=30,
)
def misplaced_symlink(context: CheckContext, track: Track) -> Iterable[Finding | Note | Coverage]:
    """Yield a finding for every link that belongs elsewhere, and notes on roots where none is judged.

    A link whose file the catalogue does not know is not judged; a film's second genre folder is normal.
    """
    found = context.tidiness.misplaced()
    yield context.tidiness.coverage_of_places()
    for item in track(found, len(found)):
        details = item.doubt or "belongs in another folder"
        yield Finding("misplaced_symlink", item.path, details, {"expected_dir": item.expected_dir})
    yield from map(Note, context.tidiness.misplaced_notes())
