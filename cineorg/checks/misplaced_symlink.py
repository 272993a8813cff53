"""Links that lie in another folder than their film's genre or their series' type and title say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding, Note

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..plugin_host.hookspecs import Check


class MisplacedSymlink:
    """A link whose file the catalogue does not know is not judged; a film's second genre folder is normal."""

    type: ClassVar[str] = "misplaced_symlink"
    command: ClassVar[str] = "cleanup"
    label: ClassVar[str] = "Links in the wrong folder"
    summary_key: ClassVar[str] = "misplaced_symlinks"
    suggestion: ClassVar[str] = "cleanup --fix"
    columns: ClassVar[tuple[str, ...]] = ("expected_dir",)
    needs_catalogue: ClassVar[bool] = True

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Note | Coverage]:
        """Yield a finding for every link that belongs elsewhere, and notes on roots where none is judged."""
        found = context.tidiness.misplaced()
        yield context.tidiness.coverage_of_places()
        for item in track(found, len(found)):
            details = item.doubt or "belongs in another folder"
            yield Finding(self.type, item.path, details, {"expected_dir": item.expected_dir})
        yield from map(Note, context.tidiness.misplaced_notes())


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(MisplacedSymlink())
