"""Orphan files: stored videos that no row of the catalogue names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from .. import hookimpl
from ..findings import Coverage, Finding
from ..paths import nfc

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext
    from ..plugin_host.hookspecs import Check, Track
    from ..trees.library import Library


class OrphanFile:
    """`movies.file_path` and `episodes.file_path` say that a file is known; `video_files` does not (domain.md)."""

    type: ClassVar[str] = "orphan_file"
    label: ClassVar[str] = "Orphan files"
    summary_key: ClassVar[str] = "orphan_files"
    suggestion: ClassVar[str] = "link-movies"
    columns: ClassVar[tuple[str, ...]] = ("size",)
    needs_catalogue: ClassVar[bool] = True

    def find(self, context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
        """Yield a finding for every stored video in scope that no row names; samples and extras are none."""
        if context.catalogue is None:
            return
        library, named = context.library, context.catalogue.named_files()
        yield library.coverage_of_videos()
        suspects = [path for path in track(library.stored_videos(), library.stored_video_count()) if path not in named]
        if not suspects:
            return
        from ..names import is_extra

        others = _other_spellings(library, named)
        details = "no row of the catalogue names it" if named else "the catalogue names no file at all"
        for path in suspects:
            if nfc(path) in others:
                continue
            *folders, name = path.split("/")
            if not is_extra(name, folders[-2:]):
                yield Finding("orphan_file", path, details, {"size": library.size_bytes(path)})


def _other_spellings(library: Library, named: set[str]) -> set[str]:
    """Return what rows name under another spelling: a root's real path, a link, another Unicode form."""
    video = library.census.video.root
    spellings: set[str] = set()
    for path in named:
        canonical = library.finder.canonical(path)
        target = library.target_of(canonical) if canonical.startswith(video + "/") else None
        spellings.add(nfc(target or canonical))
    return spellings


@hookimpl
def register_checks(register: Callable[[Check], None]) -> None:
    """Register the check."""
    register(OrphanFile())
