"""What speaks against a file that a rule has chosen: its own name, or another link that names something else. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from ..names import NameInfo, release
from ..names.comparison import OTHER, SAME, Difference, Witness, compare, holds, verdict
from ..names.title import LOOSE, SAME_TITLE, UNLIKE, closest, relation
from ..names.work import FILM, Work, work_of
from .diagnosis import IDENTITY, PIN, Diagnosis
from .expectation import Expectation
from .stored_files import StoredFiles, title_folder

if TYPE_CHECKING:
    from ..trees.library import Library

_NUMBERS = frozenset(("season", "episode", "date"))
_NOTHING = Work(is_strong=False)


class Users:
    """Which healthy links reach a stored file; found in one pass for all files that are asked about at once."""

    def __init__(self, library: Library, expectation_of: Callable[[str], Expectation]) -> None:
        self._library, self.expectation_of = library, expectation_of

    def of(self, files: Collection[str]) -> dict[str, list[str]]:
        """Return the links that reach each of these files, sorted."""
        wanted = set(files)
        users: dict[str, list[str]] = defaultdict(list)
        if wanted:
            for folder, name, target in self._library.census.links():
                end = self._library.end_of(folder, target)
                if end in wanted and end is not None:
                    users[end].append(f"{folder}/{name}")
        return {file: sorted(paths) for file, paths in users.items()}


def objections(diagnoses: Iterable[Diagnosis], users: Users, files: StoredFiles) -> dict[str, Diagnosis]:
    """Return, by the link's path, the diagnoses whose choice is withdrawn because of other links."""
    chosen: dict[str, list[Diagnosis]] = defaultdict(list)
    wanted: dict[str, list[Diagnosis]] = defaultdict(list)
    for item in diagnoses:
        if item.chosen is not None and users_matter(item):
            chosen[item.chosen.path].append(item)
        for candidate in item.candidates:
            wanted[candidate.path].append(item)
    healthy = users.of(chosen)
    refused: dict[str, Diagnosis] = {}
    for path, items in chosen.items():
        info = files.read_path(path, guess=False)
        file = work_of(info) if info is not None else _NOTHING
        others = [(link, users.expectation_of(link).own_work) for link in healthy.get(path, ())]
        for item in items:
            found = _against(item, path, file, others, [*items, *wanted[path]])
            if found is not None:
                refused[item.link.path] = found
        left = [item for item in items if item.link.path not in refused]
        refused |= _superseded(left, path, file, others, files)
    return refused


def users_matter(item: Diagnosis) -> bool:
    """Return whether other links may speak against a choice: not against a hand's, nor a subtitle's."""
    return item.rule != PIN and bool(item.wanted.kind)


def _against(
    item: Diagnosis, path: str, file: Work, healthy: Sequence[tuple[str, Work]], rivals: Sequence[Diagnosis]
) -> Diagnosis | None:
    """Return the diagnosis withdrawn because the file is that of another link, None if no link says so."""
    for link, work in healthy:
        if _is_other(item, link, work, file):
            return item.refused(f"{path} is the file of {link}, which names something else")
    for rival in rivals:
        # Links that had one file before share the new one, whatever they are called.
        if rival.link.path == item.link.path or (item.rule == rival.rule == IDENTITY and _had_one_file(item, rival)):
            continue
        # What scans know to be a link's file is its, even if its new name forbids to give it back.
        known = rival.candidates[0] if rival.rule == IDENTITY and rival.candidates else rival.chosen
        is_meant = known is not None and known.path == path
        is_meant = is_meant or verdict(compare(rival.wanted.own_work, file)) == SAME
        if is_meant and _is_other(item, rival.link.path, rival.wanted.own_work, file):
            return item.refused(f"{path} would be the file of {rival.link.path} as well, which names something else")
    return None


def _had_one_file(one: Diagnosis, other: Diagnosis) -> bool:
    return one.link.end == other.link.end


def _is_other(item: Diagnosis, link: str, work: Work, file: Work) -> bool:
    """Return whether another link, for `work`, that has, or would have, the file names something else.

    A file of several episodes is that of each of them. Where the file's own name does not say that it is the one, a
    link of another name is enough to forbid it.
    """
    own = item.wanted.own_work
    # Two folders of series of one title, one with a year and one without, are two series.
    is_beside = title_folder(link) != title_folder(item.link.path)
    points = compare(own, work, Witness(shown=frozenset({(work.year, work.country)} if is_beside else ())))
    is_own = verdict(compare(own, file)) == SAME
    if _is_closer(work, file, than=own):
        return True
    if not points or (is_own and not _is_in_doubt(points) and verdict(compare(work, file)) == SAME):
        return False
    if {point.field for point in points} <= _NUMBERS and holds(file, own) and holds(file, work):
        return False
    return verdict(points) == OTHER or _is_in_doubt(points) or not (is_own or item.rule == IDENTITY)


def _is_closer(work: Work, file: Work, *, than: Work) -> bool:
    """Return whether a file bears the very title of another link, and this one's but for an article."""
    return closest(than.titles, file.titles)[0] == LOOSE and closest(work.titles, file.titles)[0] == SAME_TITLE


def _is_in_doubt(points: Sequence[Difference]) -> bool:
    """Return whether two links may be of two series of one title."""
    return any(point.field in ("year", "country") and point.note for point in points)


def _superseded(
    items: Sequence[Diagnosis], path: str, file: Work, healthy: Sequence[tuple[str, Work]], files: StoredFiles
) -> dict[str, Diagnosis]:
    """Return the diagnoses of links beside which another link of the same work shows the very file already."""
    refused: dict[str, Diagnosis] = {}
    for item in items:
        folder = posixpath.dirname(item.link.path)
        for link, work in healthy:
            if posixpath.dirname(link) == folder and _is_one(item.wanted.own_work, work):
                refused[item.link.path] = _in_words(item, link)
    beside: dict[str, list[Diagnosis]] = defaultdict(list)
    for item in items:
        if item.link.path not in refused and item.rule != IDENTITY:
            beside[posixpath.dirname(item.link.path)].append(item)
    info = files.read_path(path, guess=False) or NameInfo()
    for group in beside.values():
        if len(group) < 2:
            continue
        # Of several links to one film, that whose own tags are the file's shows it.
        kept = release.choose(group, lambda item: item.wanted.releases[0], [files.release(path, info)])[0]
        for item in group:
            if item is not kept and _is_one(item.wanted.own_work, kept.wanted.own_work):
                refused[item.link.path] = _in_words(item, kept.link.path)
    return refused


def _is_one(one: Work, other: Work) -> bool:
    return verdict(compare(one, other)) == SAME == verdict(compare(other, one))


def _in_words(item: Diagnosis, link: str) -> Diagnosis:
    assert item.chosen is not None
    reason = f"superseded: {posixpath.basename(link)} beside it shows {item.chosen.path} already"
    return item.refused(reason, superseded_by=link)


def identity_objection(own: NameInfo, old: NameInfo | None, new: NameInfo | None) -> str:
    """Return why a link may not follow its own file: the file's old or new name is certainly another work's."""
    link = work_of(own)
    for info, words in ((old, "its old name said"), (new, "that says")):
        if info is None or not info.strong or info.conflict or not own.strong:
            continue
        file = work_of(info)
        for point in compare(link, file):
            if point.is_other:
                return f"{words} {_said(file, point.field)}, not {_said(link, point.field)}"
        # A year's difference alone is one of festivals; with another title beside it, it is another film.
        is_film = own.kind == info.kind == FILM and None not in (own.year, info.year)
        if is_film and own.year != info.year and relation(own.title, info.title) == UNLIKE:
            return f"{words} {_said(file, 'year')}, not {_said(link, 'year')}"
    return ""


def _said(work: Work, field: str) -> str:
    """Return what a work says on a point, for people."""
    if field in ("season", "episode", "date"):
        return work.numbers
    if field == "part":
        return f"part {work.part}"
    if field in ("year", "title"):
        return f"{work.title} ({work.year})" if work.year else work.title
    return next((point.ours for point in compare(work, Work()) if point.field == field), f"{work.kind} {work.title}")
