"""What is known of a stored file: plain data.

Nothing but the content decides whether a file is what it was; size and time only say whether somebody meant to change
it. `marks` are digests of its beginnings (see `reading`), by which a file that was cut off is told from another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cineorg.plugin import FileStat

ROT, TRUNCATED = "rot", "truncated"
FIRST_MARK, MARK_BYTES = 4096, 16  # the first beginning is of so many bytes, each other of twice the one before


class Reading(NamedTuple):
    """One reading of a file: the stat that held from its first byte to its last, and when it ended (UTC text)."""

    stat: FileStat
    digest: bytes
    marks: bytes
    read_at: str


@dataclass(frozen=True, slots=True)
class Record:
    """A file as it was first read, and as it was last read.

    `read_at` is when that was, "" if it was never read where it is now. `fault` is ROT or TRUNCATED when the last
    reading found it damaged, else ""; then `found` is that reading, with the time at which the fault was first found.
    """

    path: str
    first: Reading
    read_at: str
    fault: str = ""
    found: Reading | None = None

    @property
    def expected(self) -> FileStat:
        """The stat that the file has while nobody has changed it since the last reading."""
        return self.found.stat if self.found else self.first.stat


class Known(NamedTuple):
    """The part of a record that says whether its file is to be read: `stat` is `Record.expected`."""

    stat: FileStat
    read_at: str


def is_same(now: FileStat, then: FileStat) -> bool:
    """Return whether nobody has written to a file, as far as its size and time tell."""
    return (now.size_bytes, now.mtime_ns) == (then.size_bytes, then.mtime_ns)


def is_other_inode(now: FileStat, then: FileStat) -> bool:
    """Return whether a file with the same size and time is a copy all the same.

    The device's number is left aside: it may change with every mount.
    """
    return now.inode is not None and then.inode is not None and now.inode != then.inode


def intact_bytes(record: Record) -> int:
    """Return how many bytes, from the beginning, the damaged file is known to have unchanged."""
    if record.found is None:
        return record.first.stat.size_bytes
    intact = 0
    for place in range(0, min(len(record.first.marks), len(record.found.marks)), MARK_BYTES):
        if record.first.marks[place : place + MARK_BYTES] != record.found.marks[place : place + MARK_BYTES]:
            break
        intact = FIRST_MARK << (place // MARK_BYTES)
    return intact
