"""The catalogue rows that follow a file which is found again. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..catalogue.file_moves import Knowledge, KnownRow
from ..changes import Candidate, SetFilePath
from ..names import NameInfo
from ..names.title_keys import is_same_title

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

    def follow(self, old_path: str, chosen: Candidate, *, is_same_file: bool) -> list[SetFilePath]:
        """Return the changes of the rows that named `old_path`.

        A row follows if it is the same file, or if the new file's name says what the row says.
        """
        info = None if is_same_file else self._files.read_path(chosen.path)
        return [
            SetFilePath(row.table, row.id, row.file_path, chosen.path, chosen.evidence)
            for row in self.naming(old_path)
            if is_same_file or (info is not None and _says(info, row))
        ]

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
                if end is not None:
                    changes.append(SetFilePath(row.table, row.id, row.file_path, end.path, end.evidence))
        return changes


def _says(info: NameInfo, row: KnownRow) -> bool:
    """Return whether a file's name says what a row is."""
    if not info.strong:
        return False
    if row.table == "episodes":
        return info.season == row.season and row.episode in info.episodes
    is_title = any(is_same_title(info.title, title) for title in (row.title, row.original_title or row.title))
    return info.kind == "film" and is_title and row.year in (None, info.year)
