"""The answers that reading a name costs most, kept from one run to the next; they hold for one version of guessit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, MutableMapping

from ..names import cache_key
from . import is_writable, transaction


class NameAnswers(MutableMapping[str, str]):
    """A mapping for `NameReader`: asked one by one, written in one go by `save`; until then the new ones wait here."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = cache_key() + "\0"
        self.new: dict[str, str] = {}

    def _stored(self, key: str) -> bytes:
        return (self._version + key).encode("utf-8", "surrogateescape")

    def __getitem__(self, key: str) -> str:
        if key in self.new:
            return self.new[key]
        statement = "SELECT answer FROM cineorg_names WHERE key = ?"
        row = self._connection.execute(statement, (self._stored(key),)).fetchone()
        if row is None:
            raise KeyError(key)
        return str(row[0])

    def __setitem__(self, key: str, answer: str) -> None:
        self.new[key] = answer

    def __delitem__(self, key: str) -> None:
        del self.new[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys of this run's answers; those stored earlier are asked for, never listed."""
        return iter(self.new)

    def __len__(self) -> int:
        return len(self.new)

    def save(self) -> None:
        """Write this run's answers; those of other versions, which nobody asks for any more, go.

        Nothing happens where the catalogue is open for reading only.
        """
        if not self.new or not is_writable(self._connection):
            return
        with transaction(self._connection):
            self._connection.execute(
                "DELETE FROM cineorg_names WHERE substr(key, 1, ?) <> ?", (len(self._version), self._stored(""))
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO cineorg_names VALUES (?, ?)",
                ((self._stored(key), answer) for key, answer in sorted(self.new.items())),
            )
        self.new.clear()
