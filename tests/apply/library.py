"""A small library on a real disk with a real catalogue, and a plan for it that uses every kind of change.

`Library` knows which states are allowed while the plan is carried out: each link is the old or the new one, exactly
once.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cineorg.apply import Applied, apply_changes, plan_undo, settle_pending
from cineorg.catalogue import open_catalogue
from cineorg.catalogue.journal import list_batches
from cineorg.changes import Change, MakeDir, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from cineorg.paths import to_bytes

ODD = "caf\udce9\n\t'\\.mkv"
LONG = "é" * 126 + "abc"  # 255 bytes


def access(path: str) -> tuple[int, int, int]:
    """Return mode, owner and group."""
    about = os.lstat(path)
    return stat.S_IMODE(about.st_mode), about.st_uid, about.st_gid


def snapshot(root: str) -> dict[str, str]:
    """Return every entry below `root`: a link's text, a file's content, or "dir", with its access unless as root's."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                found[path] = "-> " + os.readlink(path)
            else:
                text = "dir" if access(path) == access(root) else f"dir {access(path)}"
                found[path] = text if stat.S_ISDIR(mode) else Path(path).read_text("utf-8")
    return found


class Library:
    """Storage, video tree and catalogue in one folder, filled from a template."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.storage, self.video, self.db = str(base / "storage"), str(base / "video"), str(base / "c.db")
        self.action, self.new, self.leaving = (f"{self.video}/Films/{name}" for name in ("Action", "New", "Leaving"))

    def build(self) -> None:
        self.build_trees()
        self._build_catalogue()

    def build_trees(self) -> None:
        for folder in (self.storage, self.action, self.leaving, f"{self.video}/Films/Empty"):
            os.makedirs(folder)
        for name in ("a", "a2", "b", "c", "d", "e", "odd", "odd2"):
            Path(self.storage, name).write_text(name, "utf-8")
        for path, target in self.links().items():
            os.symlink(target, path)
        if os.geteuid() == 0:
            os.chown(self.leaving, 12, 50)
        os.chmod(self.leaving, 0o2770)
        os.chmod(f"{self.video}/Films/Empty", 0o1705)

    def _build_catalogue(self) -> None:
        with self.open() as connection:
            for number, (path, target) in enumerate(self.links().items()):
                stored = to_bytes(path)
                try:
                    text: Any = stored.decode("utf-8")
                except UnicodeDecodeError:
                    text = stored
                connection.execute(
                    "INSERT INTO video_files (path, symlink_path, filename, size_bytes) VALUES ('x', ?, 'x', 1)",
                    (text,),
                )
                connection.execute(
                    "INSERT INTO cineorg_links (path, target, first_seen) VALUES (?, ?, ?)",
                    (stored, to_bytes(target), f"2026-01-0{number + 1}"),
                )
            for place, kind in self.places().items():
                held = sum(path.startswith(place + "/") for path in self.links())
                connection.execute(
                    "INSERT INTO cineorg_places VALUES (?, ?, ?, X'2f', 'ext4', '', 0, '2026')",
                    (to_bytes(place), kind, held),
                )
            connection.execute("INSERT INTO movies (title, file_path) VALUES ('A', ?)", (f"{self.storage}/a",))
            connection.execute("INSERT INTO movies (title, file_path) VALUES ('B', NULL)")

    def links(self) -> dict[str, str]:
        """Return the links as they are at first: path → text."""
        return {
            f"{self.action}/a.mkv": f"{self.storage}/a",
            f"{self.action}/b.mkv": "../../../storage/b",
            f"{self.action}/c.mkv": f"{self.storage}/c",
            f"{self.action}/d.mkv": f"{self.storage}/d",
            f"{self.action}/{ODD}": f"{self.storage}/odd",
            f"{self.leaving}/{LONG}": "./../../../storage//e",
        }

    def places(self) -> dict[str, str]:
        """Return what scans count links in, by kind; the leaving folder is a mount within."""
        return {self.video: "video", f"{self.video}/Films": "folder", self.leaving: "folder"}

    def plan(self) -> list[Change]:
        """Return a plan with every kind of change, some of them upon one another."""
        storage, action, new = self.storage, self.action, self.new
        return [
            Relink(f"{action}/a.mkv", f"{storage}/a", f"{storage}/a2", 100.0, "same inode"),
            SetFilePath("movies", 1, f"{storage}/a", f"{storage}/a2"),
            MakeDir(new),
            MakeDir(f"{new}/A-F"),
            Move(f"{action}/b.mkv", f"{new}/A-F/b.mkv"),
            Move(f"{action}/c.mkv", f"{new}/c.mkv"),
            RemoveLink(f"{action}/d.mkv", f"{storage}/d"),
            Relink(f"{action}/{ODD}", f"{storage}/odd", f"{storage}/odd2"),
            Move(f"{action}/{ODD}", f"{new}/{ODD}"),
            Move(f"{self.leaving}/{LONG}", f"{new}/A-F/{LONG}"),
            RemoveDir(self.leaving),
            RemoveDir(f"{self.video}/Films/Empty"),
            SetFilePath("movies", 2, None, f"{storage}/{ODD}"),
        ]

    def allowed(self) -> list[set[tuple[str, str]]]:
        """Return, for each link, the states in which it may be found while the plan is carried out."""
        storage, action, new = self.storage, self.action, self.new
        return [
            {(f"{action}/a.mkv", f"{storage}/a"), (f"{action}/a.mkv", f"{storage}/a2")},
            {(f"{action}/b.mkv", "../../../storage/b"), (f"{new}/A-F/b.mkv", "../../../../storage/b")},
            {(f"{action}/c.mkv", f"{storage}/c"), (f"{new}/c.mkv", f"{storage}/c")},
            {(f"{action}/d.mkv", f"{storage}/d")},
            {
                (f"{action}/{ODD}", f"{storage}/odd"),
                (f"{action}/{ODD}", f"{storage}/odd2"),
                (f"{new}/{ODD}", f"{storage}/odd2"),
                (f"{new}/{ODD}", f"{storage}/odd"),
            },
            {
                (f"{self.leaving}/{LONG}", "./../../../storage//e"),
                (f"{new}/A-F/{LONG}", "../../../../storage//e"),
            },
        ]

    def check_links(self, *, temporary_allowed: bool = False) -> None:
        """Fail unless each link is there exactly once, old or new (the removed one may be gone), and nothing else."""
        found = {(path, text[3:]) for path, text in snapshot(self.video).items() if text.startswith("-> ")}
        for number, states in enumerate(self.allowed()):
            here = found & states
            removable = number == 3
            if temporary_allowed:
                assert here or removable, (states, found)
            else:
                assert len(here) == 1 or (removable and not here), (here, states, found)
            found -= here
        if temporary_allowed:
            found = {(path, text) for path, text in found if not os.path.basename(path).startswith(".cineorg-")}
        assert not found

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for writing. Its commits reach the kernel, not the platter: kills need no more."""
        with open_catalogue(self.db, write=True) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            yield connection

    def apply(self, connection: Any, changes: Sequence[Change], **more: Any) -> Applied:
        return apply_changes(
            connection,
            changes,
            command="test",
            video_root=self.video,
            storage_roots=(self.storage,),
            **{"guards": None, **more},
        )

    def undo(self, connection: Any, batch: int | None = None) -> Applied:
        plan = plan_undo(connection, batch)
        assert not plan.unresolved
        return self.apply(connection, plan.changes, undoes=plan.batch)

    def settle(self, connection: Any) -> int:
        return settle_pending(connection, self.video)

    def rows(self) -> list[Any]:
        """Return every row that applying may alter, without `updated_at`."""
        with self.open() as connection:
            return [
                connection.execute(query).fetchall()
                for query in (
                    "SELECT id, CAST(symlink_path AS BLOB) FROM video_files ORDER BY id",
                    "SELECT path, target, first_seen, last_seen, missing_since FROM cineorg_links ORDER BY path",
                    "SELECT id, CAST(file_path AS BLOB) FROM movies ORDER BY id",
                    "SELECT path, target FROM cineorg_pins ORDER BY path",
                    "SELECT path, files FROM cineorg_places ORDER BY path",
                )
            ]

    def check_rows(self) -> None:
        """Fail unless inventory and video_files name just the links that are there, and places count them."""
        links = {
            (to_bytes(path), to_bytes(text[3:]))
            for path, text in snapshot(self.video).items()
            if text.startswith("-> ")
        }
        video_files, inventory, _, _, places = self.rows()
        assert {(path, target) for path, target, *_ in inventory} == links
        assert sorted(path for _, path in video_files if path) == sorted(path for path, _ in links)
        assert {place: sum(path.startswith(place + b"/") for path, _ in links) for place, _ in places} == dict(places)

    def check_settled(self, connection: sqlite3.Connection) -> None:
        assert all("pending" not in batch.states for batch in list_batches(connection))
        assert all(batch.finished_at for batch in list_batches(connection))
