"""Whose file a stored file is: the film or the series of the catalogue's row. Pure, plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from ..changes import SetFilePath
from ..names.titles import fold


class Owner(NamedTuple):
    """A film, or the series of an episode. `genres` are folded; None: nobody knows them."""

    is_film: bool
    id: int
    title: str
    original_title: str
    year: int | None
    genres: tuple[str, ...] | None

    @property
    def titles(self) -> tuple[str, ...]:
        """The title, and the original one if it is another."""
        if self.original_title in ("", self.title):
            return (self.title,)
        return (self.title, self.original_title)

    @property
    def folded_titles(self) -> frozenset[str]:
        """The folded forms of `titles`."""
        return frozenset(map(fold, self.titles))


class OwnedFile(NamedTuple):
    """A row that names a file: `table` ("movies" or "episodes"), its `id` there, an episode's season."""

    table: str
    id: int
    path: str
    owner: Owner
    season: int | None = None


class Owners:
    """The owner of each stored file that the catalogue knows.

    `linked`: the paths of links that the catalogue names (`video_files.symlink_path`).
    """

    def __init__(self, files: Iterable[OwnedFile] = (), linked: Iterable[str] = ()) -> None:
        self._files = list(files)
        self.linked = frozenset(linked)
        self._of: dict[str, Owner | None] = {}
        for item in self._files:
            known = self._of.setdefault(item.path, item.owner)
            if known is not item.owner and known != item.owner:
                self._of[item.path] = None  # rows that disagree: nobody can tell

    def of(self, path: str) -> Owner | None:
        """Return the film or series of a stored file; None if no row names it, or rows of several do."""
        return self._of.get(path)

    def seasons_of(self, path: str) -> set[int | None]:
        """Return the seasons that the rows of a file say."""
        return self._seasons.get(path, set())

    @cached_property
    def _seasons(self) -> dict[str, set[int | None]]:
        found: dict[str, set[int | None]] = {}
        for item in self._files:
            if not item.owner.is_film:
                found.setdefault(item.path, set()).add(item.season)
        return found

    def after(self, rows: Iterable[SetFilePath]) -> Owners:
        """Return the owners as they will be when these rows name their new files."""
        changed: Mapping[tuple[str, int], str | None] = {(row.table, row.id): row.new for row in rows}
        if not changed:
            return self
        files = [item._replace(path=changed.get((item.table, item.id), item.path) or "") for item in self._files]
        return Owners((item for item in files if item.path), self.linked)
