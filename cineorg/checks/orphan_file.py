"""Orphan files: stored videos that no row of the catalogue names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Coverage, Finding
from ..paths import nfc
from ..plugin_host.hookspecs import check
from ..trees.shown_files import ShownFiles

if TYPE_CHECKING:
    from ..catalogue.known_works import Match
    from ..plugin_host.check_context import CheckContext, Track
    from ..trees.library import Library


@check(
    "orphan_file",
    label="Orphan files",
    suggestion="link-orphans --dry-run",
    columns=("size", "linked", "version_of"),
    needs_catalogue=True,
    order=20,
)
def orphan_file(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every stored video in scope that no row names; samples and extras are none.

    `movies.file_path` and `episodes.file_path` say that a file is known; `video_files` does not (domain.md).
    """
    if context.catalogue is None:
        return
    library, named = context.library, context.catalogue.named_files()
    yield library.coverage_of_videos()
    suspects = [path for path in track(library.stored_videos(), library.stored_video_count()) if path not in named]
    if not suspects:
        return
    from ..names import is_extra, read_strict

    others, shown, works = _other_spellings(library, named), ShownFiles(library), context.catalogue.works()
    for path in suspects:
        *folders, name = path.split("/")
        if nfc(path) in others or is_extra(name, folders[-2:]):
            continue
        info = read_strict(name, folders[-3:])
        match = works.find(info) if info else None
        link = shown.link_to(path)
        fields = {"size": library.size_bytes(path), "linked": bool(link), "version_of": _row_of(match)}
        yield Finding("orphan_file", path, _details(link, match, bool(named)), fields)


def _details(link: str, match: Match | None, has_rows: bool) -> str:
    """Return what is known of a file that no row names."""
    said = ["no row of the catalogue names it" if has_rows else "the catalogue names no file at all"]
    if link:
        said.append(f"but it is shown by the link {link}")
    if match is not None and match.row():
        has_file = "which names another file" if match.file_path else "which names no file yet"
        said.append(f"it is of {match.owner.title}, {has_file}")
    return "; ".join(said)


def _row_of(match: Match | None) -> dict[str, object] | None:
    row = match.row() if match else None
    return {"table": row[0], "id": row[1]} if row else None


def _other_spellings(library: Library, named: set[str]) -> set[str]:
    """Return what rows name under another spelling: a root's real path, a link, another Unicode form."""
    video = library.census.video.root
    spellings: set[str] = set()
    for path in named:
        canonical = library.finder.canonical(path)
        target = library.target_of(canonical) if canonical.startswith(video + "/") else None
        spellings.add(nfc(target or canonical))
    return spellings
