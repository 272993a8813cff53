"""In which journal mode SQLite keeps the catalogue: WAL, unless its filesystem cannot share memory between programs."""

from __future__ import annotations

import os
import sqlite3

from ..trees.mounts import NETWORK_TYPES, identify


def set_journal_mode(connection: sqlite3.Connection, path: str) -> None:
    """Choose the journal mode, and let each transaction be on the disk when it ends."""
    # WAL needs shared memory between its users, which not every filesystem can give (sqlite.org/wal.html).
    can_share = can_share_memory(path)
    wanted = "WAL" if can_share else "DELETE"
    current = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if current.upper() != wanted:
        try:
            connection.execute(f"PRAGMA journal_mode = {wanted}")
        except sqlite3.OperationalError as error:
            # Another program has the file open: its journal mode serves as well.
            if not error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
    if not can_share:
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # which lets the lock go
    # FULL: the journal of changes must be on the disk before the first link is touched.
    connection.execute("PRAGMA synchronous = FULL")


def can_share_memory(path: str) -> bool:
    """Return whether the catalogue's filesystem maps memory for several users, as mergerfs or 9p may not."""
    import mmap  # only those who write need it

    try:
        with open(os.path.realpath(path) + ".lock", "r+b") as file, mmap.mmap(file.fileno(), 1):
            return not is_on_network(path)
    except (OSError, ValueError):
        return False


def is_on_network(path: str) -> bool:
    """Return whether the catalogue at `path` lies on NFS, SMB or the like."""
    return identify(path).fstype in NETWORK_TYPES
