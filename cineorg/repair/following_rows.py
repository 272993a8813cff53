"""The catalogue rows that follow a file which is found again. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..catalogue.file_moves import Knowledge, KnownRow
from ..changes import Candidate, SetFilePath
from ..names import NameInfo
from ..names.comparison import OTHER, compare, verdict
from ..names.title import SAME_TITLE, closest
from ..names.work import EPISODE, FILM, Work, work_of

if TYPE_CHECKING:
    from ..trees.library import Library
    from .stored_files import StoredFiles


class RowChanges:
    """Changes of `movies.file_path` and `episodes.file_path`; the rows are read when they are first needed."""

    def __init__(
        self,
        library: Library,
        knowledge: Knowledge,
        files: StoredFiles,
        identity_end: Callable[[str], Candidate | None],
    ) -> None:
        self._library, self._knowledge, self._files = library, knowledge, files
        self._identity_end = identity_end
        self._by_path: dict[str, list[KnownRow]] | None = None

    def naming(self, path: str) -> list[KnownRow]:
        """Return the rows that name the file at `path`, whichever spelling of a root they use, by table and id."""
        if self._by_path is None:
            self._by_path = defaultdict(list)
            for row in self._knowledge.file_rows():
                self._by_path[self._library.finder.canonical(row.file_path)].append(row)
        return sorted(self._by_path.get(path, ()), reverse=True)

    def follow(
        self, old_path: str, chosen: Candidate, wanted: Work | None = None, *, is_same_file: bool
    ) -> list[SetFilePath]:
        """Return the changes of the rows that named `old_path`; `wanted` is what the link is that gets the file.

        A row follows where its link would: if it is the same file and its name does not contradict, or if its name
        says what the row says.
        """
        return [
            SetFilePath(row.table, row.id, row.file_path, chosen.path, chosen.evidence)
            for row in self.naming(old_path)
            if self._may_follow(row, chosen.path, wanted, is_same_file=is_same_file)
        ]

    def _may_follow(self, row: KnownRow, path: str, wanted: Work | None, *, is_same_file: bool) -> bool:
        info = self._files.read_path(path, guess=not is_same_file)
        work = row_work(row)
        if is_same_file:
            return info is None or not info.strong or verdict(compare(work, work_of(info))) != OTHER
        if wanted is not None and closest(work.titles, wanted.titles)[0] == SAME_TITLE:
            work = replace(work, titles=(*work.titles, *wanted.titles))
        return info is not None and _says(info, work)

    def ghosts(self) -> list[SetFilePath]:
        """Return the changes of all rows whose file is not there and known to be elsewhere."""
        if not self._knowledge.moves:
            return []
        changes: list[SetFilePath] = []
        has = self._library.finder.has
        for row in self._knowledge.file_rows():
            path = self._library.finder.canonical(row.file_path)
            if path in self._knowledge.moves and not has(path) and not self._library.offline_reason(path):
                end = self._identity_end(path)
                if end is not None and self._may_follow(row, end.path, None, is_same_file=True):
                    changes.append(SetFilePath(row.table, row.id, row.file_path, end.path, end.evidence))
        return changes


def row_work(row: KnownRow) -> Work:
    """Return the film or episode that a row is."""
    titles = tuple(dict.fromkeys(title for title in (row.title, row.original_title) if title))
    if row.table == "movies":
        return Work(FILM, titles, row.year)
    return Work(EPISODE, titles, row.year, season=row.season, episodes=() if row.episode is None else (row.episode,))


def _says(info: NameInfo, work: Work) -> bool:
    """Return whether a file's name says what a row is; the year only where the row has one."""
    points = compare(work, work_of(info))
    is_episode = work.kind == EPISODE
    return all(
        # The link has found the episode; a title in another language contradicts nothing.
        (point.field == "year" and work.year is None) or (point.field == "title" and is_episode and not point.is_other)
        for point in points
    )
