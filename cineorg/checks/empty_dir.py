"""Folders of the video tree with nothing in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding
from ..plugin_host.hookspecs import CLEANUP, check

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track


@check(
    "empty_dir",
    command=CLEANUP,
    label="Empty folders",
    suggestion="cleanup --fix",
    order=60,
)
def empty_dir(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every folder that holds nothing, or nothing but such folders.

    Empty on the disk: what is passed over elsewhere (`@eaDir`, dot files) fills a folder all the same.
    """
    found = context.tidiness.empty_dirs()
    yield context.tidiness.coverage_of_folders()
    for path in track(found, len(found)):
        folder = context.library.census.folders.get(path)
        is_bare = folder is None or not folder.subfolders
        yield Finding("empty_dir", path, "holds nothing" if is_bare else "holds nothing but empty folders")
