"""A library on a real disk with rows in a real catalogue, tidied by the real planner and the real apply."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cineorg.apply import apply_changes, plan_undo
from cineorg.catalogue import open_catalogue
from cineorg.catalogue.check_queries import Catalogue
from cineorg.catalogue.owner_rows import load_owners
from cineorg.changes import Change, Plan
from cineorg.names import NameReader
from cineorg.paths import to_bytes
from cineorg.settings.configuration import Settings
from cineorg.testing import Library as Disk
from cineorg.testing import tree
from cineorg.tidy.cleanup_plan import plan_cleanup
from cineorg.tidy.rules import CleanupWishes, rules_of
from cineorg.tidy.tidiness import Tidiness
from cineorg.trees.library import load_library

KINDS = frozenset({"misplaced_symlink", "duplicate_symlink", "oversized_dir", "empty_dir"})
NO_REPAIRS = Plan()
_READER = NameReader()  # guessit is slow: an answer is read once for all examples


class World:
    """Two roots, a catalogue, and settings; `@/` in a link's target stands for storage, `$/` for the video root."""

    def __init__(self, base: Path, **settings: Any) -> None:
        self.disk = Disk(base)
        self.settings = Settings(
            storage=(self.disk.storage,), video=self.disk.video, db=self.disk.db, jobs=1, **settings
        )
        with self.opened():
            pass

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Yield the catalogue, open for writing."""
        with open_catalogue(self.disk.db, write=True) as connection:
            yield connection

    def add(self, storage: Mapping[str, Any], video: Mapping[str, Any]) -> World:
        """Make entries in both roots."""
        self.disk.add(storage, video)
        return self

    def film(
        self, file: str, title: str, year: int | None, genres: Sequence[str] | None, original: str | None = None
    ) -> World:
        """Add a film's row."""
        values = (title, original, year, None if genres is None else json.dumps(genres), self._stored(file))
        with self.opened() as connection:
            connection.execute(
                "INSERT INTO movies (title, original_title, year, genres_json, file_path) VALUES (?, ?, ?, ?, ?)",
                values,
            )
        return self

    def series(self, title: str, year: int | None, genres: Sequence[str] | None, files: Mapping[str, Any]) -> World:
        """Add a series and its episodes: file → (season, episode)."""
        with self.opened() as connection:
            number = connection.execute(
                "INSERT INTO series (title, year, genres_json) VALUES (?, ?, ?)",
                (title, year, None if genres is None else json.dumps(genres)),
            ).lastrowid
            connection.executemany(
                "INSERT INTO episodes (series_id, season_number, episode_number, title, file_path)"
                " VALUES (?, ?, ?, 'x', ?)",
                [(number, *numbers, self._stored(file)) for file, numbers in files.items()],
            )
        return self

    def _stored(self, file: str) -> str | bytes:
        path = to_bytes(f"{self.disk.storage}/{file}")
        try:
            return path.decode()
        except UnicodeDecodeError:
            return path

    def tidying(self) -> Tidiness:
        """Return what is untidy now."""
        with self.opened() as connection:
            library = load_library(self.settings, Catalogue(connection).places())
            owners = load_owners(connection, library.finder.canonical)
        return Tidiness(library, rules_of(self.settings), owners, _READER.read)

    def plan(
        self,
        kinds: Collection[str] = KINDS,
        within: Sequence[str] = (),
        repairs: Plan = NO_REPAIRS,
        delete_broken: Mapping[str, str] | None = None,
    ) -> Plan:
        """Return the plan; `within` and `delete_broken` are relative to the video root."""
        wishes = CleanupWishes(
            frozenset(kinds),
            tuple(f"{self.disk.video}/{path}" for path in within),
            {f"{self.disk.video}/{path}": reason for path, reason in (delete_broken or {}).items()},
        )
        return plan_cleanup(self.tidying(), repairs, wishes)

    def apply(self, changes: Sequence[Change], undoes: int | None = None) -> list[tuple[str, str]]:
        """Carry out changes; return the states, with reasons, of those that were not done."""
        with self.opened() as connection:
            applied = apply_changes(
                connection,
                changes,
                command="cleanup",
                video_root=self.disk.video,
                storage_roots=[self.disk.storage],
                guards=None,
                undoes=undoes,
            )
        return [(repr(each.change), each.reason) for each in applied.outcomes if each.status != "done"]

    def undo(self) -> list[tuple[str, str]]:
        """Take the last batch back."""
        with self.opened() as connection:
            undo = plan_undo(connection)
        return self.apply(undo.changes, undoes=undo.batch)

    def tree(self) -> dict[str, str]:
        """Return every entry of the video tree: a link's text, "/" for a folder, "file" for a file."""
        return tree(self.disk.video)

    def links(self) -> list[str]:
        """Return the paths of all links below the video root, in order."""
        return sorted(path for path, entry in self.tree().items() if entry not in ("/", "file"))

    def below(self, path: str) -> str:
        """Return a path of the video tree without its root."""
        return path.removeprefix(self.disk.video + "/")
