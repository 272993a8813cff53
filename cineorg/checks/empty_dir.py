"""Folders of the video tree with nothing in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..plugin_host.hookspecs import Check


class EmptyDir:
    """Empty on the disk: what is passed over elsewhere (`@eaDir`, dot files) fills a folder all the same."""

    type: ClassVar[str] = "empty_dir"
    command: ClassVar[str] = "cleanup"
    label: ClassVar[str] = "Empty folders"
    summary_key: ClassVar[str] = "empty_dirs"
    suggestion: ClassVar[str] = "cleanup --fix"
    columns: ClassVar[tuple[str, ...]] = ()
    needs_catalogue: ClassVar[bool] = False

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
        """Yield a finding for every folder that holds nothing, or nothing but such folders."""
        found = context.tidiness.empty_dirs()
        yield context.tidiness.coverage_of_folders()
        for path in track(found, len(found)):
            folder = context.library.census.folders.get(path)
            is_bare = folder is None or not folder.subfolders
            yield Finding(self.type, path, "holds nothing" if is_bare else "holds nothing but empty folders")


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(EmptyDir())
